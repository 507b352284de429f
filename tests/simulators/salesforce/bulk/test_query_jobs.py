"""Bulk 2.0 query jobs: members, states, pages of results, queries that are refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest


async def page(bulk: Any, job_id: str, **params: Any) -> Any:
    answer = await bulk.api("GET", f"jobs/query/{job_id}/results", params=params)
    assert answer.status == 200, answer.body
    return answer


@pytest.mark.asyncio
async def test_members(bulk: Any) -> None:
    await bulk.api.create("Task", Subject="x")
    answer = await bulk.api("POST", "jobs/query", {"operation": "query", "query": "select id from task"})
    job = answer.body
    assert list(job) == [
        *("id", "operation", "object", "createdById", "createdDate", "systemModstamp", "state"),
        *("concurrencyMode", "contentType", "apiVersion", "lineEnding", "columnDelimiter"),
    ]
    assert (job["state"], job["object"]) == ("UploadComplete", "Task")
    await bulk.settle()
    job = await bulk.poll(job["id"], "query")
    assert (job["state"], job["jobType"], job["numberRecordsProcessed"]) == ("JobComplete", "V2Query", 1)
    assert (job["retries"], job["totalProcessingTime"]) == (0, 0)
    assert "numberRecordsFailed" not in job


@pytest.mark.asyncio
async def test_values_as_csv(bulk: Any) -> None:
    lead = await bulk.api.create("Lead", LastName="Ada", Company='He said "hi", twice', AnnualRevenue=12.5)
    await bulk.api.create("Task", Subject="a", WhoId=lead, ActivityDate="2024-02-01")
    await bulk.api.create("Task", Subject="b")
    job = await bulk.query("SELECT Subject, Who.Name, ActivityDate, CreatedDate, IsClosed FROM Task ORDER BY Subject")
    answer = await page(bulk, job["id"])
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.body == (
        '"Subject","Who.Name","ActivityDate","CreatedDate","IsClosed"\n'
        '"a","Ada","2024-02-01","2024-01-31T12:00:00.000Z","false"\n'
        '"b","","","2024-01-31T12:00:00.000Z","false"\n'
    )
    job = await bulk.query(
        f"SELECT Company, AnnualRevenue, NumberOfEmployees, Owner.Type FROM Lead WHERE Id = '{lead}'",
        columnDelimiter="PIPE",
        lineEnding="CRLF",
    )
    assert (await page(bulk, job["id"])).body == (
        '"Company"|"AnnualRevenue"|"NumberOfEmployees"|"Owner.Type"\r\n"He said ""hi"", twice"|"12.5"|""|"User"\r\n'
    )


@pytest.mark.asyncio
async def test_query_all_and_aggregates(bulk: Any) -> None:
    task = await bulk.api.create("Task", Subject="gone")
    await bulk.api("DELETE", f"sobjects/Task/{task}")
    soql = "SELECT Id FROM Task"
    assert (await bulk.query(soql))["numberRecordsProcessed"] == 0
    assert (await bulk.query(soql, operation="queryAll"))["numberRecordsProcessed"] == 1
    job = await bulk.query("SELECT COUNT(Id), MAX(CreatedDate) newest FROM Task", operation="queryAll")
    assert (await page(bulk, job["id"])).body == '"expr0","newest"\n"1","2024-01-31T12:00:00.000Z"\n'


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-header-on-every-page")
@pytest.mark.behaviour("bulk2-locator-null")
async def test_pages(bulk: Any) -> None:
    await bulk.run("Subject\n" + "".join(f"{n:04}\n" for n in range(2500)))
    job = await bulk.query("SELECT Subject FROM Task ORDER BY Subject")
    locator, seen, sizes = "", [], []
    while locator != "null":
        answer = await page(bulk, job["id"], maxRecords=999, **({"locator": locator} if locator else {}))
        header, *rows = answer.body.splitlines()
        assert header == '"Subject"'
        assert answer.headers["Sforce-NumberOfRecords"] == str(len(rows))
        locator = answer.headers["Sforce-Locator"]
        seen += rows
        sizes.append(len(rows))
    assert sizes == [999, 999, 502]
    assert seen == [f'"{n:04}"' for n in range(2500)]
    whole = await page(bulk, job["id"])
    assert (whole.headers["Sforce-Locator"], whole.headers["Sforce-NumberOfRecords"]) == ("null", "2500")


@pytest.mark.asyncio
async def test_no_rows(bulk: Any) -> None:
    job = await bulk.query("SELECT Id FROM Task")
    answer = await page(bulk, job["id"])
    assert (answer.body, answer.headers["Sforce-NumberOfRecords"]) == ('"Id"\n', "0")
    assert answer.headers["Sforce-Locator"] == "null"


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-parallel-pages")
async def test_parallel_pages(bulk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionsync_simulators.salesforce.bulk.v2.query.DEFAULT_RECORDS", 10)
    await bulk.run("Subject\n" + "".join(f"{n:04}\n" for n in range(75)))
    job = await bulk.query("SELECT Subject FROM Task ORDER BY Subject")
    first = (await bulk.api("GET", f"jobs/query/{job['id']}/resultPages")).body
    assert (len(first["resultPages"]), first["done"]) == (5, False)
    second = (await bulk.api("GET", first["nextRecordsUrl"])).body
    assert (len(second["resultPages"]), second["done"], second["nextRecordsUrl"]) == (3, True, None)
    rows = []
    for link in [*first["resultPages"], *second["resultPages"]]:
        rows += (await bulk.api("GET", link["resultLink"])).body.splitlines()[1:]
    assert rows == [f'"{n:04}"' for n in range(75)]
    bulk.api.version = "57.0"
    assert (await bulk.api("GET", f"jobs/query/{job['id']}/resultPages")).status == 404


@pytest.mark.asyncio
async def test_states_follow_the_clock(slow: Any) -> None:
    answer = await slow.api("POST", "jobs/query", {"operation": "query", "query": "SELECT Id FROM User"})
    job_id = answer.body["id"]
    path = f"jobs/query/{job_id}"
    assert (await slow.api("GET", f"{path}/results")).code == "INVALIDJOBSTATE"
    assert (await slow.api("GET", f"{path}/resultPages")).code == "INVALIDJOBSTATE"
    await slow.settle(10)
    assert (await slow.poll(job_id, "query"))["state"] == "InProgress"
    assert (await slow.api("DELETE", path)).code == "INVALIDJOBSTATE"
    assert (await slow.api("PATCH", path, {"state": "UploadComplete"})).code == "INVALIDJOBSTATE"
    await slow.settle(2)
    assert (await slow.poll(job_id, "query"))["state"] == "JobComplete"
    assert (await slow.api("PATCH", path, {"state": "Aborted"})).code == "INVALIDJOBSTATE"
    assert (await slow.api("DELETE", path)).status == 204
    assert (await slow.api("GET", path)).status == 404


@pytest.mark.asyncio
async def test_abort(slow: Any) -> None:
    answer = await slow.api("POST", "jobs/query", {"operation": "query", "query": "SELECT Id FROM User"})
    path = f"jobs/query/{answer.body['id']}"
    await slow.settle(11)
    answer = await slow.api("PATCH", path, {"state": "Aborted"})
    assert (answer.status, answer.body["state"]) == (200, "Aborted")
    await slow.settle(60)
    assert (await slow.api("GET", path)).body["state"] == "Aborted"


@pytest.mark.asyncio
async def test_a_restored_query_starts_afresh(slow: Any) -> None:
    answer = await slow.api("POST", "jobs/query", {"operation": "query", "query": "SELECT Id FROM User"})
    await slow.settle(11)
    snapshot = (await slow.api.control("POST", "snapshot"))["id"]
    await slow.settle(60)
    await slow.api.control("POST", "restore", id=snapshot)
    await slow.settle(60)
    job = await slow.poll(answer.body["id"], "query")
    assert job["state"] == "JobComplete"
    assert len((await page(slow, job["id"])).body.splitlines()) == job["numberRecordsProcessed"] + 1


@pytest.mark.asyncio
async def test_security_that_changes_while_the_job_waits(slow: Any) -> None:
    answer = await slow.api("POST", "jobs/query", {"operation": "query", "query": "SELECT Description FROM Task"})
    await slow.api.control("POST", "profile", object="Task", field="Description", state="hidden")
    await slow.settle(60)
    job = await slow.poll(answer.body["id"], "query")
    assert job["state"] == "Failed"
    assert "No such column 'Description'" in job["errorMessage"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("soql", "code", "message"),
    [
        ("SELECT Id FROM TaskStatus", "INVALIDENTITY", "Entity 'TaskStatus' is not supported by the Bulk API."),
        ("SELECT Address FROM Lead", "API_ERROR", "Selecting compound data not supported in Bulk Query"),
        ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "API_ERROR", None),
        ("SELECT OwnerId, COUNT(Id) FROM Task GROUP BY OwnerId", "API_ERROR", None),
        ("SELECT COUNT() FROM Task", "API_ERROR", None),
        ("SELECT Id FROM Task OFFSET 5", "API_ERROR", None),
        ("SELECT Bacon__c FROM Task", "INVALID_FIELD", None),
        ("SELECT Id FROM Nothing", "INVALID_TYPE", None),
        ("SELECT Id FROM Task WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", None),
        ("SELEKT Id", "MALFORMED_QUERY", None),
        (" ", "MALFORMED_QUERY", "SOQL statements cannot be empty or null"),
    ],
)
async def test_queries_that_are_refused(bulk: Any, soql: str, code: str, message: str | None) -> None:
    answer = await bulk.api("POST", "jobs/query", {"operation": "query", "query": soql})
    assert (answer.status, answer.code) == (400, code)
    if message is not None:
        assert answer.error["message"] == message


@pytest.mark.asyncio
async def test_jobs_that_cannot_be_made(bulk: Any) -> None:
    for body, code in (
        ({"query": "SELECT Id FROM Task"}, "INVALIDJOB"),
        ({"operation": "insert", "query": "SELECT Id FROM Task"}, "INVALIDJOB"),
        ({"operation": "query"}, "MALFORMED_QUERY"),
        ({"operation": "query", "query": "SELECT Id FROM Task", "contentType": "XML"}, "INVALIDJOB"),
        ({"operation": "query", "query": "SELECT Id FROM Task", "object": "Task"}, "JSON_PARSER_ERROR"),
    ):
        answer = await bulk.api("POST", "jobs/query", body)
        assert (answer.status, answer.code) == (400, code)
    bulk.api.version = "46.0"
    assert (await bulk.api("GET", "jobs/query")).status == 404


@pytest.mark.asyncio
async def test_result_pages_that_are_not_there(bulk: Any) -> None:
    job = await bulk.query("SELECT Id FROM Task")
    path = f"jobs/query/{job['id']}"
    for params, code in (
        ({"maxRecords": "0"}, "INVALIDJOB"),
        ({"maxRecords": "many"}, "INVALIDJOB"),
        ({"locator": "%%"}, "INVALID_QUERY_LOCATOR"),
        ({"locator": "OTk5"}, "INVALID_QUERY_LOCATOR"),
    ):
        answer = await bulk.api("GET", f"{path}/results", params=params)
        assert (answer.status, answer.code) == (400, code)
    assert (await bulk.api("GET", f"{path}/resultPages", params={"locator": "%%"})).code == "INVALID_QUERY_LOCATOR"
    ingest = (await bulk.run("Subject\nx\n"))["id"]
    for call in ("", "/results", "/resultPages"):
        assert (await bulk.api("GET", f"jobs/query/{ingest}{call}")).status == 404


@pytest.mark.asyncio
async def test_the_daily_jobs_run_out(bulk: Any) -> None:
    await bulk.api.control("POST", "limits", DailyBulkV2QueryJobs={"Max": 2, "Remaining": 1})
    await bulk.query("SELECT Id FROM Task")
    body = {"operation": "query", "query": "SELECT Id FROM Task"}
    answer = await bulk.api("POST", "jobs/query", body)
    assert (answer.status, answer.code) == (400, "LIMIT_EXCEEDED")
    assert answer.error["message"] == "Max bulk v2 query jobs (2) per 24 hrs has been reached (2)"
    assert (await bulk.api("GET", "limits")).body["DailyBulkV2QueryJobs"] == {"Max": 2, "Remaining": 0}
    await bulk.clock.advance(timedelta(hours=24))
    await bulk.api.log_in()
    assert (await bulk.api("POST", "jobs/query", body)).status == 200


@pytest.mark.asyncio
async def test_the_daily_volume_runs_out(bulk: Any) -> None:
    await bulk.api.control("POST", "limits", DailyBulkV2QueryFileStorageMB={"Remaining": 1})
    await bulk.query("SELECT Id FROM User")
    answer = await bulk.api("POST", "jobs/query", {"operation": "query", "query": "SELECT Id FROM Task"})
    assert (answer.status, answer.code) == (400, "LIMIT_EXCEEDED")
    assert "query result size stored" in answer.error["message"]
