"""The limits and what is charged: by the day, by 20 seconds of wall time, at once; and the statistics calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

TYPES = "/rest/v1/activities/types.json"
USAGE = "/rest/v1/stats/usage.json"
USER = "api-user@simulator.example"


async def used(api: Any) -> dict[str, int]:
    counters: dict[str, int] = (await api.control("GET", "limits")).json["used"]
    return counters


@pytest.mark.asyncio
async def test_the_101st_call_within_20_seconds_is_606(make_api: Callable[..., Any]) -> None:
    api = make_api(limits="vendor")
    clock = api.simulator.clock
    await api.log_in()
    for _ in range(99):
        assert (await api.get(TYPES)).code is None
    clock.wall_seconds += 15
    assert (await api.get(TYPES)).code is None
    refused = await api.get(TYPES)
    assert (refused.status, refused.code) == (200, "606")
    assert refused.message == "Max rate limit '100' exceeded with in '20' secs"
    clock.wall_seconds += 4.9
    assert (await api.get(TYPES)).code == "606"
    clock.wall_seconds += 0.1
    for _ in range(99):
        assert (await api.get(TYPES)).code is None
    assert (await api.get(TYPES)).code == "606"


@pytest.mark.asyncio
async def test_the_window_counts_wall_time_while_the_clock_is_advanced(make_api: Callable[..., Any]) -> None:
    api = make_api(limits="vendor")
    await api.log_in()
    for _ in range(100):
        await api.get(TYPES)
    await api.advance(hours=1, minutes=-10)
    assert (await api.get(TYPES)).code == "606"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("zone", "reset"),
    [("America/Chicago", datetime(2026, 11, 25, 6, tzinfo=UTC)), ("CST", datetime(2026, 11, 25, 6, tzinfo=UTC))],
)
async def test_the_daily_quota_resets_at_midnight_central(
    make_api: Callable[..., Any], zone: str, reset: datetime
) -> None:
    api = make_api(limits="vendor", central_time=zone)
    await api.control("POST", "limits", {"calls_per_day": 2})
    await api.get(TYPES)
    await api.get(TYPES)
    refused = await api.get(TYPES)
    assert (refused.code, refused.message) == ("607", "Daily quota reached")
    await api.simulator.clock.advance(reset - api.simulator.clock.now() - timedelta(seconds=1))
    await api.log_in()
    assert (await api.get(TYPES)).code == "607"
    await api.advance(seconds=1)
    assert (await api.get(TYPES)).code is None


def test_summer_time_moves_the_reset(make_api: Callable[..., Any]) -> None:
    for zone, hour in (("America/Chicago", 5), ("CST", 6)):
        api = make_api(central_time=zone)
        clock, quota = api.simulator.clock, api.simulator.subscription.quota
        clock._moment = datetime(2027, 7, 1, hour, tzinfo=UTC) - timedelta(seconds=1)
        assert quota.today().date.isoformat() == "2027-06-30"
        clock._moment += timedelta(seconds=1)
        assert quota.today().date.isoformat() == "2027-07-01"


@pytest.mark.asyncio
async def test_the_eleventh_call_at_once_is_615(make_api: Callable[..., Any]) -> None:
    api = make_api(limits="vendor")
    await api.log_in()
    await api.fault("delay", TYPES, seconds=1, times=10)
    async with asyncio.TaskGroup() as group:
        slow = [group.create_task(api.get(TYPES)) for _ in range(10)]
        await asyncio.sleep(0)
        refused = await api.get("/rest/v1/leads/describe.json")
        await api.advance(seconds=1)
    assert (refused.code, refused.message) == ("615", "Concurrent access limit '10' reached")
    assert [task.result().code for task in slow] == [None] * 10
    assert (await used(api))["calls_at_once"] == 0


@pytest.mark.asyncio
async def test_limits_off_lets_calls_pass_and_still_counts_them(make_api: Callable[..., Any]) -> None:
    api = make_api(limits="off")
    await api.control("POST", "limits", {"calls_per_day": 1, "calls_per_window": 1})
    for _ in range(120):
        assert (await api.get(TYPES)).code is None
    assert (await used(api))["calls_today"] == 120


@pytest.mark.asyncio
async def test_a_limit_can_be_changed_and_a_counter_set(make_api: Callable[..., Any]) -> None:
    api = make_api(limits="vendor")
    answer = await api.control("POST", "limits", {"calls_today": 49_999})
    assert answer.json["used"]["calls_today"] == 49_999
    assert (await api.get(TYPES)).code is None
    assert (await api.get(TYPES)).code == "607"
    for wrong in ({"calls_per_second": 1}, {"calls_per_day": -1}, {"calls_per_day": "9"}, {"enforce": 1}):
        refused = await api.control("POST", "limits", wrong)
        assert refused.status == 400
        assert set(refused.json) == {"error", "hint"}


CHARGED = {
    "success": ({}, 1, 1),
    "603": ({}, 1, 1),
    "609": ({}, 1, 1),
    "612": ({}, 1, 1),
    "1002": ({}, 1, 1),
    "610": ({}, 1, 1),
    "610 without token": ({}, 1, 0),
    "600": ({}, 0, 0),
    "601": ({}, 0, 0),
    "602": ({}, 0, 0),
    "605": ({}, 0, 0),
    "413": ({}, 0, 0),
    "414": ({}, 0, 0),
    "604": ({"code": "604"}, 0, 0),
    "608": ({"code": "608"}, 0, 0),
    "611": ({"code": "611"}, 0, 0),
    "502": ({"code": "502"}, 1, 1),
    "713": ({"code": "713"}, 1, 1),
    "606": ({"code": "606"}, 0, 0),
    "real 502": ({"code": "502", "http_status": 502}, 0, 0),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("outcome", CHARGED)
async def test_what_a_call_costs(make_api: Callable[..., Any], outcome: str) -> None:
    error, total, by_user = CHARGED[outcome]
    api = make_api(limits="vendor")
    if outcome == "603":
        api = type(api)(api.simulator, "simulator-client-read-only", "simulator-secret-read-only")
    user = "read-only@simulator.example" if outcome == "603" else USER
    await api.log_in()
    if error:
        await api.fault("error", error=error)
    if outcome == "602":
        await api.control("POST", "tokens/expire")
    leads, json = "/rest/v1/leads.json", {"content-type": "application/json"}
    calls: dict[str, tuple[str, str, dict[str, Any]]] = {
        "603": ("GET", TYPES, {}),
        "609": ("POST", leads, {"body": b"{", "headers": json}),
        "612": ("POST", leads, {"body": b"{", "headers": {"content-type": "text/plain"}}),
        "1002": ("POST", leads, {}),
        "610": ("GET", "/rest/v1/nothing.json", {}),
        "610 without token": ("GET", "/rest/v1/nothing.json", {"token": None}),
        "600": ("GET", TYPES, {"token": None}),
        "601": ("GET", TYPES, {"token": "wrong"}),
        "605": ("PUT", TYPES, {}),
        "413": ("POST", leads, {"body": b"x" * (2 << 20)}),
        "414": ("GET", TYPES, {"query": "x" * 9_000}),
    }
    method, path, arguments = calls.get(outcome, ("GET", TYPES, {}))
    answer = await api.request(method, path, **arguments)
    if outcome.isdigit() and answer.status == 200:
        assert answer.code == outcome
    counters = await used(api)
    assert counters["calls_today"] == total
    assert counters["calls_in_window"] == total
    assert api.simulator.subscription.quota.today().users.get(user, 0) == by_user


@pytest.mark.asyncio
@pytest.mark.parametrize(("switch", "charged"), [("off", 1), ("on", 2)])
async def test_whether_a_refusal_by_limit_costs_a_call_is_a_switch(
    make_api: Callable[..., Any], switch: str, charged: int
) -> None:
    api = make_api(limits="vendor", charge_limit_errors=switch)
    await api.control("POST", "limits", {"calls_per_day": 1})
    await api.get(TYPES)
    assert (await api.get(TYPES)).code == "607"
    assert (await used(api))["calls_today"] == charged


@pytest.mark.asyncio
async def test_identity_and_control_calls_cost_nothing(api: Any) -> None:
    await api.identity()
    await api.control("GET", "limits")
    assert (await used(api))["calls_today"] == 0


@pytest.mark.asyncio
@pytest.mark.behaviour("usage-counts-itself")
async def test_usage_counts_the_call_itself_and_names_every_user(seeded: Any) -> None:
    reader = type(seeded)(seeded.simulator, "simulator-client-read-only", "simulator-secret-read-only")
    await reader.get("/rest/v1/leads/describe.json")
    assert (await seeded.get(USAGE)).result == [
        {
            "date": "2026-11-24",
            "total": 2,
            "users": [{"userId": "read-only@simulator.example", "count": 1}, {"userId": USER, "count": 1}],
        }
    ]


@pytest.mark.asyncio
@pytest.mark.behaviour("usage-seven-days")
async def test_last_seven_days_are_seven_rows_oldest_first(api: Any) -> None:
    await api.get(USAGE)
    await api.request("GET", TYPES, token="wrong")
    await api.advance(days=2)
    await api.log_in()
    usage = (await api.get("/rest/v1/stats/usage/last7days.json")).result
    assert [row["date"] for row in usage] == [f"2026-11-{day}" for day in range(20, 27)]
    assert [row["total"] for row in usage] == [0, 0, 0, 0, 1, 0, 1]
    assert all(row["users"] for row in usage)
    errors = (await api.get("/rest/v1/stats/errors/last7days.json")).result
    assert [row["total"] for row in errors] == [0, 0, 0, 0, 1, 0, 0]
    assert errors[4]["errors"] == [{"errorCode": "601", "count": 1}]
    assert (await api.get("/rest/v1/stats/errors.json")).result == [{"date": "2026-11-26", "total": 0, "errors": []}]


@pytest.mark.asyncio
@pytest.mark.behaviour("errors-counted")
async def test_error_statistics_count_every_code_free_or_not(api: Any) -> None:
    await api.fault("error", TYPES, error={"code": "604"})
    for _ in range(2):
        await api.get("/rest/v1/nothing.json")
    await api.get(TYPES)
    assert (await api.get("/rest/v1/stats/errors.json")).result == [
        {
            "date": "2026-11-24",
            "total": 3,
            "errors": [{"errorCode": "604", "count": 1}, {"errorCode": "610", "count": 2}],
        }
    ]
