"""The calls of Bulk 2.0 ingest jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from actionsync_simulators.salesforce.bulk import content, jobs
from actionsync_simulators.salesforce.bulk.checks import JobProblem, check_object, check_operation
from actionsync_simulators.salesforce.bulk.csv_format import header_line
from actionsync_simulators.salesforce.bulk.saving import OPERATIONS
from actionsync_simulators.salesforce.bulk.v2 import lifecycle, wire
from actionsync_simulators.salesforce.bulk.v2.multipart import CONTENT_TYPE as MULTIPART
from actionsync_simulators.salesforce.bulk.v2.multipart import named_parts
from actionsync_simulators.salesforce.bulk.v2.running import HEADER, dialect_of, start_ingest
from actionsync_simulators.salesforce.gateway.errors import api_error, json_parser_error, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org

FIRST_VERSION = 41.0
LARGEST_UPLOAD = 100 * 1024 * 1024
"""Bytes of one upload; on the platform it grows to 150 MB of base64."""
LARGEST_INLINE = 100_000
"""Characters of data in a multipart create."""
CSV_TYPE = "text/csv"
MEMBERS = (
    *("object", "operation", "externalIdFieldName", "assignmentRuleId", "concurrencyMode"),
    *("contentType", "columnDelimiter", "lineEnding"),
)


def create(org: Org, request: Request) -> Response:
    """POST {base}/jobs/ingest: a job in state Open; with its data in a second part, in state UploadComplete."""
    lifecycle.check_version(request, FIRST_VERSION)
    if request.headers.get("content-type", "").lower().startswith(MULTIPART):
        parts = named_parts(request)
        try:
            body = orjson.loads(parts.get("job", b""))
        except orjson.JSONDecodeError as problem:
            raise json_parser_error(f"The part job is not JSON: {problem}") from None
        if not isinstance(body, dict):
            raise json_parser_error("The part job must be a JSON object")
        data = parts.get("content", b"")
        if len(data) > LARGEST_INLINE:
            raise api_error("INVALIDBATCH", f"InvalidBatch : The data is longer than {LARGEST_INLINE} characters")
        job = _new(org, request, body)
        job = _upload_complete(org, job, data)
    else:
        job = _new(org, request, request.json_object())
    return Response(200, wire.created(job))


def upload(org: Org, request: Request, job_id: str) -> Response:
    """PUT {base}/jobs/ingest/{id}/batches: the data, once."""
    lifecycle.check_version(request, FIRST_VERSION)
    job = wire.find(org, jobs.V2_INGEST, job_id)
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != CSV_TYPE:
        raise api_error("UNSUPPORTED_MEDIA_TYPE", f"The content type {content_type or 'none'} is not supported here.")
    if job["state"] != jobs.OPEN:
        raise wire.invalid_state(f"Job {job['id']} is in state {job['state']} and takes no data")
    if len(request.body) > LARGEST_UPLOAD:
        raise api_error("INVALIDBATCH", f"InvalidBatch : The data is larger than {LARGEST_UPLOAD} bytes", status=413)
    if content.row_count(org.database, job["id"], content.UPLOAD):
        raise api_error(
            "INVALIDBATCH",
            f"InvalidBatch : Found multiple contents for job: <{job['id'][:15]}>, please 'Close' / 'Abort' / 'Delete'"
            " the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.",
        )
    content.append_rows(org.database, job["id"], content.UPLOAD, [request.body])
    return Response(201)


def change(org: Org, request: Request, job_id: str) -> Response:
    """PATCH {base}/jobs/ingest/{id}: close the upload or abort the job."""
    lifecycle.check_version(request, FIRST_VERSION)
    job = wire.find(org, jobs.V2_INGEST, job_id)
    wanted = lifecycle.wanted_state(request, (jobs.UPLOAD_COMPLETE, jobs.ABORTED))
    if wanted == jobs.ABORTED:
        return lifecycle.abort(org, job)
    if job["state"] != jobs.OPEN:
        raise wire.invalid_state(f"Job {job['id']} is in state {job['state']} and cannot be set to UploadComplete")
    return Response(200, wire.changed(_upload_complete(org, job, None)))


def poll(org: Org, request: Request, job_id: str) -> Response:
    """GET {base}/jobs/ingest/{id}."""
    lifecycle.check_version(request, FIRST_VERSION)
    return lifecycle.poll(org, jobs.V2_INGEST, job_id)


def delete(org: Org, request: Request, job_id: str) -> Response:
    """DELETE {base}/jobs/ingest/{id}."""
    lifecycle.check_version(request, FIRST_VERSION)
    return lifecycle.delete(org, jobs.V2_INGEST, job_id)


def list_all(org: Org, request: Request) -> Response:
    """GET {base}/jobs/ingest."""
    lifecycle.check_version(request, FIRST_VERSION)
    return lifecycle.list_jobs(org, request, jobs.V2_INGEST)


def successful_results(org: Org, request: Request, job_id: str) -> Response:
    """GET {base}/jobs/ingest/{id}/successfulResults: id, whether it was created, and the row as it came."""
    return _results(org, request, job_id, _successful)


def failed_results(org: Org, request: Request, job_id: str) -> Response:
    """GET {base}/jobs/ingest/{id}/failedResults: id if there is one, the error, and the row as it came."""
    return _results(org, request, job_id, _failed)


def unprocessed_records(org: Org, request: Request, job_id: str) -> Response:
    """GET {base}/jobs/ingest/{id}/unprocessedrecords: the rows nothing was done about."""
    return _results(org, request, job_id, _unprocessed)


def results_in_any_casing(org: Org, request: Request, job_id: str, which: str) -> Response:
    """GET {base}/jobs/ingest/{id}/{results}: one of the three results, its name in another casing."""
    maker = _RESULTS.get(which.lower())
    if maker is None:
        raise not_found()
    return _results(org, request, job_id, maker)


def _results(org: Org, request: Request, job_id: str, maker: Callable[[Org, jobs.Job], bytes]) -> Response:
    lifecycle.check_version(request, FIRST_VERSION)
    job = wire.find(org, jobs.V2_INGEST, job_id)
    if job["state"] not in lifecycle.FINAL:
        raise wire.invalid_state(f"Job {job['id']} is in state {job['state']} and has no results yet")
    return Response(200, maker(org, job), content_type=CSV_TYPE)


def _successful(org: Org, job: jobs.Job) -> bytes:
    return _with_header(org, job, ("sf__Id", "sf__Created"), content.SUCCESSFUL)


def _failed(org: Org, job: jobs.Job) -> bytes:
    return _with_header(org, job, ("sf__Id", "sf__Error"), content.FAILED)


def _with_header(org: Org, job: jobs.Job, names: tuple[str, ...], kind: str) -> bytes:
    dialect = dialect_of(job)
    own = content.whole(org.database, job["id"], HEADER)
    head = header_line(dialect, names)
    if own is not None:
        head = head.removesuffix(dialect.ending.encode()) + dialect.delimiter.encode() + own
    return head + b"".join(content.parts(org.database, job["id"], kind))


def _unprocessed(org: Org, job: jobs.Job) -> bytes:
    """The rows of the upload that were not worked on; all of it, as it came, where nothing was."""
    uploaded = content.whole(org.database, job["id"], content.UPLOAD) or b""
    if content.whole(org.database, job["id"], HEADER) is None:
        return uploaded
    dialect = dialect_of(job)
    rows = dialect.rows(uploaded.decode())
    kept = [next(rows), *list(rows)[job["position"] :]]
    return "".join(map(dialect.line, kept)).encode()


_RESULTS = {"successfulresults": _successful, "failedresults": _failed, "unprocessedrecords": _unprocessed}


def _new(org: Org, request: Request, given: dict[str, Any]) -> jobs.Job:
    body = wire.members_of(given, MEMBERS)
    try:
        operation = check_operation(org, body.get("operation"), OPERATIONS)
        target = check_object(org, request.user, body.get("object"), operation, body.get("externalIdFieldName"))
    except JobProblem as problem:
        raise api_error(problem.code.upper(), str(problem)) from None
    return jobs.new_job(
        org,
        request,
        kind=jobs.V2_INGEST,
        state=jobs.OPEN,
        operation=operation,
        object=target.sobject.name,
        external_id_field=None if target.key_field is None else target.key_field.name,
        assignment_rule=body.get("assignmentRuleId"),
        concurrency=wire.one_of(body, "concurrencyMode", ("Parallel",)),
        **wire.csv_settings(body),
    )


def _upload_complete(org: Org, job: jobs.Job, data: bytes | None) -> jobs.Job:
    if data is not None:
        content.append_rows(org.database, job["id"], content.UPLOAD, [data])
    job = jobs.update_job(org, job["id"], state=jobs.UPLOAD_COMPLETE, queued_at=jobs.seconds(org))
    start_ingest(org, job["id"])
    return job
