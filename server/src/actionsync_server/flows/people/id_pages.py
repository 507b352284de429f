"""Reads a chunk by REST: pages of 300 lead ids, one after another, each committed before the next is read."""

from __future__ import annotations

from actionsync_server.flows.people.checkpoints import Checkpoints
from actionsync_server.flows.people.planning import PAGE
from actionsync_server.flows.people.reading import LeadReading
from actionsync_server.flows.people.usage import CallMeter
from actionsync_server.model.initial_syncs import Chunk
from actionsync_server.model.settings import Settings


class IdPages:
    """Reads ranges of ids."""

    def __init__(self, reading: LeadReading, checkpoints: Checkpoints) -> None:
        self._reading = reading
        self._checkpoints = checkpoints

    async def read(self, instance_id: str, sync_id: str, chunk: Chunk, *, settings: Settings, meter: CallMeter) -> None:
        """Read a chunk to its end, from where it stands. Raises Stopped, and the system's failures."""
        while not chunk.finished:
            first = chunk.start_position + chunk.committed_rows
            ids = range(first, min(first + PAGE - 1, chunk.end_position) + 1)
            people = await self._reading.fetch(instance_id, ids)
            chunk = await self._checkpoints.applied(
                instance_id,
                sync_id,
                chunk,
                people,
                rows=len(ids),
                calls=meter.take(),
                person_limit=settings.people.person_limit,
                last=ids.stop > chunk.end_position,
            )
