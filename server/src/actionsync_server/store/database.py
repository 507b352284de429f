"""One database: many readers, one writer that commits in groups.

SQLite in WAL mode. Exactly one connection writes and checkpoints; readers never do either. The writer takes every unit
of work that waits, runs them one after another in one transaction, commits once, and only then answers them all: many
small acknowledged writes cost one sync to disk. When one fails, the group is undone and run again without it, so that
it spoils no other.

    caller ── write(work) ──▶ queue ──▶ writer: BEGIN · work · work · … · COMMIT ──▶ answers

Other engines (asyncpg) fit behind the same four calls: `rows`, `row`, `write` and the transaction's own.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import aiosqlite
from sqlalchemy.dialects import sqlite

from actionsync_server.model.errors import Unavailable
from actionsync_server.store.statement import Statement

T = TypeVar("T")
Parameters = Mapping[str, Any]

READERS = 2
#: Units of work in one commit: bounds how long the first of them waits for its answer.
GROUP_SIZE = 64
_DIALECT = sqlite.dialect(paramstyle="named")


class Row(Protocol):
    """A result row, by column name or position."""

    def __getitem__(self, key: str | int, /) -> Any: ...


class Reader(Protocol):
    """What a query needs: the Database (committed data) or a Transaction (its own writes too)."""

    async def rows(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        """Return all rows."""
        ...

    async def row(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        """Return the first row, or None."""
        ...


class Transaction:
    """What a unit of work may do: read its own writes, and write. Valid only inside that unit."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def rows(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        """Return all rows of a query, or of an INSERT … RETURNING."""
        return await _fetch(self._connection, statement, parameters)

    async def row(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        """Return the first row, or None."""
        found = await self.rows(statement, parameters)
        return found[0] if found else None

    async def execute(self, statement: Statement, parameters: Parameters | None = None) -> int:
        """Run a statement; return how many rows it touched."""
        text, constants = statement.compile(_DIALECT)
        cursor = await self._connection.execute(text, _adapt(constants, parameters))
        count = cursor.rowcount
        await cursor.close()
        return count

    async def execute_many(self, statement: Statement, parameters: Sequence[Parameters]) -> None:
        """Run a statement once for each set of parameters, in one trip to the database."""
        if not parameters:
            return
        text, constants = statement.compile(_DIALECT)
        cursor = await self._connection.executemany(text, [_adapt(constants, one) for one in parameters])
        await cursor.close()


Work = Callable[[Transaction], Awaitable[T]]
#: What a caller adds to a unit of work: keeps its result, in the same transaction and last of all.
Keep = Callable[[Transaction, T], Awaitable[None]]


@dataclass(slots=True)
class _Unit:
    work: Work[Any]
    answer: asyncio.Future[Any]


class Database:
    """The store's engine. Make it with `await Database.open(path)`; close it last of all."""

    def __init__(self, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection]) -> None:
        self._writer = writer
        self._all_readers = readers
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._units: asyncio.Queue[_Unit | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._write_groups(), name="store-writer")
        self._closing = False
        self.commit_count = 0
        self._committed = asyncio.Event()

    @classmethod
    async def open(cls, path: Path) -> Database:
        """Open an existing, migrated database file (see store/migrations)."""
        writer = await _connect(path)
        await writer.execute("PRAGMA journal_mode = WAL")
        # FULL: an acknowledged activity survives a power cut. The group commit pays for it.
        await writer.execute("PRAGMA synchronous = FULL")
        await writer.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten: an erased person is to be gone from the file as well.
        await writer.execute("PRAGMA secure_delete = ON")
        readers = []
        for _ in range(READERS):
            reader = await _connect(path)
            await reader.execute("PRAGMA query_only = ON")
            # Only the writer checkpoints: SQLite before 3.51.3 can lose commits when another connection does.
            await reader.execute("PRAGMA wal_autocheckpoint = 0")
            readers.append(reader)
        return cls(writer, readers)

    async def close(self) -> None:
        """Finish what was accepted, then close."""
        if self._closing:
            return
        self._closing = True
        self._units.put_nowait(None)
        await self._task
        for reader in self._all_readers:
            await reader.close()
        await self._writer.close()

    async def rows(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        """Return all rows of a query on committed data."""
        reader = await self._readers.get()
        try:
            return await _fetch(reader, statement, parameters)
        except sqlite3.OperationalError as error:
            raise _unavailable() from error
        finally:
            self._readers.put_nowait(reader)

    async def row(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        """Return the first row of a query on committed data, or None."""
        found = await self.rows(statement, parameters)
        return found[0] if found else None

    async def write(self, work: Work[T]) -> T:
        """Run a unit of work in a transaction; return its result once it is durable.

        `work` gets a `Transaction`, awaits nothing else, and may be run again from its start. If it raises, nothing
        of it stays and the error is raised here; likewise Unavailable when the disk refuses the commit.
        """
        if self._closing:
            raise _unavailable()
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._units.put_nowait(_Unit(work, answer))
        return await answer

    async def committed_after(self, count: int) -> None:
        """Return as soon as `commit_count` is greater than `count`: how watches learn that there is news."""
        while self.commit_count <= count:
            await self._committed.wait()

    async def _write_groups(self) -> None:
        ended = False
        while not ended:
            waiting = [await self._units.get()]
            with suppress(asyncio.QueueEmpty):
                while len(waiting) < GROUP_SIZE:
                    waiting.append(self._units.get_nowait())
            ended = None in waiting  # the end mark is the last thing ever queued
            # Nobody waits for a cancelled unit any more, and nothing of it was begun.
            group = [unit for unit in waiting if unit is not None and not unit.answer.cancelled()]
            while group:
                group = await self._commit(group)

    async def _commit(self, group: list[_Unit]) -> list[_Unit]:
        """Commit the group as one transaction; return what is left to do when one of it failed."""
        results: list[Any] = []
        try:
            await self._writer.execute("BEGIN IMMEDIATE")
            for unit in group:
                try:
                    results.append(await unit.work(Transaction(self._writer)))
                except Exception as error:
                    return await self._drop(unit, group, error)
            await self._writer.execute("COMMIT")
        except sqlite3.OperationalError as error:
            await self._roll_back()
            for unit in group:
                _answer(unit, error=_unavailable(error))
            return []
        self.commit_count += 1
        self._committed.set()
        self._committed = asyncio.Event()
        for unit, result in zip(group, results, strict=True):
            _answer(unit, result=result)
        return []

    async def _drop(self, failed: _Unit, group: list[_Unit], error: Exception) -> list[_Unit]:
        """Undo the group and answer the unit that failed; the others run again without it.

        Failing is rare, so this is cheaper than a savepoint around each unit.
        """
        await self._roll_back()
        _answer(failed, error=_unavailable(error) if isinstance(error, sqlite3.OperationalError) else error)
        return [unit for unit in group if unit is not failed]

    async def _roll_back(self) -> None:
        if self._writer.in_transaction:
            await self._writer.execute("ROLLBACK")


def _answer(unit: _Unit, *, result: Any = None, error: Exception | None = None) -> None:
    if unit.answer.done():  # cancelled meanwhile
        return
    if error is not None:
        unit.answer.set_exception(error)
    else:
        unit.answer.set_result(result)


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    await connection.execute("PRAGMA busy_timeout = 5000")
    await connection.execute("PRAGMA cache_size = -32000")
    return connection


async def _fetch(connection: aiosqlite.Connection, statement: Statement, parameters: Parameters | None) -> list[Row]:
    text, constants = statement.compile(_DIALECT)
    return list(await connection.execute_fetchall(text, _adapt(constants, parameters)))


def _adapt(constants: Parameters, parameters: Parameters | None) -> dict[str, Any]:
    """Merge constants and parameters; a list becomes the JSON text that `any_of` reads."""
    merged = {**constants, **(parameters or {})}
    for name, value in merged.items():
        if isinstance(value, list):
            merged[name] = json.dumps(value)
    return merged


def _unavailable(cause: Exception | None = None) -> Unavailable:
    error = Unavailable(
        "the store did not take the write; nothing of it is stored, repeat the call",
        reason="STORE_UNAVAILABLE",
        retry_after=1.0,
    )
    error.__cause__ = cause
    return error
