"""The initial load: scenarios 1 to 4, 6, 11 and the ways of reading."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.clock import from_datetime
from actionsync_server.model.errors import System
from actionsync_server.model.initial_syncs import InitialSyncMethod, InitialSyncState
from actionsync_server.model.persons import PersonFields, Qualification, SkipReason
from actionsync_server.model.synced_fields import SYNCED_FIELDS
from actionsync_server.store import changes
from actionsync_server.store.alerts import Alerts
from actionsync_server.store.changes import ChangeKind
from actionsync_server.store.connections import ConnectionWrites
from actionsync_server.store.database import Transaction
from actionsync_server.store.persons import Persons
from actionsync_server.store.schema import persons
from actionsync_server.store.secrets import SecretBox
from actionsync_server.store.statement import Statement
from sqlalchemy import select

pytestmark = pytest.mark.asyncio
INSTANCE = "acme"
BOX = SecretBox(bytes(32))
OWNER, QUEUE = "005000000000009AAA", "00G000000000001AAA"
BULK, PAGES = InitialSyncMethod.BULK_EXTRACT, InitialSyncMethod.REST_PAGES


@pytest.mark.parametrize("method", [BULK, PAGES])
async def test_scenario_01_owned_lead(rig: Any, method: InitialSyncMethod) -> None:
    marketo_id = rig.lead(
        firstName="Ann",
        lastName="Lee",
        email="Ann.Lee@Example.com",
        company="Acme",
        title="CEO",
        phone="+1 555 0100",
        linkedInProfileURL="https://linkedin.example/in/annlee",
        leadSource="Trade Show",
        sfdcLeadId="00Q000000000001",
        sfdcLeadOwnerId="005000000000009",
    )
    await rig.load(method)
    people = await rig.everybody()
    assert [person.marketo_id for person in people] == [marketo_id]
    assert people[0].fields == PersonFields(
        first_name="Ann",
        last_name="Lee",
        email="Ann.Lee@Example.com",
        company="Acme",
        title="CEO",
        phone="+1 555 0100",
        linkedin_url="https://linkedin.example/in/annlee",
        source="Trade Show",
        salesforce_lead_id="00Q000000000001EAA",
    )
    assert people[0].qualification is Qualification.QUALIFIED
    assert people[0].revision == 1


@pytest.mark.parametrize("method", [BULK, PAGES])
async def test_seeded_world_is_copied_and_counted(open_rig: Any, method: InitialSyncMethod) -> None:
    rig = await open_rig(400)
    sync = await rig.load(method)
    assert sync.state is InitialSyncState.SUCCEEDED
    assert {person.marketo_id for person in await rig.everybody()} == rig.owned()
    assert sync.tally.created == len(rig.owned())
    assert sync.tally.processed == 400
    assert sync.tally.skipped == {
        SkipReason.NOT_IN_SALESFORCE: 32,
        SkipReason.OWNED_BY_QUEUE: 20,
        SkipReason.DELETED_IN_SALESFORCE: 8,
    }
    assert sync.method is method


async def test_scenario_02_owned_contact(rig: Any) -> None:
    marketo_id = rig.contact(company="Acme", sfdcContactId="003000000000002", sfdcAccountId="001000000000003")
    await rig.load()
    fields = (await rig.copy(marketo_id)).fields
    assert fields.salesforce_contact_id == "003000000000002AAA"
    assert fields.salesforce_account_id == "001000000000003AAA"
    assert fields.company == "Acme"
    assert fields.salesforce_lead_id == ""


async def test_scenario_03a_marketo_only_person_is_absent_and_counted(rig: Any) -> None:
    marketo_id = rig.lead(sfdcType=None, sfdcLeadId=None, sfdcLeadOwnerId=None)
    sync = await rig.load()
    assert await rig.person(marketo_id) is None
    assert sync.tally.skipped == {SkipReason.NOT_IN_SALESFORCE: 1}


async def test_scenario_03b_queue_owned_lead_appears_with_its_owner(rig: Any) -> None:
    marketo_id = rig.lead(sfdcLeadOwnerId=QUEUE)
    sync = await rig.load()
    assert await rig.person(marketo_id) is None
    assert sync.tally.skipped == {SkipReason.OWNED_BY_QUEUE: 1}
    rig.change(marketo_id, sfdcLeadOwnerId=OWNER)
    await rig.cycle()
    assert (await rig.copy(marketo_id)).qualification is Qualification.QUALIFIED


async def test_scenario_04a_exactly_the_13_fields_are_stored(rig: Any) -> None:
    marketo_id = rig.contact(mobilePhone="+1 555 0199", sfdcOpptyId="006000000000001", leadScore=12)
    await rig.load()
    row = await rig.database.row(Statement(select(persons).where(persons.c.marketo_id == marketo_id)))
    assert set(row.keys()) == {field.name for field in SYNCED_FIELDS} | {
        "instance_id",
        "person_id",
        "email_key",
        "search_text",
        "qualification",
        "qualification_reason",
        "revision",
        "create_time",
        "update_time",
    }
    assert "+1 555 0199" not in tuple(row)
    assert row["salesforce_opportunity_id"] == "006000000000001AAA"


async def test_scenario_06_duplicates_are_mirrored(rig: Any) -> None:
    first, second = rig.lead(email="twin@example.com"), rig.lead(email="Twin@example.com")
    await rig.load()
    twins = await Persons(rig.database, INSTANCE).by_email([" TWIN@example.com"])
    assert [person.marketo_id for person in twins["twin@example.com"]] == [first, second]


@pytest.mark.parametrize("method", [BULK, PAGES])
async def test_scenario_11_ceiling(rig: Any, method: InitialSyncMethod) -> None:
    await rig.set_people(person_limit=5)
    ids = [rig.lead() for _ in range(7)]
    sync = await rig.load(method)
    kept = [person.marketo_id for person in await rig.everybody()]
    assert kept == ids[:5]
    assert sync.tally.skipped == {SkipReason.OVER_LIMIT: 2}
    status = await rig.process.status.get(INSTANCE)
    assert status.over_limit_count == 2
    assert [alert.name for alert in await Alerts(rig.database, INSTANCE).list()] == ["person_limit_reached"]

    rig.change(ids[0], title="CTO")
    await rig.cycle()
    assert (await rig.copy(ids[0])).fields.title == "CTO"

    await rig.set_people(person_limit=6)
    await rig.cycle()
    assert len(await rig.everybody()) == 6
    await rig.set_people(person_limit=10)
    await rig.cycle(2)
    assert len(await rig.everybody()) == 7
    assert (await rig.process.status.get(INSTANCE)).over_limit_count == 0
    assert await Alerts(rig.database, INSTANCE).list() == []


async def test_contact_owners_are_asked_of_salesforce_where_marketo_hides_them(open_rig: Any) -> None:
    rig = await open_rig(120, contact_owner="empty")
    await rig.connect(System.SALESFORCE)
    sync = await rig.load()
    assert {person.marketo_id for person in await rig.everybody()} == rig.owned()
    assert SkipReason.NO_OWNER not in sync.tally.skipped


async def test_unknown_contact_owners_leave_copies_as_they_are(open_rig: Any) -> None:
    rig = await open_rig(120, contact_owner="empty")
    await rig.connect(System.SALESFORCE)
    await rig.load()
    before = await rig.everybody()
    contact = next(person for person in before if person.fields.salesforce_contact_id)

    async def disconnect(transaction: Transaction) -> None:
        await ConnectionWrites(transaction, INSTANCE, BOX).delete(System.SALESFORCE)

    await rig.database.write(disconnect)
    await rig.restart()
    rig.change(contact.marketo_id, title="Chief of Everything")
    await rig.cycle()
    after = await rig.copy(contact.marketo_id)
    assert (after.qualification, after.fields.title) == (Qualification.QUALIFIED, "Chief of Everything")


async def test_missing_fields_stay_empty(open_rig: Any) -> None:
    rig = await open_rig(60, social="off")
    preview = await rig.process.load.preview(INSTANCE)
    assert preview.missing_fields == ("linkedInProfileURL",)
    await rig.load(BULK)
    people = await rig.everybody()
    assert len(people) == len(rig.owned())
    assert {person.fields.linkedin_url for person in people} == {""}


async def test_without_the_native_sync_nobody_is_touched(open_rig: Any) -> None:
    rig = await open_rig(30, crm="none")
    sync = await rig.load()
    assert sync.state is InitialSyncState.FAILED
    assert sync.error is not None
    assert sync.error.reason == "SYSTEM_NOT_PREPARED"


async def test_empty_subscription_succeeds_at_once(rig: Any) -> None:
    sync = await rig.load()
    assert sync.state is InitialSyncState.SUCCEEDED
    assert sync.tally.processed == 0
    assert sync.expected_count == 0


@pytest.mark.parametrize(("people", "method"), [(60, PAGES), (9_000, BULK)])
async def test_cheaper_way_is_chosen(open_rig: Any, people: int, method: InitialSyncMethod) -> None:
    rig = await open_rig(people)
    before = rig.calls()
    preview = await rig.process.load.preview(INSTANCE)
    assert rig.calls() - before < 25
    assert preview.plan.method is method
    assert abs(preview.plan.person_count - people) < people * 0.05
    oldest = from_datetime(rig.world.people[0].created_at)
    assert abs(preview.census.earliest_time - oldest) <= 1_000_000


async def test_second_load_changes_nothing(open_rig: Any) -> None:
    rig = await open_rig(300)
    await rig.load(BULK)
    before = await rig.everybody()
    sync = await rig.load(BULK)
    assert await rig.everybody() == before
    assert sync.tally.unchanged == len(before)
    assert (sync.tally.created, sync.tally.updated) == (0, 0)


async def test_every_change_of_a_person_is_in_the_log(rig: Any) -> None:
    marketo_id = rig.lead()
    await rig.load()
    rig.change(marketo_id, title="CTO")
    await rig.cycle()
    person = await rig.copy(marketo_id)
    log = await changes.after(rig.database, INSTANCE, ChangeKind.PERSON, position=0, count=10)
    assert [(one.subject_id, one.type) for one in log] == [(person.person_id, 1), (person.person_id, 2)]
