"""Lets the initial sync of an instance go on."""

from __future__ import annotations

import asyncio

from actionsync_server.clock import Clock
from actionsync_server.flows.people.loading import InitialLoad
from actionsync_server.flows.people.wakes import PeopleWakes


class InitialSyncWorker:
    """Steps through whatever initial sync its instance has.

    A step may hang for minutes in a call to Marketo. When its sync was ended meanwhile, it is cut off, so that the next
    sync begins at once; anything else that wakes the worker waits for the end of the step.
    """

    def __init__(self, instance_id: str, *, load: InitialLoad, wakes: PeopleWakes, clock: Clock) -> None:
        self._instance_id = instance_id
        self._load = load
        self._wake = wakes.initial(instance_id)
        self._clock = clock

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wake.clear()
            with self._clock.busy():
                seconds = await self._step()
            await self._clock.wait(self._wake, seconds)

    async def _step(self) -> float:
        """Make a step; return the seconds until the next one."""
        step = asyncio.create_task(self._load.step(self._instance_id))
        is_woken = False
        try:
            while not step.done():
                wake = asyncio.create_task(self._wake.wait())
                try:
                    await asyncio.wait({step, wake}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    wake.cancel()
                if not step.done():
                    self._wake.clear()
                    is_woken = True
                    if await self._load.is_over(self._instance_id):
                        return 0.0
        finally:
            step.cancel()
            await asyncio.wait({step})
        return 0.0 if is_woken else step.result()
