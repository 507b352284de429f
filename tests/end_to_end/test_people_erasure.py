"""ErasePerson: nothing of the person is left, here or in the file, but that they had opted out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2, reminder_tasks_pb2, unsubscribe_check_pb2
from actionsync.v1 import person_sync_pb2 as contract
from actionsync_client import ResourceNotFoundError, RoleNotAllowedError
from actionsync_server.store.statement import Statement
from google.protobuf.timestamp_pb2 import Timestamp
from harness.world import SELLER, World, open_world
from sqlalchemy import text

pytestmark = pytest.mark.asyncio
Person = contract.Person

CYCLE, MERGES = 91, 601
REASON = "asked to be forgotten"
NOTES = "Wants a quote for the blue one"
DETAILS = "Bring the red folder"
WHY_UNSUBSCRIBED = "Never asked for this"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance in a small world, with everybody copied."""
    async with open_world(tmp_path, people=30) as opened:
        await opened.connect()
        await opened.add_seller()
        await opened.sync_people()
        yield opened


async def alone(world: World, last_name: str, address: str) -> Person:
    """Return a new lead's copy, with an address and a name that nobody else has."""
    lead = await world.salesforce.create(
        "Lead",
        FirstName="Zebulon",
        LastName=last_name,
        Company="Erasable Ltd",
        Email=address,
        OwnerId=world.seller_salesforce_id,
    )
    await world.advance(301 + CYCLE)
    return await get(world, salesforce_id=lead)


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    """Somebody with a call, a reminder, a checked mail and an unsubscribe."""
    person = await alone(world, "Quixotewell", "zebulon@erasable.example")
    await check(world, person)
    status = activity_log_pb2.ReceivedSalesCall.CALL_STATUS_COMPLETED
    content = activity_log_pb2.ActivityContent(
        idempotency_key="call",
        person_id=person.person_id,
        user_id=SELLER,
        activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
        received_sales_call=activity_log_pb2.ReceivedSalesCall(call_status=status, notes=NOTES),
    )
    await world.user.activities.LogActivity(activity_log_pb2.LogActivityRequest(content=content))
    await remind(world, person)
    await unsubscribe(world, person)
    await world.advance(30)
    return await get(world, person_id=person.person_id)


async def remind(world: World, person: Person) -> None:
    task = reminder_tasks_pb2.ReminderTask(
        user_id=SELLER,
        person_id=person.person_id,
        kind=reminder_tasks_pb2.ReminderTask.KIND_CALL,
        name="Call Quixotewell",
        details=DETAILS,
    )
    await world.user.reminders.CreateReminderTask(
        reminder_tasks_pb2.CreateReminderTaskRequest(reminder_task=task, request_id="reminder")
    )


async def get(world: World, **key: Any) -> Person:
    request = contract.GetPersonRequest(key=contract.PersonKey(**key))
    return (await world.user.persons.GetPerson(request)).person


async def check(world: World, person: Person) -> unsubscribe_check_pb2.Verdict:
    """Authorise a send to a person's address."""
    answer = await world.user.unsubscribes.AuthorizeSend(
        unsubscribe_check_pb2.AuthorizeSendRequest(
            recipients=[unsubscribe_check_pb2.Recipient(email=person.email)],
            user_id=SELLER,
            channel=unsubscribe_check_pb2.CHANNEL_WEB_APP,
        )
    )
    return answer.results[0].verdict


async def erase(world: World, person: Person, **more: Any) -> contract.ErasePersonResponse:
    request = contract.ErasePersonRequest(person_id=person.person_id, reason=REASON, **more)
    return await world.admin.persons.ErasePerson(request)


async def explain(world: World, **key: Any) -> contract.ExplainPersonResponse:
    request = contract.ExplainPersonRequest(key=contract.PersonKey(**key))
    return await world.user.persons.ExplainPerson(request)


async def one_message(world: World, token: str) -> contract.WatchPersonsResponse:
    request = contract.WatchPersonsRequest(resume_token=token)
    async with aclosing(world.admin.watch(world.admin.persons.WatchPersons, request)) as stream:
        return await anext(stream)


async def test_nothing_of_the_person_can_be_read_any_more(world: World, person: Person) -> None:
    answer = await erase(world, person)
    assert (answer.erased_activity_count, answer.suppression_kept) == (1, True)
    with pytest.raises(ResourceNotFoundError):
        await get(world, person_id=person.person_id)
    activities = activity_log_pb2.ListActivitiesRequest(person_ids=[person.person_id])
    assert not (await world.user.activities.ListActivities(activities)).activities
    deliveries = activity_log_pb2.ListDeliveriesRequest(person_id=person.person_id)
    assert not (await world.user.activities.ListDeliveries(deliveries)).deliveries
    reminders = reminder_tasks_pb2.ListReminderTasksRequest(person_id=person.person_id)
    assert not (await world.user.reminders.ListReminderTasks(reminders)).reminder_tasks
    listing = unsubscribe_check_pb2.ListUnsubscribesRequest(query=person.email)
    assert not (await world.user.unsubscribes.ListUnsubscribes(listing)).unsubscribes
    history = unsubscribe_check_pb2.ListUnsubscribeHistoryRequest(email=person.email)
    assert not (await world.user.unsubscribes.ListUnsubscribeHistory(history)).events
    status = await world.user.persons.GetSyncStatus(contract.GetSyncStatusRequest())
    people = (await world.user.persons.ListPersons(contract.ListPersonsRequest(page_size=100))).persons
    counts = {one.qualification: one.person_count for one in status.counts}
    assert counts[contract.QUALIFICATION_QUALIFIED] == len(people)


async def test_nothing_of_the_person_is_in_the_files(tmp_path: Path) -> None:
    words = ["Zebulon", "Quixotewell", "zebulon@erasable", "Erasable Ltd", NOTES, DETAILS, WHY_UNSUBSCRIBED]
    async with open_world(tmp_path, people=30) as world:
        await world.connect()
        await world.add_seller()
        await world.sync_people()
        someone = await alone(world, "Quixotewell", "zebulon@erasable.example")
        await unsubscribe(world, someone)
        await remind(world, someone)
        await world.advance(30)
        await erase(world, someone)
    # The server has stopped: its file is whole, and the log of its writes is gone.
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert [word for word in words if word.encode().lower() in stored.lower()] == []
    assert REASON.encode() in stored


async def unsubscribe(world: World, person: Person) -> None:
    await world.user.unsubscribes.RecordUnsubscribe(
        unsubscribe_check_pb2.RecordUnsubscribeRequest(
            person_id=person.person_id,
            source=unsubscribe_check_pb2.UNSUBSCRIBE_SOURCE_CLICKED_LINK,
            reason=WHY_UNSUBSCRIBED,
            request_id="unsubscribe",
        )
    )


async def test_the_address_stays_opted_out_until_its_owner_consents(world: World, person: Person) -> None:
    await erase(world, person)
    verdict = await check(world, person)
    assert verdict.reason == unsubscribe_check_pb2.VERDICT_REASON_BLOCKED_SALES_UNSUBSCRIBE
    await world.admin.unsubscribes.RemoveUnsubscribe(
        unsubscribe_check_pb2.RemoveUnsubscribeRequest(
            email=person.email,
            reason="wrote to us",
            consent="mail of today",
            scope=unsubscribe_check_pb2.RemoveUnsubscribeRequest.SCOPE_EVERYWHERE,
        )
    )
    assert (await check(world, person)).decision == unsubscribe_check_pb2.DECISION_MAY_SEND


async def test_whom_marketo_still_has_comes_again_as_somebody_new_who_is_unsubscribed(
    world: World, person: Person
) -> None:
    await erase(world, person)
    await world.marketo.update(person.marketo_id, title="Back again")
    await world.advance(CYCLE)
    again = await get(world, marketo_id=person.marketo_id)
    assert again.person_id != person.person_id
    assert (again.revision, again.title, again.unsubscribed) == (1, "Back again", True)
    listing = unsubscribe_check_pb2.ListUnsubscribesRequest(query=person.email)
    (listed,) = (await world.user.unsubscribes.ListUnsubscribes(listing)).unsubscribes
    assert WHY_UNSUBSCRIBED not in listed.reason


async def test_the_erasure_itself_is_remembered(world: World, person: Person) -> None:
    await erase(world, person)
    answer = await explain(world, person_id=person.person_id)
    assert not answer.HasField("person")
    assert "erased" in answer.explanation
    assert [event.description for event in answer.events] == ["erased on request of user admin-1"]


async def test_a_watch_is_told_the_id_and_nothing_else(world: World, person: Person) -> None:
    first = await one_message(world, "")
    await erase(world, person)
    news = await one_message(world, first.resume_token)
    (change,) = news.changes
    assert change.type == contract.PersonChange.TYPE_ERASED
    assert change.person == Person(person_id=person.person_id)


async def test_who_did_not_opt_out_leaves_no_suppression(world: World) -> None:
    someone = await alone(world, "Plain", "plain@erasable.example")
    answer = await erase(world, someone)
    assert (answer.erased_activity_count, answer.suppression_kept) == (0, False)
    assert (await check(world, someone)).decision == unsubscribe_check_pb2.DECISION_MAY_SEND


async def test_somebody_else_with_the_address_keeps_the_unsubscribe(world: World, person: Person) -> None:
    twin = await alone(world, "Twin", person.email)
    await erase(world, person)
    assert (await get(world, person_id=twin.person_id)).unsubscribed
    listing = unsubscribe_check_pb2.ListUnsubscribesRequest(query=person.email)
    (listed,) = (await world.user.unsubscribes.ListUnsubscribes(listing)).unsubscribes
    assert listed.reason == WHY_UNSUBSCRIBED


async def test_whoever_was_merged_into_the_person_goes_too(world: World, person: Person) -> None:
    loser = await alone(world, "Former", "former@erasable.example")
    await world.marketo.merge(person.marketo_id, loser.marketo_id)
    await world.advance(MERGES)
    assert (await erase(world, loser)).erased_activity_count == 1
    for one in (person, loser):
        with pytest.raises(ResourceNotFoundError):
            await get(world, person_id=one.person_id)
        assert "erased" in (await explain(world, person_id=one.person_id)).explanation


async def test_a_repeat_under_the_same_id_gets_the_first_answer(world: World, person: Person) -> None:
    first = await erase(world, person, request_id="erasure-1")
    assert await erase(world, person, request_id="erasure-1") == first
    with pytest.raises(ResourceNotFoundError):
        await erase(world, person, request_id="erasure-2")


async def test_what_is_under_way_leaves_no_trace_when_it_ends(world: World) -> None:
    someone = await alone(world, "Underway", "underway@erasable.example")
    await world.marketo.fault("/rest/v1/activities/external.json", "delay", seconds=20)
    status = activity_log_pb2.ReceivedSalesCall.CALL_STATUS_COMPLETED
    content = activity_log_pb2.ActivityContent(
        idempotency_key="under-way",
        person_id=someone.person_id,
        user_id=SELLER,
        activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
        received_sales_call=activity_log_pb2.ReceivedSalesCall(call_status=status),
    )
    await world.user.activities.LogActivity(activity_log_pb2.LogActivityRequest(content=content))
    await world.advance(10)
    await erase(world, someone)
    await world.advance(60)
    assert len(await world.marketo.custom_activities("asReceivedSalesCall")) == 1
    attempts = await world.app.database.row(Statement(text("SELECT count(*) AS n FROM delivery_attempts")))
    assert attempts is not None
    assert attempts["n"] == 0


async def test_only_an_admin_erases(world: World, person: Person) -> None:
    request = contract.ErasePersonRequest(person_id=person.person_id, reason=REASON)
    for client in (world.user, world.service):
        with pytest.raises(RoleNotAllowedError):
            await client.persons.ErasePerson(request)
    assert (await get(world, person_id=person.person_id)).person_id == person.person_id
