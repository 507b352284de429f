"""Points that two pages of the documentation settle differently, each behind a switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

EXPORT = "/bulk/v1/leads/export"
BODY = {"fields": ["id"], "filter": {"staticListId": 1001}}


@pytest.mark.asyncio
@pytest.mark.parametrize("spelling", ["Cancelled", "Canceled"])
async def test_a_cancelled_job_is_spelt_as_the_switch_says(make_api: Callable[..., Any], spelling: str) -> None:
    api = make_api(people=True, cancel_spelling=spelling)
    job = f"{EXPORT}/{(await api.post(f'{EXPORT}/create.json', BODY)).result[0]['exportId']}"
    assert (await api.post(f"{job}/cancel.json")).result[0]["status"] == spelling
    assert (await api.get(f"{job}/status.json")).result[0]["status"] == spelling
    for asked in ("Cancelled", "canceled"):
        assert [row["status"] for row in (await api.get(f"{EXPORT}.json", status=asked)).result] == [spelling]


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["Access token invalid", "Unauthorized"])
async def test_an_unknown_token_is_worded_as_the_switch_says(make_api: Callable[..., Any], text: str) -> None:
    answer = await make_api(unknown_token=text).request("GET", "/rest/v1/lists.json", token="unknown")
    assert (answer.code, answer.message) == ("601", text)


@pytest.mark.asyncio
@pytest.mark.parametrize("switch", ["off", "on"])
async def test_merged_away_leads_are_among_the_deleted_ones_where_the_switch_says_so(
    make_api: Callable[..., Any], switch: str
) -> None:
    api = make_api(merge_deletes=switch)
    winner, loser = [await api.create(email=f"{name}@example.com", lastName=name) for name in ("winner", "loser")]
    cursor = await api.cursor()
    assert (await api.post(f"/rest/v1/leads/{winner}/merge.json", leadIds=loser)).code is None
    rows, _, _ = await api.walk("/rest/v1/activities/deletedleads.json", nextPageToken=cursor)
    told = [(row["leadId"], row["primaryAttributeValueId"], row["primaryAttributeValue"]) for row in rows]
    assert told == ([(loser, loser, "loser")] if switch == "on" else [])
    assert (await api.get(f"/rest/v1/lead/{loser}.json")).code == "1004"
