"""Initial syncs and their chunks: the checkpoint of a load that goes on anywhere."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from actionsync_server.clock import Micros
from actionsync_server.model.initial_syncs import (
    FINAL_STATES,
    Chunk,
    Failure,
    InitialSync,
    InitialSyncMethod,
    InitialSyncState,
    Tally,
)
from actionsync_server.model.persons import SkipReason
from actionsync_server.store.changes import ChangeKind, change_row, record
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import initial_sync_chunks as chunks
from actionsync_server.store.schema import initial_syncs as syncs
from actionsync_server.store.statement import Statement, any_of

_OF_SYNC = (
    chunks.c.instance_id == bindparam("instance_id"),
    chunks.c.initial_sync_id == bindparam("initial_sync_id"),
)
_CHUNK_COUNT = (
    select(func.count())
    .where(chunks.c.instance_id == syncs.c.instance_id, chunks.c.initial_sync_id == syncs.c.initial_sync_id)
    .scalar_subquery()
)
_FINISHED_COUNT = (
    select(func.count())
    .where(
        chunks.c.instance_id == syncs.c.instance_id,
        chunks.c.initial_sync_id == syncs.c.initial_sync_id,
        chunks.c.finished == 1,
    )
    .scalar_subquery()
)
_ALL = select(syncs, _CHUNK_COUNT.label("chunk_count"), _FINISHED_COUNT.label("finished_chunk_count"))
_MINE = syncs.c.instance_id == bindparam("instance_id")
_ONE = Statement(_ALL.where(_MINE, syncs.c.initial_sync_id == bindparam("initial_sync_id")))
_OPEN = Statement(_ALL.where(_MINE, any_of(syncs.c.state, "states")).order_by(syncs.c.initial_sync_id.desc()).limit(1))
_PAGE = Statement(
    _ALL.where(_MINE, syncs.c.initial_sync_id < bindparam("before"))
    .order_by(syncs.c.initial_sync_id.desc())
    .limit(bindparam("count"))
)
_NEXT_CHUNKS = Statement(
    select(chunks).where(*_OF_SYNC, chunks.c.finished == 0).order_by(chunks.c.chunk_number).limit(bindparam("count"))
)
_CHUNK = Statement(select(chunks).where(*_OF_SYNC, chunks.c.chunk_number == bindparam("chunk_number")))
_SYNC_NAMES = tuple(column.name for column in syncs.columns)
_CHUNK_NAMES = tuple(column.name for column in chunks.columns)
_INSERT = Statement(insert(syncs).values({name: bindparam(name) for name in _SYNC_NAMES}))
_UPDATE = Statement(
    update(syncs)
    .where(_MINE, syncs.c.initial_sync_id == bindparam("initial_sync_id"))
    .values({name: bindparam(name) for name in _SYNC_NAMES if name not in ("instance_id", "initial_sync_id")})
)
_INSERT_CHUNK = Statement(insert(chunks).values({name: bindparam(name) for name in _CHUNK_NAMES}))
_CHUNK_KEYS = ("instance_id", "initial_sync_id", "chunk_number")
_UPDATE_CHUNK = Statement(
    update(chunks)
    .where(*_OF_SYNC, chunks.c.chunk_number == bindparam("chunk_number"))
    .values({name: bindparam(name) for name in _CHUNK_NAMES if name not in _CHUNK_KEYS})
)
#: Greater than every id: they begin with a letter and a dash.
_AFTER_ALL = "~"
_OPEN_STATES = [state.value for state in InitialSyncState if state not in FINAL_STATES]


class InitialSyncs:
    """The initial syncs of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def get(self, initial_sync_id: str) -> InitialSync | None:
        """Return one."""
        row = await self._reader.row(_ONE, self._key(initial_sync_id))
        return None if row is None else _to_sync(row)

    async def open(self) -> InitialSync | None:
        """Return the one that is not over; there is at most one."""
        row = await self._reader.row(_OPEN, {"instance_id": self._instance_id, "states": _OPEN_STATES})
        return None if row is None else _to_sync(row)

    async def latest(self) -> InitialSync | None:
        """Return the newest."""
        found = await self.page(before=None, count=1)
        return found[0] if found else None

    async def page(self, *, before: str | None, count: int) -> list[InitialSync]:
        """Return up to `count`, newest first, after the one with id `before`."""
        rows = await self._reader.rows(
            _PAGE, {"instance_id": self._instance_id, "before": before or _AFTER_ALL, "count": count}
        )
        return [_to_sync(row) for row in rows]

    async def next_chunks(self, initial_sync_id: str, *, count: int) -> list[Chunk]:
        """Return the first chunks that are not finished."""
        rows = await self._reader.rows(_NEXT_CHUNKS, {**self._key(initial_sync_id), "count": count})
        return [_to_chunk(row) for row in rows]

    async def chunk(self, initial_sync_id: str, chunk_number: int) -> Chunk | None:
        """Return one chunk."""
        row = await self._reader.row(_CHUNK, {**self._key(initial_sync_id), "chunk_number": chunk_number})
        return None if row is None else _to_chunk(row)

    def _key(self, initial_sync_id: str) -> dict[str, Any]:
        return {"instance_id": self._instance_id, "initial_sync_id": initial_sync_id}


class InitialSyncWrites(InitialSyncs):
    """Changes initial syncs inside one transaction; every change is also a line of the change log."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def create(self, sync: InitialSync) -> None:
        """Store a new one."""
        await self._transaction.execute(_INSERT, self._row(sync))
        await self._log(sync, sync.start_time)

    async def update(self, sync: InitialSync, *, at: Micros) -> None:
        """Store one as it is now; its chunk counts come from its chunks."""
        await self._transaction.execute(_UPDATE, self._row(sync))
        await self._log(sync, at)

    async def add_chunks(self, initial_sync_id: str, added: Sequence[Chunk]) -> None:
        """Store new chunks."""
        await self._transaction.execute_many(_INSERT_CHUNK, [self._chunk_row(initial_sync_id, one) for one in added])

    async def update_chunks(self, initial_sync_id: str, changed: Collection[Chunk]) -> None:
        """Store chunks as they are now."""
        await self._transaction.execute_many(_UPDATE_CHUNK, [self._chunk_row(initial_sync_id, one) for one in changed])

    async def _log(self, sync: InitialSync, at: Micros) -> None:
        row = change_row(self._instance_id, ChangeKind.INITIAL_SYNC, sync.initial_sync_id, type=sync.state.value, at=at)
        await record(self._transaction, [row])

    def _row(self, sync: InitialSync) -> dict[str, Any]:
        tally = sync.tally
        return {
            **self._key(sync.initial_sync_id),
            "state": sync.state.value,
            "method": None if sync.method is None else sync.method.value,
            "processed_count": tally.processed,
            "expected_count": sync.expected_count,
            "created_count": tally.created,
            "updated_count": tally.updated,
            "unchanged_count": tally.unchanged,
            "skipped": _skipped_text(tally),
            "call_count": sync.call_count,
            "wait_reason": sync.wait_reason,
            "wait_until_time": sync.wait_until_time,
            "error": "" if sync.error is None else json.dumps(asdict(sync.error)),
            "start_user_id": sync.start_user_id,
            "start_time": sync.start_time,
            "end_time": sync.end_time,
        }

    def _chunk_row(self, initial_sync_id: str, chunk: Chunk) -> dict[str, Any]:
        tally = chunk.tally
        return {
            **self._key(initial_sync_id),
            "chunk_number": chunk.chunk_number,
            "start_position": chunk.start_position,
            "end_position": chunk.end_position,
            "export_id": chunk.export_id,
            "committed_rows": chunk.committed_rows,
            "tally": json.dumps([tally.created, tally.updated, tally.unchanged, _skipped_text(tally)]),
            "recounted": chunk.recounted,
            "finished": int(chunk.finished),
        }


def _skipped_text(tally: Tally) -> str:
    return json.dumps({str(reason.value): count for reason, count in tally.skipped.items()})


def _read_skipped(text: str) -> dict[SkipReason, int]:
    return {SkipReason(int(number)): count for number, count in json.loads(text).items()}


def _to_sync(row: Row) -> InitialSync:
    return InitialSync(
        initial_sync_id=row["initial_sync_id"],
        state=InitialSyncState(row["state"]),
        method=None if row["method"] is None else InitialSyncMethod(row["method"]),
        tally=Tally(row["created_count"], row["updated_count"], row["unchanged_count"], _read_skipped(row["skipped"])),
        expected_count=row["expected_count"],
        call_count=row["call_count"],
        finished_chunk_count=row["finished_chunk_count"],
        chunk_count=row["chunk_count"],
        wait_reason=row["wait_reason"],
        wait_until_time=row["wait_until_time"],
        error=Failure(**json.loads(row["error"])) if row["error"] else None,
        start_user_id=row["start_user_id"],
        start_time=row["start_time"],
        end_time=row["end_time"],
    )


def _to_chunk(row: Row) -> Chunk:
    created, updated, unchanged, skipped = json.loads(row["tally"])
    return Chunk(
        chunk_number=row["chunk_number"],
        start_position=row["start_position"],
        end_position=row["end_position"],
        export_id=row["export_id"],
        committed_rows=row["committed_rows"],
        tally=Tally(created, updated, unchanged, _read_skipped(skipped)),
        recounted=row["recounted"],
        finished=bool(row["finished"]),
    )
