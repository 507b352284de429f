"""`actionsync grid`: what a person, an account or an opportunity did in the last 90 days."""

from __future__ import annotations

from typing import Annotated

import typer
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1.common_pb2 import Freshness

from actionsync_client.cli.output import Column, JsonOption, console, enum_name, print_json, print_table, when
from actionsync_client.cli.running import run
from actionsync_client.client import Client

_SECONDS = 60
_IDS = {15, 18}


def grid(
    key: Annotated[str, typer.Argument(help="A person's id, a Salesforce account (001…) or opportunity (006…).")],
    live: Annotated[bool, typer.Option("--live", help="Ask Marketo now instead of showing what is stored.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="The most rows to show.")] = 50,
    json: JsonOption = False,
) -> None:
    """Show the Smart Grid: emails, calls, interesting moments, web visits, sales campaigns."""
    request = contract.LoadSmartGridRequest(row_limit=limit)
    if live:
        request.freshness.CopyFrom(Freshness(live=True))
    if key[:3] == "001" and len(key) in _IDS:
        request.salesforce_account_id = key
    elif key[:3] == "006" and len(key) in _IDS:
        request.salesforce_opportunity_id = key
    else:
        request.person_id = key

    async def command(client: Client) -> None:
        answer = await client.activities.LoadSmartGrid(request, timeout=_SECONDS)
        if json:
            print_json(answer)
            return
        print_table(
            (
                Column("when (UTC)", whole=True),
                "column",
                "what",
                "about",
                Column("person", whole=True, optional=True),
            ),
            [
                (when(row.activity_time), enum_name(row, "column"), row.type_name, row.title, row.person_id)
                for row in answer.rows
            ],
            nothing="nothing in the last 90 days",
        )
        if answer.HasField("fresh_time"):
            console.print(f"as Marketo said at {when(answer.fresh_time)}")
        if answer.truncated:
            console.print("there is more than is shown")

    run(command)
