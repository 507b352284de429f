"""Waiting for news or for a simulator time, whichever comes first."""

from __future__ import annotations

import asyncio

from actionsync_simulators.clock import Clock


class Alarm:
    """One waiter's bell and timer.

    When the timer rings, simulator time stands still until the owner waits again (or closes): whoever advances the
    clock by an hour sees everything that a stream has to do on the way, each thing at its time.
    """

    def __init__(self, clock: Clock) -> None:
        self.bell = asyncio.Event()
        self._clock = clock
        self._timer: asyncio.Task[None] | None = None

    async def wait(self, seconds: float | None) -> None:
        """Return when the bell has been rung since the last time, or after these seconds; None: only the bell."""
        self._stop()
        if not self.bell.is_set():
            if seconds is not None:
                self._timer = asyncio.create_task(self._ring(seconds))
            await self.bell.wait()
        self.bell.clear()

    def close(self) -> None:
        """Let the time go on."""
        self._stop()

    async def _ring(self, seconds: float) -> None:
        with self._clock.busy():
            await self._clock.sleep(seconds)
            self.bell.set()
            # Until the owner has done what the time was for and cancels this.
            await asyncio.Event().wait()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
