"""The streams that are open now, so that they can be looked at and ended from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actionsync_simulators.salesforce.events.pubsub.errors import PubSubError


@dataclass(slots=True, eq=False)
class Stream:
    """One open stream. `ending` is why it shall end, once someone wants it to."""

    id: str
    method: str
    username: str
    opened_at: datetime
    bell: asyncio.Event
    topic: str = ""
    credit: int = 0
    position: int = 0
    ending: PubSubError | None = field(default=None)

    def describe(self) -> dict[str, Any]:
        """What the control plane shows."""
        return {
            "id": self.id,
            "method": self.method,
            "topic": self.topic,
            "user": self.username,
            "opened_at": self.opened_at,
            "pending_num_requested": self.credit,
            "replay_id": self.position,
        }


class Streams:
    """All open streams of the org."""

    def __init__(self) -> None:
        self._open: dict[str, Stream] = {}
        self.managed: set[str] = set()
        """Ids of the managed subscriptions that have a subscriber."""

    def __iter__(self) -> Iterator[Stream]:
        return iter(self._open.values())

    def add(self, stream: Stream) -> None:
        """A stream has been opened."""
        self._open[stream.id] = stream

    def remove(self, stream: Stream) -> None:
        """A stream has ended."""
        self._open.pop(stream.id, None)

    def end(self, error: PubSubError, *, topic: str | None = None) -> int:
        """End every stream, or those of one topic. Returns how many."""
        ended = [each for each in self._open.values() if topic in (None, each.topic)]
        for stream in ended:
            stream.ending = error
            stream.bell.set()
        return len(ended)
