"""A reminder that is done by making the call: one Task in Salesforce, not two, unless a setting says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import reminder_tasks_pb2, sync_settings_pb2
from actionsync_client.errors import ResourceNotFoundError
from harness.salesforce_logging import (
    DELIVERED,
    Person,
    come_to_rest,
    log,
    set_logging,
    some_contact,
    standing,
)
from harness.world import ADMIN, SELLER, World

pytestmark = pytest.mark.asyncio
Reminder = reminder_tasks_pb2.ReminderTask

PUSH, POLL = 10, 61
CALL = contract.ReceivedSalesCall(
    call_status=contract.ReceivedSalesCall.CALL_STATUS_COMPLETED, outcome="Interested", notes="Wants a demo."
)


@pytest_asyncio.fixture
async def contact(world: World) -> Person:
    """A contact in Salesforce; calls are logged, reminders are synced."""
    person = await some_contact(world)
    await set_logging(world, subject_template="{{activity_type}}: {{activity_subject}} {{call_outcome}}")
    await set_reminders(world, mode=sync_settings_pb2.ReminderSettings.MODE_TWO_WAY)
    return person


async def set_reminders(world: World, **values: Any) -> None:
    wanted = sync_settings_pb2.Settings(reminders=sync_settings_pb2.ReminderSettings(**values))
    await world.set(wanted, *(f"reminders.{name}" for name in values))
    await world.settle()


async def create(world: World, person: Person, **values: Any) -> Reminder:
    given: dict[str, Any] = {"user_id": SELLER, "kind": Reminder.KIND_CALL, "name": "Call Ann"}
    wanted = Reminder(person_id=person.person_id, **(given | values))
    request = reminder_tasks_pb2.CreateReminderTaskRequest(reminder_task=wanted)
    client = world.user if values.get("user_id", SELLER) == SELLER else world.admin
    return (await client.reminders.CreateReminderTask(request)).reminder_task


async def get(world: World, task: Reminder) -> Reminder:
    request = reminder_tasks_pb2.GetReminderTaskRequest(reminder_task_id=task.reminder_task_id)
    return (await world.user.reminders.GetReminderTask(request)).reminder_task


async def tasks(world: World) -> list[dict[str, Any]]:
    return await world.salesforce.query(
        "SELECT Id, Subject, Type, Status, WhoId, Description, CallDisposition, ActionSync_Id__c FROM Task"
        f" WHERE OwnerId = '{world.seller_salesforce_id}' AND CreatedDate >= 2026-03-02T00:00:00Z"
        " AND ActionSync_Id__c != null ORDER BY CreatedDate, Id"
    )


async def do(world: World, person: Person, task: Reminder, key: str = "call") -> contract.Activity:
    return await log(world, person, key, received_sales_call=CALL, reminder_task_id=task.reminder_task_id)


@pytest.mark.parametrize("pushed", [pytest.param(True, id="linked"), pytest.param(False, id="still on its way")])
async def test_the_task_of_the_reminder_becomes_the_one_of_the_call(
    world: World, contact: Person, pushed: bool
) -> None:
    reminder = await create(world, contact)
    if pushed:
        await world.advance(PUSH)
        assert (await get(world, reminder)).salesforce_task_id
    activity = await do(world, contact, reminder)
    done = await get(world, reminder)
    assert (done.state, activity.content.reminder_task_id) == (Reminder.STATE_COMPLETED, reminder.reminder_task_id)
    ended = await come_to_rest(world, activity)
    await world.until(lambda: _delivered(world, activity))
    (task,) = await tasks(world)
    del task["attributes"]
    assert task == {
        "Id": (await come_to_rest(world, activity)).external_id,
        "Subject": "Call: Call Ann Interested",
        "Type": "Call",
        "Status": "Completed",
        "WhoId": contact.salesforce_contact_id,
        "Description": "Wants a demo.",
        "CallDisposition": "Interested",
        "ActionSync_Id__c": activity.activity_id,
    }
    assert ended.activity_id == activity.activity_id
    # It is the call's now: what happens to it in Salesforce comes to no reminder.
    await world.salesforce.update("Task", task["Id"], Description="Changed there", Status="Not Started")
    await world.advance(2 * POLL)
    after = await get(world, reminder)
    assert (after.state, after.details) == (Reminder.STATE_COMPLETED, "")
    listed = (
        await world.user.reminders.ListReminderTasks(reminder_tasks_pb2.ListReminderTasksRequest())
    ).reminder_tasks
    assert task["Id"] not in {one.salesforce_task_id for one in listed}
    assert len(await tasks(world)) == 1


async def _delivered(world: World, activity: contract.Activity) -> bool:
    return standing(await come_to_rest(world, activity)) == DELIVERED


async def test_with_the_setting_off_there_are_two_tasks(world: World, contact: Person) -> None:
    await set_reminders(world, merge_with_activity=False)
    reminder = await create(world, contact)
    await world.advance(PUSH)
    activity = await do(world, contact, reminder)
    assert standing(await come_to_rest(world, activity)) == DELIVERED
    await world.advance(PUSH)
    assert [(task["Status"], task["Type"]) for task in await tasks(world)] == [
        ("Completed", None),
        ("Completed", "Call"),
    ]
    assert (await get(world, reminder)).state == Reminder.STATE_COMPLETED


async def test_a_reminder_whose_task_was_deleted_there_leaves_one_task(world: World, contact: Person) -> None:
    reminder = await create(world, contact)
    await world.advance(PUSH)
    await world.salesforce.delete("Task", (await get(world, reminder)).salesforce_task_id)
    activity = await do(world, contact, reminder)
    await world.until(lambda: _delivered(world, activity))
    (task,) = await tasks(world)
    assert (task["Type"], task["ActionSync_Id__c"]) == ("Call", activity.activity_id)


async def test_a_reminder_that_is_not_there_or_anothers_refuses_the_activity(world: World, contact: Person) -> None:
    await world.add_seller(ADMIN, email="admin@example.com")
    others = await create(world, contact, user_id=ADMIN)
    for stranger in (Reminder(reminder_task_id="t-nobody"), others):
        with pytest.raises(ResourceNotFoundError):
            await do(world, contact, stranger)
