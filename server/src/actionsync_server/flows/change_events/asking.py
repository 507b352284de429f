"""Turns many events into few polls: the first is followed at once, those that keep coming at growing distances."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from actionsync_server.clock import Clock

#: Seconds between two polls that are asked for. In an org that never rests the distance doubles up to the longest, so
#: that events do not cost more calls a day than the org can spare.
SHORTEST_SECONDS = 2.0
LONGEST_SECONDS = 30.0
#: Far longer than anything is waited for; it only lets the wait be on the clock.
_IDLE_SECONDS = 3600.0


class Asking:
    """Calls `ask` after `note`, soon but not often."""

    def __init__(self, clock: Clock, ask: Callable[[], None]) -> None:
        self._clock = clock
        self._ask = ask
        self._noted = asyncio.Event()

    def note(self) -> None:
        """Note that there is a reason to ask."""
        self._noted.set()

    async def run(self) -> None:
        """Ask until cancelled."""
        distance = SHORTEST_SECONDS
        while True:
            if not await self._clock.wait(self._noted, _IDLE_SECONDS):
                continue
            self._noted.clear()
            self._ask()
            await self._clock.sleep(distance)
            distance = min(distance * 2, LONGEST_SECONDS) if self._noted.is_set() else SHORTEST_SECONDS
