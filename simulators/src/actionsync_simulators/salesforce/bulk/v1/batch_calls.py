"""The calls about the batches of Bulk 1.0 jobs, and their results."""

from __future__ import annotations

from actionsync_simulators.salesforce.bulk import content, jobs
from actionsync_simulators.salesforce.bulk.v1.formats import (
    CSV,
    CSV_TYPE,
    JSON,
    JSON_TYPE,
    XML,
    XML_TYPE,
    batch_members,
    document,
    element_list,
    json_list,
    xml_document,
)
from actionsync_simulators.salesforce.bulk.v1.job_calls import find_job
from actionsync_simulators.salesforce.bulk.v1.results import outcome_response, query_response
from actionsync_simulators.salesforce.bulk.v1.running import BATCHES, start_batch
from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org

LARGEST_BATCH = 10_000_000
"""Bytes of one batch."""
SENT_AS = {CSV: ("text/csv",), JSON: ("application/json",), XML: ("application/xml", "text/xml")}
CONTENT_TYPES = {CSV: CSV_TYPE, JSON: JSON_TYPE, XML: XML_TYPE}


def create(org: Org, request: Request, job_id: str) -> Response:
    """POST /job/{id}/batch: rows, or the query of a query job."""
    job = find_job(org, job_id)
    if job["state"] != jobs.OPEN:
        raise api_error(
            "InvalidJobState",
            f"Failed to create batch, since the Job is not Open. Current job state is '{job['state']}'",
        )
    querying = job["operation"] in jobs.QUERIES
    sent_as = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not querying and sent_as not in SENT_AS[job["content_type"]]:
        raise api_error(
            "InvalidBatch", f"A batch of {sent_as or 'no content type'} does not fit a job of {job['content_type']}"
        )
    if len(request.body) > LARGEST_BATCH:
        raise api_error("ClientInputError", f"The batch is larger than {LARGEST_BATCH} bytes")
    if org.limits.used_of(BATCHES) >= org.limits.most(BATCHES):
        raise api_error("ExceededQuota", "ApiBatchItems Limit exceeded")
    org.limits.charge_to(BATCHES)
    with org.database.transaction():
        batch = jobs.new_batch(org, job["id"], state=jobs.QUEUED)
        content.append_rows(org.database, batch["id"], content.UPLOAD, [request.body])
    start_batch(org, batch)
    location = ("Location", f"/services/async/{request.version}/job/{job['id']}/batch/{batch['id']}")
    return _answer(job, batch, status=201, headers=[location])


def list_all(org: Org, request: Request, job_id: str) -> Response:
    """GET /job/{id}/batch."""
    job = find_job(org, job_id)
    batches = org.database.rows("SELECT * FROM bulk_batch WHERE job = ? ORDER BY rowid", (job["id"],))
    members = [batch_members(batch) for batch in batches]
    if job["content_type"] == JSON:
        return Response(200, {"batchInfo": members}, content_type=JSON_TYPE)
    inner = "".join(f"<batchInfo>{element_list(each)}</batchInfo>" for each in members)
    return Response(200, xml_document("batchInfoList", inner), content_type=XML_TYPE)


def read(org: Org, request: Request, job_id: str, batch_id: str) -> Response:
    """GET /job/{id}/batch/{batch}."""
    job = find_job(org, job_id)
    return _answer(job, _find(org, job, batch_id))


def read_request(org: Org, request: Request, job_id: str, batch_id: str) -> Response:
    """GET /job/{id}/batch/{batch}/request: the data as it came."""
    job = find_job(org, job_id)
    data = content.whole(org.database, _find(org, job, batch_id)["id"], content.UPLOAD) or b""
    return Response(200, data, content_type=CONTENT_TYPES[job["content_type"]])


def result(org: Org, request: Request, job_id: str, batch_id: str) -> Response:
    """GET /job/{id}/batch/{batch}/result: what became of the rows; of a query, the ids of its results."""
    job = find_job(org, job_id)
    batch = _completed(org, job, batch_id)
    if job["operation"] not in jobs.QUERIES:
        rows = b"".join(content.parts(org.database, batch["id"], content.ROWS))
        return outcome_response(job["content_type"], rows)
    if job["content_type"] == JSON:
        return Response(200, json_list([batch["result_id"]]), content_type=JSON_TYPE)
    inner = element_list({"result": batch["result_id"]})
    return Response(200, xml_document("result-list", inner), content_type=XML_TYPE)


def query_result(org: Org, request: Request, job_id: str, batch_id: str, result_id: str) -> Response:
    """GET /job/{id}/batch/{batch}/result/{result}: the rows of a query."""
    job = find_job(org, job_id)
    batch = _completed(org, job, batch_id)
    if batch["result_id"] is None or result_id not in (batch["result_id"], batch["result_id"][:15]):
        raise api_error("InvalidBatch", f"Unable to find result: {result_id}")
    rows = b"".join(content.parts(org.database, batch["id"], content.ROWS))
    return query_response(job["content_type"], rows)


def _find(org: Org, job: jobs.Job, batch_id: str) -> jobs.Batch:
    batch = org.database.row(
        "SELECT * FROM bulk_batch WHERE job = ?1 AND (id = ?2 OR substr(id, 1, 15) = ?2)", (job["id"], batch_id)
    )
    if batch is None:
        raise api_error("InvalidBatch", f"Unable to find batch: {batch_id}")
    return batch


def _completed(org: Org, job: jobs.Job, batch_id: str) -> jobs.Batch:
    batch = _find(org, job, batch_id)
    if batch["state"] != jobs.COMPLETED:
        raise api_error("InvalidBatch", f"Batch not completed. Its state is {batch['state']}")
    return batch


def _answer(
    job: jobs.Job, batch: jobs.Batch, *, status: int = 200, headers: list[tuple[str, str]] | None = None
) -> Response:
    json = job["content_type"] == JSON
    return document("batchInfo", batch_members(batch), json=json, status=status, headers=headers or [])
