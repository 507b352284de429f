"""From Salesforce through Marketo's own sync into our copy, and out by gRPC: the whole way, on one virtual clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import person_sync_pb2 as pb
from harness.world import World, open_world

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]
#: One cycle of the native sync and one of ours.
ROUND = 300 + 91


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, people=60) as opened:
        await opened.connect(salesforce=False)
        await opened.add_seller()
        yield opened


async def person(world: World, marketo_id: int) -> pb.Person:
    request = pb.GetPersonRequest(key=pb.PersonKey(marketo_id=marketo_id))
    return (await world.user.persons.GetPerson(request)).person


def seeded(world: World, kind: str) -> Any:
    people = world.simulators.world.people
    return next(one for one in people if one.kind == kind and (one.owner_id or "").startswith("005"))


async def test_every_qualified_person_is_there_and_no_other(world: World) -> None:
    sync = await world.sync_people()
    assert sync.state == pb.INITIAL_SYNC_STATE_SUCCEEDED
    owned = {
        one.marketo_id
        for one in world.simulators.world.people
        if (one.owner_id or "").startswith("005") and not one.crm_deleted
    }
    listed = await world.user.persons.ListPersons(pb.ListPersonsRequest(page_size=1_000))
    assert {one.marketo_id for one in listed.persons} == owned


async def test_edit_in_salesforce_arrives(world: World) -> None:
    await world.sync_people()
    lead = seeded(world, "lead")
    await world.salesforce.update("Lead", lead.salesforce_id, Title="Chief of Everything")
    await world.advance(ROUND)
    assert (await person(world, lead.marketo_id)).title == "Chief of Everything"


async def test_scenario_10_conversion_in_salesforce(world: World) -> None:
    await world.sync_people()
    lead = seeded(world, "lead")
    before = await person(world, lead.marketo_id)
    converted = await world.salesforce.control("POST", "convert", {"lead": lead.salesforce_id})
    await world.advance(ROUND)
    after = await person(world, lead.marketo_id)
    assert (after.person_id, after.marketo_id) == (before.person_id, lead.marketo_id)
    assert after.salesforce_contact_id == converted["contact"]
    assert after.salesforce_account_id == converted["account"]
    assert after.salesforce_lead_id == lead.salesforce_id
    by_contact = pb.GetPersonRequest(key=pb.PersonKey(salesforce_id=converted["contact"][:15]))
    assert (await world.user.persons.GetPerson(by_contact)).person == after


async def test_scenario_09_lead_moves_to_a_queue_and_back(world: World) -> None:
    await world.sync_people()
    lead = seeded(world, "lead")
    before = await person(world, lead.marketo_id)
    await world.salesforce.update("Lead", lead.salesforce_id, OwnerId=world.simulators.world.queues[0].id)
    await world.advance(ROUND)
    lost = await person(world, lead.marketo_id)
    assert (lost.person_id, lost.qualification) == (before.person_id, pb.QUALIFICATION_NOT_QUALIFIED)
    assert lost.qualification_reason in (pb.SKIP_REASON_OWNED_BY_QUEUE, pb.SKIP_REASON_NO_OWNER)
    await world.salesforce.update("Lead", lead.salesforce_id, OwnerId=lead.owner_id)
    await world.advance(ROUND)
    back = await person(world, lead.marketo_id)
    assert (back.person_id, back.qualification) == (before.person_id, pb.QUALIFICATION_QUALIFIED)


async def test_record_deleted_in_salesforce(world: World) -> None:
    await world.sync_people()
    lead = seeded(world, "lead")
    await world.salesforce.delete("Lead", lead.salesforce_id)
    await world.advance(ROUND)
    gone = await person(world, lead.marketo_id)
    assert gone.qualification == pb.QUALIFICATION_NOT_QUALIFIED
    assert gone.qualification_reason == pb.SKIP_REASON_DELETED_IN_SALESFORCE
