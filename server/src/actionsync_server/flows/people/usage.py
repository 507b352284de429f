"""Keeps how many calls an instance makes, by day and by flow, and tells when they will be spent."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from zoneinfo import ZoneInfo

from actionsync_server.clock import DAY, Clock, Micros, to_datetime
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.model.errors import System
from actionsync_server.model.quotas import PACE_OVER, Flow, Reading, forecast, may_call
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.quota_usage import QuotaUsage, QuotaUsages, QuotaUsageWrites
from actionsync_server.systems.call_counter import CallCounter
from actionsync_server.systems.marketo.codes import next_central_midnight

#: Marketo's day begins at midnight there; Salesforce counts the last 24 hours, which are shown by UTC days.
_MARKETO_ZONE = ZoneInfo("America/Chicago")
_UTC = ZoneInfo("UTC")


class CallMeter:
    """Tells how many calls a client made since it was last asked."""

    def __init__(self, counter: CallCounter) -> None:
        self._counter = counter
        self._last = counter.total

    def take(self) -> int:
        """Return the calls since the last time."""
        last, self._last = self._last, self._counter.total
        return self._last - last


class CallUsage:
    """Takes what the ledgers of the clients hold and adds it to the day."""

    def __init__(self, database: Database, clock: Clock, *, registry: ConnectionRegistry) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._days: dict[tuple[str, System], str] = {}
        self._readings: defaultdict[tuple[str, System], deque[Reading]] = defaultdict(deque)

    async def store(self, instance_id: str, *, marketo_used: int | None = None) -> None:
        """Add the calls made since the last time. `marketo_used` is what Marketo itself told for today, just now."""
        if marketo_used is not None:
            self._registry.ledger(instance_id, System.MARKETO).heard(marketo_used)
        usages = [
            usage
            for system in (System.MARKETO, System.SALESFORCE)
            if (usage := self._taken(instance_id, system)).own_call_count or usage.used_call_count is not None
        ]
        if not usages:
            return

        async def work(transaction: Transaction) -> None:
            for usage in usages:
                await QuotaUsageWrites(transaction, instance_id).add(usage)

        await self._database.write(work)

    async def today(self, instance_id: str) -> list[QuotaUsage]:
        """Return today's calls to each system, as its day goes, with what is held back and when they will be spent."""
        return [await self._today(instance_id, system) for system in (System.MARKETO, System.SALESFORCE)]

    async def _today(self, instance_id: str, system: System) -> QuotaUsage:
        now = self._clock.now()
        usage = await QuotaUsages(self._database, instance_id).day(system, _day(system, now))
        used, limit = usage.used_call_count, usage.limit_call_count
        if used is None or limit is None:
            return usage
        held = frozenset(flow for flow in Flow if not may_call(flow, used=used, limit=limit))
        day_end = next_central_midnight(now) if system is System.MARKETO else now + DAY
        spent = forecast(list(self._readings[instance_id, system]), limit=limit, day_end=day_end)
        return replace(usage, held_back=held, spent_time=spent)

    def _taken(self, instance_id: str, system: System) -> QuotaUsage:
        """Take the calls of a ledger as an addition to the present day."""
        ledger, now = self._registry.ledger(instance_id, system), self._clock.now()
        day, readings = _day(system, now), self._readings[instance_id, system]
        if system is System.MARKETO and self._days.get((instance_id, system), day) != day:
            ledger.new_day()
            readings.clear()
        self._days[instance_id, system] = day
        flows = ledger.take()
        if ledger.used is not None:
            readings.append(Reading(now, ledger.used))
            while len(readings) > 2 and readings[1].time <= now - PACE_OVER:
                readings.popleft()
        # What was told is news only together with calls of ours, or when it was asked for.
        told = ledger.used if flows or ledger.heard_time == now else None
        return QuotaUsage(system, day, sum(flows.values()), told, ledger.limit if told is not None else None, flows)


def _day(system: System, now: Micros) -> str:
    zone = _MARKETO_ZONE if system is System.MARKETO else _UTC
    return to_datetime(now).astimezone(zone).date().isoformat()
