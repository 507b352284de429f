"""The change log: one row for each change, written in the transaction of the change; its number is the position."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import bindparam, insert, select

from actionsync_server.clock import Micros
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.schema import changes
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
    return [
        Change(
            row["change_number"],
            row["subject_id"],
            row["type"],
            json.loads(row["detail"]) if row["detail"] else {},
            row["change_time"],
        )
        for row in found
    ]
