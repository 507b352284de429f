"""One virtual clock for the service and both simulators.

The simulators' `Clock` is the time; `SharedClock` shows the same object to the service in the service's own terms.
`advance` steps from timer to timer and lets the work that each one starts come to rest.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from actionsync_server.clock import Micros, from_datetime
from actionsync_simulators.clock import Clock as SimulatorClock

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


class SharedClock:
    """The service's view of the simulators' frozen clock."""

    def __init__(self, start: datetime = START) -> None:
        self.simulators = SimulatorClock(start=start, frozen=True)

    def now(self) -> Micros:
        return from_datetime(self.simulators.now())

    async def sleep(self, seconds: float) -> None:
        await self.simulators.sleep(seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Race the event against virtual time; not busy meanwhile, busy again before anybody can advance further."""
        if event.is_set():
            return True
        sleeper = asyncio.ensure_future(self.simulators.sleep(seconds))
        waiter = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait({sleeper, waiter}, return_when=asyncio.FIRST_COMPLETED)
            return event.is_set()
        finally:
            for task in (sleeper, waiter):
                task.cancel()
            await asyncio.gather(sleeper, waiter, return_exceptions=True)

    def busy(self) -> AbstractContextManager[None]:
        return self.simulators.busy()

    async def advance(self, seconds: float) -> None:
        """Let `seconds` pass, timer by timer, and everything due in them be done."""
        await self.simulators.advance(timedelta(seconds=seconds))

    async def settle(self) -> None:
        """Let everything that can happen now happen, without any time passing."""
        await self.simulators.advance(timedelta(0))
