"""Serves ReminderTasks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from actionsync.v1 import reminder_tasks_pb2 as pb

from actionsync_server.clock import Clock
from actionsync_server.flows.reminders.keeping import ReminderFlow, ShownReminder
from actionsync_server.model.directory import Role
from actionsync_server.model.errors import InvalidInput, Violation
from actionsync_server.model.reminders import ReminderState
from actionsync_server.rpc import convert, convert_reminders, pages
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.change_feed import change_feed
from actionsync_server.rpc.requests import Remember, answered
from actionsync_server.store.changes import ChangeKind
from actionsync_server.store.database import Database
from actionsync_server.store.reminders import ReminderFilter


class ReminderTasksService:
    """Handlers of actionsync.v1.ReminderTasks."""

    service = "actionsync.v1.ReminderTasks"

    def __init__(self, database: Database, clock: Clock, reminders: ReminderFlow) -> None:
        self._database = database
        self._clock = clock
        self._reminders = reminders

    async def create_reminder_task(
        self, request: pb.CreateReminderTaskRequest, call: Call
    ) -> pb.CreateReminderTaskResponse:
        """Create a reminder task."""

        def answer(shown: ShownReminder) -> pb.CreateReminderTaskResponse:
            return pb.CreateReminderTaskResponse(reminder_task=convert_reminders.reminder_message(shown))

        async def work(remember: Remember) -> pb.CreateReminderTaskResponse:
            wanted = convert_reminders.reminder(request.reminder_task)
            return answer(await self._reminders.create(call.actor, wanted, keep=answered(remember, answer)))

        return await call.once_remembered(request, work)

    async def get_reminder_task(self, request: pb.GetReminderTaskRequest, call: Call) -> pb.GetReminderTaskResponse:
        """Return one reminder task."""
        shown = await self._reminders.get(call.actor, request.reminder_task_id)
        return pb.GetReminderTaskResponse(reminder_task=convert_reminders.reminder_message(shown))

    async def list_reminder_tasks(
        self, request: pb.ListReminderTasksRequest, call: Call
    ) -> pb.ListReminderTasksResponse:
        """List reminder tasks by due date."""
        size = pages.page_size(request)
        position = pages.decode(request.page_token, listing="reminder_tasks", filters=request)
        after = (str(position[0]), str(position[1])) if position else None
        state = convert.enum(ReminderState, request.state, unspecified=ReminderState.OPEN)
        if state is ReminderState.DELETED:
            raise InvalidInput([Violation("state", "deleted tasks are shown by watches only; ask for another state")])
        wanted = ReminderFilter(state, request.user_id, request.person_id)
        found = await self._reminders.page(call.actor, wanted, due_soon=request.due_soon, after=after, count=size + 1)
        page = found[:size]
        token = ""
        if len(found) > size:
            last = page[-1].task
            token = pages.encode([last.due_date, last.reminder_task_id], listing="reminder_tasks", filters=request)
        return pb.ListReminderTasksResponse(
            reminder_tasks=[convert_reminders.reminder_message(one) for one in page], next_page_token=token
        )

    async def update_reminder_task(
        self, request: pb.UpdateReminderTaskRequest, call: Call
    ) -> pb.UpdateReminderTaskResponse:
        """Change the fields that the mask names."""
        wanted = convert_reminders.reminder(request.reminder_task)
        values = {path: getattr(wanted, path) for path in request.update_mask.paths}
        message = await self._changed(call, request.reminder_task.reminder_task_id, values, request.reminder_task.etag)
        return pb.UpdateReminderTaskResponse(reminder_task=message)

    async def complete_reminder_task(
        self, request: pb.CompleteReminderTaskRequest, call: Call
    ) -> pb.CompleteReminderTaskResponse:
        """Mark a reminder task complete."""
        values = {"state": ReminderState.COMPLETED}
        message = await self._changed(call, request.reminder_task_id, values, request.etag)
        return pb.CompleteReminderTaskResponse(reminder_task=message)

    async def reopen_reminder_task(
        self, request: pb.ReopenReminderTaskRequest, call: Call
    ) -> pb.ReopenReminderTaskResponse:
        """Open a completed reminder task again."""
        values = {"state": ReminderState.OPEN}
        message = await self._changed(call, request.reminder_task_id, values, request.etag)
        return pb.ReopenReminderTaskResponse(reminder_task=message)

    async def delete_reminder_task(
        self, request: pb.DeleteReminderTaskRequest, call: Call
    ) -> pb.DeleteReminderTaskResponse:
        """Delete a reminder task, and its Salesforce Task while the sync is on."""
        values = {"state": ReminderState.DELETED}
        await self._changed(call, request.reminder_task_id, values, request.etag)
        return pb.DeleteReminderTaskResponse()

    async def watch_reminder_tasks(
        self, request: pb.WatchReminderTasksRequest, call: Call
    ) -> AsyncGenerator[pb.WatchReminderTasksResponse, None]:
        """Stream changes of reminder tasks; a user sees their own."""
        user_id = call.actor.user_id if call.actor.role is Role.USER else request.user_id
        feed = change_feed(call, self._database, self._clock, ChangeKind.REMINDER_TASK, request.resume_token)
        async with aclosing(feed) as news:
            async for one in news:
                mine = [change for change in one.changes if user_id in ("", change.detail.get("user_id"))]
                shown = await self._reminders.many(call.instance_id, {change.subject_id for change in mine})
                yield pb.WatchReminderTasksResponse(
                    reminder_tasks=[
                        convert_reminders.reminder_message(shown[change.subject_id])
                        for change in mine
                        if change.subject_id in shown
                    ],
                    resume_token=one.resume_token,
                )

    async def _changed(
        self, call: Call, reminder_task_id: str, values: Mapping[str, Any], etag: str
    ) -> pb.ReminderTask:
        shown = await self._reminders.change(call.actor, reminder_task_id, values, etag=etag)
        return convert_reminders.reminder_message(shown)
