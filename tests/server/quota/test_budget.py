"""Calls by flow, the reserve, the alarm and the forecast, as an admin sees them by gRPC."""

from __future__ import annotations

import asyncio

import pytest
from actionsync.v1 import activity_log_pb2, person_sync_pb2, sync_settings_pb2
from actionsync.v1 import unsubscribe_check_pb2 as check
from actionsync.v1.common_pb2 import ACTION_OWNER_ADMIN, SYSTEM_MARKETO, SYSTEM_SALESFORCE, Freshness
from actionsync_client import Client, SystemQuotaExhaustedError
from actionsync_server.app.supervision import FLOW_OF_WORKER
from google.protobuf.duration_pb2 import Duration
from harness.world import World

LIMIT = 1_000
#: The clock starts at 9:00 in Marketo's time zone.
TO_MIDNIGHT = 15 * 3600
INTERVAL = 600
pytestmark = pytest.mark.asyncio


async def quotas(world: World) -> dict[int, person_sync_pb2.QuotaUsage]:
    status = await world.admin.persons.GetSyncStatus(person_sync_pb2.GetSyncStatusRequest())
    return {quota.system: quota for quota in status.quotas}


async def alerts(world: World) -> dict[str, sync_settings_pb2.Alert]:
    answer = await world.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())
    return {alert.name: alert for alert in answer.alerts}


async def allow_little(world: World) -> None:
    wanted = sync_settings_pb2.Settings(
        marketo=sync_settings_pb2.MarketoSettings(daily_call_limit=LIMIT),
        people=sync_settings_pb2.PeopleSettings(lead_changes_interval=Duration(seconds=INTERVAL)),
    )
    await world.set(wanted, "marketo.daily_call_limit", "people.lead_changes_interval")


async def let_others_call_until(world: World, used: int) -> None:
    """Let somebody else's integration use Marketo up to so many calls."""
    told = (await world.marketo.call("GET", "/rest/v1/stats/usage.json"))["result"][-1]["total"]
    for _ in range(used - told):
        await world.marketo.call("GET", "/rest/v1/stats/errors.json")


async def check_one(client: Client, email: str = "ann@example.com") -> check.Verdict:
    request = check.CheckUnsubscribeRequest(email=email, freshness=Freshness(live=True))
    return (await client.unsubscribes.CheckUnsubscribe(request)).verdict


async def test_calls_are_counted_by_what_they_are_made_for(world: World) -> None:
    await world.sync_people()
    await check_one(world.user)
    await asyncio.gather(*(check_one(world.user, f"a{n}@example.com") for n in range(20)))
    await world.advance(1900)  # the usage has been asked for by now
    for system, expected in (
        (SYSTEM_MARKETO, {"preflight", "people", "check"}),
        (SYSTEM_SALESFORCE, {"preflight"}),
    ):
        quota = (await quotas(world))[system]
        made = {flow.flow: flow.call_count for flow in quota.flows}
        assert expected <= set(made)
        assert "other" not in made
        assert sum(made.values()) == quota.own_call_count
        assert quota.own_call_count <= quota.used_call_count <= quota.limit_call_count
    made = {flow.flow: flow.call_count for flow in (await quotas(world))[SYSTEM_MARKETO].flows}
    assert made["check"] == 2


async def test_the_calls_of_every_loop_have_a_flow(world: World) -> None:
    assert set(world.app.workers.names()) == set(FLOW_OF_WORKER)


async def test_at_80_percent_somebody_is_told_the_rest_is_kept_for_the_urgent_and_the_new_day_ends_it(
    world: World,
) -> None:
    await allow_little(world)
    await world.sync_people()
    person_id = (await world.user.persons.ListPersons(person_sync_pb2.ListPersonsRequest())).persons[0].person_id
    await world.advance(1900)
    assert "quota_low" not in await alerts(world)
    await let_others_call_until(world, 860)
    await world.advance(1900)
    raised = (await alerts(world))["quota_low"]
    assert (raised.system, raised.owner) == (SYSTEM_MARKETO, ACTION_OWNER_ADMIN)
    assert "more than 80% of Marketo's calls" in raised.message
    assert "UTC" in raised.message  # when the rest will be spent
    assert "waiting already: reconcile" in raised.message
    quota = (await quotas(world))[SYSTEM_MARKETO]
    assert [flow.flow for flow in quota.flows if flow.held_back] == ["reconcile", "other"]
    assert quota.spent_time.seconds > 0
    assert quota.limit_call_count == LIMIT
    await world.advance(900)
    assert (await alerts(world))["quota_low"].start_time == raised.start_time
    # What is left is kept for the urgent.
    await let_others_call_until(world, 965)
    await world.advance(1900)
    before = await world.marketo.calls("/rest/v1/activities.json")
    with pytest.raises(SystemQuotaExhaustedError):
        await world.user.activities.LoadSmartGrid(
            activity_log_pb2.LoadSmartGridRequest(person_id=person_id, freshness=Freshness(live=True))
        )
    await world.advance(3 * INTERVAL)
    assert await world.marketo.calls("/rest/v1/activities.json") == before
    assert (await check_one(world.user)).decision == check.DECISION_MAY_SEND
    assert "check_unavailable" not in await alerts(world)
    await world.advance(TO_MIDNIGHT)
    assert "quota_low" not in await alerts(world)
    answer = await world.user.activities.LoadSmartGrid(
        activity_log_pb2.LoadSmartGridRequest(person_id=person_id, freshness=Freshness(live=True))
    )
    assert answer.HasField("fresh_time")


async def test_spent_calls_are_told_until_one_is_taken_again(world: World) -> None:
    # Twice: for the check, and when it is asked how many calls were used.
    await world.marketo.fault("/rest/*", "error", times=2, error={"code": "607"})
    assert (await check_one(world.user)).decision == check.DECISION_CHECK_UNAVAILABLE
    await world.advance(301)
    found = await alerts(world)
    assert found["quota_spent"].system == SYSTEM_MARKETO
    await check_one(world.user)
    await world.advance(301)
    assert "quota_spent" not in await alerts(world)
