"""When the two-way sync of unsubscribes does what: a pass at night, or by the hour, and polls in between."""

from __future__ import annotations

from dataclasses import replace

import structlog

from actionsync_server.clock import HOUR, MINUTE, SECOND, Clock, Micros, from_iso, to_iso
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.nights import next_time
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.unsubscribes.comparing import OptOutComparison
from actionsync_server.flows.wakes import UNSUBSCRIBE_SYNC, Wakes
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import NotConnected, System, SystemFailure
from actionsync_server.model.persons import salesforce_id
from actionsync_server.model.settings import UnsubscribeSettings
from actionsync_server.model.unsubscribes import opt_out_field
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.salesforce_cursors import (
    SalesforceCursor,
    SalesforceCursors,
    SalesforceCursorWrites,
    SalesforceFeed,
)

log = structlog.get_logger(__name__)

#: How often Salesforce is asked for opt-outs between the passes.
POLL_INTERVAL: Micros = MINUTE
#: After a failure.
RETRY_INTERVAL: Micros = 5 * MINUTE
FAILING_ALERT = "unsubscribe_sync_failing"
_POLLED = {SalesforceFeed.CONTACT_OPT_OUTS: "Contact", SalesforceFeed.LEAD_OPT_OUTS: "Lead"}
#: Without the two-way sync there is nothing to do until the settings change.
_IDLE_SECONDS = 3600.0


class UnsubscribeSchedule:
    """Runs passes and polls of every instance at their time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        comparison: OptOutComparison,
        alerts: AlertsFlow,
        wakes: Wakes,
    ) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._settings = settings
        self._comparison = comparison
        self._alerts = alerts
        self._wakes = wakes

    async def step(self, instance_id: str) -> float:
        """Do what is due, or was asked for; return after how many seconds to come again."""
        asked = self._wakes.take_asked(instance_id, UNSUBSCRIBE_SYNC)
        settings = (await self._settings.get(instance_id)).unsubscribes
        if not settings.nightly_sync:
            return _IDLE_SECONDS
        try:
            next_pass = await self._pass(instance_id, settings)
            await self._poll(instance_id, settings, asked=asked)
        except NotConnected:
            return RETRY_INTERVAL / SECOND
        except SystemFailure as failure:
            await self._failed(instance_id, failure)
            return RETRY_INTERVAL / SECOND
        await self._alerts.clear(instance_id, FAILING_ALERT)
        return max(min(next_pass - self._clock.now(), POLL_INTERVAL), 0) / SECOND

    async def _pass(self, instance_id: str, settings: UnsubscribeSettings) -> Micros:
        """Make a pass if it is its time; return when the next one is due."""
        now = self._clock.now()
        cursor = await SalesforceCursors(self._database, instance_id).get(SalesforceFeed.OPT_OUT_COMPARISON)
        if cursor is None:
            await self._put(instance_id, SalesforceCursor(SalesforceFeed.OPT_OUT_COMPARISON, now))
            return next_pass(settings, after=now)
        due = next_pass(settings, after=cursor.mark_time)
        if now < due:
            return due
        found = await self._comparison.run(instance_id)
        log.info(
            "unsubscribes_compared",
            instance_id=instance_id,
            unsubscribed_here=found.unsubscribed_here,
            pushed_people=found.pushed_people,
        )
        await self._put(instance_id, replace(cursor, mark_time=now, last_poll_time=now))
        return next_pass(settings, after=now)

    async def _poll(self, instance_id: str, settings: UnsubscribeSettings, *, asked: bool) -> None:
        client = await self._registry.salesforce(instance_id)
        field = opt_out_field(settings)
        for feed, name in _POLLED.items():
            now = self._clock.now()
            cursor = await SalesforceCursors(self._database, instance_id).get(feed)
            if cursor is None:
                await self._put(instance_id, SalesforceCursor(feed, now, last_poll_time=now))
                continue
            last = cursor.last_poll_time
            if last is not None and now < last + POLL_INTERVAL and not asked:
                continue
            rows = await client.query(
                f"SELECT Id, SystemModstamp FROM {name} WHERE {field} = true"  # noqa: S608 - no value of a caller
                f" AND SystemModstamp >= {to_iso(cursor.mark_time)} ORDER BY SystemModstamp, Id"
            )
            stamps = {salesforce_id(row["Id"]): from_iso(row["SystemModstamp"]) for row in rows}
            new = [one for one, stamp in stamps.items() if stamp > cursor.mark_time or one not in cursor.mark_ids]
            await self._comparison.take(instance_id, new, asked_at=now)
            mark = max(stamps.values(), default=cursor.mark_time)
            ids = tuple(one for one, stamp in stamps.items() if stamp == mark)
            await self._put(instance_id, SalesforceCursor(feed, mark, ids, now))

    async def _failed(self, instance_id: str, failure: SystemFailure) -> None:
        log.warning("unsubscribe_sync_failed", instance_id=instance_id, code=failure.system_code)
        await self._alerts.raise_alert(
            instance_id,
            FAILING_ALERT,
            system=System.SALESFORCE,
            message="opt-outs could not be compared with Salesforce; it is tried again every 5 minutes",
            next_step="see CheckConnection for what Salesforce answers; new unsubscribes are still pushed one by one",
            owner=ActionOwner.ADMIN,
        )

    async def _put(self, instance_id: str, cursor: SalesforceCursor) -> None:
        async def work(transaction: Transaction) -> None:
            await SalesforceCursorWrites(transaction, instance_id).put(cursor)

        await self._database.write(work)


def next_pass(settings: UnsubscribeSettings, *, after: Micros) -> Micros:
    """Return when the first pass after an instant is due: at the nightly time, or an hour later if that is wanted."""
    nightly = next_time(settings.nightly_time, settings.nightly_time_zone, after=after)
    return min(nightly, after + HOUR) if settings.hourly_sync else nightly
