"""Sync leads with every key it can match on: each action against no, one and several matches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

COOKIE = "_mch-example.com-1422315589014-66421"
OWNER = "0058d00000000wVAAQ"
CONTACT = "0038d00000000wVAAQ"

WRITABLE: dict[str, tuple[Any, Any]] = {
    "email": ("a@example.com", "b@example.com"),
    "facebookId": ("fb-1", "fb-2"),
    "twitterId": ("tw-1", "tw-2"),
    "linkedInId": ("li-1", "li-2"),
    "acmeCode": ("X-1", "X-2"),
    "acmeNumber": (17, 18),
    "acmeMail": ("x@example.com", "y@example.com"),
}
MANAGED: dict[str, tuple[str, str]] = {
    "sfdcAccountId": ("0018d00000000wVAAQ", "0018d00000000waAAA"),
    "sfdcContactId": (CONTACT, "0038d00000000waAAA"),
    "sfdcLeadId": ("00Q8d00000000wVAAQ", "00Q8d00000000waAAA"),
    "sfdcLeadOwnerId": (OWNER, "0058d00000000waAAA"),
    "sfdcOpptyId": ("0068d00000000wVAAQ", "0068d00000000waAAA"),
}


async def with_custom_fields(api: Any) -> Any:
    fields = [("acmeCode", "string"), ("acmeNumber", "integer"), ("acmeMail", "email")]
    body = {"input": [{"name": name, "displayName": name, "dataType": kind} for name, kind in fields]}
    assert len((await api.post("/rest/v1/leads/schema/fields.json", body)).result) == 3
    return api


def outcome(row: dict[str, Any]) -> str:
    code: str = row["reasons"][0]["code"] if "reasons" in row else row["status"]
    return code


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-matrix")
@pytest.mark.parametrize("key", WRITABLE)
async def test_every_key_that_can_be_written(api: Any, key: str) -> None:
    await with_custom_fields(api)
    taken, free = WRITABLE[key]

    async def sync(value: Any, action: str) -> str:
        (row,) = await api.sync({key: value, "firstName": action}, lookupField=key, action=action)
        return outcome(row)

    assert await sync(free, "updateOnly") == "1004"
    assert await sync(taken, "createOnly") == "created"
    assert await sync(taken, "createOnly") == "1005"
    assert await sync(taken, "createOrUpdate") == "updated"
    assert await sync(taken, "updateOnly") == "updated"
    assert await sync(free, "createOrUpdate") == "created"
    assert await sync(taken, "createDuplicate") == "created"
    assert [await sync(taken, action) for action in ("createOnly", "createOrUpdate", "updateOnly")] == [
        "1005",
        "1007",
        "1007",
    ]
    rows = (await api.get("/rest/v1/leads.json", filterType=key, filterValues=taken, fields=f"{key},firstName")).result
    assert [row["firstName"] for row in rows] == ["updateOnly", "createDuplicate"]
    assert {row[key] for row in rows} == {taken}
    assert outcome((await api.sync({"firstName": "x"}, lookupField=key))[0]) == "1003"


@pytest.mark.asyncio
@pytest.mark.behaviour("sync-salesforce-keys")
@pytest.mark.parametrize("key", MANAGED)
async def test_every_key_that_only_the_native_sync_writes(api: Any, key: str) -> None:
    taken, free = MANAGED[key]
    first = api.simulator.native.create({key: taken, "email": "a@example.com"})

    async def sync(value: str, action: str) -> str:
        (row,) = await api.sync({key: value, "firstName": action}, lookupField=key, action=action)
        return outcome(row)

    assert [await sync(free, action) for action in ("createOnly", "createOrUpdate", "createDuplicate")] == ["1006"] * 3
    assert await sync(free, "updateOnly") == "1004"
    assert [await sync(taken, action) for action in ("createOrUpdate", "updateOnly")] == ["updated"] * 2
    assert await sync(taken[:15], "updateOnly") == "updated"
    assert await sync(taken, "createOnly") == "1005"
    api.simulator.native.create({key: taken, "email": "b@example.com"})
    assert [await sync(taken, action) for action in ("createOrUpdate", "updateOnly")] == ["1007"] * 2
    (lead,) = (await api.get(f"/rest/v1/lead/{first}.json", fields=f"{key},firstName")).result
    assert (lead[key], lead["firstName"]) == (taken, "updateOnly")


@pytest.mark.asyncio
async def test_an_integer_key_may_come_as_text_or_whole_number(api: Any) -> None:
    await with_custom_fields(api)
    lead_id = await api.create(acmeNumber=17)
    for value in (17, "17", " 17 ", 17.0):
        (row,) = await api.sync({"acmeNumber": value}, lookupField="acmeNumber", action="updateOnly")
        assert row == {"id": lead_id, "status": "updated"}, value
    (row,) = await api.sync({"acmeNumber": "x"}, lookupField="acmeNumber")
    assert outcome(row) == "1001"


@pytest.mark.asyncio
async def test_spaces_around_an_address_do_not_make_another_person(api: Any) -> None:
    rows = await api.sync({"email": " a@example.com"}, {"email": "a@example.com "})
    assert [row["status"] for row in rows] == ["created", "updated"]
    (lead,) = (await api.get("/rest/v1/leads.json", filterType="email", filterValues="a@example.com")).result
    assert lead["email"] == "a@example.com"


@pytest.mark.asyncio
async def test_without_a_crm_its_keys_are_unknown(make_api: Callable[..., Any]) -> None:
    api = make_api(crm="none")
    for key, (value, _) in MANAGED.items():
        assert (await api.post("/rest/v1/leads.json", {"lookupField": key, "input": [{key: value}]})).code == "1011"
        assert (await api.get("/rest/v1/leads.json", filterType=key, filterValues=value)).code == "1011"
        assert (await api.get("/rest/v1/leads.json", filterType="id", filterValues=1, fields=key)).code == "1006"
        assert outcome((await api.sync({"email": "a@example.com", key: value}))[0]) == "1006"
