"""People who are deleted, in Marketo or in Salesforce, and people who were never here: what is done, what is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2, sync_settings_pb2
from actionsync.v1 import person_sync_pb2 as contract
from actionsync.v1.common_pb2 import (
    DELIVERY_REASON_NOT_QUALIFIED,
    DELIVERY_REASON_PERSON_GONE,
    DELIVERY_STATE_DELIVERED,
    DELIVERY_STATE_SKIPPED,
    DELIVERY_STATE_WAITING,
    SYSTEM_MARKETO,
    SYSTEM_SALESFORCE,
    System,
)
from actionsync_client import NotConnectedError, ResourceNotFoundError
from google.protobuf.timestamp_pb2 import Timestamp
from harness.world import SELLER, World, open_world

pytestmark = pytest.mark.asyncio
Person = contract.Person
Logging = sync_settings_pb2.LoggingSettings

NATIVE_CYCLE, CYCLE, DELETIONS = 301, 91, 601


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance in a small world that logs calls, with everybody copied."""
    async with open_world(tmp_path, people=30) as opened:
        await opened.connect()
        await opened.add_seller()
        wanted = Logging(log_calls=True, log_as=Logging.LOG_AS_INTEGRATION_USER)
        await opened.set(sync_settings_pb2.Settings(logging=wanted), "logging.log_calls", "logging.log_as")
        await opened.sync_people()
        yield opened


async def add_lead(world: World, owner: str = "") -> str:
    return await world.salesforce.create(
        "Lead", LastName="Gone", Company="Gone Ltd", Email="g@gone.example", OwnerId=owner or world.seller_salesforce_id
    )


async def get(world: World, **key: Any) -> Person:
    request = contract.GetPersonRequest(key=contract.PersonKey(**key))
    return (await world.user.persons.GetPerson(request)).person


async def explain(world: World, **key: Any) -> contract.ExplainPersonResponse:
    request = contract.ExplainPersonRequest(key=contract.PersonKey(**key))
    return await world.user.persons.ExplainPerson(request)


async def log_call(world: World, person: Person) -> activity_log_pb2.Activity:
    status = activity_log_pb2.ReceivedSalesCall.CALL_STATUS_COMPLETED
    content = activity_log_pb2.ActivityContent(
        idempotency_key="call",
        person_id=person.person_id,
        user_id=SELLER,
        activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
        received_sales_call=activity_log_pb2.ReceivedSalesCall(call_status=status),
    )
    answer = await world.user.activities.LogActivity(activity_log_pb2.LogActivityRequest(content=content))
    await world.advance(30)
    return answer.activity


async def state(world: World, activity: activity_log_pb2.Activity, system: System) -> tuple[int, int]:
    """Return state and reason of the delivery of an activity to a system."""
    request = activity_log_pb2.ListDeliveriesRequest(activity_id=activity.activity_id, system=system)
    (delivery,) = (await world.user.activities.ListDeliveries(request)).deliveries
    return delivery.state, delivery.reason


async def test_who_is_deleted_in_marketo_leaves_a_tombstone_and_nothing_is_delivered_any_more(world: World) -> None:
    lead = await add_lead(world)
    await world.advance(NATIVE_CYCLE + CYCLE)
    person = await get(world, salesforce_id=lead)
    await world.marketo.delete(person.marketo_id)
    await world.advance(DELETIONS)
    gone = await get(world, person_id=person.person_id)
    assert (gone.qualification, gone.qualification_reason) == (
        contract.QUALIFICATION_DELETED,
        contract.SKIP_REASON_DELETED_IN_MARKETO,
    )
    activity = await log_call(world, person)
    for system in (SYSTEM_MARKETO, SYSTEM_SALESFORCE):
        assert await state(world, activity, system) == (DELIVERY_STATE_SKIPPED, DELIVERY_REASON_PERSON_GONE)
    told = await explain(world, person_id=person.person_id)
    assert (told.qualification, told.reason) == (gone.qualification, gone.qualification_reason)
    assert "deleted in Marketo" in told.events[-1].description


async def test_logging_to_salesforce_rests_while_the_record_is_deleted(world: World) -> None:
    lead = await add_lead(world)
    await world.advance(NATIVE_CYCLE + CYCLE)
    person = await get(world, salesforce_id=lead)
    await world.salesforce.delete("Lead", lead)
    await world.advance(NATIVE_CYCLE + CYCLE)
    kept = await get(world, person_id=person.person_id)
    assert (kept.qualification, kept.qualification_reason) == (
        contract.QUALIFICATION_NOT_QUALIFIED,
        contract.SKIP_REASON_DELETED_IN_SALESFORCE,
    )
    activity = await log_call(world, person)
    assert (await state(world, activity, SYSTEM_MARKETO))[0] == DELIVERY_STATE_DELIVERED
    assert await state(world, activity, SYSTEM_SALESFORCE) == (DELIVERY_STATE_WAITING, DELIVERY_REASON_NOT_QUALIFIED)
    # Marketo's sync writes the person to Salesforce again, as a new lead.
    again = await add_lead(world)
    world.simulators.marketo.native.update(
        person.marketo_id, {"sfdcLeadId": again, "sfdcIsDeleted": False, "sfdcLeadOwnerId": world.seller_salesforce_id}
    )
    await world.advance(CYCLE + 30)
    back = await get(world, person_id=person.person_id)
    assert (back.qualification, back.salesforce_lead_id) == (contract.QUALIFICATION_QUALIFIED, again)
    assert (await state(world, activity, SYSTEM_SALESFORCE))[0] == DELIVERY_STATE_DELIVERED
    (task,) = await world.salesforce.query("SELECT WhoId FROM Task WHERE TaskSubtype = 'Call' OR Type = 'Call'")
    assert task["WhoId"] == again
    events = [event.description for event in (await explain(world, person_id=person.person_id)).events]
    assert events[1] == "no longer qualifies: deleted in salesforce"
    assert events[2] == "qualifies again; changed in Marketo: salesforce_lead_id"


async def test_what_rests_goes_on_with_the_person_into_whom_marketo_merges(world: World) -> None:
    deleted, living = await add_lead(world), await add_lead(world)
    await world.advance(NATIVE_CYCLE + CYCLE)
    loser, winner = await get(world, salesforce_id=deleted), await get(world, salesforce_id=living)
    await world.salesforce.delete("Lead", deleted)
    await world.advance(NATIVE_CYCLE + CYCLE)
    activity = await log_call(world, loser)
    assert await state(world, activity, SYSTEM_SALESFORCE) == (DELIVERY_STATE_WAITING, DELIVERY_REASON_NOT_QUALIFIED)
    await world.marketo.merge(winner.marketo_id, loser.marketo_id)
    await world.advance(DELETIONS)
    assert (await state(world, activity, SYSTEM_SALESFORCE))[0] == DELIVERY_STATE_DELIVERED
    (task,) = await world.salesforce.query("SELECT WhoId FROM Task WHERE Type = 'Call'")
    assert task["WhoId"] == living


async def test_who_has_no_copy_is_explained_with_what_would_change_it(world: World) -> None:
    marketo_only = await world.marketo.create(email="only@marketo.example", lastName="Only")
    told = await explain(world, marketo_id=marketo_only)
    assert not told.HasField("person")
    assert (told.qualification, told.reason) == (
        contract.QUALIFICATION_NOT_QUALIFIED,
        contract.SKIP_REASON_NOT_IN_SALESFORCE,
    )
    (queue,) = await world.salesforce.query("SELECT Id FROM Group WHERE Type = 'Queue' ORDER BY Id LIMIT 1")
    queued = await add_lead(world, queue["Id"])
    await world.advance(NATIVE_CYCLE + CYCLE)
    told = await explain(world, salesforce_id=queued)
    assert told.reason == contract.SKIP_REASON_OWNED_BY_QUEUE
    assert "assign a user" in told.explanation


async def test_who_is_not_copied_yet_or_finds_no_room_is_told_so(world: World) -> None:
    lead = await add_lead(world)
    await world.advance(NATIVE_CYCLE - CYCLE)
    world.simulators.marketo.native.create(
        {"lastName": "New", "sfdcType": "Lead", "sfdcLeadId": lead, "sfdcLeadOwnerId": world.seller_salesforce_id}
    )
    told = await explain(world, salesforce_id=lead)
    assert (told.qualification, told.reason) == (contract.QUALIFICATION_QUALIFIED, contract.SKIP_REASON_UNSPECIFIED)
    limit = sync_settings_pb2.PeopleSettings(person_limit=1)
    await world.set(sync_settings_pb2.Settings(people=limit), "people.person_limit")
    assert (await explain(world, salesforce_id=lead)).reason == contract.SKIP_REASON_OVER_LIMIT


async def test_nobody_is_explained_whom_nobody_knows(world: World) -> None:
    for key in ({"marketo_id": 999_999}, {"person_id": "p-nobody"}, {"salesforce_id": "00Q000000000000AAA"}):
        with pytest.raises(ResourceNotFoundError):
            await explain(world, **key)


async def test_a_stranger_cannot_be_explained_without_marketo(tmp_path: Path) -> None:
    async with open_world(tmp_path, people=1) as world:
        with pytest.raises(NotConnectedError):
            await explain(world, marketo_id=1)
