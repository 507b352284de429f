"""Two gates: nobody enters a server that stops, and no caller takes more than its share of open calls.

gRPC's own limit on concurrent calls counts open watches with everything else, so that a few of them would shut
everybody out; these limits are each caller's own, watches and unary calls apart.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actionsync_server.rpc.errors import TooManyCalls
from actionsync_server.rpc.incoming import Incoming
from actionsync_server.rpc.watch import shutting_down


class Draining:
    """Refuses new calls once the server stops."""

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping

    @asynccontextmanager
    async def __call__(self, incoming: Incoming) -> AsyncIterator[None]:
        """Let one call in, or raise Unavailable SHUTTING_DOWN."""
        if self._stopping.is_set():
            raise shutting_down()
        yield


class Crowding:
    """Counts the open calls of each caller: a user of an instance, whatever the connection."""

    def __init__(self, *, most_watches: int, most_calls: int) -> None:
        self._most = {"watches": most_watches, "calls": most_calls}
        self._open: Counter[tuple[str, str, str]] = Counter()

    @asynccontextmanager
    async def __call__(self, incoming: Incoming) -> AsyncIterator[None]:
        """Let one call in, or raise TooManyCalls."""
        assert incoming.actor is not None
        kind = "watches" if incoming.method.streams else "calls"
        caller = (incoming.actor.instance_id, incoming.actor.user_id, kind)
        if self._open[caller] >= self._most[kind]:
            raise TooManyCalls(kind, self._most[kind])
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]
