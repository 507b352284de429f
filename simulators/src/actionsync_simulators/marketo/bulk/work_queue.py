"""Queued jobs of one table, run by the clock: the oldest first, two at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription

QUEUED = "Queued"

Key = str | int
Work = Callable[[Any], Coroutine[Any, Any, None]]


class WorkQueue:
    """The queue of `table`, whose rows have `id`, `status`, `unseen`, `queued_at` and `started_at`.

    `running` is the status of a job that is worked on, `delay` the seconds that a job stays queued at least, `slow`
    whether a job is meant to take time at all. `work` does one job and leaves it in a final status.
    """

    def __init__(self, site: Subscription, table: str, *, running: str, delay: float, slow: bool, work: Work) -> None:
        self._site = site
        self._table = table
        self._running = running
        self._delay = delay
        self._slow = slow
        self._work = work
        self._tasks: dict[asyncio.Task[None], Key | None] = {}

    def active(self) -> int:
        """Return how many jobs are queued or running."""
        return self._count(QUEUED) + self._count(self._running)

    def schedule(self) -> None:
        """Look for jobs to start, now or when their time comes."""
        self._start(self._fill_slots(), None)

    def cancel(self, key: Key) -> None:
        """Stop the work on a job; the caller has given it a final status."""
        for task, owner in self._tasks.items():
            if owner == key:
                task.cancel()
        self.schedule()

    def stop(self) -> None:
        """Stop all work; the rows stay as they are."""
        for task in self._tasks:
            task.cancel()

    def resume(self) -> None:
        """Take up the jobs of a restored state; one that was in the middle is queued again."""
        self.stop()
        self._site.database.execute(
            f"UPDATE {self._table} SET status = ?, started_at = NULL WHERE status = ?",  # noqa: S608 - a table of bulk
            (QUEUED, self._running),
        )
        if self._count(QUEUED):
            self.schedule()

    def hides_end(self, row: sqlite3.Row) -> bool:
        """Note that a poll sees this finished job; tell whether it must still see it running.

        Where jobs take time, the first poll after queueing never sees the end: clients meet a status in between.
        """
        if not row["unseen"]:
            return False
        self._site.database.execute(
            f"UPDATE {self._table} SET unseen = 0 WHERE id = ?",  # noqa: S608 - a table of bulk
            (row["id"],),
        )
        return self._slow

    def _count(self, status: str) -> int:
        query = f"SELECT count(*) FROM {self._table} WHERE status = ?"  # noqa: S608 - a table of bulk
        return int(self._site.database.value(query, (status,)))

    def _start(self, work: Coroutine[Any, Any, None], owner: Key | None) -> None:
        # A context of its own: the work outlives the request that started it, and the request's busy block.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks[task] = owner
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    async def _fill_slots(self) -> None:
        """Start the oldest jobs that have waited long enough, two at a time; come back for the others."""
        site = self._site
        with site.clock.busy():
            while True:
                row = site.database.row(
                    f"SELECT id, queued_at FROM {self._table} WHERE status = ?"  # noqa: S608 - a table of bulk
                    " ORDER BY queued_at, rowid LIMIT 1",
                    (QUEUED,),
                )
                if row is None or self._count(self._running) >= site.quota.limits.jobs_running:
                    return
                now = site.clock.now().timestamp()
                wait = row["queued_at"] + self._delay - now
                if wait > 0:
                    await site.clock.sleep(wait)
                    continue
                site.database.execute(
                    f"UPDATE {self._table} SET status = ?, started_at = ? WHERE id = ?",  # noqa: S608
                    (self._running, now, row["id"]),
                )
                self._start(self._run(row["id"]), row["id"])

    async def _run(self, key: Key) -> None:
        with self._site.clock.busy():
            await self._work(key)
        self.schedule()
