"""Keeps the calls to one system below its limits: so many in a sliding window, so many at once."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from actionsync_server.clock import SECOND, Clock, Micros


@dataclass(order=True, slots=True)
class _Ticket:
    """A place in the queue; the lowest (rank, order) is its head."""

    rank: int
    order: int
    changed: asyncio.Event = field(compare=False, default_factory=asyncio.Event)


class PaceLimiter:
    """At most `calls` per `seconds` and `at_once` in flight, first come first served; urgent ones go first.

    A call takes its place in the window from its start until `seconds` after its *end*: wherever in between the system
    counts it, no window of the system ever holds more than `calls` of ours.
    """

    def __init__(self, clock: Clock, *, calls: int, seconds: float, at_once: int) -> None:
        self._clock = clock
        self._calls = calls
        self._window: Micros = round(seconds * SECOND)
        self._at_once = at_once
        self._running = 0
        self._ended: deque[Micros] = deque()
        self._held_until: Micros = 0
        self._queue: list[_Ticket] = []
        self._order = itertools.count()

    @property
    def running(self) -> int:
        """Calls in flight."""
        return self._running

    @property
    def waiting(self) -> int:
        """Calls in the queue."""
        return len(self._queue)

    def set(self, *, calls: int, at_once: int) -> None:
        """Change the limits; calls in flight and in the window keep counting."""
        self._calls = calls
        self._at_once = at_once
        self._wake_head()

    def hold(self, seconds: float) -> None:
        """Start nothing for `seconds`: the system said that it had too much already."""
        self._held_until = max(self._held_until, self._clock.now() + round(seconds * SECOND))
        self._wake_head()

    @asynccontextmanager
    async def turn(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and hold it for the length of the block."""
        await self._enter(urgent)
        try:
            yield
        finally:
            self._running -= 1
            self._ended.append(self._clock.now())
            self._wake_head()

    async def _enter(self, urgent: bool) -> None:
        if self._queue or self._wait() is not None:
            await self._queue_up(urgent)
        self._running += 1

    async def _queue_up(self, urgent: bool) -> None:
        ticket = _Ticket(0 if urgent else 1, next(self._order))
        heapq.heappush(self._queue, ticket)
        self._wake_head()
        try:
            while True:
                at_head = self._queue[0] is ticket
                wait = self._wait()
                if at_head and wait is None:
                    return
                ticket.changed.clear()
                # Everyone waits on the clock, also those who are woken by somebody's end anyway: a virtual clock must
                # see that they do nothing meanwhile.
                await self._clock.wait(ticket.changed, wait if at_head and wait else self._window / SECOND)
        finally:
            self._queue.remove(ticket)
            heapq.heapify(self._queue)
            # The caller takes its turn before anybody else runs, so the new head sees the count as it will be.
            self._wake_head()

    def _wait(self) -> float | None:
        """Return None when a call may start now, else the seconds until that may change by time alone."""
        now = self._clock.now()
        while self._ended and self._ended[0] + self._window <= now:
            self._ended.popleft()
        if self._held_until > now:
            return (self._held_until - now) / SECOND
        if self._running >= self._at_once:
            return self._window / SECOND
        if self._running + len(self._ended) >= self._calls:
            first = self._ended[0] if self._ended else now
            return (first + self._window - now) / SECOND
        return None

    def _wake_head(self) -> None:
        if self._queue:
            self._queue[0].changed.set()
