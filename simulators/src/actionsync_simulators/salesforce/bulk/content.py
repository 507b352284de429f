"""Content of jobs and batches: uploads and results, kept in parts of whole rows and read back by row numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate

from actionsync_simulators.database import Database

UPLOAD, SUCCESSFUL, FAILED, UNPROCESSED, ROWS = "upload", "successful", "failed", "unprocessed", "rows"
"""What a job or batch can have: the data it was given, and rows of its results."""


def append_rows(database: Database, owner: str, kind: str, rows: Sequence[bytes]) -> None:
    """Add rows after those that are there. No rows make no part."""
    if not rows:
        return
    last = database.row(
        "SELECT part, first_row + row_count AS next_row FROM bulk_content WHERE owner = ? AND kind = ?"
        " ORDER BY part DESC LIMIT 1",
        (owner, kind),
    )
    part, first_row = (0, 0) if last is None else (last["part"] + 1, last["next_row"])
    ends = array("I", accumulate(map(len, rows)))
    database.execute(
        "INSERT INTO bulk_content (owner, kind, part, first_row, row_count, ends, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (owner, kind, part, first_row, len(rows), ends.tobytes(), b"".join(rows)),
    )


def row_count(database: Database, owner: str, kind: str) -> int:
    """How many rows there are."""
    counted = database.value("SELECT sum(row_count) FROM bulk_content WHERE owner = ? AND kind = ?", (owner, kind))
    return int(counted or 0)


def parts(database: Database, owner: str, kind: str) -> Iterator[bytes]:
    """Everything there is, part by part."""
    for row in database.rows("SELECT data FROM bulk_content WHERE owner = ? AND kind = ? ORDER BY part", (owner, kind)):
        yield row["data"]


def whole(database: Database, owner: str, kind: str) -> bytes | None:
    """Everything in one piece, or None when there is nothing."""
    found = list(parts(database, owner, kind))
    return b"".join(found) if found else None


def row_slice(database: Database, owner: str, kind: str, *, start: int, count: int) -> bytes:
    """The rows from number `start` (0 up) on, at most `count` of them."""
    stop = start + count
    pieces: list[bytes] = []
    for row in database.rows(
        "SELECT first_row, row_count, ends, data FROM bulk_content WHERE owner = ? AND kind = ?"
        " AND first_row < ? AND first_row + row_count > ? ORDER BY part",
        (owner, kind, stop, start),
    ):
        ends = array("I", row["ends"])
        first, last = max(start - row["first_row"], 0), min(stop - row["first_row"], row["row_count"])
        pieces.append(row["data"][ends[first - 1] if first else 0 : ends[last - 1]])
    return b"".join(pieces)


def forget(database: Database, owner: str, kind: str | None = None) -> None:
    """Delete what belongs to a job or batch: one kind of it, or everything."""
    database.execute("DELETE FROM bulk_content WHERE owner = ?1 AND (?2 IS NULL OR kind = ?2)", (owner, kind))
