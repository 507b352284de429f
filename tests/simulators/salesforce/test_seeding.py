"""The generated world as this org shows it."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.seed.org import World, generate


@pytest.fixture
def world(clock: Clock) -> World:
    return generate(300, seed=7, start=clock.now())


@pytest.fixture
def salesforce(clock: Clock, world: World) -> SalesforceSimulator:
    simulator = SalesforceSimulator(clock=clock, seed=7)
    simulator.load(world)
    return simulator


@pytest.mark.asyncio
async def test_people_are_leads_and_contacts(api: Any, world: World) -> None:
    for kind, sobject, extra in (("lead", "Lead", "Company"), ("contact", "Contact", "AccountId")):
        fields = (
            f"Id, FirstName, LastName, Name, Email, Phone, OwnerId, HasOptedOutOfEmail, LinkedIn_Profile__c, {extra}"
        )
        rows = {row["Id"]: row for row in await api.soql(f"SELECT {fields} FROM {sobject}")}
        people = {p.salesforce_id: p for p in world.people if p.kind == kind and not p.crm_deleted}
        assert rows.keys() == people.keys()
        for record_id, person in people.items():
            row = rows[record_id]
            assert row["Email"] == person.email
            assert row["OwnerId"] == person.owner_id
            assert row["HasOptedOutOfEmail"] is person.unsubscribed
            assert row["LinkedIn_Profile__c"] == person.linkedin_url
            assert row["Name"] == f"{row['FirstName']} {row['LastName']}"
            assert row[extra] == (person.company if kind == "lead" else person.account_id)


@pytest.mark.asyncio
async def test_deleted_people_are_in_the_recycle_bin(api: Any, world: World) -> None:
    gone = {p.salesforce_id for p in world.people if p.crm_deleted}
    assert gone
    found: set[str] = set()
    for sobject in ("Lead", "Contact"):
        rows = await api.soql(f"SELECT Id FROM {sobject} WHERE IsDeleted = true", deleted_too=True)
        found |= {row["Id"] for row in rows}
    assert found == gone


@pytest.mark.asyncio
async def test_all_references_lead_somewhere(api: Any, world: World) -> None:
    simulator: SalesforceSimulator = api.simulator
    org = simulator.org
    checked = 0
    for sobject in org.schema:
        for field in sobject.stored_fields:
            if not field.reference_to:
                continue
            for row in org.database.rows(
                f'SELECT DISTINCT "{field.name}" AS target FROM "{sobject.name}" WHERE "{field.name}" IS NOT NULL'
            ):
                target = org.schema.object_for_prefix(row["target"])
                assert target is not None
                assert target.name in field.reference_to
                assert org.row(target, row["target"]) is not None, (sobject.name, field.name, row["target"])
                checked += 1
    assert checked > 100


@pytest.mark.asyncio
async def test_users_queues_and_selling(api: Any, world: World) -> None:
    users = await api.soql("SELECT Id, Username, IsActive, Profile.Name FROM User")
    assert {user["Id"] for user in users} == {user.id for user in world.users}
    by_id = {user["Id"]: user for user in users}
    assert by_id[world.users[0].id]["Username"] == "admin@simulator.example"
    assert by_id[world.users[0].id]["Profile"]["Name"] == "Standard User"
    assert sum(not user["IsActive"] for user in users) == 1
    queues = await api.soql("SELECT Id, Name, Type FROM Group")
    assert {(q["Id"], q["Type"]) for q in queues} == {(q.id, "Queue") for q in world.queues}
    assert len(await api.soql("SELECT Id FROM Account")) == len(world.accounts)
    assert len(await api.soql("SELECT Id FROM Opportunity")) == len(world.opportunities)
    assert len(await api.soql("SELECT Id FROM OpportunityContactRole")) == len(world.contact_roles)
    organization = await api.soql("SELECT Id, IsSandbox, OrganizationType, InstanceName FROM Organization LIMIT 1")
    assert organization[0]["IsSandbox"] is False


@pytest.mark.asyncio
async def test_new_ids_go_on_after_the_seeded_ones(api: Any, world: World) -> None:
    known = {person.salesforce_id for person in world.people}
    lead = await api.create("Lead", LastName="New", Company="New")
    assert lead not in known
    assert lead > max(i for i in known if i is not None and i.startswith("00Q"))


@pytest.mark.asyncio
async def test_the_same_seed_gives_the_same_answers(clock: Clock, world: World) -> None:
    images = []
    for _ in range(2):
        simulator = SalesforceSimulator(clock=clock, seed=7, world=world)
        images.append("\n".join(simulator.database.connection.iterdump()))
    assert images[0] == images[1]
