"""The nightly comparisons with Marketo: how far one is, and what it repaired."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from sqlalchemy import bindparam, delete, select

from actionsync_server.clock import Micros
from actionsync_server.store.database import Reader, Row, Transaction
from actionsync_server.store.schema import reconciles
from actionsync_server.store.statement import Statement

_MINE = reconciles.c.instance_id == bindparam("instance_id")
_LATEST = Statement(select(reconciles).where(_MINE).order_by(reconciles.c.reconcile_id.desc()).limit(1))
_LATEST_FINISHED = Statement(
    select(reconciles)
    .where(_MINE, reconciles.c.end_time.is_not(None))
    .order_by(reconciles.c.reconcile_id.desc())
    .limit(1)
)
_PUT = Statement(
    lambda insert_into: (statement := insert_into(reconciles)).on_conflict_do_update(
        index_elements=["instance_id", "reconcile_id"],
        set_={name: statement.excluded[name] for name in ("end_time", "progress", "report")},
    )
)
_PRUNE = Statement(
    delete(reconciles).where(
        reconciles.c.instance_id == bindparam("of_instance"), reconciles.c.end_time < bindparam("before")
    )
)


@dataclass(frozen=True, slots=True)
class ReconcileProgress:
    """How far a comparison is: copies up to a Marketo id are done. A big one takes several nights."""

    marketo_id: int = 0
    night_time: Micros = 0  # when the present night's part began
    night_calls: int = 0  # calls that it has cost


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """What a comparison found, in people. `withheld`: Marketo showed so many no more that it was not believed."""

    compared: int = 0
    changed: int = 0
    deleted: int = 0
    withheld: int = 0
    call_count: int = 0


@dataclass(frozen=True, slots=True)
class Reconcile:
    """One comparison of all copies with Marketo."""

    reconcile_id: str
    start_time: Micros
    end_time: Micros | None = None
    progress: ReconcileProgress = field(default_factory=ReconcileProgress)
    report: ReconcileReport = field(default_factory=ReconcileReport)


class Reconciles:
    """The comparisons of one instance."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def latest(self) -> Reconcile | None:
        """Return the newest, whether or not it is over."""
        return await self._one(_LATEST)

    async def latest_finished(self) -> Reconcile | None:
        """Return the newest that is over."""
        return await self._one(_LATEST_FINISHED)

    async def _one(self, statement: Statement) -> Reconcile | None:
        row = await self._reader.row(statement, {"instance_id": self._instance_id})
        return None if row is None else _reconcile(row)


class ReconcileWrites(Reconciles):
    """Changes of them, inside a transaction."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def put(self, reconcile: Reconcile) -> None:
        """Store a comparison as it is now."""
        await self._transaction.execute(
            _PUT,
            {
                "instance_id": self._instance_id,
                "reconcile_id": reconcile.reconcile_id,
                "start_time": reconcile.start_time,
                "end_time": reconcile.end_time,
                "progress": json.dumps(asdict(reconcile.progress)),
                "report": json.dumps(asdict(reconcile.report)),
            },
        )

    async def prune(self, *, before: Micros) -> int:
        """Forget those that were over before an instant; return how many."""
        return await self._transaction.execute(_PRUNE, {"of_instance": self._instance_id, "before": before})


def _reconcile(row: Row) -> Reconcile:
    return Reconcile(
        reconcile_id=row["reconcile_id"],
        start_time=row["start_time"],
        end_time=row["end_time"],
        progress=ReconcileProgress(**json.loads(row["progress"])),
        report=ReconcileReport(**json.loads(row["report"])),
    )
