"""`actionsync`: people, activities, checks and deliveries from a terminal."""

from __future__ import annotations

import typer

from actionsync_client.cli import check, connections, deliveries, log, people, sync

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
app.command()(check.unsubscribe)
app.command()(check.unsubscribes)
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(connections.app, name="connections")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
