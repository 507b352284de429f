"""Bulk 1.0: jobs and batches, the form of answers, states in time."""

from __future__ import annotations

from typing import Any

import pytest

NAMESPACE = "{http://www.force.com/2009/06/asyncapi/dataload}"
JSON, CSV, XML = "application/json", "text/csv", "application/xml"


# Jobs


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-job-in-form-of-request")
async def test_members_of_a_job(classic: Any) -> None:
    job_id = await classic.job(contentType="CSV", concurrencyMode=1)
    answer = await classic("GET", f"job/{job_id}")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.body == {
        "apexProcessingTime": 0,
        "apiActiveProcessingTime": 0,
        "apiVersion": 60.0,
        "assignmentRuleId": None,
        "concurrencyMode": "Serial",
        "contentType": "CSV",
        "createdById": classic.api.simulator.org.api_user_id,
        "createdDate": "2024-01-31T12:00:00.000+0000",
        "externalIdFieldName": None,
        "fastPathEnabled": False,
        "id": job_id,
        "numberBatchesCompleted": 0,
        "numberBatchesFailed": 0,
        "numberBatchesInProgress": 0,
        "numberBatchesQueued": 0,
        "numberBatchesTotal": 0,
        "numberRecordsFailed": 0,
        "numberRecordsProcessed": 0,
        "numberRetries": 0,
        "object": "Task",
        "operation": "insert",
        "state": "Open",
        "systemModstamp": "2024-01-31T12:00:00.000+0000",
        "totalProcessingTime": 0,
    }
    as_xml = await classic("GET", f"job/{job_id[:15]}", kind=XML)
    assert as_xml.headers["Content-Type"] == "application/xml"
    found = classic.members(as_xml.body)
    assert (found["id"], found["createdDate"], found["apiVersion"]) == (job_id, "2024-01-31T12:00:00.000Z", "60.0")
    assert list(found)[:7] == ["id", "operation", "object", "createdById", "createdDate", "systemModstamp", "state"]
    assert "externalIdFieldName" not in found


@pytest.mark.asyncio
async def test_a_job_in_xml(classic: Any) -> None:
    body = classic.xml_job(operation="upsert", object="task", externalIdFieldName="actionsync_id__c", contentType="CSV")
    answer = await classic("POST", "job", body, XML)
    job = classic.members(answer.body)
    assert (answer.status, job["object"], job["externalIdFieldName"]) == (201, "Task", "ActionSync_Id__c")
    closed = await classic(
        "POST", f"job/{job['id']}", classic.xml_job(state="Closed"), "application/xml; charset=UTF-8"
    )
    assert (closed.status, classic.members(closed.body)["state"]) == (200, "Closed")


@pytest.mark.asyncio
async def test_either_header_carries_the_session(classic: Any) -> None:
    answer = await classic.api("GET", f"/services/async/60.0/job/{await classic.job()}")
    assert answer.status == 200
    assert classic.members(answer.body)["state"] == "Open"


# Batches


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-batch-in-form-of-job")
async def test_members_of_a_batch(classic: Any) -> None:
    job_id = await classic.job(contentType="CSV")
    answer = await classic("POST", f"job/{job_id}/batch", "Subject\nx\n", CSV)
    batch = classic.members(answer.body)
    assert answer.headers["Location"] == f"/services/async/60.0/job/{job_id}/batch/{batch['id']}"
    assert list(batch) == [
        *("id", "jobId", "state", "createdDate", "systemModstamp", "numberRecordsProcessed"),
        *("numberRecordsFailed", "totalProcessingTime", "apiActiveProcessingTime", "apexProcessingTime"),
    ]
    assert str(batch["id"]).startswith("751")
    await classic.bulk.settle()
    done = classic.members((await classic("GET", f"job/{job_id}/batch/{batch['id']}", kind=JSON)).body)
    assert (done["state"], done["numberRecordsProcessed"], done["numberRecordsFailed"]) == ("Completed", "1", "0")
    listed = classic.tree((await classic("GET", f"job/{job_id}/batch")).body)
    assert [child.findtext(f"{NAMESPACE}id") for child in listed] == [batch["id"]]
    original = await classic("GET", f"job/{job_id}/batch/{batch['id']}/request")
    assert (original.body, original.headers["Content-Type"]) == ("Subject\nx\n", "text/csv")
    job = (await classic("GET", f"job/{job_id}")).body
    assert (job["numberBatchesTotal"], job["numberBatchesCompleted"], job["numberRecordsProcessed"]) == (1, 1, 1)


@pytest.mark.asyncio
async def test_batches_of_a_json_job(classic: Any) -> None:
    job_id = await classic.job()
    batch = await classic.batch(job_id, [{"Subject": "x"}])
    listed = (await classic("GET", f"job/{job_id}/batch", kind=XML)).body
    assert [each["id"] for each in listed["batchInfo"]] == [batch["id"]]
    assert (batch["jobId"], batch["state"]) == (job_id, "Queued")


@pytest.mark.asyncio
async def test_states_follow_the_clock(slow: Any, slow_classic: Any) -> None:
    classic = slow_classic
    job_id = await classic.job()
    batch = await classic.batch(job_id, [{"Subject": "x"}] * 300)
    path = f"job/{job_id}/batch/{batch['id']}"
    answer = await classic("GET", f"{path}/result")
    assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidBatch")
    await slow.settle(13)
    working = (await classic("GET", path)).body
    assert (working["state"], working["numberRecordsProcessed"]) == ("InProgress", 200)
    snapshot = (await slow.api.control("POST", "snapshot"))["id"]
    await slow.settle(60)
    assert (await classic("GET", path)).body["totalProcessingTime"] == 4000
    await slow.api.control("POST", "restore", id=snapshot)
    await slow.settle(2)
    done = (await classic("GET", path)).body
    assert (done["state"], done["numberRecordsProcessed"]) == ("Completed", 300)
    assert len((await classic("GET", f"{path}/result")).body) == 300


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-abort-drops-queued")
async def test_abort(slow: Any, slow_classic: Any) -> None:
    classic = slow_classic
    job_id = await classic.job()
    first = await classic.batch(job_id, [{"Subject": "x"}] * 300)
    await slow.settle(11)
    second = await classic.batch(job_id, [{"Subject": "y"}])
    job = (await classic("POST", f"job/{job_id}", {"state": "Aborted"})).body
    assert (job["state"], job["numberBatchesInProgress"]) == ("Aborted", 1)
    await slow.settle(60)
    states = [(await classic("GET", f"job/{job_id}/batch/{b['id']}")).body["state"] for b in (first, second)]
    assert states == ["Completed", "NotProcessed"]


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-serial-in-order")
async def test_batches_of_a_serial_job_run_one_after_another(slow: Any, slow_classic: Any) -> None:
    classic = slow_classic
    for mode, after in (("Serial", ["InProgress", "Queued"]), ("Parallel", ["InProgress", "InProgress"])):
        job_id = await classic.job(concurrencyMode=mode)
        batches = [await classic.batch(job_id, [{"Subject": mode}] * 300) for _ in range(2)]
        paths = [f"job/{job_id}/batch/{batch['id']}" for batch in batches]
        await slow.settle(11)
        assert [(await classic("GET", path)).body["state"] for path in paths] == after
        await slow.settle(60)
        assert [(await classic("GET", path)).body["state"] for path in paths] == ["Completed", "Completed"]


@pytest.mark.asyncio
async def test_classic_jobs_are_listed_beside_the_others(classic: Any) -> None:
    writing, reading = await classic.job(), await classic.job(operation="query")
    for kind, job_id in (("ingest", writing), ("query", reading)):
        [job] = (await classic.api("GET", f"jobs/{kind}", params={"jobType": "Classic"})).body["records"]
        assert (job["id"], job["jobType"], job["contentType"]) == (job_id, "Classic", "JSON")
