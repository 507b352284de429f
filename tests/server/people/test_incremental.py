"""The feeds: scenarios 5, 9, 10 and 12, and what makes feeds hard to read."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.clock import DAY, MINUTE, SECOND
from actionsync_server.model.errors import System
from actionsync_server.model.persons import Qualification, SkipReason
from actionsync_server.store import changes
from actionsync_server.store.changes import ChangeKind
from actionsync_server.store.directory import DirectoryWrites
from actionsync_server.store.sync_cursors import Feed, SyncCursors

pytestmark = pytest.mark.asyncio
INSTANCE = "acme"
OWNER, QUEUE = "005000000000009AAA", "00G000000000001AAA"
CHANGES = "/rest/v1/activities/leadchanges.json"
TEN_MINUTES = 601


async def test_scenario_05a_changed_title_arrives_and_nothing_else_is_written(rig: Any) -> None:
    marketo_id = rig.lead(title="CEO", phone="+1 555 0100")
    await rig.load()
    before = await rig.copy(marketo_id)
    rig.change(marketo_id, title="Chairwoman")
    await rig.cycle()
    after = await rig.copy(marketo_id)
    assert after.fields.title == "Chairwoman"
    assert after.revision == before.revision + 1
    changed = {name for name in before.fields.__slots__ if getattr(before.fields, name) != getattr(after.fields, name)}
    assert changed == {"title"}
    assert after.person_id == before.person_id


async def test_scenario_05b_other_fields_do_not_move_the_revision(rig: Any) -> None:
    marketo_id = rig.lead()
    await rig.load()
    before = await rig.copy(marketo_id)
    rig.change(marketo_id, leadScore=99, mobilePhone="+1 555 0177")
    await rig.cycle(3)
    assert await rig.copy(marketo_id) == before


async def test_scenario_05c_emptied_field_is_empty_here(rig: Any) -> None:
    marketo_id = rig.lead(phone="+1 555 0100")
    await rig.load()
    assert (await rig.copy(marketo_id)).fields.phone == "+1 555 0100"
    rig.change(marketo_id, phone=None)
    await rig.cycle()
    assert (await rig.copy(marketo_id)).fields.phone == ""


async def test_new_people_appear_when_they_qualify(rig: Any) -> None:
    await rig.load()
    new, unowned = rig.lead(), rig.lead(sfdcLeadOwnerId=None)
    await rig.cycle()
    assert (await rig.copy(new)).qualification is Qualification.QUALIFIED
    assert await rig.person(unowned) is None
    rig.change(unowned, sfdcLeadOwnerId=OWNER)
    await rig.cycle()
    assert (await rig.copy(unowned)).qualification is Qualification.QUALIFIED


@pytest.mark.parametrize(("owner", "reason"), [(None, SkipReason.NO_OWNER), (QUEUE, SkipReason.OWNED_BY_QUEUE)])
async def test_scenario_09_owner_lost_and_regained(rig: Any, owner: str | None, reason: SkipReason) -> None:
    marketo_id = rig.lead(title="CEO")
    await rig.load()
    before = await rig.copy(marketo_id)
    rig.change(marketo_id, sfdcLeadOwnerId=owner)
    await rig.cycle()
    lost = await rig.copy(marketo_id)
    assert (lost.person_id, lost.qualification) == (before.person_id, Qualification.NOT_QUALIFIED)
    assert lost.qualification_reason is reason
    rig.change(marketo_id, title="Frozen out")
    await rig.cycle()
    assert await rig.copy(marketo_id) == lost
    rig.change(marketo_id, sfdcLeadOwnerId=OWNER)
    await rig.cycle()
    back = await rig.copy(marketo_id)
    assert (back.person_id, back.qualification) == (before.person_id, Qualification.QUALIFIED)
    assert (back.fields.title, back.qualification_reason) == ("Frozen out", SkipReason.NONE)


async def test_scenario_10_conversion_keeps_the_person_and_fills_the_ids(rig: Any) -> None:
    marketo_id = rig.lead(sfdcLeadId="00Q000000000001")
    await rig.load()
    before = await rig.copy(marketo_id)
    rig.marketo.native.convert(
        marketo_id,
        {"sfdcType": "Contact", "sfdcContactId": "003000000000004", "sfdcAccountId": "001000000000005"},
    )
    await rig.cycle()
    after = await rig.copy(marketo_id)
    assert (after.person_id, after.marketo_id) == (before.person_id, marketo_id)
    assert after.fields.salesforce_contact_id == "003000000000004AAA"
    assert after.fields.salesforce_account_id == "001000000000005AAA"
    assert after.fields.salesforce_lead_id == "00Q000000000001EAA"
    assert after.qualification is Qualification.QUALIFIED


async def test_scenario_12_first_user_removed(rig: Any) -> None:
    marketo_id = rig.lead()
    await rig.load()

    async def remove(transaction: Any) -> None:
        await DirectoryWrites(transaction, INSTANCE).remove("admin-1", at=rig.clock.now())

    await rig.database.write(remove)
    await rig.restart()
    rig.change(marketo_id, title="Still followed")
    await rig.cycle()
    assert (await rig.copy(marketo_id)).fields.title == "Still followed"


async def test_deleted_in_salesforce_is_kept_without_qualification(rig: Any) -> None:
    marketo_id = rig.lead()
    await rig.load()
    rig.marketo.native.mark_deleted_in_crm(marketo_id)
    await rig.cycle()
    gone = await rig.copy(marketo_id)
    assert (gone.qualification, gone.qualification_reason) == (
        Qualification.NOT_QUALIFIED,
        SkipReason.DELETED_IN_SALESFORCE,
    )


async def test_deleted_in_marketo_leaves_a_tombstone(rig: Any) -> None:
    marketo_id, other = rig.lead(), rig.lead()
    await rig.load()
    before = await rig.copy(marketo_id)
    rig.marketo.subscription.leads.delete(marketo_id)
    await rig.look(TEN_MINUTES)
    tombstone = await rig.copy(marketo_id)
    assert (tombstone.qualification, tombstone.qualification_reason) == (
        Qualification.DELETED,
        SkipReason.DELETED_IN_MARKETO,
    )
    assert (tombstone.person_id, tombstone.fields) == (before.person_id, before.fields)
    assert (await rig.copy(other)).qualification is Qualification.QUALIFIED
    log = await changes.after(rig.database, INSTANCE, ChangeKind.PERSON, position=0, count=10)
    assert [one.type for one in log if one.subject_id == before.person_id] == [1, 3]
    counts = (await rig.process.status.get(INSTANCE)).counts
    assert counts == {Qualification.QUALIFIED: 1, Qualification.NOT_QUALIFIED: 0, Qualification.DELETED: 1}


async def test_merge_names_the_winner_and_reads_it_again(rig: Any) -> None:
    winner, loser = rig.lead(phone=None), rig.lead(phone="+1 555 0123")
    await rig.load()
    kept, dropped = await rig.copy(winner), await rig.copy(loser)
    rig.marketo.native.merge(winner, [loser])
    await rig.look(TEN_MINUTES)
    assert (await rig.copy(winner)).fields.phone == "+1 555 0123"
    assert (await rig.copy(loser)).qualification is Qualification.DELETED
    log = await changes.after(rig.database, INSTANCE, ChangeKind.PERSON, position=0, count=10)
    merged = [one for one in log if one.subject_id == dropped.person_id][-1]
    assert (merged.type, merged.detail) == (4, {"merged_into_person_id": kept.person_id})


async def test_merge_into_somebody_without_a_copy(rig: Any) -> None:
    winner, loser = rig.lead(sfdcLeadOwnerId=None), rig.lead()
    await rig.load()
    rig.marketo.native.merge(winner, [loser])
    await rig.look(TEN_MINUTES)
    assert (await rig.copy(loser)).qualification is Qualification.DELETED
    # The winner had no owner and took the loser's.
    assert (await rig.copy(winner)).qualification is Qualification.QUALIFIED


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
