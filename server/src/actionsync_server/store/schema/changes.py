"""The log of changes that every watch reads."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table
from sqlalchemy import text as text_clause

from actionsync_server.store.schema.columns import integer, metadata, text

changes = Table(
    "changes",
    metadata,
    Column("change_number", Integer, primary_key=True, autoincrement=True),  # the position of every watch
    text("instance_id"),
    integer("kind"),  # of the subject: see store/changes
    text("subject_id"),
    integer("type"),
    text("detail"),  # JSON, or ""
    integer("change_time"),
    Index("changes_by_kind", "instance_id", "kind", "change_number"),
    # The life of one person; watches read by kind, so nothing else needs its subject.
    Index("changes_of_people", "instance_id", "subject_id", "change_number", sqlite_where=text_clause("kind = 1")),
    sqlite_autoincrement=True,  # a number is never given twice, also after compaction
)

store_identity = Table(  # one row: tells positions of this database from those of another
    "store_identity",
    metadata,
    text("store_id", key=True),
)

change_compactions = Table(  # up to where the log of an instance has been cut off
    "change_compactions",
    metadata,
    text("instance_id", key=True),
    integer("change_number"),
)
