"""Finds the Salesforce record that a Task belongs to. A person's id comes first, then, for mail only, the address.

Nothing is ever logged to a converted lead: the contact that it became takes its place, as the winner of a merge does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actionsync_server.model.persons import Person, email_key, salesforce_id
from actionsync_server.model.record_choice import Candidate, choose
from actionsync_server.model.settings import LoggingSettings, NoMatchRule
from actionsync_server.systems.salesforce import RowError, Salesforce, quote

#: Characters of one list of values in SOQL, so that the query fits into a URL.
_LIST_LENGTH = 4_000
#: A record may have been merged, its winner merged again, and so on; nobody follows for ever.
_LONGEST_CHAIN = 5
_CONTACT_PREFIX = "003"


@dataclass(frozen=True, slots=True)
class Own:
    """The person's own record, if it is of a kind that may be logged to."""

    record_id: str = ""
    turned_off: bool = False  # there is one, but logging to its kind is off


def own_record(person: Person, settings: LoggingSettings) -> Own:
    """Return the person's contact, else lead, as our copy knows it."""
    contact, lead = person.fields.salesforce_contact_id, person.fields.salesforce_lead_id
    if contact and settings.log_to_contacts:
        return Own(contact)
    if lead and not contact and settings.log_to_leads:
        return Own(lead)
    return Own(turned_off=bool(contact or lead))


class RecordFinder:
    """Looks records up with the instance's own login."""

    def __init__(self, client: Salesforce, settings: LoggingSettings) -> None:
        self._client = client
        self._settings = settings
        #: Why no lead could be created, by address.
        self.lead_errors: dict[str, RowError] = {}

    async def by_address(self, people: Sequence[Person]) -> dict[str, list[str]]:
        """Return the records for people without an id, by address (`email_key`); those without a match are left out.

        Where the settings say so, a lead is created for an address without a match.
        """
        addresses = {email_key(person.fields.email): person for person in people if person.fields.email.strip()}
        spelt = [person.fields.email.strip() for person in addresses.values()]
        found: dict[str, list[Candidate]] = {}
        contacts = await self._contacts("Email", spelt) if self._settings.log_to_contacts else []
        for contact in contacts:
            found.setdefault(email_key(contact["Email"]), []).append(_candidate(contact, is_contact=True))
        for address, candidate in await self._leads(spelt):
            known = found.setdefault(address, [])
            if all(candidate.record_id != one.record_id for one in known):
                known.append(candidate)
        chosen = {address: choose(found[address], self._settings.duplicate_rule) for address in found if found[address]}
        missing = {address: person for address, person in addresses.items() if address not in chosen}
        if missing and self._settings.no_match_rule is NoMatchRule.CREATE_LEAD and self._settings.log_to_leads:
            chosen |= await self._create_leads(missing)
        return chosen

    async def successors(self, record_ids: Iterable[str]) -> dict[str, str]:
        """Return what stands for each record now: itself, what it was converted or merged into, or "" for nothing."""
        now = {record_id: record_id for record_id in record_ids}
        for _ in range(_LONGEST_CHAIN):
            states = await self._states({record_id for record_id in now.values() if record_id})
            moved = {one: states.get(record_id, "") for one, record_id in now.items()}
            if moved == now:
                break
            now = moved
        return now

    async def _contacts(self, field: str, values: Iterable[str]) -> list[dict[str, Any]]:
        rows = []
        for part in _lists(values):
            rows += await self._client.query(
                f"SELECT Id, Email, CreatedDate, LastModifiedDate FROM Contact WHERE {field} IN ({part})"  # noqa: S608 - quoted
            )
        return rows

    async def _leads(self, addresses: Iterable[str]) -> list[tuple[str, Candidate]]:
        """Return address and candidate of every lead; of a converted one the contact that it became."""
        found: list[tuple[str, Candidate]] = []
        converted: dict[str, str] = {}
        for part in _lists(addresses):
            for row in await self._client.query(
                "SELECT Id, Email, CreatedDate, LastModifiedDate, IsConverted, ConvertedContactId"  # noqa: S608 - quoted
                f" FROM Lead WHERE Email IN ({part})"
            ):
                address = email_key(row["Email"])
                if row["IsConverted"]:
                    if row["ConvertedContactId"]:
                        converted[salesforce_id(row["ConvertedContactId"])] = address
                elif self._settings.log_to_leads:
                    found.append((address, _candidate(row, is_contact=False)))
        if converted and self._settings.log_to_contacts:
            # The contact may go by another address today.
            found += [
                (converted[salesforce_id(contact["Id"])], _candidate(contact, is_contact=True))
                for contact in await self._contacts("Id", converted)
            ]
        return found

    async def _states(self, record_ids: Iterable[str]) -> dict[str, str]:
        """Return for each record the one that stands for it now: itself, its successor, or "" ."""
        states: dict[str, str] = {}
        contacts = [record_id for record_id in record_ids if record_id.startswith(_CONTACT_PREFIX)]
        leads = [record_id for record_id in record_ids if not record_id.startswith(_CONTACT_PREFIX)]
        for part in _lists(contacts):
            for row in await self._client.query(
                f"SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE Id IN ({part})",  # noqa: S608 - quoted
                include_deleted=True,
            ):
                states[salesforce_id(row["Id"])] = _present(row)
        for part in _lists(leads):
            for row in await self._client.query(
                "SELECT Id, IsDeleted, MasterRecordId, IsConverted, ConvertedContactId"  # noqa: S608 - quoted
                f" FROM Lead WHERE Id IN ({part})",
                include_deleted=True,
            ):
                converted = row["IsConverted"] and not row["IsDeleted"]
                states[salesforce_id(row["Id"])] = (
                    salesforce_id(row["ConvertedContactId"] or "") if converted else _present(row)
                )
        return states

    async def _create_leads(self, missing: Mapping[str, Person]) -> dict[str, list[str]]:
        """Create a lead for each address. Who looks for the address next finds it, so a lost answer makes no second."""
        made: dict[str, list[str]] = {}
        items = list(missing.items())
        for start in range(0, len(items), 200):
            portion = items[start : start + 200]
            results = await self._client.create("Lead", [_lead(person) for _, person in portion])
            for (address, _), result in zip(portion, results, strict=True):
                if result.success:
                    made[address] = [result.id]
                elif result.errors:
                    self.lead_errors[address] = result.errors[0]
        return made


def _present(row: Mapping[str, Any]) -> str:
    if not row["IsDeleted"]:
        return salesforce_id(row["Id"])
    return salesforce_id(row["MasterRecordId"] or "")


def _candidate(row: Mapping[str, Any], *, is_contact: bool) -> Candidate:
    return Candidate(salesforce_id(row["Id"]), is_contact, row["CreatedDate"], row["LastModifiedDate"])


def _lead(person: Person) -> dict[str, str]:
    own = person.fields
    record = {
        "FirstName": own.first_name[:40],
        "LastName": own.last_name[:80] or "[not provided]",
        "Company": own.company or "[not provided]",
        "Email": own.email.strip(),
        "Title": own.title[:128],
        "Phone": own.phone[:40],
    }
    return {name: value for name, value in record.items() if value}


def _lists(values: Iterable[str]) -> Iterator[str]:
    """Cut values into SOQL lists of a bounded length."""
    part: list[str] = []
    length = 0
    for value in values:
        literal = quote(value)
        if part and length + len(literal) > _LIST_LENGTH:
            yield ", ".join(part)
            part, length = [], 0
        part.append(literal)
        length += len(literal) + 2
    if part:
        yield ", ".join(part)
