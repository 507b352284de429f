"""Import jobs: their life by the clock, their place in the queue, what became of them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.bulk.import_file import UnreadableFileError
from actionsync_simulators.marketo.bulk.import_run import ImportRun
from actionsync_simulators.marketo.bulk.work_queue import QUEUED, WorkQueue
from actionsync_simulators.marketo.gateway.errors import ApiError

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription

log = logging.getLogger(__name__)

IMPORTING, COMPLETE, FAILED = "Importing", "Complete", "Failed"
KEPT_SECONDS = 7 * 86_400
"""A batch id is known for so long."""


class ImportJobs:
    """All import jobs of a subscription."""

    def __init__(self, site: Subscription) -> None:
        self._site = site
        switches = site.switches
        self.queue = WorkQueue(
            site,
            "import_jobs",
            running=IMPORTING,
            delay=switches.import_queue_delay,
            slow=bool(switches.import_queue_delay or switches.import_run_time),
            work=self._process,
        )

    def close(self) -> None:
        """Stop all work."""
        self.queue.stop()

    def create(self, request: dict[str, Any], content: bytes, *, charset: str | None, list_id: int | None) -> int:
        """Queue a job and return its batch id. Jobs that nobody can ask for any more are forgotten."""
        database = self._site.database
        now = self._site.clock.now().timestamp()
        old = "SELECT id FROM import_jobs WHERE finished_at IS NOT NULL AND created_at < ?"
        database.execute(f"DELETE FROM import_remarks WHERE batch_id IN ({old})", (now - KEPT_SECONDS,))  # noqa: S608
        database.execute(f"DELETE FROM import_jobs WHERE id IN ({old})", (now - KEPT_SECONDS,))  # noqa: S608
        cursor = database.execute(
            "INSERT INTO import_jobs (request, list_id, content, charset, status, created_at, queued_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (orjson.dumps(request).decode(), list_id, content, charset, QUEUED, now, now),
        )
        self.queue.schedule()
        return int(cursor.lastrowid or 0)

    def find(self, batch_id: int) -> sqlite3.Row:
        """Return a job without its content; 1013 when there is none, or when it is too long ago."""
        row = self._site.database.row(
            "SELECT id, request, status, unseen, imported, failed, warned, message FROM import_jobs"
            " WHERE id = ? AND created_at >= ?",
            (batch_id, self._site.clock.now().timestamp() - KEPT_SECONDS),
        )
        if row is None:
            raise ApiError("1013", f"Import batch {batch_id} not found")
        return row

    def busy_with(self, list_id: int) -> bool:
        """Tell whether a job that is not finished imports to this list."""
        query = "SELECT 1 FROM import_jobs WHERE list_id = ? AND status IN (?, ?)"
        return self._site.database.row(query, (list_id, QUEUED, IMPORTING)) is not None

    async def _process(self, batch_id: int) -> None:
        """Import the rows of a job, some at a time, then finish it."""
        site = self._site
        row = site.database.row("SELECT * FROM import_jobs WHERE id = ?", (batch_id,))
        if row is None:
            raise LookupError(f"there is no import {batch_id}")
        try:
            for _ in ImportRun(site, row).steps():
                await asyncio.sleep(0)
            if site.switches.import_run_time:
                await site.clock.sleep(site.switches.import_run_time)
        except (ApiError, UnreadableFileError) as problem:
            self._finish(batch_id, FAILED, f"Import failed: {getattr(problem, 'message', problem)}")
        except Exception as problem:
            log.exception("import %s failed", batch_id)
            # The rows of the step were rolled back, what was derived from them was not.
            site.refresh()
            self._finish(batch_id, FAILED, f"Import failed: internal error: {problem}")
        else:
            self._finish(batch_id, COMPLETE, self._summary(batch_id))

    def _summary(self, batch_id: int) -> str:
        row = self._site.database.row("SELECT * FROM import_jobs WHERE id = ?", (batch_id,))
        if row is None:
            raise LookupError(f"there is no import {batch_id}")
        all_count = row["list_id"] is None and self._site.switches.import_members == "everybody"
        members = row["imported"] if all_count else row["members"]
        text = "Import completed with errors" if row["failed"] else "Import succeeded"
        text += f", {row['imported']} records imported ({members} members)"
        if row["failed"]:
            text += f", {row['failed']} failed"
        if row["warned"]:
            text += f", {row['warned']} warning{'' if row['warned'] == 1 else 's'}."
        return text

    def _finish(self, batch_id: int, status: str, message: str) -> None:
        self._site.database.execute(
            "UPDATE import_jobs SET status = ?, message = ?, finished_at = ?, content = NULL WHERE id = ?",
            (status, message, self._site.clock.now().timestamp(), batch_id),
        )
