"""What works on bulk jobs between calls: one task for each job or batch, in simulator time.

A task waits its time in the queue, then works chunk by chunk; each chunk is one step of the event loop and is stored
together with how far the work has come. So a restored state is taken up where it was.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any

from actionsync_simulators.clock import Clock

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]
Broken = Callable[[str], None]


class BulkWork:
    """The running tasks of an org, by the job or batch they work on."""

    def __init__(self, *, clock: Clock, queue_seconds: float, chunk_seconds: float) -> None:
        self._clock = clock
        self._queue_seconds = queue_seconds
        self._chunk_seconds = chunk_seconds
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, owner: str, work: Work, broken: Broken) -> None:
        """Work on a job or batch from now on; `broken` hears of an error nobody foresaw. Needs a running event loop."""
        self.stop(owner)
        # A context of its own: the work outlives the request that started it, and the request's busy block.
        task = asyncio.get_running_loop().create_task(self._guarded(owner, work, broken), context=Context())
        self._tasks[owner] = task
        task.add_done_callback(lambda done: self._tasks.pop(owner, None) if self._tasks.get(owner) is done else None)

    def stop(self, owner: str) -> None:
        """Stop working on a job or batch; the chunk at hand has been stored or has not been begun."""
        task = self._tasks.pop(owner, None)
        if task is not None:
            task.cancel()

    def stop_all(self) -> None:
        """Stop all work."""
        for owner in list(self._tasks):
            self.stop(owner)

    async def queued(self, since: float) -> None:
        """Wait for the end of the time in the queue; `since` is when it began, in seconds."""
        await self._clock.sleep(since + self._queue_seconds - self._clock.now().timestamp())

    async def chunk_time(self) -> None:
        """Take the time of one chunk, and let others have their turn."""
        await self._clock.sleep(self._chunk_seconds)

    async def _guarded(self, owner: str, work: Work, broken: Broken) -> None:
        try:
            with self._clock.busy():
                await work()
        except Exception as problem:
            log.exception("work on bulk job or batch %s broke off", owner)
            broken(f"InternalServerError : {problem}")
