"""`actionsync people`: the people here. They are edited in Salesforce or Marketo, never here."""

from __future__ import annotations

from typing import Annotated

import typer
from actionsync.v1 import person_sync_pb2 as contract

from actionsync_client.cli.output import Column, JsonOption, enum_name, print_fields, print_json, print_table, when
from actionsync_client.cli.running import run
from actionsync_client.client import Client

app = typer.Typer(no_args_is_help=True, help="People. To edit one, edit it in Salesforce or Marketo.")

_LARGEST_PAGE = 1000
_LARGEST_MARKETO_ID = 2**63 - 1


@app.command(name="list")
def list_people(
    query: Annotated[str, typer.Argument(help="Words that names, company or email begin with.")] = "",
    email: Annotated[str, typer.Option(help="Exactly this address.")] = "",
    everybody: Annotated[bool, typer.Option("--not-qualified", help="Those who lost their owner instead.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="The most people to show.")] = 50,
    json: JsonOption = False,
) -> None:
    """List people."""

    async def command(client: Client) -> None:
        request = contract.ListPersonsRequest(query=query, email=email, page_size=min(limit, _LARGEST_PAGE))
        if everybody:
            request.qualification = contract.QUALIFICATION_NOT_QUALIFIED
        found: list[contract.Person] = []
        async for person in client.pages(client.persons.ListPersons, request):
            found.append(person)
            if len(found) == limit:
                break
        if json:
            print_json(found)
            return
        print_table(
            (
                Column("id", whole=True),
                "name",
                Column("email", whole=True),
                "mail",
                "company",
                Column("Marketo", whole=True, optional=True),
                Column("Salesforce", whole=True, optional=True),
                Column("title", optional=True),
            ),
            [
                (
                    person.person_id,
                    f"{person.first_name} {person.last_name}".strip(),
                    person.email,
                    "unsubscribed" if person.unsubscribed else "",
                    person.company,
                    person.marketo_id,
                    person.salesforce_contact_id or person.salesforce_lead_id,
                    person.title,
                )
                for person in found
            ],
            nothing="nobody",
        )

    run(command)


@app.command()
def get(
    key: Annotated[str, typer.Argument(help="Our id, a Marketo id (digits) or a Salesforce id (00Q… or 003…).")],
    json: JsonOption = False,
) -> None:
    """Show one person."""
    request = contract.GetPersonRequest(key=_key(key))

    async def command(client: Client) -> None:
        person = (await client.persons.GetPerson(request)).person
        if json:
            print_json(person)
        else:
            print_fields(person)

    run(command)


@app.command()
def explain(
    key: Annotated[str, typer.Argument(help="Our id, a Marketo id (digits) or a Salesforce id (00Q… or 003…).")],
    json: JsonOption = False,
) -> None:
    """Tell why somebody is here or not, and what happened to the copy."""
    request = contract.ExplainPersonRequest(key=_key(key))

    async def command(client: Client) -> None:
        answer = await client.persons.ExplainPerson(request)
        if json:
            print_json(answer)
            return
        typer.echo(answer.explanation)
        print_table(
            (Column("when (UTC)", whole=True), "what", "from"),
            [(when(one.event_time), one.description, enum_name(one, "origin")) for one in answer.events],
            nothing="nothing is known to have happened",
        )

    run(command)


@app.command()
def erase(
    person_id: Annotated[str, typer.Argument(metavar="ID", help="Our id.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept, the person is not.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: JsonOption = False,
) -> None:
    """Erase a person with everything of theirs, for good. Admins only."""
    if not yes:
        typer.confirm(f"erase {person_id} and all their activities for good?", abort=True, err=True)

    async def command(client: Client) -> None:
        answer = await client.persons.ErasePerson(contract.ErasePersonRequest(person_id=person_id, reason=reason))
        if json:
            print_json(answer)
            return
        kept = "; a hash keeps the address from being written to" if answer.suppression_kept else ""
        typer.echo(f"erased, with {answer.erased_activity_count} activities{kept}")

    run(command)


@app.command()
def fields(json: JsonOption = False) -> None:
    """List the 13 synced fields."""

    async def command(client: Client) -> None:
        answer = await client.persons.ListSyncedFields(contract.ListSyncedFieldsRequest())
        if json:
            print_json(answer.fields)
            return
        print_table(
            (Column("name", whole=True), "label", Column("Marketo", whole=True), "lead", "contact"),
            [
                (one.name, one.label, one.marketo_name, one.salesforce_lead_field, one.salesforce_contact_field)
                for one in answer.fields
            ],
        )

    run(command)


def _key(text: str) -> contract.PersonKey:
    if text.isascii() and text.isdecimal():
        if int(text) > _LARGEST_MARKETO_ID:
            raise typer.BadParameter("is too large for a Marketo id", param_hint="KEY")
        return contract.PersonKey(marketo_id=int(text))
    if text[:3] in {"00Q", "003"} and len(text) in {15, 18}:
        return contract.PersonKey(salesforce_id=text)
    return contract.PersonKey(person_id=text)
