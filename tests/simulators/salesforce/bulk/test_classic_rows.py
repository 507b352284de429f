"""Rows of Bulk 1.0 batches in CSV, JSON and XML: into the org and out of it."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"
SENT_AS = {"JSON": "application/json", "CSV": "text/csv", "XML": "application/xml"}
REQUIRED = "Required fields are missing: [LastName]"


@pytest.fixture
def run(bulk: Any) -> Any:
    """Runs one batch in a job of its own; returns the batch and a reader of what lies below it."""

    async def run_batch(data: Any, kind: str, *, headers: dict[str, str] | None = None, **info: Any) -> Any:
        root = "/services/async/60.0/job"
        body = {"operation": "insert", "object": "Lead", "contentType": kind, **info}
        made = await bulk.api("POST", root, body, headers=headers or {})
        assert made.status == 201, made.body
        path = f"{root}/{made.body['id']}/batch"
        answer = await bulk.api("POST", path, data, headers={"Content-Type": SENT_AS[kind]})
        assert answer.status == 201, answer.body
        await bulk.settle()
        batch = batches(await bulk.api("GET", path))[0]

        async def below(what: str, *, of: dict[str, Any] = batch) -> Any:
            found = await bulk.api("GET", f"{path}/{of['id']}/{what}")
            assert found.status == 200, found.body
            return found

        batch["all"] = batches(await bulk.api("GET", path))
        return batch, below

    return run_batch


def batches(answer: Any) -> list[dict[str, Any]]:
    if isinstance(answer.body, dict):
        return list(answer.body["batchInfo"])
    return [{child.tag.partition("}")[2]: child.text for child in each} for each in fromstring(answer.body)]


@pytest.mark.asyncio
async def test_json_rows(run: Any, bulk: Any) -> None:
    rows = [
        {"attributes": {"type": "Lead"}, "lastname": "A", "Company": "C", "AnnualRevenue": 12.5, "Title": 7},
        {"Company": "C"},
        {"LastName": "B", "Company": "C", "HasOptedOutOfEmail": True, "Title": None},
        {"LastName": "D", "Company": "C", "HasOptedOutOfEmail": "yes"},
        {"LastName": "E", "Company": "C", "AnnualRevenue": True},
        {"LastName": ["F"], "Company": "C"},
    ]
    batch, below = await run(rows, "JSON")
    assert (batch["state"], batch["numberRecordsProcessed"], batch["numberRecordsFailed"]) == ("Completed", 6, 4)
    answer = await below("result")
    assert answer.headers["Content-Type"] == "application/json"
    first = (await bulk.api.soql("SELECT Id, AnnualRevenue, Title FROM Lead WHERE LastName = 'A'"))[0]
    assert (first["AnnualRevenue"], first["Title"]) == (12.5, "7")
    assert answer.body[0] == {"success": True, "created": True, "id": first["Id"], "errors": []}
    error = {
        "message": REQUIRED,
        "fields": ["LastName"],
        "statusCode": "REQUIRED_FIELD_MISSING",
        "extendedErrorDetails": None,
    }
    assert answer.body[1] == {"success": False, "created": False, "id": None, "errors": [error]}
    assert [each["success"] for each in answer.body] == [True, False, True, False, False, False]
    assert {each["errors"][0]["statusCode"] for each in answer.body[3:]} == {"INVALID_TYPE_ON_FIELD_IN_RECORD"}
    assert (await below("request")).body == rows


@pytest.mark.asyncio
async def test_many_json_rows_are_one_array(run: Any) -> None:
    batch, below = await run([{"LastName": f"L{n}", "Company": "C"} for n in range(450)], "JSON")
    assert batch["numberRecordsProcessed"] == 450
    assert len((await below("result")).body) == 450


@pytest.mark.asyncio
async def test_csv_rows(run: Any) -> None:
    batch, below = await run('LastName,Company\r\n"A, B",C\r\n,C\r\n', "CSV")
    assert (batch["state"], batch["numberRecordsFailed"]) == ("Completed", "1")
    answer = await below("result")
    assert answer.headers["Content-Type"] == "text/csv"
    header, good, bad = csv.reader(StringIO(answer.body))
    assert header == ["Id", "Success", "Created", "Error"]
    assert (good[0][:3], good[1:]) == ("00Q", ["true", "true", ""])
    assert bad == ["", "false", "false", f"REQUIRED_FIELD_MISSING:{REQUIRED}:LastName --"]


@pytest.mark.asyncio
async def test_xml_rows(run: Any, bulk: Any) -> None:
    await bulk.api.control("POST", "fields", object="Account", name="Ext__c", type="text", length=20, external_id=True)
    account = await bulk.api.create("Account", Name="Acme", Ext__c="A-1")
    data = (
        f'<?xml version="1.0"?><sObjects xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<sObject><type>Contact</type><LastName>A &amp; B</LastName><Title xsi:nil="true"/><Phone/>'
        "<Account><sObject><Ext__c>A-1</Ext__c></sObject></Account></sObject><sObject><Title>x</Title></sObject></sObjects>"
    )
    batch, below = await run(data, "XML", object="Contact")
    assert batch["state"] == "Completed", batch
    result = fromstring((await below("result")).body)
    good, bad = result
    assert result.tag == f"{{{NAMESPACE}}}results"
    assert [(child.tag.partition("}")[2], child.text) for child in good][1:] == [
        ("success", "true"),
        ("created", "true"),
    ]
    contact = await bulk.api.read("Contact", good.findtext(f"{{{NAMESPACE}}}id"))
    assert (contact["LastName"], contact["AccountId"]) == ("A & B", account)
    errors = bad.find(f"{{{NAMESPACE}}}errors")
    assert errors is not None
    assert [child.text for child in errors] == ["LastName", REQUIRED, "REQUIRED_FIELD_MISSING"]


@pytest.mark.asyncio
async def test_update_upsert_and_delete(run: Any, bulk: Any) -> None:
    lead = await bulk.api.create("Lead", LastName="L", Company="C", Email="l@example.com")
    _, below = await run([{"id": lead, "Title": "T"}], "JSON", operation="update")
    assert (await below("result")).body == [{"success": True, "created": False, "id": lead, "errors": []}]
    rows = [{"email": "L@example.com", "Title": "U"}, {"Email": "new@example.com", "LastName": "N", "Company": "C"}]
    _, below = await run(rows, "JSON", operation="upsert", externalIdFieldName="Email")
    assert [each["created"] for each in (await below("result")).body] == [False, True]
    assert (await bulk.api.read("Lead", lead))["Title"] == "U"
    _, below = await run([{"Id": lead}], "JSON", operation="delete")
    assert (await below("result")).body[0]["success"] is True
    assert (await bulk.api("GET", f"sobjects/Lead/{lead}")).status == 404


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-bad-batch-fails")
@pytest.mark.parametrize(
    ("data", "kind", "info", "message"),
    [
        ([{"Foo": 1}], "JSON", {}, "InvalidBatch : Field name not found : Foo"),
        ([], "JSON", {}, "InvalidBatch : Records not found"),
        ({"LastName": "x"}, "JSON", {}, "InvalidBatch : Failed to parse JSON. A batch is an array of objects"),
        (b"[", "JSON", {}, None),
        ([{"Id": "x", "Title": "y"}], "JSON", {"operation": "delete"}, None),
        ([{"Title": "x"}] * 10_001, "JSON", {}, "InvalidBatch : Too many records: 10001, a batch has at most 10000"),
        ("Foo\nx\n", "CSV", {}, "InvalidBatch : Field name not found : Foo"),
        ("LastName\n", "CSV", {}, "InvalidBatch : Records not found"),
        ("Id,Title\nx,y\n", "CSV", {"operation": "delete"}, None),
        ("<sObjects>", "XML", {}, None),
        ("<other/>", "XML", {}, "InvalidBatch : Failed to parse XML. A batch is an sObjects element"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><sObjects/>', "XML", {}, None),
        ("SELECT Bacon__c FROM Lead", "CSV", {"operation": "query"}, None),
        (b"\xff", "CSV", {"operation": "query"}, "InvalidBatch : The query is not valid UTF-8"),
        ("", "CSV", {"operation": "query"}, None),
        ("SELECT Id FROM Task", "CSV", {"operation": "query"}, "InvalidBatch : The query is on Task, its job on Lead"),
        (
            "SELECT Address FROM Lead",
            "CSV",
            {"operation": "query"},
            (
                "InvalidBatch : Failed to process query: FUNCTIONALITY_NOT_ENABLED: "
                "Selecting compound data not supported in Bulk Query"
            ),
        ),
    ],
)
async def test_batches_that_fail(run: Any, data: Any, kind: str, info: dict[str, Any], message: str | None) -> None:
    batch, _ = await run(data, kind, **info)
    assert batch["state"] == "Failed"
    assert batch["stateMessage"].startswith("InvalidBatch : ")
    if message is not None:
        assert batch["stateMessage"] == message


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-json-dates-are-numbers")
async def test_query_as_json(run: Any, bulk: Any) -> None:
    lead = await bulk.api.create("Lead", LastName="Ada", Company="C")
    task = await bulk.api.create("Task", Subject="a", WhoId=lead, ActivityDate="2024-02-01")
    await bulk.run("Subject\n" + "x\n" * 2500)
    soql = (
        "SELECT Id, Subject, ActivityDate, CreatedDate, CreatedBy.CreatedDate, Who.Name FROM Task ORDER BY Subject, Id"
    )
    batch, below = await run(soql, "JSON", object="Task", operation="query")
    [result_id] = (await below("result")).body
    assert (result_id[:3], batch["numberRecordsProcessed"]) == ("752", 2501)
    rows = (await below(f"result/{result_id}")).body
    assert len(rows) == 2501
    assert rows[0]["attributes"] == {"type": "Task", "url": f"/services/data/v60.0/sobjects/Task/{task}"}
    assert (rows[0]["ActivityDate"], rows[0]["CreatedDate"]) == (1706745600000, 1706702400000)
    assert isinstance(rows[0]["CreatedBy"]["CreatedDate"], int)
    assert (rows[0]["Who"]["Name"], rows[1]["Who"], rows[1]["ActivityDate"]) == ("Ada", None, None)


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-empty-csv-result")
async def test_query_as_csv(run: Any, bulk: Any) -> None:
    await bulk.api.create("Task", Subject="a")
    soql = "SELECT Subject, CreatedDate FROM Task"
    _, below = await run(soql, "CSV", object="Task", operation="query")
    result_id = fromstring((await below("result")).body)[0].text
    assert (await below(f"result/{result_id}")).body == '"Subject","CreatedDate"\n"a","2024-01-31T12:00:00.000Z"\n'
    _, below = await run(f"{soql} WHERE Subject = 'b'", "CSV", object="Task", operation="query")
    result_id = fromstring((await below("result")).body)[0].text
    assert (await below(f"result/{result_id}")).body == "Records not found for this query"


@pytest.mark.asyncio
async def test_query_as_xml(run: Any, bulk: Any) -> None:
    lead = await bulk.api.create("Lead", LastName="A < B", Company="C")
    await bulk.api.create("Task", Subject="x", WhoId=lead)
    soql = "SELECT Subject, IsClosed, CreatedDate, Description, Who.Name FROM Task"
    _, below = await run(soql, "XML", object="Task", operation="query")
    result_id = fromstring((await below("result")).body)[0].text
    [record] = fromstring((await below(f"result/{result_id}")).body)
    values = {child.tag.partition("}")[2]: child.text for child in record}
    assert values["type"] == "Task"
    assert (values["Subject"], values["IsClosed"]) == ("x", "false")
    assert (values["CreatedDate"], values["Description"]) == ("2024-01-31T12:00:00.000Z", None)
    assert record[-1].findtext(f"{{{NAMESPACE}}}Name") == "A < B"


@pytest.mark.asyncio
async def test_query_all(run: Any, bulk: Any) -> None:
    task = await bulk.api.create("Task")
    await bulk.api("DELETE", f"sobjects/Task/{task}")
    for operation, count in (("query", 0), ("queryAll", 1)):
        batch, _ = await run("SELECT Id FROM Task", "JSON", object="Task", operation=operation)
        assert batch["numberRecordsProcessed"] == count


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-pk-chunking")
async def test_pk_chunking(run: Any, bulk: Any) -> None:
    await bulk.run("Subject\n" + "".join(f"{n:03}\n" for n in range(250)))
    ids = [row["Id"] for row in await bulk.api.soql("SELECT Id FROM Task")]
    for header, first in (("chunkSize=100", 0), (f"chunkSize=100; startRow={ids[100]}; parent=Account", 100)):
        batch, below = await run(
            "SELECT Id FROM Task WHERE Subject != '007'",
            "JSON",
            object="Task",
            operation="query",
            headers={"Sforce-Enable-PKChunking": header},
        )
        assert (batch["state"], batch["numberRecordsProcessed"]) == ("NotProcessed", 0)
        chunks = [each for each in batch["all"] if each["id"] != batch["id"]]
        assert [each["state"] for each in chunks] == ["Completed"] * len(chunks)
        found = []
        for chunk in chunks:
            [result_id] = (await below("result", of=chunk)).body
            found.append([row["Id"] for row in (await below(f"result/{result_id}", of=chunk)).body])
        assert [record_id for rows in found for record_id in rows] == [i for i in ids[first:] if i != ids[7]]
        assert len(found) == (3 if first == 0 else 2)
    listed = (await bulk.api("GET", "jobs/query", params={"isPkChunkingEnabled": "true"})).body["records"]
    assert len(listed) == 2


@pytest.mark.asyncio
@pytest.mark.parametrize("soql", ["SELECT Id FROM Task LIMIT 5", "SELECT Id FROM Task ORDER BY Subject"])
async def test_queries_that_are_not_split(run: Any, soql: str) -> None:
    for header in ("TRUE", "false"):
        batch, _ = await run(
            soql, "JSON", object="Task", operation="query", headers={"Sforce-Enable-PKChunking": header}
        )
        assert batch["state"] == "Completed"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "header", ["chunkSize=0", "chunkSize=250001", "chunkSize=x", "startRow=x", "speed=high", "parent="]
)
async def test_chunking_that_is_not_understood(bulk: Any, header: str) -> None:
    answer = await bulk.api(
        "POST",
        "/services/async/60.0/job",
        {"operation": "query", "object": "Task", "contentType": "JSON"},
        headers={"Sforce-Enable-PKChunking": header},
    )
    assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidJob")
