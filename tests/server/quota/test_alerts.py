"""Alerts: each is in the list, is raised once, says what to do, ends when it is over, and survives a restart."""

from __future__ import annotations

import re
from pathlib import Path

import actionsync_server
import pytest
from actionsync.v1 import activity_log_pb2, connections_pb2, person_sync_pb2, sync_settings_pb2
from actionsync.v1 import unsubscribe_check_pb2 as check
from actionsync.v1.common_pb2 import (
    ACTION_OWNER_ADMIN,
    ACTION_OWNER_MARKETO_ADMIN,
    DELIVERY_STATE_FAILED,
    SYSTEM_MARKETO,
    SYSTEM_SALESFORCE,
)
from actionsync_server.clock import HOUR
from actionsync_server.flows.alert_watch import KEPT_HERE, AlertWatch
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.model.alerts import ALERT_NAMES
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import System
from actionsync_server.store.alerts import Alert, AlertWrites
from actionsync_server.store.database import Database, Transaction
from google.protobuf.timestamp_pb2 import Timestamp
from harness.world import INSTANCE, SELLER, World

ACTIVITIES = "/rest/v1/activities/external.json"
SOURCES = list(Path(actionsync_server.__file__).parent.rglob("*.py"))


async def standing(world: World) -> dict[str, sync_settings_pb2.Alert]:
    answer = await world.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())
    return {alert.name: alert for alert in answer.alerts}


def test_what_is_raised_is_listed_and_what_is_listed_is_raised() -> None:
    named = re.compile(r'(?:ALERT = |_Matter\(\s*|\.clear\(\w+, )"([a-z_]+)"')
    raised = {name for path in SOURCES for name in named.findall(path.read_text())}
    assert raised == ALERT_NAMES


@pytest.mark.asyncio
async def test_an_unlisted_alert_is_a_fault(database: Database) -> None:
    alert = Alert("something_new", "what", "do", ActionOwner.ADMIN, 0, System.ACTIONSYNC)

    async def work(transaction: Transaction) -> None:
        await AlertWrites(transaction, INSTANCE).raise_alert(alert)

    with pytest.raises(ValueError, match="something_new"):
        await database.write(work)


@pytest.mark.asyncio
async def test_a_refused_login_is_told_until_it_is_taken_again(world: World) -> None:
    registry = world.app.wiring.registry
    await registry.mark_login_refused(INSTANCE, System.SALESFORCE)
    await world.advance(301)
    raised = (await standing(world))["login_refused"]
    assert (raised.system, raised.owner) == (SYSTEM_SALESFORCE, ACTION_OWNER_ADMIN)
    assert "ConnectSalesforce" in raised.next_step
    await world.advance(900)
    assert (await standing(world))["login_refused"].start_time == raised.start_time
    await world.admin.connections.CheckConnection(connections_pb2.CheckConnectionRequest(system=SYSTEM_SALESFORCE))
    await world.advance(301)
    assert "login_refused" not in await standing(world)


@pytest.mark.asyncio
async def test_what_marketo_lacks_is_told_until_it_has_it(world: World) -> None:
    registry = world.app.wiring.registry
    details = await registry.details(INSTANCE, System.MARKETO)
    poor = {**details, "activity_types": {}, "missing_fields": ["sfdcLeadOwnerId"]}
    await registry.set_details(INSTANCE, System.MARKETO, poor)
    await world.advance(301)
    found = await standing(world)
    assert found["activity_types_missing"].owner == ACTION_OWNER_MARKETO_ADMIN
    assert "Send Sales Email" in found["activity_types_missing"].message
    assert "sfdcLeadOwnerId" in found["lead_fields_missing"].message
    await world.admin.connections.CheckConnection(connections_pb2.CheckConnectionRequest(system=SYSTEM_MARKETO))
    await world.advance(301)
    assert not {"activity_types_missing", "lead_fields_missing"} & set(await standing(world))


async def log_email(world: World, person_id: str, source_key: str) -> None:
    await world.user.activities.LogActivity(
        activity_log_pb2.LogActivityRequest(
            content=activity_log_pb2.ActivityContent(
                idempotency_key=source_key,
                person_id=person_id,
                user_id=SELLER,
                activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
                send_sales_email=activity_log_pb2.SendSalesEmail(
                    email=activity_log_pb2.SalesEmail(email_id=source_key, subject="Hello")
                ),
            )
        )
    )


@pytest.mark.asyncio
async def test_deliveries_in_vain_are_told_after_an_hour_and_dead_ones_at_once(world: World) -> None:
    await world.sync_people()
    person_id = await first_person(world)
    await world.marketo.fault(ACTIVITIES, "error", times=10_000, error={"code": "713"})
    await log_email(world, person_id, "5001")
    await world.advance(1800)
    assert "deliveries_failing" not in await standing(world)
    await world.advance(3000)
    assert (await standing(world))["deliveries_failing"].system == SYSTEM_MARKETO
    await world.marketo.control("DELETE", "faults")
    await world.advance(5400)
    assert "deliveries_failing" not in await standing(world)
    await world.marketo.fault(ACTIVITIES, "error", times=1, error={"code": "1003"})
    await log_email(world, person_id, "5002")
    await world.advance(420)
    assert (await standing(world))["deliveries_failed"].system == SYSTEM_MARKETO
    failed = await world.admin.activities.ListDeliveries(
        activity_log_pb2.ListDeliveriesRequest(states=[DELIVERY_STATE_FAILED])
    )
    await world.admin.activities.RetryDeliveries(
        activity_log_pb2.RetryDeliveriesRequest(delivery_ids=[one.delivery_id for one in failed.deliveries])
    )
    await world.advance(420)
    assert "deliveries_failed" not in await standing(world)


async def first_person(world: World) -> str:
    answer = await world.user.persons.ListPersons(person_sync_pb2.ListPersonsRequest())
    return answer.persons[0].person_id


@pytest.mark.asyncio
async def test_a_feed_that_cannot_be_read_is_told_after_an_hour(world: World) -> None:
    await world.sync_people()
    await world.marketo.fault("/rest/v1/activities/leadchanges.json", "error", times=10_000, error={"code": "713"})
    await world.advance(4000)
    assert "lead changes" in (await standing(world))["people_sync_failing"].message
    await world.marketo.control("DELETE", "faults")
    await world.advance(1300)
    assert "people_sync_failing" not in await standing(world)


@pytest.mark.asyncio
async def test_an_alert_from_before_a_restart_stands_as_it_was_and_ends_when_it_is_over(world: World) -> None:
    registry, wiring, clock = world.app.wiring.registry, world.app.wiring, world.clock
    await registry.mark_login_refused(INSTANCE, System.MARKETO)
    await world.advance(301)
    began = (await standing(world))["login_refused"].start_time
    await world.advance(HOUR / 1_000_000)
    # Nothing of the former process but its store.
    alerts = AlertsFlow(world.app.database, clock)
    watch = AlertWatch(
        world.app.database, clock, connections=wiring.connections, settings=wiring.settings, alerts=alerts
    )
    await watch.step(INSTANCE)
    assert (await standing(world))["login_refused"].start_time == began
    await registry.mark_login_refused(INSTANCE, System.MARKETO, refused=False)
    await watch.step(INSTANCE)
    assert "login_refused" not in await standing(world)


@pytest.mark.asyncio
async def test_the_alert_of_the_check_ends_with_the_check(world: World) -> None:
    wanted = sync_settings_pb2.Settings(check=sync_settings_pb2.CheckSettings(enabled=True))
    await world.set(wanted, "check.enabled")
    await world.marketo.fault("/rest/v1/leads.json", "error", times=1, error={"code": "607"})
    await world.user.unsubscribes.CheckUnsubscribe(check.CheckUnsubscribeRequest(email="ann@example.com"))
    assert "check_unavailable" in await standing(world)
    await world.set(sync_settings_pb2.Settings(), "check.enabled")
    await world.advance(301)
    assert "check_unavailable" not in await standing(world)


def test_the_watch_keeps_listed_alerts_only() -> None:
    assert KEPT_HERE <= ALERT_NAMES
