"""Lets an instance listen to change events for as long as there is something to listen to."""

from __future__ import annotations

import asyncio

from actionsync_server.clock import Clock
from actionsync_server.flows.change_events.listening import ChangeEventListening
from actionsync_server.flows.change_events.sources import Source

#: Whoever changes settings or connections wakes the worker.
_IDLE_SECONDS = 3600.0


class ChangeEventWorker:
    """Listens to what its instance's settings and connection say, and to something else once they say so."""

    def __init__(self, instance_id: str, *, listening: ChangeEventListening, clock: Clock, wake: asyncio.Event) -> None:
        self._instance_id = instance_id
        self._listening = listening
        self._clock = clock
        self._wake = wake

    async def run(self) -> None:
        """Work until cancelled."""
        source = await self._source()
        while True:
            if source is None:
                source = await self._another_than(source)
                continue
            async with asyncio.TaskGroup() as group:
                listener = group.create_task(self._listening.listen(self._instance_id, source))
                source = await self._another_than(source)
                listener.cancel()

    async def _another_than(self, source: Source | None) -> Source | None:
        """Wait until there is something else to listen to, or nothing any more; return it."""
        while (found := await self._source()) == source:
            await self._clock.wait(self._wake, _IDLE_SECONDS)
        return found

    async def _source(self) -> Source | None:
        # Cleared before the look: who sets it during the look gets another one.
        self._wake.clear()
        with self._clock.busy():
            return await self._listening.source(self._instance_id)
