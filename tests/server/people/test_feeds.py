"""What makes feeds hard to read: late rows, sparse pages, floods, dead tokens, spent quotas, a killed process."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.clock import DAY, MINUTE, SECOND
from actionsync_server.model.errors import System
from actionsync_server.model.persons import Qualification
from actionsync_server.store.sync_cursors import Feed, SyncCursors

pytestmark = pytest.mark.asyncio
INSTANCE = "acme"
CHANGES = "/rest/v1/activities/leadchanges.json"
TEN_MINUTES = 601


@pytest.mark.parametrize("lag", [60.0, 300.0, 600.0])
async def test_rows_that_become_visible_late_are_not_missed(open_rig: Any, lag: float) -> None:
    rig = await open_rig(60, activity_commit_lag=lag)
    await rig.load()
    wanted = {}
    for round_number in range(8):
        for marketo_id in sorted(rig.owned())[round_number * 5 : round_number * 5 + 5]:
            wanted[marketo_id] = f"Title {round_number} of {marketo_id}"
            rig.change(marketo_id, title=wanted[marketo_id])
        await rig.look(77)
    await rig.look(lag + 2 * 91)
    assert {one: (await rig.copy(one)).fields.title for one in wanted} == wanted


@pytest.mark.parametrize("lag", [600.0])
async def test_late_merges_and_deletions_are_not_missed(open_rig: Any, lag: float) -> None:
    rig = await open_rig(60, activity_commit_lag=lag)
    await rig.load()
    gone = sorted(rig.owned())[:12]
    for number, marketo_id in enumerate(gone):
        if number % 2:
            rig.marketo.native.merge(max(rig.owned()), [marketo_id])
        else:
            rig.marketo.subscription.leads.delete(marketo_id)
        await rig.look(130)
    await rig.look(lag + 2 * TEN_MINUTES)
    assert {(await rig.copy(one)).qualification for one in gone} == {Qualification.DELETED}


async def test_leads_that_read_back_old_for_a_while_arrive(open_rig: Any) -> None:
    rig = await open_rig(60, read_lag=55.0)
    await rig.load()
    changed = sorted(rig.owned())[:20]
    for marketo_id in changed:  # somebody's row is read while the lead still shows its old values
        rig.change(marketo_id, title="Slow to show")
        await rig.look(10)
    await rig.cycle(3)
    assert {(await rig.copy(one)).fields.title for one in changed} == {"Slow to show"}


async def test_many_rows_of_one_second_are_all_applied(open_rig: Any) -> None:
    rig = await open_rig(1_000)
    await rig.load()
    for marketo_id in rig.owned():
        rig.change(marketo_id, title="Promoted", phone="+1 555 0000")
    await rig.cycle()
    assert {person.fields.title for person in await rig.everybody()} == {"Promoted"}
    assert {person.revision for person in await rig.everybody()} == {2}


@pytest.mark.parametrize("window", [1, 7])
async def test_sparse_pages_are_followed_to_the_end(open_rig: Any, window: int) -> None:
    rig = await open_rig(60, sparse_pages=window)
    await rig.load()
    winner, loser, lost = sorted(rig.owned())[:3]
    rig.change(lost, sfdcLeadOwnerId=None)
    rig.marketo.native.merge(winner, [loser])
    await rig.look(TEN_MINUTES)
    assert (await rig.copy(lost)).qualification is Qualification.NOT_QUALIFIED
    assert (await rig.copy(loser)).qualification is Qualification.DELETED


async def test_two_copies_of_a_row_apply_once(rig: Any) -> None:
    """A reading goes back 15 minutes; what was applied is known by its marketoGUID and costs no look at the lead."""
    marketo_id = rig.lead()
    await rig.load()
    await rig.look(20 * 60)
    rig.change(marketo_id, title="Once")
    await rig.cycle(2)  # a young row is looked at twice, as its lead might read back old
    before = rig.calls("/rest/v1/leads.json")
    await rig.cycle(9)
    assert rig.calls("/rest/v1/leads.json") == before
    assert (await rig.copy(marketo_id)).revision == 2


async def test_a_quiet_day_costs_what_was_promised(rig: Any) -> None:
    rig.lead()
    await rig.load()
    await rig.look(3_600)
    before = rig.calls()
    await rig.look(4 * 3_600)
    used = rig.calls() - before
    expected = 1_248 * 4 / 24
    assert expected * 0.95 <= used <= expected * 1.05


async def test_calls_of_a_replaced_client_are_counted(rig: Any) -> None:
    rig.lead()
    await rig.process.load.preview(INSTANCE)
    marketo = await rig.process.registry.marketo(INSTANCE)
    await marketo.usage_today()
    rig.process.registry.forget(INSTANCE, System.MARKETO, "")
    status = await rig.process.status.get(INSTANCE)
    own = {usage.system: usage.own_call_count for usage in status.quotas}
    assert own[System.MARKETO] == rig.calls("/rest/*")


async def test_shorter_interval_counts_at_once(rig: Any) -> None:
    marketo_id = rig.lead()
    await rig.load()
    await rig.look(95)
    await rig.set_people(lead_changes_interval=5 * SECOND)
    rig.process.wakes.wake(INSTANCE)  # as the settings do
    rig.change(marketo_id, title="Soon")
    await rig.look(6)
    assert (await rig.copy(marketo_id)).fields.title == "Soon"


async def test_flood_of_changes_is_not_read_again_at_every_poll(open_rig: Any) -> None:
    rig = await open_rig(3_000)
    await rig.load()
    await rig.look(3_600)
    before = rig.calls(CHANGES)
    for number in range(2):
        for marketo_id in rig.owned():
            rig.change(marketo_id, title=f"Title {number}")
    await rig.look(14 * 60)
    rows = 2 * len(rig.owned())
    # Once when it comes and once by the reading that goes back, plus the polls themselves.
    assert rig.calls(CHANGES) - before <= 2 * rows / 300 + 12
    assert {person.fields.title for person in await rig.everybody()} == {"Title 1"}


async def test_tokens_that_expired_during_a_long_stop_are_replaced(rig: Any) -> None:
    marketo_id = rig.lead()
    await rig.load()
    await rig.look(2 * 3_600)  # long enough for every mark to be a place, whose token lives a day
    await rig.process.die()
    await rig.look(3 * DAY / SECOND)
    rig.change(marketo_id, title="While we were away")
    await rig.look(2 * DAY / SECOND)
    await rig.restart()
    await rig.look(1)
    assert (await rig.copy(marketo_id)).fields.title == "While we were away"


async def test_killed_in_the_middle_of_a_long_reading(open_rig: Any) -> None:
    rig = await open_rig(4_000)
    await rig.load()
    for marketo_id in rig.owned():
        rig.change(marketo_id, title="Promoted")
    seen = 0

    async def strike(scope: Any) -> None:
        nonlocal seen
        if scope["path"] == CHANGES:
            seen += 1
            if seen == 5:
                rig.process.strike()

    rig.before_call = strike
    await rig.cycle()
    titles = {person.fields.title for person in await rig.everybody()}
    assert "Promoted" in titles
    assert len(titles) > 1
    await rig.restart()
    await rig.look(5)
    assert {person.fields.title for person in await rig.everybody()} == {"Promoted"}


async def test_status_tells_age_and_errors_of_feeds(rig: Any) -> None:
    rig.lead()
    before = await rig.process.status.get(INSTANCE)
    assert (before.initial_sync, before.feeds, before.incremental_running) == (None, (), False)
    await rig.load()
    await rig.look(700)
    status = await rig.process.status.get(INSTANCE)
    assert status.incremental_running
    assert [cursor.feed for cursor in status.feeds] == list(Feed)
    for cursor in status.feeds:
        assert cursor.error is None
        assert status.time - cursor.cursor_time <= 10 * MINUTE + SECOND
        assert cursor.last_poll_time is not None
    own = {usage.system: usage.own_call_count for usage in status.quotas}
    assert own[System.MARKETO] == rig.calls("/rest/*") + rig.calls("/bulk/*")

    rig.fault(CHANGES, times=None, error={"code": "608", "message": "API Temporarily Unavailable"})
    await rig.look(400)
    status = await rig.process.status.get(INSTANCE)
    failing = {cursor.feed: cursor.error for cursor in status.feeds}
    assert failing[Feed.LEAD_CHANGES] is not None
    assert failing[Feed.LEAD_CHANGES].reason == "SYSTEM_UNAVAILABLE"
    assert failing[Feed.DELETED_LEADS] is None
    rig.marketo.faults.clear()
    await rig.look(900)
    status = await rig.process.status.get(INSTANCE)
    assert all(cursor.error is None for cursor in status.feeds)


@pytest.mark.parametrize("code", ["601", "602"])
async def test_token_that_dies_between_polls_is_replaced(rig: Any, code: str) -> None:
    marketo_id = rig.lead()
    await rig.load()
    rig.fault(CHANGES, error={"code": code, "message": "Access token"})
    rig.change(marketo_id, title="After the token")
    await rig.cycle()
    assert (await rig.copy(marketo_id)).fields.title == "After the token"


async def test_spent_quota_stops_all_feeds_until_midnight(rig: Any) -> None:
    marketo_id = rig.lead()
    await rig.load()
    await rig.look(30)
    rig.fault("/rest/*", times=None, error={"code": "607", "message": "Daily quota reached"})
    rig.change(marketo_id, title="Tomorrow")
    await rig.look(300)
    calls = rig.calls()
    await rig.look(3_600)
    assert rig.calls() - calls <= 1
    status = await rig.process.status.get(INSTANCE)
    assert {cursor.error.reason for cursor in status.feeds if cursor.error} == {"SYSTEM_QUOTA_EXHAUSTED"}
    rig.marketo.faults.clear()
    await rig.look(16 * 3_600)
    assert (await rig.copy(marketo_id)).fields.title == "Tomorrow"


async def test_field_that_vanishes_from_marketo_is_dropped(rig: Any) -> None:
    marketo_id = rig.lead()
    await rig.load()
    rig.fault(CHANGES, error={"code": "1006", "message": "Field 'linkedInProfileURL' not found"})
    rig.change(marketo_id, title="Goes on")
    describes = rig.calls("/rest/v1/leads/describe.json")
    await rig.look(200)
    assert (await rig.copy(marketo_id)).fields.title == "Goes on"
    assert rig.calls("/rest/v1/leads/describe.json") == describes + 1


async def test_seen_rows_are_forgotten_in_time(rig: Any) -> None:
    ids = [rig.lead() for _ in range(5)]
    await rig.load()
    for number in range(3):
        for marketo_id in ids:
            rig.change(marketo_id, title=f"Title {number}")
        await rig.look(3 * 3_600)
    guids = [str(one) for one in range(100_001, 100_100)]
    assert len(await SyncCursors(rig.database, INSTANCE).seen(guids)) <= 5
