"""What a sync call leaves behind: activities, times, ids; and the rules of partitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

LEADS = "/rest/v1/leads.json"
EMAIL = "match@example.com"


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-new-lead")
async def test_a_created_lead_leaves_a_new_lead_row(api: Any) -> None:
    answer = await api.post(LEADS, {"input": [{"email": EMAIL, "firstName": "Ann", "lastName": "Lee"}]})
    lead_id = answer.result[0]["id"]
    (row,) = await api.activities(12)
    attributes = {pair["name"]: pair["value"] for pair in row.pop("attributes")}
    assert row == {
        "id": row["id"],
        "marketoGUID": str(row["id"]),
        "leadId": lead_id,
        "activityDate": "2026-11-24T12:00:00Z",
        "activityTypeId": 12,
        "primaryAttributeValueId": lead_id,
        "primaryAttributeValue": "Ann Lee",
    }
    assert attributes == {
        "Created Date": "2026-11-24",
        "Source Type": "Web service API",
        "API Method Name": "syncLead",
        "Modifying User": "api-user@simulator.example",
        "Request Id": answer.json["requestId"],
    }
    (lead,) = (await api.get(f"/rest/v1/lead/{lead_id}.json", fields="originalSourceType,personType,leadPerson")).result
    assert lead == {
        "id": lead_id,
        "originalSourceType": "Web service API",
        "personType": "contact",
        "leadPerson": lead_id,
    }
    assert await api.activities(13) == []


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-change-rows")
async def test_an_update_leaves_one_row_per_changed_field(api: Any) -> None:
    await api.create(email=EMAIL, firstName="Ann", leadScore=5, unsubscribed=True)
    await api.sync(
        {"email": EMAIL, "firstName": "Anna", "leadScore": 15, "unsubscribed": False, "phone": "1", "lastName": None}
    )
    rows = await api.activities(13)
    found = {row["primaryAttributeValue"]: {pair["name"]: pair["value"] for pair in row["attributes"]} for row in rows}
    assert {name: (pairs.get("Old Value"), pairs.get("New Value")) for name, pairs in found.items()} == {
        "First Name": ("Ann", "Anna"),
        "Lead Score": ("5", "15"),
        "Unsubscribed": ("True", "False"),
        "Phone Number": (None, "1"),
    }
    assert all(pairs["Source"] == pairs["Reason"] == "Web service API" for pairs in found.values())
    (score,) = await api.activities(22)
    assert (score["primaryAttributeValueId"], score["primaryAttributeValue"]) == (146, "Lead Score")
    pairs = {pair["name"]: pair["value"] for pair in score["attributes"]}
    assert (pairs["Change Value"], pairs["Old Value"], pairs["New Value"]) == ("+10", 5, 15)


@pytest.mark.asyncio
async def test_an_update_without_change_leaves_nothing(api: Any) -> None:
    lead_id = await api.create(email=EMAIL, firstName="Ann", unsubscribed=False)
    await api.advance(minutes=5)
    (row,) = await api.sync({"email": EMAIL, "firstName": "Ann", "unsubscribed": None})
    assert row["status"] == "updated"
    assert await api.activities(13) == []
    (lead,) = (await api.get(f"/rest/v1/lead/{lead_id}.json")).result
    assert lead["updatedAt"] == lead["createdAt"] == "2026-11-24T12:00:00Z"


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-updated-at")
async def test_updated_at_moves_with_a_change(api: Any) -> None:
    lead_id = await api.create(email=EMAIL)
    await api.advance(minutes=5)
    await api.sync({"email": EMAIL, "title": "Boss"})
    (lead,) = (await api.get(f"/rest/v1/lead/{lead_id}.json")).result
    assert (lead["createdAt"], lead["updatedAt"]) == ("2026-11-24T12:00:00Z", "2026-11-24T12:05:00Z")


@pytest.mark.asyncio
@pytest.mark.behaviour("lead-ids-never-reused")
async def test_ids_are_never_used_again(api: Any) -> None:
    first = await api.create(email=EMAIL)
    await api.post("/rest/v1/leads/delete.json", {"input": [{"id": first}]})
    assert await api.create(email=EMAIL) > first


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-race")
async def test_the_race_switch_lets_concurrent_upserts_make_duplicates(make_api: Callable[..., Any]) -> None:
    api = make_api(sync_race=1.0)
    rows = [*await api.sync({"email": EMAIL}, {"email": EMAIL}), *await api.sync({"email": EMAIL})]
    assert [row["status"] for row in rows] == ["created", "updated", "created"]
    await api.advance(seconds=1)
    (row,) = await api.sync({"email": EMAIL})
    assert row["reasons"][0]["code"] == "1007"


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-partitions")
async def test_partition_rules(make_api: Callable[..., Any]) -> None:
    api = make_api(partitions=("Default", "EU", "US"))
    user = {"client_secret": "s", "permissions": ["Read-Write Lead"]}
    for client_id, partitions in (("eu", ["EU"]), ("two", ["EU", "us"])):
        body = {**user, "client_id": client_id, "user": f"{client_id}@example.com", "partitions": partitions}
        assert (await api.control("POST", "users", body)).status == 200
    eu, two = type(api)(api.simulator, "eu", "s"), type(api)(api.simulator, "two", "s")

    (made,) = await api.sync({"email": EMAIL}, partitionName="eu")
    assert (await api.sync({"email": EMAIL}, partitionName="EU"))[0]["status"] == "updated"
    assert (await api.sync({"email": EMAIL}, partitionName="US"))[0]["reasons"] == [
        {"code": "1010", "message": "Partition update not allowed"}
    ]
    assert (await eu.sync({"email": "1@example.com"}, partitionName="US"))[0]["reasons"] == [
        {"code": "1008", "message": "Access denied to partition 'US'"}
    ]
    assert (await two.sync({"email": "2@example.com"}))[0]["reasons"] == [
        {"code": "1009", "message": "Partition name must be specified"}
    ]
    (own,) = await eu.sync({"email": "3@example.com"})
    (lead,) = (await api.get(f"/rest/v1/lead/{own['id']}.json", fields="leadPartitionId")).result
    assert lead["leadPartitionId"] == 2

    elsewhere = await api.create(email=EMAIL)
    assert [row["id"] for row in (await eu.get(LEADS, filterType="email", filterValues=EMAIL)).result] == [made["id"]]
    assert (await eu.get(f"/rest/v1/lead/{elsewhere}.json")).code == "1004"
    assert (await eu.sync({"email": EMAIL}))[0] == {"id": made["id"], "status": "updated"}
    names = [row["name"] for row in (await eu.get("/rest/v1/leads/partitions.json")).result]
    assert names == ["EU"]


@pytest.mark.asyncio
@pytest.mark.behaviour("partition-change-row")
async def test_moving_leads_between_partitions(make_api: Callable[..., Any]) -> None:
    api = make_api(partitions=("Default", "EU"))
    assert (await api.get("/rest/v1/leads/partitions.json")).result == [
        {"id": 1, "name": "Default", "description": "Initial system lead partition"},
        {"id": 2, "name": "EU"},
    ]
    lead_id = await api.create(email=EMAIL)
    records = [
        {"id": lead_id, "partitionName": "EU"},
        {"id": lead_id, "partitionName": "EU"},
        {"id": 99, "partitionName": "EU"},
        {"id": lead_id, "partitionName": "Mars"},
        {"id": lead_id},
        {"partitionName": "EU"},
    ]
    rows = (await api.post("/rest/v1/leads/partitions.json", {"input": records})).result
    assert rows[:2] == [{"id": lead_id, "status": "updated"}] * 2
    assert [row["reasons"][0]["code"] for row in rows[2:]] == ["1004", "1003", "1009", "1002"]
    (row,) = await api.activities(100)
    assert (row["primaryAttributeValueId"], row["primaryAttributeValue"]) == (2, "EU")
