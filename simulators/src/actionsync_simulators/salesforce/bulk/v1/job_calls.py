"""The calls about Bulk 1.0 jobs."""

from __future__ import annotations

from typing import Any

import orjson

from actionsync_simulators.salesforce.bulk import jobs
from actionsync_simulators.salesforce.bulk.checks import JobProblem, check_object, check_operation
from actionsync_simulators.salesforce.bulk.saving import OPERATIONS
from actionsync_simulators.salesforce.bulk.v1.chunking import read_header
from actionsync_simulators.salesforce.bulk.v1.formats import CSV, JSON, XML, document, job_members, wants_json
from actionsync_simulators.salesforce.bulk.v1.running import SERIAL
from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.gateway.xml import UnreadableXml, local_name, parsed
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org

PARALLEL = "Parallel"
MODES = {"0": PARALLEL, "1": SERIAL, "Parallel": PARALLEL, "Serial": SERIAL}
MEMBERS = frozenset(
    (
        *("operation", "object", "contentType", "concurrencyMode", "externalIdFieldName", "assignmentRuleId"),
        *("state", "id"),
    )
)


def create(org: Org, request: Request) -> Response:
    """POST /job."""
    body = _job_info(request)
    try:
        operation = check_operation(org, body.get("operation"), (*OPERATIONS, *jobs.QUERIES))
        if operation in jobs.QUERIES:
            sobject, key = _queried(org, body.get("object")), None
        else:
            target = check_object(org, request.user, body.get("object"), operation, body.get("externalIdFieldName"))
            sobject, key = target.sobject, target.key_field
    except JobProblem as problem:
        raise api_error(problem.code, problem.message) from None
    content_type = body.get("contentType", XML)
    if content_type.startswith("ZIP_"):
        raise api_error("FeatureNotEnabled", "Binary attachments are not enabled")
    if content_type not in (CSV, JSON, XML):
        raise api_error("InvalidJob", f"contentType is {content_type}, not one of CSV, JSON, XML")
    mode = MODES.get(body.get("concurrencyMode", PARALLEL))
    if mode is None:
        raise api_error("InvalidJob", f"concurrencyMode is {body['concurrencyMode']}, not one of Parallel, Serial")
    chunking = read_header(request.headers.get("sforce-enable-pkchunking")) if operation in jobs.QUERIES else None
    job = jobs.new_job(
        org,
        request,
        kind=jobs.CLASSIC,
        state=jobs.OPEN,
        operation=operation,
        object=sobject.name,
        external_id_field=None if key is None else key.name,
        assignment_rule=body.get("assignmentRuleId"),
        concurrency=mode,
        content_type=content_type,
        chunk_size=None if chunking is None else chunking.size,
        start_row=None if chunking is None else chunking.start_row,
    )
    location = ("Location", f"/services/async/{request.version}/job/{job['id']}")
    return _answer(org, request, job, status=201, headers=[location])


def read(org: Org, request: Request, job_id: str) -> Response:
    """GET /job/{id}."""
    return _answer(org, request, find_job(org, job_id))


def change(org: Org, request: Request, job_id: str) -> Response:
    """POST /job/{id}: close the job for batches, or abort it."""
    job = find_job(org, job_id)
    wanted = _job_info(request).get("state")
    if wanted not in (jobs.CLOSED, jobs.ABORTED):
        raise api_error("InvalidJobState", f"A job can be set to Closed or Aborted, not to {wanted}")
    if job["state"] == jobs.ABORTED or (job["state"] == jobs.CLOSED and wanted == jobs.CLOSED):
        raise api_error("InvalidJobState", f"Job already {job['state'].lower()}")
    with org.database.transaction():
        if wanted == jobs.ABORTED:
            _drop_queued(org, job["id"])
        job = jobs.update_job(org, job["id"], state=wanted)
    return _answer(org, request, job)


def find_job(org: Org, job_id: str) -> jobs.Job:
    """The Classic job of a path. Raises InvalidJob."""
    job = jobs.find_job(org, job_id)
    if job is None or job["kind"] != jobs.CLASSIC:
        raise api_error("InvalidJob", f"Unable to find job: {job_id}")
    return job


def _drop_queued(org: Org, job_id: str) -> None:
    """Batches that have not begun are not processed any more; one in progress runs to its end."""
    for batch in org.database.rows("SELECT id FROM bulk_batch WHERE job = ? AND state = ?", (job_id, jobs.QUEUED)):
        org.bulk.stop(batch["id"])
        jobs.update_batch(org, batch["id"], state=jobs.NOT_PROCESSED)


def _queried(org: Org, name: str | None) -> SObject:
    sobject = None if name is None else org.schema.object(name)
    if sobject is None:
        raise JobProblem("InvalidJob", f"Unable to find object: {name}")
    return sobject


def _answer(
    org: Org, request: Request, job: jobs.Job, *, status: int = 200, headers: list[tuple[str, str]] | None = None
) -> Response:
    json = wants_json(request)
    members = job_members(org, job)
    if json:
        members = dict(sorted(members.items()))
    else:
        del members["fastPathEnabled"]
    return document("jobInfo", members, json=json, status=status, headers=headers or [])


def _job_info(request: Request) -> dict[str, str]:
    """The members of the jobInfo that a body holds, as text."""
    info = _from_json(request.body) if wants_json(request) else _from_xml(request.body)
    unknown = sorted(info.keys() - MEMBERS)
    if unknown:
        raise _client_error(f"Unknown member of jobInfo: {unknown[0]}")
    return {name: value for name, value in info.items() if value is not None}


def _from_json(body: bytes) -> dict[str, str | None]:
    try:
        info: Any = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise _client_error(f"The body is not JSON: {problem}") from None
    if not isinstance(info, dict):
        raise _client_error("The body is not a JSON object")
    return {name: None if value is None else str(value) for name, value in info.items()}


def _from_xml(body: bytes) -> dict[str, str | None]:
    try:
        root = parsed(body)
    except UnreadableXml as problem:
        raise api_error("InvalidXML", f"The body is not XML: {problem}") from None
    if local_name(root) != "jobInfo":
        raise api_error("InvalidXML", "The body is not a jobInfo element")
    return {local_name(child): child.text for child in root}


def _client_error(message: str) -> ApiError:
    return api_error("ClientInputError", message)
