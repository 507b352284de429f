"""Watches that look again: streams whose state is read from the store, as it is now, whenever it may have changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from actionsync_server.clock import Clock
from actionsync_server.model.errors import Unavailable
from actionsync_server.rpc.call import Call
from actionsync_server.store.database import Database

#: A stream says something at least so often: Envoy and browsers end quiet ones.
SIGN_OF_LIFE = 20.0


async def ticks(call: Call, database: Database, clock: Clock) -> AsyncGenerator[bool, None]:
    """Yield at once, after every commit, and at least every 20 s; True when the 20 s are the reason or at the start.

    On False the watch looks again and says something only if there is news; on True it speaks in any case. Ends with
    Unavailable SHUTTING_DOWN when the server stops, so that the caller resumes elsewhere.

        async for due in ticks(call, database, clock):
            state = await flow.get(...)
            if due or state != last:
                yield response(state)
    """
    speak_time = clock.now()
    while True:
        seen = database.commit_count
        due = clock.now() >= speak_time
        if due:
            speak_time = clock.now() + int(SIGN_OF_LIFE * 1_000_000)
        yield due
        if call.cancelled.is_set():
            raise shutting_down()
        await _news(call, database, clock, seen=seen, seconds=(speak_time - clock.now()) / 1_000_000)
        if call.cancelled.is_set():
            raise shutting_down()


async def _news(call: Call, database: Database, clock: Clock, *, seen: int, seconds: float) -> None:
    """Wait for a commit after the `seen` ones, for the end of the call, or for `seconds` of the clock."""
    news = asyncio.Event()

    async def when_committed() -> None:
        await database.committed_after(seen)
        news.set()

    async def when_cancelled() -> None:
        await call.cancelled.wait()
        news.set()

    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(when_committed()), group.create_task(when_cancelled())]
        await clock.wait(news, max(0.0, seconds))
        for task in waiting:
            task.cancel()


def shutting_down() -> Unavailable:
    """Return the error with which streams end when the server stops."""
    return Unavailable("the server is stopping; call again and resume", reason="SHUTTING_DOWN", retry_after=1.0)
