"""Collections: results row by row, all or none both ways, upserts, retrieval."""

from __future__ import annotations

from typing import Any

import pytest

PATH = "composite/sobjects"
UPSERT = "composite/sobjects/Task/ActionSync_Id__c"
ROLLED_BACK = {
    "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "message": "Record rolled back because not all records were valid and the request was using AllOrNone header",
    "fields": [],
}


def task(**values: Any) -> dict[str, Any]:
    return {"attributes": {"type": "Task"}, **values}


def records(*rows: dict[str, Any], all_or_none: bool = False) -> dict[str, Any]:
    return {"allOrNone": all_or_none, "records": list(rows)}


async def subjects(api: Any) -> list[str]:
    return sorted(row["Subject"] for row in await api.soql("SELECT Subject FROM Task WHERE Subject != null"))


@pytest.mark.asyncio
@pytest.mark.behaviour("rows-succeed-alone")
async def test_create_keeps_the_good_rows(api: Any) -> None:
    account = (await api.soql("SELECT Id FROM Account LIMIT 1"))[0]["Id"]
    answer = await api("POST", PATH, records(task(Subject="a"), task(Subject="b", WhoId=account), task(Subject="c")))
    assert answer.status == 200
    good, bad, last = answer.body
    assert good == {"id": good["id"], "success": True, "errors": []}
    assert bad == {
        "success": False,
        "errors": [
            {
                "statusCode": "FIELD_INTEGRITY_EXCEPTION",
                "message": f"Name ID: id value of incorrect type: {account}",
                "fields": ["WhoId"],
            }
        ],
    }
    assert last["success"]
    assert await subjects(api) == ["a", "c"]


@pytest.mark.asyncio
@pytest.mark.behaviour("rows-all-or-none")
async def test_create_all_or_none_takes_everything_back(api: Any) -> None:
    answer = await api("POST", PATH, records(task(Subject="a"), task(Nope__c=1), task(Subject="c"), all_or_none=True))
    assert answer.status == 200
    first, failed, last = answer.body
    assert first == last == {"success": False, "errors": [ROLLED_BACK]}
    assert failed["errors"][0]["statusCode"] == "INVALID_FIELD"
    assert await subjects(api) == []


@pytest.mark.asyncio
async def test_all_or_none_without_a_failure_keeps_everything(api: Any) -> None:
    answer = await api("POST", PATH, records(task(Subject="a"), task(Subject="b"), all_or_none=True))
    assert [each["success"] for each in answer.body] == [True, True]
    assert await subjects(api) == ["a", "b"]


@pytest.mark.asyncio
@pytest.mark.parametrize("all_or_none", [False, True])
async def test_update(api: Any, all_or_none: bool) -> None:
    one, two = [await api.create("Task", Subject=name) for name in ("a", "b")]
    body = records(task(id=one, Subject="A"), task(Id=two, Subject="x" * 256), all_or_none=all_or_none)
    first, second = (await api("PATCH", PATH, body)).body
    assert second["id"] == two
    assert second["errors"][0]["statusCode"] == "STRING_TOO_LONG"
    if all_or_none:
        assert first == {"id": one, "success": False, "errors": [ROLLED_BACK]}
        assert await subjects(api) == ["a", "b"]
    else:
        assert first == {"id": one, "success": True, "errors": []}
        assert await subjects(api) == ["A", "b"]


@pytest.mark.asyncio
async def test_update_refusals_of_rows(api: Any) -> None:
    lead = (await api.soql("SELECT Id FROM Lead LIMIT 1"))[0]["Id"]
    gone = await api.create("Task", Subject="gone")
    twice = await api.create("Task", Subject="twice")
    await api("DELETE", f"sobjects/Task/{gone}")
    rows = [
        task(Subject="x"),
        task(Id="abc"),
        task(Id=lead),
        task(Id="00T8d000000zzzz"),
        task(Id=gone),
        task(Id=[]),
        task(Id=twice, Subject="1"),
        task(Id=twice[:15], Subject="2"),
        {"attributes": {"type": "Nothing"}, "Id": twice},
    ]
    answer = await api("PATCH", PATH, records(*rows))
    assert answer.status == 200
    assert [each["errors"][0]["statusCode"] for each in answer.body] == [
        "MISSING_ARGUMENT",
        "MALFORMED_ID",
        "MALFORMED_ID",
        "INVALID_CROSS_REFERENCE_KEY",
        "ENTITY_IS_DELETED",
        "MALFORMED_ID",
        "DUPLICATE_VALUE",
        "DUPLICATE_VALUE",
        "INVALID_TYPE",
    ]


@pytest.mark.asyncio
@pytest.mark.parametrize("all_or_none", ["false", "true"])
async def test_delete(api: Any, all_or_none: str) -> None:
    ids = [await api.create("Task", Subject=name) for name in ("a", "b")]
    missing = "00T8d000000zzzzAAA"[:15]
    answer = await api("DELETE", f"{PATH}?ids={ids[0]},{missing},{ids[1]}&allOrNone={all_or_none}")
    assert [each["success"] for each in answer.body] == [all_or_none == "false", False, all_or_none == "false"]
    assert answer.body[1]["errors"][0]["statusCode"] == "INVALID_CROSS_REFERENCE_KEY"
    assert await subjects(api) == ([] if all_or_none == "false" else ["a", "b"])


@pytest.mark.asyncio
async def test_mixed_types_in_up_to_ten_chunks(api: Any) -> None:
    lead = {"attributes": {"type": "Lead"}, "LastName": "L", "Company": "C"}
    assert (await api("POST", PATH, records(*[task(), lead] * 5))).status == 200
    answer = await api("POST", PATH, records(*[task(), lead] * 5, task()))
    assert (answer.status, answer.code) == (400, "EXCEEDED_ID_LIMIT")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"records": {}},
        {"records": [1]},
        {"records": [{"Subject": "x"}]},
        {"records": [], "allOrNone": "yes"},
        {"records": [{"attributes": {"type": "Task"}, "IsReminderSet": "maybe"}]},
    ],
)
async def test_a_malformed_envelope_fails_the_whole_call(api: Any, body: dict[str, Any]) -> None:
    answer = await api("POST", PATH, body)
    assert (answer.status, answer.code) == (400, "JSON_PARSER_ERROR")


@pytest.mark.asyncio
async def test_all_or_none_null_is_none_at_all(api: Any) -> None:
    answer = await api("POST", PATH, {"allOrNone": None, "records": [task(Subject="a"), task(Nothing="b")]})
    assert (answer.status, [each["success"] for each in answer.body]) == (200, [True, False])
    assert await subjects(api) == ["a"]


@pytest.mark.asyncio
async def test_upsert_inserts_and_updates(api: Any) -> None:
    first = await api("PATCH", UPSERT, records(task(ActionSync_Id__c="a", Subject="1"), task(ActionSync_Id__c="b")))
    assert [(each["success"], each["created"]) for each in first.body] == [(True, True)] * 2
    assert list(first.body[0]) == ["id", "success", "errors", "created"]
    second = await api("PATCH", UPSERT, records(task(ActionSync_Id__c="A", Subject="2"), task(ActionSync_Id__c="c")))
    assert [each["created"] for each in second.body] == [False, True]
    assert second.body[0]["id"] == first.body[0]["id"]
    assert await subjects(api) == ["2"]
    assert (await api.read("Task", first.body[0]["id"]))["ActionSync_Id__c"] == "a"


@pytest.mark.asyncio
async def test_upsert_of_200_rows_is_one_call(api: Any) -> None:
    rows = [task(ActionSync_Id__c=f"a{n}", Subject=str(n)) for n in range(200)]
    answer = await api("PATCH", UPSERT, records(*rows))
    assert sum(each["success"] for each in answer.body) == 200
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=1/125000"
    assert (await api("PATCH", UPSERT, records(*rows, task(ActionSync_Id__c="x")))).code == "EXCEEDED_ID_LIMIT"


@pytest.mark.asyncio
async def test_upsert_refusals_of_rows(api: Any) -> None:
    lead = (await api.soql("SELECT Id FROM Lead LIMIT 1"))[0]["Id"]
    account = (await api.soql("SELECT Id FROM Account LIMIT 1"))[0]["Id"]
    rows = [
        task(ActionSync_Id__c="twice", Subject="1"),
        task(ActionSync_Id__c="TWICE", Subject="2"),
        task(Subject="no key"),
        task(ActionSync_Id__c="id", Id=lead),
        task(ActionSync_Id__c="both", WhoId=lead, WhatId=account),
        task(ActionSync_Id__c="good", Subject="good"),
    ]
    answer = await api("PATCH", UPSERT, records(*rows))
    errors = [each["errors"][0] if each["errors"] else None for each in answer.body]
    assert [error and error["statusCode"] for error in errors] == [
        "DUPLICATE_VALUE",
        "DUPLICATE_VALUE",
        "MISSING_ARGUMENT",
        "INVALID_FIELD",
        "FIELD_INTEGRITY_EXCEPTION",
        None,
    ]
    assert errors[0] is not None
    assert errors[0]["message"] == "Duplicate external id specified: twice"
    assert [each["created"] for each in answer.body] == [False] * 5 + [True]
    assert await subjects(api) == ["good"]


@pytest.mark.asyncio
async def test_upsert_all_or_none(api: Any) -> None:
    body = records(task(ActionSync_Id__c="a", Subject="a"), task(ActionSync_Id__c="b", Nope__c=1), all_or_none=True)
    first, second = (await api("PATCH", UPSERT, body)).body
    assert first == {"success": False, "errors": [ROLLED_BACK], "created": False}
    assert second["errors"][0]["statusCode"] == "INVALID_FIELD"
    assert await subjects(api) == []


@pytest.mark.asyncio
async def test_upsert_with_several_matches(api: Any) -> None:
    await api.control("POST", "fields", object="Account", name="Ext__c", label="Ext", type="text", external_id=True)
    ids = [await api.create("Account", Name=name, Ext__c="same") for name in ("A", "B")]
    row = {"attributes": {"type": "Account"}, "Ext__c": "same", "Name": "C"}
    answer = await api("PATCH", "composite/sobjects/Account/Ext__c", records(row))
    assert answer.body[0]["errors"][0] == {
        "statusCode": "DUPLICATE_EXTERNAL_ID",
        "message": f"Ext: more than one record found for external id field: [{ids[0]}, {ids[1]}]",
        "fields": ["Ext__c"],
    }


@pytest.mark.asyncio
async def test_upsert_refusals_of_the_call(api: Any) -> None:
    unknown = await api("PATCH", "composite/sobjects/Task/Nope__c", records(task(Nope__c="x")))
    assert unknown.body == [
        {
            "errorCode": "NOT_FOUND",
            "message": "Provided external ID field does not exist or is not accessible: Nope__c",
        }
    ]
    other = await api("PATCH", UPSERT, records({"attributes": {"type": "Lead"}, "LastName": "x"}))
    assert (other.status, other.code) == (400, "INVALID_TYPE")
    api.version = "45.0"
    assert (await api("PATCH", UPSERT, records(task(ActionSync_Id__c="a")))).status == 404


@pytest.mark.asyncio
@pytest.mark.behaviour("retrieve-null")
async def test_retrieve_keeps_the_order_and_answers_null_for_what_is_not_there(api: Any) -> None:
    one, two = [await api.create("Task", Subject=name) for name in ("a", "b")]
    await api("DELETE", f"sobjects/Task/{two}")
    lead = (await api.soql("SELECT Id FROM Lead LIMIT 1"))[0]["Id"]
    ids = [two, one[:15], "00T8d000000zzzz", lead, one]
    by_query = await api("GET", f"{PATH}/Task?ids={','.join(ids)}&fields=subject")
    by_body = await api("POST", f"{PATH}/Task", {"ids": ids, "fields": ["Subject"]})
    found = {
        "attributes": {"type": "Task", "url": f"/services/data/v60.0/sobjects/Task/{one}"},
        "Id": one,
        "Subject": "a",
    }
    assert by_query.body == by_body.body == [None, found, None, None, found]


@pytest.mark.asyncio
async def test_retrieve_refusals(api: Any) -> None:
    task_id = await api.create("Task")
    assert (await api("GET", f"{PATH}/Task?ids={task_id}&fields=Nope")).code == "INVALID_FIELD"
    assert (await api("POST", f"{PATH}/Task", {"ids": "x"})).code == "JSON_PARSER_ERROR"
    many = {"ids": [task_id] * 2001, "fields": ["Id"]}
    assert (await api("POST", f"{PATH}/Task", many)).code == "EXCEEDED_ID_LIMIT"
