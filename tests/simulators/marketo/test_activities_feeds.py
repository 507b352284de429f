"""The activity feed: order, ties, pages, scan windows, filters, shape of rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

START = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
FEED = "/rest/v1/activities.json"
CHANGES = "/rest/v1/activities/leadchanges.json"
DELETED = "/rest/v1/activities/deletedleads.json"
TOKEN = "/rest/v1/activities/pagingtoken.json"


@pytest.mark.asyncio
async def test_rows_come_at_or_after_the_second_of_the_token(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    ids = await api.inject(*[api.moment(lead_id, f"2026-11-20T10:00:{second:02}Z") for second in (0, 1, 2)])
    for since, expected in (
        ("2026-11-20T10:00:00Z", ids),
        ("2026-11-20T10:00:01Z", ids[1:]),
        ("2026-11-20T10:00:01.900Z", ids[1:]),
        ("2026-11-20T11:00:02+01:00", ids[2:]),
        ("2026-11-20T10:00:03Z", []),
        ("2030-01-01", []),
    ):
        token = (await api.get(TOKEN, sinceDatetime=since)).json["nextPageToken"]
        assert [row["id"] for row in await api.activities(46, token=token)] == expected, since


@pytest.mark.asyncio
@pytest.mark.behaviour("feed-order")
async def test_rows_are_ordered_by_date_then_id_across_types(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    since = await api.cursor(START - timedelta(days=9))
    late, early, tie = await api.inject(
        api.moment(lead_id, "2026-11-20T10:00:05Z"),
        api.moment(lead_id, "2026-11-20T10:00:00Z", activityTypeId=1),
        api.moment(lead_id, "2026-11-20T10:00:05Z", activityTypeId=2),
    )
    rows = await api.activities(46, 1, 2, token=since)
    assert [row["id"] for row in rows] == [early, late, tie]


@pytest.mark.asyncio
@pytest.mark.behaviour("feed-one-second")
async def test_many_rows_of_one_second_are_paged_without_loss_or_repetition(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    ids = await api.inject(
        *[api.moment(lead_id, "2026-11-20T10:00:00Z", activityTypeId=1 + at % 3) for at in range(25)]
    )
    token = await api.cursor(START - timedelta(days=9))
    rows, sizes, _ = await api.walk(FEED, activityTypeIds="1,2,3", batchSize=4, nextPageToken=token)
    assert [row["id"] for row in rows] == ids
    assert sizes == [4, 4, 4, 4, 4, 4, 1]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params"), [(FEED, {"activityTypeIds": "46"}), (CHANGES, {"fields": "email"}), (DELETED, {})]
)
@pytest.mark.behaviour("feed-empty-page")
async def test_an_empty_page_still_has_result_token_and_more_result(
    api: Any, path: str, params: dict[str, str]
) -> None:
    document = (await api.get(path, nextPageToken=await api.cursor(), **params)).json
    assert document["result"] == []
    assert document["moreResult"] is False
    assert re.fullmatch(r"[A-Z2-7]+=+", document["nextPageToken"])


@pytest.mark.asyncio
@pytest.mark.behaviour("feed-cursor")
async def test_the_last_token_is_the_cursor_of_the_next_poll(api: Any) -> None:
    lead_id = await api.create(email="a@example.com", firstName="A")
    _, _, token = await api.walk(CHANGES, fields="firstName", nextPageToken=await api.cursor())
    rows, _, token = await api.walk(CHANGES, fields="firstName", nextPageToken=token)
    assert rows == []
    await api.sync({"email": "a@example.com", "firstName": "B"})
    rows, _, token = await api.walk(CHANGES, fields="firstName", nextPageToken=token)
    assert [(row["leadId"], row["fields"][0]["newValue"]) for row in rows] == [(lead_id, "B")]
    assert (await api.walk(CHANGES, fields="firstName", nextPageToken=token))[0] == []


@pytest.mark.asyncio
@pytest.mark.behaviour("token-for-all-feeds")
async def test_one_date_token_serves_all_three_feeds_and_never_expires(api: Any) -> None:
    token = await api.cursor()
    lead_id = await api.create(email="a@example.com")
    await api.post("/rest/v1/leads/delete.json", id=lead_id)
    await api.advance(days=10)
    await api.log_in()
    assert len((await api.get(FEED, activityTypeIds="12", nextPageToken=token)).result) == 1
    assert len((await api.get(CHANGES, fields="email", nextPageToken=token)).result) == 1
    deleted = await api.get(DELETED, nextPageToken=token)
    assert len(deleted.result) == 1
    await api.advance(hours=25)
    await api.log_in()
    stale = await api.get(DELETED, nextPageToken=deleted.json["nextPageToken"])
    assert (stale.code, stale.message) == ("1003", "Paging token has expired")


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(6))
async def test_any_walk_finds_every_row_once_and_in_order(make_api: Callable[..., Any], seed: int) -> None:
    """Random rows, types, batch sizes and scan windows against the plain meaning of the feed."""
    random = Random(seed)
    api = make_api(sparse_pages=random.choice([0, 1, 3, 17]))
    leads = [await api.create(email=f"{number}@example.com") for number in range(3)]
    rows = [
        api.moment(
            random.choice(leads),
            (START - timedelta(seconds=random.randrange(40))).isoformat(),
            activityTypeId=random.choice([1, 2, 3, 46]),
        )
        for _ in range(200)
    ]
    ids = await api.inject(*rows)
    since = START - timedelta(seconds=random.randrange(40))
    wanted, only = random.sample([1, 2, 3, 46], 2), random.choice([[], leads[:1], leads[1:]])
    expected = sorted(
        (row["activityDate"], row_id)
        for row, row_id in zip(rows, ids, strict=True)
        if datetime.fromisoformat(row["activityDate"]) >= since
        and row["activityTypeId"] in wanted
        and (not only or row["leadId"] in only)
    )
    params = {"leadIds": ",".join(map(str, only))} if only else {}
    found, _, _ = await api.walk(
        FEED,
        activityTypeIds=",".join(map(str, wanted)),
        batchSize=random.choice([1, 2, 7, 300]),
        nextPageToken=await api.cursor(since),
        **params,
    )
    assert [row["id"] for row in found] == [row_id for _, row_id in expected]


@pytest.mark.asyncio
@pytest.mark.behaviour("feed-sparse-pages")
async def test_a_scan_window_gives_short_and_empty_pages(make_api: Callable[..., Any]) -> None:
    api = make_api(sparse_pages=10)
    lead_id = await api.create(email="a@example.com")
    wanted = {7, 8, 41}
    ids = await api.inject(
        *[
            api.moment(lead_id, "2026-11-20T10:00:00Z", activityTypeId=46 if number in wanted else 1)
            for number in range(45)
        ],
    )
    token = await api.cursor(START - timedelta(days=9))
    rows, sizes, _ = await api.walk(FEED, activityTypeIds="46", nextPageToken=token)
    assert [row["id"] for row in rows] == [ids[number] for number in sorted(wanted)]
    assert sizes == [2, 0, 0, 0, 1]


@pytest.mark.asyncio
@pytest.mark.behaviour("feed-filters")
async def test_pages_may_be_filtered_by_lead_list_and_asset(seeded: Any) -> None:
    first, second = 1001, 1002
    await seeded.post("/rest/v1/lists/1003/leads.json", id=second)
    since = await seeded.cursor()
    await seeded.inject(
        seeded.moment(first, "2026-11-24T12:00:00Z", activityTypeId=6, primaryAttributeValueId=5),
        seeded.moment(first, "2026-11-24T12:00:00Z", activityTypeId=6, primaryAttributeValueId=6),
        seeded.moment(second, "2026-11-24T12:00:00Z", activityTypeId=6, primaryAttributeValueId=5),
    )
    for params, found in (
        ({}, [(first, 5), (first, 6), (second, 5)]),
        ({"leadIds": str(first)}, [(first, 5), (first, 6)]),
        ({"leadIds": "1001,1002"}, [(first, 5), (first, 6), (second, 5)]),
        ({"listId": "1003"}, [(second, 5)]),
        ({"assetIds": "5"}, [(first, 5), (second, 5)]),
        ({"assetIds": "5,6", "leadIds": str(first)}, [(first, 5), (first, 6)]),
        ({"listId": "1003", "leadIds": str(first)}, []),
    ):
        rows = await seeded.activities(6, token=since, **params)
        assert [(row["leadId"], row["primaryAttributeValueId"]) for row in rows] == found, params


@pytest.mark.asyncio
@pytest.mark.parametrize(("ban", "code"), [("off", None), ("on", "1003")])
@pytest.mark.behaviour("feed-large-list")
async def test_large_lists_on_feeds_are_a_switch(make_api: Callable[..., Any], ban: str, code: str | None) -> None:
    api = make_api(people=True, large_list_ban=ban)
    members = ((1003, number, "", "") for number in range(1, 10_001))
    api.simulator.database.executemany("INSERT INTO list_members VALUES (?, ?, ?, ?)", members)
    params = {"nextPageToken": await api.cursor(), "listId": 1003}
    assert (await api.get(FEED, activityTypeIds="1", **params)).code == code
    assert (await api.get(CHANGES, fields="email", **params)).code == code


@pytest.mark.asyncio
@pytest.mark.behaviour("feed-left-out")
async def test_members_without_a_value_are_left_out(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    since = await api.cursor(START - timedelta(days=9))
    (row_id,) = await api.inject(
        {
            "leadId": lead_id,
            "activityTypeId": 46,
            "activityDate": "2026-11-20T17:00:00+07:00",
            "attributes": {"Description": "", "Source": None, "Date": "2026-01-01"},
        },
    )
    assert await api.activities(46, token=since) == [
        {
            "id": row_id,
            "marketoGUID": str(row_id),
            "leadId": lead_id,
            "activityDate": "2026-11-20T10:00:00Z",
            "activityTypeId": 46,
            "attributes": [{"name": "Date", "value": "2026-01-01"}],
        }
    ]


@pytest.mark.asyncio
@pytest.mark.behaviour("feed-deprecated-id")
async def test_the_deprecated_id_can_be_left_out_and_can_be_large(make_api: Callable[..., Any]) -> None:
    api = make_api(omit_activity_id="on", first_activity_id=2**40)
    await api.create(email="a@example.com")
    (row,) = await api.activities(12)
    assert "id" not in row
    assert row["marketoGUID"] == str(2**40)
