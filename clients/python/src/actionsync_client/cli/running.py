"""Runs one command: opens the client, runs its coroutine, shows failures as sentences and exit codes.

Exit codes: 0 done, 1 the service refused or could not, 2 the command's words are off (by typer), 3 no service there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import typer
from rich.console import Console

from actionsync_client.client import Client, connect
from actionsync_client.errors import ActionsyncError, UnreachableError

REFUSED = 1
UNREACHABLE = 3

errors = Console(stderr=True, highlight=False)


def run(command: Callable[[Client], Awaitable[int | None]]) -> None:
    """Run a command's coroutine with a client; a returned number is the exit code."""

    async def connected() -> int:
        async with connect() as client:
            return await command(client) or 0

    try:
        code = asyncio.run(connected())
    except UnreachableError as error:
        errors.print("[red]no answer from the service[/red]: " + error.message)
        errors.print("is it running, and is ACTIONSYNC_ADDRESS right?")
        raise typer.Exit(UNREACHABLE) from error
    except ActionsyncError as error:
        show(error)
        raise typer.Exit(REFUSED) from error
    if code:
        raise typer.Exit(code)


def show(error: ActionsyncError) -> None:
    """Print a failure: what happened, which fields, when to try again, what to quote."""
    errors.print(f"[red]{error.reason or error.code.name}[/red]: {error.message}", markup=True)
    for violation in error.violations:
        errors.print(f"  {violation.field}: {violation.description}", markup=False)
    if error.retry_after is not None:
        errors.print(f"  try again in {error.retry_after:g} s")
    if error.request_id:
        errors.print(f"  request id {error.request_id}", style="dim")
