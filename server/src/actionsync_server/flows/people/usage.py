"""Keeps how many calls an instance makes, by day."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from actionsync_server.clock import Clock, Micros, to_datetime
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.model.errors import NotConnected, System
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.quota_usage import QuotaUsage, QuotaUsages, QuotaUsageWrites
from actionsync_server.systems.call_counter import CallCounter

#: Marketo's day begins at midnight there; Salesforce counts a rolling day, which is shown by UTC days.
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
    """Takes the counters of the clients and adds them to the day."""

    def __init__(self, database: Database, clock: Clock, *, registry: ConnectionRegistry) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._counters: dict[tuple[str, System], CallCounter] = {}

    async def store(self, instance_id: str, *, marketo_used: int | None = None) -> None:
        """Add the calls made since the last time. `marketo_used` is what Marketo itself told for today."""
        usages = [
            usage
            for usage in (await self._marketo(instance_id, marketo_used), await self._salesforce(instance_id))
            if usage is not None and (usage.own_call_count or usage.used_call_count is not None)
        ]
        if not usages:
            return

        async def work(transaction: Transaction) -> None:
            for usage in usages:
                await QuotaUsageWrites(transaction, instance_id).add(usage)

        await self._database.write(work)

    async def today(self, instance_id: str) -> list[QuotaUsage]:
        """Return today's calls to each system, as its day goes."""
        stored = QuotaUsages(self._database, instance_id)
        now = self._clock.now()
        return [await stored.day(system, _day(system, now)) for system in (System.MARKETO, System.SALESFORCE)]

    async def _marketo(self, instance_id: str, used: int | None) -> QuotaUsage | None:
        try:
            client = await self._registry.marketo(instance_id)
        except NotConnected:
            return None
        return QuotaUsage(
            System.MARKETO,
            self._day(System.MARKETO),
            self._taken(instance_id, System.MARKETO, client.calls),
            used,
            None,
        )

    async def _salesforce(self, instance_id: str) -> QuotaUsage | None:
        try:
            client = await self._registry.salesforce(instance_id)
        except NotConnected:
            return None
        own = self._taken(instance_id, System.SALESFORCE, client.calls)
        used, limit = client.last_usage or (None, None)
        # What the system last told is news only together with calls of ours.
        return QuotaUsage(System.SALESFORCE, self._day(System.SALESFORCE), own, used if own else None, limit)

    def _taken(self, instance_id: str, system: System, counter: CallCounter) -> int:
        """Take the calls of a client, and what its predecessor had not told when it was replaced."""
        before = self._counters.get((instance_id, system))
        self._counters[instance_id, system] = counter
        rest = before.take() if before is not None and before is not counter else 0
        return counter.take() + rest

    def _day(self, system: System) -> str:
        return _day(system, self._clock.now())


def _day(system: System, now: Micros) -> str:
    zone = _MARKETO_ZONE if system is System.MARKETO else _UTC
    return to_datetime(now).astimezone(zone).date().isoformat()
