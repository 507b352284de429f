"""Scenarios 33 to 38: reminder tasks here and in Salesforce, by gRPC and Salesforce's own API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2, person_sync_pb2, sync_settings_pb2
from actionsync.v1 import reminder_tasks_pb2 as contract
from actionsync.v1.common_pb2 import DELIVERY_STATE_DELIVERED, SYSTEM_ACTIONSYNC, SYSTEM_SALESFORCE
from actionsync_client import (
    EtagMismatchError,
    InvalidFieldError,
    RequestIdReusedError,
    ResourceNotFoundError,
    RoleNotAllowedError,
)
from google.protobuf.field_mask_pb2 import FieldMask
from harness.world import INSTANCE, SELLER, World, open_world

pytestmark = pytest.mark.asyncio
Task = contract.ReminderTask

HOUR, DAY = 3_600, 86_400
#: Long enough for a push: its batch window and its calls.
PUSH = 10
#: A little more than one poll.
POLL = 61


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance whose sellers' Tasks are written by the integration user."""
    async with open_world(tmp_path, people=60, native_sync_seconds=40 * DAY) as opened:
        await opened.connect()
        await opened.add_seller()
        logging = sync_settings_pb2.LoggingSettings(log_as=sync_settings_pb2.LoggingSettings.LOG_AS_INTEGRATION_USER)
        await opened.set(sync_settings_pb2.Settings(logging=logging), "logging.log_as")
        yield opened


def today(world: World, days: int = 0) -> str:
    return (datetime.fromtimestamp(world.clock.now() / 1_000_000, UTC) + timedelta(days=days)).date().isoformat()


async def create(world: World, name: str = "Call Ann", **values: Any) -> Task:
    wanted = Task(user_id=SELLER, kind=Task.KIND_CALL, name=name, **values)
    request = contract.CreateReminderTaskRequest(reminder_task=wanted)
    return (await world.user.reminders.CreateReminderTask(request)).reminder_task


async def get(world: World, task: Task) -> Task:
    request = contract.GetReminderTaskRequest(reminder_task_id=task.reminder_task_id)
    return (await world.user.reminders.GetReminderTask(request)).reminder_task


async def update(world: World, task: Task, *, etag: str = "", **values: Any) -> Task:
    wanted = Task(reminder_task_id=task.reminder_task_id, etag=etag, **values)
    request = contract.UpdateReminderTaskRequest(reminder_task=wanted, update_mask=FieldMask(paths=list(values)))
    return (await world.user.reminders.UpdateReminderTask(request)).reminder_task


async def complete(world: World, task: Task) -> Task:
    request = contract.CompleteReminderTaskRequest(reminder_task_id=task.reminder_task_id)
    return (await world.user.reminders.CompleteReminderTask(request)).reminder_task


async def delete(world: World, task: Task) -> None:
    request = contract.DeleteReminderTaskRequest(reminder_task_id=task.reminder_task_id)
    await world.user.reminders.DeleteReminderTask(request)


async def listed(world: World, **more: Any) -> list[Task]:
    request = contract.ListReminderTasksRequest(page_size=2, **more)
    return [one async for one in world.user.pages(world.user.reminders.ListReminderTasks, request)]


async def turn_on(world: World, **more: Any) -> None:
    reminders = sync_settings_pb2.ReminderSettings(mode=sync_settings_pb2.ReminderSettings.MODE_TWO_WAY, **more)
    await world.set(
        sync_settings_pb2.Settings(reminders=reminders), "reminders.mode", *(f"reminders.{n}" for n in more)
    )
    await world.settle()


async def turn_off(world: World) -> None:
    reminders = sync_settings_pb2.ReminderSettings(mode=sync_settings_pb2.ReminderSettings.MODE_OFF)
    await world.set(sync_settings_pb2.Settings(reminders=reminders), "reminders.mode")
    await world.settle()


async def tasks(world: World, *, deleted: bool = False) -> list[dict[str, Any]]:
    fields = "Id, Subject, Status, Priority, ActivityDate, Description, Type, OwnerId, WhoId, SystemModstamp"
    soql = f"SELECT {fields} FROM Task WHERE OwnerId = '{world.seller_salesforce_id}' ORDER BY CreatedDate, Id"
    return await world.salesforce.query(soql, deleted=deleted)


async def the_task(world: World) -> dict[str, Any]:
    (found,) = await tasks(world)
    return found


async def make_in_salesforce(world: World, subject: str, **values: Any) -> str:
    record = {"OwnerId": world.seller_salesforce_id, "Status": "Not Started", "Priority": "Normal"} | values
    return await world.salesforce.create("Task", Subject=subject, **record)


async def synced(world: World, **values: Any) -> Task:
    """A task that both sides have."""
    await turn_on(world)
    task = await create(world, **values)
    await world.advance(PUSH)
    return await get(world, task)


@asynccontextmanager
async def asleep(world: World) -> AsyncIterator[None]:
    """Let the service do nothing by itself meanwhile, as one that is down: days without polls take no minutes."""
    await world.app.workers.stop(seconds=5)
    yield
    world.app.wiring.start_workers(world.app.workers, INSTANCE)


async def test_scenario_33a_by_default_a_reminder_stays_here(world: World) -> None:
    task = await create(world)
    await world.advance(POLL)
    assert await tasks(world) == []
    assert (await get(world, task)).salesforce_task_id == ""


async def test_scenario_33b_activation_pulls_the_last_day_and_pushes_only_what_comes_after(world: World) -> None:
    async with asleep(world):
        await make_in_salesforce(world, "Old")
        await world.advance(46 * HOUR)
        await make_in_salesforce(world, "Recent")
        await world.advance(2 * HOUR)
    for number in range(3):
        await create(world, f"Mine {number}")
    await turn_on(world)
    await world.advance(PUSH)
    assert sorted(one.name for one in await listed(world)) == ["Mine 0", "Mine 1", "Mine 2", "Recent"]
    (pulled,) = [one for one in await listed(world) if one.name == "Recent"]
    assert (pulled.origin, pulled.user_id, pulled.kind) == (SYSTEM_SALESFORCE, SELLER, Task.KIND_CUSTOM)
    assert sorted(one["Subject"] for one in await tasks(world)) == ["Old", "Recent"]
    after = await create(world, "After")
    await world.advance(PUSH)
    assert (await get(world, after)).delivery.state == DELIVERY_STATE_DELIVERED
    assert sorted(one["Subject"] for one in await tasks(world)) == ["Call: After", "Old", "Recent"]


async def test_scenario_33c_all_are_stored_and_the_default_view_shows_today_and_tomorrow(world: World) -> None:
    for days in (0, 1, 5):
        await make_in_salesforce(world, f"In {days}", ActivityDate=today(world, days))
    await turn_on(world)
    await world.advance(PUSH)
    assert [one.name for one in await listed(world)] == ["In 0", "In 1", "In 5"]
    assert [one.name for one in await listed(world, due_soon=True)] == ["In 0", "In 1"]


async def test_scenario_34a_completed_here_is_completed_there(world: World) -> None:
    task = await synced(world)
    assert (await the_task(world))["Status"] == "Not Started"
    await complete(world, task)
    await world.advance(PUSH)
    assert (await the_task(world))["Status"] == "Completed"


async def test_scenario_34b_completed_there_is_completed_here(world: World) -> None:
    task = await synced(world)
    await world.salesforce.update("Task", task.salesforce_task_id, Status="Completed")
    await world.advance(POLL)
    assert (await get(world, task)).state == Task.STATE_COMPLETED
    assert await listed(world) == []


async def test_scenario_34c_due_date_priority_and_details_flow_both_ways(world: World) -> None:
    task = await synced(world)
    await update(world, task, due_date=today(world, 3), priority=Task.PRIORITY_HIGH, details="Ask for Bo")
    await world.advance(PUSH)
    there = await the_task(world)
    assert (there["ActivityDate"], there["Priority"], there["Description"]) == (today(world, 3), "High", "Ask for Bo")
    await world.advance(POLL)
    await world.salesforce.update(
        "Task", task.salesforce_task_id, ActivityDate=None, Priority="Normal", Description="Ask for Cy"
    )
    await world.advance(POLL)
    here = await get(world, task)
    assert (here.due_date, here.priority, here.details) == ("", Task.PRIORITY_NORMAL, "Ask for Cy")


async def test_scenario_35_what_we_have_no_word_for_is_neither_taken_nor_overwritten(world: World) -> None:
    task = await synced(world)
    await world.salesforce.update("Task", task.salesforce_task_id, Status="In Progress", Priority="Low")
    await world.advance(POLL)
    here = await get(world, task)
    assert (here.state, here.priority) == (Task.STATE_OPEN, Task.PRIORITY_NORMAL)
    await update(world, task, details="Still on it")
    await world.advance(PUSH)
    there = await the_task(world)
    assert (there["Status"], there["Priority"], there["Description"]) == ("In Progress", "Low", "Still on it")


async def test_scenario_36a_a_new_name_changes_the_subject_where_the_template_has_it(world: World) -> None:
    task = await synced(world)
    assert task.salesforce_subject == "Call: Call Ann"
    await update(world, task, name="Call Bob")
    await world.advance(PUSH)
    assert (await the_task(world))["Subject"] == "Call: Call Bob"
    assert (await get(world, task)).salesforce_subject == "Call: Call Bob"


async def test_scenario_36b_without_the_field_in_the_template_the_subject_stays(world: World) -> None:
    logging = sync_settings_pb2.LoggingSettings(subject_template="[SIA] {{activity_type}}")
    await world.set(sync_settings_pb2.Settings(logging=logging), "logging.subject_template")
    task = await synced(world)
    await update(world, task, name="Call Bob")
    await world.advance(PUSH)
    assert (await the_task(world))["Subject"] == "[SIA] Call"


async def test_scenario_36c_a_subject_changed_in_salesforce_never_changes_the_name(world: World) -> None:
    task = await synced(world)
    await world.salesforce.update("Task", task.salesforce_task_id, Subject="Something else")
    await world.advance(POLL)
    here = await get(world, task)
    assert (here.name, here.salesforce_subject) == ("Call Ann", "Something else")
    assert (await the_task(world))["Subject"] == "Something else"


async def test_scenario_37a_deleted_here_is_deleted_there_and_the_other_way_round(world: World) -> None:
    first = await synced(world)
    await delete(world, first)
    await world.advance(PUSH)
    assert await tasks(world) == []
    with pytest.raises(ResourceNotFoundError):
        await get(world, first)
    second = await create(world, "Second")
    await world.advance(PUSH)
    await world.salesforce.delete("Task", (await get(world, second)).salesforce_task_id)
    await world.advance(POLL)
    with pytest.raises(ResourceNotFoundError):
        await get(world, second)


async def test_scenario_37b_turned_on_again_deletions_of_the_last_15_days_are_applied(world: World) -> None:
    await turn_on(world)
    pair = [await create(world, name) for name in ("Deleted 20 days ago", "Deleted 10 days ago")]
    await world.advance(PUSH)
    ids = [(await get(world, task)).salesforce_task_id for task in pair]
    await turn_off(world)
    async with asleep(world):
        await world.salesforce.delete("Task", ids[0])
        await world.advance(10 * DAY)
        await world.salesforce.delete("Task", ids[1])
        await world.advance(10 * DAY)
    await turn_on(world)
    await world.advance(PUSH)
    assert [one.name for one in await listed(world)] == ["Deleted 20 days ago"]


@pytest.mark.parametrize(
    ("ours_first", "expected"),
    [pytest.param(True, 9, id="theirs-is-later"), pytest.param(False, 8, id="ours-is-later")],
)
async def test_scenario_38a_the_later_change_of_a_field_wins(world: World, ours_first: bool, expected: int) -> None:
    task = await synced(world)
    await world.advance(POLL)

    async def ours() -> None:
        await update(world, task, due_date=today(world, 8))

    async def theirs() -> None:
        await world.salesforce.update("Task", task.salesforce_task_id, ActivityDate=today(world, 9))

    async with asleep(world):
        await (ours() if ours_first else theirs())
        await world.advance(5)
        await (theirs() if ours_first else ours())
    await world.advance(POLL + PUSH)
    assert (await get(world, task)).due_date == today(world, expected)
    assert (await the_task(world))["ActivityDate"] == today(world, expected)


async def test_scenario_38a_at_equal_times_salesforce_wins(world: World) -> None:
    task = await synced(world)
    await world.advance(POLL)
    async with asleep(world):
        await update(world, task, due_date=today(world, 8))
        await world.salesforce.update("Task", task.salesforce_task_id, ActivityDate=today(world, 9))
    await world.advance(POLL + PUSH)
    assert (await get(world, task)).due_date == today(world, 9)
    assert (await the_task(world))["ActivityDate"] == today(world, 9)


async def test_scenario_38b_one_edit_is_written_at_most_once_to_each_side(world: World) -> None:
    task = await synced(world)
    await world.advance(POLL)
    before, revision = (await the_task(world))["SystemModstamp"], (await get(world, task)).etag
    await world.advance(3 * POLL)
    assert (await the_task(world))["SystemModstamp"] == before
    assert (await get(world, task)).etag == revision
    await update(world, task, details="Once")
    await world.advance(PUSH)
    written = (await the_task(world))["SystemModstamp"]
    revision = (await get(world, task)).etag
    await world.advance(5 * POLL)
    assert (await the_task(world))["SystemModstamp"] == written
    assert (await get(world, task)).etag == revision


async def test_scenario_38c_logged_emails_never_come_back_as_reminders(world: World) -> None:
    logging = sync_settings_pb2.LoggingSettings(log_emails=True)
    await world.set(sync_settings_pb2.Settings(logging=logging), "logging.log_emails")
    await world.sync_people()
    person = (await first_person(world)).person_id
    await turn_on(world)
    content = activity_log_pb2.ActivityContent(
        idempotency_key="mail-1",
        person_id=person,
        user_id=SELLER,
        send_sales_email=activity_log_pb2.SendSalesEmail(
            email=activity_log_pb2.SalesEmail(email_id="1", subject="Hello"), body="Hello"
        ),
    )
    content.activity_time.FromMicroseconds(world.clock.now())
    await world.user.activities.LogActivity(activity_log_pb2.LogActivityRequest(content=content))
    await world.advance(3 * POLL)
    assert [one["Subject"] for one in await tasks(world)] == ["Email: Hello"]
    assert await listed(world) == []
    assert await listed(world, state=Task.STATE_COMPLETED) == []


async def test_scenario_38d_a_reminder_has_no_type(world: World) -> None:
    await synced(world)
    assert (await the_task(world))["Type"] is None


async def first_person(world: World) -> Any:
    found = (await world.user.persons.ListPersons(person_sync_pb2.ListPersonsRequest(page_size=200))).persons
    return next(one for one in found if one.salesforce_contact_id or one.salesforce_lead_id)


async def test_a_user_keeps_their_own_reminders_alone(world: World) -> None:
    await world.add_seller("seller-2", email="two@example.com")
    other = Task(user_id="seller-2", kind=Task.KIND_EMAIL, name="Theirs")
    with pytest.raises(RoleNotAllowedError):
        await world.user.reminders.CreateReminderTask(contract.CreateReminderTaskRequest(reminder_task=other))
    made = (
        await world.service.reminders.CreateReminderTask(contract.CreateReminderTaskRequest(reminder_task=other))
    ).reminder_task
    assert made.origin == SYSTEM_ACTIONSYNC
    with pytest.raises(ResourceNotFoundError):
        await get(world, made)
    assert await listed(world, user_id="seller-2") == []
    found = await world.service.reminders.ListReminderTasks(contract.ListReminderTasksRequest(user_id="seller-2"))
    assert [one.name for one in found.reminder_tasks] == ["Theirs"]


async def test_a_change_on_an_old_etag_is_refused(world: World) -> None:
    task = await create(world)
    await update(world, task, details="first")
    with pytest.raises(EtagMismatchError):
        await update(world, task, details="second", etag=task.etag)


async def test_a_repeated_creation_makes_one_task(world: World) -> None:
    wanted = Task(user_id=SELLER, kind=Task.KIND_CALL, name="Once")
    request = contract.CreateReminderTaskRequest(reminder_task=wanted, request_id="r-1")
    first = await world.user.reminders.CreateReminderTask(request)
    assert await world.user.reminders.CreateReminderTask(request) == first
    assert len(await listed(world)) == 1
    request.reminder_task.name = "Twice"
    with pytest.raises(RequestIdReusedError):
        await world.user.reminders.CreateReminderTask(request)


async def test_lists_go_by_due_date_and_the_undated_come_last(world: World) -> None:
    for name, due in (("None", ""), ("Late", "2030-01-01"), ("Soon", "2026-01-01"), ("Also none", "")):
        await create(world, name, due_date=due)
    assert [one.name for one in await listed(world)] == ["Soon", "Late", "None", "Also none"]


async def test_deleted_tasks_are_not_listed(world: World) -> None:
    with pytest.raises(InvalidFieldError):
        await listed(world, state=Task.STATE_DELETED)


async def test_a_watch_tells_of_every_change_also_of_a_deletion(world: World) -> None:
    stream = world.user.watch(world.user.reminders.WatchReminderTasks, contract.WatchReminderTasksRequest())
    async with aclosing(stream):
        await anext(stream)
        task = await create(world)
        await delete(world, task)
        found: list[Task] = []
        while len(found) < 2:
            found += (await anext(stream)).reminder_tasks
    assert {one.reminder_task_id for one in found} == {task.reminder_task_id}
    assert found[-1].state == Task.STATE_DELETED
