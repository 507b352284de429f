"""Lets the initial sync of an instance go on."""

from __future__ import annotations

from actionsync_server.clock import Clock
from actionsync_server.flows.people.loading import InitialLoad
from actionsync_server.flows.people.wakes import PeopleWakes


class InitialSyncWorker:
    """Steps through whatever initial sync its instance has."""

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
                seconds = await self._load.step(self._instance_id)
            await self._clock.wait(self._wake, seconds)
