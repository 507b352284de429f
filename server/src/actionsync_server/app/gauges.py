"""Brings the metrics of the work up to date from the store, whenever somebody looks at them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from actionsync_server.clock import SECOND, Clock
from actionsync_server.store import standing
from actionsync_server.store.database import Database
from actionsync_server.store.directory import Instances
from actionsync_server.store.quota_usage import QuotaUsage
from actionsync_server.store.reconciles import Reconciles
from actionsync_server.telemetry import Metrics

_INSTANCE_PAGE = 1000


async def instance_ids(database: Database) -> AsyncIterator[str]:
    """Yield the ids of all instances."""
    after = ""
    while instances := await Instances(database).page(after=after, count=_INSTANCE_PAGE):
        for instance in instances:
            yield instance.instance_id
        after = instances[-1].instance_id


class Gauges:
    """Reads the store and sets the gauges; what is gone from the store is gone from the page."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        *,
        usage: Callable[[str], Awaitable[Sequence[QuotaUsage]]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._usage = usage

    async def refresh(self) -> None:
        """Set every gauge to what the store says now."""
        deliveries = [
            one
            async for instance_id in instance_ids(self._database)
            for one in await standing.undelivered(self._database, instance_id)
        ]
        compared = [
            (instance_id, await Reconciles(self._database, instance_id).latest_finished())
            async for instance_id in instance_ids(self._database)
        ]
        usages = [
            (instance_id, usage)
            async for instance_id in instance_ids(self._database)
            for usage in await self._usage(instance_id)
        ]
        feeds = await standing.feed_places(self._database)
        alerts = await standing.alert_counts(self._database)
        now, metrics = self._clock.now(), self._metrics
        for gauge in (
            metrics.deliveries,
            metrics.oldest_delivery_seconds,
            metrics.feed_lag_seconds,
            metrics.alerts,
            metrics.calls,
            metrics.calls_used,
            metrics.calls_allowed,
            metrics.compared_people,
            metrics.comparison_age_seconds,
        ):
            gauge.clear()
        for one in deliveries:
            labels = (one.instance_id, one.system.name.lower(), one.state.name.lower())
            metrics.deliveries.labels(*labels).set(one.count)
            metrics.oldest_delivery_seconds.labels(*labels).set((now - one.oldest_time) / SECOND)
        for place in feeds:
            lag = (now - place.cursor_time) / SECOND
            metrics.feed_lag_seconds.labels(place.instance_id, place.feed.name.lower()).set(lag)
        for instance_id, reconcile in compared:
            if reconcile is None or reconcile.end_time is None:
                continue
            report = reconcile.report
            for outcome in ("compared", "changed", "deleted", "withheld"):
                metrics.compared_people.labels(instance_id, outcome).set(getattr(report, outcome))
            metrics.comparison_age_seconds.labels(instance_id).set((now - reconcile.end_time) / SECOND)
        for labels_of_alert, count in alerts.items():
            metrics.alerts.labels(*labels_of_alert).set(count)
        for instance_id, usage in usages:
            system = usage.system.name.lower()
            for flow, count in usage.flows.items():
                metrics.calls.labels(instance_id, system, flow.label).set(count)
            if usage.used_call_count is not None:
                metrics.calls_used.labels(instance_id, system).set(usage.used_call_count)
            if usage.limit_call_count is not None:
                metrics.calls_allowed.labels(instance_id, system).set(usage.limit_call_count)
