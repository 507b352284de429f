"""What is refused about Bulk 2.0 ingest jobs: making them, their data, their states, and the daily limit."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from actionsync_simulators.salesforce.switches import SalesforceSwitches

TASKS = "Subject,Status\n" + "".join(f"Call {n},Completed\n" for n in range(500))
NO_JOB = "7508d00000zzzzzAAA"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"object": None}, "INVALIDJOB", "InvalidJob : Object not specified"),
        ({"object": "Nothing"}, "INVALIDJOB", "InvalidJob : Unable to find object: Nothing"),
        ({"object": "TaskStatus"}, "INVALIDENTITY", None),
        ({"operation": None}, "INVALIDJOB", "InvalidJob : Operation not specified"),
        ({"operation": "truncate"}, "INVALIDJOB", None),
        ({"operation": "upsert"}, "INVALIDJOB", None),
        ({"operation": "upsert", "externalIdFieldName": "Subject"}, "INVALIDJOB", None),
        ({"contentType": "JSON"}, "INVALIDJOB", None),
        ({"columnDelimiter": ","}, "INVALIDJOB", None),
        ({"lineEnding": "CR"}, "INVALIDJOB", None),
        ({"concurrencyMode": "Serial"}, "INVALIDJOB", None),
        ({"surprise": "x"}, "JSON_PARSER_ERROR", None),
        ({"object": 7}, "JSON_PARSER_ERROR", None),
    ],
)
async def test_jobs_that_cannot_be_made(bulk: Any, changes: dict[str, Any], code: str, message: str | None) -> None:
    answer = await bulk.api("POST", "jobs/ingest", {"object": "Task", "operation": "insert", **changes})
    assert (answer.status, answer.code) == (400, code)
    if message is not None:
        assert answer.error["message"] == message


@pytest.mark.asyncio
async def test_hard_delete_needs_a_permission(anonymous: Any, clock: Any) -> None:
    anonymous.session.connector.app = type(anonymous.simulator)(
        clock=clock, switches=SalesforceSwitches(bulk_hard_delete=False)
    )
    await anonymous.log_in()
    answer = await anonymous("POST", "jobs/ingest", {"object": "Task", "operation": "hardDelete"})
    assert (answer.status, answer.code) == (400, "FEATURENOTENABLED")


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-one-upload")
async def test_uploads_that_are_refused(bulk: Any) -> None:
    job_id = await bulk.create()
    path, headers = f"jobs/ingest/{job_id}/batches", {"Content-Type": "text/csv"}
    assert (await bulk.api("PUT", path, b"{}")).code == "UNSUPPORTED_MEDIA_TYPE"
    packed = gzip.compress(bytes(100 * 1024 * 1024 + 1), compresslevel=1)
    large = await bulk.api("PUT", path, packed, headers={**headers, "Content-Encoding": "gzip"})
    assert (large.status, large.code) == (413, "INVALIDBATCH")
    await bulk.upload(job_id, "Subject\nx\n")
    again = await bulk.api("PUT", path, b"Subject\ny\n", headers=headers)
    assert (again.status, again.code) == (400, "INVALIDBATCH")
    await bulk.close(job_id)
    assert (await bulk.api("PUT", path, b"Subject\ny\n", headers=headers)).code == "INVALIDJOBSTATE"


@pytest.mark.asyncio
async def test_states_that_do_not_fit(slow: Any) -> None:
    job_id = await slow.create()
    path = f"jobs/ingest/{job_id}"
    for body in ({"state": "InProgress"}, {}, {"state": None}):
        assert (await slow.api("PATCH", path, body)).code == "INVALIDJOBSTATE"
    assert (await slow.api("DELETE", path)).code == "INVALIDJOBSTATE"
    for which in ("successfulResults", "failedResults", "unprocessedrecords", "UNPROCESSEDRECORDS"):
        assert (await slow.api("GET", f"{path}/{which}")).code == "INVALIDJOBSTATE"
    await slow.upload(job_id, TASKS)
    await slow.close(job_id)
    assert (await slow.api("PATCH", path, {"state": "UploadComplete"})).code == "INVALIDJOBSTATE"
    await slow.settle(11)
    assert (await slow.api("DELETE", path)).code == "INVALIDJOBSTATE"
    await slow.settle(20)
    assert (await slow.api("PATCH", path, {"state": "Aborted"})).code == "INVALIDJOBSTATE"


@pytest.mark.asyncio
async def test_jobs_that_are_not_there(bulk: Any) -> None:
    query = await bulk.query("SELECT Id FROM Task")
    for job_id in (NO_JOB, "nonsense", query["id"]):
        for method, path, body in (
            ("GET", "", None),
            ("DELETE", "", None),
            ("PATCH", "", {"state": "Aborted"}),
            ("GET", "/successfulResults", None),
            ("GET", "/nonsense", None),
        ):
            answer = await bulk.api(method, f"jobs/ingest/{job_id}{path}", body)
            assert (answer.status, answer.code) == (404, "NOT_FOUND")
    job_id = await bulk.create()
    assert (await bulk.api("GET", f"jobs/ingest/{job_id}/nonsense")).status == 404
    assert (await bulk.api("GET", f"jobs/ingest/{job_id}/batches")).code == "METHOD_NOT_ALLOWED"
    bulk.api.version = "40.0"
    assert (await bulk.api("GET", f"jobs/ingest/{job_id}")).status == 404


@pytest.mark.asyncio
async def test_lists_that_are_refused(bulk: Any) -> None:
    for kind in ("ingest", "query"):
        for params, code in (
            ({"jobType": "V3"}, "INVALIDJOB"),
            ({"concurrencyMode": "Both"}, "INVALIDJOB"),
            ({"isPkChunkingEnabled": "perhaps"}, "INVALIDJOB"),
            ({"queryLocator": "%%%"}, "INVALID_QUERY_LOCATOR"),
        ):
            answer = await bulk.api("GET", f"jobs/{kind}", params=params)
            assert (answer.status, answer.code) == (400, code)


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-batches-count")
async def test_the_daily_batches_run_out(bulk: Any) -> None:
    rows = "Subject\n" + "x\n" * 10_200
    await bulk.api.control("POST", "limits", DailyBulkApiBatches={"Max": 100, "Remaining": 1})
    job = await bulk.run(rows)
    assert (job["state"], job["numberRecordsProcessed"]) == ("Failed", 10_000)
    assert job["errorMessage"] == "ExceededQuota : ApiBatchItems Limit exceeded"
    assert len(from_lines(await bulk.results(job["id"], "unprocessedRecords"))) == 200
    limits = (await bulk.api("GET", "limits")).body
    assert limits["DailyBulkApiBatches"] == limits["DailyBulkApiRequests"] == {"Max": 100, "Remaining": 0}


def from_lines(text: str) -> list[str]:
    return text.splitlines()[1:]
