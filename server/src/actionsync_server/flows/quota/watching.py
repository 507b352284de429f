"""Asks now and then how many calls everybody has made, and tells somebody while there is still time."""

from __future__ import annotations

import structlog

from actionsync_server.clock import MINUTE, SECOND, Clock, Micros, to_datetime
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.people.usage import CallUsage
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import NotConnected, System, SystemFailure
from actionsync_server.model.quotas import ALARM_SHARE, Flow
from actionsync_server.store.quota_usage import QuotaUsage

log = structlog.get_logger(__name__)

LOW_ALERT = "quota_low"
SPENT_ALERT = "quota_spent"

#: Marketo tells only when asked, which is a call itself.
_SELDOM: Micros = 30 * MINUTE
_OFTEN: Micros = 5 * MINUTE
#: From this share on it is asked more often.
_WATCHFUL_SHARE = 0.7
#: Between two looks at what is known anyway.
_LOOK: Micros = 5 * MINUTE
_NEXT_STEP = (
    "see GetSyncStatus for what makes the calls; make the intervals of the settings longer, stop other integrations,"
    " or buy more calls"
)


class QuotaWatch:
    """The watch over every instance's calls."""

    def __init__(self, clock: Clock, *, registry: ConnectionRegistry, usage: CallUsage, alerts: AlertsFlow) -> None:
        self._clock = clock
        self._registry = registry
        self._usage = usage
        self._alerts = alerts
        self._asked: dict[tuple[str, System], Micros] = {}

    async def step(self, instance_id: str) -> float:
        """Ask where it is time, and let alerts stand or end; return the seconds until the next look."""
        for system in (System.MARKETO, System.SALESFORCE):
            if self._is_due(instance_id, system):
                await self._ask(instance_id, system)
        await self._usage.store(instance_id)
        for usage in await self._usage.today(instance_id):
            await self._tell(instance_id, usage)
        return _LOOK / SECOND

    def _is_due(self, instance_id: str, system: System) -> bool:
        ledger, now = self._registry.ledger(instance_id, system), self._clock.now()
        used, limit = ledger.used, ledger.limit
        watchful = used is not None and limit is not None and used >= limit * _WATCHFUL_SHARE
        if system is System.SALESFORCE and not (watchful or ledger.is_spent):
            return False  # each of its answers tells
        heard = max(ledger.heard_time, self._asked.get((instance_id, system), 0))
        return now >= heard + (_OFTEN if watchful or ledger.is_spent else _SELDOM)

    async def _ask(self, instance_id: str, system: System) -> None:
        self._asked[instance_id, system] = self._clock.now()
        ledger = self._registry.ledger(instance_id, system)
        try:
            if system is System.MARKETO:
                ledger.heard(await (await self._registry.marketo(instance_id)).usage_today())
            else:
                await (await self._registry.salesforce(instance_id)).limits()  # its headers are heard by the ledger
        except NotConnected:
            return
        except SystemFailure as failure:
            # What is wrong is told by those whose work it hinders.
            log.info("usage_not_told", instance_id=instance_id, system=system.name, reason=failure.reason)

    async def _tell(self, instance_id: str, usage: QuotaUsage) -> None:
        system, name = usage.system, usage.system.name.capitalize()
        used, limit = usage.used_call_count, usage.limit_call_count
        spent = self._registry.ledger(instance_id, system).is_spent or (
            used is not None and limit is not None and used >= limit
        )
        low = used is not None and limit is not None and used >= limit * ALARM_SHARE
        if spent:
            await self._raise(
                instance_id,
                SPENT_ALERT,
                system,
                f"{name} takes no more calls today; what needs them waits and goes on by itself",
            )
        else:
            await self._alerts.clear(instance_id, SPENT_ALERT, system.name)
        if low and not spent:
            share = f"{ALARM_SHARE:.0%}"
            when = "" if usage.spent_time is None else f", at this pace all by {_clock_time(usage.spent_time)}"
            held = [flow.label.replace("_", " ") for flow in Flow if flow in usage.held_back]
            waits = f"; waiting already: {', '.join(held)}" if held else ""
            await self._raise(
                instance_id, LOW_ALERT, system, f"more than {share} of {name}'s calls of the day are used{when}{waits}"
            )
        else:
            await self._alerts.clear(instance_id, LOW_ALERT, system.name)

    async def _raise(self, instance_id: str, name: str, system: System, message: str) -> None:
        await self._alerts.raise_alert(
            instance_id,
            name,
            system=system,
            subject=system.name,
            message=message,
            next_step=_NEXT_STEP,
            owner=ActionOwner.ADMIN,
        )


def _clock_time(instant: Micros) -> str:
    """Return an instant to the quarter of an hour: a forecast is no more exact, and need not be told anew each time."""
    quarter = 15 * MINUTE
    return to_datetime(instant // quarter * quarter).strftime("%H:%M UTC")
