"""Upsert by external id: every outcome, in every version, and the same path for reading and deleting."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.switches import SalesforceSwitches

PATH = "sobjects/Task/ActionSync_Id__c"


@pytest.mark.asyncio
@pytest.mark.parametrize(("version", "says"), [("45.0", False), ("46.0", True), ("60.0", True)])
async def test_insert_and_update(api: Any, version: str, says: bool) -> None:
    api.version = version
    first = await api("PATCH", f"{PATH}/act-4711", {"Subject": "Email: Hello", "Status": "Completed"})
    assert first.status == 201
    record_id = first.body["id"]
    expected = {"id": record_id, "success": True, "errors": []}
    assert first.body == (expected | {"created": True} if says else expected)
    assert first.headers["Location"] == f"/services/data/v{version}/sobjects/Task/{record_id}"
    second = await api("PATCH", f"{PATH}/act-4711", {"Subject": "Email: Again", "Status": "Completed"})
    if says:
        assert (second.status, second.body) == (200, expected | {"created": False})
    else:
        assert (second.status, second.body) == (204, "")
    record = await api.read("Task", record_id)
    assert (record["Subject"], record["ActionSync_Id__c"]) == ("Email: Again", "act-4711")


@pytest.mark.asyncio
@pytest.mark.parametrize("value", ["with blank", "a/b", "100%", "a+b", "ü-ö", "x?y#z", "act.json"])
async def test_the_value_is_decoded_once(api: Any, value: str) -> None:
    from yarl import URL

    path = URL(f"http://org.example/services/data/v60.0/{PATH}/{quote(value, safe='')}", encoded=True)
    async with api.session.patch(path, json={"Subject": "x"}, headers=api.headers) as response:
        assert response.status == 201
        record_id = (await response.json())["id"]
    assert (await api.read("Task", record_id))["ActionSync_Id__c"] == value


@pytest.mark.asyncio
async def test_values_match_without_case_unless_the_field_minds(api: Any) -> None:
    await api("PATCH", f"{PATH}/ACT", {"Subject": "x"})
    assert (await api("PATCH", f"{PATH}/act", {"Subject": "y"})).body["created"] is False
    field = {"object": "Task", "name": "Strict__c", "type": "text", "external_id": True, "case_sensitive": True}
    await api.control("POST", "fields", **field)
    await api("PATCH", "sobjects/Task/Strict__c/ACT", {"Subject": "x"})
    assert (await api("PATCH", "sobjects/Task/Strict__c/act", {"Subject": "y"})).body["created"] is True


@pytest.mark.asyncio
@pytest.mark.behaviour("upsert-several")
async def test_several_matches_answer_300_with_their_urls(api: Any) -> None:
    await api.control("POST", "fields", object="Account", name="Ext__c", type="text", external_id=True)
    ids = [await api.create("Account", Name=name, Ext__c="same") for name in ("A", "B")]
    for method, body in (("PATCH", {"Name": "C"}), ("GET", None), ("DELETE", None)):
        answer = await api(method, "sobjects/Account/Ext__c/same", body)
        assert answer.status == 300
        assert answer.body == [f"/services/data/v60.0/sobjects/Account/{each}" for each in ids]


@pytest.mark.asyncio
async def test_email_can_be_a_key_and_names_cannot(api: Any) -> None:
    lead = await api.create("Lead", LastName="L", Company="C", Email="ada@engines.example")
    answer = await api("PATCH", "sobjects/Lead/Email/ADA@engines.example", {"Title": "Countess"})
    assert (answer.status, answer.body["id"]) == (200, lead)
    assert (await api("PATCH", "sobjects/Lead/Namez/x", {})).error["message"] == (
        "Provided external ID field does not exist or is not accessible: Namez"
    )
    assert (await api("PATCH", "sobjects/Account/Name/x", {})).status == 404


@pytest.mark.asyncio
async def test_by_id(api: Any) -> None:
    task = await api.create("Task", Subject="x")
    assert (await api("PATCH", f"sobjects/Task/Id/{task}", {"Subject": "y"})).body["created"] is False
    assert (await api("PATCH", "sobjects/Task/Id/00T8d000000zzzz", {"Subject": "y"})).status == 404


@pytest.mark.asyncio
@pytest.mark.parametrize("body", [{"ActionSync_Id__c": "a"}, {"actionsync_id__c": "a"}, {"Id": "x"}])
async def test_neither_the_key_nor_the_id_belongs_in_the_body(api: Any, body: dict[str, str]) -> None:
    answer = await api("PATCH", f"{PATH}/a", body)
    assert (answer.status, answer.code) == (400, "INVALID_FIELD")


@pytest.mark.asyncio
async def test_update_only_does_not_insert(api: Any) -> None:
    assert (await api("PATCH", f"{PATH}/a?updateOnly=true", {"Subject": "x"})).status == 404
    assert (await api("PATCH", f"{PATH}/a", {"Subject": "x"})).status == 201
    assert (await api("PATCH", f"{PATH}/a?updateOnly=true", {"Subject": "y"})).status == 200


@pytest.mark.asyncio
async def test_reading_and_deleting_by_external_id(api: Any) -> None:
    created = await api("PATCH", f"{PATH}/a", {"Subject": "x"})
    read = await api("GET", f"{PATH}/a?fields=Subject")
    assert (read.body["Id"], read.body["Subject"]) == (created.body["id"], "x")
    assert (await api("DELETE", f"{PATH}/a")).status == 204
    gone = await api("GET", f"{PATH}/a")
    assert (gone.status, gone.code) == (404, "NOT_FOUND")
    assert (await api("DELETE", f"{PATH}/a")).status == 404


@pytest.mark.asyncio
async def test_a_deleted_row_does_not_match(api: Any) -> None:
    first = await api("PATCH", f"{PATH}/a", {"Subject": "x"})
    await api("DELETE", f"sobjects/Task/{first.body['id']}")
    second = await api("PATCH", f"{PATH}/a", {"Subject": "x"})
    assert second.status == 201
    assert second.body["id"] != first.body["id"]


@pytest.mark.asyncio
async def test_a_replay_may_repeat_a_create_only_field_but_not_change_it(api: Any) -> None:
    body = {"Subject": "x", "TaskSubtype": "Email"}
    assert (await api("PATCH", f"{PATH}/a", body)).status == 201
    assert (await api("PATCH", f"{PATH}/a", body)).status == 200
    other = await api("PATCH", f"{PATH}/a", body | {"TaskSubtype": "Call"})
    assert (other.code, other.error["fields"]) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["TaskSubtype"])


@pytest.mark.asyncio
async def test_a_strict_org_refuses_the_repetition_too(clock: Clock, anonymous: Any) -> None:
    simulator = SalesforceSimulator(clock=clock, switches=SalesforceSwitches(strict_create_only=True))
    anonymous.session.connector.app = simulator
    await anonymous.log_in()
    body = {"Subject": "x", "TaskSubtype": "Email"}
    assert (await anonymous("PATCH", f"{PATH}/a", body)).status == 201
    assert (await anonymous("PATCH", f"{PATH}/a", body)).code == "INVALID_FIELD_FOR_INSERT_UPDATE"
