"""Marketo's activity of the people that somebody looked at, and when Marketo was asked for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select

from actionsync_server.clock import Micros
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import grid_reads, grid_rows
from actionsync_server.store.statement import Statement, any_of

_MINE = grid_rows.c.instance_id == bindparam("instance_id")
_ROWS = Statement(
    select(grid_rows)
    .where(_MINE, any_of(grid_rows.c.marketo_id, "marketo_ids"), grid_rows.c.activity_time >= bindparam("since"))
    .order_by(grid_rows.c.marketo_id, grid_rows.c.activity_time)
)
_READS = Statement(
    select(grid_reads).where(
        grid_reads.c.instance_id == bindparam("instance_id"), any_of(grid_reads.c.marketo_id, "marketo_ids")
    )
)
_PUT_ROW = Statement(
    lambda insert_into: insert_into(grid_rows).on_conflict_do_nothing(index_elements=["instance_id", "marketo_guid"])
)
_PUT_READ = Statement(
    lambda insert_into: (statement := insert_into(grid_reads)).on_conflict_do_update(
        index_elements=["instance_id", "marketo_id"], set_={"read_time": statement.excluded.read_time}
    )
)
_DROP_OLD = Statement(
    delete(grid_rows).where(
        grid_rows.c.instance_id == bindparam("of_instance"),
        grid_rows.c.marketo_id == bindparam("of_person"),
        grid_rows.c.activity_time < bindparam("before"),
    )
)


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row as Marketo gave it."""

    marketo_guid: str
    marketo_id: int
    type_id: int
    activity_time: Micros
    title: str
    attributes: dict[str, str]


class Grid:
    """The grid of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def rows(self, marketo_ids: Collection[int], *, since: Micros) -> list[StoredRow]:
        """Return the rows of people from an instant on."""
        parameters = {"instance_id": self._instance_id, "marketo_ids": sorted(marketo_ids), "since": since}
        return [
            StoredRow(
                row["marketo_guid"],
                row["marketo_id"],
                row["type_id"],
                row["activity_time"],
                row["title"],
                json.loads(row["attributes"]),
            )
            for row in await self._reader.rows(_ROWS, parameters)
        ]

    async def read_times(self, marketo_ids: Collection[int]) -> dict[int, Micros]:
        """Return when Marketo was last asked for each of these people; those never asked for are left out."""
        parameters = {"instance_id": self._instance_id, "marketo_ids": sorted(marketo_ids)}
        return {row["marketo_id"]: row["read_time"] for row in await self._reader.rows(_READS, parameters)}


class GridWrites(Grid):
    """Changes of the grid of one instance."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def read(
        self, marketo_ids: Sequence[int], rows: Sequence[StoredRow], *, read_time: Micros, keep_from: Micros
    ) -> None:
        """Note down what a reading of people brought, and drop what is too old to be shown."""
        mine: dict[str, Any] = {"instance_id": self._instance_id}
        await self._transaction.execute_many(
            _PUT_ROW,
            [
                mine
                | {
                    "marketo_guid": row.marketo_guid,
                    "marketo_id": row.marketo_id,
                    "type_id": row.type_id,
                    "activity_time": row.activity_time,
                    "title": row.title,
                    "attributes": json.dumps(row.attributes),
                }
                for row in rows
            ],
        )
        await self._transaction.execute_many(
            _PUT_READ, [mine | {"marketo_id": one, "read_time": read_time} for one in marketo_ids]
        )
        await self._transaction.execute_many(
            _DROP_OLD,
            [{"of_instance": self._instance_id, "of_person": one, "before": keep_from} for one in marketo_ids],
        )
