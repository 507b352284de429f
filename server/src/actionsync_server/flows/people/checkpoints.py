"""The transactions of an initial load: what was read, checkpoint and counters are stored together or not at all.

Each of them looks at the state as it is now: a person may have paused or cancelled the load meanwhile. Then what was
read is still kept (it is no work to repeat), and the caller stops.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.people.applying import PeopleApplier
from actionsync_server.flows.people.planning import Plan
from actionsync_server.model.initial_syncs import (
    WORKING_STATES,
    Chunk,
    Failure,
    InitialSync,
    InitialSyncState,
    Tally,
)
from actionsync_server.model.persons import MarketoPerson, Person, SkipReason
from actionsync_server.model.qualification import judge
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.initial_syncs import InitialSyncs, InitialSyncWrites
from actionsync_server.store.person_writes import ChangeSource, PersonWrites

#: Turns a sync into what it becomes, inside the transaction.
_Work = Callable[[Transaction, InitialSync], Awaitable[InitialSync]]


class Stopped(Exception):
    """The initial sync is paused or over, or goes on elsewhere: stop here. Caught by the load; no error."""


class Checkpoints:
    """Stores the progress of initial loads. Every method raises Stopped when the sync does not work any more."""

    def __init__(self, database: Database, clock: Clock, *, applier: PeopleApplier) -> None:
        self._database = database
        self._clock = clock
        self._applier = applier

    async def planned(self, instance_id: str, sync_id: str, plan: Plan, *, calls: int) -> None:
        """Store how the load reads."""

        async def work(transaction: Transaction, sync: InitialSync) -> InitialSync:
            await InitialSyncWrites(transaction, instance_id).add_chunks(sync_id, plan.chunks)
            return replace(
                sync, method=plan.method, expected_count=plan.person_count, call_count=sync.call_count + calls
            )

        await self._change(instance_id, sync_id, work)

    async def applied(
        self,
        instance_id: str,
        sync_id: str,
        chunk: Chunk,
        people: Sequence[MarketoPerson],
        *,
        rows: int,
        calls: int,
        person_limit: int,
        last: bool = False,
    ) -> Chunk:
        """Apply what was read of a chunk; return the chunk as it is now. `last` finishes it."""

        async def work(transaction: Transaction) -> tuple[bool, Chunk]:
            syncs = InitialSyncWrites(transaction, instance_id)
            sync = await _get(syncs, sync_id)
            if await syncs.chunk(sync_id, chunk.chunk_number) != chunk:
                raise Stopped  # somebody else went on with it; what was read here may be stored already
            tally = await self._apply(
                transaction, instance_id, people, since=sync.start_time, person_limit=person_limit
            )
            recounted = min(chunk.recounted, tally.unchanged)
            tally = replace(tally, unchanged=tally.unchanged - recounted)
            changed = replace(
                chunk,
                committed_rows=chunk.committed_rows + rows,
                tally=chunk.tally.plus(tally),
                recounted=0 if last else chunk.recounted - recounted,
                finished=last,
            )
            await syncs.update_chunks(sync_id, [changed])
            total = sync.tally.plus(tally)
            expected = sync.expected_count
            after = replace(
                _working(sync),
                tally=total,
                call_count=sync.call_count + calls,
                expected_count=None if expected is None else max(expected, total.processed),
            )
            await syncs.update(after, at=self._clock.now())
            return sync.state in WORKING_STATES, changed

        goes_on, changed = await self._database.write(work)
        if not goes_on:
            raise Stopped
        return changed

    async def exported(self, instance_id: str, sync_id: str, chunk: Chunk, export_id: str, *, calls: int) -> Chunk:
        """Remember the export job of a chunk, so that a restart takes it up again."""
        changed = replace(chunk, export_id=export_id)

        async def work(transaction: Transaction, sync: InitialSync) -> InitialSync:
            await InitialSyncWrites(transaction, instance_id).update_chunks(sync_id, [changed])
            return replace(sync, call_count=sync.call_count + calls)

        await self._change(instance_id, sync_id, work)
        return changed

    async def lost(self, instance_id: str, sync_id: str, chunk: Chunk) -> Chunk:
        """Begin a chunk anew, because its export is gone: a new file need not have the same rows in the same places.

        People who were made or changed from the old file come again as unchanged and are not counted again.
        """
        again = Tally(created=chunk.tally.created, updated=chunk.tally.updated)
        changed = replace(chunk, export_id="", committed_rows=0, tally=again, recounted=again.created + again.updated)

        async def work(transaction: Transaction, sync: InitialSync) -> InitialSync:
            await InitialSyncWrites(transaction, instance_id).update_chunks(sync_id, [changed])
            uncounted = replace(chunk.tally, created=0, updated=0)
            return replace(sync, tally=sync.tally.plus(uncounted, times=-1))

        await self._change(instance_id, sync_id, work)
        return changed

    async def waits(self, instance_id: str, sync_id: str, *, reason: str, until: Micros | None, calls: int = 0) -> None:
        """Say what the load waits for, and how long if that is known."""

        async def work(_: Transaction, sync: InitialSync) -> InitialSync:
            return replace(
                sync,
                state=InitialSyncState.WAITING,
                wait_reason=reason,
                wait_until_time=until,
                call_count=sync.call_count + calls,
            )

        await self._change(instance_id, sync_id, work, resumes=False)

    async def succeeded(self, instance_id: str, sync_id: str) -> None:
        """Everything was read."""

        async def work(_: Transaction, sync: InitialSync) -> InitialSync:
            return replace(sync, state=InitialSyncState.SUCCEEDED, expected_count=sync.tally.processed)

        await self._end(instance_id, sync_id, work)

    async def failed(self, instance_id: str, sync_id: str, failure: Failure) -> None:
        """It cannot go on."""

        async def work(_: Transaction, sync: InitialSync) -> InitialSync:
            return replace(sync, state=InitialSyncState.FAILED, error=failure)

        await self._end(instance_id, sync_id, work)

    async def _end(self, instance_id: str, sync_id: str, work: _Work) -> None:
        async def ended(transaction: Transaction, sync: InitialSync) -> InitialSync:
            await PersonWrites(transaction, instance_id).forget_touches()
            return replace(await work(transaction, sync), end_time=self._clock.now())

        await self._change(instance_id, sync_id, ended)

    async def _change(self, instance_id: str, sync_id: str, work: _Work, *, resumes: bool = True) -> None:
        async def change(transaction: Transaction) -> bool:
            syncs = InitialSyncWrites(transaction, instance_id)
            sync = await _get(syncs, sync_id)
            if sync.state not in WORKING_STATES:
                return False
            after = await work(transaction, _working(sync) if resumes else sync)
            if after != sync:
                await syncs.update(after, at=self._clock.now())
            return True

        if not await self._database.write(change):
            raise Stopped

    async def _apply(
        self,
        transaction: Transaction,
        instance_id: str,
        people: Sequence[MarketoPerson],
        *,
        since: Micros,
        person_limit: int,
    ) -> Tally:
        """Apply people but for those whom the incremental sync looked at `since` the load began.

        What was read here may be older than that look, and everything that came after it comes by the feeds.
        """
        writes = PersonWrites(transaction, instance_id)
        touched = await writes.touched([person.marketo_id for person in people])
        if not touched:
            return await self._apply_read(transaction, instance_id, people, person_limit)
        untouched = [person for person in people if person.marketo_id not in touched]
        tally = await self._apply_read(transaction, instance_id, untouched, person_limit)
        copies = await writes.many_by_marketo_id(touched)
        over_limit = await writes.over_limit_among(touched)
        for person in people:
            if person.marketo_id in touched:
                copy, is_over = copies.get(person.marketo_id), person.marketo_id in over_limit
                tally = tally.plus(_made_by_others(person, copy, over_limit=is_over, since=since))
        return tally

    async def _apply_read(
        self, transaction: Transaction, instance_id: str, people: Sequence[MarketoPerson], person_limit: int
    ) -> Tally:
        return await self._applier.apply(
            transaction, instance_id, people, person_limit=person_limit, source=ChangeSource.INITIAL_SYNC
        )


def _made_by_others(lead: MarketoPerson, copy: Person | None, *, over_limit: bool, since: Micros) -> Tally:
    """Count somebody whom the incremental sync has dealt with as what became of them since the load began."""
    if copy is not None:
        if copy.create_time >= since:
            return Tally(created=1)
        return Tally(updated=1) if copy.update_time >= since else Tally(unchanged=1)
    if over_limit:
        return Tally(skipped={SkipReason.OVER_LIMIT: 1})
    verdict = judge(lead)
    if verdict is None:
        return Tally(skipped={SkipReason.NO_OWNER: 1})
    # Read as qualified, but it no longer was when it was looked at.
    reason = verdict.reason if verdict.reason is not SkipReason.NONE else SkipReason.NO_OWNER
    return Tally(skipped={reason: 1})


async def _get(syncs: InitialSyncs, sync_id: str) -> InitialSync:
    sync = await syncs.get(sync_id)
    if sync is None:
        raise LookupError(f"there is no initial sync {sync_id}")
    return sync


def _working(sync: InitialSync) -> InitialSync:
    """Return the sync with its wait over, if it works at all."""
    if sync.state is not InitialSyncState.WAITING:
        return sync
    return replace(sync, state=InitialSyncState.RUNNING, wait_reason="", wait_until_time=None)
