"""A load that is killed, paused, starved or lied to goes on and ends with everybody once: scenario 7."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from actionsync_server.clock import HOUR
from actionsync_server.flows.people.applying import PeopleApplier
from actionsync_server.flows.people.checkpoints import Checkpoints, Stopped
from actionsync_server.flows.people.planning import Plan
from actionsync_server.model.initial_syncs import Chunk, InitialSyncMethod, InitialSyncState
from actionsync_server.model.persons import MarketoPerson, PersonFields
from actionsync_server.store.initial_syncs import InitialSyncs
from actionsync_server.store.persons import Persons

pytestmark = pytest.mark.asyncio
INSTANCE = "acme"
BULK, PAGES = InitialSyncMethod.BULK_EXTRACT, InitialSyncMethod.REST_PAGES
LEADS = "/rest/v1/leads.json"
FILE, STATUS = "/bulk/v1/leads/export/*/file.json", "/bulk/v1/leads/export/*/status.json"


async def until_copied(rig: Any, count: int) -> None:
    """Return as soon as so many people are stored."""
    while sum((await Persons(rig.database, INSTANCE).counts()).values()) < count:
        await rig.database.committed_after(rig.database.commit_count)


async def kill_after(rig: Any, count: int) -> None:
    """Let the load run until so many people are stored, then kill the process."""
    killing = asyncio.create_task(until_copied(rig, count))
    killing.add_done_callback(lambda _: rig.process.strike())
    for _ in range(600):
        await rig.clock.advance(1)
        if killing.done():
            break
    await killing
    await rig.process.die()


@pytest.mark.parametrize("method", [BULK, PAGES])
async def test_scenario_07a_killed_load_goes_on(open_rig: Any, method: InitialSyncMethod) -> None:
    rig = await open_rig(11_764)
    assert len(rig.owned()) == 10_000
    rig.process.work(incremental=False)
    started = await rig.start(method)
    await kill_after(rig, 4_000)
    assert 4_000 <= len(await rig.everybody()) < 6_000
    left = await InitialSyncs(rig.database, INSTANCE).next_chunks(started.initial_sync_id, count=100)
    reads_before = rig.calls(LEADS)
    await rig.restart(incremental=False)
    sync = await rig.finish(started.initial_sync_id)
    assert sync.state is InitialSyncState.SUCCEEDED
    people = await rig.everybody()
    assert {person.marketo_id for person in people} == rig.owned()
    assert len(people) == 10_000
    # Nothing that was committed is read into the store again: every person counts once, as created.
    assert (sync.tally.created, sync.tally.updated, sync.tally.unchanged) == (10_000, 0, 0)
    assert sync.tally.processed == 11_764
    if method is PAGES:
        ids_left = sum(chunk.end_position - chunk.start_position + 1 - chunk.committed_rows for chunk in left)
        assert rig.calls(LEADS) - reads_before <= -(-ids_left // 300) + 1  # one page may be read again


@pytest.mark.parametrize("method", [BULK, PAGES])
@pytest.mark.parametrize("call", [3, 7, 9, 11, 13, 16, 20])
async def test_killed_at_any_call(open_rig: Any, method: InitialSyncMethod, call: int) -> None:
    rig = await open_rig(1_500)
    seen = 0

    async def strike(_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == call:
            rig.process.strike()

    rig.before_call = strike
    rig.process.work(incremental=False)
    started = await rig.start(method)
    await rig.clock.advance(120)
    await rig.restart(incremental=False)
    sync = await rig.finish(started.initial_sync_id)
    assert {person.marketo_id for person in await rig.everybody()} == rig.owned()
    assert (sync.tally.created, sync.tally.processed) == (len(rig.owned()), 1_500)


async def test_scenario_07b_change_during_the_load_is_not_lost(open_rig: Any) -> None:
    rig = await open_rig(2_000)
    rig.process.work()
    started = await rig.start(PAGES)
    await until_first_page(rig)
    early = min(person.marketo_id for person in await rig.everybody())
    rig.change(early, title="Changed during the load")
    await rig.finish(started.initial_sync_id)
    await rig.cycle()
    assert (await rig.copy(early)).fields.title == "Changed during the load"


async def until_first_page(rig: Any) -> None:
    await until_copied(rig, 1)


async def test_file_older_than_a_change_does_not_undo_it(open_rig: Any) -> None:
    rig = await open_rig(40, export_run_time=300.0)
    changed, lost, deleted = sorted(rig.owned())[:3]
    rig.process.work()
    started = await rig.start(BULK)
    # The export reads the people when it begins; meanwhile the feeds bring what happens while it runs.
    await rig.clock.advance(60)
    rig.change(changed, title="Newer than the file")
    rig.change(lost, sfdcLeadOwnerId=None)
    rig.marketo.subscription.leads.delete(deleted)
    sync = await rig.finish(started.initial_sync_id)
    assert sync.state is InitialSyncState.SUCCEEDED
    await rig.cycle(8)
    assert (await rig.copy(changed)).fields.title == "Newer than the file"
    for gone in (lost, deleted):
        found = await rig.person(gone)
        assert found is None or found.qualification.name != "QUALIFIED"


@pytest.mark.parametrize("code", ["601", "602"])
async def test_token_that_dies_in_mid_run_is_replaced(open_rig: Any, code: str) -> None:
    rig = await open_rig(1_200)
    rig.fault(LEADS, nth=4, error={"code": code, "message": "Access token"})
    sync = await rig.load(PAGES)
    assert (sync.state, sync.tally.processed) == (InitialSyncState.SUCCEEDED, 1_200)


async def test_spent_quota_is_waited_out(open_rig: Any) -> None:
    rig = await open_rig(1_200)
    rig.fault(LEADS, nth=5, times=None, error={"code": "607", "message": "Daily quota reached"})
    rig.process.work()
    started = await rig.start(PAGES)
    await rig.clock.advance(60)
    waiting = await rig.sync(started.initial_sync_id)
    assert waiting.state is InitialSyncState.WAITING
    assert "allowance of the day" in waiting.wait_reason
    assert waiting.wait_until_time is not None
    assert HOUR < waiting.wait_until_time - rig.clock.now() <= 24 * HOUR
    calls = rig.calls(LEADS)
    await rig.clock.advance(600)
    assert rig.calls(LEADS) == calls  # not asked again and again
    # The wait is in the store: another process keeps it, and goes on when it is over.
    rig.marketo.faults.clear()
    await rig.restart()
    await rig.clock.advance(600)
    assert (await rig.sync(started.initial_sync_id)).state is InitialSyncState.WAITING
    sync = await rig.finish(started.initial_sync_id, step=1_800)
    assert (sync.state, sync.tally.processed) == (InitialSyncState.SUCCEEDED, 1_200)
    assert sync.wait_reason == ""
    assert sync.wait_until_time is None


async def test_completed_export_without_its_file_is_made_anew(open_rig: Any) -> None:
    rig = await open_rig(200)
    missing = {"code": "404", "message": "not found", "http_status": 404}
    rig.fault(FILE, times=3, error=missing)
    sync = await rig.load(BULK)
    assert sync.state is InitialSyncState.SUCCEEDED
    assert {person.marketo_id for person in await rig.everybody()} == rig.owned()
    creations = rig.calls("/bulk/v1/leads/export/create.json")
    assert creations == sync.chunk_count + 1


async def test_full_export_queue_is_waited_for(open_rig: Any) -> None:
    rig = await open_rig(200)
    rig.fault(
        "/bulk/v1/leads/export/*/enqueue.json", times=8, error={"code": "1029", "message": "Too many jobs in queue"}
    )
    rig.process.work(incremental=False)
    started = await rig.start(BULK)
    await rig.clock.advance(1)
    waiting = await rig.sync(started.initial_sync_id)
    assert waiting.state is InitialSyncState.WAITING
    sync = await rig.finish(started.initial_sync_id, step=60)
    assert (sync.state, sync.tally.processed) == (InitialSyncState.SUCCEEDED, 200)


async def test_failed_and_unknown_exports_are_made_anew(open_rig: Any) -> None:
    rig = await open_rig(3_000)
    rig.process.work(incremental=False)
    started = await rig.start(BULK)
    await kill_after(rig, 1_000)
    # Marketo forgets the job in the middle of its file.
    rig.fault(STATUS, error={"code": "1013", "message": "Object not found"})
    await rig.restart(incremental=False)
    sync = await rig.finish(started.initial_sync_id)
    assert sync.state is InitialSyncState.SUCCEEDED
    assert {person.marketo_id for person in await rig.everybody()} == rig.owned()
    # Everybody is counted once although part of them was read twice.
    assert (sync.tally.created, sync.tally.unchanged, sync.tally.processed) == (len(rig.owned()), 0, 3_000)


async def test_export_that_is_always_lost_fails_the_load(open_rig: Any) -> None:
    rig = await open_rig(50)
    rig.fault(STATUS, times=None, error={"code": "1013", "message": "Object not found"})
    rig.process.work(incremental=False)
    started = await rig.start(BULK)
    sync = await rig.finish(started.initial_sync_id, step=60)
    assert sync.state is InitialSyncState.FAILED
    assert sync.error is not None
    assert sync.error.reason == "SYSTEM_REFUSED"


async def test_outage_is_waited_out(open_rig: Any) -> None:
    rig = await open_rig(600)
    rig.process.work()
    started = await rig.start(PAGES)
    rig.fault(LEADS, "drop_before", times=None)
    await rig.clock.advance(600)
    assert (await rig.sync(started.initial_sync_id)).state is InitialSyncState.WAITING
    rig.marketo.faults.clear()
    sync = await rig.finish(started.initial_sync_id, step=60)
    assert (sync.state, sync.tally.processed) == (InitialSyncState.SUCCEEDED, 600)


async def test_refused_login_waits_for_a_new_one(open_rig: Any) -> None:
    rig = await open_rig(100)
    await rig.connect(secret="wrong")
    rig.process.work()
    started = await rig.start()
    await rig.clock.advance(5)
    waiting = await rig.sync(started.initial_sync_id)
    assert (waiting.state, waiting.wait_until_time) == (InitialSyncState.WAITING, None)
    await rig.connect()
    await rig.restart()
    assert (await rig.finish(started.initial_sync_id)).state is InitialSyncState.SUCCEEDED


async def test_page_that_somebody_else_stored_is_not_stored_again(open_rig: Any) -> None:
    rig = await open_rig(0)
    started = await rig.start(PAGES)
    checkpoints = Checkpoints(rig.database, rig.clock, applier=PeopleApplier(rig.ids, rig.clock))
    plan = Plan(PAGES, (Chunk(1, 1, 600),), 600, 2, 0.0)
    await checkpoints.planned(INSTANCE, started.initial_sync_id, plan, calls=0)
    lead = MarketoPerson(7, PersonFields(), "005000000000009AAA", "Lead", deleted_in_salesforce=False)
    page: dict[str, Any] = {"rows": 300, "calls": 1, "person_limit": 9}
    stored = await checkpoints.applied(INSTANCE, started.initial_sync_id, plan.chunks[0], [lead], **page)
    with pytest.raises(Stopped):
        await checkpoints.applied(INSTANCE, started.initial_sync_id, plan.chunks[0], [lead], **page)
    sync = await rig.sync(started.initial_sync_id)
    assert (sync.tally.processed, stored.committed_rows) == (1, 300)
    assert await InitialSyncs(rig.database, INSTANCE).next_chunks(started.initial_sync_id, count=2) == [stored]
