"""Bulk 2.0 ingest jobs: their members, their states in time, lists, and creation with data."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest

TASKS = "Subject,Status\n" + "".join(f"Call {n},Completed\n" for n in range(500))
MULTIPART = {"Content-Type": "multipart/form-data; boundary=B0", "Content-Encoding": "gzip"}
"""Packed, since the connector of these tests drops blank lines from plain bodies."""


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-object-in-schema-casing")
async def test_members_of_a_new_job(bulk: Any) -> None:
    answer = await bulk.api("POST", "jobs/ingest", {"object": "task", "operation": "insert", "contentType": "CSV"})
    job = answer.body
    assert list(job) == [
        *("id", "operation", "object", "createdById", "createdDate", "systemModstamp", "state"),
        *("concurrencyMode", "contentType", "apiVersion", "contentUrl", "lineEnding", "columnDelimiter"),
    ]
    assert job["id"].startswith("750")
    assert (job["object"], job["state"], job["apiVersion"]) == ("Task", "Open", 60.0)
    assert job["contentUrl"] == f"services/data/v60.0/jobs/ingest/{job['id']}/batches"
    assert job["createdDate"] == "2024-01-31T12:00:00.000+0000"
    assert (job["lineEnding"], job["columnDelimiter"]) == ("LF", "COMMA")
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=1/125000"


@pytest.mark.asyncio
async def test_members_of_a_finished_job(bulk: Any) -> None:
    job = await bulk.run(
        "ActionSync_Id__c,Subject\na-1,x\n", operation="upsert", externalIdFieldName="actionsync_id__c"
    )
    assert job["externalIdFieldName"] == "ActionSync_Id__c"
    assert job["jobType"] == "V2Ingest"
    assert (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"]) == ("JobComplete", 1, 0)
    assert (job["retries"], job["totalProcessingTime"], job["apexProcessingTime"]) == (0, 0, 0)
    assert "errorMessage" not in job


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-states-by-clock")
async def test_states_follow_the_clock(slow: Any) -> None:
    job_id = await slow.started(TASKS)
    assert (await slow.poll(job_id))["state"] == "UploadComplete"
    await slow.settle(9)
    assert (await slow.poll(job_id))["state"] == "UploadComplete"
    await slow.settle(1)
    job = await slow.poll(job_id)
    assert (job["state"], job["numberRecordsProcessed"]) == ("InProgress", 0)
    await slow.settle(4)
    assert (await slow.poll(job_id))["numberRecordsProcessed"] == 400
    assert (await slow.api.soql("SELECT COUNT(Id) n FROM Task WHERE Subject LIKE 'Call %'"))[0]["n"] == 400
    await slow.settle(2)
    job = await slow.poll(job_id)
    assert (job["state"], job["numberRecordsProcessed"], job["totalProcessingTime"]) == ("JobComplete", 500, 6000)


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-survives-restore")
async def test_a_restored_job_goes_on_where_it_was(slow: Any) -> None:
    job_id = await slow.started(TASKS)
    await slow.settle(12)
    halfway = (await slow.api.control("POST", "snapshot"))["id"]
    await slow.settle(10)
    assert (await slow.poll(job_id))["state"] == "JobComplete"
    await slow.api.control("POST", "restore", id=halfway)
    assert (await slow.poll(job_id))["numberRecordsProcessed"] == 200
    await slow.settle(4)
    assert (await slow.poll(job_id))["numberRecordsProcessed"] == 500
    assert len(await slow.saved(job_id)) == 500
    assert (await slow.api.soql("SELECT COUNT(Id) n FROM Task WHERE Subject LIKE 'Call %'"))[0]["n"] == 500


@pytest.mark.asyncio
async def test_reset_forgets_jobs_and_their_work(slow: Any) -> None:
    job_id = await slow.started(TASKS)
    await slow.settle(12)
    await slow.api.control("POST", "reset")
    await slow.api.log_in()
    await slow.settle(60)
    assert (await slow.api("GET", f"jobs/ingest/{job_id}")).status == 404
    assert (await slow.api.soql("SELECT COUNT(Id) n FROM Task WHERE Subject LIKE 'Call %'"))[0]["n"] == 0


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-abort-keeps-saved-rows")
async def test_abort_in_progress(slow: Any) -> None:
    job_id = await slow.started(TASKS)
    await slow.settle(12)
    answer = await slow.api("PATCH", f"jobs/ingest/{job_id}", {"state": "Aborted"})
    assert answer.body["state"] == "Aborted"
    assert not {"contentUrl", "jobType", "numberRecordsProcessed"} & set(answer.body)
    await slow.settle(60)
    job = await slow.poll(job_id)
    assert (job["state"], job["numberRecordsProcessed"]) == ("Aborted", 200)
    assert len(await slow.saved(job_id)) == 200
    left = await slow.results(job_id, "unprocessedrecords")
    assert left.splitlines()[:2] == ['"Subject","Status"', '"Call 200","Completed"']
    assert len(left.splitlines()) == 301


@pytest.mark.asyncio
async def test_abort_before_any_work(bulk: Any) -> None:
    job_id = await bulk.create()
    await bulk.upload(job_id, "Subject\nx\n")
    assert (await bulk.api("PATCH", f"jobs/ingest/{job_id}", {"state": "Aborted"})).status == 200
    assert await bulk.results(job_id, "unprocessedrecords") == "Subject\nx\n"
    assert await bulk.results(job_id, "successfulResults") == '"sf__Id","sf__Created"\n'


@pytest.mark.asyncio
async def test_delete(bulk: Any) -> None:
    job_id = (await bulk.run("Subject\nx\n"))["id"]
    answer = await bulk.api("DELETE", f"jobs/ingest/{job_id[:15]}")
    assert (answer.status, answer.body) == (204, "")
    assert (await bulk.api("GET", f"jobs/ingest/{job_id}")).status == 404


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-seven-days")
async def test_jobs_live_seven_days(bulk: Any) -> None:
    job_id = (await bulk.run("Subject\nx\n"))["id"]
    await bulk.clock.advance(timedelta(days=7))
    await bulk.api.log_in()
    assert (await bulk.api("GET", f"jobs/ingest/{job_id}")).status == 200
    await bulk.clock.advance(timedelta(seconds=1))
    assert (await bulk.api("GET", f"jobs/ingest/{job_id}")).status == 404
    database = bulk.api.simulator.database
    assert database.value("SELECT count(*) FROM bulk_content") == 0


@pytest.mark.asyncio
async def test_list_pages_and_filters(bulk: Any) -> None:
    first = await bulk.create()
    for _ in range(1000):
        await bulk.create()
    query = await bulk.query("SELECT Id FROM Task")
    page = (await bulk.api("GET", "jobs/ingest")).body
    assert (page["done"], len(page["records"])) == (False, 1000)
    assert page["records"][0]["id"] == first
    assert page["records"][0]["jobType"] == "V2Ingest"
    rest = (await bulk.api("GET", page["nextRecordsUrl"])).body
    assert (rest["done"], rest["nextRecordsUrl"], len(rest["records"])) == (True, None, 1)
    for params, count in (
        ({"jobType": "V2Ingest", "concurrencyMode": "Parallel", "isPkChunkingEnabled": "false"}, 1000),
        ({"jobType": "Classic"}, 0),
        ({"concurrencyMode": "Serial"}, 0),
        ({"isPkChunkingEnabled": "true"}, 0),
    ):
        assert len((await bulk.api("GET", "jobs/ingest", params=params)).body["records"]) == count
    queries = (await bulk.api("GET", "jobs/query")).body
    assert [job["id"] for job in queries["records"]] == [query["id"]]


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-multipart-create")
async def test_multipart_create(bulk: Any) -> None:
    body = (
        b'--B0\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name="job"\r\n\r\n'
        b'{"object":"Task","operation":"insert","contentType":"CSV"}\r\n'
        b'--B0\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name="content"; filename="c"\r\n\r\n'
        b"Subject\nfrom a part\n\r\n--B0--\r\n"
    )
    answer = await bulk.api("POST", "jobs/ingest", gzip.compress(body), headers=MULTIPART)
    assert (answer.status, answer.body["state"]) == (200, "UploadComplete")
    await bulk.settle()
    saved = await bulk.saved(answer.body["id"])
    assert [row["Subject"] for row in saved] == ["from a part"]


@pytest.mark.asyncio
async def test_bad_multipart_creates(bulk: Any) -> None:
    part = b'--B0\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    job = part % (b"job", b'{"object":"Task","operation":"insert"}')
    for body, code in (
        (b"nothing", "INVALIDBATCH"),
        (part % (b"job", b"{") + b"--B0--", "JSON_PARSER_ERROR"),
        (part % (b"job", b"[]") + b"--B0--", "JSON_PARSER_ERROR"),
        (job + part % (b"content", b"x" * 100_001) + b"--B0--", "INVALIDBATCH"),
    ):
        answer = await bulk.api("POST", "jobs/ingest", gzip.compress(body), headers=MULTIPART)
        assert (answer.status, answer.code) == (400, code)


@pytest.mark.asyncio
async def test_a_queued_job_can_be_deleted(slow: Any) -> None:
    job_id = await slow.started(TASKS)
    assert (await slow.api("DELETE", f"jobs/ingest/{job_id}")).status == 204
    await slow.settle(60)
    assert (await slow.api.soql("SELECT COUNT(Id) n FROM Task WHERE Subject LIKE 'Call %'"))[0]["n"] == 0
