"""Unsubscribes of an instance, by address, and their history."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, insert, select

from actionsync_server.clock import Micros
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeSource
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import unsubscribe_events, unsubscribes
from actionsync_server.store.statement import Statement, any_of

_MINE = unsubscribes.c.instance_id == bindparam("instance_id")
_FIND = Statement(select(unsubscribes).where(_MINE, any_of(unsubscribes.c.email_key, "keys")))
_PAGE = Statement(
    select(unsubscribes)
    .where(_MINE, unsubscribes.c.unsubscribe_id > bindparam("after"))
    # A prefix as a range: an index can serve it, and no character of the query means anything special.
    .where(unsubscribes.c.email_key >= bindparam("first"), unsubscribes.c.email_key < bindparam("beyond"))
    .order_by(unsubscribes.c.unsubscribe_id)
    .limit(bindparam("count"))
)
_INSERT = Statement(insert(unsubscribes))
_RECORD = Statement(insert(unsubscribe_events))
_LAST_CHARACTER = "\U0010ffff"


class Unsubscribes:
    """The unsubscribed addresses of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def find(self, email_keys: Collection[str]) -> dict[str, Unsubscribe]:
        """Return the unsubscribed ones among normalised addresses."""
        parameters = {"instance_id": self._instance_id, "keys": sorted(set(email_keys))}
        return {row["email_key"]: _unsubscribe(row) for row in await self._reader.rows(_FIND, parameters)}

    async def page(self, *, prefix: str, after: str, count: int) -> list[Unsubscribe]:
        """Return up to `count` unsubscribes after an id, oldest first, whose address begins with `prefix`."""
        parameters = {
            "instance_id": self._instance_id,
            "after": after,
            "first": prefix,
            "beyond": prefix + _LAST_CHARACTER,
            "count": count,
        }
        return [_unsubscribe(row) for row in await self._reader.rows(_PAGE, parameters)]


class UnsubscribeWrites(Unsubscribes):
    """Changes of the unsubscribes of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def add(self, unsubscribe: Unsubscribe, *, event_id: str) -> None:
        """Store an unsubscribe and its event; the caller has made sure that there is none for the address."""
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
        await self._append(unsubscribe, event_id=event_id, at=unsubscribe.unsubscribe_time)

    async def _append(self, unsubscribe: Unsubscribe, *, event_id: str, at: Micros) -> None:
        await self._transaction.execute(
            _RECORD,
            {
                "instance_id": self._instance_id,
                "event_id": event_id,
                "email_key": unsubscribe.email_key,
                "unsubscribed": 1,
                "source": unsubscribe.source.value,
                "reason": unsubscribe.reason,
                "consent": "",
                "user_id": unsubscribe.user_id,
                "event_time": at,
            },
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
