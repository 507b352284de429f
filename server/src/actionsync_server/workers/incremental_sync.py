"""Lets the incremental sync of an instance go on."""

from __future__ import annotations

from actionsync_server.clock import Clock
from actionsync_server.flows.people.incremental import IncrementalSync
from actionsync_server.flows.people.wakes import PeopleWakes


class IncrementalSyncWorker:
    """Reads the feeds of its instance when they are due, whoever started the sync and whether they are still here."""

    def __init__(self, instance_id: str, *, incremental: IncrementalSync, wakes: PeopleWakes, clock: Clock) -> None:
        self._instance_id = instance_id
        self._incremental = incremental
        self._wake = wakes.incremental(instance_id)
        self._clock = clock

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            with self._clock.busy():
                seconds = await self._incremental.step(self._instance_id)
            if await self._clock.wait(self._wake, seconds):
                self._wake.clear()
                self._incremental.forget_trouble(self._instance_id)
