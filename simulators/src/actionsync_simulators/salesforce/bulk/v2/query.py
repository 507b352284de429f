"""The calls of Bulk 2.0 query jobs."""

from __future__ import annotations

from actionsync_simulators.salesforce.bulk import content, jobs
from actionsync_simulators.salesforce.bulk.query_rows import BulkQuery, NotForBulk
from actionsync_simulators.salesforce.bulk.v2 import lifecycle, wire
from actionsync_simulators.salesforce.bulk.v2.ingest import CSV_TYPE
from actionsync_simulators.salesforce.bulk.v2.running import HEADER, STORAGE_MB, start_query
from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.gateway.messages import Request, Response, is_whole
from actionsync_simulators.salesforce.soql import SoqlError
from actionsync_simulators.salesforce.state import Org

FIRST_VERSION = 47.0
PAGES_FIRST_VERSION = 58.0
DEFAULT_RECORDS = 50_000
"""Records of a page when the caller does not say."""
PAGE_LINKS = 5
JOBS = "DailyBulkV2QueryJobs"
KILOBYTES_OF_STORAGE = 1_024
MEMBERS = ("operation", "query", "contentType", "columnDelimiter", "lineEnding")
_CODES = {"InvalidEntity": "INVALIDENTITY", "ApiError": "API_ERROR"}


def create(org: Org, request: Request) -> Response:
    """POST {base}/jobs/query: a job in state UploadComplete."""
    lifecycle.check_version(request, FIRST_VERSION)
    body = wire.members_of(request.json_object(), MEMBERS)
    if "operation" not in body:
        raise wire.invalid_job("Operation not specified")
    operation = wire.one_of(body, "operation", jobs.QUERIES)
    settings = wire.csv_settings(body)
    if "query" not in body:
        raise api_error("MALFORMED_QUERY", "A query string has to be specified")
    try:
        query = BulkQuery(org, request.user, body["query"], include_deleted=operation == "queryAll")
    except SoqlError as refused:
        raise api_error(refused.error_code, refused.message) from None
    except NotForBulk as refused:
        raise api_error(_CODES[refused.code], refused.message) from None
    _check_limits(org)
    org.limits.charge_to(JOBS)
    job = jobs.new_job(
        org,
        request,
        kind=jobs.V2_QUERY,
        state=jobs.UPLOAD_COMPLETE,
        operation=operation,
        object=query.compiled.object_name,
        query=body["query"],
        queued_at=jobs.seconds(org),
        **settings,
    )
    start_query(org, job["id"])
    return Response(200, wire.created(job))


def change(org: Org, request: Request, job_id: str) -> Response:
    """PATCH {base}/jobs/query/{id}: abort the job."""
    lifecycle.check_version(request, FIRST_VERSION)
    job = wire.find(org, jobs.V2_QUERY, job_id)
    lifecycle.wanted_state(request, (jobs.ABORTED,))
    return lifecycle.abort(org, job)


def poll(org: Org, request: Request, job_id: str) -> Response:
    """GET {base}/jobs/query/{id}."""
    lifecycle.check_version(request, FIRST_VERSION)
    return lifecycle.poll(org, jobs.V2_QUERY, job_id)


def delete(org: Org, request: Request, job_id: str) -> Response:
    """DELETE {base}/jobs/query/{id}."""
    lifecycle.check_version(request, FIRST_VERSION)
    return lifecycle.delete(org, jobs.V2_QUERY, job_id)


def list_all(org: Org, request: Request) -> Response:
    """GET {base}/jobs/query."""
    lifecycle.check_version(request, FIRST_VERSION)
    return lifecycle.list_jobs(org, request, jobs.V2_QUERY)


def results(org: Org, request: Request, job_id: str) -> Response:
    """GET {base}/jobs/query/{id}/results: a page of rows under its own header line; the last has the locator null."""
    lifecycle.check_version(request, FIRST_VERSION)
    job = _complete_job(org, job_id)
    start, most = _start(request), _most(request)
    total: int = job["position"]
    if start > total:
        raise api_error("INVALID_QUERY_LOCATOR")
    count = min(most, total - start)
    following = start + count
    header = content.whole(org.database, job["id"], HEADER) or b""
    rows = content.row_slice(org.database, job["id"], content.ROWS, start=start, count=count)
    headers = [
        ("Sforce-NumberOfRecords", str(count)),
        ("Sforce-Locator", lifecycle.locator_of(following) if following < total else "null"),
    ]
    return Response(200, header + rows, headers, content_type=CSV_TYPE)


def result_pages(org: Org, request: Request, job_id: str) -> Response:
    """GET {base}/jobs/query/{id}/resultPages: links to up to five pages that can be read at the same time."""
    lifecycle.check_version(request, PAGES_FIRST_VERSION)
    job = _complete_job(org, job_id)
    start, total = _start(request), job["position"]
    starts = list(range(start, max(total, start + 1), DEFAULT_RECORDS))
    base = f"{request.data_url}/jobs/query/{job['id']}"
    links = [{"resultLink": f"{base}/results?locator={lifecycle.locator_of(each)}"} for each in starts[:PAGE_LINKS]]
    more = starts[PAGE_LINKS : PAGE_LINKS + 1]
    following = f"{base}/resultPages?locator={lifecycle.locator_of(more[0])}" if more else None
    return Response(200, {"resultPages": links, "nextRecordsUrl": following, "done": not more})


def _complete_job(org: Org, job_id: str) -> jobs.Job:
    job = wire.find(org, jobs.V2_QUERY, job_id)
    if job["state"] != jobs.JOB_COMPLETE:
        raise wire.invalid_state(f"Job {job['id']} is in state {job['state']} and has no results")
    return job


def _start(request: Request) -> int:
    locator = request.query.get("locator", "")
    return 0 if locator in ("", "null") else lifecycle.offset_of(locator)


def _most(request: Request) -> int:
    text = request.query.get("maxRecords")
    if text is None:
        return DEFAULT_RECORDS
    if not is_whole(text) or len(text) > 9 or int(text) < 1:
        raise api_error("INVALIDJOB", f"InvalidJob : maxRecords is {text}, not a number from 1 up")
    return int(text)


def _check_limits(org: Org) -> None:
    limits = org.limits
    if (used := limits.used_of(JOBS)) >= (most := limits.most(JOBS)):
        raise api_error("LIMIT_EXCEEDED", f"Max bulk v2 query jobs ({most}) per 24 hrs has been reached ({used})")
    if limits.used_of(STORAGE_MB) >= (most := limits.most(STORAGE_MB)):
        kilobytes = most * KILOBYTES_OF_STORAGE
        raise api_error(
            "LIMIT_EXCEEDED",
            f"Max bulk v2 query result size stored ({kilobytes}) kb per 24 hrs has been exceeded",
        )
