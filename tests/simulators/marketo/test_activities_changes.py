"""Lead changes, rows that become visible late, and how long rows are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

START = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
CHANGES = "/rest/v1/activities/leadchanges.json"


@pytest.mark.asyncio
@pytest.mark.behaviour("changes-names-and-values")
async def test_lead_changes_carry_rest_names_old_and_new_values(api: Any) -> None:
    since = await api.cursor()
    lead_id = await api.create(email="a@example.com", firstName="A", lastName="L")
    await api.advance(seconds=1)
    await api.sync({"email": "a@example.com", "firstName": "B", "unsubscribed": True, "title": "T"})
    answer = await api.get(CHANGES, fields="firstName,unsubscribed,emailSuspendedAt", nextPageToken=since)
    new, *changes = answer.result
    assert (new["activityTypeId"], new["fields"], new["leadId"]) == (12, [], lead_id)
    assert {"name": "Source Type", "value": "Web service API"} in new["attributes"]
    assert [change["fields"] for change in changes] == [
        [{"id": 53, "name": "firstName", "newValue": "B", "oldValue": "A"}],
        [{"id": 79, "name": "unsubscribed", "newValue": "True", "oldValue": "False"}],
    ]
    attributes = {pair["name"]: pair["value"] for pair in changes[0]["attributes"]}
    assert attributes["Lead ID"] == lead_id
    assert attributes["Reason"] == attributes["Source"] == "Web service API"
    assert not {"Old Value", "New Value"} & set(attributes)
    assert changes[0]["activityDate"] == "2026-11-24T12:00:01Z"


@pytest.mark.asyncio
async def test_values_of_changes_are_strings_in_their_own_formats(api: Any) -> None:
    await api.create(email="a@example.com")
    since = await api.cursor()
    await api.sync({"email": "a@example.com", "emailSuspendedAt": "2026-01-26T18:46:00Z", "leadScore": 5, "phone": "1"})
    await api.sync({"email": "a@example.com", "emailSuspendedAt": None, "leadScore": None, "phone": ""})
    rows, _, _ = await api.walk(CHANGES, fields=["emailSuspendedAt", "leadScore", "phone"], nextPageToken=since)
    found = [(f["name"], f["oldValue"], f["newValue"]) for row in rows for f in row["fields"]]
    assert found == [
        ("emailSuspendedAt", None, "2026-01-26 18:46:00"),
        ("leadScore", None, "5"),
        ("phone", None, "1"),
        ("emailSuspendedAt", "2026-01-26 18:46:00", None),
        ("leadScore", "5", None),
        ("phone", "1", None),
    ]


@pytest.mark.asyncio
@pytest.mark.behaviour("changes-cut-first")
async def test_lead_changes_are_filtered_after_the_page_is_cut(api: Any) -> None:
    await api.create(email="a@example.com", firstName="0")
    since = await api.cursor(START)
    for number in range(1, 11):
        await api.sync({"email": "a@example.com", "firstName": str(number)})
    await api.sync({"email": "a@example.com", "title": "T"})
    rows, sizes, _ = await api.walk(CHANGES, fields="title", batchSize=4, nextPageToken=since)
    assert sizes == [1, 0, 1]
    assert [row["activityTypeId"] for row in rows] == [12, 13]


@pytest.mark.asyncio
async def test_lead_changes_may_be_filtered_by_lead_and_list(seeded: Any) -> None:
    since = await seeded.cursor()
    for lead_id in (1001, 1002):
        await seeded.sync({"id": lead_id, "title": "New"}, action="updateOnly", lookupField="id")
    await seeded.post("/rest/v1/lists/1003/leads.json", id=1002)
    for params, found in (({}, [1001, 1002]), ({"leadIds": 1001}, [1001]), ({"listId": 1003}, [1002])):
        rows, _, _ = await seeded.walk(CHANGES, fields="title", nextPageToken=since, **params)
        assert [row["leadId"] for row in rows] == found, params


@pytest.mark.asyncio
@pytest.mark.behaviour("feed-late-rows")
async def test_rows_hidden_by_a_fault_become_visible_behind_a_cursor_that_has_passed(api: Any) -> None:
    await api.create(email="a@example.com", firstName="A")
    since = await api.cursor()
    await api.fault("hide_rows", "/rest/v1/leads.json", method="POST", seconds=60)
    await api.sync({"email": "a@example.com", "firstName": "B"})
    await api.advance(seconds=30)
    await api.sync({"email": "a@example.com", "firstName": "C"})
    rows, _, cursor = await api.walk(CHANGES, fields="firstName", nextPageToken=since)
    assert [f["newValue"] for row in rows for f in row["fields"]] == ["C"]
    await api.advance(seconds=30)
    assert (await api.walk(CHANGES, fields="firstName", nextPageToken=cursor))[0] == []
    rows, _, _ = await api.walk(CHANGES, fields="firstName", nextPageToken=since)
    assert [f["newValue"] for row in rows for f in row["fields"]] == ["B", "C"]
    ledger = (await api.control("GET", "ledger/activities")).json["activities"]
    assert [row["visibleAt"] for row in ledger] == [None, "2026-11-24T12:01:00Z", None]


@pytest.mark.asyncio
async def test_the_commit_lag_delays_rows_by_up_to_its_length_and_repeatably(make_api: Callable[..., Any]) -> None:
    seen = []
    for _ in range(2):
        api = make_api(activity_commit_lag=600)
        for number in range(50):
            await api.create(email=f"{number}@example.com")
        counts = []
        for _ in range(5):
            counts.append(len(await api.activities(12)))
            await api.advance(seconds=150)
        assert counts == sorted(counts)
        assert 0 < counts[1] < counts[3] < counts[4] == 50
        seen.append(counts)
    assert seen[0] == seen[1]


RETAINED_DAYS = dict.fromkeys((13, 24, 22, 1, 3, 6, 7, 47), 90) | {12: None, 10: 761, 46: 761, 23: 761, 37: 14}


@pytest.mark.asyncio
@pytest.mark.parametrize("type_id", RETAINED_DAYS)
@pytest.mark.behaviour("feed-retention")
async def test_retention_by_type(make_api: Callable[..., Any], type_id: int) -> None:
    days = RETAINED_DAYS[type_id]
    for switch in ("on", "off"):
        api = make_api(retention=switch)
        lead_id = await api.create(email="a@example.com")
        dates = [START - timedelta(days=900), START - timedelta(days=days or 1) + timedelta(hours=-1), START]
        rows = [api.moment(lead_id, date.isoformat(), activityTypeId=type_id) for date in dates]
        ids = await api.inject(*rows)
        found = [
            row["id"] for row in await api.activities(type_id, token=await api.cursor(START - timedelta(days=999)))
        ]
        expected = ids if switch == "off" or days is None else ids[2:]
        assert [one for one in found if one in ids] == expected
