"""Jobs and batches in the database: made, found, moved from state to state, forgotten after seven days."""

# ruff: noqa: S608 - names in SQL are those of this module, values are bound

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

from actionsync_simulators.salesforce.bulk import content
from actionsync_simulators.salesforce.gateway.messages import Caller, Request
from actionsync_simulators.salesforce.gateway.times import wire_datetime
from actionsync_simulators.salesforce.rows.write_options import Write, change_origin, write_of
from actionsync_simulators.salesforce.state import Org

JOB_PREFIX, BATCH_PREFIX, RESULT_PREFIX = "750", "751", "752"
V2_INGEST, V2_QUERY, CLASSIC = "V2Ingest", "V2Query", "Classic"
OPEN, UPLOAD_COMPLETE, IN_PROGRESS = "Open", "UploadComplete", "InProgress"
JOB_COMPLETE, FAILED, ABORTED, CLOSED = "JobComplete", "Failed", "Aborted", "Closed"
QUEUED, COMPLETED, NOT_PROCESSED = "Queued", "Completed", "NotProcessed"
QUERIES = ("query", "queryAll")
KEPT_FOR = timedelta(days=7)
MILLISECONDS = 1000

Job = sqlite3.Row
Batch = sqlite3.Row


def new_job(org: Org, request: Request, *, kind: str, state: str, **values: Any) -> Job:
    """Make a job of the calling user, with the write options of the call that makes it."""
    now = org.now_text()
    write = write_of(org, request)
    columns = {
        "id": org.issue_id(JOB_PREFIX),
        "kind": kind,
        "state": state,
        "version": request.version,
        "user_id": write.caller.user_id,
        "client": write.caller.client,
        "allow_duplicates": int(write.allow_duplicates),
        "created_at": now,
        "modified_at": now,
        **values,
    }
    _insert(org, "bulk_job", columns)
    return job_named(org, columns["id"])


def new_batch(org: Org, job_id: str, *, state: str, **values: Any) -> Batch:
    """Add a batch to a Classic job."""
    now = org.now_text()
    columns = {
        "id": org.issue_id(BATCH_PREFIX),
        "job": job_id,
        "state": state,
        "created_at": now,
        "modified_at": now,
        "queued_at": seconds(org),
        **values,
    }
    _insert(org, "bulk_batch", columns)
    return batch_named(org, columns["id"])


def job_named(org: Org, job_id: str) -> Job:
    """A job that is known to be there."""
    row = org.database.row("SELECT * FROM bulk_job WHERE id = ?", (job_id,))
    if row is None:
        raise LookupError(f"there is no job {job_id}")
    return row


def batch_named(org: Org, batch_id: str) -> Batch:
    """A batch that is known to be there."""
    row = org.database.row("SELECT * FROM bulk_batch WHERE id = ?", (batch_id,))
    if row is None:
        raise LookupError(f"there is no batch {batch_id}")
    return row


def find_job(org: Org, text: str) -> Job | None:
    """The job of an id in its 15- or 18-character form; None for another id, and for one that is past its time."""
    forget_old(org)
    row = org.database.row("SELECT * FROM bulk_job WHERE id >= ? AND id < ?", (text[:15], text[:15] + "~"))
    return row if row is not None and text in (row["id"], row["id"][:15]) else None


def update_job(org: Org, job_id: str, **values: Any) -> Job:
    """Change a job; its modification stamp follows."""
    _update(org, "bulk_job", job_id, values)
    return job_named(org, job_id)


def update_batch(org: Org, batch_id: str, **values: Any) -> Batch:
    """Change a batch; its modification stamp follows."""
    _update(org, "bulk_batch", batch_id, values)
    return batch_named(org, batch_id)


def delete_job(org: Org, job_id: str) -> None:
    """Forget a job, its batches and all that belongs to them."""
    with org.database.transaction():
        for batch in org.database.rows("SELECT id FROM bulk_batch WHERE job = ?", (job_id,)):
            content.forget(org.database, batch["id"])
        content.forget(org.database, job_id)
        org.database.execute("DELETE FROM bulk_batch WHERE job = ?", (job_id,))
        org.database.execute("DELETE FROM bulk_job WHERE id = ?", (job_id,))


def forget_old(org: Org) -> None:
    """Forget the jobs whose seven days are over."""
    before = wire_datetime(org.clock.now() - KEPT_FOR)
    for row in org.database.rows("SELECT id FROM bulk_job WHERE created_at < ?", (before,)):
        delete_job(org, row["id"])


def write_for(org: Org, job: Job) -> Write:
    """The circumstances under which the rows of a job are saved now: as the user who made it."""
    caller = caller_for(org, job)
    return Write(
        caller=caller,
        now=org.now_text(),
        allow_duplicates=bool(job["allow_duplicates"]),
        version=job["version"],
        origin=change_origin("bulkapi", job["version"], caller.client),
    )


def caller_for(org: Org, job: Job) -> Caller:
    """The user who made the job, with what the user may see now."""
    user_id = job["user_id"]
    username = org.database.value('SELECT Username FROM "User" WHERE Id = ?', (user_id,))
    return Caller(user_id, str(username or ""), org.access_of(user_id), job["client"])


def seconds(org: Org) -> float:
    """The current simulator time in seconds."""
    return org.clock.now().timestamp()


def milliseconds_since(org: Org, started_at: float) -> int:
    """Whole milliseconds of simulator time."""
    return int((seconds(org) - started_at) * MILLISECONDS)


def _insert(org: Org, table: str, columns: dict[str, Any]) -> None:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    org.database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(columns.values()))


def _update(org: Org, table: str, row_id: str, values: dict[str, Any]) -> None:
    sets = ", ".join(f"{name} = ?" for name in values)
    org.database.execute(
        f"UPDATE {table} SET {sets}, modified_at = ? WHERE id = ?", (*values.values(), org.now_text(), row_id)
    )
