"""What an admin does with a load: start, watch, pause, resume, cancel."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.model.errors import FailedPrecondition, NotConnected, NotFound
from actionsync_server.model.initial_syncs import ConflictPolicy, InitialSyncMethod, InitialSyncState
from actionsync_server.store.initial_syncs import InitialSyncs
from actionsync_server.store.persons import Persons

pytestmark = pytest.mark.asyncio
INSTANCE = "acme"
BULK, PAGES = InitialSyncMethod.BULK_EXTRACT, InitialSyncMethod.REST_PAGES


async def until_copied(rig: Any, count: int) -> None:
    """Return as soon as so many people are stored."""
    while sum((await Persons(rig.database, INSTANCE).counts()).values()) < count:
        await rig.database.committed_after(rig.database.commit_count)


async def until_first_page(rig: Any) -> None:
    await until_copied(rig, 1)


async def test_pause_resume_and_cancel(open_rig: Any) -> None:
    rig = await open_rig(2_000)
    rig.process.work(incremental=False)
    started = await rig.start(PAGES)
    sync_id = started.initial_sync_id
    control = rig.process.control
    await until_first_page(rig)
    await control.pause(INSTANCE, sync_id)
    await rig.clock.advance(600)
    paused = await rig.sync(sync_id)
    assert paused.state is InitialSyncState.PAUSED
    assert 0 < paused.tally.processed < 2_000
    assert await control.pause(INSTANCE, sync_id) == paused
    await rig.restart(incremental=False)
    await rig.clock.advance(600)
    assert await rig.sync(sync_id) == paused
    control = rig.process.control
    assert (await control.resume(INSTANCE, sync_id)).state is InitialSyncState.RUNNING
    sync = await rig.finish(sync_id)
    assert (sync.state, sync.tally.processed) == (InitialSyncState.SUCCEEDED, 2_000)
    with pytest.raises(FailedPrecondition) as caught:
        await control.cancel(INSTANCE, sync_id)
    assert (caught.value.reason, caught.value.metadata["state"]) == ("WRONG_STATE", "SUCCEEDED")
    with pytest.raises(NotFound):
        await control.pause(INSTANCE, "s-none")


async def test_cancelled_load_keeps_people_and_frees_the_export_queue(open_rig: Any) -> None:
    rig = await open_rig(300, export_run_time=600.0)
    rig.process.work(incremental=False)
    started = await rig.start(BULK)
    await rig.clock.advance(30)
    assert (await rig.sync(started.initial_sync_id)).state is InitialSyncState.WAITING
    cancelled = await rig.process.control.cancel(INSTANCE, started.initial_sync_id)
    assert cancelled.state is InitialSyncState.CANCELLED
    await rig.clock.advance(30)
    assert rig.calls("/bulk/v1/leads/export/*/cancel.json") == 3
    await rig.clock.advance(3_600)
    assert await rig.everybody() == []


async def test_conflict_policies(open_rig: Any) -> None:
    rig = await open_rig(300)
    first = await rig.start(BULK)
    assert (await rig.start(policy=ConflictPolicy.USE_RUNNING)).initial_sync_id == first.initial_sync_id
    with pytest.raises(FailedPrecondition) as caught:
        await rig.start(policy=ConflictPolicy.FAIL)
    assert caught.value.reason == "INITIAL_SYNC_RUNNING"
    assert caught.value.metadata == {"initialSyncId": first.initial_sync_id}
    second = await rig.start(policy=ConflictPolicy.RESTART)
    assert second.initial_sync_id > first.initial_sync_id
    assert (await rig.sync(first.initial_sync_id)).state is InitialSyncState.CANCELLED
    rig.process.work(incremental=False)
    assert (await rig.finish(second.initial_sync_id)).state is InitialSyncState.SUCCEEDED
    listed = await InitialSyncs(rig.database, INSTANCE).page(before=None, count=10)
    assert [sync.initial_sync_id for sync in listed] == [second.initial_sync_id, first.initial_sync_id]


async def test_nothing_starts_without_a_connection(open_rig: Any) -> None:
    rig = await open_rig(10, connect=False)
    with pytest.raises(NotConnected):
        await rig.start()


async def test_progress_is_visible(open_rig: Any) -> None:
    rig = await open_rig(4_000)
    rig.process.work(incremental=False)
    started = await rig.start(PAGES)
    await until_first_page(rig)
    sync = await rig.sync(started.initial_sync_id)
    assert sync.state is InitialSyncState.RUNNING
    assert sync.expected_count is not None
    assert sync.expected_count > 3_500
    assert sync.chunk_count == 2
    assert sync.call_count > 3
    assert sync.start_user_id == "admin-1"
    done = await rig.finish(started.initial_sync_id)
    assert (done.finished_chunk_count, done.expected_count) == (2, 4_000)
    assert done.end_time is not None


async def test_a_new_load_does_not_wait_for_a_call_of_the_cancelled_one(open_rig: Any) -> None:
    rig = await open_rig(50)
    rig.fault("/rest/v1/leads.json", "delay", seconds=60)
    rig.process.work(incremental=False)
    hanging = await rig.start(PAGES)
    await rig.clock.advance(1)
    assert (await rig.sync(hanging.initial_sync_id)).state is InitialSyncState.RUNNING
    await rig.process.control.cancel(INSTANCE, hanging.initial_sync_id)
    started = await rig.start(PAGES)
    await rig.clock.advance(1)
    assert (await rig.sync(started.initial_sync_id)).state is InitialSyncState.SUCCEEDED
    assert (await rig.sync(hanging.initial_sync_id)).state is InitialSyncState.CANCELLED


async def test_a_pause_lets_the_call_in_hand_end(open_rig: Any) -> None:
    rig = await open_rig(50)
    rig.fault("/rest/v1/leads.json", "delay", seconds=60, nth=2)
    rig.process.work(incremental=False)
    started = await rig.start(PAGES)
    await rig.clock.advance(1)
    await rig.process.control.pause(INSTANCE, started.initial_sync_id)
    await rig.clock.advance(90)
    calls = rig.calls("/rest/v1/leads.json")
    await rig.process.control.resume(INSTANCE, started.initial_sync_id)
    assert (await rig.finish(started.initial_sync_id)).state is InitialSyncState.SUCCEEDED
    assert rig.calls("/rest/v1/leads.json") - calls <= 1
