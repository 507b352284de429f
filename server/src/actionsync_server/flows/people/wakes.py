"""Wakes the workers of an instance when there is something to do before their time."""

from __future__ import annotations

import asyncio

from actionsync_server.model.errors import System


class PeopleWakes:
    """One event for each worker of each instance. A worker waits for its own and clears it."""

    def __init__(self) -> None:
        self._initial: dict[str, asyncio.Event] = {}
        self._incremental: dict[str, asyncio.Event] = {}

    def initial(self, instance_id: str) -> asyncio.Event:
        """Return the event of the instance's initial sync."""
        return self._initial.setdefault(instance_id, asyncio.Event())

    def incremental(self, instance_id: str) -> asyncio.Event:
        """Return the event of the instance's incremental sync."""
        return self._incremental.setdefault(instance_id, asyncio.Event())

    def wake(self, instance_id: str) -> None:
        """Wake both."""
        self.initial(instance_id).set()
        self.incremental(instance_id).set()

    async def on_connection(self, instance_id: str, system: System, user_id: str) -> None:
        """Go on when the instance was connected anew: subscribe this to the connections."""
        if not user_id:
            self.wake(instance_id)
