"""Planned faults in the vendor's words: of whole calls and of single rows, and rules an admin makes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.gateway.errors import MESSAGE_OF, STATUS_OF

INJECTED = [
    ("INVALID_SESSION_ID", 401),
    ("REQUEST_LIMIT_EXCEEDED", 403),
    ("API_DISABLED_FOR_ORG", 403),
    ("INSUFFICIENT_ACCESS_OR_READONLY", 403),
    ("INSUFFICIENT_ACCESS", 403),
    ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", 400),
    ("FIELD_FILTER_VALIDATION_EXCEPTION", 400),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400),
    ("UNABLE_TO_LOCK_ROW", 400),
    ("QUERY_TIMEOUT", 400),
    ("UNKNOWN_EXCEPTION", 500),
    ("SERVER_UNAVAILABLE", 503),
]


async def plan(api: Any, **spec: Any) -> None:
    await api.control("POST", "faults", **spec)


@pytest.mark.asyncio
@pytest.mark.parametrize(("code", "status"), INJECTED)
async def test_an_error_has_the_vendors_status_and_words_and_happens_once(api: Any, code: str, status: int) -> None:
    await plan(api, match={"method": "POST", "path": "*/sobjects/Task"}, action="error", error={"code": code})
    answer = await api("POST", "sobjects/Task", {"Subject": "x"})
    assert (answer.status, answer.body) == (status, [{"message": MESSAGE_OF[code], "errorCode": code}])
    assert STATUS_OF.get(code, 400) == status
    assert await api.soql("SELECT Id FROM Task") == []
    assert (await api("POST", "sobjects/Task", {"Subject": "x"})).status == 201


@pytest.mark.asyncio
async def test_status_and_text_can_be_given(api: Any) -> None:
    error = {"code": "SERVER_UNAVAILABLE", "message": "Down for maintenance", "http_status": 502}
    await plan(api, match={"nth": 2}, action="error", error=error)
    assert (await api("GET", "limits")).status == 200
    answer = await api("GET", "limits")
    assert (answer.status, answer.error["message"]) == (502, "Down for maintenance")


@pytest.mark.asyncio
async def test_an_oauth_error_is_an_object(api: Any) -> None:
    error = {"code": "rate_limit_exceeded", "message": "login rate exceeded"}
    await plan(api, match={"path": "/services/oauth2/token"}, action="error", error=error)
    answer = await api("POST", "/services/oauth2/token", data={"grant_type": "password"}, headers={"Authorization": ""})
    assert answer.status == 400
    assert answer.body == {"error": "rate_limit_exceeded", "error_description": "login rate exceeded"}


@pytest.mark.asyncio
async def test_dropped_before_nothing_happened(api: Any) -> None:
    await plan(api, match={"method": "POST", "path": "*/sobjects/Task"}, action="drop_before")
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await api("POST", "sobjects/Task", {"Subject": "x"})
    assert await api.soql("SELECT Id FROM Task") == []


@pytest.mark.asyncio
async def test_committed_then_dropped_the_replay_finds_it(api: Any) -> None:
    await plan(api, match={"method": "PATCH"}, action="commit_then_drop")
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await api("PATCH", "sobjects/Task/ActionSync_Id__c/a", {"Subject": "x"})
    assert len(await api.soql("SELECT Id FROM Task")) == 1
    answer = await api("PATCH", "sobjects/Task/ActionSync_Id__c/a", {"Subject": "x"})
    assert (answer.status, answer.body["created"]) == (200, False)


@pytest.mark.asyncio
async def test_delay_is_simulator_time(api: Any, clock: Clock) -> None:
    await plan(api, match={"path": "*/limits"}, action="delay", seconds=300)
    call = asyncio.ensure_future(api("GET", "limits"))
    await clock.advance(timedelta(seconds=299))
    assert not call.done()
    await clock.advance(timedelta(seconds=1))
    assert (await call).status == 200


@pytest.mark.asyncio
async def test_a_row_of_a_collection_can_fail_alone(api: Any) -> None:
    message = "unable to obtain exclusive access to this record or 1 records: 0018d00000AbCdEAAV"
    error = {"code": "UNABLE_TO_LOCK_ROW", "message": message}
    await plan(api, match={"path": "/rows/Task/act-2"}, action="error", error=error)
    rows = [{"attributes": {"type": "Task"}, "ActionSync_Id__c": f"act-{n}", "Subject": "x"} for n in (1, 2, 3)]
    path = "composite/sobjects/Task/ActionSync_Id__c"
    answer = await api("PATCH", path, {"records": rows})
    assert [each["success"] for each in answer.body] == [True, False, True]
    assert answer.body[1]["errors"] == [{"statusCode": "UNABLE_TO_LOCK_ROW", "message": message, "fields": []}]
    again = await api("PATCH", path, {"records": rows})
    assert [each["created"] for each in again.body] == [False, True, False]


@pytest.mark.asyncio
async def test_rows_can_fail_by_id_or_as_new_ones_in_any_call(api: Any) -> None:
    lead = (await api.soql("SELECT Id FROM Lead LIMIT 1"))[0]["Id"]
    lock = {"code": "UNABLE_TO_LOCK_ROW"}
    await plan(api, match={"path": f"/rows/Lead/{lead}", "method": "PATCH"}, action="error", error=lock)
    await plan(api, match={"path": "/rows/Task/new"}, action="error", error=lock)
    assert (await api("PATCH", f"sobjects/Lead/{lead}", {"Title": "x"})).code == "UNABLE_TO_LOCK_ROW"
    assert (await api("PATCH", f"sobjects/Lead/{lead}", {"Title": "x"})).status == 204
    assert (await api("POST", "sobjects/Task", {"Subject": "x"})).code == "UNABLE_TO_LOCK_ROW"
    assert (await api("POST", "sobjects/Task", {"Subject": "x"})).status == 201


@pytest.mark.asyncio
async def test_faults_of_rows_and_of_calls_are_counted_apart(api: Any) -> None:
    await plan(api, match={"nth": 3}, action="error", error={"code": "SERVER_UNAVAILABLE"})
    await plan(api, match={"path": "/rows/*"}, action="error", error={"code": "UNABLE_TO_LOCK_ROW"}, times=2)
    rows = {"records": [{"attributes": {"type": "Task"}, "Subject": str(n)} for n in range(5)]}
    first = await api("POST", "composite/sobjects", rows)
    assert [each["success"] for each in first.body] == [False, False, True, True, True]
    assert (await api("GET", "limits")).status == 200
    assert (await api("GET", "limits")).status == 503


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "spec",
    [
        {"match": {"path": "*"}, "action": "hide_rows", "seconds": 5},
        {"match": {"path": "/rows/Task/*"}, "action": "delay", "seconds": 5},
        {"match": {"path": "*"}, "action": "explode"},
    ],
)
async def test_what_cannot_be_planned(api: Any, spec: dict[str, Any]) -> None:
    answer = await api("POST", "/_sim/faults", spec)
    assert answer.status == 400
    assert set(answer.body) == {"error", "hint"}
    assert (await api.control("GET", "faults"))["faults"] == []


@pytest.mark.asyncio
async def test_a_validation_rule(api: Any) -> None:
    rule = {"kind": "validation", "object": "Task", "field": "Subject", "contains": "secret"}
    await api.control("POST", "rules", **rule, message="No secrets.", error_field="Subject")
    answer = await api("POST", "sobjects/Task", {"Subject": "a secret thing"})
    assert answer.body == [
        {"message": "No secrets.", "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fields": ["Subject"]}
    ]
    await api.control("POST", "rules", kind="validation", object="Task", field="Description", message="Say more.")
    empty = await api("POST", "sobjects/Task", {"Subject": "x"})
    assert (empty.error["message"], empty.error["fields"]) == ("Say more.", [])
    assert len((await api.control("GET", "rules"))["validation"]["Task"]) == 2
    await api.control("DELETE", "rules")
    await api.create("Task", Subject="a secret thing")


@pytest.mark.asyncio
async def test_a_duplicate_rule_and_the_header_that_saves_anyway(api: Any) -> None:
    first = await api.create("Contact", LastName="A", Email="a@b.example")
    await api.control("POST", "rules", kind="duplicate", object="Contact", fields=["Email"])
    row = {"LastName": "B", "Email": "A@b.example"}
    answer = await api("POST", "sobjects/Contact", row)
    assert (answer.status, answer.code) == (400, "DUPLICATES_DETECTED")
    assert answer.error["message"] == "Use one of these records?"
    found = answer.error["duplicateResult"]
    assert (found["allowSave"], found["duplicateRuleEntityType"]) == (True, "Contact")
    assert found["matchResults"][0]["matchRecords"][0]["record"]["Id"] == first
    header = {"Sforce-Duplicate-Rule-Header": "allowSave=true; runAsCurrentUser=true"}
    assert (await api("POST", "sobjects/Contact", row, headers=header)).status == 201
    await api.update("Contact", first, Title="unrelated change")
    await api.control("DELETE", "rules")
    await api.control("POST", "rules", kind="duplicate", object="Contact", fields=["Email"], allow_save=False)
    assert (await api("POST", "sobjects/Contact", row, headers=header)).code == "DUPLICATES_DETECTED"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "x", "object": "Task"},
        {"kind": "validation", "object": "Nope", "field": "Subject"},
        {"kind": "validation", "object": "Task", "field": "Nope"},
        {"kind": "validation", "object": "Task", "field": "Subject", "contains": ""},
        {"kind": "validation", "object": "Task", "field": "Subject", "nonsense": 1},
        {"kind": "duplicate", "object": "Task", "fields": []},
        {"kind": "lock"},
        {"kind": "lock", "record": "nonsense"},
    ],
)
async def test_bad_rules_are_refused(api: Any, rule: dict[str, Any]) -> None:
    assert (await api("POST", "/_sim/rules", rule)).status == 400


@pytest.mark.asyncio
async def test_a_locked_parent_stops_the_tasks_that_need_it(api: Any) -> None:
    account = await api.create("Account", Name="A")
    contact = await api.create("Contact", LastName="C", AccountId=account)
    existing = await api.create("Task", WhoId=contact)
    await api.control("POST", "rules", kind="lock", record=account[:15])
    row = {"WhoId": contact, "Subject": "x"}
    answer = await api("POST", "sobjects/Task", row | {"ActivityDate": "2024-02-01"})
    assert answer.body == [
        {
            "message": f"unable to obtain exclusive access to this record or 1 records: {account}",
            "errorCode": "UNABLE_TO_LOCK_ROW",
            "fields": [],
        }
    ]
    await api.create("Task", **row)
    await api.create("Task", **row, ActivityDate="2024-01-31", Status="Completed")
    for method, path, body in (
        ("PATCH", f"sobjects/Task/{existing}", {"Subject": "y"}),
        ("DELETE", f"sobjects/Task/{existing}", None),
        ("PATCH", f"sobjects/Account/{account}", {"Site": "y"}),
        ("DELETE", f"sobjects/Account/{account}", None),
    ):
        assert (await api(method, path, body)).code == "UNABLE_TO_LOCK_ROW"
    await api.update("Contact", contact, Title="free")
    await api.control("DELETE", "rules")
    await api.update("Task", existing, Subject="y")
