"""Queries, descriptions, limits: F3, F7, F12 and what is too long for an address."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from actionsync_server.model.errors import NotPrepared, QuotaExhausted, Refused, SystemBusy
from actionsync_server.systems.salesforce import quote
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.asyncio

FIELD = {"name": "Subject", "type": "combobox", "length": 255, "createable": True, "updateable": True}


async def test_pages_to_the_last(salesforce: Any, stub: Any) -> None:
    stub.then(
        {"done": False, "nextRecordsUrl": "/services/data/v60.0/query/01g-2", "records": [{"Id": "0014H00002x6HUh"}]}
    )
    stub.then({"done": True, "records": [{"Id": "00Q8d000004XyZaEAK", "Owner": {"Name": "Rep"}}]})
    records = await salesforce.query("SELECT Id FROM Lead", include_deleted=True)
    assert [record["Id"] for record in records] == ["0014H00002x6HUhQAM", "00Q8d000004XyZaEAK"]
    assert records[1]["Owner"] == {"Name": "Rep"}
    assert [seen.path for seen in stub.seen] == ["/services/data/v60.0/queryAll", "/services/data/v60.0/query/01g-2"]


async def test_a_page_elsewhere_is_not_followed(salesforce: Any, stub: Any) -> None:
    stub.then({"done": False, "nextRecordsUrl": "//evil.example/steal", "records": []})
    with pytest.raises(Refused):
        await salesforce.query("SELECT Id FROM Lead")
    assert len(stub.seen) == 1


async def test_a_long_query_travels_inside_a_composite_request(salesforce: Any, stub: Any) -> None:
    soql = f"SELECT Id FROM Lead WHERE Email IN ({', '.join(quote(f'p{number}@example.com') for number in range(900))})"
    page = {
        "done": False,
        "nextRecordsUrl": "/services/data/v60.0/query/01g-2",
        "records": [{"Id": "1", "Name": "O&#39;Hara &amp; Sons", "Owner": {"Name": "&quot;Rep&quot;"}, "N": 1}],
    }
    stub.then({"compositeResponse": [{"body": page, "httpHeaders": {}, "httpStatusCode": 200, "referenceId": "query"}]})
    stub.then({"done": True, "records": [{"Id": "2", "Name": "&amp;"}]})
    records = await salesforce.query(soql)
    assert records[0]["Name"] == "O'Hara & Sons"
    assert records[0]["Owner"]["Name"] == '"Rep"'
    assert records[1]["Name"] == "&amp;"
    sent = stub.seen[0]
    assert (sent.method, sent.path) == ("POST", "/services/data/v60.0/composite")
    assert sent.json["compositeRequest"][0]["url"].startswith("/services/data/v60.0/query?q=SELECT%20Id")


async def test_errors_inside_a_composite_answer(salesforce: Any, stub: Any, finish: Any) -> None:
    soql = f"SELECT Id FROM Lead WHERE Name = '{'x' * 15_000}'"
    body = [{"errorCode": "INVALID_FIELD", "message": "No such column &#39;X&#39;"}]
    stub.then({"compositeResponse": [{"body": body, "httpStatusCode": 400, "referenceId": "query"}]})
    with pytest.raises(NotPrepared) as caught:
        await salesforce.query(soql)
    assert caught.value.system_code == "INVALID_FIELD"
    assert "'X'" in caught.value.message
    stub._script.clear()
    stub.then({"compositeResponse": [{"body": {}, "httpStatusCode": 500, "referenceId": "query"}]})
    with pytest.raises(SystemBusy):
        await finish(salesforce.query(soql))


@pytest.mark.parametrize(
    ("status", "code", "message", "error"),
    [
        (400, "MALFORMED_QUERY", "unexpected token", Refused),
        (400, "INVALID_TYPE", "sObject type 'X' is not supported", NotPrepared),
        (400, "INVALID_FIELD", "No such column 'HasOptedOutOfEmail' on entity 'Lead'", NotPrepared),
        (403, "API_DISABLED_FOR_ORG", "not enabled", NotPrepared),
        (403, "INSUFFICIENT_ACCESS", "no", Refused),
        (400, "INVALID_QUERY_LOCATOR", "invalid query locator", SystemBusy),
        (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", QuotaExhausted),
        (404, "NOT_FOUND", "The requested resource does not exist", NotPrepared),
        (400, "NEVER_HEARD_OF", "what", Refused),
    ],
)
async def test_what_waiting_does_not_mend_is_asked_once(
    salesforce: Any, stub: Any, status: int, code: str, message: str, error: type[Exception]
) -> None:
    stub.then([{"message": message, "errorCode": code}], status=status)
    with pytest.raises(error) as caught:
        await salesforce.query("SELECT Id FROM Lead")
    assert type(caught.value) is error
    assert len(stub.seen) == 1


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"),
        (400, "QUERY_TIMEOUT", "running for too long"),
        (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
        (500, "UNKNOWN_EXCEPTION", "An unexpected error occurred."),
        (503, "SERVER_UNAVAILABLE", "Server is busy."),
        (400, "INVALID_FIELD", "the read timed out"),
    ],
)
async def test_passing_trouble_is_waited_out(
    salesforce: Any, stub: Any, finish: Any, status: int, code: str, message: str
) -> None:
    stub.then([{"message": message, "errorCode": code}], status=status).then({"records": [{"Id": "x"}]})
    assert await finish(salesforce.query("SELECT Id FROM Lead")) == [{"Id": "x"}]


@pytest.mark.parametrize("status", [301, 302, 307, 405, 414, 415, 431])
async def test_statuses_without_words(salesforce: Any, stub: Any, status: int) -> None:
    stub.then(b"", status=status, kind="text/html", headers={"Location": "https://evil.example/"})
    with pytest.raises(Refused):
        await salesforce.query("SELECT Id FROM Lead")
    assert len(stub.seen) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"records":{}}'])
async def test_an_answer_that_makes_no_sense(salesforce: Any, stub: Any, finish: Any, body: bytes) -> None:
    stub.then(body)
    with pytest.raises(SystemBusy):
        await finish(salesforce.query("SELECT Id FROM Lead"))


async def test_an_hour_until_calls_come_back(salesforce: Any, stub: Any, clock: Any) -> None:
    stub.then([{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}], status=403)
    with pytest.raises(QuotaExhausted) as caught:
        await salesforce.query("SELECT Id FROM Lead")
    assert caught.value.until - clock.now() == 3_600_000_000


@pytest.mark.parametrize("header", ["api-usage=21/15000", "api-usage=21/15000; per-app-api-usage=17/250(appName=x)"])
async def test_the_usage_is_remembered(salesforce: Any, stub: Any, header: str) -> None:
    assert salesforce.last_usage is None
    stub.then({"records": []}, headers={"Sforce-Limit-Info": header}).then({"records": []})
    for _ in range(2):
        await salesforce.query("SELECT Id FROM Lead")
        assert salesforce.last_usage == (21, 15_000)
    assert salesforce.calls.take() == 2


async def test_a_description_is_asked_for_once_an_hour(salesforce: Any, stub: Any, clock: Any) -> None:
    stub.then({"name": "Task", "createable": True, "fields": [FIELD]})
    await asyncio.gather(*(salesforce.describe("Task") for _ in range(5)))
    assert (await salesforce.describe("task")).fields["Subject"].length == 255
    assert len(stub.seen) == 1
    await clock.advance(3_601)
    await salesforce.describe("Task")
    salesforce.invalidate("Task")
    await salesforce.describe("Task")
    salesforce.invalidate()
    await salesforce.describe("Task")
    assert len(stub.seen) == 4


async def test_only_active_picklist_values_count(salesforce: Any, stub: Any) -> None:
    values = [{"value": "Email", "active": True}, {"value": "Fax", "active": False}]
    stub.then({"name": "Task", "fields": [FIELD | {"picklistValues": values, "restrictedPicklist": True}]})
    field = (await salesforce.describe("Task")).fields["Subject"]
    assert field.picklist == {"Email"}
    assert field.restricted


async def test_a_hidden_field_makes_us_look_again(salesforce: Any, stub: Any) -> None:
    stub.then({"name": "Lead", "fields": [FIELD]})
    stub.then([{"message": "No such column", "errorCode": "INVALID_FIELD"}], status=400)
    stub.then({"name": "Lead", "fields": []})
    assert (await salesforce.describe("Lead")).fields
    with pytest.raises(NotPrepared):
        await salesforce.query("SELECT HasOptedOutOfEmail FROM Lead")
    assert not (await salesforce.describe("Lead")).fields


async def test_limits_are_used_and_allowed(salesforce: Any, stub: Any) -> None:
    stub.then({"DailyApiRequests": {"Max": 15000, "Remaining": 14979}, "PermissionSets": {"Max": 1, "Remaining": 1}})
    assert await salesforce.limits() == {"DailyApiRequests": (21, 15_000), "PermissionSets": (0, 1)}


async def test_whoami_does_not_believe_an_old_session(salesforce: Any, stub: Any) -> None:
    stub.then(b"Bad_OAuth_Token", status=403, kind="text/plain").then({"user_id": "005B0000003TOI6"})
    assert await salesforce.whoami() == "005B0000003TOI6IAO"
    assert len(stub.logins) == 2
    assert salesforce.calls.total == 0


@given(st.text())
async def test_a_literal_never_ends_early(text: str) -> None:
    literal = quote(text)
    assert literal[0] == literal[-1] == "'"
    inner = literal[1:-1]
    place = 0
    while place < len(inner):
        assert inner[place] not in "'\"\n\r"
        place += 2 if inner[place] == "\\" else 1
    assert place == len(inner)


async def test_the_simulated_org(systems: Any) -> None:
    salesforce = systems.salesforce
    task = await salesforce.describe("Task")
    assert task.fields["ActionSync_Id__c"].external_id
    assert "Email" in task.fields["TaskSubtype"].picklist
    with pytest.raises(NotPrepared):
        await salesforce.describe("NoSuchThing")
    leads = await salesforce.query("SELECT Id, Email, OwnerId, Owner.Type FROM Lead")
    contacts = await salesforce.query("SELECT Id, Email FROM Contact")
    assert len(leads) > 10
    assert all(len(record["Id"]) == 18 for record in leads + contacts)
    some = [record["Email"] for record in leads if record["Email"]]
    for count in (3, 700):
        addresses = some + [f"nobody-{number}@example.com" for number in range(count)]
        soql = f"SELECT Id FROM Lead WHERE Email IN ({', '.join(map(quote, addresses))})"
        assert len(await salesforce.query(soql)) == len(some)
    used, allowed = (await salesforce.limits())["DailyApiRequests"]
    assert 0 < used < allowed
    assert salesforce.last_usage is not None
    with pytest.raises(NotPrepared):
        await salesforce.query("SELECT Nothing__c FROM Lead")
    with pytest.raises(NotPrepared):
        await salesforce.query("SELECT Id FROM Nothing__c")
    with pytest.raises(Refused):
        await salesforce.query("SELEKT")


async def test_names_that_would_break_a_query(systems: Any) -> None:
    name = 'O\'Hara \\ "Söhne"\n; DROP'
    (made,) = await systems.salesforce.create("Lead", [{"LastName": name, "Company": "x"}])
    (found,) = await systems.salesforce.query(f"SELECT Id, LastName FROM Lead WHERE LastName = {quote(name)}")
    assert found["Id"] == made.id


@pytest.mark.parametrize("count", [1_999, 2_000, 2_001])
async def test_exact_page_sizes(systems: Any, count: int) -> None:
    """F3: the page is 2,000 records; the boundary loses none."""
    for start in range(0, count, 200):
        records = [
            {"Subject": f"s{number}", "ActionSync_Id__c": f"a-{number}"}
            for number in range(start, min(start + 200, count))
        ]
        await systems.salesforce.upsert("Task", "ActionSync_Id__c", records)
    found = await systems.salesforce.query("SELECT ActionSync_Id__c FROM Task WHERE ActionSync_Id__c != null")
    assert {record["ActionSync_Id__c"] for record in found} == {f"a-{number}" for number in range(count)}
    assert len(found) == count
