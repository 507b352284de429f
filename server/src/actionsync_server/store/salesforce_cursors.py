"""How far we have read what changes in Salesforce, feed by feed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import bindparam, delete, select

from actionsync_server.clock import Micros
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import salesforce_cursors as cursors
from actionsync_server.store.statement import Statement


class SalesforceFeed(Enum):
    """What is read. The numbers are stored: never give one to another feed."""

    TASKS = 1
    DELETED_TASKS = 2
    CONTACT_OPT_OUTS = 3
    LEAD_OPT_OUTS = 4
    OPT_OUT_COMPARISON = 5


@dataclass(frozen=True, slots=True)
class SalesforceCursor:
    """Where a feed stands: everything up to `mark_time` is applied, and of that very instant what `mark_ids` names."""

    feed: SalesforceFeed
    mark_time: Micros
    mark_ids: tuple[str, ...] = ()
    last_poll_time: Micros | None = None
    error: str = ""


_GET = Statement(
    select(cursors).where(cursors.c.instance_id == bindparam("instance_id"), cursors.c.feed == bindparam("feed"))
)
_PUT = Statement(
    lambda insert_into: (statement := insert_into(cursors)).on_conflict_do_update(
        index_elements=["instance_id", "feed"],
        set_={name: statement.excluded[name] for name in ("mark_time", "mark_ids", "last_poll_time", "error")},
    )
)
_DROP = Statement(
    delete(cursors).where(cursors.c.instance_id == bindparam("of_instance"), cursors.c.feed == bindparam("of_feed"))
)


class SalesforceCursors:
    """The feeds of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def get(self, feed: SalesforceFeed) -> SalesforceCursor | None:
        """Return where a feed stands, None before its first reading."""
        row = await self._reader.row(_GET, {"instance_id": self._instance_id, "feed": feed.value})
        if row is None:
            return None
        return SalesforceCursor(
            feed, row["mark_time"], tuple(json.loads(row["mark_ids"])), row["last_poll_time"], row["error"]
        )


class SalesforceCursorWrites(SalesforceCursors):
    """Changes of the feeds of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def put(self, cursor: SalesforceCursor) -> None:
        """Note down where a feed stands."""
        await self._transaction.execute(
            _PUT,
            {
                "instance_id": self._instance_id,
                "feed": cursor.feed.value,
                "mark_time": cursor.mark_time,
                "mark_ids": json.dumps(cursor.mark_ids),
                "last_poll_time": cursor.last_poll_time,
                "error": cursor.error,
            },
        )

    async def drop(self, feed: SalesforceFeed) -> None:
        """Forget where a feed stands: its next reading is the first."""
        await self._transaction.execute(_DROP, {"of_instance": self._instance_id, "of_feed": feed.value})
