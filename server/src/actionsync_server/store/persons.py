"""People: looked up by every key they have, listed in pages. They are written in person_writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, literal_column, select, tuple_

from actionsync_server.model.persons import (
    ListOrder,
    Person,
    PersonFields,
    Qualification,
    SkipReason,
    email_key,
    salesforce_id,
    search_text,
)
from actionsync_server.store.database import Reader, Row
from actionsync_server.store.schema import person_counts, persons
from actionsync_server.store.statement import Statement, any_of

FIELD_NAMES = tuple(field.name for field in fields(PersonFields))
_field_values = attrgetter(*FIELD_NAMES)
_COLUMNS = (
    persons.c.person_id,
    persons.c.marketo_id,
    *(persons.c[name] for name in FIELD_NAMES),
    persons.c.qualification,
    persons.c.qualification_reason,
    persons.c.revision,
    persons.c.create_time,
    persons.c.update_time,
)
_FIELDS_END = 2 + len(FIELD_NAMES)
_MINE = persons.c.instance_id == bindparam("instance_id")


def _by_any(column: Any) -> Statement:
    return Statement(select(*_COLUMNS).where(_MINE, any_of(column, "keys")).order_by(persons.c.marketo_id))


_BY_PERSON_ID = _by_any(persons.c.person_id)
_BY_MARKETO_ID = _by_any(persons.c.marketo_id)
_BY_LEAD = _by_any(persons.c.salesforce_lead_id)
_BY_CONTACT = _by_any(persons.c.salesforce_contact_id)
_BY_EMAIL = _by_any(persons.c.email_key)


#: Written out, not bound: only so the planner sees that a partial index fits.
_EMPTY: Any = literal_column("''")


def _of_record(column: Any) -> Statement:
    return Statement(
        select(*_COLUMNS)
        .where(_MINE, column == bindparam("record_id"), column != _EMPTY)
        .order_by(persons.c.person_id)
        .limit(bindparam("count"))
    )


_OF_ACCOUNT = _of_record(persons.c.salesforce_account_id)
_OF_OPPORTUNITY = _of_record(persons.c.salesforce_opportunity_id)
_LIVING_AFTER = Statement(
    select(*_COLUMNS)
    .where(_MINE, persons.c.marketo_id > bindparam("after"), persons.c.qualification != Qualification.DELETED.value)
    .order_by(persons.c.marketo_id)
    .limit(bindparam("count"))
)
_COUNTS = Statement(select(person_counts).where(person_counts.c.instance_id == bindparam("instance_id")))

_QUALIFICATIONS = {one.value: one for one in Qualification}
_REASONS = {one.value: one for one in SkipReason}


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What a listing shows. None and "" mean: whatever it is."""

    qualification: Qualification | None = Qualification.QUALIFIED
    email: str = ""
    query: str = ""
    order: ListOrder = ListOrder.PERSON_ID


@dataclass(frozen=True, slots=True)
class PagePosition:
    """Where a page of a listing ended: its last person."""

    person_id: str
    update_time: int


class Persons:
    """The people of one instance. Every look-up of many takes any number of keys and costs one query."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def get(self, person_id: str) -> Person | None:
        """Return the person with our own id."""
        return (await self.many([person_id])).get(person_id)

    async def by_marketo_id(self, marketo_id: int) -> Person | None:
        """Return the person with a Marketo id."""
        return (await self.many_by_marketo_id([marketo_id])).get(marketo_id)

    async def by_salesforce_id(self, record_id: str) -> Person | None:
        """Return the person with a Salesforce lead or contact id, of 15 or 18 characters."""
        return (await self.many_by_salesforce_id([record_id])).get(record_id)

    async def many(self, person_ids: Collection[str]) -> dict[str, Person]:
        """Return the people that exist, by our own id."""
        return {person.person_id: person for person in await self._find(_BY_PERSON_ID, person_ids)}

    async def many_by_marketo_id(self, marketo_ids: Collection[int]) -> dict[int, Person]:
        """Return the people that exist, by Marketo id."""
        return {person.marketo_id: person for person in await self._find(_BY_MARKETO_ID, marketo_ids)}

    async def many_by_salesforce_id(self, record_ids: Collection[str]) -> dict[str, Person]:
        """Return the people that exist, by the Salesforce id as it was asked.

        Several Marketo people may carry one id: those that qualify come first, then the oldest.
        """
        wanted = {asked: salesforce_id(asked) for asked in record_ids}
        keys = sorted(set(wanted.values()) - {""})
        found: dict[str, Person] = {}
        by_lead = await self._find(_BY_LEAD, keys)
        by_contact = await self._find(_BY_CONTACT, keys)
        for person in sorted((*by_lead, *by_contact), key=lambda one: (one.qualification.value, one.marketo_id)):
            for own in (person.fields.salesforce_contact_id, person.fields.salesforce_lead_id):
                if own:
                    found.setdefault(own, person)
        return {asked: found[key] for asked, key in wanted.items() if key in found}

    async def by_email(self, addresses: Collection[str]) -> dict[str, list[Person]]:
        """Return all people of each address, by `email_key`; duplicates are separate people, in order of Marketo id."""
        keys = {email_key(address) for address in addresses} - {""}
        found: dict[str, list[Person]] = {}
        for person in await self._find(_BY_EMAIL, sorted(keys)):
            found.setdefault(email_key(person.fields.email), []).append(person)
        return found

    async def of_account(self, account_id: str, *, count: int) -> list[Person]:
        """Return up to `count` people of a Salesforce account, in order of our id."""
        return await self._of(_OF_ACCOUNT, account_id, count)

    async def of_opportunity(self, opportunity_id: str, *, count: int) -> list[Person]:
        """Return up to `count` people of a Salesforce opportunity, in order of our id."""
        return await self._of(_OF_OPPORTUNITY, opportunity_id, count)

    async def _of(self, statement: Statement, record_id: str, count: int) -> list[Person]:
        parameters = {"instance_id": self._instance_id, "record_id": record_id, "count": count}
        return [to_person(row) for row in await self._reader.rows(statement, parameters)]

    async def page(self, wanted: PersonFilter, *, after: PagePosition | None, count: int) -> list[Person]:
        """Return up to `count` people of a listing after a position, in its order."""
        words = search_text(wanted.query).split()[:_MAX_WORDS]
        statement = _page_statement(
            wanted.order,
            by_qualification=wanted.qualification is not None,
            by_email=bool(wanted.email),
            word_count=len(words),
            first=after is None,
        )
        parameters: dict[str, Any] = {"instance_id": self._instance_id, "count": count}
        if after is not None:
            parameters |= {"after_id": after.person_id}
            if wanted.order is ListOrder.UPDATE_TIME_DESCENDING:
                parameters["after_time"] = after.update_time
        if wanted.qualification is not None:
            parameters["qualification"] = wanted.qualification.value
        if wanted.email:
            parameters["email_key"] = email_key(wanted.email)
        parameters |= {f"word_{place}": f"% {_escape(word)}%" for place, word in enumerate(words)}
        return [to_person(row) for row in await self._reader.rows(statement, parameters)]

    async def living_after(self, marketo_id: int, *, count: int) -> list[Person]:
        """Return up to `count` copies that are no tombstones, in order of Marketo id, after one."""
        parameters = {"instance_id": self._instance_id, "after": marketo_id, "count": count}
        return [to_person(row) for row in await self._reader.rows(_LIVING_AFTER, parameters)]

    async def counts(self) -> dict[Qualification, int]:
        """Return how many people have each qualification."""
        rows = await self._reader.rows(_COUNTS, {"instance_id": self._instance_id})
        known = {row["qualification"]: row["person_count"] for row in rows}
        return {one: known.get(one.value, 0) for one in Qualification}

    async def _find(self, statement: Statement, keys: Iterable[str | int]) -> list[Person]:
        asked = list(keys)
        if not asked:
            return []
        rows = await self._reader.rows(statement, {"instance_id": self._instance_id, "keys": asked})
        return [to_person(row) for row in rows]


def to_person(row: Row) -> Person:
    """Read a row of the columns that this file selects."""
    values: Sequence[Any] = tuple(row)  # type: ignore[arg-type]
    qualification, reason, revision, create_time, update_time = values[_FIELDS_END:]
    return Person(
        values[0],
        values[1],
        PersonFields(*values[2:_FIELDS_END]),
        _QUALIFICATIONS[qualification],
        _REASONS[reason],
        revision,
        create_time,
        update_time,
    )


def to_row(instance_id: str, person: Person) -> dict[str, Any]:
    """Return a person as the columns of its row."""
    own = person.fields
    return dict(zip(FIELD_NAMES, _field_values(own), strict=True)) | {
        "instance_id": instance_id,
        "person_id": person.person_id,
        "marketo_id": person.marketo_id,
        "email_key": email_key(own.email),
        "search_text": search_text(own.first_name, own.last_name, own.company, own.email),
        "qualification": person.qualification.value,
        "qualification_reason": person.qualification_reason.value,
        "revision": person.revision,
        "create_time": person.create_time,
        "update_time": person.update_time,
    }


#: Words of a query beyond these narrow nothing down any more.
_MAX_WORDS = 8


@cache
def _page_statement(
    order: ListOrder, *, by_qualification: bool, by_email: bool, word_count: int, first: bool
) -> Statement:
    """Build the statement of a listing once for each shape it can have."""
    conditions: list[Any] = [_MINE]
    if by_qualification:
        conditions.append(persons.c.qualification == bindparam("qualification"))
    if by_email:
        conditions.append(persons.c.email_key == bindparam("email_key"))
    conditions += [persons.c.search_text.like(bindparam(f"word_{place}"), escape="\\") for place in range(word_count)]
    query = select(*_COLUMNS)
    if order is ListOrder.UPDATE_TIME_DESCENDING:
        query = query.order_by(persons.c.update_time.desc(), persons.c.person_id.desc())
        if not first:
            place = tuple_(persons.c.update_time, persons.c.person_id)
            conditions.append(place < tuple_(bindparam("after_time"), bindparam("after_id")))
    else:
        query = query.order_by(persons.c.person_id)
        if not first:
            conditions.append(persons.c.person_id > bindparam("after_id"))
    return Statement(query.where(*conditions).limit(bindparam("count")))


def _escape(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
