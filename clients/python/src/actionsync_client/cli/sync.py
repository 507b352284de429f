"""`actionsync sync`: the copy of people."""

from __future__ import annotations

from typing import Annotated

import typer
from actionsync.v1 import person_sync_pb2 as contract
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from actionsync_client.cli.output import Column, JsonOption, console, enum_name, print_json, print_table, when
from actionsync_client.cli.running import errors, run
from actionsync_client.client import Client

app = typer.Typer(no_args_is_help=True, help="The copy of people: preview, start, watch, status.")

SyncId = Annotated[str, typer.Argument(help="Id of the initial sync.")]


@app.command()
def preview(json: JsonOption = False) -> None:
    """Tell what an initial sync would read and cost."""

    async def command(client: Client) -> None:
        answer = await client.persons.PreviewInitialSync(contract.PreviewInitialSyncRequest(), timeout=30)
        if json:
            print_json(answer)
            return
        rows = [(field.label, field.marketo_name, "yes" if field.in_faq else "") for field in answer.fields]
        print_table(("field", "from Marketo", "one of the 11"), rows)
        console.print(
            f"about {answer.estimated_person_count:,} Marketo people by {enum_name(answer, 'method')}: "
            f"about {answer.estimated_call_count:,} calls, {answer.estimated_export_megabytes:.1f} MB of export volume",
            soft_wrap=not console.is_terminal,
        )

    run(command)


@app.command()
def start(
    watch: Annotated[bool, typer.Option("--watch", help="Show the progress until it ends.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Cancel a running one and start anew.")] = False,
    json: JsonOption = False,
) -> None:
    """Start the initial sync, or join the running one. Exit code 1 when it is seen to fail."""

    async def command(client: Client) -> int:
        request = contract.StartInitialSyncRequest()
        if restart:
            request.conflict_policy = contract.StartInitialSyncRequest.CONFLICT_POLICY_RESTART
        sync = (await client.persons.StartInitialSync(request, timeout=30)).initial_sync
        if watch:
            sync = await _watch(client, sync.initial_sync_id, quiet=json)
        _show(sync, json=json)
        return _code(sync)

    run(command)


@app.command(name="watch")
def watch_command(initial_sync_id: SyncId, json: JsonOption = False) -> None:
    """Show the progress of an initial sync until it ends. Exit code 1 when it fails."""

    async def command(client: Client) -> int:
        # A watch waits for a service that is away; one that was never there, or an unknown id, is told at once.
        await client.persons.GetInitialSync(contract.GetInitialSyncRequest(initial_sync_id=initial_sync_id))
        sync = await _watch(client, initial_sync_id, quiet=json)
        _show(sync, json=json)
        return _code(sync)

    run(command)


@app.command()
def pause(initial_sync_id: SyncId, json: JsonOption = False) -> None:
    """Pause an initial sync after the chunk in hand."""

    async def command(client: Client) -> None:
        request = contract.PauseInitialSyncRequest(initial_sync_id=initial_sync_id)
        _show((await client.persons.PauseInitialSync(request)).initial_sync, json=json)

    run(command)


@app.command()
def resume(initial_sync_id: SyncId, json: JsonOption = False) -> None:
    """Go on where a paused initial sync stopped."""

    async def command(client: Client) -> None:
        request = contract.ResumeInitialSyncRequest(initial_sync_id=initial_sync_id)
        _show((await client.persons.ResumeInitialSync(request)).initial_sync, json=json)

    run(command)


@app.command()
def cancel(initial_sync_id: SyncId, json: JsonOption = False) -> None:
    """End an initial sync for good; people already copied stay."""

    async def command(client: Client) -> None:
        request = contract.CancelInitialSyncRequest(initial_sync_id=initial_sync_id)
        _show((await client.persons.CancelInitialSync(request)).initial_sync, json=json)

    run(command)


@app.command()
def status(json: JsonOption = False) -> None:
    """Tell how current the copy is."""

    async def command(client: Client) -> None:
        answer = await client.persons.GetSyncStatus(contract.GetSyncStatusRequest())
        if json:
            print_json(answer)
            return
        sync = answer.initial_sync
        if answer.HasField("initial_sync"):
            text = f"{enum_name(sync, 'state')} ({sync.initial_sync_id})"
            typer.echo(f"initial sync      {text}{f': {sync.wait_reason}' if sync.wait_reason else ''}")
        else:
            typer.echo("initial sync      none yet")
        typer.echo(f"incremental sync  {'running' if answer.incremental_running else 'not running'}")
        if answer.over_limit_count:
            typer.echo(f"over the limit    {answer.over_limit_count:,} people are left out")
        typer.echo()
        print_table(
            ("people", "count"),
            [(enum_name(count, "qualification"), f"{count.person_count:,}") for count in answer.counts],
            nothing="no people yet",
        )
        typer.echo()
        print_table(
            (
                Column("feed", whole=True),
                Column("applied up to (UTC)", whole=True),
                "lag",
                "last read (UTC)",
                "problem",
            ),
            [
                (
                    enum_name(feed, "feed"),
                    when(feed.cursor_time),
                    f"{feed.lag.seconds} s",
                    when(feed.last_poll_time),
                    feed.error.message,
                )
                for feed in answer.feeds
            ],
            nothing="no feed is read yet",
        )
        typer.echo()
        print_table(
            ("calls today", "by us", "by everybody", "allowed"),
            [
                (
                    enum_name(quota, "system"),
                    f"{quota.own_call_count:,}",
                    f"{quota.used_call_count:,}" if quota.HasField("used_call_count") else "?",
                    f"{quota.limit_call_count:,}" if quota.HasField("limit_call_count") else "?",
                )
                for quota in answer.quotas
            ],
            nothing="no calls yet",
        )

    run(command)


async def _watch(client: Client, initial_sync_id: str, *, quiet: bool) -> contract.InitialSync:
    request = contract.WatchInitialSyncRequest(initial_sync_id=initial_sync_id)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    rate = TextColumn("{task.fields[rate]}")
    sync = contract.InitialSync()
    # On standard error, so that the result can be put into a file; where nobody looks, no bar.
    hidden = quiet or not errors.is_terminal
    with Progress(*columns, rate, TimeRemainingColumn(), console=errors, transient=True, disable=hidden) as progress:
        bar = progress.add_task("people", total=None, rate="")
        async for message in client.watch(client.persons.WatchInitialSync, request):
            sync = message.initial_sync
            speed = progress.tasks[0].speed
            progress.update(
                bar,
                completed=sync.processed_count,
                total=sync.expected_count if sync.HasField("expected_count") else None,
                description=f"waiting: {sync.wait_reason}" if sync.wait_reason else "people",
                rate=f"{speed:,.0f}/s" if speed else "",
            )
    return sync


def _code(sync: contract.InitialSync) -> int:
    return 1 if sync.state == contract.INITIAL_SYNC_STATE_FAILED else 0


def _show(sync: contract.InitialSync, *, json: bool) -> None:
    if json:
        print_json(sync)
        return
    skipped = "; ".join(f"{count.person_count:,} {enum_name(count, 'reason')}" for count in sync.skipped)
    rows = [
        ("id", sync.initial_sync_id),
        ("state", enum_name(sync, "state") + (f": {sync.wait_reason}" if sync.wait_reason else "")),
        ("read", f"{sync.processed_count:,}"),
        ("created", f"{sync.created_count:,}"),
        ("updated", f"{sync.updated_count:,}"),
        ("unchanged", f"{sync.unchanged_count:,}"),
        ("left out", skipped or "nobody"),
        ("Marketo calls", f"{sync.call_count:,}"),
    ]
    if sync.HasField("error"):
        rows.append(("error", sync.error.message))
    print_table(("initial sync", ""), rows)
