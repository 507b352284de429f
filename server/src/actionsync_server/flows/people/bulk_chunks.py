"""Reads a chunk from an export job of Marketo: created, enqueued, waited for, streamed.

The jobs of the next chunks are enqueued while the first one is made and read, so that Marketo's queue is not waited for
window by window. At most three of the subscription's ten places are taken: other integrations export too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from actionsync_server.clock import SECOND, Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.people.checkpoints import Checkpoints
from actionsync_server.flows.people.reading import LeadReading
from actionsync_server.flows.people.usage import CallMeter
from actionsync_server.model.errors import Refused, System, SystemBusy, SystemFailure
from actionsync_server.model.initial_syncs import Chunk
from actionsync_server.model.settings import Settings
from actionsync_server.model.synced_fields import FieldMap
from actionsync_server.systems.marketo import ExportDamaged, ExportState, Marketo

log = structlog.get_logger(__name__)

#: Chunks whose exports are under way at once.
AHEAD = 3
#: Seconds between looks at a job; Marketo itself refreshes its status once a minute.
_LOOKS = (1, 4, 10, 20, 40)
_LAST_LOOK = 60
#: A file that Marketo calls complete may not be there for a while; after so many tries it is lost.
_MISSING_TRIES = 3
#: So many lost exports of one chunk in a row are no accident any more.
_LOST_EXPORTS = 5
_GONE = "404"
#: Refusals that mean that there is no such job or file: 1013 for a job that is unknown here.
_GONE_CODES = frozenset({_GONE, "1013"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a chunk waits for."""

    until: Micros
    reason: str


class BulkChunks:
    """Reads windows of creation time. What it remembers of tries and looks is in memory: a restart begins anew."""

    def __init__(
        self, clock: Clock, *, registry: ConnectionRegistry, reading: LeadReading, checkpoints: Checkpoints
    ) -> None:
        self._clock = clock
        self._registry = registry
        self._reading = reading
        self._checkpoints = checkpoints
        self._looks: Counter[str] = Counter()
        self._missing: Counter[str] = Counter()
        self._lost: Counter[tuple[str, int]] = Counter()

    async def read(
        self, instance_id: str, sync_id: str, chunks: Sequence[Chunk], *, settings: Settings, meter: CallMeter
    ) -> Waiting | None:
        """Read the first of these chunks to its end, the others being next; or say what must be waited for.

        Raises Stopped, and the system's failures.
        """
        marketo = await self._registry.marketo(instance_id)
        fields = await self._reading.fields(instance_id)
        first, *others = chunks[:AHEAD]
        if not first.export_id:
            first = await self._order(instance_id, sync_id, first, marketo=marketo, fields=fields, meter=meter)
        for chunk in others:
            if not chunk.export_id:
                try:
                    await self._order(instance_id, sync_id, chunk, marketo=marketo, fields=fields, meter=meter)
                except SystemBusy as busy:  # no place or no volume for the next ones; the first one may be there
                    log.info("export_not_enqueued", instance_id=instance_id, system_code=busy.system_code)
                    break
        return await self._take_up(
            instance_id, sync_id, first, marketo=marketo, fields=fields, settings=settings, meter=meter
        )

    async def _order(
        self, instance_id: str, sync_id: str, chunk: Chunk, *, marketo: Marketo, fields: FieldMap, meter: CallMeter
    ) -> Chunk:
        """Create and enqueue the export of a chunk; its id is kept in between."""
        export_id = await marketo.create_lead_export(fields.names, chunk.start_position, chunk.end_position)
        ordered = await self._checkpoints.exported(instance_id, sync_id, chunk, export_id, calls=meter.take())
        await marketo.enqueue_export(export_id)
        return ordered

    async def _take_up(
        self,
        instance_id: str,
        sync_id: str,
        chunk: Chunk,
        *,
        marketo: Marketo,
        fields: FieldMap,
        settings: Settings,
        meter: CallMeter,
    ) -> Waiting | None:
        """Go on with an export wherever it stands."""
        try:
            status = await marketo.export_status(chunk.export_id)
            if status.state is ExportState.CREATED:
                await marketo.enqueue_export(chunk.export_id)
            if status.state in (ExportState.CREATED, ExportState.QUEUED, ExportState.PROCESSING):
                return self._look_again(chunk, status.state)
            if status.state is not ExportState.COMPLETED:
                message = f"Marketo: the export is {status.state}: {status.error_message}"
                raise Refused(System.MARKETO, message, system_code=_GONE)
            await self._stream(instance_id, sync_id, chunk, fields=fields, settings=settings, meter=meter)
        except (ExportDamaged, Refused, SystemBusy) as error:
            if not self._is_lost(chunk, error):
                raise
            return await self._begin_anew(instance_id, sync_id, chunk, error)
        return None

    async def _stream(
        self,
        instance_id: str,
        sync_id: str,
        chunk: Chunk,
        *,
        fields: FieldMap,
        settings: Settings,
        meter: CallMeter,
    ) -> None:
        """Read the file from the checkpoint on; the last rows come only when the file proved to be whole."""
        marketo = await self._registry.marketo(instance_id)
        limit = settings.people.person_limit
        async with aclosing(marketo.export_rows(chunk.export_id, skip_rows=chunk.committed_rows)) as portions:
            async for leads in portions:
                people = await self._reading.read(instance_id, fields, leads)
                chunk = await self._checkpoints.applied(
                    instance_id,
                    sync_id,
                    chunk,
                    people,
                    rows=len(leads),
                    calls=meter.take(),
                    person_limit=limit,
                )
        await self._checkpoints.applied(
            instance_id, sync_id, chunk, [], rows=0, calls=meter.take(), person_limit=limit, last=True
        )
        for memory in (self._looks, self._missing):
            memory.pop(chunk.export_id, None)
        self._lost.pop((sync_id, chunk.chunk_number), None)

    def _look_again(self, chunk: Chunk, state: ExportState) -> Waiting:
        look = self._looks[chunk.export_id]
        self._looks[chunk.export_id] += 1
        seconds = _LOOKS[look] if look < len(_LOOKS) else _LAST_LOOK
        doing = "is making" if state is ExportState.PROCESSING else "has queued"
        reason = f"Marketo {doing} the export of part {chunk.chunk_number}"
        return Waiting(self._clock.now() + seconds * SECOND, reason)

    def _is_lost(self, chunk: Chunk, error: SystemFailure) -> bool:
        """Tell whether an export is gone for good, so that another one is needed."""
        if isinstance(error, ExportDamaged):
            return True
        if isinstance(error, Refused):
            return error.system_code in _GONE_CODES
        if error.system_code != _GONE:
            return False
        self._missing[chunk.export_id] += 1
        return self._missing[chunk.export_id] >= _MISSING_TRIES

    async def _begin_anew(self, instance_id: str, sync_id: str, chunk: Chunk, error: SystemFailure) -> Waiting:
        log.warning(
            "export_lost", instance_id=instance_id, chunk_number=chunk.chunk_number, system_code=error.system_code
        )
        key = (sync_id, chunk.chunk_number)
        self._lost[key] += 1
        if self._lost[key] >= _LOST_EXPORTS:
            raise Refused(
                System.MARKETO,
                f"Marketo lost the export of part {chunk.chunk_number} {_LOST_EXPORTS} times: {error.message}",
                system_code=error.system_code,
            )
        await self._checkpoints.lost(instance_id, sync_id, chunk)
        wait = 0 if self._lost[key] == 1 else _LAST_LOOK * SECOND
        reason = f"Marketo no longer has the export of part {chunk.chunk_number}; another one is made"
        return Waiting(self._clock.now() + wait, reason)
