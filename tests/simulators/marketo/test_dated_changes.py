"""Announced changes on either side of their day, by the simulator's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from actionsync_simulators.building import build
from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.dated_changes import DATED_CHANGES
from actionsync_simulators.marketo.switches import MarketoSwitches
from actionsync_simulators.settings import Settings

FEED, CHANGES = "/rest/v1/activities.json", "/rest/v1/activities/leadchanges.json"
TYPES = "/rest/v1/activities/types.json"
SECOND = timedelta(seconds=1)


@pytest.fixture
def on_day(api: Any) -> Iterator[Callable[..., Any]]:
    """Build a client of an empty subscription whose clock stands at a moment (ISO 8601): `on_day("…", switches…)`."""
    made: list[MarketoSimulator] = []

    def make(moment: str, **switches: Any) -> Any:
        clock = Clock(start=datetime.fromisoformat(moment).replace(tzinfo=UTC), frozen=True)
        made.append(MarketoSimulator(clock=clock, seed=1, limits="off", switches=MarketoSwitches(**switches)))
        return type(api)(made[-1])

    yield make
    for simulator in made:
        simulator.close()


async def query_token(api: Any) -> str | None:
    code: str | None = (await api.request("GET", TYPES, query=f"access_token={await api.log_in()}", token=None)).code
    return code


async def merge_of_26(api: Any) -> str | None:
    winner, *losers = [await api.create(email=f"{number}@example.com") for number in range(27)]
    answer = await api.post(f"/rest/v1/leads/{winner}/merge.json", leadIds=",".join(map(str, losers)))
    left = api.simulator.database.value("SELECT count(*) FROM leads")
    assert left == (27 if answer.code else 1)
    code: str | None = answer.code
    return code


async def large_list(api: Any) -> str | None:
    database = api.simulator.database
    database.execute(
        "INSERT INTO static_lists (id, name, folder_id, folder_type, created_at, updated_at)"
        " VALUES (7, 'large', 12, 'Folder', '', '')"
    )
    database.executemany("INSERT INTO list_members VALUES (7, ?, '', '')", ((one,) for one in range(9_999)))
    params = {"nextPageToken": await api.cursor(), "listId": 7}
    assert (await api.get(FEED, activityTypeIds="1", **params)).code is None
    database.execute("INSERT INTO list_members VALUES (7, 9999, '', '')")
    code: str | None = (await api.get(FEED, activityTypeIds="1", **params)).code
    assert (await api.get(CHANGES, fields="email", **params)).code == code
    return code


async def run_id(api: Any) -> str | None:
    """Return the code that stands for a plain number, or None for text in quotes."""
    lead_id = await api.create(email="a@example.com")
    now = api.simulator.clock.now()
    await api.inject(api.moment(lead_id, now.isoformat(), activityTypeId=6, attributes={"Campaign Run ID": 102938}))
    (row,) = await api.activities(6, token=await api.cursor(now))
    value = row["attributes"][0]["value"]
    assert value in (102938, '"102938"')
    return "number" if value == 102938 else None


CASES: tuple[tuple[str, Any, dict[str, str], str, str], ...] = (
    ("query-token", query_token, {}, "2026-08-31", "600"),
    ("query-token", query_token, {"query_token": "dated"}, "2026-08-31", "600"),
    ("merge-limit", merge_of_26, {}, "2026-03-31", "1080"),
    ("merge-limit", merge_of_26, {"merge_limit": "2026-07-31"}, "2026-07-31", "1080"),
    ("large-lists", large_list, {}, "2026-12-30", "1003"),
    ("large-lists", large_list, {"large_list_ban": "2026-09-30"}, "2026-09-30", "1003"),
    ("campaign-run-id", run_id, {"campaign_run_id": "dated"}, "2026-08-14", "number"),
)


@pytest.mark.asyncio
@pytest.mark.parametrize(("name", "seen", "switches", "day", "code"), CASES)
async def test_a_change_comes_into_force_on_its_day(
    on_day: Callable[..., Any], name: str, seen: Any, switches: dict[str, Any], day: str, code: str
) -> None:
    eve = (datetime.fromisoformat(day) - SECOND).isoformat()
    for moment, expected, in_force in ((eve, None, False), (day, code, True)):
        api = on_day(moment, **switches)
        assert await seen(api) == expected
        listed = {one["name"]: one for one in (await api.control("GET", "dated-changes")).json["dated_changes"]}
        assert (listed[name]["date"], listed[name]["in_force"]) == (day, in_force)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("seen", "always", "never", "code"),
    [
        (query_token, {"query_token": "reject"}, {"query_token": "accept"}, "600"),
        (merge_of_26, {"merge_limit": "on"}, {"merge_limit": "off"}, "1080"),
        (large_list, {"large_list_ban": "on"}, {"large_list_ban": "off"}, "1003"),
        (run_id, {"campaign_run_id": "number"}, {"campaign_run_id": "quoted"}, "number"),
        (run_id, {}, {"campaign_run_id": "quoted"}, "number"),
    ],
)
async def test_a_switch_takes_one_side_whatever_the_day(
    on_day: Callable[..., Any], seen: Any, always: dict[str, Any], never: dict[str, Any], code: str
) -> None:
    for moment in ("2025-01-01", "2027-06-01"):
        assert await seen(on_day(moment, **always)) == code
        assert await seen(on_day(moment, **never)) is None


@pytest.mark.asyncio
async def test_a_change_comes_while_the_clock_runs(on_day: Callable[..., Any]) -> None:
    api = on_day("2026-08-30T23:59:30")
    assert await query_token(api) is None
    await api.advance(seconds=30)
    assert await query_token(api) == "600"
    assert (await api.get(TYPES)).code is None


@pytest.mark.asyncio
@pytest.mark.parametrize(("as_of", "code"), [("2026-01-31", None), ("2026-09-15", "600")])
async def test_the_as_of_flag_chooses_the_side(api: Any, as_of: str, code: str | None) -> None:
    settings = Settings(people=20, as_of=datetime.fromisoformat(as_of).replace(tzinfo=UTC))
    simulators = build(settings, report=print)
    try:
        assert await query_token(type(api)(simulators.marketo)) == code
    finally:
        simulators.marketo.close()
        simulators.salesforce.database.close()


@pytest.mark.asyncio
async def test_every_change_is_listed_with_its_text_and_switch(api: Any) -> None:
    rows = (await api.control("GET", "dated-changes")).json["dated_changes"]
    assert [row["name"] for row in rows] == [one.name for one in DATED_CHANGES]
    assert {case[0] for case in CASES} == {row["name"] for row in rows}
    assert all(row["text"] and len(row["switch"]) == 1 for row in rows)
    days = {row["name"]: (row["date"], row["in_force"]) for row in rows}
    assert days == {
        "merge-limit": ("2026-03-31", True),
        "campaign-run-id": (None, True),
        "query-token": ("2026-08-31", True),
        "large-lists": ("2026-12-30", False),
    }


def test_a_switch_that_has_no_such_day_is_refused(make_api: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="large_list_ban is '2026-10-01'"):
        make_api(large_list_ban="2026-10-01")
