"""The user's own people instead of generated ones, from CSV files in the words of Salesforce or of Marketo.

What comes from a Salesforce file is a synced person in Marketo too. A row of the Marketo file with a Salesforce
id is a record in Salesforce too, unless a Salesforce file already has it: then that file stands and only the
Marketo id is taken. A row with a mistake is reported and left out of both systems, with everything that only it
brings. Users and queues are those of the generated world.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from actionsync_simulators.seed.csv_rows import BadRow, Layout, Row, read_rows
from actionsync_simulators.seed.given_people import GivenPeople
from actionsync_simulators.seed.org import Person, PersonKind, World

_PERSON_COLUMNS = {
    "Id": 0,
    "FirstName": 40,
    "LastName": 80,
    "Email": 80,
    "Title": 128,
    "Phone": 40,
    "MobilePhone": 40,
    "LeadSource": 255,
    "LinkedIn_Profile__c": 255,
    "OwnerId": 0,
    "HasOptedOutOfEmail": 0,
    "CreatedDate": 0,
    "LastModifiedDate": 0,
}
LEADS = Layout({**_PERSON_COLUMNS, "Company": 255}, ("LastName", "Company"))
CONTACTS = Layout({**_PERSON_COLUMNS, "AccountId": 0, "Account.Name": 255, "Company": 255}, ("LastName",))
MARKETO_LEADS = Layout(
    {
        "id": 0,
        "firstName": 255,
        "lastName": 255,
        "email": 255,
        "company": 255,
        "title": 255,
        "phone": 255,
        "mobilePhone": 255,
        "leadSource": 255,
        "linkedInProfileURL": 255,
        "unsubscribed": 0,
        "createdAt": 0,
        "updatedAt": 0,
        "sfdcId": 0,
        "sfdcLeadId": 0,
        "sfdcContactId": 0,
        "sfdcAccountId": 0,
        "sfdcLeadOwnerId": 0,
    },
    ("email",),
)


class ColumnNames(NamedTuple):
    """What a system calls the columns that both have."""

    first_name: str
    last_name: str
    email: str
    title: str
    phone: str
    mobile_phone: str
    lead_source: str
    linkedin_url: str
    unsubscribed: str
    created: str
    updated: str


IN_SALESFORCE = ColumnNames(
    *("FirstName", "LastName", "Email", "Title", "Phone", "MobilePhone", "LeadSource", "LinkedIn_Profile__c"),
    *("HasOptedOutOfEmail", "CreatedDate", "LastModifiedDate"),
)
IN_MARKETO = ColumnNames(
    *("firstName", "lastName", "email", "title", "phone", "mobilePhone", "leadSource", "linkedInProfileURL"),
    *("unsubscribed", "createdAt", "updatedAt"),
)


@dataclass(frozen=True, slots=True)
class CsvFiles:
    """Which files there are; with none of them the world is generated."""

    leads: Path | None = None
    contacts: Path | None = None
    marketo_leads: Path | None = None

    def __bool__(self) -> bool:
        return any((self.leads, self.contacts, self.marketo_leads))


def read_world(files: CsvFiles, *, seed: int, start: datetime, report: Callable[[str], None]) -> World:
    """Return the world of these files. `report` gets one line for each row that is left out.

    Raises CsvError for a file that cannot be used, before anything is loaded.
    """
    start = start.astimezone(UTC).replace(microsecond=0)
    people = GivenPeople(start)
    for path, layout, take in (
        (files.leads, LEADS, _take_lead),
        (files.contacts, CONTACTS, _take_contact),
        (files.marketo_leads, MARKETO_LEADS, _take_marketo_lead),
    ):
        if path is None:
            continue
        for row in read_rows(path, layout):
            if isinstance(row, tuple):
                line, problem = row
                report(f"{path}:{line}: skipped: {problem}")
                continue
            try:
                take(people, row)
            except BadRow as problem:
                report(f"{path}:{row.line}: skipped: {problem}")
    return people.world(seed)


def _take_lead(people: GivenPeople, row: Row) -> None:
    record_id = people.unused(row.record_id("Id", "00Q"))
    owner = people.owner(row, "OwnerId", "005", "00G")
    people.add(_salesforce_person("lead", row, people, record_id, owner)._replace(company=row.needed("Company")))


def _take_contact(people: GivenPeople, row: Row) -> None:
    record_id = people.unused(row.record_id("Id", "003"))
    owner = people.owner(row, "OwnerId", "005")
    company = row.text("Account.Name") or row.text("Company")
    account_id = people.account(row.record_id("AccountId", "001"), company, column="AccountId")
    person = _salesforce_person("contact", row, people, record_id, owner)
    people.add(person._replace(company=company, account_id=account_id))


def _salesforce_person(kind: PersonKind, row: Row, people: GivenPeople, record_id: str | None, owner: str) -> Person:
    row.needed("LastName")
    person = _person(kind, row, IN_SALESFORCE, start=people.start)
    return person._replace(owner_id=owner, salesforce_id=record_id)


def _person(kind: PersonKind, row: Row, names: ColumnNames, *, start: datetime) -> Person:
    """Return what the row says of a person; whose and which record it is remains to be said."""
    created = row.moment(names.created, default=start, latest=start)
    updated = row.moment(names.updated, default=created, latest=start)
    return Person(
        kind=kind,
        first_name=row.text(names.first_name),
        last_name=row.text(names.last_name),
        email=row.email(names.email),
        company=None,
        title=row.text(names.title),
        phone=row.text(names.phone),
        linkedin_url=row.text(names.linkedin_url),
        lead_source=row.text(names.lead_source),
        mobile_phone=row.text(names.mobile_phone),
        created_at=created,
        updated_at=max(created, updated),
        owner_id=None,
        salesforce_id=None,
        account_id=None,
        opportunity_id=None,
        unsubscribed=row.flag(names.unsubscribed),
        marketo_id=0,
        crm_deleted=False,
    )


def _take_marketo_lead(people: GivenPeople, row: Row) -> None:
    record_id = (
        row.record_id("sfdcContactId", "003")
        or row.record_id("sfdcLeadId", "00Q")
        or row.record_id("sfdcId", "003", "00Q")
    )
    marketo_id = people.unused_marketo_id(row.whole_number("id"))
    if record_id is not None and people.has(record_id):
        people.give_marketo_id(record_id, marketo_id)
        return
    kind: PersonKind = "marketo_only"
    owner, company, account_id = None, row.text("company"), None
    if record_id is None and row.text("sfdcLeadOwnerId"):
        raise BadRow("sfdcLeadOwnerId without a Salesforce id")
    if record_id is not None:
        row.needed("lastName")
        kind = "contact" if record_id.startswith("003") else "lead"
        owner = people.owner(row, "sfdcLeadOwnerId", *(("005",) if kind == "contact" else ("005", "00G")))
        if kind == "lead":
            company = row.needed("company")
        else:
            account_id = people.account(row.record_id("sfdcAccountId", "001"), company, column="sfdcAccountId")
    person = _person(kind, row, IN_MARKETO, start=people.start)
    people.add(
        person._replace(company=company, owner_id=owner, salesforce_id=record_id, account_id=account_id),
        marketo_id=marketo_id,
    )
