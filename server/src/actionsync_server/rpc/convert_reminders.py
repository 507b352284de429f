"""Model to contract and back, for reminder tasks."""

from __future__ import annotations

from actionsync.v1 import reminder_tasks_pb2 as pb

from actionsync_server.flows.reminders.keeping import ShownReminder
from actionsync_server.model.errors import System
from actionsync_server.model.reminders import ReminderKind, ReminderPriority, ReminderState, ReminderTask
from actionsync_server.rpc import convert


def reminder(message: pb.ReminderTask) -> ReminderTask:
    """Read a task that a caller wants; what is the server's to say stays empty."""
    return ReminderTask(
        reminder_task_id=message.reminder_task_id,
        user_id=message.user_id,
        person_id=message.person_id,
        kind=convert.enum(ReminderKind, message.kind, unspecified=ReminderKind.CUSTOM),
        name=message.name,
        details=message.details,
        due_date=message.due_date,
        priority=convert.enum(ReminderPriority, message.priority, unspecified=ReminderPriority.NORMAL),
        state=ReminderState.OPEN,
        origin=System.ACTIONSYNC,
        synced=False,
        revision=0,
        create_time=0,
        update_time=0,
    )


def reminder_message(shown: ShownReminder) -> pb.ReminderTask:
    """Write a task with its link and newest delivery."""
    task, link = shown.task, shown.link
    return pb.ReminderTask(
        reminder_task_id=task.reminder_task_id,
        user_id=task.user_id,
        person_id=task.person_id,
        kind=convert.number(task.kind),
        name=task.name,
        details=task.details,
        due_date=task.due_date,
        priority=convert.number(task.priority),
        state=convert.number(task.state),
        origin=convert.number(task.origin),
        salesforce_subject=link.salesforce_subject if link else "",
        salesforce_task_id=link.salesforce_task_id if link else "",
        delivery=None if shown.delivery is None else convert.delivery(shown.delivery),
        etag=str(task.revision),
        create_time=convert.timestamp(task.create_time),
        update_time=convert.timestamp(task.update_time),
    )
