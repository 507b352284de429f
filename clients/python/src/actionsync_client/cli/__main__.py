"""`actionsync`: the whole service from a terminal."""

from __future__ import annotations

import typer

from actionsync_client.cli import (
    check,
    connections,
    deliveries,
    grid,
    log,
    people,
    reminders,
    settings,
    sync,
    unsubscribes,
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Keeps Marketo, Salesforce and your sales outreach in step. "
    "Reads ACTIONSYNC_ADDRESS and ACTIONSYNC_TOKEN; every command takes --json.",
)
app.add_typer(sync.app, name="sync")
app.add_typer(people.app, name="people")
app.add_typer(log.app, name="log")
app.command()(check.check)
app.command()(unsubscribes.unsubscribe)
app.command()(unsubscribes.unsubscribes)
app.command()(unsubscribes.resubscribe)
app.command()(unsubscribes.history)
app.add_typer(reminders.app, name="reminders")
app.command()(grid.grid)
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(connections.app, name="connections")
app.add_typer(settings.app, name="settings")
app.command()(settings.alerts)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
