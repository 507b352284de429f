"""The activity types of a subscription, with and without those of Sales Insight Actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

TYPES = "/rest/v1/activities/types.json"
SMART_GRID = {1, 2, 3, 6, 7, 8, 9, 10, 11, 26, 27, 45, 46}
SALES = {39: "Send Sales Email", 40: "Open Sales Email", 41: "Click Sales Email", 48: "Sales Email Bounced"}


@pytest.mark.asyncio
@pytest.mark.behaviour("types-in-one-answer")
async def test_types_carry_primary_attribute_and_attributes(api: Any) -> None:
    types = {row["id"]: row for row in (await api.get(TYPES, batchSize=300)).result}
    assert set(types) >= SMART_GRID | {12, 13, 22, 23, 24, 25, 29, 32, 37, 100}
    assert set(types[1]) == {"id", "name", "description", "primaryAttribute", "attributes"}
    assert types[1]["name"] == "Visit Webpage"
    assert types[1]["primaryAttribute"] == {"name": "Webpage ID", "dataType": "integer"}
    assert {"name": "Webpage URL", "dataType": "string"} in types[1]["attributes"]
    assert "primaryAttribute" not in types[12]
    assert types[37]["attributes"] == []
    assert [pair["name"] for pair in types[45]["attributes"]] == ["Marketo Sales Person ID", "Received By", "Source"]
    assert all("apiName" not in row for row in types.values())
    click = {pair["name"] for pair in types[11]["attributes"]}
    opened = {pair["name"] for pair in types[10]["attributes"]}
    assert click - opened == {"Is Predictive", "Link", "Link ID"}
    assert opened - click == {"Has Predictive"}


@pytest.mark.asyncio
async def test_the_sales_types_come_with_their_switch(make_api: Callable[..., Any]) -> None:
    without, with_them = make_api(people=True), make_api(people=True, adobe_actions=True)
    for api, present in ((without, False), (with_them, True)):
        types = {row["id"]: row["name"] for row in (await api.get(TYPES)).result}
        for type_id, name in SALES.items():
            assert (types.get(type_id) == name) is present
        assert types[45] == "Receive Sales Email"
        since = await api.cursor()
        rows = await api.activities(39, 40, 41, 45, 48, token=since) + await api.activities(
            39,
            40,
            41,
            45,
            48,
            token=(await api.get("/rest/v1/activities/pagingtoken.json", sinceDatetime="2026-10-25")).json[
                "nextPageToken"
            ],
        )
        assert {row["activityTypeId"] for row in rows} == ({39, 40, 41, 45, 48} if present else set())
    names = {
        pair["name"] for row in (await with_them.get(TYPES)).result if row["id"] == 41 for pair in row["attributes"]
    }
    assert {"Sent By", "Template ID", "Email Subject", "Sales Campaign Name", "Link"} <= names


@pytest.mark.asyncio
async def test_the_seed_has_a_history_for_the_smart_grid(seeded: Any) -> None:
    token = (await seeded.get("/rest/v1/activities/pagingtoken.json", sinceDatetime="2026-10-25")).json["nextPageToken"]
    rows = await seeded.activities(1, 2, 3, 6, 7, 8, 9, 10, 11, token=token)
    rows += await seeded.activities(26, 27, 46, token=token)
    assert {row["activityTypeId"] for row in rows} == SMART_GRID - {45}
    assert len({row["leadId"] for row in rows if row["activityTypeId"] == 6}) == 50
    unsubscribed = seeded.simulator.database.value('SELECT count(*) FROM leads WHERE "unsubscribed"')
    assert len([row for row in rows if row["activityTypeId"] == 9]) == unsubscribed == 16
    bots = [pair for row in rows for pair in row["attributes"] if pair == {"name": "Is Bot Activity", "value": True}]
    assert bots
    assert all(row["activityDate"] <= "2026-11-24T12:00:00Z" for row in rows)
    (mail, *_) = [row for row in rows if row["activityTypeId"] == 6]
    assert (mail["campaignId"], mail["primaryAttributeValueId"]) == (1100, 1501)


@pytest.mark.asyncio
async def test_a_test_may_add_a_native_type_and_rows_of_it(seeded: Any) -> None:
    added = {"id": 60, "name": "Received Sales Call", "primaryAttribute": "Subject", "attributes": ["Source"]}
    assert (await seeded.control("POST", "activity-types", added)).status == 200
    row = {"leadId": 1001, "activityTypeId": 60, "attributes": {"Source": "Sales App"}}
    assert (await seeded.control("POST", "activities", row)).status == 200
    assert [found["leadId"] for found in await seeded.activities(60)] == [1001]
    types = {one["id"]: one["name"] for one in (await seeded.get(TYPES)).result}
    assert types[60] == "Received Sales Call"
    for wrong in (
        {"id": 61, "name": "Visit Webpage"},
        {"id": 100_001, "name": "X"},
        {"name": "X"},
    ):
        assert (await seeded.control("POST", "activity-types", wrong)).status == 400
    for bad in ({"leadId": 9, "activityTypeId": 1}, {"leadId": 1001, "activityTypeId": 999}, {"leadId": 1001}):
        assert (await seeded.control("POST", "activities", [row, bad])).status == 400
    assert len(await seeded.activities(60)) == 1
