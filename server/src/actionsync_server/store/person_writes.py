"""Changes of people: many rows at a time, each with its line in the change log, and the counts kept beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from actionsync_server.clock import Micros
from actionsync_server.model.persons import Person, Qualification
from actionsync_server.store.changes import ChangeKind, change_row, record
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.persons import FIELD_NAMES, Persons, to_row
from actionsync_server.store.schema import over_limit_persons, person_counts, persons, touched_leads
from actionsync_server.store.statement import Statement, any_of


class PersonChangeType(Enum):
    """What happened to a copy; the numbers are the contract's."""

    CREATED = 1
    UPDATED = 2
    DELETED = 3
    MERGED = 4
    ERASED = 5


class ChangeSource(Enum):
    """What let us learn of a change; kept in the change log for the explanation of a copy."""

    FEED = ""
    INITIAL_SYNC = "initial_sync"
    RECONCILE = "reconcile"


_KEYS = ("instance_id", "person_id")
_NAMES = tuple(column.name for column in persons.columns)
_INSERT = Statement(insert(persons).values({name: bindparam(name) for name in _NAMES}))
_UPDATE = Statement(
    update(persons)
    .where(persons.c.instance_id == bindparam("instance_id"), persons.c.person_id == bindparam("person_id"))
    .values({name: bindparam(name) for name in _NAMES if name not in _KEYS})
)
_ERASE = Statement(
    delete(persons).where(persons.c.instance_id == bindparam("of_instance"), any_of(persons.c.person_id, "of_people"))
)
_COUNT = Statement(
    lambda insert: (
        insert(person_counts)
        .values({column.name: bindparam(column.name) for column in person_counts.columns})
        .on_conflict_do_update(
            index_elements=["instance_id", "qualification"],
            set_={"person_count": person_counts.c.person_count + bindparam("person_count")},
        )
    )
)
_OVER_LIMIT_ADD = Statement(
    lambda insert: (
        insert(over_limit_persons)
        .values({column.name: bindparam(column.name) for column in over_limit_persons.columns})
        .on_conflict_do_nothing()
    )
)
_OVER_LIMIT_DROP = Statement(
    delete(over_limit_persons).where(
        over_limit_persons.c.instance_id == bindparam("instance_id"), any_of(over_limit_persons.c.marketo_id, "ids")
    )
)
_OVER_LIMIT_AMONG = Statement(
    select(over_limit_persons.c.marketo_id).where(
        over_limit_persons.c.instance_id == bindparam("instance_id"), any_of(over_limit_persons.c.marketo_id, "ids")
    )
)
_OVER_LIMIT_COUNT = Statement(
    select(func.count().label("persons")).where(over_limit_persons.c.instance_id == bindparam("instance_id"))
)
_OVER_LIMIT_FIRST = Statement(
    select(over_limit_persons.c.marketo_id)
    .where(over_limit_persons.c.instance_id == bindparam("instance_id"))
    .order_by(over_limit_persons.c.marketo_id)
    .limit(bindparam("count"))
)
_TOUCH = Statement(
    lambda insert: (
        insert(touched_leads)
        .values({column.name: bindparam(column.name) for column in touched_leads.columns})
        .on_conflict_do_nothing()
    )
)
_TOUCHED = Statement(
    select(touched_leads.c.marketo_id).where(
        touched_leads.c.instance_id == bindparam("instance_id"), any_of(touched_leads.c.marketo_id, "ids")
    )
)
_UNTOUCH = Statement(delete(touched_leads).where(touched_leads.c.instance_id == bindparam("instance_id")))


class PersonWrites(Persons):
    """Changes people inside one transaction."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def create(self, created: Sequence[Person], *, source: ChangeSource = ChangeSource.FEED) -> None:
        """Store new copies."""
        await self._transaction.execute_many(_INSERT, [to_row(self._instance_id, person) for person in created])
        await self._count(Counter(person.qualification for person in created))
        await record(
            self._transaction,
            [self._change(person, PersonChangeType.CREATED, person.create_time, _detail(source)) for person in created],
        )

    async def update(
        self,
        changed: Sequence[tuple[Person, Person]],
        *,
        type: PersonChangeType = PersonChangeType.UPDATED,  # noqa: A002
        detail: Mapping[str, Any] | None = None,
        source: ChangeSource = ChangeSource.FEED,
    ) -> None:
        """Store changed copies, given as (before, after). The log names what changed, never its values."""
        await self._transaction.execute_many(_UPDATE, [to_row(self._instance_id, after) for _, after in changed])
        counts = Counter(after.qualification for _, after in changed)
        counts.subtract(Counter(before.qualification for before, _ in changed))
        await self._count(counts)
        rows = [
            self._change(
                after, type, after.update_time, {**(detail or {}), **_detail(source), **_difference(before, after)}
            )
            for before, after in changed
        ]
        await record(self._transaction, rows)

    async def erase(self, people: Sequence[Person], *, at: Micros) -> None:
        """Remove copies; the log keeps that they were erased."""
        ids = [person.person_id for person in people]
        await self._transaction.execute(_ERASE, {"of_instance": self._instance_id, "of_people": ids})
        await self._count(Counter({one: -count for one, count in Counter(p.qualification for p in people).items()}))
        await record(self._transaction, [self._change(person, PersonChangeType.ERASED, at, {}) for person in people])

    async def leave_out_over_limit(self, marketo_ids: Collection[int], *, at: Micros) -> None:
        """Remember people who qualify but found no room."""
        await self._transaction.execute_many(
            _OVER_LIMIT_ADD,
            [{"instance_id": self._instance_id, "marketo_id": one, "skip_time": at} for one in marketo_ids],
        )

    async def drop_over_limit(self, marketo_ids: Collection[int]) -> None:
        """Forget people who were over the limit: they have a copy now, or do not qualify any more."""
        await self._transaction.execute(_OVER_LIMIT_DROP, {"instance_id": self._instance_id, "ids": list(marketo_ids)})

    async def over_limit_among(self, marketo_ids: Collection[int]) -> set[int]:
        """Return which of these people found no room."""
        rows = await self._transaction.rows(
            _OVER_LIMIT_AMONG, {"instance_id": self._instance_id, "ids": list(marketo_ids)}
        )
        return {row["marketo_id"] for row in rows}

    async def touch(self, marketo_ids: Collection[int]) -> None:
        """Remember that the incremental sync looked at these leads while an initial sync is under way."""
        await self._transaction.execute_many(
            _TOUCH, [{"instance_id": self._instance_id, "marketo_id": one} for one in marketo_ids]
        )

    async def touched(self, marketo_ids: Collection[int]) -> set[int]:
        """Return which of these leads the incremental sync looked at since the initial sync began."""
        rows = await self._transaction.rows(_TOUCHED, {"instance_id": self._instance_id, "ids": list(marketo_ids)})
        return {row["marketo_id"] for row in rows}

    async def forget_touches(self) -> None:
        """Drop what `touch` remembered: no load is under way any more."""
        await self._transaction.execute(_UNTOUCH, {"instance_id": self._instance_id})

    async def _count(self, counts: Counter[Qualification]) -> None:
        await self._transaction.execute_many(
            _COUNT,
            [
                {"instance_id": self._instance_id, "qualification": qualification.value, "person_count": count}
                for qualification, count in counts.items()
                if count
            ],
        )

    def _change(
        self, person: Person, change: PersonChangeType, at: Micros, detail: Mapping[str, Any]
    ) -> dict[str, object]:
        return change_row(
            self._instance_id, ChangeKind.PERSON, person.person_id, type=change.value, at=at, detail=detail
        )


def _detail(source: ChangeSource) -> dict[str, Any]:
    return {} if source is ChangeSource.FEED else {"source": source.value}


def _difference(before: Person, after: Person) -> dict[str, Any]:
    """Return which fields changed, and how the qualification did, unless a tombstone says it all."""
    if after.qualification is Qualification.DELETED:
        return {}
    names = [name for name in FIELD_NAMES if getattr(before.fields, name) != getattr(after.fields, name)]
    found: dict[str, Any] = {"fields": names} if names else {}
    state = (before.qualification, before.qualification_reason)
    if state != (after.qualification, after.qualification_reason):
        found["qualification"] = [after.qualification.value, after.qualification_reason.value]
    return found


async def over_limit_count(reader: Reader, instance_id: str) -> int:
    """Return how many people are left out because the instance is full."""
    row = await reader.row(_OVER_LIMIT_COUNT, {"instance_id": instance_id})
    return 0 if row is None else int(row["persons"])


async def over_limit_ids(reader: Reader, instance_id: str, *, count: int) -> list[int]:
    """Return the Marketo ids of up to `count` people who are left out because the instance is full."""
    rows = await reader.rows(_OVER_LIMIT_FIRST, {"instance_id": instance_id, "count": count})
    return [row["marketo_id"] for row in rows]
