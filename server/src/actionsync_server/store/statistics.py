"""Tells SQLite's planner what it cannot know: an instance has many rows, a key after it has few.

Without statistics SQLite takes `instance_id = ?` for ten rows and prefers reading a whole instance to looking 300 keys
up. ANALYZE on a young database would say the same. So the table that ANALYZE fills (sqlite_stat1, documented as open to
applications) is filled with what holds once there are customers: plans do not change as a file grows.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_ROWS = 1_000_000
_PER_INSTANCE = 500_000
_PER_PREFIX = 1_000
_PER_KEY = 10


def set_statistics(connection: Connection) -> None:
    """Write the statistics of every index; they count for connections opened afterwards."""
    connection.execute(text("PRAGMA analysis_limit = 1"))  # ANALYZE is only to make its table, not to read ours
    connection.execute(text("ANALYZE"))
    connection.execute(text("DELETE FROM sqlite_stat1"))
    tables = connection.execute(
        text("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    )
    for table in tables.scalars().all():
        for index in connection.execute(text('SELECT name, "unique" FROM pragma_index_list(:t)'), {"t": table}).all():
            columns = connection.execute(text("SELECT name FROM pragma_index_info(:i)"), {"i": index.name}).scalars()
            connection.execute(
                text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:t, :i, :s)"),
                {"t": table, "i": index.name, "s": _stat([str(name) for name in columns], unique=bool(index.unique))},
            )


def _stat(columns: list[str], *, unique: bool) -> str:
    """Return rows in all, then rows for each longer prefix of the index's columns."""
    counts = [_PER_INSTANCE if columns[0] == "instance_id" else _PER_PREFIX]
    counts += [_PER_PREFIX] * (len(columns) - 2) + [_PER_KEY] * (len(columns) > 1)
    if unique:
        counts[-1] = 1
    elif len(columns) == 2:
        counts[-1] = _PER_KEY
    return " ".join(str(number) for number in (_ROWS, *counts))
