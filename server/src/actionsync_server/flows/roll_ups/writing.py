"""Writes roll-ups: read what the records say, write what they lack. What cannot be written is dropped until the next
activity; a Task never waits for it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from actionsync_server.clock import HOUR, SECOND, Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.allowance import Allowance, Rank
from actionsync_server.flows.delivery.lanes import PROBE_INTERVAL, DeliveryLanes
from actionsync_server.flows.delivery.salesforce_logins import login_of
from actionsync_server.flows.logging.records import RecordFinder
from actionsync_server.flows.roll_ups.marketing import MarketingEngagements
from actionsync_server.flows.roll_ups.noting import PACE
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.deliveries import backoff
from actionsync_server.model.errors import (
    LoginRefused,
    NotConnected,
    QuotaExhausted,
    System,
    SystemBusy,
    SystemFailure,
)
from actionsync_server.model.persons import salesforce_id
from actionsync_server.model.roll_ups import OBJECTS, fields_by_label, merged, record
from actionsync_server.model.settings import LoggingSettings
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.roll_ups import RollUp, RollUps, RollUpWrites
from actionsync_server.systems.explain import FailureKind, judge
from actionsync_server.systems.salesforce import ObjectDescription, RowError, Salesforce, quote

log = structlog.get_logger(__name__)

#: Records in one step: one call reads them, one writes them.
LOT = 150
#: Between two looks for what became due.
LOOK: Micros = 15 * SECOND
#: What is busy so often is left to the next activity.
MOST_ATTEMPTS = 6
_IDLE_SECONDS = 3600.0
_RETRIED = frozenset({FailureKind.BUSY, FailureKind.UNKNOWN, FailureKind.QUOTA})
_MOVED = frozenset({"CANNOT_UPDATE_CONVERTED_LEAD", "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})


class RollUpWriting:
    """Writes the roll-ups of every instance."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rng: random.Random,
        *,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        lanes: DeliveryLanes,
        marketing: MarketingEngagements,
    ) -> None:
        self._database = database
        self._clock = clock
        self._rng = rng
        self._registry = registry
        self._settings = settings
        self._lanes = lanes
        self._marketing = marketing

    async def step(self, instance_id: str) -> float:
        """Write what is due; return after how many seconds to come again."""
        settings = (await self._settings.get(instance_id)).logging
        if not settings.roll_ups:
            return _IDLE_SECONDS
        now = self._clock.now()
        allowance = self._lanes.allowance(instance_id, System.SALESFORCE)
        blocked_until = allowance.blocked_until(Rank.ROLL_UPS, now)
        if blocked_until is not None:
            return (blocked_until - now) / SECOND
        due = await RollUps(self._database, instance_id).due(now=now, count=LOT)
        if not due:
            following = await RollUps(self._database, instance_id).next_time(now=now)
            return max(min(now + LOOK, following or now + LOOK) - now, SECOND) / SECOND
        try:
            instance_client = await self._registry.salesforce(instance_id)
        except NotConnected:
            return PROBE_INTERVAL / SECOND
        due = await self._marketing.added(instance_id, due)
        groups: dict[tuple[str, str], list[RollUp]] = {}
        for one in due:
            key = (login_of(one.user_id, settings.log_as), OBJECTS[one.record_id[:3]])
            groups.setdefault(key, []).append(one)
        for (login_id, kind), group in sorted(groups.items()):
            after = await self._write(instance_id, login_id, kind, group, instance_client, settings, allowance)
            await self._keep(instance_id, group, after)
        return 0.0

    async def _write(
        self,
        instance_id: str,
        login_id: str,
        kind: str,
        group: Sequence[RollUp],
        instance_client: Salesforce,
        settings: LoggingSettings,
        allowance: Allowance,
    ) -> dict[str, RollUp]:
        """Write the records of one object by one login; return how each roll-up goes on, by record id."""
        now = self._clock.now()
        try:
            client = await self._registry.salesforce(instance_id, login_id)
        except NotConnected:  # nobody tells us here when the seller connects
            return {one.record_id: replace(one, due_time=now + PROBE_INTERVAL) for one in group}
        try:
            after = await self._update(client, RecordFinder(instance_client, settings), kind, group)
        except QuotaExhausted as failure:
            allowance.spent(failure.until)
            return {one.record_id: replace(one, due_time=failure.until) for one in group}
        except LoginRefused as failure:
            return {one.record_id: _put_off(one, now + PROBE_INTERVAL, failure.system_code) for one in group}
        except SystemFailure as failure:
            if isinstance(failure, SystemBusy):
                return {one.record_id: self._again(one, failure.system_code) for one in group}
            return {one.record_id: self._dropped(instance_id, one, failure.system_code) for one in group}
        allowance.heard(client.last_usage, now=self._clock.now())
        return after

    async def _update(
        self, client: Salesforce, finder: RecordFinder, kind: str, group: Sequence[RollUp]
    ) -> dict[str, RollUp]:
        described = await client.describe(kind)
        names = sorted(set(fields_by_label(described.fields).values()))
        if not names or not described.updateable:
            return {one.record_id: _done(one, self._clock.now()) for one in group}
        present = await _present(client, kind, names, [one.record_id for one in group])
        after: dict[str, RollUp] = {}
        records: list[dict[str, Any]] = []
        for one in group:
            wanted = _wanted(one, described, present)
            if wanted is None:
                continue
            if wanted:
                records.append({"Id": one.record_id, **wanted})
            else:
                after[one.record_id] = _done(one, self._clock.now())
        results = await client.update(kind, records) if records else []
        known = {one.record_id: one for one in group}
        moved = [one.record_id for one in group if one.record_id not in present]
        for row, result in zip(records, results, strict=True):
            one = known[str(row["Id"])]
            if result.success:
                after[one.record_id] = _done(one, self._clock.now())
            elif result.errors[0].status_code in _MOVED:
                moved.append(one.record_id)
            else:
                after[one.record_id] = self._refused(one, result.errors[0])
        return after | await self._followed(finder, kind, [known[record_id] for record_id in moved])

    async def _followed(self, finder: RecordFinder, kind: str, gone: Sequence[RollUp]) -> dict[str, RollUp]:
        """Let what was meant for a converted or merged record go to the one that stands for it."""
        if not gone:
            return {}
        people = kind in ("Lead", "Contact")
        successors = await finder.successors([one.record_id for one in gone]) if people else {}
        after: dict[str, RollUp] = {}
        for one in gone:
            after[one.record_id] = replace(_done(one, one.write_time), error="ENTITY_IS_DELETED")
            successor = successors.get(one.record_id, "")
            if successor and successor != one.record_id:
                after[successor] = replace(one, record_id=successor, due_time=self._clock.now(), attempt_count=0)
        return after

    def _refused(self, one: RollUp, error: RowError) -> RollUp:
        if error.status_code == "ENTITY_IS_LOCKED":
            return _put_off(one, self._clock.now() + HOUR, error.status_code)
        if judge(System.SALESFORCE, error.status_code, error.message) in _RETRIED:
            return self._again(one, error.status_code)
        log.info("roll_up_dropped", record_id=one.record_id, user_id=one.user_id, code=error.status_code)
        return replace(_done(one, one.write_time), error=error.status_code)

    def _again(self, one: RollUp, code: str) -> RollUp:
        attempts = one.attempt_count + 1
        if attempts >= MOST_ATTEMPTS:
            return replace(_done(one, one.write_time), error=code)
        return _put_off(one, self._clock.now() + backoff(attempts, jitter=self._rng.random()), code)

    def _dropped(self, instance_id: str, one: RollUp, code: str) -> RollUp:
        log.info("roll_up_dropped", instance_id=instance_id, record_id=one.record_id, user_id=one.user_id, code=code)
        return replace(_done(one, one.write_time), error=code)

    async def _keep(self, instance_id: str, before: Sequence[RollUp], after: Mapping[str, RollUp]) -> None:
        """Store how the roll-ups go on, together with what came to be known while they were written."""
        seen = {one.record_id: one.wanted for one in before}

        async def work(transaction: Transaction) -> None:
            writes = RollUpWrites(transaction, instance_id)
            current = await writes.many(list(after))
            changed = []
            for record_id, one in after.items():
                now = current.get(record_id)
                if now is not None and (newer := merged(one.wanted, now.wanted)) != one.wanted:
                    due = one.due_time if one.due_time is not None else one.write_time + PACE
                    one = replace(one, wanted=newer, user_id=now.user_id, marketo_id=now.marketo_id, due_time=due)
                elif now is not None and record_id not in seen:
                    one = replace(one, wanted=merged(now.wanted, one.wanted))
                changed.append(one)
            await writes.put(changed)

        await self._database.write(work)


def _wanted(
    one: RollUp, described: ObjectDescription, present: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Return the fields that a record lacks; None when there is no such record."""
    found = present.get(one.record_id)
    return None if found is None else record(one.wanted, described.fields, found)


def _done(one: RollUp, at: Micros) -> RollUp:
    return replace(one, write_time=at, due_time=None, attempt_count=0, error="")


def _put_off(one: RollUp, until: Micros, code: str) -> RollUp:
    return replace(one, due_time=until, attempt_count=one.attempt_count + 1, error=code)


async def _present(
    client: Salesforce, kind: str, names: Sequence[str], record_ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    listed = ", ".join(quote(one) for one in record_ids)
    condition = " AND IsConverted = false" if kind == "Lead" else ""
    soql = f"SELECT Id, {', '.join(names)} FROM {kind} WHERE Id IN ({listed}){condition}"  # noqa: S608 - quoted
    return {salesforce_id(row["Id"]): row for row in await client.query(soql)}
