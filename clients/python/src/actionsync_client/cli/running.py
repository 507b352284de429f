"""Runs one command: opens the client, runs its coroutine, shows failures as sentences and exit codes.

Exit codes: 0 done, 1 the service refused or could not, 2 the command's words are off (by typer), 3 no service there.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

import typer
from rich.console import Console
from rich.text import Text

from actionsync_client.client import Client, connect
from actionsync_client.errors import ActionsyncError, TokenExpiredError, TokenInvalidError, UnreachableError

REFUSED = 1
UNREACHABLE = 3

errors = Console(stderr=True, highlight=False, markup=False)


def run(command: Callable[[Client], Awaitable[int | None]]) -> None:
    """Run a command's coroutine with a client; a returned number is the exit code."""

    async def connected() -> int:
        async with connect() as client:
            return await command(client) or 0

    try:
        code = asyncio.run(connected())
    except UnreachableError as error:
        address = os.environ.get("ACTIONSYNC_ADDRESS")
        say("no answer from the service", error.message)
        errors.print("is it running? " + (f"ACTIONSYNC_ADDRESS is {address}" if address else _NO_ADDRESS))
        raise typer.Exit(UNREACHABLE) from error
    except ActionsyncError as error:
        show(error)
        raise typer.Exit(REFUSED) from error
    if code:
        raise typer.Exit(code)


def show(error: ActionsyncError) -> None:
    """Print a failure: what happened, which fields, when to try again, what to quote."""
    say(error.reason or error.code.name, error.message)
    for violation in error.violations:
        errors.print(f"  {violation.field}: {violation.description}", soft_wrap=True)
    if isinstance(error, TokenInvalidError):
        given = os.environ.get("ACTIONSYNC_TOKEN")
        errors.print("  " + ("ACTIONSYNC_TOKEN is not a token of this server" if given else _NO_TOKEN), soft_wrap=True)
    if isinstance(error, TokenExpiredError):
        errors.print("  put a new token into ACTIONSYNC_TOKEN", soft_wrap=True)
    if error.retry_after is not None:
        errors.print(f"  try again in {error.retry_after:g} s")
    if error.request_id:
        errors.print(f"  request id {error.request_id}", style="dim")


def say(headline: str, message: str) -> None:
    """Print one line to standard error: a headline in red, and what happened. It is not folded: it is to be quoted."""
    errors.print(Text.assemble((headline, "red"), ": ", message), soft_wrap=True)


_NO_ADDRESS = "ACTIONSYNC_ADDRESS is not set; it was looked for at 127.0.0.1:50051"
_NO_TOKEN = "ACTIONSYNC_TOKEN is not set; `actionsync-server token` makes one"  # noqa: S105  (a sentence)
