"""Calls to each system by day, as that system's day goes, and by flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import bindparam, func, select

from actionsync_server.clock import Micros
from actionsync_server.model.errors import System
from actionsync_server.model.quotas import Flow
from actionsync_server.store.database import Reader, Transaction
from actionsync_server.store.schema import flow_usage, quota_usage
from actionsync_server.store.statement import Statement


@dataclass(frozen=True, slots=True)
class QuotaUsage:
    """One day of calls. `used` counts everybody's, as the system last told with ours since; None while unknown, like
    `limit`. `spent_time` is when the rest will be used up, where that is to be expected."""

    system: System
    day: str  # YYYY-MM-DD
    own_call_count: int
    used_call_count: int | None
    limit_call_count: int | None
    flows: Mapping[Flow, int] = field(default_factory=dict)
    held_back: frozenset[Flow] = frozenset()
    spent_time: Micros | None = None


_KEY = ("instance_id", "system", "day")
_DAY = Statement(select(quota_usage).where(*(quota_usage.c[name] == bindparam(name) for name in _KEY)))
_FLOWS = Statement(select(flow_usage).where(*(flow_usage.c[name] == bindparam(name) for name in _KEY)))
_ADD = Statement(
    lambda insert: (
        insert(quota_usage)
        .values({column.name: bindparam(column.name) for column in quota_usage.columns})
        .on_conflict_do_update(
            index_elements=list(_KEY),
            set_={
                "own_call_count": quota_usage.c.own_call_count + bindparam("own_call_count"),
                # What nobody told of yet is ours at least.
                "used_call_count": func.coalesce(
                    bindparam("used_call_count"), quota_usage.c.used_call_count + bindparam("own_call_count")
                ),
                "limit_call_count": func.coalesce(bindparam("limit_call_count"), quota_usage.c.limit_call_count),
            },
        )
    )
)
_ADD_FLOW = Statement(
    lambda insert: (
        insert(flow_usage)
        .values({column.name: bindparam(column.name) for column in flow_usage.columns})
        .on_conflict_do_update(
            index_elements=[*_KEY, "flow"], set_={"call_count": flow_usage.c.call_count + bindparam("call_count")}
        )
    )
)
_BY_LABEL = {flow.label: flow for flow in Flow}


class QuotaUsages:
    """What one instance used."""

    def __init__(self, reader: Reader, instance_id: str) -> None:
        self._reader = reader
        self._instance_id = instance_id

    async def day(self, system: System, day: str) -> QuotaUsage:
        """Return what was used of a system on one of its days."""
        key = {"instance_id": self._instance_id, "system": system.value, "day": day}
        row = await self._reader.row(_DAY, key)
        if row is None:
            return QuotaUsage(system, day, 0, None, None)
        flows = {
            _BY_LABEL.get(one["flow"], Flow.OTHER): one["call_count"] for one in await self._reader.rows(_FLOWS, key)
        }
        own, used = row["own_call_count"], row["used_call_count"]
        # A system tells now and then, and some count other days than we: everybody's are ours at least.
        return QuotaUsage(system, day, own, None if used is None else max(used, own), row["limit_call_count"], flows)


class QuotaUsageWrites(QuotaUsages):
    """Adds to it inside one transaction."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        super().__init__(transaction, instance_id)
        self._transaction = transaction

    async def add(self, usage: QuotaUsage) -> None:
        """Add own calls to a day, by flow too; what the system told replaces what it told before."""
        key = {"instance_id": self._instance_id, "system": usage.system.value, "day": usage.day}
        await self._transaction.execute(
            _ADD,
            {
                **key,
                "own_call_count": usage.own_call_count,
                "used_call_count": usage.used_call_count,
                "limit_call_count": usage.limit_call_count,
            },
        )
        await self._transaction.execute_many(
            _ADD_FLOW, [{**key, "flow": flow.label, "call_count": count} for flow, count in usage.flows.items()]
        )
