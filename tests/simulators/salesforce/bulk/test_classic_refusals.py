"""What Bulk 1.0 refuses, in its own words."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

JSON, CSV, XML = "application/json", "text/csv", "application/xml"
NO_ID = "7508d00000zzzzzAAA"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("info", "code", "message"),
    [
        ({"operation": None}, "InvalidJob", "Operation not specified"),
        ({"operation": "truncate"}, "InvalidJob", None),
        ({"object": None}, "InvalidJob", "Object not specified"),
        ({"object": "Nothing"}, "InvalidJob", "Unable to find object: Nothing"),
        ({"object": "Nothing", "operation": "query"}, "InvalidJob", "Unable to find object: Nothing"),
        ({"object": "TaskStatus"}, "InvalidEntity", "Entity 'TaskStatus' is not supported by the Bulk API."),
        ({"operation": "upsert"}, "InvalidJob", None),
        ({"operation": "upsert", "externalIdFieldName": "Subject"}, "InvalidJob", None),
        ({"contentType": "YAML"}, "InvalidJob", None),
        ({"contentType": "ZIP_CSV"}, "FeatureNotEnabled", None),
        ({"concurrencyMode": "Both"}, "InvalidJob", None),
        ({"surprise": 1}, "ClientInputError", None),
    ],
)
async def test_jobs_that_cannot_be_made(classic: Any, info: dict[str, Any], code: str, message: str | None) -> None:
    body = {"operation": "insert", "object": "Task", "contentType": "JSON", **info}
    answer = await classic("POST", "job", body)
    assert (answer.status, answer.body["exceptionCode"]) == (400, code)
    if message is not None:
        assert answer.body["exceptionMessage"] == message


@pytest.mark.asyncio
async def test_bodies_that_cannot_be_read(classic: Any) -> None:
    path = f"job/{await classic.job()}"
    for target in ("job", path):
        for body in (b"{", b"[]"):
            answer = await classic("POST", target, body)
            assert (answer.status, answer.body["exceptionCode"]) == (400, "ClientInputError")
        bomb = '<!DOCTYPE x [<!ENTITY a "b">]><jobInfo>&a;</jobInfo>'
        for text in ("<jobInfo>", "<other/>", bomb):
            answer = await classic("POST", target, text, XML)
            assert classic.members(answer.body)["exceptionCode"] == "InvalidXML"


@pytest.mark.asyncio
async def test_states_that_cannot_be(classic: Any) -> None:
    job_id = await classic.job()
    for body in ({"state": "Open"}, {}):
        answer = await classic("POST", f"job/{job_id}", body)
        assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidJobState")
    assert (await classic("POST", f"job/{job_id}", {"state": "Closed"})).status == 200
    assert (await classic("POST", f"job/{job_id}", {"state": "Closed"})).body["exceptionCode"] == "InvalidJobState"
    assert (await classic("POST", f"job/{job_id}", {"state": "Aborted"})).status == 200
    assert (await classic("POST", f"job/{job_id}", {"state": "Aborted"})).body["exceptionCode"] == "InvalidJobState"
    answer = await classic("POST", f"job/{job_id}/batch", [{"Subject": "x"}])
    assert answer.body == {
        "exceptionCode": "InvalidJobState",
        "exceptionMessage": "Failed to create batch, since the Job is not Open. Current job state is 'Aborted'",
    }


@pytest.mark.asyncio
async def test_batches_that_are_refused(classic: Any) -> None:
    job_id = await classic.job()
    answer = await classic("POST", f"job/{job_id}/batch", "Subject\nx\n", CSV)
    assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidBatch")
    answer = await classic("POST", f"job/{job_id}/batch", gzip.compress(bytes(10_000_001)), Content_Encoding="gzip")
    assert (answer.status, answer.body["exceptionCode"]) == (400, "ClientInputError")
    xml = await classic.job(contentType="XML")
    answer = await classic("POST", f"job/{xml}/batch", "[]")
    assert classic.members(answer.body)["exceptionCode"] == "InvalidBatch"


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-batches-count")
async def test_the_daily_batches_run_out(classic: Any) -> None:
    await classic.api.control("POST", "limits", DailyBulkApiBatches={"Max": 15_000, "Remaining": 1})
    job_id = await classic.job()
    await classic.batch(job_id, [{"Subject": "x"}])
    answer = await classic("POST", f"job/{job_id}/batch", [{"Subject": "x"}])
    assert (answer.status, answer.body) == (
        400,
        {"exceptionCode": "ExceededQuota", "exceptionMessage": "ApiBatchItems Limit exceeded"},
    )
    assert (await classic.api("GET", "limits")).body["DailyBulkApiBatches"] == {"Max": 15_000, "Remaining": 0}


@pytest.mark.asyncio
async def test_what_is_not_there(classic: Any) -> None:
    other = (await classic.bulk.run("Subject\nx\n"))["id"]
    for job_id in (NO_ID, "x", other):
        for method, path, body in (
            ("GET", "", None),
            ("POST", "", {"state": "Closed"}),
            ("GET", "/batch", None),
            ("POST", "/batch", []),
            ("GET", f"/batch/{NO_ID}", None),
            ("GET", f"/batch/{NO_ID}/request", None),
            ("GET", f"/batch/{NO_ID}/result", None),
            ("GET", f"/batch/{NO_ID}/result/x", None),
        ):
            answer = await classic(method, f"job/{job_id}{path}", body)
            assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidJob")
    job_id = await classic.job()
    for path in ("", "/request", "/result", "/result/x"):
        answer = await classic("GET", f"job/{job_id}/batch/{NO_ID}{path}")
        assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidBatch")
    batch = await classic.batch(job_id, [{"Subject": "x"}])
    await classic.bulk.settle()
    answer = await classic("GET", f"job/{job_id}/batch/{batch['id']}/result/{NO_ID}")
    assert answer.body["exceptionCode"] == "InvalidBatch"


@pytest.mark.asyncio
async def test_paths_verbs_and_versions(classic: Any) -> None:
    answer = await classic("GET", "jobs")
    assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidUrl")
    answer = await classic("DELETE", f"job/{await classic.job()}")
    assert (answer.status, answer.headers["Allow"]) == (405, "HEAD,GET,POST")
    for version in ("30.0", "67.0", "v60.0", "x"):
        classic.api.version = version
        answer = await classic("GET", "job/x")
        assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidVersion")


@pytest.mark.asyncio
async def test_sessions_and_limits(classic: Any) -> None:
    job_id = await classic.job()
    await classic.api.control("POST", "limits", daily_used=125_000)
    answer = await classic("GET", f"job/{job_id}")
    assert (answer.status, answer.body["exceptionCode"]) == (400, "ExceededQuota")
    classic.headers = {"X-SFDC-Session": "expired"}
    answer = await classic("GET", f"job/{job_id}")
    invalid = {"exceptionCode": "InvalidSessionId", "exceptionMessage": "Invalid session id"}
    assert (answer.status, answer.body) == (400, invalid)
    answer = await classic("GET", f"job/{job_id}", kind=XML)
    assert classic.members(answer.body) == invalid
    answer = await classic.api(
        "GET", f"/services/async/60.0/job/{job_id}", headers={"Authorization": "Basic x", "Accept": JSON}
    )
    assert answer.body == invalid


@pytest.mark.asyncio
async def test_planned_faults_speak_this_language(classic: Any) -> None:
    job_id = await classic.job(contentType="CSV")
    match = {"path": "/services/async/*"}
    error: dict[str, Any] = {"code": "API_DISABLED_FOR_ORG"}
    await classic.api.control("POST", "faults", match=match, action="error", error=error, times=1)
    answer = await classic("POST", "job", {})
    assert (answer.status, answer.body) == (
        400,
        {"exceptionCode": "FeatureNotEnabled", "exceptionMessage": "Async API not enabled"},
    )
    error = {"code": "Timeout", "message": "too slow", "http_status": 503}
    await classic.api.control("POST", "faults", match=match, action="error", error=error)
    answer = await classic("GET", f"job/{job_id}/batch")
    assert (answer.status, classic.members(answer.body)["exceptionCode"]) == (503, "Timeout")
