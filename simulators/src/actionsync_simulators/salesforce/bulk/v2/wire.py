"""Bulk 2.0 jobs on the wire, and the bodies that make and change them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from actionsync_simulators.salesforce.bulk import jobs
from actionsync_simulators.salesforce.bulk.csv_format import DELIMITERS, LINE_ENDINGS
from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error, json_parser_error, not_found
from actionsync_simulators.salesforce.state import Org

RESOURCE_OF = {jobs.V2_INGEST: "ingest", jobs.V2_QUERY: "query"}


def created(job: jobs.Job) -> dict[str, Any]:
    """The answer to the call that makes a job."""
    members = _head(job)
    if job["kind"] == jobs.V2_INGEST:
        members["contentUrl"] = f"services/data/v{job['version']}/jobs/ingest/{job['id']}/batches"
    return members | _csv(job)


def changed(job: jobs.Job) -> dict[str, Any]:
    """The answer to a change of state."""
    return _head(job) | _csv(job)


def _head(job: jobs.Job) -> dict[str, Any]:
    members: dict[str, Any] = {
        "id": job["id"],
        "operation": job["operation"],
        "object": job["object"],
        "createdById": job["user_id"],
        "createdDate": job["created_at"],
        "systemModstamp": job["modified_at"],
        "state": job["state"],
    }
    if job["external_id_field"] is not None:
        members["externalIdFieldName"] = job["external_id_field"]
    if job["assignment_rule"] is not None:
        members["assignmentRuleId"] = job["assignment_rule"]
    return members | {
        "concurrencyMode": job["concurrency"],
        "contentType": job["content_type"],
        "apiVersion": float(job["version"]),
    }


def _csv(job: jobs.Job) -> dict[str, Any]:
    return {"lineEnding": job["line_ending"], "columnDelimiter": job["column_delimiter"]}


def listed(job: jobs.Job) -> dict[str, Any]:
    """A job as lists show it."""
    return created(job) | {"jobType": job["kind"]}


def polled(job: jobs.Job) -> dict[str, Any]:
    """A job with all that is known of it."""
    members = listed(job) | {
        "numberRecordsProcessed": job["position"],
        "retries": 0,
        "totalProcessingTime": job["total_ms"],
    }
    if job["kind"] == jobs.V2_INGEST:
        members |= {
            "numberRecordsFailed": job["failed"],
            "apiActiveProcessingTime": job["total_ms"],
            "apexProcessingTime": 0,
        }
    if job["error"] is not None:
        members["errorMessage"] = job["error"]
    return members


def find(org: Org, kind: str, job_id: str) -> jobs.Job:
    """The Bulk 2.0 job of that kind that a path names. Raises 404."""
    job = jobs.find_job(org, job_id)
    if job is None or job["kind"] != kind:
        raise not_found()
    return job


def members_of(body: dict[str, Any], allowed: Collection[str]) -> dict[str, str]:
    """The members of a body, which all are text. Raises JSON_PARSER_ERROR for others, and for one it does not know."""
    for name, value in body.items():
        if name not in allowed:
            raise json_parser_error(f'Unrecognized field "{name}" at [line:1, column:1]')
        if value is not None and not isinstance(value, str):
            raise json_parser_error(f'The value of "{name}" must be a string at [line:1, column:1]')
    return {name: value for name, value in body.items() if value is not None}


def csv_settings(body: dict[str, str]) -> dict[str, str]:
    """Content type, delimiter and line ending of a job, as columns of the job."""
    return {
        "content_type": one_of(body, "contentType", ("CSV",)),
        "column_delimiter": one_of(body, "columnDelimiter", DELIMITERS, default="COMMA"),
        "line_ending": one_of(body, "lineEnding", LINE_ENDINGS),
    }


def one_of(body: dict[str, str], name: str, values: Collection[str], *, default: str | None = None) -> str:
    """A member that takes one of a few values; by default the first. Raises INVALIDJOB."""
    value = body.get(name, default if default is not None else next(iter(values)))
    if value not in values:
        raise invalid_job(f"{name} is {value}, not one of {', '.join(values)}")
    return value


def invalid_job(message: str) -> ApiError:
    """400 for a job that cannot be made."""
    return api_error("INVALIDJOB", f"InvalidJob : {message}")


def invalid_state(message: str) -> ApiError:
    """400 for a call that does not fit the state of its job."""
    return api_error("INVALIDJOBSTATE", f"InvalidJobState : {message}")
