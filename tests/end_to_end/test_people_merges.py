"""Two Marketo people become one: what hung on the loser hangs on the winner, whatever id a caller still holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2, reminder_tasks_pb2, sync_settings_pb2, unsubscribe_check_pb2
from actionsync.v1 import person_sync_pb2 as contract
from actionsync.v1.common_pb2 import DELIVERY_STATE_DELIVERED, DELIVERY_STATE_FAILED, SYSTEM_MARKETO
from google.protobuf.timestamp_pb2 import Timestamp
from harness.world import SELLER, World, open_world

pytestmark = pytest.mark.asyncio
Person = contract.Person
Activity = activity_log_pb2.Activity

#: A little more than what the feed of merges is read in.
MERGES = 601


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance in a small world, with everybody copied."""
    async with open_world(tmp_path, people=30) as opened:
        await opened.connect()
        await opened.add_seller()
        await opened.sync_people()
        yield opened


@pytest_asyncio.fixture
async def three(world: World) -> list[Person]:
    """Three people with addresses of their own."""
    page = await world.user.persons.ListPersons(contract.ListPersonsRequest(page_size=30))
    by_address = {person.email: person for person in page.persons if person.email}
    return list(by_address.values())[:3]


async def get(world: World, **key: Any) -> Person:
    request = contract.GetPersonRequest(key=contract.PersonKey(**key))
    return (await world.user.persons.GetPerson(request)).person


def call_with(world: World, person: Person, key: str) -> activity_log_pb2.ActivityContent:
    status = activity_log_pb2.ReceivedSalesCall.CALL_STATUS_COMPLETED
    return activity_log_pb2.ActivityContent(
        idempotency_key=key,
        person_id=person.person_id,
        user_id=SELLER,
        activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
        received_sales_call=activity_log_pb2.ReceivedSalesCall(call_status=status, outcome="Meeting booked"),
    )


async def log(world: World, content: activity_log_pb2.ActivityContent) -> activity_log_pb2.LogActivityResponse:
    return await world.user.activities.LogActivity(activity_log_pb2.LogActivityRequest(content=content))


async def keys_of(world: World, person: Person) -> set[str]:
    """Return the keys of all activities that are listed for a person."""
    request = activity_log_pb2.ListActivitiesRequest(person_ids=[person.person_id], page_size=100)
    found = (await world.user.activities.ListActivities(request)).activities
    return {one.content.idempotency_key for one in found}


async def marketo_state(world: World, activity: Activity) -> tuple[int, str]:
    """Return state and person of the delivery of an activity to Marketo."""
    request = activity_log_pb2.ListDeliveriesRequest(activity_id=activity.activity_id, system=SYSTEM_MARKETO)
    (delivery,) = (await world.user.activities.ListDeliveries(request)).deliveries
    return delivery.state, delivery.person_id


def reminder(person: Person) -> reminder_tasks_pb2.CreateReminderTaskRequest:
    task = reminder_tasks_pb2.ReminderTask(
        user_id=SELLER, person_id=person.person_id, kind=reminder_tasks_pb2.ReminderTask.KIND_CALL, name="Call again"
    )
    return reminder_tasks_pb2.CreateReminderTaskRequest(reminder_task=task)


async def test_activities_and_reminders_go_to_the_winner(world: World, three: list[Person]) -> None:
    winner, loser, _ = three
    await log(world, call_with(world, loser, "before"))
    made = (await world.user.reminders.CreateReminderTask(reminder(loser))).reminder_task
    await world.advance(30)
    await world.marketo.merge(winner.marketo_id, loser.marketo_id)
    await world.advance(MERGES)
    assert await keys_of(world, winner) == {"before"}
    request = reminder_tasks_pb2.GetReminderTaskRequest(reminder_task_id=made.reminder_task_id)
    kept = (await world.user.reminders.GetReminderTask(request)).reminder_task
    assert kept.person_id == winner.person_id
    assert kept.etag != made.etag


async def test_an_id_of_the_loser_means_the_winner(world: World, three: list[Person]) -> None:
    winner, loser, _ = three
    await world.marketo.merge(winner.marketo_id, loser.marketo_id)
    await world.advance(MERGES)
    assert (await get(world, person_id=loser.person_id)).person_id == winner.person_id
    assert (await get(world, marketo_id=loser.marketo_id)).person_id == winner.person_id
    logged = (await log(world, call_with(world, loser, "after"))).activity
    assert logged.content.person_id == winner.person_id
    made = (await world.user.reminders.CreateReminderTask(reminder(loser))).reminder_task
    assert made.person_id == winner.person_id
    await world.advance(30)
    assert await marketo_state(world, logged) == (DELIVERY_STATE_DELIVERED, winner.person_id)
    (row,) = await world.marketo.custom_activities("asReceivedSalesCall")
    assert row["leadId"] == winner.marketo_id


async def test_a_repeat_finds_its_activity_under_either_id(world: World, three: list[Person]) -> None:
    winner, loser, _ = three
    content = call_with(world, loser, "once")
    first = (await log(world, content)).activity
    await world.marketo.merge(winner.marketo_id, loser.marketo_id)
    await world.advance(MERGES)
    for person_id in (loser.person_id, winner.person_id):
        content.person_id = person_id
        repeat = await log(world, content)
        assert repeat.already_logged
        assert repeat.activity.activity_id == first.activity_id


async def test_a_chain_of_merges_ends_at_the_last_winner(world: World, three: list[Person]) -> None:
    last, middle, first = three
    await log(world, call_with(world, first, "first"))
    await log(world, call_with(world, middle, "middle"))
    await world.marketo.merge(middle.marketo_id, first.marketo_id)
    await world.advance(MERGES)
    assert await keys_of(world, middle) == {"first", "middle"}
    await world.marketo.merge(last.marketo_id, middle.marketo_id)
    await world.advance(MERGES)
    assert await keys_of(world, last) == {"first", "middle"}
    assert {(await get(world, person_id=one.person_id)).person_id for one in three} == {last.person_id}


async def test_what_marketo_refused_before_we_knew_is_delivered_to_the_winner(
    world: World, three: list[Person]
) -> None:
    winner, loser, _ = three
    await world.marketo.merge(winner.marketo_id, loser.marketo_id)
    activity = (await log(world, call_with(world, loser, "meanwhile"))).activity
    await world.advance(30)
    assert await marketo_state(world, activity) == (DELIVERY_STATE_FAILED, loser.person_id)
    await world.advance(MERGES)
    assert await marketo_state(world, activity) == (DELIVERY_STATE_DELIVERED, winner.person_id)
    rows = await world.marketo.custom_activities("asReceivedSalesCall")
    assert [row["leadId"] for row in rows] == [winner.marketo_id]


async def test_what_waits_is_delivered_to_the_winner(world: World, three: list[Person]) -> None:
    winner, loser, _ = three
    stop = sync_settings_pb2.MarketoSettings(stop_activities=True)
    await world.set(sync_settings_pb2.Settings(marketo=stop), "marketo.stop_activities")
    activity = (await log(world, call_with(world, loser, "waits"))).activity
    await world.marketo.merge(winner.marketo_id, loser.marketo_id)
    await world.advance(MERGES)
    await world.set(sync_settings_pb2.Settings(), "marketo.stop_activities")
    await world.advance(30)
    assert await marketo_state(world, activity) == (DELIVERY_STATE_DELIVERED, winner.person_id)


async def test_the_winner_is_unsubscribed_if_anybody_was(world: World, three: list[Person]) -> None:
    winner, loser, _ = three
    await world.user.unsubscribes.RecordUnsubscribe(
        unsubscribe_check_pb2.RecordUnsubscribeRequest(
            person_id=loser.person_id, source=unsubscribe_check_pb2.UNSUBSCRIBE_SOURCE_CLICKED_LINK
        )
    )
    assert not (await get(world, person_id=winner.person_id)).unsubscribed
    await world.marketo.merge(winner.marketo_id, loser.marketo_id)
    await world.advance(MERGES)
    assert (await get(world, person_id=winner.person_id)).unsubscribed
    recipients = [unsubscribe_check_pb2.Recipient(email=winner.email, person_id=loser.person_id)]
    answer = await world.user.unsubscribes.AuthorizeSend(
        unsubscribe_check_pb2.AuthorizeSendRequest(
            recipients=recipients, user_id=SELLER, channel=unsubscribe_check_pb2.CHANNEL_WEB_APP
        )
    )
    assert answer.results[0].verdict.reason == unsubscribe_check_pb2.VERDICT_REASON_BLOCKED_SALES_UNSUBSCRIBE


async def test_both_lives_tell_of_the_merge(world: World, three: list[Person]) -> None:
    winner, loser, _ = three
    await world.marketo.merge(winner.marketo_id, loser.marketo_id)
    await world.advance(MERGES)

    async def explained(person: Person) -> contract.ExplainPersonResponse:
        request = contract.ExplainPersonRequest(key=contract.PersonKey(person_id=person.person_id))
        return await world.user.persons.ExplainPerson(request)

    lost = await explained(loser)
    assert (lost.person.person_id, lost.qualification) == (loser.person_id, contract.QUALIFICATION_DELETED)
    assert winner.person_id in lost.explanation
    assert [event.description for event in lost.events] == [
        f"copied from Marketo as {loser.person_id} by the initial sync",
        f"merged in Marketo into {winner.person_id}",
    ]
    won = await explained(winner)
    assert won.qualification == contract.QUALIFICATION_QUALIFIED
    assert any(str(loser.marketo_id) in event.description for event in won.events)


async def test_at_the_ceiling_a_winner_takes_the_place_of_the_loser(tmp_path: Path) -> None:
    async with open_world(tmp_path, people=8) as world:
        await world.connect()
        await world.add_seller()
        limit = sync_settings_pb2.PeopleSettings(person_limit=5)
        await world.set(sync_settings_pb2.Settings(people=limit), "people.person_limit")
        await world.sync_people()
        people = (await world.user.persons.ListPersons(contract.ListPersonsRequest())).persons
        assert len(people) == 5
        left_out = max(
            one.marketo_id
            for one in world.simulators.world.people
            if (one.owner_id or "").startswith("005") and not one.crm_deleted
        )
        assert left_out not in {one.marketo_id for one in people}
        await log(world, call_with(world, people[0], "kept"))
        await world.marketo.merge(left_out, people[0].marketo_id)
        await world.advance(MERGES)
        winner = await get(world, person_id=people[0].person_id)
        assert winner.marketo_id == left_out
        assert await keys_of(world, winner) == {"kept"}
        assert len((await world.user.persons.ListPersons(contract.ListPersonsRequest())).persons) == 5
