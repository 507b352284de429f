"""Deleted and merged-away leads: every shape of the calls, and what is left of the leads."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

LEADS = "/rest/v1/leads.json"
JSON = {"content-type": "application/json"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("POST", "/rest/v1/leads/delete.json", "", {"input": [{"id": 1001}, {"id": 9}, {"id": 1001}]}),
        ("POST", "/rest/v1/leads/delete.json", "id=1001,9,1001", None),
        ("POST", "/rest/v1/leads/delete.json", "id=1001&id=9&id=1001", None),
        ("DELETE", LEADS, "", {"input": [{"id": 1001}, {"id": "9"}, {"id": "1001"}]}),
        ("DELETE", LEADS, "id=1001,9,1001", None),
        ("POST", LEADS, "_method=DELETE", {"input": [{"id": 1001}, {"id": 9}, {"id": 1001}]}),
    ],
)
@pytest.mark.behaviour("delete-shapes")
async def test_delete_in_every_shape(seeded: Any, method: str, path: str, query: str, body: Any) -> None:
    content = b"" if body is None else orjson.dumps(body)
    answer = await seeded.request(method, path, query=query, body=content, headers=JSON)
    gone = {"status": "skipped", "reasons": [{"code": "1004", "message": "Lead not found"}]}
    assert answer.result == [{"id": 1001, "status": "deleted"}, {"id": 9, **gone}, {"id": 1001, **gone}]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "1002"),
        ({"input": []}, "1002"),
        ({"input": [{}]}, "1002"),
        ({"input": [{"id": "x"}]}, "1001"),
        ({"input": "1"}, "1003"),
        ({"input": [{"id": number} for number in range(301)]}, "1003"),
    ],
)
async def test_refusals_of_delete(seeded: Any, body: Any, code: str) -> None:
    assert (await seeded.post("/rest/v1/leads/delete.json", body)).code == code


@pytest.mark.asyncio
@pytest.mark.behaviour("delete-leaves-a-row")
async def test_a_deleted_lead_disappears_and_leaves_a_37(seeded: Any) -> None:
    since = await seeded.cursor()
    lead_id = await seeded.create(email="gone@example.com", firstName="Ann", lastName="Lee")
    await seeded.post("/rest/v1/lists/1003/leads.json", id=lead_id)
    await seeded.post("/rest/v1/leads/delete.json", id=lead_id)
    assert (await seeded.get(f"/rest/v1/lead/{lead_id}.json")).code == "1004"
    assert (await seeded.get(LEADS, filterType="id", filterValues=lead_id)).result == []
    assert (await seeded.get(LEADS, filterType="email", filterValues="gone@example.com")).result == []
    assert (await seeded.get("/rest/v1/lists/1003/leads.json")).result == []
    feed = (await seeded.get("/rest/v1/activities/deletedleads.json", nextPageToken=since)).json
    (row,) = feed["result"]
    assert row == {
        "id": row["id"],
        "marketoGUID": str(row["id"]),
        "leadId": lead_id,
        "activityDate": "2026-11-24T12:00:00Z",
        "activityTypeId": 37,
        "primaryAttributeValueId": lead_id,
        "primaryAttributeValue": "Ann Lee",
        "attributes": [],
    }
    assert feed["moreResult"] is False
    assert await seeded.activities(37, token=since) == [row]
    assert [row["activityTypeId"] for row in await seeded.activities(12, 24, 37, token=since)] == [12, 24, 37]


# ----------------------------------------------------------------------------------------------------------- merge


async def merge(api: Any, winner: object, **params: Any) -> Any:
    return await api.post(f"/rest/v1/leads/{winner}/merge.json", **params)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "body"),
    [
        ({"leadId": "{0}"}, b""),
        ({"leadIds": "{0},{1}"}, b"{}"),
        ({"leadIds": ["{0}", "{1}"]}, b'{"data":{}}'),
        ({"leadIds": "{0}", "mergeInCRM": "False"}, b""),
        ({"leadIds": "{0}", "leadId": "{1}"}, b""),
    ],
)
@pytest.mark.behaviour("merge-shapes")
async def test_merge_in_every_shape(api: Any, query: dict[str, Any], body: bytes) -> None:
    winner, *losers = [await api.create(email=f"{number}@example.com") for number in range(3)]
    params = {
        name: [one.format(*losers) for one in ([value] if isinstance(value, str) else value)]
        for name, value in query.items()
    }
    answer = await api.request(
        "POST",
        f"/rest/v1/leads/{winner}/merge.json",
        query=urlencode(params, doseq=True),
        body=body,
        headers=JSON,
    )
    assert answer.json == {"requestId": answer.json["requestId"], "success": True}
    assert (await api.get(f"/rest/v1/lead/{losers[0]}.json")).code == "1004"


@pytest.mark.asyncio
@pytest.mark.behaviour("merge-takes-gaps")
async def test_the_winner_keeps_its_values_and_takes_what_it_had_not(seeded: Any) -> None:
    since = await seeded.cursor()
    winner = await seeded.create(email="w@example.com", firstName="Win")
    first = await seeded.create(email="a@example.com", firstName="Lose", lastName="One")
    second = await seeded.create(email="b@example.com", lastName="Two", phone="2", unsubscribed=True)
    cookie = "_mch-example.com-1396310362214-46169"
    await seeded.post(f"/rest/v1/leads/{second}/associate.json", cookie=cookie)
    await seeded.post("/rest/v1/lists/1003/leads.json", id=first)
    await seeded.advance(minutes=1)
    await merge(seeded, winner, leadIds=f"{first},{second}")
    fields = "email,firstName,lastName,phone,unsubscribed,mktoName,cookies,createdAt,updatedAt"
    (lead,) = (await seeded.get(f"/rest/v1/lead/{winner}.json", fields=fields)).result
    assert lead == {
        "id": winner,
        "email": "w@example.com",
        "firstName": "Win",
        "lastName": "One",
        "phone": "2",
        "unsubscribed": True,
        "mktoName": "Win One",
        "cookies": cookie,
        "createdAt": "2026-11-24T12:00:00Z",
        "updatedAt": "2026-11-24T12:01:00Z",
    }
    assert [row["id"] for row in (await seeded.get("/rest/v1/lists/1003/leads.json")).result] == [winner]
    assert {row["leadId"] for row in await seeded.activities(12, 24, token=since)} == {winner}
    (row,) = await seeded.activities(32, token=since)
    pairs = {pair["name"]: pair["value"] for pair in row["attributes"]}
    assert (row["leadId"], row["primaryAttributeValueId"]) == (winner, winner)
    assert pairs == {
        "Merge IDs": [first, second],
        "Merge Source": "leaddb",
        "Merged in Sales": False,
        "Master Updated": True,
    }
    assert (await seeded.get("/rest/v1/activities/deletedleads.json", nextPageToken=since)).result == []


@pytest.mark.asyncio
@pytest.mark.behaviour("merge-in-crm")
async def test_a_merge_in_the_crm_lets_the_better_record_win(seeded: Any) -> None:
    database = seeded.simulator.database
    contact = database.value("SELECT id FROM leads WHERE \"sfdcType\" = 'Contact'")
    lead = database.value("SELECT id FROM leads WHERE \"sfdcType\" = 'Lead'")
    known = await seeded.create(email="m@example.com")
    await merge(seeded, known, leadIds=f"{lead},{contact}", mergeInCRM="True")
    assert (await seeded.get(f"/rest/v1/lead/{contact}.json")).code is None
    for gone in (known, lead):
        assert (await seeded.get(f"/rest/v1/lead/{gone}.json")).code == "1004"
    (row,) = await seeded.activities(32)
    pairs = {pair["name"]: pair["value"] for pair in row["attributes"]}
    assert (row["leadId"], pairs["Merge IDs"], pairs["Merged in Sales"]) == (contact, [known, lead], True)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("winner", "params", "code"),
    [
        ("1001", {}, "1002"),
        ("1001", {"leadIds": "9"}, "1004"),
        ("9", {"leadIds": "1001"}, "1004"),
        ("1001", {"leadIds": "1002,1001"}, "1003"),
        ("1001", {"leadIds": "x"}, "1001"),
        ("x", {"leadIds": "1001"}, "1001"),
        ("1001", {"leadIds": "1002", "mergeInCRM": "maybe"}, "1001"),
        ("1001", {"leadIds": ",".join(str(number) for number in range(1002, 1028))}, "1080"),
    ],
)
async def test_refusals_of_merge_change_nothing(seeded: Any, winner: str, params: dict[str, str], code: str) -> None:
    assert (await merge(seeded, winner, **params)).code == code
    assert (await seeded.get("/rest/v1/lead/1001.json")).code is None
    assert (await seeded.get("/rest/v1/lead/1002.json")).code is None
    assert await seeded.activities(32) == []


@pytest.mark.asyncio
async def test_25_losers_are_allowed(seeded: Any) -> None:
    rows = seeded.simulator.database.rows("SELECT id FROM leads WHERE id > 1001 ORDER BY id LIMIT 25")
    losers = ",".join(str(row[0]) for row in rows)
    assert (await merge(seeded, 1001, leadIds=losers)).code is None
    assert (await seeded.get(LEADS, filterType="id", filterValues=losers)).result == []


@pytest.mark.asyncio
@pytest.mark.parametrize("code", ["712", "714", "1076", "1077", "1078", "1079"])
async def test_crm_failures_of_merge_come_by_injection(seeded: Any, code: str) -> None:
    await seeded.fault("error", "/rest/v1/leads/*/merge.json", error={"code": code})
    assert (await merge(seeded, 1001, leadIds=1002, mergeInCRM="true")).code == code
    assert (await seeded.get("/rest/v1/lead/1002.json")).code is None
