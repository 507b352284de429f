"""What is older than it is kept goes; what somebody still needs stays."""

from __future__ import annotations

import base64
import json
from contextlib import aclosing
from datetime import timedelta

import pytest
from actionsync.v1 import activity_log_pb2, person_sync_pb2, sync_settings_pb2, unsubscribe_check_pb2
from actionsync.v1.common_pb2 import DELIVERY_STATE_DELIVERED, DELIVERY_STATE_FAILED, SYSTEM_MARKETO
from actionsync_client import ActionsyncError, ResourceNotFoundError
from actionsync_server.flows.upkeep import retention
from actionsync_server.flows.upkeep.retention import Retention
from actionsync_server.store.changes import store_id
from actionsync_server.store.send_checks import SendChecks
from actionsync_server.store.statement import Statement
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from harness.clock import START, SharedClock
from harness.world import INSTANCE, SELLER, World
from sqlalchemy import text

pytestmark = pytest.mark.asyncio
DAY = Duration(seconds=86_400)


async def keep_for_a_day(world: World) -> None:
    wanted = sync_settings_pb2.RetentionSettings(deliveries=DAY, changes=DAY)
    await world.set(sync_settings_pb2.Settings(retention=wanted), "retention.deliveries", "retention.changes")


async def after(world: World, **time: float) -> None:
    """Look, some time after the start, for what is over."""
    clock = SharedClock(START + timedelta(**time))
    await Retention(world.app.database, clock, settings=world.app.wiring.settings).step(INSTANCE)


async def log_call(world: World, person: person_sync_pb2.Person, key: str) -> activity_log_pb2.Activity:
    status = activity_log_pb2.ReceivedSalesCall.CALL_STATUS_COMPLETED
    content = activity_log_pb2.ActivityContent(
        idempotency_key=key,
        person_id=person.person_id,
        user_id=SELLER,
        activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
        received_sales_call=activity_log_pb2.ReceivedSalesCall(call_status=status),
    )
    logged = await world.user.activities.LogActivity(activity_log_pb2.LogActivityRequest(content=content))
    return logged.activity


async def people(world: World) -> list[person_sync_pb2.Person]:
    request = person_sync_pb2.ListPersonsRequest(page_size=100)
    return list((await world.user.persons.ListPersons(request)).persons)


async def deliveries(world: World) -> dict[str, int]:
    """Return the state of every delivery to Marketo, by the key of its activity."""
    activities = (await world.user.activities.ListActivities(activity_log_pb2.ListActivitiesRequest())).activities
    return {
        activity.content.idempotency_key: delivery.state
        for activity in activities
        for delivery in activity.deliveries
        if delivery.system == SYSTEM_MARKETO
    }


async def count(world: World, table: str) -> int:
    row = await world.app.database.row(Statement(text(f"SELECT count(*) AS n FROM {table}")))
    assert row is not None
    return int(row["n"])


async def test_finished_deliveries_go_with_their_attempts_and_failed_ones_stay(world: World) -> None:
    living, doomed, *_ = await people(world)
    activity = await log_call(world, living, "delivered")
    await world.marketo.delete(doomed.marketo_id)
    await log_call(world, doomed, "failed")
    await world.advance(30)
    expected = {"delivered": DELIVERY_STATE_DELIVERED, "failed": DELIVERY_STATE_FAILED}
    assert await deliveries(world) == expected
    await keep_for_a_day(world)
    await after(world, hours=23)
    assert await deliveries(world) == expected
    await after(world, hours=25)
    assert await deliveries(world) == {"failed": DELIVERY_STATE_FAILED}
    assert await count(world, "delivery_attempts") == 1
    for delivery in activity.deliveries:
        with pytest.raises(ResourceNotFoundError):
            await world.user.activities.GetDelivery(
                activity_log_pb2.GetDeliveryRequest(delivery_id=delivery.delivery_id)
            )
    request = activity_log_pb2.GetActivityRequest(activity_id=activity.activity_id)
    assert (await world.user.activities.GetActivity(request)).activity.content.idempotency_key == "delivered"


async def test_many_go_in_lots(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "LOT", 3)
    person, *_ = await people(world)
    for number in range(10):
        await log_call(world, person, f"call-{number}")
    await world.advance(30)
    await keep_for_a_day(world)
    before = world.app.database.commit_count
    await after(world, hours=25)
    assert await deliveries(world) == {}
    assert await count(world, "changes") == 0
    assert world.app.database.commit_count - before > 10


async def test_by_default_deliveries_and_changes_are_kept_for_long(world: World) -> None:
    person, *_ = await people(world)
    await log_call(world, person, "kept")
    await world.advance(30)
    changes = await count(world, "changes")
    await after(world, days=29)
    assert await count(world, "changes") == changes
    await after(world, days=399)
    assert list(await deliveries(world)) == ["kept"]
    assert await count(world, "changes") == 0
    await after(world, days=401)
    assert await deliveries(world) == {}


async def test_a_watch_from_before_is_told_that_changes_are_gone(world: World) -> None:
    body = json.dumps([await store_id(world.app.database), 1, 1], separators=(",", ":")).encode()
    request = person_sync_pb2.WatchPersonsRequest(resume_token=base64.urlsafe_b64encode(body).rstrip(b"=").decode())
    await keep_for_a_day(world)
    await after(world, hours=25)
    with pytest.raises(ActionsyncError) as caught:
        async with aclosing(world.admin.watch(world.admin.persons.WatchPersons, request)) as stream:
            await anext(stream)
    assert caught.value.reason == "RESUME_TOKEN_EXPIRED"


async def test_checks_and_kept_answers_go_too(world: World) -> None:
    person, *_ = await people(world)
    answer = await world.user.unsubscribes.AuthorizeSend(
        unsubscribe_check_pb2.AuthorizeSendRequest(
            recipients=[unsubscribe_check_pb2.Recipient(email=person.email or "ann@example.com")],
            user_id=SELLER,
            channel=unsubscribe_check_pb2.CHANNEL_WEB_APP,
            request_id="check",
        )
    )
    assert await count(world, "requests") == 1
    await keep_for_a_day(world)
    await after(world, hours=23)
    assert await count(world, "requests") == 1
    assert await SendChecks(world.app.database, INSTANCE).get(answer.send_permit) is not None
    await after(world, hours=25)
    assert await count(world, "requests") == 0
    assert await SendChecks(world.app.database, INSTANCE).get(answer.send_permit) is None
