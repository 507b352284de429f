"""What the roll-up fields of Salesforce records shall say, what they say, and when they are written next."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, select

from actionsync_server.clock import Micros
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import roll_ups
from actionsync_server.store.statement import Statement, any_of

_MINE = roll_ups.c.instance_id == bindparam("instance_id")
_BY_ID = Statement(select(roll_ups).where(_MINE, any_of(roll_ups.c.record_id, "record_ids")))
_DUE = Statement(
    select(roll_ups)
    .where(_MINE, roll_ups.c.due_time <= bindparam("now"))
    .order_by(roll_ups.c.due_time)
    .limit(bindparam("count"))
)
_NEXT = Statement(
    select(func.min(roll_ups.c.due_time).label("due_time")).where(_MINE, roll_ups.c.due_time > bindparam("now"))
)
_PUT = Statement(
    lambda insert_into: (statement := insert_into(roll_ups)).on_conflict_do_update(
        index_elements=["instance_id", "record_id"],
        set_={
            name: statement.excluded[name]
            for name in ("user_id", "wanted", "written", "due_time", "attempt_count", "error")
        },
    )
)


@dataclass(frozen=True, slots=True)
class RollUp:
    """The roll-ups of one record.

    `user_id` did the last thing that counts, `marketo_id` is of the person it was done to. `due_time` is None when
    nothing is to be written; `error` says why the last write came to nothing.
    """

    record_id: str
    user_id: str
    marketo_id: int = 0
    wanted: Mapping[str, list[Any]] = field(default_factory=dict)
    write_time: Micros = 0
    due_time: Micros | None = None
    attempt_count: int = 0
    error: str = ""


class RollUps:
    """The roll-ups of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def many(self, record_ids: Collection[str]) -> dict[str, RollUp]:
        """Return the roll-ups of records, by record id."""
        parameters = {"instance_id": self._instance_id, "record_ids": sorted(set(record_ids))}
        return {row["record_id"]: _roll_up(row) for row in await self._reader.rows(_BY_ID, parameters)}

    async def due(self, *, now: Micros, count: int) -> list[RollUp]:
        """Return up to `count` roll-ups that are to be written now, those due longest first."""
        parameters = {"instance_id": self._instance_id, "now": now, "count": count}
        return [_roll_up(row) for row in await self._reader.rows(_DUE, parameters)]

    async def next_time(self, *, now: Micros) -> Micros | None:
        """Return when the next one becomes due that is not so yet."""
        row = await self._reader.row(_NEXT, {"instance_id": self._instance_id, "now": now})
        return None if row is None else row["due_time"]


class RollUpWrites(RollUps):
    """Changes of the roll-ups of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def put(self, changed: Sequence[RollUp]) -> None:
        """Store roll-ups."""
        await self._transaction.execute_many(_PUT, [self._row(one) for one in changed])

    def _row(self, one: RollUp) -> dict[str, Any]:
        return {
            "instance_id": self._instance_id,
            "record_id": one.record_id,
            "user_id": one.user_id,
            "wanted": json.dumps({"facts": dict(one.wanted), "marketo_id": one.marketo_id}),
            "written": json.dumps({"at": one.write_time}),
            "due_time": one.due_time,
            "attempt_count": one.attempt_count,
            "error": one.error,
        }


def _roll_up(row: Row) -> RollUp:
    wanted = json.loads(row["wanted"])
    return RollUp(
        record_id=row["record_id"],
        user_id=row["user_id"],
        marketo_id=wanted["marketo_id"],
        wanted=wanted["facts"],
        write_time=json.loads(row["written"])["at"],
        due_time=row["due_time"],
        attempt_count=row["attempt_count"],
        error=row["error"],
    )
