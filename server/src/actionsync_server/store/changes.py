"""The change log: one row for each change, written in the transaction of the change; its number is the position."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, literal, select

from actionsync_server.clock import Micros
from actionsync_server.store.database import Database, Reader, Row, Transaction
from actionsync_server.store.schema import change_compactions, changes, store_identity
from actionsync_server.store.statement import Statement


class ChangeKind(Enum):
    """What changed."""

    PERSON = 1
    UNSUBSCRIBE = 2
    DELIVERY = 3
    INITIAL_SYNC = 4
    REMINDER_TASK = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the log. `type` is a number of the watch's own contract enum."""

    change_number: int
    subject_id: str
    type: int
    detail: dict[str, Any]
    change_time: Micros


_COLUMNS = ("instance_id", "kind", "subject_id", "type", "detail", "change_time")
_INSERT = Statement(insert(changes).values({name: bindparam(name) for name in _COLUMNS}))
_AFTER = Statement(
    select(changes)
    .where(
        changes.c.instance_id == bindparam("instance_id"),
        changes.c.kind == bindparam("kind"),
        changes.c.change_number > bindparam("after"),
    )
    .order_by(changes.c.change_number)
    .limit(bindparam("count"))
)
_LATEST = Statement(select(func.coalesce(func.max(changes.c.change_number), literal(0)).label("position")))
_IDENTITY = Statement(select(store_identity.c.store_id))
_OF_INSTANCE = changes.c.instance_id == bindparam("instance_id")
_COMPACTED = Statement(
    select(change_compactions.c.change_number).where(change_compactions.c.instance_id == bindparam("instance_id"))
)
_EARLIEST = Statement(
    select(changes.c.change_time)
    .where(_OF_INSTANCE, changes.c.change_number > bindparam("after"))
    .order_by(changes.c.change_number)
    .limit(1)
)
_OLDEST = Statement(
    select(changes.c.change_number, changes.c.change_time)
    .where(_OF_INSTANCE, changes.c.kind == bindparam("kind"))
    .order_by(changes.c.change_number)
    .limit(bindparam("count"))
)
_CUT = Statement(
    delete(changes).where(
        changes.c.instance_id == bindparam("of_instance"),
        changes.c.kind == bindparam("of_kind"),
        changes.c.change_number <= bindparam("up_to"),
    )
)
_NOTE_CUT = Statement(
    lambda insert_into: (statement := insert_into(change_compactions)).on_conflict_do_update(
        index_elements=["instance_id"],
        set_={
            "change_number": func.max(change_compactions.c.change_number, statement.excluded.change_number),
        },
    )
)


def change_row(
    instance_id: str,
    kind: ChangeKind,
    subject_id: str,
    *,
    type: int,  # noqa: A002
    at: Micros,
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the parameters of one row, for `record`."""
    return {
        "instance_id": instance_id,
        "kind": kind.value,
        "subject_id": subject_id,
        "type": type,
        "detail": json.dumps(detail) if detail else "",
        "change_time": at,
    }


async def record(transaction: Transaction, rows: list[dict[str, Any]]) -> None:
    """Append rows to the log, in their order."""
    await transaction.execute_many(_INSERT, rows)


async def after(database: Database, instance_id: str, kind: ChangeKind, *, position: int, count: int) -> list[Change]:
    """Return up to `count` changes after a position, in stored order."""
    found = await database.rows(
        _AFTER, {"instance_id": instance_id, "kind": kind.value, "after": position, "count": count}
    )
    return [to_change(row) for row in found]


def to_change(row: Row) -> Change:
    """Read a row of the table."""
    return Change(
        row["change_number"],
        row["subject_id"],
        row["type"],
        json.loads(row["detail"]) if row["detail"] else {},
        row["change_time"],
    )


async def latest(reader: Reader) -> int:
    """Return the position of the newest change of all instances: a watch that starts now starts after it."""
    row = await reader.row(_LATEST)
    return int(row["position"]) if row is not None else 0


async def store_id(reader: Reader) -> str:
    """Return what tells the positions of this database from those of another."""
    row = await reader.row(_IDENTITY)
    if row is None:
        raise RuntimeError("the database has no identity; it was not migrated")
    identity: str = row["store_id"]
    return identity


async def compacted_to(reader: Reader, instance_id: str) -> int:
    """Return the position up to which changes of an instance may be gone; 0 when none are."""
    row = await reader.row(_COMPACTED, {"instance_id": instance_id})
    return 0 if row is None else int(row["change_number"])


async def earliest_time(reader: Reader, instance_id: str) -> Micros | None:
    """Return the time of the oldest change that is certainly still there, None when there is none."""
    after_position = await compacted_to(reader, instance_id)
    row = await reader.row(_EARLIEST, {"instance_id": instance_id, "after": after_position})
    return None if row is None else int(row["change_time"])


async def compact(transaction: Transaction, instance_id: str, *, before: Micros, count: int) -> int:
    """Drop up to `count` changes of each kind from before an instant; return how many went.

    Looks at the `count` oldest ones of each kind and no further: numbers and times grow together.
    """
    dropped = 0
    for kind in ChangeKind:
        parameters = {"instance_id": instance_id, "kind": kind.value, "count": count}
        oldest = await transaction.rows(_OLDEST, parameters)
        old = [int(row["change_number"]) for row in takewhile(lambda row: row["change_time"] < before, oldest)]
        if not old:
            continue
        dropped += await transaction.execute(
            _CUT, {"of_instance": instance_id, "of_kind": kind.value, "up_to": old[-1]}
        )
        await transaction.execute(_NOTE_CUT, {"instance_id": instance_id, "change_number": old[-1]})
    return dropped
