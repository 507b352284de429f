"""Carries out the initial sync of an instance, step by step; all that must survive is in the store.

A step goes on until there is something to wait for, and returns for how long. A process that is killed loses at most
the page in its hand: the next one takes up the same plan, the same export jobs, and the chunk at its checkpoint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from actionsync_server.clock import HOUR, SECOND, Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.people import census
from actionsync_server.flows.people.bulk_chunks import AHEAD, BulkChunks
from actionsync_server.flows.people.checkpoints import Checkpoints, Stopped
from actionsync_server.flows.people.failures import failure_of, note, wait_after
from actionsync_server.flows.people.id_pages import IdPages
from actionsync_server.flows.people.planning import Plan, make_plan
from actionsync_server.flows.people.reading import LeadReading
from actionsync_server.flows.people.usage import CallMeter, CallUsage
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.errors import (
    LoginRefused,
    NotConnected,
    NotPrepared,
    QuotaExhausted,
    Refused,
    SystemFailure,
)
from actionsync_server.model.initial_syncs import FINAL_STATES, Chunk, InitialSync, InitialSyncMethod, InitialSyncState
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.initial_syncs import InitialSyncs, InitialSyncWrites

log = structlog.get_logger(__name__)

#: Where there is nothing to do until somebody wakes the worker.
IDLE: Micros = HOUR
#: How many of the newest loads may have left exports behind.
_TIDIED = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """What an initial load would do. `used_call_count` is what Marketo counted today, this preview included."""

    census: census.Census
    plan: Plan
    used_call_count: int
    missing_fields: tuple[str, ...]


class InitialLoad:
    """The initial loads of every instance."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        reading: LeadReading,
        checkpoints: Checkpoints,
        usage: CallUsage,
    ) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._settings = settings
        self._reading = reading
        self._checkpoints = checkpoints
        self._usage = usage
        self._bulk = BulkChunks(clock, registry=registry, reading=reading, checkpoints=checkpoints)
        self._pages = IdPages(reading, checkpoints)
        self._failures: Counter[str] = Counter()
        self._in_hand: dict[str, str] = {}

    async def is_over(self, instance_id: str) -> bool:
        """Tell whether the sync that the present step works on was ended by somebody meanwhile."""
        sync_id = self._in_hand.get(instance_id)
        if sync_id is None:
            return False
        sync = await InitialSyncs(self._database, instance_id).get(sync_id)
        return sync is not None and sync.state in FINAL_STATES

    async def step(self, instance_id: str) -> float:
        """Go on with the initial sync, if there is one to go on with; return the seconds until the next step."""
        await self._tidy(instance_id)
        sync = await InitialSyncs(self._database, instance_id).open()
        if sync is None or sync.state is InitialSyncState.PAUSED:
            return IDLE / SECOND
        now = self._clock.now()
        if sync.wait_until_time is not None and sync.wait_until_time > now:
            return (sync.wait_until_time - now) / SECOND
        self._in_hand[instance_id] = sync.initial_sync_id
        try:
            wait = await self._go_on(instance_id, sync)
            self._failures.pop(sync.initial_sync_id, None)
        except Stopped:
            wait = 0
        except Exception as error:
            wait = await self._failed(instance_id, sync.initial_sync_id, error)
        finally:
            self._in_hand.pop(instance_id, None)
        await self._usage.store(instance_id)
        return wait / SECOND

    async def preview(self, instance_id: str) -> Preview:
        """Look who there is and what reading them would cost. Raises NotConnected and the system's failures."""
        fields = await self._reading.fields(instance_id, fresh=True)
        marketo = await self._registry.marketo(instance_id)
        found = await census.take(marketo, fields)
        used = await marketo.usage_today()
        await self._usage.store(instance_id, marketo_used=used)
        return Preview(found, make_plan(found, now=self._clock.now(), method=None), used, fields.missing)

    async def _go_on(self, instance_id: str, sync: InitialSync) -> Micros:
        marketo = await self._registry.marketo(instance_id)
        meter = CallMeter(marketo.calls)
        sync_id, method = sync.initial_sync_id, sync.method
        if not sync.chunk_count:
            fields = await self._reading.fields(instance_id, fresh=True)
            found = await census.take(marketo, fields)
            plan = make_plan(found, now=self._clock.now(), method=method)
            await self._checkpoints.planned(instance_id, sync_id, plan, calls=meter.take())
            method = plan.method
        stored = InitialSyncs(self._database, instance_id)
        while chunks := await stored.next_chunks(sync_id, count=AHEAD):
            settings = await self._settings.get(instance_id)
            if method is InitialSyncMethod.REST_PAGES:
                await self._pages.read(instance_id, sync_id, chunks[0], settings=settings, meter=meter)
                continue
            waiting = await self._bulk.read(instance_id, sync_id, chunks, settings=settings, meter=meter)
            if waiting is not None:
                await self._checkpoints.waits(
                    instance_id, sync_id, reason=waiting.reason, until=waiting.until, calls=meter.take()
                )
                return max(waiting.until - self._clock.now(), 0)
        await self._checkpoints.succeeded(instance_id, sync_id)
        return IDLE

    async def _tidy(self, instance_id: str) -> None:
        """Take the exports of ended loads out of Marketo's queue, which others use too; tried once."""
        stored = InitialSyncs(self._database, instance_id)
        for sync in await stored.page(before=None, count=_TIDIED):
            if sync.state not in (InitialSyncState.CANCELLED, InitialSyncState.FAILED):
                continue
            sync_id = sync.initial_sync_id
            left = [chunk for chunk in await stored.next_chunks(sync_id, count=AHEAD) if chunk.export_id]
            if not left:
                continue

            async def work(
                transaction: Transaction, sync_id: str = sync_id, left: Sequence[Chunk] = tuple(left)
            ) -> None:
                dropped = [replace(chunk, export_id="") for chunk in left]
                await InitialSyncWrites(transaction, instance_id).update_chunks(sync_id, dropped)

            await self._database.write(work)
            try:
                marketo = await self._registry.marketo(instance_id)
                for chunk in left:
                    await marketo.cancel_export(chunk.export_id)
            except (SystemFailure, NotConnected) as error:
                log.info("export_not_cancelled", instance_id=instance_id, reason=error.reason)

    async def _failed(self, instance_id: str, sync_id: str, error: Exception) -> Micros:
        """Wait where waiting may help; otherwise the sync has failed."""
        await note(error, instance_id, registry=self._registry, what="initial_sync_interrupted")
        self._failures[sync_id] += 1
        now = self._clock.now()
        wait = wait_after(error, failure_count=self._failures[sync_id], now=now)
        failure = failure_of(error)
        try:
            if isinstance(error, Refused | NotPrepared):
                # The first time it may be a field that Marketo no longer has: ask which ones there are.
                self._reading.forget_fields(instance_id)
            if isinstance(error, Refused | NotPrepared) and self._failures[sync_id] > 1:
                await self._checkpoints.failed(instance_id, sync_id, failure)
                return IDLE
            # Without a login it goes on as soon as somebody connects, so no time is promised.
            until = None if isinstance(error, LoginRefused | NotConnected) else now + wait
            await self._checkpoints.waits(instance_id, sync_id, reason=_reason(error, failure.message), until=until)
        except Stopped:
            return 0
        return wait


def _reason(error: Exception, message: str) -> str:
    if isinstance(error, QuotaExhausted):
        return f"{error.system.name.title()}'s allowance of the day is spent: {message}"
    if isinstance(error, SystemFailure | NotConnected):
        return message
    return "a fault of actionsync itself; it tries again"
