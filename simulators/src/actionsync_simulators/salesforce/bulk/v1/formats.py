"""The two forms of Bulk 1.0 answers, JSON and XML, and which of them a call gets.

Calls about jobs are answered in the form of their request; calls about batches in that of the job's content type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import orjson

from actionsync_simulators.salesforce.bulk import jobs
from actionsync_simulators.salesforce.gateway.errors import ApiError
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.gateway.xml import XML_HEAD, legal
from actionsync_simulators.salesforce.state import Org

NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"
JSON_TYPE, XML_TYPE, CSV_TYPE = "application/json", "application/xml", "text/csv"
"""Content types of answers: this API names no charset (it is UTF-8); clients compare the whole header with these."""
JSON, XML, CSV = "JSON", "XML", "CSV"
BATCH_DEPTH = 3
"""Paths of so many segments are about batches: job/{id}/batch."""


def wants_json(request: Request) -> bool:
    """Whether a call about a job is answered in JSON."""
    stated = request.headers.get("content-type") or request.headers.get("accept", "")
    return stated.strip().lower().startswith("application/json")


def answers_json(org: Org, request: Request, segments: Sequence[str]) -> bool:
    """Whether this call is answered in JSON."""
    if len(segments) >= BATCH_DEPTH:
        job = jobs.find_job(org, segments[1])
        if job is not None and job["kind"] == jobs.CLASSIC:
            return bool(job["content_type"] == JSON)
    return wants_json(request)


def document(
    root: str, members: Mapping[str, Any], *, json: bool, status: int = 200, headers: Sequence[tuple[str, str]] = ()
) -> Response:
    """An answer in one form or the other; in XML members that are null are left out."""
    if json:
        return Response(status, dict(members), list(headers), content_type=JSON_TYPE)
    return Response(status, xml_document(root, element_list(members)), list(headers), content_type=XML_TYPE)


def xml_document(root: str, inner: str, *, attributes: str = "") -> str:
    """An XML document of this API around elements that are XML already."""
    return f'{XML_HEAD}<{root} xmlns="{NAMESPACE}"{attributes}>{inner}</{root}>'


def element_list(members: Mapping[str, Any]) -> str:
    """Members as XML elements; moments are written with a Z."""
    return "".join(f"<{name}>{escape(text(value))}</{name}>" for name, value in members.items() if value is not None)


def text(value: Any) -> str:
    """A value as the text of an XML element."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.endswith("+0000"):
        return value.removesuffix("+0000") + "Z"
    return legal(value) if isinstance(value, str) else str(value)


def refusal(error: ApiError, *, json: bool) -> Response:
    """The answer to a refused call."""
    item = error.items[0]
    members = {"exceptionCode": item.code, "exceptionMessage": item.message}
    response = document("error", members, json=json, status=error.status, headers=error.headers)
    response.code = item.code
    return response


def job_members(org: Org, job: jobs.Job) -> dict[str, Any]:
    """jobInfo: a job with the counters of its batches."""
    counted = org.database.row(
        "SELECT count(*) AS total, sum(state = 'Queued') AS queued, sum(state = 'InProgress') AS working,"
        " sum(state = 'Completed') AS completed, sum(state = 'Failed') AS failed, sum(position) AS processed,"
        " sum(failed) AS rows_failed, sum(total_ms) AS total_ms FROM bulk_batch WHERE job = ?",
        (job["id"],),
    )
    count: dict[str, int] = {name: value or 0 for name, value in dict(counted or {}).items()}
    return {
        "id": job["id"],
        "operation": job["operation"],
        "object": job["object"],
        "createdById": job["user_id"],
        "createdDate": job["created_at"],
        "systemModstamp": job["modified_at"],
        "state": job["state"],
        "externalIdFieldName": job["external_id_field"],
        "assignmentRuleId": job["assignment_rule"],
        "concurrencyMode": job["concurrency"],
        "contentType": job["content_type"],
        "numberBatchesQueued": count["queued"],
        "numberBatchesInProgress": count["working"],
        "numberBatchesCompleted": count["completed"],
        "numberBatchesFailed": count["failed"],
        "numberBatchesTotal": count["total"],
        "numberRecordsProcessed": count["processed"],
        "numberRetries": 0,
        "apiVersion": float(job["version"]),
        "numberRecordsFailed": count["rows_failed"],
        "totalProcessingTime": count["total_ms"],
        "apiActiveProcessingTime": count["total_ms"],
        "apexProcessingTime": 0,
        "fastPathEnabled": False,
    }


def batch_members(batch: jobs.Batch) -> dict[str, Any]:
    """batchInfo: a batch with its counters."""
    members = {"id": batch["id"], "jobId": batch["job"], "state": batch["state"]}
    if batch["message"] is not None:
        members["stateMessage"] = batch["message"]
    return members | {
        "createdDate": batch["created_at"],
        "systemModstamp": batch["modified_at"],
        "numberRecordsProcessed": batch["position"],
        "numberRecordsFailed": batch["failed"],
        "totalProcessingTime": batch["total_ms"],
        "apiActiveProcessingTime": batch["total_ms"],
        "apexProcessingTime": 0,
    }


def json_list(rows: list[Any]) -> bytes:
    """A JSON array."""
    return orjson.dumps(rows)
