"""Wakes the periodic workers of an instance when there is something to do before their time."""

from __future__ import annotations

import asyncio

#: Workers that are woken by others, by name.
REMINDER_SYNC = "reminder_sync"
UNSUBSCRIBE_SYNC = "unsubscribe_sync"
CHANGE_EVENTS = "change_events"


class Wakes:
    """One event for each worker of each instance. A worker waits for its own and clears it.

    Woken, a worker looks whether anything is due. Asked, it is to take its work for due.
    """

    def __init__(self) -> None:
        self._events: dict[tuple[str, str], asyncio.Event] = {}
        self._asked: set[tuple[str, str]] = set()

    def of(self, instance_id: str, name: str) -> asyncio.Event:
        """Return the event of one worker."""
        return self._events.setdefault((instance_id, name), asyncio.Event())

    def wake(self, instance_id: str) -> None:
        """Wake every worker of an instance."""
        for (owner, _), event in self._events.items():
            if owner == instance_id:
                event.set()

    def ask(self, instance_id: str, name: str) -> None:
        """Wake one worker and let it work before its time."""
        self._asked.add((instance_id, name))
        self.of(instance_id, name).set()

    def take_asked(self, instance_id: str, name: str) -> bool:
        """Tell whether a worker was asked since the last time this was called for it."""
        asked = (instance_id, name) in self._asked
        self._asked.discard((instance_id, name))
        return asked
