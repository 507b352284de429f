"""The state of one simulator: an in-memory SQLite with real transactions and images taken in milliseconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol, cast

Parameters = Sequence[Any] | Mapping[str, Any]


class TransactionWatcher(Protocol):
    """Follows the transactions of a database, to add to one what it must hold besides."""

    def mark(self) -> int:
        """A transaction or savepoint begins; returns where the watcher stands."""

    def undo(self, mark: int) -> None:
        """What happened since that mark is rolled back."""

    def committing(self) -> None:
        """The outermost transaction is about to commit; what is written now still belongs to it."""


class Database:
    """One in-memory SQLite database, used from the event loop's thread only.

    `schema_sql` is run once. Statements outside `transaction()` commit by themselves (autocommit).
    """

    def __init__(self, schema_sql: str) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=1024)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA temp_store = MEMORY")
        self.connection.execute("PRAGMA cache_size = -65536")
        self.connection.executescript(schema_sql)
        self._depth = 0
        self.watcher: TransactionWatcher | None = None

    def execute(self, sql: str, params: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement and return its cursor."""
        return self.connection.execute(sql, params)

    def executemany(self, sql: str, params: Iterable[Parameters]) -> sqlite3.Cursor:
        """Run one statement for each set of parameters (wrap it in a transaction: seeding is then fast)."""
        return self.connection.executemany(sql, params)

    def rows(self, sql: str, params: Parameters = ()) -> list[sqlite3.Row]:
        """Return every row of a query."""
        return self.connection.execute(sql, params).fetchall()

    def row(self, sql: str, params: Parameters = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        return cast("sqlite3.Row | None", self.connection.execute(sql, params).fetchone())

    def value(self, sql: str, params: Parameters = ()) -> Any:
        """Return the first column of the first row, or None when there is no row."""
        row = self.connection.execute(sql, params).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: commits at the end, rolls back on any exception; a nested one is a savepoint."""
        depth = self._depth
        begin, commit, rollback = ("BEGIN", "COMMIT", ("ROLLBACK",))
        if depth:
            name = f"nested_{depth}"
            begin, commit = f"SAVEPOINT {name}", f"RELEASE {name}"
            rollback = (f"ROLLBACK TO {name}", f"RELEASE {name}")  # type: ignore[assignment]
        self.connection.execute(begin)
        self._depth = depth + 1
        watcher = self.watcher
        mark = 0 if watcher is None else watcher.mark()
        try:
            yield
            if watcher is not None and not depth:
                watcher.committing()
        except BaseException:
            self._depth = depth
            if watcher is not None:
                watcher.undo(mark)
            for statement in rollback:
                self.connection.execute(statement)
            raise
        self._depth = depth
        self.connection.execute(commit)

    def snapshot(self) -> bytes:
        """Return an image of the whole state. Not inside a transaction (RuntimeError)."""
        self._outside_transaction()
        return self.connection.serialize()

    def restore(self, image: bytes) -> None:
        """Make the state what it was when `image` was taken. Not inside a transaction (RuntimeError)."""
        self._outside_transaction()
        # Deserializing into the live connection would be faster, but leaves table-valued functions (json_each)
        # with a freed schema: the next statement that uses one crashes the process.
        with closing(sqlite3.connect(":memory:")) as source:
            source.deserialize(image)
            source.backup(self.connection)

    def close(self) -> None:
        """Free the memory; the database cannot be used any more."""
        self.connection.close()

    def _outside_transaction(self) -> None:
        if self._depth:
            raise RuntimeError("an image is taken and restored outside of a transaction")
