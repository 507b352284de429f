"""Administration of lead fields: listing, creating and changing them, and where a new field shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

FIELDS = "/rest/v1/leads/schema/fields"
CODE = {"displayName": "Acme Code", "name": "acmeCode", "dataType": "string"}


def outcomes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["reasons"][0]["code"] if "reasons" in row else row["status"] for row in rows]


async def make(api: Any, *records: dict[str, Any]) -> list[str]:
    return outcomes((await api.post(f"{FIELDS}.json", {"input": list(records)})).result)


async def change(api: Any, name: str, /, **attributes: Any) -> str:
    (outcome,) = outcomes((await api.post(f"{FIELDS}/{name}.json", {"input": [attributes]})).result)
    return outcome


async def read(api: Any, name: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = (await api.get(f"{FIELDS}/{name}.json")).result
    (row,) = rows
    return row


@pytest.mark.asyncio
async def test_a_standard_field_as_documented(api: Any) -> None:
    assert await read(api, "email") == {
        "displayName": "Email Address",
        "name": "email",
        "description": None,
        "dataType": "email",
        "length": 255,
        "isHidden": False,
        "isHtmlEncodingInEmail": True,
        "isSensitive": True,
        "isCustom": False,
        "isApiCreated": False,
    }
    born = await read(api, "dateOfBirth")
    assert "length" not in born
    assert (born["isHtmlEncodingInEmail"], born["isSensitive"]) == (False, True)
    assert (await read(api, "industry"))["isSensitive"] is False
    assert (await api.get(f"{FIELDS}/nope.json")).code == "1006"


@pytest.mark.asyncio
@pytest.mark.behaviour("schema-fields-pages")
async def test_pages_hold_every_field_that_describe_has(api: Any) -> None:
    names: list[str] = []
    params: dict[str, Any] = {"batchSize": 7}
    while True:
        page = (await api.get(f"{FIELDS}.json", **params)).json
        names += [row["name"] for row in page["result"]]
        assert page["moreResult"] is ("nextPageToken" in page)
        if not page["moreResult"]:
            break
        params["nextPageToken"] = page["nextPageToken"]
    described = (await api.get("/rest/v1/leads/describe.json")).result
    assert sorted(names) == sorted(row["rest"]["name"] for row in described)
    assert (await api.get(f"{FIELDS}.json", batchSize="x")).code == "1001"
    assert (await api.get(f"{FIELDS}.json", batchSize=301)).code == "1003"


@pytest.mark.asyncio
@pytest.mark.behaviour("schema-fields-by-role")
async def test_each_permission_reaches_its_own_fields(api: Any) -> None:
    await make(api, CODE)
    user = {"client_secret": "s", "user": "u@example.com"}
    clients = {}
    for kind in ("Standard", "Custom"):
        permissions = [f"Read-Write Schema {kind} Field"]
        await api.control("POST", "users", {**user, "client_id": kind, "permissions": permissions})
        clients[kind] = type(api)(api.simulator, kind, "s")
    custom, standard = clients["Custom"], clients["Standard"]
    assert [row["name"] for row in (await custom.get(f"{FIELDS}.json")).result] == ["acmeCode"]
    assert {row["isCustom"] for row in (await standard.get(f"{FIELDS}.json")).result} == {False}
    assert (await custom.get(f"{FIELDS}/email.json")).code == "603"
    assert (await standard.get(f"{FIELDS}/acmeCode.json")).code == "603"
    assert (await standard.post(f"{FIELDS}.json", {"input": [CODE]})).code == "603"
    assert (await standard.post(f"{FIELDS}/acmeCode.json", {"input": [{}]})).code == "603"
    reader = type(api)(api.simulator, "simulator-client-read-only", "simulator-secret-read-only")
    assert (await reader.get(f"{FIELDS}.json")).code == "603"


@pytest.mark.asyncio
@pytest.mark.behaviour("schema-create-is-by-record")
async def test_each_definition_has_its_own_outcome(api: Any) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        (CODE, "created"),
        (CODE, "1017"),
        ({**CODE, "name": "ACMECODE", "displayName": "Other"}, "1017"),
        ({**CODE, "name": "other", "displayName": "acme code"}, "1017"),
        ({**CODE, "name": "Email", "displayName": "Other"}, "1017"),
        ({**CODE, "name": "mktToken", "displayName": "Other"}, "1017"),
        ({**CODE, "name": "other", "displayName": "Email Address"}, "1017"),
        ({**CODE, "name": None}, "1002"),
        ({**CODE, "displayName": ""}, "1002"),
        ({"name": "other", "displayName": "Other"}, "1002"),
        ({**CODE, "name": "1st"}, "1003"),
        ({**CODE, "name": "a b"}, "1003"),
        ({**CODE, "name": "größe"}, "1003"),
        ({**CODE, "name": "a" * 256}, "1003"),
        ({**CODE, "name": "other", "displayName": "Code #1"}, "1003"),
        ({**CODE, "name": "other", "displayName": "Other", "dataType": "text"}, "1003"),
        ({**CODE, "name": 7}, "1001"),
        ({**CODE, "name": "other", "displayName": "Other", "isHidden": "perhaps"}, "1001"),
        ({**CODE, "name": "other", "displayName": "Other", "isCustom": True}, "created"),
    ]
    answer = await api.post(f"{FIELDS}.json", {"input": [record for record, _ in cases]})
    assert outcomes(answer.result) == [code for _, code in cases]
    assert answer.result[0] == {"name": "acmeCode", "status": "created"}
    assert answer.result[1]["name"] == "acmeCode"
    assert (await api.post(f"{FIELDS}.json", {})).code == "1002"


@pytest.mark.asyncio
@pytest.mark.behaviour("schema-hundred-fields")
async def test_the_hundred_and_first_field_is_refused(api: Any) -> None:
    many = [{**CODE, "name": f"code{number}", "displayName": f"Code {number}"} for number in range(101)]
    assert await make(api, *many) == ["created"] * 100 + ["1003"]


TYPES: dict[str, tuple[Any, Any, Any]] = {
    "boolean": ("true", True, "wrong"),
    "currency": ("12.50", 12.5, "wrong"),
    "date": ("2026-01-31", "2026-01-31", "31.1."),
    "datetime": ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z", "soon"),
    "email": ("a@example.com", "a@example.com", None),
    "float": (1.5, 1.5, "wrong"),
    "integer": ("7", 7, "seven"),
    "percent": (5, 5, "wrong"),
    "phone": ("+1 555 0100", "+1 555 0100", None),
    "score": (3, 3, "wrong"),
    "string": ("x", "x", None),
    "url": ("https://example.com", "https://example.com", None),
}
FOUND_BY = {"string", "email", "integer", "score"}


@pytest.mark.asyncio
@pytest.mark.behaviour("schema-created-field-is-everywhere")
@pytest.mark.parametrize("data_type", TYPES)
async def test_a_new_field_is_there_for_every_call(api: Any, data_type: str) -> None:
    given, stored, wrong = TYPES[data_type]
    lead_id = await api.create(email="old@example.com")
    assert await make(api, {"displayName": "My Field", "name": "myField", "dataType": data_type}) == ["created"]
    (described,) = [
        row for row in (await api.get("/rest/v1/leads/describe.json")).result if row["rest"]["name"] == "myField"
    ]
    assert (described["id"], described["displayName"], described["rest"]["readOnly"]) == (795, "My Field", False)
    assert described["dataType"] == ("integer" if data_type == "score" else data_type)
    (two,) = (await api.get("/rest/v1/leads/describe2.json")).result
    assert (["myField"] in two["searchableFields"]) == (data_type in FOUND_BY)
    token = await api.cursor()
    (row,) = await api.sync({"email": "old@example.com", "myField": given})
    assert row["status"] == "updated"
    (lead,) = (await api.get(f"/rest/v1/lead/{lead_id}.json", fields="myField")).result
    assert lead["myField"] == stored
    if wrong is not None:
        (row,) = await api.sync({"email": "old@example.com", "myField": wrong})
        assert row["reasons"][0]["code"] == "1001"
    changes = await api.get("/rest/v1/activities/leadchanges.json", nextPageToken=token, fields="myField")
    (change,) = [row for row in changes.result if row["activityTypeId"] == 13]
    assert (change["fields"][0]["id"], change["fields"][0]["name"]) == (795, "myField")
    assert len(await api.activities(22, token=token)) == (1 if data_type == "score" else 0)
    found = await api.get("/rest/v1/leads.json", filterType="myField", filterValues=given)
    if data_type in FOUND_BY:
        assert [row["id"] for row in found.result] == [lead_id]
        (row,) = await api.sync({"myField": given, "lastName": "Found"}, lookupField="myField")
        assert row == {"id": lead_id, "status": "updated"}
    else:
        assert found.code == "1011"


@pytest.mark.asyncio
async def test_a_new_field_is_exported(api: Any) -> None:
    await make(api, CODE)
    await api.create(email="a@example.com", acmeCode="X-1")
    now = api.simulator.clock.now()
    window = {"startAt": now.isoformat(), "endAt": now.isoformat()}
    text = await api.exported({"fields": ["email", "acmeCode"], "filter": {"createdAt": window}})
    assert text == "email,acmeCode\na@example.com,X-1\n"


@pytest.mark.asyncio
async def test_fields_survive_a_snapshot_and_go_with_a_reset(seeded: Any) -> None:
    await make(seeded, CODE)
    lead_id = await seeded.create(email="a@example.com", acmeCode="X-1")
    snapshot = (await seeded.control("POST", "snapshot")).json["id"]
    await seeded.control("POST", "reset")
    seeded.token = None
    assert (await seeded.get(f"{FIELDS}/acmeCode.json")).code == "1006"
    assert (await seeded.get("/rest/v1/lead/1001.json", fields="acmeCode")).code == "1006"
    assert await make(seeded, CODE | {"dataType": "integer"}) == ["created"]
    await seeded.control("POST", "restore", {"id": snapshot})
    assert (await read(seeded, "acmeCode"))["dataType"] == "string"
    (lead,) = (await seeded.get(f"/rest/v1/lead/{lead_id}.json", fields="acmeCode")).result
    assert lead["acmeCode"] == "X-1"


@pytest.mark.asyncio
@pytest.mark.behaviour("schema-update-limits")
async def test_what_can_be_changed(make_api: Callable[..., Any]) -> None:
    api = make_api()
    await make(api, CODE, {**CODE, "name": "other", "displayName": "Other"})
    new = {
        "displayName": "Access Code",
        "description": "For mails",
        "isHtmlEncodingInEmail": False,
        "isSensitive": True,
    }
    assert await change(api, "acmeCode", **new) == "updated"
    assert (await read(api, "acmeCode")).items() >= {**new, "isApiCreated": True, "isHidden": False}.items()
    described = (await api.get("/rest/v1/leads/describe.json")).result
    assert described[-2]["displayName"] == "Access Code"
    for attributes, code in (
        ({"dataType": "integer"}, "1003"),
        ({"name": "renamed"}, "1003"),
        ({"length": 10}, "1003"),
        ({"isCustom": False}, "1003"),
        ({"name": "acmeCode", "dataType": "string"}, "updated"),
        ({"displayName": "Other"}, "1017"),
        ({"displayName": "Access Code"}, "updated"),
        ({"displayName": "no!"}, "1003"),
        ({"displayName": "Half Done", "isSensitive": 3}, "1001"),
        ({"displayName": "Access Code"}, "updated"),
        ({"description": 3}, "1001"),
        ({"description": None}, "updated"),
    ):
        assert await change(api, "acmeCode", **attributes) == code, attributes
        assert (await read(api, "acmeCode"))["displayName"] == "Access Code"
    assert (await read(api, "acmeCode"))["description"] is None
    for attributes, code in (
        ({"displayName": "Mail"}, "1003"),
        ({"isHidden": True}, "1003"),
        ({"description": "The address", "isSensitive": False}, "updated"),
    ):
        assert await change(api, "email", **attributes) == code, attributes
    assert (await read(api, "email"))["description"] == "The address"
    assert (await api.post(f"{FIELDS}/nope.json", {"input": [{}]})).code == "1006"
    assert (await api.post(f"{FIELDS}/email.json", {"input": [{}, {}]})).code == "1003"
    assert (await api.post(f"{FIELDS}/email.json", {"input": []})).code == "1002"


@pytest.mark.asyncio
@pytest.mark.behaviour("schema-hidden-fields")
async def test_a_hidden_field_is_out_of_sight(api: Any) -> None:
    await make(api, CODE)
    lead_id = await api.create(email="a@example.com", acmeCode="X-1")
    assert await change(api, "acmeCode", isHidden=True) == "updated"
    described = (await api.get("/rest/v1/leads/describe.json")).result
    assert "acmeCode" not in [row["rest"]["name"] for row in described]
    (two,) = (await api.get("/rest/v1/leads/describe2.json")).result
    assert ["acmeCode"] not in two["searchableFields"]
    assert (await api.get("/rest/v1/leads.json", filterType="acmeCode", filterValues="X-1")).code == "1011"
    (lead,) = (await api.get(f"/rest/v1/lead/{lead_id}.json", fields="acmeCode")).result
    assert lead["acmeCode"] == "X-1"
    assert [row["name"] for row in (await api.get(f"{FIELDS}.json")).result if row["isHidden"]] == ["acmeCode"]
    assert await change(api, "acmeCode", isHidden=False) == "updated"
    assert len((await api.get("/rest/v1/leads.json", filterType="acmeCode", filterValues="X-1")).result) == 1
