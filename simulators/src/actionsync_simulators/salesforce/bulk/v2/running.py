"""Bulk 2.0 jobs at work: rows in, in transactions of 200; rows out, page by page."""

from __future__ import annotations

from functools import partial
from itertools import islice

from actionsync_simulators.salesforce.bulk import content, jobs
from actionsync_simulators.salesforce.bulk.columns import Columns, check_only_ids
from actionsync_simulators.salesforce.bulk.csv_format import Dialect, UnusableData, checked_text, header_line
from actionsync_simulators.salesforce.bulk.query_rows import BulkQuery, NotForBulk
from actionsync_simulators.salesforce.bulk.saving import CHUNK, Saver
from actionsync_simulators.salesforce.soql import SoqlError
from actionsync_simulators.salesforce.state import Org

INTERNAL_BATCH = 10_000
"""Rows that count as one batch towards the daily limit."""
HEADER = "header"
BATCHES, STORAGE_MB = "DailyBulkApiBatches", "DailyBulkV2QueryFileStorageMB"
MEGABYTE = 1 << 20


def start_ingest(org: Org, job_id: str) -> None:
    """Put an ingest job to work."""
    org.bulk.start(job_id, partial(_run_ingest, org, job_id), partial(_fail, org, job_id))


def start_query(org: Org, job_id: str) -> None:
    """Put a query job to work."""
    org.bulk.start(job_id, partial(_run_query, org, job_id), partial(_fail, org, job_id))


def take_up_jobs(org: Org) -> None:
    """Go on with the jobs of a restored state. Needs a running event loop if there are any."""
    for job in org.database.rows(
        "SELECT id, kind FROM bulk_job WHERE kind IN (?, ?) AND state IN (?, ?)",
        (jobs.V2_INGEST, jobs.V2_QUERY, jobs.UPLOAD_COMPLETE, jobs.IN_PROGRESS),
    ):
        (start_ingest if job["kind"] == jobs.V2_INGEST else start_query)(org, job["id"])


def dialect_of(job: jobs.Job) -> Dialect:
    """The CSV of a job."""
    return Dialect.named(job["column_delimiter"], job["line_ending"])


async def _begin(org: Org, job_id: str) -> jobs.Job:
    job = jobs.job_named(org, job_id)
    if job["state"] == jobs.UPLOAD_COMPLETE:
        await org.bulk.queued(job["queued_at"])
        job = jobs.update_job(org, job_id, state=jobs.IN_PROGRESS, started_at=jobs.seconds(org))
    return job


def _fail(org: Org, job_id: str, message: str) -> None:
    job = jobs.job_named(org, job_id)
    started_at = job["started_at"]
    total = 0 if started_at is None else jobs.milliseconds_since(org, started_at)
    jobs.update_job(org, job_id, state=jobs.FAILED, error=message, total_ms=total)


def _complete(org: Org, job: jobs.Job) -> None:
    total = jobs.milliseconds_since(org, job["started_at"])
    jobs.update_job(org, job["id"], state=jobs.JOB_COMPLETE, total_ms=total)


async def _run_ingest(org: Org, job_id: str) -> None:
    job = await _begin(org, job_id)
    dialect = dialect_of(job)
    sobject = org.sobject(job["object"])
    write = jobs.write_for(org, job)
    try:
        text = await checked_text(content.whole(org.database, job_id, content.UPLOAD) or b"", dialect)
        rows = dialect.rows(text)
        columns = Columns(org, write.caller.access, sobject, next(rows))
        check_only_ids(job["operation"], columns.field_names)
        key = None if job["external_id_field"] is None else write.caller.access.field(sobject, job["external_id_field"])
    except UnusableData as problem:
        _fail(org, job_id, str(problem))
        return
    saver = Saver(org, sobject=sobject, operation=job["operation"], key_field=key)
    position: int = job["position"]
    if content.row_count(org.database, job_id, HEADER) == 0:
        content.append_rows(org.database, job_id, HEADER, [header_line(dialect, columns.names)])
    rows = islice(rows, position, None)
    while chunk := list(islice(rows, CHUNK)):
        if position % INTERNAL_BATCH == 0 and not _charge_batch(org):
            _fail(org, job_id, "ExceededQuota : ApiBatchItems Limit exceeded")
            return
        await org.bulk.chunk_time()
        _save_chunk(org, job, saver, columns, dialect, chunk)
        position += len(chunk)
    _complete(org, job)


def _charge_batch(org: Org) -> bool:
    if org.limits.used_of(BATCHES) >= org.limits.most(BATCHES):
        return False
    org.limits.charge_to(BATCHES)
    return True


def _save_chunk(
    org: Org, job: jobs.Job, saver: Saver, columns: Columns, dialect: Dialect, chunk: list[list[str]]
) -> None:
    """Save a chunk and note its results in one transaction."""
    job_id, delimiter = job["id"], dialect.delimiter
    saved: list[bytes] = []
    failed: list[bytes] = []
    with org.database.transaction():
        outcomes = saver.save(jobs.write_for(org, job), [columns.given(cells) for cells in chunk])
        for outcome, cells in zip(outcomes, chunk, strict=True):
            if outcome.error is None:
                created = "true" if outcome.created else "false"
                line = f'"{outcome.id}"{delimiter}"{created}"{delimiter}{dialect.line(cells)}'
                saved.append(line.encode())
            else:
                failed.append(dialect.line([outcome.id, outcome.error_text, *cells]).encode())
        content.append_rows(org.database, job_id, content.SUCCESSFUL, saved)
        content.append_rows(org.database, job_id, content.FAILED, failed)
        org.database.execute(
            "UPDATE bulk_job SET position = position + ?, failed = failed + ?, total_ms = ? WHERE id = ?",
            (len(chunk), len(failed), jobs.milliseconds_since(org, job["started_at"]), job_id),
        )


async def _run_query(org: Org, job_id: str) -> None:
    job = await _begin(org, job_id)
    # A job that is taken up again starts afresh: the rows may have changed.
    content.forget(org.database, job_id)
    org.database.execute("UPDATE bulk_job SET position = 0 WHERE id = ?", (job_id,))
    dialect = dialect_of(job)
    try:
        caller = jobs.caller_for(org, job)
        query = BulkQuery(org, caller, job["query"], include_deleted=job["operation"] == "queryAll")
        size = 0
        for records in query.pages(query.keys(), version=job["version"]):
            await org.bulk.chunk_time()
            rows = query.csv_rows(records, dialect)
            size += sum(map(len, rows))
            with org.database.transaction():
                content.append_rows(org.database, job_id, content.ROWS, rows)
                org.database.execute("UPDATE bulk_job SET position = position + ? WHERE id = ?", (len(rows), job_id))
    except SoqlError as refused:
        _fail(org, job_id, f"{refused.error_code}: {refused.message}")
        return
    except NotForBulk as refused:
        _fail(org, job_id, f"{refused.code} : {refused.message}")
        return
    content.append_rows(org.database, job_id, HEADER, [header_line(dialect, query.names)])
    org.limits.charge_to(STORAGE_MB, -(-size // MEGABYTE))
    _complete(org, job)
