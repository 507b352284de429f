"""What an admin does with initial syncs: start, look, pause, resume, cancel. The worker carries them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.people.feed_places import first_cursor
from actionsync_server.flows.people.wakes import PeopleWakes
from actionsync_server.model.errors import FailedPrecondition, NotFound
from actionsync_server.model.ids import Ids
from actionsync_server.model.initial_syncs import (
    FINAL_STATES,
    WORKING_STATES,
    ConflictPolicy,
    InitialSync,
    InitialSyncMethod,
    InitialSyncState,
    Tally,
)
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.initial_syncs import InitialSyncs, InitialSyncWrites
from actionsync_server.store.person_writes import PersonWrites
from actionsync_server.store.sync_cursors import Feed, SyncCursorWrites

#: Turns a sync into what it becomes; returns the same one when it is there already.
_Step = Callable[[InitialSync, Micros], InitialSync]


class InitialSyncControl:
    """The initial syncs of every instance."""

    def __init__(
        self, database: Database, clock: Clock, *, ids: Ids, registry: ConnectionRegistry, wakes: PeopleWakes
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._registry = registry
        self._wakes = wakes

    async def start(
        self, instance_id: str, *, user_id: str, policy: ConflictPolicy, method: InitialSyncMethod | None
    ) -> InitialSync:
        """Start an initial sync; the incremental sync follows from this instant on, for ever.

        Raises NotConnected, or FailedPrecondition INITIAL_SYNC_RUNNING where the policy says so.
        """
        await self._registry.marketo(instance_id)  # nothing is started that cannot read

        async def work(transaction: Transaction) -> InitialSync:
            syncs = InitialSyncWrites(transaction, instance_id)
            at = self._clock.now()
            running = await syncs.open()
            if running is not None:
                if policy is ConflictPolicy.USE_RUNNING:
                    return running
                if policy is ConflictPolicy.FAIL:
                    raise _running(running)
                await syncs.update(_cancelled(running, at), at=at)
            started = self._new(user_id, method, at)
            await syncs.create(started)
            await PersonWrites(transaction, instance_id).forget_touches()
            # The cursor comes before the load, so that no change during the load is lost.
            cursors = SyncCursorWrites(transaction, instance_id)
            known = await cursors.all()
            for feed in Feed:
                if feed not in known:
                    await cursors.put(first_cursor(feed, at))
            return started

        started = await self._database.write(work)
        self._wakes.wake(instance_id)
        return started

    async def get(self, instance_id: str, initial_sync_id: str) -> InitialSync:
        """Return one; raises NotFound."""
        found = await InitialSyncs(self._database, instance_id).get(initial_sync_id)
        if found is None:
            raise NotFound("initial_sync", initial_sync_id)
        return found

    async def list(self, instance_id: str, *, before: str | None, count: int) -> list[InitialSync]:
        """Return up to `count`, newest first, after the one with id `before`."""
        return await InitialSyncs(self._database, instance_id).page(before=before, count=count)

    async def pause(self, instance_id: str, initial_sync_id: str) -> InitialSync:
        """Let it rest after the chunk in hand; raises NotFound, FailedPrecondition WRONG_STATE."""
        return await self._change(instance_id, initial_sync_id, _paused)

    async def resume(self, instance_id: str, initial_sync_id: str) -> InitialSync:
        """Let a paused one go on; raises NotFound, FailedPrecondition WRONG_STATE."""
        return await self._change(instance_id, initial_sync_id, _resumed)

    async def cancel(self, instance_id: str, initial_sync_id: str) -> InitialSync:
        """End it for good; people already copied stay. Raises NotFound, FailedPrecondition WRONG_STATE."""
        return await self._change(instance_id, initial_sync_id, _cancelled)

    async def _change(self, instance_id: str, initial_sync_id: str, step: _Step) -> InitialSync:
        async def work(transaction: Transaction) -> InitialSync:
            syncs = InitialSyncWrites(transaction, instance_id)
            before = await syncs.get(initial_sync_id)
            if before is None:
                raise NotFound("initial_sync", initial_sync_id)
            at = self._clock.now()
            after = step(before, at)
            if after is not before:
                await syncs.update(after, at=at)
                if after.state in FINAL_STATES:
                    await PersonWrites(transaction, instance_id).forget_touches()
            return after

        changed = await self._database.write(work)
        self._wakes.initial(instance_id).set()
        return changed

    def _new(self, user_id: str, method: InitialSyncMethod | None, at: Micros) -> InitialSync:
        return InitialSync(
            initial_sync_id=self._ids.make("s"),
            state=InitialSyncState.RUNNING,
            method=method,
            tally=Tally(),
            expected_count=None,
            call_count=0,
            finished_chunk_count=0,
            chunk_count=0,
            wait_reason="",
            wait_until_time=None,
            error=None,
            start_user_id=user_id,
            start_time=at,
            end_time=None,
        )


def _paused(sync: InitialSync, at: Micros) -> InitialSync:
    if sync.state is InitialSyncState.PAUSED:
        return sync
    if sync.state not in WORKING_STATES:
        raise _wrong_state(sync)
    return replace(sync, state=InitialSyncState.PAUSED, wait_reason="", wait_until_time=None)


def _resumed(sync: InitialSync, at: Micros) -> InitialSync:
    if sync.state in WORKING_STATES:
        return sync
    if sync.state is not InitialSyncState.PAUSED:
        raise _wrong_state(sync)
    return replace(sync, state=InitialSyncState.RUNNING)


def _cancelled(sync: InitialSync, at: Micros) -> InitialSync:
    if sync.state is InitialSyncState.CANCELLED:
        return sync
    if sync.state in FINAL_STATES:
        raise _wrong_state(sync)
    return replace(sync, state=InitialSyncState.CANCELLED, wait_reason="", wait_until_time=None, end_time=at)


def _wrong_state(sync: InitialSync) -> FailedPrecondition:
    return FailedPrecondition(
        f"the initial sync {sync.initial_sync_id!r} is {sync.state.name}, so this cannot be done to it",
        reason="WRONG_STATE",
        metadata={"resource": "initial_sync", "state": sync.state.name},
    )


def _running(sync: InitialSync) -> FailedPrecondition:
    return FailedPrecondition(
        f"the initial sync {sync.initial_sync_id!r} is under way; cancel it, or ask to use it or to restart",
        reason="INITIAL_SYNC_RUNNING",
        metadata={"initialSyncId": sync.initial_sync_id},
    )
