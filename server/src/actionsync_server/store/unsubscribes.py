"""Unsubscribes of an instance, by address, their history, and the people who took one to another address."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select

from actionsync_server.clock import Micros
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeEvent, UnsubscribeSource
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import carried_unsubscribes as carried
from actionsync_server.store.schema import persons, unsubscribe_events, unsubscribes
from actionsync_server.store.statement import Statement, any_of

_MINE = unsubscribes.c.instance_id == bindparam("instance_id")
_FIND = Statement(select(unsubscribes).where(_MINE, any_of(unsubscribes.c.email_key, "keys")))
_FIND_CARRIED = Statement(
    select(unsubscribes, persons.c.email_key.label("present_key"))
    .select_from(persons)
    .join(carried, (carried.c.instance_id == persons.c.instance_id) & (carried.c.person_id == persons.c.person_id))
    .join(
        unsubscribes,
        (unsubscribes.c.instance_id == carried.c.instance_id) & (unsubscribes.c.email_key == carried.c.email_key),
    )
    .where(persons.c.instance_id == bindparam("instance_id"), any_of(persons.c.email_key, "keys"))
)
_PAGE = Statement(
    select(unsubscribes)
    .where(_MINE, unsubscribes.c.unsubscribe_id > bindparam("after"))
    # A prefix as a range: an index can serve it, and no character of the query means anything special.
    .where(unsubscribes.c.email_key >= bindparam("first"), unsubscribes.c.email_key < bindparam("beyond"))
    .order_by(unsubscribes.c.unsubscribe_id)
    .limit(bindparam("count"))
)
_OF_EVENTS = unsubscribe_events.c.instance_id == bindparam("instance_id")
_HISTORY = Statement(
    select(unsubscribe_events)
    .where(_OF_EVENTS, unsubscribe_events.c.email_key == bindparam("email_key"))
    .where(unsubscribe_events.c.event_id > bindparam("after"))
    .order_by(unsubscribe_events.c.event_id)
    .limit(bindparam("count"))
)
_EVENTS = Statement(select(unsubscribe_events).where(_OF_EVENTS, any_of(unsubscribe_events.c.event_id, "event_ids")))
_LATEST = Statement(
    select(func.max(unsubscribe_events.c.event_id).label("event_id"), unsubscribe_events.c.email_key)
    .where(_OF_EVENTS, any_of(unsubscribe_events.c.email_key, "keys"))
    .group_by(unsubscribe_events.c.email_key)
)
_INSERT = Statement(insert(unsubscribes))
_RECORD = Statement(insert(unsubscribe_events))
_REMOVE = Statement(
    delete(unsubscribes).where(
        unsubscribes.c.instance_id == bindparam("of_instance"), unsubscribes.c.email_key == bindparam("of_key")
    )
)
_CARRY = Statement(
    lambda insert_into: insert_into(carried).on_conflict_do_nothing(index_elements=["instance_id", "person_id"])
)
_CONFIRM_ADDRESS = Statement(
    delete(carried).where(carried.c.instance_id == bindparam("of_instance"), carried.c.email_key == bindparam("of_key"))
)
_CONFIRM_PEOPLE = Statement(
    delete(carried).where(
        carried.c.instance_id == bindparam("of_instance"), carried.c.person_id == bindparam("of_person")
    )
)
_LAST_CHARACTER = "\U0010ffff"


class Unsubscribes:
    """The unsubscribed addresses of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def find(self, email_keys: Collection[str]) -> dict[str, Unsubscribe]:
        """Return what speaks against sending to normalised addresses: their own unsubscribes, else carried ones."""
        keys = sorted(set(email_keys) - {""})
        if not keys:
            return {}
        carried_rows = await self._rows(_FIND_CARRIED, keys=keys)
        return {row["present_key"]: _unsubscribe(row) for row in carried_rows} | await self.recorded(keys)

    async def recorded(self, email_keys: Collection[str]) -> dict[str, Unsubscribe]:
        """Return the addresses that are unsubscribed themselves."""
        rows = await self._rows(_FIND, keys=sorted(set(email_keys)))
        return {row["email_key"]: _unsubscribe(row) for row in rows}

    async def page(self, *, prefix: str, after: str, count: int) -> list[Unsubscribe]:
        """Return up to `count` unsubscribes after an id, oldest first, whose address begins with `prefix`."""
        rows = await self._rows(_PAGE, after=after, first=prefix, beyond=prefix + _LAST_CHARACTER, count=count)
        return [_unsubscribe(row) for row in rows]

    async def history(self, key: str, *, after: str, count: int) -> list[UnsubscribeEvent]:
        """Return up to `count` events of an address after an event id, oldest first."""
        return [_event(row) for row in await self._rows(_HISTORY, email_key=key, after=after, count=count)]

    async def events(self, event_ids: Collection[str]) -> dict[str, UnsubscribeEvent]:
        """Return the events that exist, by id."""
        rows = await self._rows(_EVENTS, event_ids=sorted(set(event_ids)))
        return {row["event_id"]: _event(row) for row in rows}

    async def latest_events(self, email_keys: Collection[str]) -> dict[str, UnsubscribeEvent]:
        """Return what happened last to each address that has a history."""
        rows = await self._rows(_LATEST, keys=sorted(set(email_keys)))
        events = await self.events([row["event_id"] for row in rows])
        return {event.email_key: event for event in events.values()}

    async def _rows(self, statement: Statement, **parameters: Any) -> list[Row]:
        return await self._reader.rows(statement, {"instance_id": self._instance_id, **parameters})


class UnsubscribeWrites(Unsubscribes):
    """Changes of the unsubscribes of one instance. The history only grows."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def add(self, unsubscribe: Unsubscribe) -> None:
        """Store an unsubscribe; the caller has made sure that there is none for the address."""
        await self._transaction.execute(
            _INSERT,
            {
                "instance_id": self._instance_id,
                "email_key": unsubscribe.email_key,
                "unsubscribe_id": unsubscribe.unsubscribe_id,
                "source": unsubscribe.source.value,
                "reason": unsubscribe.reason,
                "user_id": unsubscribe.user_id,
                "unsubscribe_time": unsubscribe.unsubscribe_time,
            },
        )

    async def remove(self, key: str) -> None:
        """Remove the unsubscribe of an address, if there is one."""
        await self._transaction.execute(_REMOVE, {"of_instance": self._instance_id, "of_key": key})

    async def append(self, event: UnsubscribeEvent) -> None:
        """Add an event to the history."""
        await self._transaction.execute(
            _RECORD,
            {
                "instance_id": self._instance_id,
                "event_id": event.event_id,
                "email_key": event.email_key,
                "unsubscribed": int(event.unsubscribed),
                "source": event.source.value,
                "reason": event.reason,
                "consent": event.consent,
                "user_id": event.user_id,
                "event_time": event.event_time,
            },
        )

    async def carry(self, people: Sequence[tuple[str, str]], *, at: Micros) -> None:
        """Let people (id, former address) stay unsubscribed at whatever address they have. The first one counts."""
        await self._transaction.execute_many(
            _CARRY,
            [
                {"instance_id": self._instance_id, "person_id": person_id, "email_key": key, "carry_time": at}
                for person_id, key in people
            ],
        )

    async def confirm(self, key: str, person_ids: Collection[str]) -> None:
        """Let nobody carry the unsubscribe of this address any more, nor these people any."""
        await self._transaction.execute(_CONFIRM_ADDRESS, {"of_instance": self._instance_id, "of_key": key})
        await self._transaction.execute_many(
            _CONFIRM_PEOPLE,
            [{"of_instance": self._instance_id, "of_person": person_id} for person_id in person_ids],
        )


def _unsubscribe(row: Row) -> Unsubscribe:
    return Unsubscribe(
        unsubscribe_id=row["unsubscribe_id"],
        email_key=row["email_key"],
        source=UnsubscribeSource(row["source"]),
        reason=row["reason"],
        user_id=row["user_id"],
        unsubscribe_time=row["unsubscribe_time"],
    )


def _event(row: Row) -> UnsubscribeEvent:
    return UnsubscribeEvent(
        event_id=row["event_id"],
        email_key=row["email_key"],
        unsubscribed=bool(row["unsubscribed"]),
        source=UnsubscribeSource(row["source"]),
        reason=row["reason"],
        consent=row["consent"],
        user_id=row["user_id"],
        event_time=row["event_time"],
    )
