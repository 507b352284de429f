"""`actionsync deliveries`: the desk for what has not arrived."""

from __future__ import annotations

from typing import Annotated

import typer
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1.common_pb2 import SYSTEM_MARKETO, SYSTEM_SALESFORCE, SYSTEM_UNSPECIFIED, DeliveryState, System

from actionsync_client.cli.output import Column, JsonOption, enum_name, print_fields, print_json, print_table, when
from actionsync_client.cli.running import run
from actionsync_client.client import Client

app = typer.Typer(no_args_is_help=True, help="What is on its way to Marketo and Salesforce, and what failed.")

Ids = Annotated[list[str], typer.Argument(help="Ids of deliveries.")]
_LARGEST_PAGE = 1000


@app.command(name="list")
def list_deliveries(
    state: Annotated[list[str] | None, typer.Option(help="Only in this state; may be given again.")] = None,
    system: Annotated[str, typer.Option(help="marketo or salesforce.")] = "",
    person: Annotated[str, typer.Option(help="Only of this person.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="The most to show.")] = 50,
    json: JsonOption = False,
) -> None:
    """List deliveries, oldest first."""
    request = contract.ListDeliveriesRequest(
        page_size=min(limit, _LARGEST_PAGE),
        person_id=person,
        states=[_state(name) for name in state or []],
        system=_system(system),
    )

    async def command(client: Client) -> None:
        found: list[contract.Delivery] = []  # type: ignore[name-defined]
        async for delivery in client.pages(client.activities.ListDeliveries, request):
            found.append(delivery)
            if len(found) == limit:
                break
        if json:
            print_json(found)
            return
        print_table(
            (
                Column("delivery", whole=True),
                Column("to", whole=True),
                Column("state", whole=True),
                "reason",
                Column("attempts", whole=True, optional=True),
                "problem",
                Column("next (UTC)", whole=True, optional=True),
                Column("what", whole=True, optional=True),
            ),
            [
                (
                    one.delivery_id,
                    enum_name(one, "system"),
                    enum_name(one, "state"),
                    enum_name(one, "reason"),
                    one.attempt_count,
                    one.last_error.meaning,
                    when(one.next_attempt_time),
                    one.activity_id or one.unsubscribe_id or one.reminder_task_id,
                )
                for one in found
            ],
        )

    run(command)


@app.command()
def get(delivery_id: Annotated[str, typer.Argument(help="Id of the delivery.")], json: JsonOption = False) -> None:
    """Show one delivery with its attempts."""

    async def command(client: Client) -> None:
        request = contract.GetDeliveryRequest(delivery_id=delivery_id)
        delivery = (await client.activities.GetDelivery(request)).delivery
        if json:
            print_json(delivery)
            return
        print_fields(delivery, without=["attempts"])
        typer.echo()
        print_table(
            (Column("attempt (UTC)", whole=True), Column("outcome", whole=True), "problem"),
            [(when(one.start_time), enum_name(one, "outcome"), one.error.meaning) for one in delivery.attempts],
            nothing="not tried yet",
        )

    run(command)


@app.command()
def retry(delivery_ids: Ids, json: JsonOption = False) -> None:
    """Try deliveries again now. Exit code 1 when any cannot be."""

    async def command(client: Client) -> int:
        request = contract.RetryDeliveriesRequest(delivery_ids=delivery_ids)
        answer = await client.activities.RetryDeliveries(request)
        return _show(delivery_ids, list(answer.results), json=json)

    run(command)


@app.command()
def discard(
    delivery_ids: Ids,
    reason: Annotated[str, typer.Option(help="Why they are given up.")],
    json: JsonOption = False,
) -> None:
    """Give deliveries up for good. Exit code 1 when any cannot be."""

    async def command(client: Client) -> int:
        request = contract.DiscardDeliveriesRequest(delivery_ids=delivery_ids, reason=reason)
        answer = await client.activities.DiscardDeliveries(request)
        return _show(delivery_ids, list(answer.results), json=json)

    run(command)


def _show(ids: list[str], results: list[contract.DeliveryResult], *, json: bool) -> int:
    if json:
        print_json(results)
    else:
        rows = [
            (one, result.error.message if result.HasField("error") else enum_name(result.delivery, "state"))
            for one, result in zip(ids, results, strict=True)
        ]
        print_table((Column("delivery", whole=True), "now"), rows)
    return int(any(result.HasField("error") for result in results))


def _state(name: str) -> str:
    known = [full.removeprefix("DELIVERY_STATE_").lower() for full, number in DeliveryState.items() if number]
    if name.lower() not in known:
        raise typer.BadParameter(f"is one of {', '.join(known)}", param_hint="--state")
    return f"DELIVERY_STATE_{name.upper()}"


def _system(name: str) -> System:
    known = {"": SYSTEM_UNSPECIFIED, "marketo": SYSTEM_MARKETO, "salesforce": SYSTEM_SALESFORCE}
    if name.lower() not in known:
        raise typer.BadParameter("is marketo or salesforce", param_hint="--system")
    return known[name.lower()]
