"""Export jobs: their life cycle by the clock, their place in the queue, their files."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import uuid
from collections.abc import Coroutine, Iterator
from contextvars import Context
from dataclasses import dataclass
from random import Random
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.bulk.extract_rows import file_blocks

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription

log = logging.getLogger(__name__)

CREATED, QUEUED, PROCESSING = "Created", "Queued", "Processing"
COMPLETED, FAILED, CANCELLED = "Completed", "Failed", "Cancelled"
STATUSES = (CREATED, QUEUED, PROCESSING, COMPLETED, FAILED, CANCELLED)
PROCESSING_AT_ONCE = 2
QUEUED_AT_MOST = 10
"""Queued and Processing together."""
IN_MEMORY_BYTES = 1 << 20
"""Larger files go to a temporary file."""
READ_BYTES = 256 << 10


@dataclass(slots=True)
class ExportFile:
    """The content of a finished job."""

    content: SpooledTemporaryFile[bytes]
    size: int

    def read(self, start: int, length: int) -> Iterator[bytes]:
        """Yield the bytes of a range; several readers may take turns."""
        while length > 0:
            self.content.seek(start)
            chunk = self.content.read(min(READ_BYTES, length))
            if not chunk:
                return
            start, length = start + len(chunk), length - len(chunk)
            yield chunk


class ExportJobs:
    """All export jobs of a subscription: leads and activities share one queue and one quota."""

    def __init__(self, site: Subscription) -> None:
        self._site = site
        self._files: dict[str, ExportFile] = {}
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._seen: dict[str, tuple[float, dict[str, Any]]] = {}
        self._random = self._stream()

    def _stream(self) -> Random:
        return Random(f"{self._site.seed}:exports")  # noqa: S311 - reproducible, no secret

    def reset(self) -> None:
        """Stop all work and forget all files."""
        self.close()
        self._random = self._stream()

    def close(self) -> None:
        """Stop all work and free all files."""
        self._stop()
        for file in self._files.values():
            file.content.close()
        self._files.clear()
        self._seen.clear()

    def after_restore(self) -> None:
        """Take up the jobs of a restored state; one that was in the middle starts again."""
        self._stop()
        self._site.database.execute(
            "UPDATE export_jobs SET status = ?, started_at = NULL WHERE status = ?", (QUEUED, PROCESSING)
        )
        if self._site.database.row("SELECT 1 FROM export_jobs WHERE status = ?", (QUEUED,)) is not None:
            self._schedule()

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def create(self, kind: str, user: str, request: dict[str, Any]) -> sqlite3.Row:
        """Add a job in status Created."""
        job_id = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        now = self._site.clock.now().timestamp()
        self._site.database.execute(
            "INSERT INTO export_jobs (id, sequence, object, user, request, format, status, created_at)"
            " VALUES (?, (SELECT ifnull(max(sequence), 0) + 1 FROM export_jobs), ?, ?, ?, ?, ?, ?)",
            (job_id, kind, user, orjson.dumps(request).decode(), request["format"], CREATED, now),
        )
        return self.get(job_id)

    def get(self, job_id: str) -> sqlite3.Row:
        """Return a job; LookupError when there is none."""
        row = self._site.database.row("SELECT * FROM export_jobs WHERE id = ?", (job_id,))
        if row is None:
            raise LookupError(f"there is no export job {job_id}")
        return row

    def active(self) -> int:
        """Return how many jobs are Queued or Processing."""
        return int(
            self._site.database.value("SELECT count(*) FROM export_jobs WHERE status IN (?, ?)", (QUEUED, PROCESSING))
        )

    def enqueue(self, job_id: str) -> sqlite3.Row:
        """Move a Created job to Queued."""
        self._set(job_id, status=QUEUED, queued_at=self._site.clock.now().timestamp())
        self._seen.pop(job_id, None)
        self._schedule()
        return self.get(job_id)

    def cancel(self, job_id: str) -> sqlite3.Row:
        """Move an unfinished job to Cancelled; what it was doing stops."""
        self._set(job_id, status=CANCELLED, finished_at=self._site.clock.now().timestamp())
        self._seen.pop(job_id, None)
        for task, owner in self._tasks.items():
            if owner == job_id:
                task.cancel()
        self._schedule()
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

    def file(self, job_id: str) -> ExportFile | None:
        """Return the file of a job, None when it is not there (any more)."""
        return self._files.get(job_id)

    def forget_file(self, job_id: str) -> None:
        """Delete the file of a job whose time is over."""
        file = self._files.pop(job_id, None)
        if file is not None:
            file.content.close()

    def _set(self, job_id: str, **values: Any) -> None:
        sets = ", ".join(f"{name} = ?" for name in values)
        self._site.database.execute(
            f"UPDATE export_jobs SET {sets} WHERE id = ?",  # noqa: S608 - names of this module
            (*values.values(), job_id),
        )

    # -------------------------------------------------------------------------------------------------- the work

    def _start(self, work: Coroutine[Any, Any, None], owner: str) -> None:
        # A context of its own: the work outlives the request that started it, and the request's busy block.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks[task] = owner
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    def _schedule(self) -> None:
        self._start(self._fill_slots(), "")

    async def _fill_slots(self) -> None:
        """Start the oldest jobs that have waited long enough, two at a time; come back for the others."""
        site = self._site
        delay = site.switches.export_queue_delay
        with site.clock.busy():
            while True:
                row = site.database.row(
                    "SELECT id, queued_at FROM export_jobs WHERE status = ? ORDER BY queued_at, sequence LIMIT 1",
                    (QUEUED,),
                )
                running = site.database.value("SELECT count(*) FROM export_jobs WHERE status = ?", (PROCESSING,))
                if row is None or running >= PROCESSING_AT_ONCE:
                    return
                wait = row["queued_at"] + delay - site.clock.now().timestamp()
                if wait > 0:
                    await site.clock.sleep(wait)
                    continue
                self._set(row["id"], status=PROCESSING, started_at=site.clock.now().timestamp())
                self._start(self._process(row["id"]), row["id"])

    async def _process(self, job_id: str) -> None:
        """Write the file of a job, block by block, then finish it."""
        site = self._site
        row = self.get(job_id)
        content: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115
        keep = False
        try:
            with site.clock.busy():
                digest, size, count = hashlib.sha256(), 0, 0
                for block, rows in file_blocks(site, row["object"], orjson.loads(row["request"])):
                    content.write(block)
                    digest.update(block)
                    size, count = size + len(block), count + rows
                    await asyncio.sleep(0)
                if site.switches.export_run_time:
                    await site.clock.sleep(site.switches.export_run_time)
                self._files[job_id] = ExportFile(content, size)
                keep = True
                self._set(
                    job_id,
                    status=COMPLETED,
                    finished_at=site.clock.now().timestamp(),
                    row_count=count,
                    size=size,
                    checksum=f"sha256:{digest.hexdigest()}",
                )
                site.quota.charge_export(size)
        except Exception as problem:
            log.exception("export job %s failed", job_id)
            self._set(
                job_id, status=FAILED, finished_at=site.clock.now().timestamp(), error=f"Internal error: {problem}"
            )
        finally:
            if not keep:
                content.close()
        self._schedule()
