"""`actionsync log`: report one sales activity, as the web app would."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from actionsync.v1 import activity_log_pb2 as contract
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from actionsync_client.cli.output import Column, JsonOption, enum_name, print_json, print_table
from actionsync_client.cli.running import run
from actionsync_client.client import Client
from actionsync_client.errors import IdempotencyKeyReusedError

app = typer.Typer(no_args_is_help=True, help="Report a sales activity. The same --key never logs twice.")

Person = Annotated[str, typer.Option("--person", help="Our id of the person.")]
Seller = Annotated[str, typer.Option("--user", help="Id of the seller.")]
At = Annotated[
    str, typer.Option("--at", help="When, such as 2026-05-04T09:30:00Z (UTC without a zone); now if not given.")
]
Key = Annotated[str, typer.Option("--key", help="Your own key of this activity; made up when not given.")]
EmailId = Annotated[str, typer.Option("--email-id", help="The mail's number, digits.")]
Subject = Annotated[str, typer.Option(help="Subject line.")]
Campaign = Annotated[str, typer.Option("--campaign", help="Sales campaign as ID or ID:NAME.")]


@app.command()
def send(
    person: Person,
    user: Seller,
    email_id: EmailId,
    subject: Subject = "",
    body: Annotated[str, typer.Option(help="Text of the mail.")] = "",
    template: Annotated[str, typer.Option(help="Template as ID or ID:NAME.")] = "",
    campaign: Campaign = "",
    permit: Annotated[str, typer.Option(help="Permit from AuthorizeSend.")] = "",
    at: At = "",
    key: Key = "",
    json: JsonOption = False,
) -> None:
    """A mail was sent."""
    email = _email(email_id, subject=subject, template=template, campaign=campaign)
    detail = {"send_sales_email": contract.SendSalesEmail(email=email, body=body)}
    _log(detail, person=person, user=user, at=at, key=key, json=json, permit=permit)


@app.command(name="open")
def opened(
    person: Person, user: Seller, email_id: EmailId, at: At = "", key: Key = "", json: JsonOption = False
) -> None:
    """A mail was opened."""
    detail = {"open_sales_email": contract.OpenSalesEmail(email=_email(email_id))}
    _log(detail, person=person, user=user, at=at, key=key, json=json)


@app.command()
def click(
    person: Person,
    user: Seller,
    email_id: EmailId,
    link: Annotated[str, typer.Option(help="The URL that was followed.")],
    at: At = "",
    key: Key = "",
    json: JsonOption = False,
) -> None:
    """A link was followed."""
    detail = {"click_sales_email": contract.ClickSalesEmail(email=_email(email_id), link=link)}
    _log(detail, person=person, user=user, at=at, key=key, json=json)


@app.command()
def reply(
    person: Person,
    user: Seller,
    email_id: EmailId,
    body: Annotated[str, typer.Option(help="Text of the reply.")] = "",
    at: At = "",
    key: Key = "",
    json: JsonOption = False,
) -> None:
    """A reply came."""
    detail = {"replied_to_sales_email": contract.RepliedToSalesEmail(email=_email(email_id), body=body)}
    _log(detail, person=person, user=user, at=at, key=key, json=json)


@app.command()
def bounce(
    person: Person,
    user: Seller,
    email_id: EmailId,
    address: Annotated[str, typer.Option(help="The address that bounced.")],
    details: Annotated[str, typer.Option(help="The bounce message.")] = "",
    hard: Annotated[bool, typer.Option("--hard", help="The address is permanently undeliverable.")] = False,
    at: At = "",
    key: Key = "",
    json: JsonOption = False,
) -> None:
    """A mail bounced."""
    bounced = contract.SalesEmailBounced(email=_email(email_id), address=address, details=details, hard=hard)
    _log({"sales_email_bounced": bounced}, person=person, user=user, at=at, key=key, json=json)


@app.command()
def call(
    person: Person,
    user: Seller,
    ended: Annotated[str, typer.Option("--status", help="completed, no_answer, cancelled or failed.")] = "completed",
    outcome: Annotated[str, typer.Option(help='What came of it, such as "Meeting booked".')] = "",
    seconds: Annotated[int, typer.Option(min=0, max=86_400, help="How long it took.")] = 0,
    number: Annotated[str, typer.Option(help="The number called.")] = "",
    notes: Annotated[str, typer.Option(help="The seller's notes.")] = "",
    at: At = "",
    key: Key = "",
    json: JsonOption = False,
) -> None:
    """A call ended."""
    known = [full.removeprefix("CALL_STATUS_").lower() for full in contract.ReceivedSalesCall.CallStatus.keys()[1:]]
    if ended.lower() not in known:
        raise typer.BadParameter(f"is one of {', '.join(known)}", param_hint="--status")
    detail = contract.ReceivedSalesCall(
        call_status=f"CALL_STATUS_{ended.upper()}",
        outcome=outcome,
        duration=Duration(seconds=seconds),
        phone_number=number,
        notes=notes,
    )
    _log({"received_sales_call": detail}, person=person, user=user, at=at, key=key, json=json)


@app.command()
def add(person: Person, user: Seller, campaign: Campaign, at: At = "", key: Key = "", json: JsonOption = False) -> None:
    """A person was put on a sales campaign."""
    detail = contract.AddToSalesCampaign(sales_campaign=_campaign(campaign))
    _log({"add_to_sales_campaign": detail}, person=person, user=user, at=at, key=key, json=json)


@app.command()
def remove(
    person: Person, user: Seller, campaign: Campaign, at: At = "", key: Key = "", json: JsonOption = False
) -> None:
    """A person left a sales campaign."""
    detail = contract.RemovedFromSalesCampaign(sales_campaign=_campaign(campaign))
    _log({"removed_from_sales_campaign": detail}, person=person, user=user, at=at, key=key, json=json)


@app.command()
def types(name: Annotated[str, typer.Argument(help="A name or alias.")] = "", json: JsonOption = False) -> None:
    """List the eight activity types, or the one with a name."""

    async def command(client: Client) -> None:
        answer = await client.activities.ListActivityTypes(contract.ListActivityTypesRequest(name=name))
        if json:
            print_json(answer.types)
            return
        print_table(
            (Column("name", whole=True), "also called", Column("in Marketo", whole=True), Column("id", whole=True)),
            [(one.name, ", ".join(one.aliases), one.api_name, one.marketo_type_id or "") for one in answer.types],
        )

    run(command)


def _log(detail: dict[str, Any], *, person: str, user: str, at: str, key: str, json: bool, permit: str = "") -> None:
    content = contract.ActivityContent(
        idempotency_key=key or f"cli-{uuid.uuid4()}",
        person_id=person,
        user_id=user,
        activity_time=_moment(at),
        send_permit=permit,
        **detail,
    )

    async def command(client: Client) -> None:
        try:
            answer = await client.activities.LogActivity(contract.LogActivityRequest(content=content))
        except IdempotencyKeyReusedError as error:
            if at:
                raise
            # Nobody gave a time, so it was now then as it is now: the same words with the same key are the same.
            content.activity_time.CopyFrom(await _first_time(client, error.metadata["activityId"]))
            answer = await client.activities.LogActivity(contract.LogActivityRequest(content=content))
        if json:
            print_json(answer)
            return
        activity = answer.activity
        typer.echo(f"{'was logged before' if answer.already_logged else 'logged'}: {activity.activity_id}")
        print_table(
            (Column("to", whole=True), Column("state", whole=True), "reason", Column("delivery", whole=True)),
            [
                (enum_name(one, "system"), enum_name(one, "state"), enum_name(one, "reason"), one.delivery_id)
                for one in activity.deliveries
            ],
            nothing="goes to no system",
        )

    run(command)


async def _first_time(client: Client, activity_id: str) -> Timestamp:
    stored = await client.activities.GetActivity(contract.GetActivityRequest(activity_id=activity_id))
    return stored.activity.content.activity_time


def _moment(at: str) -> Timestamp:
    try:
        moment = datetime.fromisoformat(at) if at else datetime.now(UTC)
    except ValueError as error:
        raise typer.BadParameter("is a time such as 2026-05-04T09:30:00Z", param_hint="--at") from error
    stamp = Timestamp()
    stamp.FromDatetime(moment.replace(microsecond=0))
    return stamp


def _email(email_id: str, *, subject: str = "", template: str = "", campaign: str = "") -> contract.SalesEmail:
    email = contract.SalesEmail(email_id=email_id, subject=subject)
    if template:
        identifier, _, name = template.partition(":")
        email.template.CopyFrom(contract.SalesTemplate(template_id=identifier, name=name))
    if campaign:
        email.sales_campaign.CopyFrom(_campaign(campaign))
    return email


def _campaign(text: str) -> contract.SalesCampaign:
    identifier, _, name = text.partition(":")
    return contract.SalesCampaign(sales_campaign_id=identifier, name=name)
