"""How long a call may take: unary calls no longer than the server allows, watches as long as the caller likes.

Old clients send no deadline at all, so the server sets one; a shorter one of the caller stands. Deadlines are real
time, also where the service's clock is a virtual one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actionsync_server.rpc.errors import DeadlineExceeded
from actionsync_server.rpc.incoming import Incoming


class Deadlines:
    """Ends unary calls after `longest` seconds."""

    def __init__(self, *, longest: float) -> None:
        self._longest = longest

    @asynccontextmanager
    async def __call__(self, incoming: Incoming) -> AsyncIterator[None]:
        """Time one call; raises DeadlineExceeded."""
        now = asyncio.get_running_loop().time()
        left = incoming.seconds_left
        if incoming.method.streams:
            # Without a timer here: the transport ends the call, and a stream may end in another task.
            incoming.deadline = None if left is None else now + left
            yield
            return
        incoming.deadline = now + (self._longest if left is None else min(left, self._longest))
        timer = asyncio.timeout_at(incoming.deadline)
        try:
            async with timer:
                yield
        except TimeoutError:
            if timer.expired():
                raise DeadlineExceeded(incoming.method.name) from None
            raise
