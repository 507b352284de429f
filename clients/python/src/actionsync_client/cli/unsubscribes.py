"""`actionsync unsubscribe`, `unsubscribes`, `resubscribe`, `history`: who wants no sales mail, and since when."""

from __future__ import annotations

from typing import Annotated

import typer
from actionsync.v1 import unsubscribe_check_pb2 as contract

from actionsync_client.cli.output import Column, JsonOption, enum_name, print_json, print_table, when
from actionsync_client.cli.running import run
from actionsync_client.client import Client

Address = Annotated[str, typer.Argument(metavar="EMAIL", help="The address.")]


def unsubscribes(
    query: Annotated[str, typer.Argument(help="What the address begins with.")] = "", json: JsonOption = False
) -> None:
    """List the unsubscribed addresses."""

    async def command(client: Client) -> None:
        request = contract.ListUnsubscribesRequest(query=query, page_size=1000)
        found = [one async for one in client.pages(client.unsubscribes.ListUnsubscribes, request)]
        if json:
            print_json(found)
            return
        print_table(
            (Column("address", whole=True), "source", "since (UTC)", "reason", "by", "in Salesforce"),
            [
                (
                    one.email,
                    enum_name(one, "source"),
                    when(one.unsubscribe_time),
                    one.reason,
                    one.user_id,
                    ", ".join(dict.fromkeys(enum_name(push, "state") for push in one.deliveries)),
                )
                for one in found
            ],
            nothing="nobody",
        )

    run(command)


def unsubscribe(
    email: Address,
    reason: Annotated[str, typer.Option(help="What the person said.")] = "",
    json: JsonOption = False,
) -> None:
    """Record that somebody asked for no more sales mail."""

    async def command(client: Client) -> None:
        source = contract.UNSUBSCRIBE_SOURCE_MANUAL
        request = contract.RecordUnsubscribeRequest(email=email, source=source, reason=reason)
        answer = await client.unsubscribes.RecordUnsubscribe(request)
        if json:
            print_json(answer)
        else:
            typer.echo("was unsubscribed before" if answer.already_recorded else "unsubscribed")

    run(command)


def resubscribe(
    email: Address,
    reason: Annotated[str, typer.Option(help="Why.")],
    consent: Annotated[str, typer.Option(help="How the person consented.")],
    everywhere: Annotated[bool, typer.Option("--everywhere", help="In Salesforce too.")] = False,
    json: JsonOption = False,
) -> None:
    """Remove an unsubscribe, with the evidence of consent. Admins only."""
    scope = contract.RemoveUnsubscribeRequest.SCOPE_EVERYWHERE if everywhere else None
    request = contract.RemoveUnsubscribeRequest(
        email=email,
        scope=scope or contract.RemoveUnsubscribeRequest.SCOPE_HERE,
        reason=reason,
        consent=consent,
    )

    async def command(client: Client) -> None:
        answer = await client.unsubscribes.RemoveUnsubscribe(request)
        if json:
            print_json(answer)
            return
        typer.echo("resubscribed")
        if answer.opted_out_in_salesforce and not everywhere:
            typer.echo("still opted out in Salesforce: the next two-way pass unsubscribes it again (--everywhere)")

    run(command)


def history(email: Address, json: JsonOption = False) -> None:
    """Show what happened to one address, oldest first."""

    async def command(client: Client) -> None:
        request = contract.ListUnsubscribeHistoryRequest(email=email, page_size=1000)
        found = [one async for one in client.pages(client.unsubscribes.ListUnsubscribeHistory, request)]
        if json:
            print_json(found)
            return
        print_table(
            (Column("when (UTC)", whole=True), "what", "source", "reason", "consent", "by"),
            [
                (
                    when(one.event_time),
                    "unsubscribed" if one.unsubscribed else "resubscribed",
                    enum_name(one, "source"),
                    one.reason,
                    one.consent,
                    one.user_id,
                )
                for one in found
            ],
            nothing="nothing happened to this address",
        )

    run(command)
