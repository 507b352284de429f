"""Export jobs: their life cycle by the clock, their place in the queue, their files."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import uuid
from random import Random
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.bulk.extract_files import ExportFile, ExportFiles, spool
from actionsync_simulators.marketo.bulk.extract_rows import file_blocks
from actionsync_simulators.marketo.bulk.work_queue import QUEUED, WorkQueue

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription

log = logging.getLogger(__name__)

DAY = 86_400
CREATED, PROCESSING = "Created", "Processing"
COMPLETED, FAILED, CANCELLED = "Completed", "Failed", "Cancelled"
STATUSES = (CREATED, QUEUED, PROCESSING, COMPLETED, FAILED, CANCELLED)


class ExportJobs:
    """All export jobs of a subscription: every kind of object shares one queue and one quota."""

    def __init__(self, site: Subscription) -> None:
        self._site = site
        switches = site.switches
        self.queue = WorkQueue(
            site,
            "export_jobs",
            running=PROCESSING,
            delay=switches.export_queue_delay,
            slow=bool(switches.export_queue_delay or switches.export_run_time or switches.export_status_refresh),
            work=self._process,
        )
        self._files = ExportFiles()
        self._seen: dict[str, tuple[float, dict[str, Any]]] = {}

    def reset(self) -> None:
        """Stop all work."""
        self.queue.stop()
        self._seen.clear()

    def close(self) -> None:
        """Stop all work and free all files."""
        self.reset()
        self._files.close()

    def after_restore(self) -> None:
        """Take up the jobs of a restored state; one that was in the middle starts again."""
        self._seen.clear()
        self.queue.resume()

    def create(self, kind: str, user: str, request: dict[str, Any]) -> sqlite3.Row:
        """Add a job in status Created."""
        database = self._site.database
        sequence = int(database.value("SELECT ifnull(max(sequence), 0) + 1 FROM export_jobs"))
        # One stream for each job: a restored state goes on with the ids that it would have had.
        random = Random(f"{self._site.seed}:export:{sequence}")  # noqa: S311 - reproducible, no secret
        job_id = str(uuid.UUID(int=random.getrandbits(128), version=4))
        now = self._site.clock.now().timestamp()
        database.execute(
            "INSERT INTO export_jobs (id, sequence, object, user, request, format, status, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (job_id, sequence, kind, user, orjson.dumps(request).decode(), request["format"], CREATED, now),
        )
        return self.get(job_id)

    def get(self, job_id: str) -> sqlite3.Row:
        """Return a job; LookupError when there is none."""
        row = self._site.database.row("SELECT * FROM export_jobs WHERE id = ?", (job_id,))
        if row is None:
            raise LookupError(f"there is no export job {job_id}")
        return row

    def enqueue(self, job_id: str) -> sqlite3.Row:
        """Move a Created job to Queued."""
        self._set(job_id, status=QUEUED, queued_at=self._site.clock.now().timestamp(), unseen=1)
        self._seen.pop(job_id, None)
        self.queue.schedule()
        return self.get(job_id)

    def cancel(self, job_id: str) -> sqlite3.Row:
        """Move an unfinished job to Cancelled; what it was doing stops."""
        self._set(job_id, status=CANCELLED, finished_at=self._site.clock.now().timestamp())
        self._seen.pop(job_id, None)
        self.queue.cancel(job_id)
        return self.get(job_id)

    def seen(self, job_id: str, members: dict[str, Any]) -> dict[str, Any]:
        """Return the job as a poll sees it: not fresher than the switch `export_status_refresh` lets it be."""
        refresh = self._site.switches.export_status_refresh
        if not refresh:
            return members
        now = self._site.clock.now().timestamp()
        at, shown = self._seen.get(job_id, (now - refresh, members))
        if now - at >= refresh:
            at, shown = now, members
        self._seen[job_id] = (at, shown)
        return shown

    def file(self, row: sqlite3.Row) -> ExportFile | None:
        """Return the file of a job, None when there is none (any more)."""
        now = self._site.clock.now().timestamp()
        if row["status"] != COMPLETED or now - row["finished_at"] > self._site.switches.export_file_days * DAY:
            return None
        return self._files.get(row["checksum"])

    def _set(self, job_id: str, **values: Any) -> None:
        sets = ", ".join(f"{name} = ?" for name in values)
        self._site.database.execute(
            f"UPDATE export_jobs SET {sets} WHERE id = ?",  # noqa: S608 - names of this module
            (*values.values(), job_id),
        )

    async def _process(self, job_id: str) -> None:
        """Write the file of a job, block by block, then finish it."""
        site = self._site
        row = self.get(job_id)
        content = spool()
        keep = False
        try:
            digest, size, count = hashlib.sha256(), 0, 0
            for block, rows in file_blocks(site, row["object"], orjson.loads(row["request"])):
                content.write(block)
                digest.update(block)
                size, count = size + len(block), count + rows
                await asyncio.sleep(0)
            if site.switches.export_run_time:
                await site.clock.sleep(site.switches.export_run_time)
            keep = True
            self._complete(job_id, ExportFile(content, size), checksum=f"sha256:{digest.hexdigest()}", count=count)
        except Exception as problem:
            log.exception("export job %s failed", job_id)
            self._set(
                job_id, status=FAILED, finished_at=site.clock.now().timestamp(), error=f"Internal error: {problem}"
            )
        finally:
            if not keep:
                content.close()

    def _complete(self, job_id: str, file: ExportFile, *, checksum: str, count: int) -> None:
        site = self._site
        now = site.clock.now().timestamp()
        self._files.add(checksum, file)
        self._set(job_id, status=COMPLETED, finished_at=now, row_count=count, size=file.size, checksum=checksum)
        site.quota.charge_export(file.size)
        kept_since = now - site.switches.export_file_days * DAY
        rows = site.database.rows(
            "SELECT checksum FROM export_jobs WHERE status = ? AND finished_at >= ?", (COMPLETED, kept_since)
        )
        self._files.tidy({row[0] for row in rows})
