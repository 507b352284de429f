"""The paging token call, and what the three feeds refuse."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

START = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
FEED = "/rest/v1/activities.json"
CHANGES = "/rest/v1/activities/leadchanges.json"
DELETED = "/rest/v1/activities/deletedleads.json"
TOKEN = "/rest/v1/activities/pagingtoken.json"


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
@pytest.mark.behaviour("token-without-result")
async def test_a_token_is_base32_and_has_no_result(api: Any, since: str) -> None:
    answer = await api.get(TOKEN, sinceDatetime=since)
    assert list(answer.json) == ["requestId", "success", "nextPageToken"]
    assert re.fullmatch(r"[A-Z2-7]+=+", answer.json["nextPageToken"])


@pytest.mark.asyncio
@pytest.mark.behaviour("token-plus-as-space")
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
