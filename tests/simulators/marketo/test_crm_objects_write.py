"""Writing companies, opportunities, roles and sales persons: what all four have in common."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import pytest_asyncio

BASE = "/rest/v1"
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
COMPANIES, PERSONS = f"{BASE}/companies", f"{BASE}/salespersons"
OPPORTUNITIES, ROLES = f"{BASE}/opportunities", f"{BASE}/opportunities/roles"
KEYS: dict[str, dict[str, Any]] = {
    COMPANIES: {"externalCompanyId": "C-1"},
    PERSONS: {"externalSalesPersonId": "ann@example.com"},
    OPPORTUNITIES: {"externalOpportunityId": "O-1"},
    ROLES: {"externalOpportunityId": "O-0", "leadId": 1, "role": "Buyer"},
}
NEEDED: dict[str, dict[str, Any]] = {OPPORTUNITIES: {"name": "Chairs"}}
CHANGED: dict[str, dict[str, Any]] = {
    COMPANIES: {"company": "Acme"},
    PERSONS: {"firstName": "Ann"},
    OPPORTUNITIES: {"stage": "Won"},
    ROLES: {"isPrimary": True},
}
ID_FIELDS = {COMPANIES: "id", PERSONS: "id", OPPORTUNITIES: "marketoGUID", ROLES: "marketoGUID"}
SYNC_BEHAVIOURS = {
    COMPANIES: "companies-sync-is-by-record",
    PERSONS: "sales-persons-sync-is-by-record",
    OPPORTUNITIES: "opportunities-sync-is-by-record",
    ROLES: "opportunity-roles-sync-is-by-record",
}
EVERY_KIND = pytest.mark.parametrize("path", KEYS)


@pytest_asyncio.fixture
async def bare(make_api: Callable[..., Any]) -> Any:
    """A subscription without a CRM, with one lead and one opportunity that roles can link."""
    api = make_api(crm="none")
    assert await api.create(email="a@example.com") == 1
    await api.post(f"{OPPORTUNITIES}.json", {"input": [{"externalOpportunityId": "O-0", "name": "Tables"}]})
    return api


async def sync(api: Any, path: str, *records: dict[str, Any], **members: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await api.post(f"{path}.json", {"input": list(records), **members})).result
    assert [row["seq"] for row in rows] == list(range(len(records)))
    return rows


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [reason["code"] for row in rows for reason in row.get("reasons", ())]


async def read(api: Any, path: str, fields: str) -> list[dict[str, Any]]:
    key = KEYS[path]
    body = {"filterType": "dedupeFields", "fields": fields.split(","), "input": [key]}
    rows: list[dict[str, Any]] = (await api.post(f"{path}.json", body, _method="GET")).result
    return rows


@EVERY_KIND
@pytest.mark.asyncio
async def test_every_action_against_a_record_that_is_there_or_not(bare: Any, path: str) -> None:
    record = {**KEYS[path], **NEEDED.get(path, {})}
    assert codes(await sync(bare, path, record, action="updateOnly")) == ["1013"]
    (made,) = await sync(bare, path, record, action="createOnly")
    assert made == {"seq": 0, "status": "created", ID_FIELDS[path]: made[ID_FIELDS[path]]}
    if ID_FIELDS[path] == "marketoGUID":
        assert GUID.fullmatch(made["marketoGUID"])
    assert codes(await sync(bare, path, record, action="createOnly")) == ["1017"]
    for action in ("updateOnly", "createOrUpdate"):
        (row,) = await sync(bare, path, {**KEYS[path], **CHANGED[path]}, action=action)
        assert row == made | {"status": "updated"}
    (stored,) = await read(bare, path, ",".join(CHANGED[path]))
    assert {name: stored[name] for name in CHANGED[path]} == CHANGED[path]


@EVERY_KIND
@pytest.mark.asyncio
async def test_records_are_updated_and_deleted_by_id_field_too(bare: Any, path: str) -> None:
    (made,) = await sync(bare, path, {**KEYS[path], **NEEDED.get(path, {})})
    key = {ID_FIELDS[path]: made[ID_FIELDS[path]]}
    (row,) = await sync(bare, path, {**key, **CHANGED[path]}, dedupeBy="idField", action="updateOnly")
    assert row["status"] == "updated"
    (same_key,) = await sync(bare, path, {**key, **KEYS[path]}, dedupeBy="idField")
    assert same_key["status"] == "updated"
    moved = {name: 7 if name == "leadId" else "other" for name in KEYS[path]}
    assert codes(await sync(bare, path, {**key, **moved}, dedupeBy="idField")) == ["1003"]
    unknown = {ID_FIELDS[path]: 99 if ID_FIELDS[path] == "id" else "x"}
    assert codes(await sync(bare, path, {**unknown, **CHANGED[path]}, dedupeBy="idField")) == ["1013"]
    gone = await bare.post(f"{path}/delete.json", {"deleteBy": "idField", "input": [key, key]})
    assert [row["status"] for row in gone.result] == ["deleted", "skipped"]
    assert await read(bare, path, ID_FIELDS[path]) == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=pytest.mark.behaviour(slug)) for path, slug in SYNC_BEHAVIOURS.items()]
)
async def test_refused_records_leave_the_others_alone(bare: Any, path: str) -> None:
    good = {**KEYS[path], **NEEDED.get(path, {})}
    first = next(iter(KEYS[path]))
    bad = [
        {**good, first: None},
        {**good, first: []},
        {**good, first: "x" * 300},
        {**good, "nope": 1},
        {**good, "createdAt": "2026-01-01T00:00:00Z"},
        {**good, ID_FIELDS[path]: 5},
    ]
    rows = await sync(bare, path, *bad, good, good)
    assert codes(rows) == ["1003", "1001", "1003", "1006", "1006", "1003", "1036"]
    assert [row["status"] for row in rows] == ["skipped"] * 6 + ["created", "skipped"]
    assert len(await read(bare, path, ID_FIELDS[path])) == 1


@EVERY_KIND
@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"action": "createDuplicate"}, "1003"),
        ({"dedupeBy": "email"}, "1003"),
        ({"dedupeBy": "idField", "action": "createOnly"}, "1003"),
        ({"input": []}, "1002"),
        ({"input": None}, "1002"),
        ({"input": {}}, "1003"),
        ({"input": [{}] * 301}, "1003"),
    ],
)
async def test_what_is_wrong_beside_the_records_fails_the_call(
    bare: Any, path: str, members: dict[str, Any], code: str
) -> None:
    body = {"input": [{**KEYS[path], **NEEDED.get(path, {})}], **members}
    assert (await bare.post(f"{path}.json", body)).code == code
    assert await read(bare, path, ID_FIELDS[path]) == []


@EVERY_KIND
@pytest.mark.asyncio
async def test_deleting(bare: Any, path: str) -> None:
    (made,) = await sync(bare, path, {**KEYS[path], **NEEDED.get(path, {})})
    first = next(iter(KEYS[path]))
    wrong_type, missing = KEYS[path] | {first: []}, KEYS[path] | {first: None}
    absent = KEYS[path] | {first: "absent"}
    rows = (await bare.post(f"{path}/delete.json", {"input": [wrong_type, missing, absent, KEYS[path]]})).result
    assert codes(rows) == ["1001", "1003", "1013"]
    assert rows[2]["reasons"][0]["message"] == "Object not found"
    assert rows[3] == {"seq": 3, ID_FIELDS[path]: made[ID_FIELDS[path]], "status": "deleted"}
    assert await read(bare, path, ID_FIELDS[path]) == []
    assert (await bare.post(f"{path}/delete.json", {})).code == "1002"
    assert (await bare.post(f"{path}/delete.json", {"input": [KEYS[path]], "deleteBy": "name"})).code == "1003"


@EVERY_KIND
@pytest.mark.asyncio
async def test_beside_a_crm_nothing_can_be_written(api: Any, path: str) -> None:
    for call in (".json", "/delete.json"):
        answer = await api.post(f"{path}{call}", {"input": [KEYS[path]]})
        assert (answer.code, answer.message) == ("1018", "CRM Enabled")


@EVERY_KIND
@pytest.mark.asyncio
async def test_time_stamps_and_clearing(bare: Any, path: str) -> None:
    name, value = next(iter(CHANGED[path].items()))
    await sync(bare, path, {**KEYS[path], **NEEDED.get(path, {}), **CHANGED[path]})
    (before,) = await read(bare, path, f"createdAt,updatedAt,{name}")
    assert before["createdAt"] == before["updatedAt"]
    await bare.advance(seconds=90)
    await sync(bare, path, {**KEYS[path], name: value})
    assert await read(bare, path, f"createdAt,updatedAt,{name}") == [before]
    await sync(bare, path, {**KEYS[path], name: ""})
    (after,) = await read(bare, path, f"createdAt,updatedAt,{name}")
    assert after["createdAt"] == before["createdAt"] < after["updatedAt"]
    assert not after[name]


@EVERY_KIND
@pytest.mark.asyncio
async def test_records_survive_a_snapshot_and_go_with_a_reset(bare: Any, path: str) -> None:
    (made,) = await sync(bare, path, {**KEYS[path], **NEEDED.get(path, {})})
    snapshot = (await bare.control("POST", "snapshot")).json["id"]
    await bare.post(f"{path}/delete.json", {"input": [KEYS[path]]})
    await bare.control("POST", "restore", {"id": snapshot})
    assert [row[ID_FIELDS[path]] for row in await read(bare, path, ID_FIELDS[path])] == [made[ID_FIELDS[path]]]
    await bare.control("POST", "reset")
    bare.token = None
    assert await read(bare, path, ID_FIELDS[path]) == []
