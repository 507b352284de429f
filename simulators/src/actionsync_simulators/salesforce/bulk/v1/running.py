"""Bulk 1.0 batches at work."""

from __future__ import annotations

from functools import partial

from actionsync_simulators.salesforce.bulk import content, jobs
from actionsync_simulators.salesforce.bulk.csv_format import UnusableData
from actionsync_simulators.salesforce.bulk.query_rows import BulkQuery, NotForBulk
from actionsync_simulators.salesforce.bulk.saving import CHUNK, Given, Saver
from actionsync_simulators.salesforce.bulk.v1.chunking import split
from actionsync_simulators.salesforce.bulk.v1.records import batch_records
from actionsync_simulators.salesforce.bulk.v1.results import outcome_rows, query_rows
from actionsync_simulators.salesforce.soql import SoqlError
from actionsync_simulators.salesforce.state import Org

BATCHES = "DailyBulkApiBatches"
SERIAL = "Serial"


def start_batch(org: Org, batch: jobs.Batch) -> None:
    """Put a batch to work; in a serial job when those before it are done."""
    job = jobs.job_named(org, batch["job"])
    if job["concurrency"] == SERIAL and _earlier_unfinished(org, batch):
        return
    org.bulk.start(batch["id"], partial(_run_batch, org, batch["id"]), partial(_fail, org, batch["id"]))


def take_up_batches(org: Org) -> None:
    """Go on with the batches of a restored state. Needs a running event loop if there are any."""
    for batch in org.database.rows(
        "SELECT * FROM bulk_batch WHERE state IN (?, ?) ORDER BY rowid", (jobs.QUEUED, jobs.IN_PROGRESS)
    ):
        start_batch(org, batch)


def _earlier_unfinished(org: Org, batch: jobs.Batch) -> bool:
    return bool(
        org.database.value(
            "SELECT count(*) FROM bulk_batch WHERE job = ?1 AND state IN (?2, ?3)"
            " AND rowid < (SELECT rowid FROM bulk_batch WHERE id = ?4)",
            (batch["job"], jobs.QUEUED, jobs.IN_PROGRESS, batch["id"]),
        )
    )


async def _run_batch(org: Org, batch_id: str) -> None:
    batch = jobs.batch_named(org, batch_id)
    if batch["state"] == jobs.QUEUED:
        await org.bulk.queued(batch["queued_at"])
        batch = jobs.update_batch(org, batch_id, state=jobs.IN_PROGRESS, started_at=jobs.seconds(org))
    job = jobs.job_named(org, batch["job"])
    try:
        if job["operation"] in jobs.QUERIES:
            await _query(org, job, batch)
        else:
            await _ingest(org, job, batch)
    except UnusableData as problem:
        _fail(org, batch_id, str(problem))
    except SoqlError as refused:
        message = f"InvalidBatch : Failed to process query: {refused.error_code}: {refused.message}"
        _fail(org, batch_id, message)
    except NotForBulk as refused:
        code = "FUNCTIONALITY_NOT_ENABLED" if refused.code == "ApiError" else refused.code
        _fail(org, batch_id, f"InvalidBatch : Failed to process query: {code}: {refused.message}")


def _finish(org: Org, batch_id: str, state: str, message: str | None = None) -> None:
    batch = jobs.batch_named(org, batch_id)
    started_at = batch["started_at"]
    total = 0 if started_at is None else jobs.milliseconds_since(org, started_at)
    jobs.update_batch(org, batch_id, state=state, message=message, total_ms=total)
    start_next(org, batch["job"])


def _fail(org: Org, batch_id: str, message: str) -> None:
    _finish(org, batch_id, jobs.FAILED, message)


def start_next(org: Org, job_id: str) -> None:
    """In a serial job, start the batch whose turn it is."""
    job = jobs.job_named(org, job_id)
    if job["concurrency"] != SERIAL:
        return
    following = org.database.row(
        "SELECT * FROM bulk_batch WHERE job = ? AND state = ? ORDER BY rowid LIMIT 1", (job_id, jobs.QUEUED)
    )
    if following is not None:
        start_batch(org, following)


async def _ingest(org: Org, job: jobs.Job, batch: jobs.Batch) -> None:
    batch_id, content_type = batch["id"], job["content_type"]
    access = jobs.caller_for(org, job).access
    sobject = org.sobject(job["object"])
    given = await batch_records(
        org,
        access,
        sobject,
        operation=job["operation"],
        content_type=content_type,
        data=content.whole(org.database, batch_id, content.UPLOAD) or b"",
    )
    key = None if job["external_id_field"] is None else access.field(sobject, job["external_id_field"])
    saver = Saver(org, sobject=sobject, operation=job["operation"], key_field=key)
    for start in range(batch["position"], len(given), CHUNK):
        await org.bulk.chunk_time()
        _save_chunk(org, job, batch, saver, given[start : start + CHUNK], start=start)
    _finish(org, batch_id, jobs.COMPLETED)


def _save_chunk(org: Org, job: jobs.Job, batch: jobs.Batch, saver: Saver, chunk: list[Given], *, start: int) -> None:
    with org.database.transaction():
        outcomes = saver.save(jobs.write_for(org, job), chunk)
        rows = outcome_rows(job["content_type"], outcomes, first=start == 0)
        content.append_rows(org.database, batch["id"], content.ROWS, rows)
        failed = sum(1 for outcome in outcomes if outcome.error is not None)
        org.database.execute(
            "UPDATE bulk_batch SET position = position + ?, failed = failed + ?, total_ms = ? WHERE id = ?",
            (len(chunk), failed, jobs.milliseconds_since(org, batch["started_at"]), batch["id"]),
        )


async def _query(org: Org, job: jobs.Job, batch: jobs.Batch) -> None:
    batch_id, content_type = batch["id"], job["content_type"]
    try:
        soql = (content.whole(org.database, batch_id, content.UPLOAD) or b"").decode()
    except UnicodeDecodeError:
        raise UnusableData("InvalidBatch", "The query is not valid UTF-8") from None
    query = BulkQuery(org, jobs.caller_for(org, job), soql, include_deleted=job["operation"] == "queryAll")
    if query.compiled.object_name != job["object"]:
        raise UnusableData("InvalidBatch", f"The query is on {query.compiled.object_name}, its job on {job['object']}")
    if job["chunk_size"] is not None and batch["first_id"] is None and query.splittable:
        for chunk in split(org, job, batch):
            start_batch(org, chunk)
        _finish(org, batch_id, jobs.NOT_PROCESSED)
        return
    _forget_rows(org, batch_id)
    keys = query.keys()
    if keys is not None and batch["first_id"] is not None:
        keys = [key for key in keys if batch["first_id"] <= key <= batch["last_id"]]
    first = True
    for records in query.pages(keys, version=job["version"]):
        await org.bulk.chunk_time()
        rows = query_rows(content_type, query, records, first=first)
        first = False
        with org.database.transaction():
            content.append_rows(org.database, batch_id, content.ROWS, rows)
            org.database.execute("UPDATE bulk_batch SET position = position + ? WHERE id = ?", (len(records), batch_id))
    jobs.update_batch(org, batch_id, result_id=org.issue_id(jobs.RESULT_PREFIX))
    _finish(org, batch_id, jobs.COMPLETED)


def _forget_rows(org: Org, batch_id: str) -> None:
    """A batch that is taken up again starts afresh: the rows may have changed."""
    content.forget(org.database, batch_id, content.ROWS)
    org.database.execute("UPDATE bulk_batch SET position = 0 WHERE id = ?", (batch_id,))
