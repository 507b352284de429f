"""The state of one simulator: an in-memory SQLite with real transactions and images taken in milliseconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from functools import cache
from itertools import chain, islice
from typing import Any, Protocol, cast

Parameters = Sequence[Any] | Mapping[str, Any]

SWAPPED_UP_TO = 512 << 20
"""Images up to so many bytes are restored into a new connection; SQLite lets such a one grow to 1 GiB only."""


ROWS_AT_ONCE = 50
"""Rows that one statement of `Database.insert` takes, where SQLite takes so many parameters."""


class TransactionWatcher(Protocol):
    """Follows the transactions of a database, to add to one what it must hold besides."""

    def mark(self) -> int:
        """A transaction or savepoint begins; returns where the watcher stands."""

    def undo(self, mark: int) -> None:
        """What happened since that mark is rolled back."""

    def committing(self) -> None:
        """The outermost transaction is about to commit; what is written now still belongs to it."""


class Transaction:
    """One `with` block of `Database.transaction`."""

    __slots__ = ("_database", "_depth", "_mark")

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> None:
        database = self._database
        depth = self._depth = database.depth
        database.connection.execute(f"SAVEPOINT nested_{depth}" if depth else "BEGIN")
        database.depth = depth + 1
        watcher = database.watcher
        self._mark = 0 if watcher is None else watcher.mark()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        database, depth = self._database, self._depth
        if kind is None:
            try:
                if database.watcher is not None and not depth:
                    database.watcher.committing()
            except BaseException:
                self._roll_back()
                raise
            database.depth = depth
            database.connection.execute(f"RELEASE nested_{depth}" if depth else "COMMIT")
        else:
            self._roll_back()

    def _roll_back(self) -> None:
        database, depth = self._database, self._depth
        database.depth = depth
        if database.watcher is not None:
            database.watcher.undo(self._mark)
        if depth:
            database.connection.execute(f"ROLLBACK TO nested_{depth}")
            database.connection.execute(f"RELEASE nested_{depth}")
        else:
            database.connection.execute("ROLLBACK")


class Database:
    """One in-memory SQLite database, used from the event loop's thread only.

    `schema_sql` is run once. Statements outside `transaction()` commit by themselves (autocommit).
    """

    def __init__(self, schema_sql: str) -> None:
        self._functions: dict[tuple[str, int], Callable[..., Any]] = {}
        self._collations: dict[str, Callable[[str, str], int]] = {}
        self.depth = 0
        self.watcher: TransactionWatcher | None = None
        self.connection = self._connect()
        self.connection.executescript(schema_sql)

    def define(self, name: str, arity: int, function: Callable[..., Any]) -> None:
        """Make a deterministic function callable in SQL. It stays when an image is restored."""
        if self._functions.get((name, arity)) is not function:
            self._functions[name, arity] = function
            self.connection.create_function(name, arity, function, deterministic=True)

    def collate(self, name: str, compare: Callable[[str, str], int]) -> None:
        """Make an order of texts usable in SQL (COLLATE name). It stays when an image is restored."""
        if self._collations.get(name) is not compare:
            self._collations[name] = compare
            self.connection.create_collation(name, compare)

    def execute(self, sql: str, params: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement and return its cursor."""
        return self.connection.execute(sql, params)

    def executemany(self, sql: str, params: Iterable[Parameters]) -> sqlite3.Cursor:
        """Run one statement for each set of parameters (wrap it in a transaction: seeding is then fast)."""
        return self.connection.executemany(sql, params)

    def insert(
        self,
        table: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        same_as: Mapping[str, str] | None = None,
        fixed: Mapping[str, str] | None = None,
    ) -> None:
        """Insert rows with these columns, many in each statement: that takes two thirds of the time of one by one.

        `same_as` are columns with the value of another one, `fixed` columns with the same SQL literal in all rows.
        """
        same_as, fixed = same_as or {}, fixed or {}
        names = ", ".join(quoted(name) for name in (*columns, *same_as, *fixed))
        width = len(columns)
        places = [*range(1, width + 1), *(columns.index(other) + 1 for other in same_as.values())]

        at_once = min(ROWS_AT_ONCE, self.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // width)

        @cache
        def statement(count: int) -> str:
            groups = (
                ", ".join((*(f"?{place + row * width}" for place in places), *fixed.values())) for row in range(count)
            )
            return f"INSERT INTO {quoted(table)} ({names}) VALUES ({'), ('.join(groups)})"  # noqa: S608 - quoted

        remaining = iter(rows)
        while some := list(islice(remaining, at_once)):
            self.connection.execute(statement(len(some)), list(chain.from_iterable(some)))

    def rows(self, sql: str, params: Parameters = ()) -> list[sqlite3.Row]:
        """Return every row of a query."""
        return self.connection.execute(sql, params).fetchall()

    def tuples(self, sql: str, params: Parameters = ()) -> list[tuple[Any, ...]]:
        """Return every row of a query without the names of its columns: less work where rows are many."""
        cursor = self.connection.cursor()
        cursor.row_factory = None
        return cursor.execute(sql, params).fetchall()

    def row(self, sql: str, params: Parameters = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        return cast("sqlite3.Row | None", self.connection.execute(sql, params).fetchone())

    def value(self, sql: str, params: Parameters = ()) -> Any:
        """Return the first column of the first row, or None when there is no row."""
        row = self.connection.execute(sql, params).fetchone()
        return None if row is None else row[0]

    def transaction(self) -> Transaction:
        """All or nothing: commits at the end, rolls back on any exception; a nested one is a savepoint."""
        return Transaction(self)

    def snapshot(self) -> bytes:
        """Return an image of the whole state. Not inside a transaction (RuntimeError)."""
        self._outside_transaction()
        return self.connection.serialize()

    def restore(self, image: bytes) -> None:
        """Make the state what it was when `image` was taken. Not inside a transaction (RuntimeError)."""
        self._outside_transaction()
        # Into a new connection: a live one that has used a table-valued function (json_each) keeps a pointer into the
        # schema that is replaced, and the next statement with one crashes the process.
        fresh = self._connect()
        if len(image) <= SWAPPED_UP_TO:
            fresh.deserialize(image)
        else:
            with closing(sqlite3.connect(":memory:")) as source:
                source.deserialize(image)
                source.backup(fresh)
        used, self.connection = self.connection, fresh
        used.close()

    def close(self) -> None:
        """Free the memory; the database cannot be used any more."""
        self.connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=1024)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -65536")
        for (name, arity), function in self._functions.items():
            connection.create_function(name, arity, function, deterministic=True)
        for name, compare in self._collations.items():
            connection.create_collation(name, compare)
        return connection

    def _outside_transaction(self) -> None:
        if self.depth:
            raise RuntimeError("an image is taken and restored outside of a transaction")


def quoted(name: str) -> str:
    """Return the name of a table or column as SQL."""
    return '"' + name.replace('"', '""') + '"'
