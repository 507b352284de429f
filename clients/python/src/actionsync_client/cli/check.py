"""`actionsync check`: may these addresses get sales mail?"""

from __future__ import annotations

from typing import Annotated

import typer
from actionsync.v1 import unsubscribe_check_pb2 as contract
from actionsync.v1.common_pb2 import Freshness

from actionsync_client.cli.output import Column, JsonOption, coloured, enum_name, print_json, print_table
from actionsync_client.cli.running import run
from actionsync_client.client import Client

_COLOURS = {"may_send": "green", "must_not_send": "red", "check_unavailable": "yellow"}


def check(
    emails: Annotated[list[str], typer.Argument(help="The addresses.")],
    live: Annotated[bool, typer.Option("--live", help="Ask Marketo now, whatever the settings say.")] = False,
    json: JsonOption = False,
) -> None:
    """Tell whether addresses may get sales mail. Exit code 1 when any may not."""

    async def command(client: Client) -> int:
        freshness = Freshness(live=True) if live else None
        request = contract.BatchCheckUnsubscribesRequest(emails=emails, freshness=freshness)
        answer = await client.unsubscribes.BatchCheckUnsubscribes(request, timeout=30)
        refused = any(result.verdict.decision != contract.DECISION_MAY_SEND for result in answer.results)
        if json:
            print_json(answer.results)
            return int(refused)
        print_table(
            (Column("address", whole=True), Column("decision", whole=True), "reason", "notes", "why"),
            [_row(email, result) for email, result in zip(emails, answer.results, strict=True)],
        )
        return int(refused)

    run(command)


def _row(email: str, result: contract.VerdictResult) -> tuple[object, ...]:
    if result.HasField("error"):
        return (email, coloured("no verdict", "red"), "", "", result.error.message)
    verdict = result.verdict
    decision = enum_name(verdict, "decision")
    notes = ", ".join(contract.VerdictNote.Name(note).removeprefix("VERDICT_NOTE_").lower() for note in verdict.notes)
    shown = coloured(decision, _COLOURS.get(decision, "red"))
    return (email, shown, enum_name(verdict, "reason"), notes, verdict.explanation)
