"""Where the incremental feeds stand, and which of their rows were applied already."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from sqlalchemy import bindparam, delete, select

from actionsync_server.clock import Micros
from actionsync_server.model.initial_syncs import Failure
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import seen_marketo_activities as seen
from actionsync_server.store.schema import sync_cursors as cursors
from actionsync_server.store.statement import Statement, any_of


class Feed(Enum):
    """One incremental feed; the numbers are the contract's."""

    LEAD_CHANGES = 1
    DELETED_LEADS = 2
    OWNER_CHANGES_AND_MERGES = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to go on from: a paging token, and when the feed had been read up to it."""

    time: Micros
    token: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where one feed stands.

    `marks` are the ends of earlier readings, oldest first. `progress` is the place that an unfinished reading of many
    pages has reached, its time being when that reading began. Everything visible before `cursor_time` is applied.
    """

    feed: Feed
    marks: tuple[Mark, ...]
    progress: Mark | None
    cursor_time: Micros
    last_poll_time: Micros | None
    error: Failure | None


_MINE = Statement(select(cursors).where(cursors.c.instance_id == bindparam("instance_id")).order_by(cursors.c.feed))
_NAMES = tuple(column.name for column in cursors.columns)
_PUT = Statement(
    lambda insert: (
        insert(cursors)
        .values({name: bindparam(name) for name in _NAMES})
        .on_conflict_do_update(
            index_elements=["instance_id", "feed"],
            set_={name: bindparam(name) for name in _NAMES if name not in ("instance_id", "feed")},
        )
    )
)
_SEEN = Statement(
    select(seen.c.marketo_guid).where(
        seen.c.instance_id == bindparam("instance_id"), any_of(seen.c.marketo_guid, "guids")
    )
)
_MARK_SEEN = Statement(
    lambda insert: (
        insert(seen).values({column.name: bindparam(column.name) for column in seen.columns}).on_conflict_do_nothing()
    )
)
_PRUNE = Statement(
    delete(seen).where(seen.c.instance_id == bindparam("instance_id"), seen.c.seen_time < bindparam("before"))
)


class SyncCursors:
    """The cursors of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def all(self) -> dict[Feed, Cursor]:
        """Return the cursors; none before the first initial sync."""
        rows = await self._reader.rows(_MINE, {"instance_id": self._instance_id})
        return {cursor.feed: cursor for cursor in map(_to_cursor, rows)}

    async def seen(self, guids: Collection[str]) -> set[str]:
        """Return which of these feed rows were applied already."""
        if not guids:
            return set()
        rows = await self._reader.rows(_SEEN, {"instance_id": self._instance_id, "guids": list(guids)})
        return {row["marketo_guid"] for row in rows}


class SyncCursorWrites(SyncCursors):
    """Moves cursors inside the transaction that applies what was read."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def put(self, cursor: Cursor) -> None:
        """Store a cursor as it is now."""
        progress = cursor.progress
        row: dict[str, Any] = {
            "instance_id": self._instance_id,
            "feed": cursor.feed.value,
            "marks": json.dumps([[mark.time, mark.token] for mark in cursor.marks]),
            "progress_token": "" if progress is None else progress.token,
            "progress_time": None if progress is None else progress.time,
            "cursor_time": cursor.cursor_time,
            "last_poll_time": cursor.last_poll_time,
            "error": "" if cursor.error is None else json.dumps(asdict(cursor.error)),
        }
        await self._transaction.execute(_PUT, row)

    async def mark_seen(self, guids: Collection[str], *, at: Micros) -> None:
        """Remember feed rows as applied."""
        await self._transaction.execute_many(
            _MARK_SEEN, [{"instance_id": self._instance_id, "marketo_guid": guid, "seen_time": at} for guid in guids]
        )

    async def prune_seen(self, before: Micros) -> None:
        """Forget rows that were applied before an instant: no reading comes back to them."""
        await self._transaction.execute(_PRUNE, {"instance_id": self._instance_id, "before": before})


def _to_cursor(row: Row) -> Cursor:
    progress = Mark(row["progress_time"], row["progress_token"]) if row["progress_token"] else None
    return Cursor(
        feed=Feed(row["feed"]),
        marks=tuple(Mark(time, token) for time, token in json.loads(row["marks"])),
        progress=progress,
        cursor_time=row["cursor_time"],
        last_poll_time=row["last_poll_time"],
        error=Failure(**json.loads(row["error"])) if row["error"] else None,
    )
