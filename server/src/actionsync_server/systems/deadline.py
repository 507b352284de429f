"""A time limit on the clock that was given, real or virtual."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actionsync_server.clock import Clock


@asynccontextmanager
async def deadline(clock: Clock, seconds: float) -> AsyncIterator[None]:
    """Raise TimeoutError when the block takes longer than `seconds` of the clock's time."""
    async with asyncio.timeout(None) as limit:
        over = False

        def expire(timer: asyncio.Task[None]) -> None:
            if not over and not timer.cancelled():
                limit.reschedule(asyncio.get_running_loop().time())

        # An empty context: the alarm is nobody's work, so a virtual clock must not take it for a sleep of the caller.
        timer = asyncio.create_task(_alarm(clock, seconds), context=contextvars.Context())
        timer.add_done_callback(expire)
        try:
            yield
        finally:
            over = True
            timer.cancel()


async def _alarm(clock: Clock, seconds: float) -> None:
    await clock.sleep(seconds)
