"""Several calls in one: references, all or none, halting."""

from __future__ import annotations

from typing import Any

import pytest

BASE = "/services/data/v60.0"


def part(reference: str, method: str, url: str, body: Any = None, **more: Any) -> dict[str, Any]:
    whole = {"method": method, "url": f"{BASE}/{url}", "referenceId": reference, **more}
    return whole if body is None else whole | {"body": body}


async def composite(api: Any, *parts: dict[str, Any], all_or_none: bool = False) -> list[dict[str, Any]]:
    answer = await api("POST", "composite", {"allOrNone": all_or_none, "compositeRequest": list(parts)})
    assert answer.status == 200, answer.body
    assert list(answer.body) == ["compositeResponse"]
    responses: list[dict[str, Any]] = answer.body["compositeResponse"]
    return responses


@pytest.mark.asyncio
@pytest.mark.behaviour("composite-references")
async def test_later_parts_refer_to_earlier_answers(api: Any) -> None:
    made, contact, read, found, task, changed = await composite(
        api,
        part("refAccount", "POST", "sobjects/Account", {"Name": "A"}),
        part("refContact", "POST", "sobjects/Contact", {"LastName": "C", "AccountId": "@{refAccount.id}"}),
        part("refRead", "GET", "sobjects/Account/@{refAccount.id}?fields=Name"),
        part("refQuery", "GET", "query?q=SELECT Id, Name FROM Account WHERE Id = '@{refAccount.id}'"),
        part(
            "refTask", "POST", "sobjects/Task", {"WhatId": "@{refQuery.records[0].Id}", "Subject": "on @{refRead.Name}"}
        ),
        part("refPatch", "PATCH", "sobjects/Task/@{refTask.id}", {"Status": "Completed"}),
    )
    assert made["httpStatusCode"] == 201
    assert made["httpHeaders"] == {"Location": f"{BASE}/sobjects/Account/{made['body']['id']}"}
    assert list(made) == ["body", "httpHeaders", "httpStatusCode", "referenceId"]
    assert (await api.read("Contact", contact["body"]["id"]))["AccountId"] == made["body"]["id"]
    assert read["body"]["Name"] == "A"
    assert found["body"]["totalSize"] == 1
    record = await api.read("Task", task["body"]["id"])
    assert (record["WhatId"], record["Subject"]) == (made["body"]["id"], "on A")
    assert changed == {"body": None, "httpHeaders": {}, "httpStatusCode": 204, "referenceId": "refPatch"}


@pytest.mark.asyncio
async def test_a_failure_halts_only_what_depends_on_it(api: Any) -> None:
    bad, dependent, free = await composite(
        api,
        part("bad", "POST", "sobjects/Contact", {"LastName": "C", "Email": "x"}),
        part("dependent", "POST", "sobjects/Task", {"WhoId": "@{bad.id}"}),
        part("free", "POST", "sobjects/Task", {"Subject": "free"}),
    )
    assert bad["body"] == [
        {"message": "Email: invalid email address: x", "errorCode": "INVALID_EMAIL_ADDRESS", "fields": ["Email"]}
    ]
    assert dependent["httpStatusCode"] == 400
    assert dependent["body"] == [
        {
            "errorCode": "PROCESSING_HALTED",
            "message": "Invalid reference specified. No value for bad.id found in bad",
        }
    ]
    assert free["httpStatusCode"] == 201


@pytest.mark.asyncio
async def test_all_or_none_takes_everything_back(api: Any) -> None:
    first, failed, last = await composite(
        api,
        part("a", "POST", "sobjects/Task", {"Subject": "a"}),
        part("b", "POST", "sobjects/Task", {"Nope__c": 1}),
        part("c", "POST", "sobjects/Task", {"Subject": "c"}),
        all_or_none=True,
    )
    assert failed["body"][0]["errorCode"] == "INVALID_FIELD"
    assert first["body"][0]["errorCode"] == last["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert (first["httpStatusCode"], last["httpStatusCode"]) == (400, 400)
    assert await api.soql("SELECT Id FROM Task") == []


@pytest.mark.asyncio
async def test_all_or_none_reaches_into_collections(api: Any) -> None:
    rows = [{"attributes": {"type": "Task"}, "Subject": "a"}, {"attributes": {"type": "Task"}, "Nope__c": 1}]
    body = {"allOrNone": False, "records": rows}
    (many,) = await composite(api, part("many", "POST", "composite/sobjects", body))
    assert [each["success"] for each in many["body"]] == [True, False]
    first, many = await composite(
        api,
        part("first", "POST", "sobjects/Task", {"Subject": "first"}),
        part("many", "POST", "composite/sobjects", body),
        all_or_none=True,
    )
    assert [each["success"] for each in many["body"]] == [False, False]
    assert first["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert [row["Subject"] for row in await api.soql("SELECT Subject FROM Task")] == ["a"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "parts",
    [
        None,
        [],
        [1],
        [part(f"r{n}", "GET", "sobjects/Task/describe") for n in range(26)],
        [part(f"r{n}", "GET", "query?q=SELECT Id FROM Task") for n in range(6)],
        [part("same", "GET", "sobjects/Task"), part("same", "GET", "sobjects/Task")],
        [part("not-valid", "GET", "sobjects/Task")],
        [part("a", "GET", "sobjects/Task", httpHeaders={"Authorization": "Bearer x"})],
    ],
)
async def test_a_bad_envelope_fails_the_whole_call(api: Any, parts: Any) -> None:
    answer = await api("POST", "composite", {"compositeRequest": parts})
    assert answer.status == 400
    assert answer.code in ("JSON_PARSER_ERROR", "EXCEEDED_ID_LIMIT")


@pytest.mark.asyncio
async def test_what_cannot_be_called_inside(api: Any) -> None:
    parts = [
        part("nested", "POST", "composite", {"compositeRequest": []}),
        {"method": "GET", "url": "/id/x/y", "referenceId": "elsewhere"},
        part("brew", "BREW", "sobjects/Task"),
    ]
    assert [each["httpStatusCode"] for each in await composite(api, *parts)] == [404, 404, 404]


@pytest.mark.asyncio
async def test_batch(api: Any) -> None:
    account = (await api.soql("SELECT Id FROM Account LIMIT 1"))[0]["Id"]
    requests = [
        {"method": "GET", "url": f"v60.0/sobjects/Account/{account}?fields=Name"},
        {"method": "PATCH", "url": f"{BASE}/sobjects/Account/{account}", "richInput": {"Site": "HQ"}},
        {"method": "GET", "url": "v60.0/sobjects/Nothing"},
        {"method": "GET", "url": "v60.0/limits"},
    ]
    answer = await api("POST", "composite/batch", {"batchRequests": requests})
    assert answer.status == 200
    assert answer.body["hasErrors"] is True
    assert [each["statusCode"] for each in answer.body["results"]] == [200, 204, 404, 200]
    assert answer.body["results"][1]["result"] is None
    assert answer.body["results"][2]["result"][0]["errorCode"] == "NOT_FOUND"
    halted = await api("POST", "composite/batch", {"haltOnError": True, "batchRequests": requests})
    assert halted.body["results"][3] == {
        "statusCode": 412,
        "result": [{"errorCode": "BATCH_PROCESSING_HALTED", "message": "Batch processing halted per request"}],
    }
    assert (await api("POST", "composite/batch", {"batchRequests": requests * 7})).status == 400
    assert (await api("POST", "composite/batch", {})).code == "JSON_PARSER_ERROR"
    assert (await api("GET", "composite")).body["batch"] == f"{BASE}/composite/batch"
