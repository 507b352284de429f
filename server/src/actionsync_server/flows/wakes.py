"""Wakes the periodic workers of an instance when there is something to do before their time."""

from __future__ import annotations

import asyncio


class Wakes:
    """One event for each worker of each instance. A worker waits for its own and clears it."""

    def __init__(self) -> None:
        self._events: dict[tuple[str, str], asyncio.Event] = {}

    def of(self, instance_id: str, name: str) -> asyncio.Event:
        """Return the event of one worker."""
        return self._events.setdefault((instance_id, name), asyncio.Event())

    def wake(self, instance_id: str) -> None:
        """Wake every worker of an instance."""
        for (owner, _), event in self._events.items():
            if owner == instance_id:
                event.set()
