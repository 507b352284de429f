"""The rows of objects: inserting, changing and removing one, with what follows from each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.crm_objects.definition import STAMPS, ObjectKind
from actionsync_simulators.marketo.crm_objects.keys import guid_of
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.activities.record import Origin
    from actionsync_simulators.marketo.subscription import Subscription


def insert(kind: ObjectKind, site: Subscription, values: Mapping[str, Any], *, origin: Origin) -> sqlite3.Row:
    """Add a record, its key among the values (in stored form), and return it."""
    now = wire(site.clock.now())
    row = {name: value for name, value in values.items() if value is not None} | dict.fromkeys(STAMPS, now)
    columns = ", ".join(f'"{name}"' for name in row)
    cursor = site.database.execute(
        f"INSERT INTO {kind.table} ({columns}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608
        tuple(row.values()),
    )
    number = int(cursor.lastrowid or 0)
    if kind.row_key != f'"{kind.id_field}"':
        site.database.execute(
            f'UPDATE {kind.table} SET "{kind.id_field}" = ? WHERE {kind.row_key} = ?',  # noqa: S608
            (guid_of(site.seed, kind.table, number), number),
        )
    new = _stored(kind, site, number)
    kind.rules.created(site, new, origin=origin)
    return new


def change(
    kind: ObjectKind, site: Subscription, old: sqlite3.Row, changed: Mapping[str, Any], *, origin: Origin
) -> None:
    """Write the values that have changed; none of them leaves the record as it is."""
    if not changed:
        return
    assignments = {**changed, "updatedAt": wire(site.clock.now())}
    sets = ", ".join(f'"{name}" = ?' for name in assignments)
    number = number_of(kind, old)
    site.database.execute(
        f"UPDATE {kind.table} SET {sets} WHERE {kind.row_key} = ?",  # noqa: S608
        (*assignments.values(), number),
    )
    kind.rules.updated(site, old=old, new=_stored(kind, site, number), origin=origin)


def remove(kind: ObjectKind, site: Subscription, old: sqlite3.Row, *, origin: Origin) -> None:
    """Delete a record."""
    site.database.execute(
        f"DELETE FROM {kind.table} WHERE {kind.row_key} = ?",  # noqa: S608
        (number_of(kind, old),),
    )
    kind.rules.deleted(site, old, origin=origin)


def number_of(kind: ObjectKind, row: sqlite3.Row) -> int:
    """Return the integer that orders a record."""
    return int(row[kind.row_key.strip('"')])


def _stored(kind: ObjectKind, site: Subscription, number: int) -> sqlite3.Row:
    row = site.database.row(
        f"SELECT * FROM {kind.table} WHERE {kind.row_key} = ?",  # noqa: S608
        (number,),
    )
    if row is None:
        raise LookupError(f"{kind.name} {number} is gone")
    return row
