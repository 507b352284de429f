"""The metrics of the work are what the store says at the moment somebody looks."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.app.gauges import Gauges
from actionsync_server.clock import SECOND
from actionsync_server.model.deliveries import DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.model.quotas import Flow
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.quota_usage import QuotaUsage
from actionsync_server.store.schema import alerts, deliveries, instances, sync_cursors
from actionsync_server.store.standing import _DELIVERIES
from actionsync_server.store.statement import Statement
from actionsync_server.telemetry import Metrics
from harness.clock import SharedClock
from sqlalchemy import delete, insert
from sqlalchemy.dialects import sqlite

pytestmark = pytest.mark.asyncio


def _delivery(number: int, state: DeliveryState, *, at: int) -> dict[str, Any]:
    return {
        "instance_id": "acme",
        "delivery_id": f"d-{number}",
        "system": 1,
        "subject_kind": 1,
        "subject_id": "a-1",
        "person_id": "p-1",
        "state": state.value,
        "reason": 0,
        "attempt_count": 0,
        "due_time": at,
        "error": "",
        "external_id": "",
        "warnings": "[]",
        "sequence": number,
        "create_time": at,
        "update_time": at,
    }


async def _put(database: Database, clock: SharedClock) -> None:
    now = clock.now()
    states = [DeliveryState.PENDING, DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.DELIVERED]

    async def work(transaction: Transaction) -> None:
        instance = {"instance_id": "acme", "display_name": "", "create_time": now}
        await transaction.execute(Statement(insert(instances)), instance)
        rows = [_delivery(number, state, at=now - number * SECOND) for number, state in enumerate(states)]
        await transaction.execute_many(Statement(insert(deliveries)), rows)
        cursor = {
            "instance_id": "acme",
            "feed": 1,
            "marks": "[]",
            "progress_token": "",
            "progress_time": None,
            "cursor_time": now - 90 * SECOND,
            "last_poll_time": None,
            "error": "",
        }
        await transaction.execute(Statement(insert(sync_cursors)), cursor)
        alert = {
            "instance_id": "acme",
            "name": "person_limit_reached",
            "subject": "",
            "system": 0,
            "message": "",
            "next_step": "",
            "owner": 0,
            "start_time": now,
        }
        await transaction.execute(Statement(insert(alerts)), alert)

    await database.write(work)


async def _usage(_instance_id: str) -> list[QuotaUsage]:
    return [
        QuotaUsage(System.MARKETO, "2026-03-02", 7, 9, None, {Flow.PEOPLE: 4, Flow.CHECK: 3}),
        QuotaUsage(System.SALESFORCE, "2026-03-02", 0, None, None),
    ]


def _values(metrics: Metrics, name: str) -> dict[tuple[str, ...], float]:
    return {
        tuple(sample.labels[label] for label in sorted(sample.labels)): sample.value
        for family in metrics.registry.collect()
        if family.name == name
        for sample in family.samples
    }


async def test_what_is_open_or_failed_with_the_age_of_the_oldest(database: Database, clock: SharedClock) -> None:
    await _put(database, clock)
    metrics = Metrics()
    gauges = Gauges(database, clock, metrics, usage=_usage)
    await gauges.refresh()
    pending, failed = ("acme", "pending", "marketo"), ("acme", "failed", "marketo")
    assert _values(metrics, "actionsync_deliveries") == {pending: 2, failed: 1}
    assert _values(metrics, "actionsync_oldest_delivery_seconds") == {pending: 1, failed: 2}
    assert _values(metrics, "actionsync_feed_lag_seconds") == {("lead_changes", "acme"): 90}
    assert _values(metrics, "actionsync_alerts") == {("acme", "person_limit_reached"): 1}
    assert _values(metrics, "actionsync_calls") == {("check", "acme", "marketo"): 3, ("people", "acme", "marketo"): 4}
    assert _values(metrics, "actionsync_calls_used") == {("acme", "marketo"): 9}
    assert _values(metrics, "actionsync_calls_allowed") == {}


async def test_what_is_gone_from_the_store_is_gone_from_the_page(database: Database, clock: SharedClock) -> None:
    await _put(database, clock)
    metrics = Metrics()
    gauges = Gauges(database, clock, metrics, usage=_usage)
    await gauges.refresh()

    async def work(transaction: Transaction) -> None:
        await transaction.execute(Statement(delete(deliveries)))

    await database.write(work)
    await gauges.refresh()
    assert _values(metrics, "actionsync_deliveries") == {}


async def test_finished_deliveries_are_not_read(database: Database) -> None:
    text, _ = _DELIVERIES.compile(sqlite.dialect(paramstyle="named"))
    plan = await database._writer.execute_fetchall(f"EXPLAIN QUERY PLAN {text}", {"instance_id": "acme"})
    searches = [row["detail"] for row in plan if "deliveries" in row["detail"]]
    assert searches
    assert all("deliveries_due (instance_id=? AND system=? AND state=?)" in search for search in searches)
