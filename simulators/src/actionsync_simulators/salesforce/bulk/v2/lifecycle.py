"""What ingest jobs and query jobs have in common: polling, aborting, deleting, listing."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from actionsync_simulators.salesforce.bulk import jobs
from actionsync_simulators.salesforce.bulk.v2 import wire
from actionsync_simulators.salesforce.gateway.errors import api_error, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response, is_whole, no_content
from actionsync_simulators.salesforce.state import Org

FINAL = (jobs.JOB_COMPLETE, jobs.FAILED, jobs.ABORTED)
DELETABLE = (jobs.UPLOAD_COMPLETE, *FINAL)
LISTED = 1_000
"""Jobs on one page of a list."""
JOB_TYPES = (jobs.CLASSIC, "BigObjectIngest", jobs.V2_INGEST, jobs.V2_QUERY)


def poll(org: Org, kind: str, job_id: str) -> Response:
    """A job with its counters."""
    return Response(200, wire.polled(wire.find(org, kind, job_id)))


def abort(org: Org, job: jobs.Job) -> Response:
    """Abort a job that is not finished; rows that were saved stay."""
    if job["state"] in FINAL:
        raise wire.invalid_state(f"Job {job['id']} is in state {job['state']} and cannot be aborted")
    org.bulk.stop(job["id"])
    return Response(200, wire.changed(jobs.update_job(org, job["id"], state=jobs.ABORTED)))


def delete(org: Org, kind: str, job_id: str) -> Response:
    """Forget a job that is not open and not in progress."""
    job = wire.find(org, kind, job_id)
    if job["state"] not in DELETABLE:
        raise wire.invalid_state(f"Job {job['id']} is in state {job['state']} and cannot be deleted")
    org.bulk.stop(job["id"])
    jobs.delete_job(org, job["id"])
    return no_content()


def wanted_state(request: Request, allowed: tuple[str, ...]) -> str:
    """The state that a body asks for. Raises INVALIDJOBSTATE for one that cannot be asked for."""
    state = wire.members_of(request.json_object(), ("state",)).get("state")
    if state not in allowed:
        raise wire.invalid_state(f"A job can be set to {' or '.join(allowed)}, not to {state}")
    return state


def list_jobs(org: Org, request: Request, kind: str) -> Response:
    """The jobs of a kind, Classic ones of the same direction among them, oldest first."""
    jobs.forget_old(org)
    query = request.query
    job_type, mode = query.get("jobType"), query.get("concurrencyMode")
    if job_type is not None and job_type not in JOB_TYPES:
        raise wire.invalid_job(f"jobType is {job_type}, not one of {', '.join(JOB_TYPES)}")
    if mode is not None and mode not in ("Parallel", "Serial"):
        raise wire.invalid_job(f"concurrencyMode is {mode}, not one of Parallel, Serial")
    chunked = query.get("isPkChunkingEnabled")
    if chunked is not None and chunked not in ("true", "false"):
        raise wire.invalid_job(f"isPkChunkingEnabled is {chunked}, not one of true, false")
    after = offset_of(query["queryLocator"]) if "queryLocator" in query else 0
    found = org.database.rows(
        "SELECT rowid AS place, * FROM bulk_job WHERE rowid > ?1 AND (kind = ?2 OR (kind = ?3"
        " AND (operation IN ('query', 'queryAll')) = (?2 = ?4))) AND (?5 IS NULL OR kind = ?5)"
        " AND (?6 IS NULL OR concurrency = ?6) AND (?7 IS NULL OR (chunk_size IS NOT NULL) = (?7 = 'true'))"
        " ORDER BY rowid LIMIT ?8",
        (after, kind, jobs.CLASSIC, jobs.V2_QUERY, job_type, mode, chunked, LISTED + 1),
    )
    page = found[:LISTED]
    more: str | None = None
    if len(found) > LISTED:
        resource = wire.RESOURCE_OF[kind]
        more = f"{request.data_url}/jobs/{resource}?queryLocator={locator_of(page[-1]['place'])}"
    answer: dict[str, Any] = {
        "done": more is None,
        "nextRecordsUrl": more,
        "records": [wire.listed(job) for job in page],
    }
    return Response(200, answer)


def check_version(request: Request, first: float) -> None:
    """404 for a version of the API that does not have the resource yet."""
    if request.version_number < first:
        raise not_found()


def locator_of(offset: int) -> str:
    """The opaque form of a place in a list."""
    return base64.urlsafe_b64encode(str(offset).encode()).decode().rstrip("=")


def offset_of(locator: str) -> int:
    """The place a locator stands for. Raises INVALID_QUERY_LOCATOR."""
    try:
        text = base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not is_whole(text) or len(text) > 15:
        raise api_error("INVALID_QUERY_LOCATOR")
    return int(text)
