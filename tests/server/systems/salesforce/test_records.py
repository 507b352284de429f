"""Writing records: row by row, never twice, repeated where that is safe: F9, P17."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.model.errors import NotPrepared, OutcomeUnknown, QuotaExhausted, Refused, SystemBusy
from actionsync_server.systems.salesforce import RowError, RowResult

pytestmark = pytest.mark.asyncio

KEY = "ActionSync_Id__c"
OK = {"id": "00T8d000001AbcDEAS", "success": True, "errors": [], "created": True}


def failed(code: str, message: str = "no", fields: list[str] | None = None) -> dict[str, Any]:
    return {"success": False, "errors": [{"statusCode": code, "message": message, "fields": fields or []}]}


def ok(number: int, *, created: bool = True) -> dict[str, Any]:
    return {"id": f"00T8d00000{number:05d}AAA", "success": True, "errors": [], "created": created}


async def test_an_upsert_on_the_wire(salesforce: Any, stub: Any) -> None:
    stub.then([OK, failed("STRING_TOO_LONG", "Subject: data value too large", ["Subject"])])
    results = await salesforce.upsert("Task", KEY, [{KEY: "a-1", "Subject": "x"}, {KEY: "a-2"}])
    assert results == [
        RowResult("00T8d000001AbcDEAS", True, True, ()),
        RowResult("", None, False, (RowError("STRING_TOO_LONG", "Subject: data value too large", ("Subject",)),)),
    ]
    sent = stub.seen[0]
    assert (sent.method, sent.path) == ("PATCH", f"/services/data/v60.0/composite/sobjects/Task/{KEY}")
    assert sent.json == {
        "allOrNone": False,
        "records": [
            {"attributes": {"type": "Task"}, KEY: "a-1", "Subject": "x"},
            {"attributes": {"type": "Task"}, KEY: "a-2"},
        ],
    }


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (200, [200]), (201, [200, 1]), (401, [200, 200, 1])])
async def test_portions_of_200(salesforce: Any, stub: Any, count: int, sizes: list[int]) -> None:
    for start in range(0, count, 200):
        stub.then([ok(number) for number in range(start, min(start + 200, count))])
    results = await salesforce.upsert("Task", KEY, [{KEY: f"a-{number}"} for number in range(count)])
    assert [result.id[10:15] for result in results] == [f"{number:05d}" for number in range(count)]
    assert [len(seen.json["records"]) for seen in stub.seen] == sizes


async def test_a_lost_answer_to_an_upsert_is_repeated(salesforce: Any, stub: Any, finish: Any) -> None:
    stub.drop().then([ok(1, created=False)])
    (result,) = await finish(salesforce.upsert("Task", KEY, [{KEY: "a-1"}]))
    assert result.success
    assert len(stub.seen) == 2


@pytest.mark.parametrize("trouble", ["drop", "500", "503", "unreadable", "short"])
async def test_a_lost_answer_to_a_create_is_not(salesforce: Any, stub: Any, trouble: str) -> None:
    match trouble:
        case "drop":
            stub.drop()
        case "unreadable":
            stub.then(b"<html>", kind="text/html")
        case "short":
            stub.then([])
        case status:
            stub.then([{"errorCode": "UNKNOWN_EXCEPTION", "message": "x"}], status=int(status))
    with pytest.raises(OutcomeUnknown):
        await salesforce.create("Task", [{"Subject": "x"}])
    assert len(stub.seen) == 1


async def test_a_create_that_was_certainly_not_carried_out(salesforce: Any, stub: Any) -> None:
    stub.then([{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "x"}], status=400)
    with pytest.raises(SystemBusy):
        await salesforce.create("Task", [{"Subject": "x"}])
    assert len(stub.seen) == 1


async def test_more_than_200_are_not_created_at_once(salesforce: Any, stub: Any) -> None:
    with pytest.raises(ValueError, match="200"):
        await salesforce.create("Task", [{}] * 201)
    assert await salesforce.create("Task", []) == []
    assert stub.seen == []


async def test_locked_rows_are_sent_again_and_only_they(salesforce: Any, stub: Any, finish: Any) -> None:
    lock = failed("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
    stub.then([ok(1), lock, failed("STRING_TOO_LONG"), lock])
    stub.then([lock, ok(4)]).then([ok(2)])
    results = await finish(salesforce.upsert("Task", KEY, [{KEY: f"a-{number}"} for number in range(1, 5)]))
    assert [result.success for result in results] == [True, True, False, True]
    assert [[record[KEY] for record in seen.json["records"]] for seen in stub.seen] == [
        ["a-1", "a-2", "a-3", "a-4"],
        ["a-2", "a-4"],
        ["a-2"],
    ]


async def test_rows_that_stay_locked_say_so(salesforce: Any, stub: Any, finish: Any) -> None:
    stub.then([failed("UNABLE_TO_LOCK_ROW")])
    (result,) = await finish(salesforce.update("Task", [{"Id": "00T8d000001AbcDEAS"}]))
    assert result.errors[0].status_code == "UNABLE_TO_LOCK_ROW"
    assert len(stub.seen) == 6


async def test_what_was_written_is_not_lost_with_what_was_not(salesforce: Any, stub: Any, finish: Any) -> None:
    stub.then([ok(1), failed("UNABLE_TO_LOCK_ROW")])
    stub.then([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}], status=403)
    results = await finish(salesforce.upsert("Task", KEY, [{KEY: "a-1"}, {KEY: "a-2"}]))
    assert [result.success for result in results] == [True, False]
    assert results[1].errors[0].status_code == "UNABLE_TO_LOCK_ROW"
    with pytest.raises(QuotaExhausted):
        await salesforce.upsert("Task", KEY, [{KEY: "a-2"}])


async def test_an_upsert_that_lost_a_race_is_repeated_once(salesforce: Any, stub: Any, finish: Any) -> None:
    taken = failed(
        "DUPLICATE_VALUE", f"duplicate value found: {KEY} duplicates value on record with id: 00T8d000001Abc"
    )
    stub.then([taken]).then([ok(1, created=False)])
    (result,) = await finish(salesforce.upsert("Task", KEY, [{KEY: "a-1"}]))
    assert result.success
    stub._script.clear()
    stub.seen.clear()
    stub.then([taken])
    (result,) = await finish(salesforce.upsert("Task", KEY, [{KEY: "a-1"}]))
    assert not result.success
    assert len(stub.seen) == 2


async def test_other_duplicates_are_final(salesforce: Any, stub: Any) -> None:
    stub.then([failed("DUPLICATE_VALUE", "duplicate value found: Other__c duplicates value on record with id: 00T")])
    (result,) = await salesforce.upsert("Task", KEY, [{KEY: "a-1"}])
    assert not result.success
    assert len(stub.seen) == 1


async def test_a_trigger_that_lost_its_session(salesforce: Any, stub: Any, finish: Any) -> None:
    """The session is renewed once; then the trigger's text is the answer."""
    text = "MyTrigger: execution of BeforeInsert caused by: INVALID_SESSION_ID"
    stub.then([failed("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", text)])
    (result,) = await finish(salesforce.upsert("Task", KEY, [{KEY: "a-1"}]))
    assert result.errors[0].message == text
    assert [seen.headers["authorization"] for seen in stub.seen] == ["Bearer token-1", "Bearer token-2"]


async def test_fields_that_may_not_be_written_make_us_look_again(salesforce: Any, stub: Any) -> None:
    described = {"name": "Task", "fields": [{"name": "Subject"}]}
    stub.then(described).then([failed("INVALID_FIELD_FOR_INSERT_UPDATE", "TaskSubtype", ["TaskSubtype"])])
    stub.then(described)
    await salesforce.describe("Task")
    await salesforce.upsert("Task", KEY, [{KEY: "a-1"}])
    await salesforce.describe("Task")
    assert len(stub.seen) == 3


async def test_an_org_without_the_field(salesforce: Any, stub: Any) -> None:
    message = f"Provided external ID field does not exist or is not accessible: {KEY}"
    stub.then([{"errorCode": "NOT_FOUND", "message": message}], status=404)
    with pytest.raises(NotPrepared) as caught:
        await salesforce.upsert("Task", KEY, [{KEY: "a-1"}])
    assert caught.value.system_code == "NOT_FOUND"
    assert KEY in caught.value.message


async def test_the_simulated_org(systems: Any) -> None:
    salesforce = systems.salesforce
    (lead,) = await salesforce.query("SELECT Id, OwnerId FROM Lead WHERE IsConverted = false LIMIT 1")
    record = {KEY: "a-1", "Subject": "Email: Hello", "WhoId": lead["Id"], "Status": "Completed"}
    bad = {KEY: "a-2", "Subject": "x" * 300}
    first = await salesforce.upsert("Task", KEY, [record, bad])
    again = await salesforce.upsert("Task", KEY, [record, bad])
    assert next((row.success, row.created) for row in first) == (True, True)
    assert next((row.success, row.created) for row in again) == (True, False)
    assert first[0].id == again[0].id
    assert first[1].errors[0].status_code == "STRING_TOO_LONG"
    (updated,) = await salesforce.update("Task", [{"Id": first[0].id, "Subject": "Email: Bye"}])
    assert updated.success
    (task,) = await salesforce.query(f"SELECT Subject, WhoId FROM Task WHERE {KEY} = 'a-1'")
    assert (task["Subject"], task["WhoId"]) == ("Email: Bye", lead["Id"])
    with pytest.raises(NotPrepared):
        await salesforce.upsert("Task", "Nothing__c", [{"Nothing__c": "a-1"}])


@pytest.mark.parametrize("action", ["commit_then_drop", "drop_before"])
async def test_a_task_is_logged_once_whatever_is_lost(systems: Any, finish: Any, action: str) -> None:
    """F9: an upsert may be repeated after a lost answer, because its key makes it one record."""
    await systems.salesforce.whoami()
    await systems.fault("salesforce", "/services/data/v60.0/composite/sobjects/Task/*", action, times=2)
    (result,) = await finish(systems.salesforce.upsert("Task", KEY, [{KEY: "a-9", "Subject": "Call"}]))
    assert result.success
    assert result.created is (action == "drop_before")
    assert len(await systems.salesforce.query(f"SELECT Id FROM Task WHERE {KEY} = 'a-9'")) == 1


async def test_a_created_task_whose_answer_was_lost(systems: Any) -> None:
    await systems.salesforce.whoami()
    await systems.fault("salesforce", "/services/data/v60.0/composite/sobjects", "commit_then_drop")
    with pytest.raises(OutcomeUnknown):
        await systems.salesforce.create("Task", [{"Subject": "Call", "CallObject": "actionsync:a-7"}])
    assert len(await systems.salesforce.query("SELECT Id FROM Task WHERE CallObject = 'actionsync:a-7'")) == 1


async def test_a_day_that_is_spent(systems: Any) -> None:
    await systems.salesforce.whoami()
    limits = {"code": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded.", "http_status": 403}
    await systems.fault("salesforce", "/services/data/*", "error", error=limits, times=None)
    with pytest.raises(QuotaExhausted):
        await systems.salesforce.create("Task", [{"Subject": "Call"}])
    with pytest.raises(QuotaExhausted):
        await systems.salesforce.query("SELECT Id FROM Lead")


async def test_a_refused_record_is_no_exception(systems: Any) -> None:
    rows = await systems.salesforce.create("Lead", [{"LastName": "x"}, {"LastName": "y", "Company": "z"}])
    assert [row.success for row in rows] == [False, True]
    assert rows[0].errors[0].status_code == "REQUIRED_FIELD_MISSING"
    assert rows[0].errors[0].fields == ("Company",)
    assert not isinstance(rows[0], Refused)
