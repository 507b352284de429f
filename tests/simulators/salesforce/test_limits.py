"""The daily allocation: counting, exhaustion, the rolling day, and calls that run too long."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator

EXHAUSTED = [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]


@pytest.mark.asyncio
@pytest.mark.behaviour("limits-count")
async def test_header_and_resource_agree(api: Any) -> None:
    await api("GET", "sobjects")
    answer = await api("GET", "limits/")
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=2/125000"
    assert answer.body["DailyApiRequests"] == {"Max": 125000, "Remaining": 124998}
    assert {"DailyBulkApiBatches", "DailyBulkApiRequests", "DailyBulkV2QueryJobs", "MassEmail"} <= set(answer.body)
    assert answer.body["PermissionSets"]["CreateCustom"] == {"Max": 1000, "Remaining": 999}


@pytest.mark.asyncio
async def test_refused_calls_count_and_composite_counts_once(api: Any) -> None:
    await api("GET", "sobjects/Nothing")
    parts = [
        {"method": "GET", "url": "/services/data/v60.0/sobjects/Task/describe", "referenceId": f"r{n}"}
        for n in range(5)
    ]
    answer = await api("POST", "composite", {"compositeRequest": parts})
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=2/125000"


@pytest.mark.asyncio
async def test_over_the_limit_every_call_answers_403_until_the_day_has_passed(api: Any, clock: Clock) -> None:
    await api.control("POST", "limits", daily_max=15000, daily_used=14998)
    assert (await api("GET", "limits")).headers["Sforce-Limit-Info"] == "api-usage=14999/15000"
    assert (await api("GET", "limits")).body["DailyApiRequests"]["Remaining"] == 0
    for method, path in (("GET", "limits"), ("GET", "sobjects"), ("POST", "composite/sobjects")):
        answer = await api(method, path)
        assert (answer.status, answer.body) == (403, EXHAUSTED)
        assert answer.headers["Sforce-Limit-Info"] == "api-usage=15000/15000"
    await clock.advance(timedelta(hours=23))
    await api.log_in()
    assert (await api("GET", "limits")).status == 403
    await clock.advance(timedelta(hours=1))
    assert (await api("GET", "limits")).headers["Sforce-Limit-Info"] == "api-usage=1/15000"


@pytest.mark.asyncio
async def test_logging_in_is_possible_and_free_when_all_is_used(api: Any) -> None:
    await api.control("POST", "limits", daily_used=125000)
    await api.log_in()
    assert (await api("GET", "/services/oauth2/userinfo")).status == 200
    assert (await api("GET", "/services/data")).status == 200


@pytest.mark.asyncio
async def test_limits_can_be_switched_off(clock: Clock, anonymous: Any) -> None:
    anonymous.session.connector.app = SalesforceSimulator(clock=clock, limits="off")
    await anonymous.log_in()
    await anonymous.control("POST", "limits", daily_used=20_000_000)
    assert (await anonymous("GET", "limits")).status == 200


@pytest.mark.asyncio
@pytest.mark.parametrize("changes", [{"nonsense": 1}, {"daily_max": -1}, {"daily_used": "many"}, {"daily_max": True}])
async def test_bad_changes_are_refused(api: Any, changes: dict[str, Any]) -> None:
    answer = await api("POST", "/_sim/limits", changes)
    assert answer.status == 400
    assert "daily_max" in answer.body["hint"]


@pytest.mark.asyncio
async def test_too_many_long_running_calls(api: Any, clock: Clock) -> None:
    await api.control("POST", "limits", concurrent_max=2)
    slow = {"match": {"path": "*/sobjects/Task/describe"}, "action": "delay", "seconds": 60, "times": 2}
    await api.control("POST", "faults", **slow)
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(api("GET", "sobjects/Task/describe")) for _ in range(2)]
        await clock.advance(timedelta(seconds=1))
        assert api.simulator.limits()["long_running"] == 2
        assert (await api("GET", "limits")).status == 200
        await clock.advance(timedelta(seconds=20))
        refused = await api("GET", "limits")
        await clock.advance(timedelta(seconds=39))
    assert (refused.status, refused.code) == (403, "REQUEST_LIMIT_EXCEEDED")
    assert refused.error["message"] == "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    assert [task.result().status for task in running] == [200, 200]
    assert (await api("GET", "limits")).status == 200
