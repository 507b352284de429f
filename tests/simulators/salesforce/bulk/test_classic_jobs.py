"""Bulk 1.0: jobs and batches, the form of answers, states in time, errors."""

from __future__ import annotations

import gzip
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

NAMESPACE = "{http://www.force.com/2009/06/asyncapi/dataload}"
JSON, CSV, XML = "application/json", "text/csv", "application/xml"
NO_ID = "7508d00000zzzzzAAA"


class Classic:
    """Bulk 1.0 by way of the caller `api`."""

    def __init__(self, bulk: Any) -> None:
        self.bulk = bulk
        self.api = bulk.api
        token = self.api.headers["Authorization"].removeprefix("Bearer ")
        self.headers = {"Authorization": "", "X-SFDC-Session": token}

    async def __call__(self, method: str, path: str, body: Any = None, kind: str = JSON, **headers: str) -> Any:
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        own = {name: value for name, value in {**self.api.headers, **self.headers}.items() if value}
        saved, self.api.headers = self.api.headers, {}
        try:
            return await self.api(
                method,
                f"/services/async/{self.api.version}/{path}",
                body,
                headers={k: v for k, v in own.items() if k != "Authorization"} | {"Content-Type": kind} | extra,
            )
        finally:
            self.api.headers = saved

    async def job(self, **info: Any) -> str:
        headers = info.pop("headers", {})
        body = {"operation": "insert", "object": "Task", "contentType": "JSON", **info}
        answer = await self("POST", "job", body, **headers)
        assert answer.status == 201, answer.body
        assert answer.headers["Location"] == f"/services/async/60.0/job/{answer.body['id']}"
        return str(answer.body["id"])

    async def batch(self, job_id: str, data: Any, kind: str = JSON) -> Any:
        answer = await self("POST", f"job/{job_id}/batch", data, kind)
        assert answer.status == 201, answer.body
        return answer.body if kind == JSON else members(answer.body)


@pytest.fixture
def classic(bulk: Any) -> Classic:
    return Classic(bulk)


def tree(text: str) -> Element:
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return fromstring(text.encode())


def members(text: str) -> dict[str, str | None]:
    return {child.tag.removeprefix(NAMESPACE): child.text for child in tree(text)}


def xml_job(**info: str) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in info.items())
    return f'<?xml version="1.0"?><jobInfo xmlns="{NAMESPACE[1:-1]}">{inner}</jobInfo>'


# Jobs


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-job-in-form-of-request")
async def test_members_of_a_job(classic: Classic) -> None:
    job_id = await classic.job(contentType="CSV", concurrencyMode=1)
    answer = await classic("GET", f"job/{job_id}")
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
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
    found = members(as_xml.body)
    assert (found["id"], found["createdDate"], found["apiVersion"]) == (job_id, "2024-01-31T12:00:00.000Z", "60.0")
    assert list(found)[:7] == ["id", "operation", "object", "createdById", "createdDate", "systemModstamp", "state"]
    assert "externalIdFieldName" not in found


@pytest.mark.asyncio
async def test_a_job_in_xml(classic: Classic) -> None:
    body = xml_job(operation="upsert", object="task", externalIdFieldName="actionsync_id__c", contentType="CSV")
    answer = await classic("POST", "job", body, XML)
    job = members(answer.body)
    assert (answer.status, job["object"], job["externalIdFieldName"]) == (201, "Task", "ActionSync_Id__c")
    closed = await classic("POST", f"job/{job['id']}", xml_job(state="Closed"), "application/xml; charset=UTF-8")
    assert (closed.status, members(closed.body)["state"]) == (200, "Closed")


@pytest.mark.asyncio
async def test_either_header_carries_the_session(classic: Classic) -> None:
    answer = await classic.api("GET", f"/services/async/60.0/job/{await classic.job()}")
    assert answer.status == 200
    assert members(answer.body)["state"] == "Open"


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
async def test_jobs_that_cannot_be_made(classic: Classic, info: dict[str, Any], code: str, message: str | None) -> None:
    body = {"operation": "insert", "object": "Task", "contentType": "JSON", **info}
    answer = await classic("POST", "job", body)
    assert (answer.status, answer.body["exceptionCode"]) == (400, code)
    if message is not None:
        assert answer.body["exceptionMessage"] == message


@pytest.mark.asyncio
async def test_bodies_that_cannot_be_read(classic: Classic) -> None:
    path = f"job/{await classic.job()}"
    for target in ("job", path):
        for body in (b"{", b"[]"):
            answer = await classic("POST", target, body)
            assert (answer.status, answer.body["exceptionCode"]) == (400, "ClientInputError")
        bomb = '<!DOCTYPE x [<!ENTITY a "b">]><jobInfo>&a;</jobInfo>'
        for text in ("<jobInfo>", "<other/>", bomb):
            answer = await classic("POST", target, text, XML)
            assert members(answer.body)["exceptionCode"] == "InvalidXML"


@pytest.mark.asyncio
async def test_states_that_cannot_be(classic: Classic) -> None:
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


# Batches


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-batch-in-form-of-job")
async def test_members_of_a_batch(classic: Classic) -> None:
    job_id = await classic.job(contentType="CSV")
    answer = await classic("POST", f"job/{job_id}/batch", "Subject\nx\n", CSV)
    batch = members(answer.body)
    assert answer.headers["Location"] == f"/services/async/60.0/job/{job_id}/batch/{batch['id']}"
    assert list(batch) == [
        *("id", "jobId", "state", "createdDate", "systemModstamp", "numberRecordsProcessed"),
        *("numberRecordsFailed", "totalProcessingTime", "apiActiveProcessingTime", "apexProcessingTime"),
    ]
    assert str(batch["id"]).startswith("751")
    await classic.bulk.settle()
    done = members((await classic("GET", f"job/{job_id}/batch/{batch['id']}", kind=JSON)).body)
    assert (done["state"], done["numberRecordsProcessed"], done["numberRecordsFailed"]) == ("Completed", "1", "0")
    listed = tree((await classic("GET", f"job/{job_id}/batch")).body)
    assert [child.findtext(f"{NAMESPACE}id") for child in listed] == [batch["id"]]
    original = await classic("GET", f"job/{job_id}/batch/{batch['id']}/request")
    assert (original.body, original.headers["Content-Type"]) == ("Subject\nx\n", "text/csv;charset=UTF-8")
    job = (await classic("GET", f"job/{job_id}")).body
    assert (job["numberBatchesTotal"], job["numberBatchesCompleted"], job["numberRecordsProcessed"]) == (1, 1, 1)


@pytest.mark.asyncio
async def test_batches_of_a_json_job(classic: Classic) -> None:
    job_id = await classic.job()
    batch = await classic.batch(job_id, [{"Subject": "x"}])
    listed = (await classic("GET", f"job/{job_id}/batch", kind=XML)).body
    assert [each["id"] for each in listed["batchInfo"]] == [batch["id"]]
    assert (batch["jobId"], batch["state"]) == (job_id, "Queued")


@pytest.mark.asyncio
async def test_states_follow_the_clock(slow: Any) -> None:
    classic = Classic(slow)
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
async def test_abort(slow: Any) -> None:
    classic = Classic(slow)
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
async def test_batches_of_a_serial_job_run_one_after_another(slow: Any) -> None:
    classic = Classic(slow)
    for mode, after in (("Serial", ["InProgress", "Queued"]), ("Parallel", ["InProgress", "InProgress"])):
        job_id = await classic.job(concurrencyMode=mode)
        batches = [await classic.batch(job_id, [{"Subject": mode}] * 300) for _ in range(2)]
        paths = [f"job/{job_id}/batch/{batch['id']}" for batch in batches]
        await slow.settle(11)
        assert [(await classic("GET", path)).body["state"] for path in paths] == after
        await slow.settle(60)
        assert [(await classic("GET", path)).body["state"] for path in paths] == ["Completed", "Completed"]


@pytest.mark.asyncio
async def test_batches_that_are_refused(classic: Classic) -> None:
    job_id = await classic.job()
    answer = await classic("POST", f"job/{job_id}/batch", "Subject\nx\n", CSV)
    assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidBatch")
    answer = await classic("POST", f"job/{job_id}/batch", gzip.compress(bytes(10_000_001)), Content_Encoding="gzip")
    assert (answer.status, answer.body["exceptionCode"]) == (400, "ClientInputError")
    xml = await classic.job(contentType="XML")
    answer = await classic("POST", f"job/{xml}/batch", "[]")
    assert members(answer.body)["exceptionCode"] == "InvalidBatch"


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk1-batches-count")
async def test_the_daily_batches_run_out(classic: Classic) -> None:
    await classic.api.control("POST", "limits", DailyBulkApiBatches={"Max": 15_000, "Remaining": 1})
    job_id = await classic.job()
    await classic.batch(job_id, [{"Subject": "x"}])
    answer = await classic("POST", f"job/{job_id}/batch", [{"Subject": "x"}])
    assert (answer.status, answer.body) == (
        400,
        {"exceptionCode": "ExceededQuota", "exceptionMessage": "ApiBatchItems Limit exceeded"},
    )
    assert (await classic.api("GET", "limits")).body["DailyBulkApiBatches"] == {"Max": 15_000, "Remaining": 0}


# What is not there


@pytest.mark.asyncio
async def test_what_is_not_there(classic: Classic) -> None:
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
async def test_paths_verbs_and_versions(classic: Classic) -> None:
    answer = await classic("GET", "jobs")
    assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidUrl")
    answer = await classic("DELETE", f"job/{await classic.job()}")
    assert (answer.status, answer.headers["Allow"]) == (405, "HEAD,GET,POST")
    for version in ("30.0", "67.0", "v60.0", "x"):
        classic.api.version = version
        answer = await classic("GET", "job/x")
        assert (answer.status, answer.body["exceptionCode"]) == (400, "InvalidVersion")


@pytest.mark.asyncio
async def test_sessions_and_limits(classic: Classic) -> None:
    job_id = await classic.job()
    await classic.api.control("POST", "limits", daily_used=125_000)
    answer = await classic("GET", f"job/{job_id}")
    assert (answer.status, answer.body["exceptionCode"]) == (400, "ExceededQuota")
    classic.headers = {"X-SFDC-Session": "expired"}
    answer = await classic("GET", f"job/{job_id}")
    invalid = {"exceptionCode": "InvalidSessionId", "exceptionMessage": "Invalid session id"}
    assert (answer.status, answer.body) == (400, invalid)
    answer = await classic("GET", f"job/{job_id}", kind=XML)
    assert members(answer.body) == invalid
    answer = await classic.api(
        "GET", f"/services/async/60.0/job/{job_id}", headers={"Authorization": "Basic x", "Accept": JSON}
    )
    assert answer.body == invalid


@pytest.mark.asyncio
async def test_planned_faults_speak_this_language(classic: Classic) -> None:
    job_id = await classic.job(contentType="CSV")
    match = {"path": "/services/async/*"}
    error = {"code": "API_DISABLED_FOR_ORG"}
    await classic.api.control("POST", "faults", match=match, action="error", error=error, times=1)
    answer = await classic("POST", "job", {})
    assert (answer.status, answer.body) == (
        400,
        {"exceptionCode": "FeatureNotEnabled", "exceptionMessage": "Async API not enabled"},
    )
    error = {"code": "Timeout", "message": "too slow", "http_status": 503}
    await classic.api.control("POST", "faults", match=match, action="error", error=error)
    answer = await classic("GET", f"job/{job_id}/batch")
    assert (answer.status, members(answer.body)["exceptionCode"]) == (503, "Timeout")


@pytest.mark.asyncio
async def test_classic_jobs_are_listed_beside_the_others(classic: Classic) -> None:
    writing, reading = await classic.job(), await classic.job(operation="query")
    for kind, job_id in (("ingest", writing), ("query", reading)):
        [job] = (await classic.api("GET", f"jobs/{kind}", params={"jobType": "Classic"})).body["records"]
        assert (job["id"], job["jobType"], job["contentType"]) == (job_id, "Classic", "JSON")
