"""Paging tokens and the three feeds: order, ties, pages, filters, late rows, retention."""

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


async def inject(api: Any, *rows: dict[str, Any]) -> list[int]:
    answer = await api.control("POST", "activities", list(rows))
    assert answer.status == 200, answer.json
    ids: list[int] = answer.json["ids"]
    return ids


def moment(lead_id: int, at: str, **more: Any) -> dict[str, Any]:
    return {
        "leadId": lead_id,
        "activityTypeId": 46,
        "activityDate": at,
        "primaryAttributeValue": "Web",
        "attributes": {"Description": "d"},
        **more,
    }


async def walk(api: Any, path: str, **params: Any) -> tuple[list[dict[str, Any]], list[int], str]:
    """Read a feed to its end; returns the rows, the page sizes and the last token."""
    rows: list[dict[str, Any]] = []
    sizes: list[int] = []
    while True:
        document = (await api.get(path, **params)).json
        assert document["success"], document
        rows += document["result"]
        sizes.append(len(document["result"]))
        params["nextPageToken"] = document["nextPageToken"]
        if not document["moreResult"]:
            return rows, sizes, params["nextPageToken"]
        assert len(sizes) < 500


# ---------------------------------------------------------------------------------------------------- paging token


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "since",
    [
        "2026-01-06T13:22:17-08:00",
        "2026-01-06T13:22:17Z",
        "2026-01-06T13:22:17+0100",
        "2026-01-06T13:22:17 01:00",
        "2026-01-06T13:22:17.123Z",
        "2026-01-06T13:22:17",
        "2026-01-06",
        "2031-01-01",
        "1990-01-01",
    ],
)
async def test_a_token_is_base32_and_has_no_result(api: Any, since: str) -> None:
    answer = await api.get(TOKEN, sinceDatetime=since)
    assert list(answer.json) == ["requestId", "success", "nextPageToken"]
    assert re.fullmatch(r"[A-Z2-7]+=+", answer.json["nextPageToken"])


@pytest.mark.asyncio
async def test_a_plus_sign_that_arrived_as_a_space_is_a_plus(api: Any) -> None:
    encoded = await api.request("GET", TOKEN, query="sinceDatetime=2026-01-06T13:22:17%2B01:00")
    bare = await api.request("GET", TOKEN, query="sinceDatetime=2026-01-06T13:22:17+01:00")
    utc = await api.request("GET", TOKEN, query="sinceDatetime=2026-01-06T12:22:17Z")
    assert encoded.json["nextPageToken"] == bare.json["nextPageToken"] == utc.json["nextPageToken"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "1002"),
        ({"sinceDatetime": ""}, "1002"),
        ({"sinceDatetime": "2015-04-0113"}, "1001"),
        ({"sinceDatetime": "yesterday"}, "1001"),
        ({"sinceDatetime": "2026-02-30"}, "1001"),
        ({"sinceDatetime": "2026-01-06T25:00:00Z"}, "1001"),
        ({"sinceDatetime": "2026-01-06T13:22:17+99:00"}, "1001"),
        ({"sinceDatetime": "0001-01-01T00:00:00+14:00"}, "1001"),
    ],
)
async def test_a_malformed_date_is_1001_and_a_missing_one_1002(api: Any, params: dict[str, str], code: str) -> None:
    assert (await api.get(TOKEN, **params)).code == code


# -------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        (FEED, {"nextPageToken": None, "activityTypeIds": "1"}, "1002"),
        (FEED, {"nextPageToken": "garbage", "activityTypeIds": "1"}, "1003"),
        (FEED, {"nextPageToken": "MFRGG===", "activityTypeIds": "1"}, "1003"),
        (FEED, {}, "1002"),
        (FEED, {"activityTypeIds": "one"}, "1001"),
        (FEED, {"activityTypeIds": "1,2,3,4,5,6,7,8,9,10,11"}, "1003"),
        (FEED, {"activityTypeIds": "1", "leadIds": ",".join(map(str, range(1, 32)))}, "1003"),
        (FEED, {"activityTypeIds": "1", "leadIds": "x"}, "1001"),
        (FEED, {"activityTypeIds": "1,2", "assetIds": "5"}, "1003"),
        (FEED, {"activityTypeIds": "1", "listId": "9"}, "1013"),
        (FEED, {"activityTypeIds": "1", "batchSize": "301"}, "1003"),
        (CHANGES, {}, "1002"),
        (CHANGES, {"fields": "nope"}, "1006"),
        (CHANGES, {"fields": "email", "nextPageToken": None}, "1002"),
        (CHANGES, {"fields": "email", "leadIds": ",".join(map(str, range(1, 32)))}, "1003"),
        (DELETED, {"nextPageToken": None}, "1002"),
        (DELETED, {"nextPageToken": "x"}, "1003"),
    ],
)
async def test_refusals(seeded: Any, path: str, params: dict[str, Any], code: str) -> None:
    query = {"nextPageToken": await seeded.cursor()} | params
    answer = await seeded.get(path, **{name: value for name, value in query.items() if value is not None})
    assert answer.code == code


@pytest.mark.asyncio
async def test_ten_types_and_thirty_leads_are_allowed_and_an_unknown_type_has_no_rows(seeded: Any) -> None:
    token = await seeded.cursor(START - timedelta(days=120))
    leads = ",".join(map(str, range(1001, 1031)))
    answer = await seeded.get(FEED, nextPageToken=token, activityTypeIds="1,2,3,6,7,8,9,10,11,12", leadIds=leads)
    assert answer.result
    assert (await seeded.get(FEED, nextPageToken=token, activityTypeIds="777777")).result == []


# ----------------------------------------------------------------------------------------------- positions and pages


@pytest.mark.asyncio
async def test_rows_come_at_or_after_the_second_of_the_token(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    ids = await inject(api, *[moment(lead_id, f"2026-11-20T10:00:{second:02}Z") for second in (0, 1, 2)])
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
async def test_rows_are_ordered_by_date_then_id_across_types(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    since = await api.cursor(START - timedelta(days=9))
    late, early, tie = await inject(
        api,
        moment(lead_id, "2026-11-20T10:00:05Z"),
        moment(lead_id, "2026-11-20T10:00:00Z", activityTypeId=1),
        moment(lead_id, "2026-11-20T10:00:05Z", activityTypeId=2),
    )
    rows = await api.activities(46, 1, 2, token=since)
    assert [row["id"] for row in rows] == [early, late, tie]


@pytest.mark.asyncio
async def test_many_rows_of_one_second_are_paged_without_loss_or_repetition(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    ids = await inject(api, *[moment(lead_id, "2026-11-20T10:00:00Z", activityTypeId=1 + at % 3) for at in range(25)])
    token = await api.cursor(START - timedelta(days=9))
    rows, sizes, _ = await walk(api, FEED, activityTypeIds="1,2,3", batchSize=4, nextPageToken=token)
    assert [row["id"] for row in rows] == ids
    assert sizes == [4, 4, 4, 4, 4, 4, 1]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params"), [(FEED, {"activityTypeIds": "46"}), (CHANGES, {"fields": "email"}), (DELETED, {})]
)
async def test_an_empty_page_still_has_result_token_and_more_result(
    api: Any, path: str, params: dict[str, str]
) -> None:
    document = (await api.get(path, nextPageToken=await api.cursor(), **params)).json
    assert document["result"] == []
    assert document["moreResult"] is False
    assert re.fullmatch(r"[A-Z2-7]+=+", document["nextPageToken"])


@pytest.mark.asyncio
async def test_the_last_token_is_the_cursor_of_the_next_poll(api: Any) -> None:
    lead_id = await api.create(email="a@example.com", firstName="A")
    _, _, token = await walk(api, CHANGES, fields="firstName", nextPageToken=await api.cursor())
    rows, _, token = await walk(api, CHANGES, fields="firstName", nextPageToken=token)
    assert rows == []
    await api.sync({"email": "a@example.com", "firstName": "B"})
    rows, _, token = await walk(api, CHANGES, fields="firstName", nextPageToken=token)
    assert [(row["leadId"], row["fields"][0]["newValue"]) for row in rows] == [(lead_id, "B")]
    assert (await walk(api, CHANGES, fields="firstName", nextPageToken=token))[0] == []


@pytest.mark.asyncio
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
        moment(
            random.choice(leads),
            (START - timedelta(seconds=random.randrange(40))).isoformat(),
            activityTypeId=random.choice([1, 2, 3, 46]),
        )
        for _ in range(200)
    ]
    ids = await inject(api, *rows)
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
    found, _, _ = await walk(
        api,
        FEED,
        activityTypeIds=",".join(map(str, wanted)),
        batchSize=random.choice([1, 2, 7, 300]),
        nextPageToken=await api.cursor(since),
        **params,
    )
    assert [row["id"] for row in found] == [row_id for _, row_id in expected]


@pytest.mark.asyncio
async def test_a_scan_window_gives_short_and_empty_pages(make_api: Callable[..., Any]) -> None:
    api = make_api(sparse_pages=10)
    lead_id = await api.create(email="a@example.com")
    wanted = {7, 8, 41}
    ids = await inject(
        api,
        *[
            moment(lead_id, "2026-11-20T10:00:00Z", activityTypeId=46 if number in wanted else 1)
            for number in range(45)
        ],
    )
    token = await api.cursor(START - timedelta(days=9))
    rows, sizes, _ = await walk(api, FEED, activityTypeIds="46", nextPageToken=token)
    assert [row["id"] for row in rows] == [ids[number] for number in sorted(wanted)]
    assert sizes == [2, 0, 0, 0, 1]


@pytest.mark.asyncio
async def test_pages_may_be_filtered_by_lead_list_and_asset(seeded: Any) -> None:
    first, second = 1001, 1002
    await seeded.post("/rest/v1/lists/1003/leads.json", id=second)
    since = await seeded.cursor()
    await inject(
        seeded,
        moment(first, "2026-11-24T12:00:00Z", activityTypeId=6, primaryAttributeValueId=5),
        moment(first, "2026-11-24T12:00:00Z", activityTypeId=6, primaryAttributeValueId=6),
        moment(second, "2026-11-24T12:00:00Z", activityTypeId=6, primaryAttributeValueId=5),
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
async def test_large_lists_on_feeds_are_a_switch(make_api: Callable[..., Any], ban: str, code: str | None) -> None:
    api = make_api(people=True, large_list_ban=ban)
    members = ((1003, number, "", "") for number in range(1, 10_001))
    api.simulator.database.executemany("INSERT INTO list_members VALUES (?, ?, ?, ?)", members)
    params = {"nextPageToken": await api.cursor(), "listId": 1003}
    assert (await api.get(FEED, activityTypeIds="1", **params)).code == code
    assert (await api.get(CHANGES, fields="email", **params)).code == code


# ---------------------------------------------------------------------------------------------------- shape of rows


@pytest.mark.asyncio
async def test_members_without_a_value_are_left_out(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    since = await api.cursor(START - timedelta(days=9))
    (row_id,) = await inject(
        api,
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
async def test_the_deprecated_id_can_be_left_out_and_can_be_large(make_api: Callable[..., Any]) -> None:
    api = make_api(omit_activity_id="on", first_activity_id=2**40)
    await api.create(email="a@example.com")
    (row,) = await api.activities(12)
    assert "id" not in row
    assert row["marketoGUID"] == str(2**40)


# --------------------------------------------------------------------------------------------------- lead changes


@pytest.mark.asyncio
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
    rows, _, _ = await walk(api, CHANGES, fields=["emailSuspendedAt", "leadScore", "phone"], nextPageToken=since)
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
async def test_lead_changes_are_filtered_after_the_page_is_cut(api: Any) -> None:
    await api.create(email="a@example.com", firstName="0")
    since = await api.cursor(START)
    for number in range(1, 11):
        await api.sync({"email": "a@example.com", "firstName": str(number)})
    await api.sync({"email": "a@example.com", "title": "T"})
    rows, sizes, _ = await walk(api, CHANGES, fields="title", batchSize=4, nextPageToken=since)
    assert sizes == [1, 0, 1]
    assert [row["activityTypeId"] for row in rows] == [12, 13]


@pytest.mark.asyncio
async def test_lead_changes_may_be_filtered_by_lead_and_list(seeded: Any) -> None:
    since = await seeded.cursor()
    for lead_id in (1001, 1002):
        await seeded.sync({"id": lead_id, "title": "New"}, action="updateOnly", lookupField="id")
    await seeded.post("/rest/v1/lists/1003/leads.json", id=1002)
    for params, found in (({}, [1001, 1002]), ({"leadIds": 1001}, [1001]), ({"listId": 1003}, [1002])):
        rows, _, _ = await walk(seeded, CHANGES, fields="title", nextPageToken=since, **params)
        assert [row["leadId"] for row in rows] == found, params


# ------------------------------------------------------------------------------------------- late rows and retention


@pytest.mark.asyncio
async def test_rows_hidden_by_a_fault_become_visible_behind_a_cursor_that_has_passed(api: Any) -> None:
    await api.create(email="a@example.com", firstName="A")
    since = await api.cursor()
    await api.fault("hide_rows", "/rest/v1/leads.json", method="POST", seconds=60)
    await api.sync({"email": "a@example.com", "firstName": "B"})
    await api.advance(seconds=30)
    await api.sync({"email": "a@example.com", "firstName": "C"})
    rows, _, cursor = await walk(api, CHANGES, fields="firstName", nextPageToken=since)
    assert [f["newValue"] for row in rows for f in row["fields"]] == ["C"]
    await api.advance(seconds=30)
    assert (await walk(api, CHANGES, fields="firstName", nextPageToken=cursor))[0] == []
    rows, _, _ = await walk(api, CHANGES, fields="firstName", nextPageToken=since)
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


RETAINED_DAYS = {12: None, 13: 90, 24: 90, 22: 90, 1: 90, 3: 90, 6: 90, 7: 90, 47: 90, 10: 25, 46: 25, 23: 25, 37: 14}


@pytest.mark.asyncio
@pytest.mark.parametrize("type_id", RETAINED_DAYS)
async def test_retention_by_type(make_api: Callable[..., Any], type_id: int) -> None:
    days = RETAINED_DAYS[type_id]
    for switch in ("on", "off"):
        api = make_api(retention=switch)
        lead_id = await api.create(email="a@example.com")
        dates = [START - timedelta(days=400), START - timedelta(days=days or 1) + timedelta(hours=-1), START]
        rows = [moment(lead_id, date.isoformat(), activityTypeId=type_id) for date in dates]
        ids = await inject(api, *rows)
        found = [
            row["id"] for row in await api.activities(type_id, token=await api.cursor(START - timedelta(days=500)))
        ]
        expected = ids if switch == "off" or days is None else ids[2:]
        assert [one for one in found if one in ids] == expected
