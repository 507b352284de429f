"""What the feeds bring: scenarios 5, 9, 10 and 12, deletions and merges."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.model.persons import Qualification, SkipReason
from actionsync_server.store import changes
from actionsync_server.store.changes import ChangeKind
from actionsync_server.store.directory import DirectoryWrites

pytestmark = pytest.mark.asyncio
INSTANCE = "acme"
OWNER, QUEUE = "005000000000009AAA", "00G000000000001AAA"
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
