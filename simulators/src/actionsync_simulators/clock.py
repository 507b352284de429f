"""The one clock of the simulators: wall time by default, freezable, advanced timer by timer.

Everything that needs the time or a pause asks this clock; nothing else reads the machine's time. While it
runs it follows the monotonic clock from its start, so it never steps backwards. While it is frozen only
`advance` moves it.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

QUIET_TURNS = 10
"""Turns of the event loop that must pass without work before a step counts as settled."""
STUCK_GRACE_SECONDS = 0.5
"""Real seconds to wait for busy work before waking the sleeper it may itself be waiting for."""
STUCK_LIMIT_SECONDS = 60.0
"""Real seconds of busy work, with no sleeper left to wake, after which advancing is given up as stuck."""


class ClockStuckError(RuntimeError):
    """Work announced with `busy()` did not end, so that time could not be advanced safely."""


class _Hold:
    """One open `busy()` block; it does not count while something inside it sleeps in simulator time."""

    __slots__ = ("open", "sleepers")

    def __init__(self) -> None:
        self.open = True
        self.sleepers = 0


_holds: ContextVar[tuple[_Hold, ...]] = ContextVar("actionsync_clock_holds", default=())


class _Sleeper:
    __slots__ = ("due", "holds", "order", "wake")

    def __init__(self, due: datetime, order: int, *, wake: asyncio.Future[None], holds: tuple[_Hold, ...]) -> None:
        self.due = due
        self.order = order
        self.wake = wake
        self.holds = holds

    def __lt__(self, other: _Sleeper) -> bool:
        return (self.due, self.order) < (other.due, other.order)


class Clock:
    """Simulator time. One object is shared by everything that must agree on the time.

    `start` is where it begins (aware; default: the machine's time). All methods belong to one event loop's
    thread.
    """

    def __init__(self, *, start: datetime | None = None, frozen: bool = False) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("the start of the clock needs a time zone")
        self._moment = (start or datetime.now(UTC)).astimezone(UTC)
        self._origin = time.monotonic()
        self._frozen = frozen
        self._sleepers: list[_Sleeper] = []
        self._order = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._advancing = asyncio.Lock()

    @property
    def frozen(self) -> bool:
        """True while only `advance` moves the time."""
        return self._frozen

    def now(self) -> datetime:
        """Current simulator time, aware UTC, to the microsecond."""
        if self._frozen:
            return self._moment
        return self._moment + timedelta(seconds=time.monotonic() - self._origin)

    def wall(self) -> float:
        """Monotonic real seconds: for the rules that count real time even when the clock is frozen."""
        return time.monotonic()

    def freeze(self) -> None:
        """Stop the time where it is; sleepers wait for `advance`."""
        if not self._frozen:
            self._moment = self.now()
            self._frozen = True
            self._arm()

    def resume(self) -> None:
        """Let the time run on from where it is."""
        if self._frozen:
            self._origin = time.monotonic()
            self._frozen = False
            self._arm()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Announce work in progress: `advance` waits for its end before it takes the next step."""
        hold = _Hold()
        token = _holds.set((*_holds.get(), hold))
        self._count(1)
        try:
            yield
        finally:
            hold.open = False
            if hold.sleepers == 0:
                self._count(-1)
            # A block may be left in another context than it was entered in (generators); the hold is closed
            # anyway.
            try:
                _holds.reset(token)
            except ValueError:
                _holds.set(tuple(other for other in _holds.get() if other is not hold))

    async def sleep(self, seconds: float) -> None:
        """Sleep in simulator time. Inside a `busy()` block the block is released while sleeping."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        holds = _holds.get()
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        sleeper = _Sleeper(self.now() + timedelta(seconds=seconds), next(self._order), wake=wake, holds=holds)
        heapq.heappush(self._sleepers, sleeper)
        self._release(holds)
        self._arm()
        try:
            await wake
        except asyncio.CancelledError:
            if not wake.done() or wake.cancelled():
                self._reclaim(holds)
                self._sleepers = [other for other in self._sleepers if other is not sleeper]
                heapq.heapify(self._sleepers)
                self._arm()
            raise

    async def advance(self, delta: timedelta) -> None:
        """Move the time on by `delta`, sleeper by sleeper.

        Each sleeper wakes at its own due time and the work it starts is awaited (the `busy()` counter)
        before the next step. Raises ValueError for a negative delta and ClockStuckError when busy work
        never ends.
        """
        if delta < timedelta(0):
            raise ValueError("time does not run backwards")
        # Whoever advances the time waits for it like a sleeper: its own work does not hold the time up.
        holds = _holds.get()
        self._release(holds)
        try:
            async with self._advancing:
                await self._advance(delta)
        finally:
            self._reclaim(holds)

    async def _advance(self, delta: timedelta) -> None:
        resume_after = not self._frozen
        self.freeze()
        try:
            target = self._moment + delta
            await self._settle(target)
            while self._sleepers and self._sleepers[0].due <= target:
                self._moment = max(self._moment, self._sleepers[0].due)
                self._wake(heapq.heappop(self._sleepers))
                await self._settle(target)
            self._moment = max(self._moment, target)
        finally:
            if resume_after:
                self.resume()

    async def _settle(self, target: datetime) -> None:
        """Wait until nothing is busy, or until busy work seems to wait for a sleeper due by `target`."""
        started = time.monotonic()
        quiet = 0
        while quiet < QUIET_TURNS:
            if self._busy == 0:
                quiet += 1
                await asyncio.sleep(0)
                continue
            quiet = 0
            try:
                async with asyncio.timeout(STUCK_GRACE_SECONDS):
                    await self._idle.wait()
            except TimeoutError:
                if self._sleepers and self._sleepers[0].due <= target:
                    return
                if time.monotonic() - started > STUCK_LIMIT_SECONDS:
                    raise ClockStuckError(
                        f"{self._busy} piece(s) of work did not end in {STUCK_LIMIT_SECONDS:g} s"
                    ) from None

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._frozen or not self._sleepers:
            return
        delay = (self._sleepers[0].due - self.now()).total_seconds()
        self._timer = asyncio.get_running_loop().call_later(max(delay, 0.0), self._ring)

    def _ring(self) -> None:
        self._timer = None
        now = self.now()
        while self._sleepers and self._sleepers[0].due <= now:
            self._wake(heapq.heappop(self._sleepers))
        self._arm()

    def _wake(self, sleeper: _Sleeper) -> None:
        # The blocks are taken back here, not in the sleeping task: a settle that runs first must already
        # see them.
        self._reclaim(sleeper.holds)
        if not sleeper.wake.done():
            sleeper.wake.set_result(None)

    def _release(self, holds: tuple[_Hold, ...]) -> None:
        for hold in holds:
            hold.sleepers += 1
            if hold.open and hold.sleepers == 1:
                self._count(-1)

    def _reclaim(self, holds: tuple[_Hold, ...]) -> None:
        for hold in holds:
            hold.sleepers -= 1
            if hold.open and hold.sleepers == 0:
                self._count(1)

    def _count(self, change: int) -> None:
        self._busy += change
        if self._busy == 0:
            self._idle.set()
        else:
            self._idle.clear()
