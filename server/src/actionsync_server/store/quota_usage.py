"""Calls to each system by day, as that system's day goes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from actionsync_server.model.errors import System
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import quota_usage
from actionsync_server.store.statement import Statement


@dataclass(frozen=True, slots=True)
class QuotaUsage:
    """One day of calls. `used` counts everybody's, as the system last told; None while unknown, like `limit`."""

    system: System
    day: str  # YYYY-MM-DD
    own_call_count: int
    used_call_count: int | None
    limit_call_count: int | None


_DAY = Statement(
    select(quota_usage).where(
        quota_usage.c.instance_id == bindparam("instance_id"),
        quota_usage.c.system == bindparam("system"),
        quota_usage.c.day == bindparam("day"),
    )
)
_ADD = Statement(
    lambda insert: (
        insert(quota_usage)
        .values({column.name: bindparam(column.name) for column in quota_usage.columns})
        .on_conflict_do_update(
            index_elements=["instance_id", "system", "day"],
            set_={
                "own_call_count": quota_usage.c.own_call_count + bindparam("own_call_count"),
                "used_call_count": func.coalesce(bindparam("used_call_count"), quota_usage.c.used_call_count),
                "limit_call_count": func.coalesce(bindparam("limit_call_count"), quota_usage.c.limit_call_count),
            },
        )
    )
)


class QuotaUsages:
    """What one instance used."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def day(self, system: System, day: str) -> QuotaUsage:
        """Return what was used of a system on one of its days."""
        row = await self._reader.row(_DAY, {"instance_id": self._instance_id, "system": system.value, "day": day})
        if row is None:
            return QuotaUsage(system, day, 0, None, None)
        return QuotaUsage(system, day, row["own_call_count"], row["used_call_count"], row["limit_call_count"])


class QuotaUsageWrites(QuotaUsages):
    """Adds to it inside one transaction."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def add(self, usage: QuotaUsage) -> None:
        """Add own calls to a day; what the system told replaces what it told before."""
        await self._transaction.execute(
            _ADD,
            {
                "instance_id": self._instance_id,
                "system": usage.system.value,
                "day": usage.day,
                "own_call_count": usage.own_call_count,
                "used_call_count": usage.used_call_count,
                "limit_call_count": usage.limit_call_count,
            },
        )
