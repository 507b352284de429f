"""`actionsync people`: the people here. They are edited in Salesforce or Marketo, never here."""

from __future__ import annotations

from typing import Annotated

import typer
from actionsync.v1 import person_sync_pb2 as contract

from actionsync_client.cli.output import JsonOption, print_fields, print_json, print_table
from actionsync_client.cli.running import run
from actionsync_client.client import Client

app = typer.Typer(no_args_is_help=True, help="People. To edit one, edit it in Salesforce or Marketo.")

_LARGEST_PAGE = 1000


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
            ("id", "Marketo", "name", "email", "company", "title", "Salesforce", ""),
            [
                (
                    person.person_id,
                    person.marketo_id,
                    f"{person.first_name} {person.last_name}".strip(),
                    person.email,
                    person.company,
                    person.title,
                    person.salesforce_contact_id or person.salesforce_lead_id,
                    "unsubscribed" if person.unsubscribed else "",
                )
                for person in found
            ],
        )

    run(command)


@app.command()
def get(
    key: Annotated[str, typer.Argument(help="Our id, a Marketo id (digits) or a Salesforce id (00Q… or 003…).")],
    json: JsonOption = False,
) -> None:
    """Show one person."""

    async def command(client: Client) -> None:
        request = contract.GetPersonRequest(key=_key(key))
        person = (await client.persons.GetPerson(request)).person
        if json:
            print_json(person)
        else:
            print_fields(person)

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
            ("name", "label", "Marketo", "lead", "contact"),
            [
                (one.name, one.label, one.marketo_name, one.salesforce_lead_field, one.salesforce_contact_field)
                for one in answer.fields
            ],
        )

    run(command)


def _key(text: str) -> contract.PersonKey:
    if text.isdecimal():
        return contract.PersonKey(marketo_id=int(text))
    if text[:3] in {"00Q", "003"} and len(text) in {15, 18}:
        return contract.PersonKey(salesforce_id=text)
    return contract.PersonKey(person_id=text)
