"""The recycle bin: which rows lie there since when, and with which row they went there.

A deleted row stays in its table, marked as deleted. After 15 days it is gone for good, and so is what pointed at it.
"""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.gateway.times import wire_datetime
from actionsync_simulators.salesforce.schema import SObject

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.state import Org

KEPT_FOR = timedelta(days=15)

RECYCLE_BIN_SQL = """
CREATE TABLE "sim_recycle_bin" (
    place INTEGER PRIMARY KEY,
    record_id TEXT NOT NULL UNIQUE,
    root_id TEXT NOT NULL,
    deleted_at TEXT NOT NULL
);
CREATE INDEX "sim_recycle_bin.root_id" ON "sim_recycle_bin" (root_id);
CREATE INDEX "sim_recycle_bin.deleted_at" ON "sim_recycle_bin" (deleted_at);
"""
"""`root_id` is the row whose deletion took this one along (itself, if it was deleted by itself)."""


def put_in(org: Org, record_id: str, *, root_id: str, deleted_at: str) -> None:
    """Note that a row has been deleted. `deleted_at` is in wire form."""
    org.database.execute(
        'INSERT INTO "sim_recycle_bin" (record_id, root_id, deleted_at) VALUES (?, ?, ?)',
        (record_id, root_id, deleted_at),
    )


def adopt(org: Org, record_ids: Iterable[str]) -> None:
    """Note that rows of the seed are deleted: as if that had just happened."""
    now = wire_datetime(org.clock.now())
    org.database.executemany(
        'INSERT INTO "sim_recycle_bin" (record_id, root_id, deleted_at) VALUES (?1, ?1, ?2)',
        [(record_id, now) for record_id in record_ids],
    )


def renew(org: Org) -> None:
    """All that lies in the bin counts as deleted just now: the seed has been restored, at a later time."""
    org.database.execute('UPDATE "sim_recycle_bin" SET deleted_at = ?', (wire_datetime(org.clock.now()),))


def went_with(org: Org, root_id: str) -> list[str]:
    """The ids of the rows in the bin that went there with this one, itself first; none if it is not there by itself."""
    oldest = wire_datetime(org.clock.now() - KEPT_FOR)
    rows = org.database.rows(
        'SELECT record_id FROM "sim_recycle_bin" WHERE root_id = ? AND deleted_at > ? ORDER BY place', (root_id, oldest)
    )
    return [row[0] for row in rows]


def take_out(org: Org, record_id: str) -> None:
    """Note that a row is no longer there."""
    org.database.execute('DELETE FROM "sim_recycle_bin" WHERE record_id = ?', (record_id,))


def purge(org: Org, sobject: SObject, record_id: str) -> None:
    """Remove a row that is in the bin for good, and the rows in the bin that cannot be without it."""
    _remove(org, _with_what_hangs_on(org, sobject, record_id))


def purge_overdue(org: Org) -> str | None:
    """Remove all rows that have been in the bin for 15 days; returns when the oldest one left went there."""
    oldest = wire_datetime(org.clock.now() - KEPT_FOR)
    overdue = org.database.rows(
        'SELECT record_id FROM "sim_recycle_bin" WHERE deleted_at <= ? ORDER BY place', (oldest,)
    )
    gone: dict[str, None] = {}
    for row in overdue:
        sobject = org.schema.object_for_prefix(row[0])
        if sobject is not None and row[0] not in gone:
            gone |= dict.fromkeys(_with_what_hangs_on(org, sobject, row[0]))
    if gone:
        with org.database.transaction():
            _remove(org, gone)
    left: str | None = org.database.value('SELECT min(deleted_at) FROM "sim_recycle_bin"')
    return left


def _with_what_hangs_on(org: Org, sobject: SObject, record_id: str) -> list[str]:
    found = [record_id]
    for relation in sobject.child_relationships:
        if relation.cascade_delete:
            child = org.sobject(relation.child_object)
            for row in org.database.rows(
                f"SELECT Id FROM {quoted(child.name)} WHERE {quoted(relation.field)} = ? AND IsDeleted = 1",
                (record_id,),
            ):
                found += _with_what_hangs_on(org, child, row[0])
    return found


def _remove(org: Org, record_ids: Collection[str]) -> None:
    for record_id in record_ids:
        sobject = org.schema.object_for_prefix(record_id)
        if sobject is None:
            continue
        org.database.execute(f"DELETE FROM {quoted(sobject.name)} WHERE Id = ? AND IsDeleted = 1", (record_id,))
        take_out(org, record_id)
        for relation in sobject.child_relationships:
            child = org.sobject(relation.child_object)
            if child.fields[relation.field].nillable:
                # Nobody has changed these rows, so their stamps stay.
                org.database.execute(
                    f"UPDATE {quoted(child.name)} SET {quoted(relation.field)} = NULL"
                    f" WHERE {quoted(relation.field)} = ?",
                    (record_id,),
                )
