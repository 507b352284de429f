"""What callers do with reminder tasks. A user keeps their own; admins and services anybody's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actionsync_server.clock import Clock, Micros, to_datetime
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.reminders.pushing import ReminderPushes
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.deliveries import Delivery, SubjectKind
from actionsync_server.model.directory import Actor, Role
from actionsync_server.model.errors import EtagMismatch, NotAllowed, NotFound, System
from actionsync_server.model.ids import Ids
from actionsync_server.model.reminders import ReminderState, ReminderTask, TaskLink
from actionsync_server.model.settings import ReminderMode
from actionsync_server.store.database import Database, Keep, Reader, Transaction
from actionsync_server.store.deliveries import Deliveries
from actionsync_server.store.directory import Directory
from actionsync_server.store.person_merges import as_they_are_now
from actionsync_server.store.reminders import ReminderFilter, Reminders, ReminderWrites


@dataclass(frozen=True, slots=True)
class ShownReminder:
    """A task with its link and its newest delivery, as far as it has them."""

    task: ReminderTask
    link: TaskLink | None
    delivery: Delivery | None


class ReminderFlow:
    """Keeps reminder tasks."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        ids: Ids,
        settings: SettingsFlow,
        pushes: ReminderPushes,
        lanes: DeliveryLanes,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._pushes = pushes
        self._lanes = lanes

    async def create(
        self, actor: Actor, wanted: ReminderTask, *, keep: Keep[ShownReminder] | None = None
    ) -> ShownReminder:
        """Store a new task, and `keep` what is answered in the same transaction.

        Raises NotFound for its seller or person, NotAllowed for another's.
        """
        instance_id = actor.instance_id
        _require_own(actor, wanted.user_id)
        synced = (await self._settings.get(instance_id)).reminders.mode is ReminderMode.TWO_WAY
        now = self._clock.now()
        task = replace(
            wanted, reminder_task_id=self._ids.make("t"), synced=synced, create_time=now, update_time=now, revision=1
        )

        async def work(transaction: Transaction) -> ShownReminder:
            if await Directory(transaction, instance_id).user(task.user_id) is None:
                raise NotFound("user", task.user_id)
            about = task
            if task.person_id:
                persons = await as_they_are_now(transaction, instance_id, [task.person_id])
                if task.person_id not in persons:
                    raise NotFound("person", task.person_id)
                about = replace(task, person_id=persons[task.person_id].person_id)
            await ReminderWrites(transaction, instance_id).add([about])
            await self._pushes.push(transaction, instance_id, [about], at=now)
            shown = (await self._shown(transaction, instance_id, [about]))[0]
            if keep is not None:
                await keep(transaction, shown)
            return shown

        stored = await self._database.write(work)
        self._lanes.wake(instance_id, System.SALESFORCE)
        return stored

    async def get(self, actor: Actor, reminder_task_id: str) -> ShownReminder:
        """Return one task; raises NotFound, also for a deleted one and for another's."""
        task = await self._own(self._database, actor, reminder_task_id)
        return (await self.shown(actor.instance_id, [task]))[0]

    async def page(
        self, actor: Actor, wanted: ReminderFilter, *, due_soon: bool, after: tuple[str, str] | None, count: int
    ) -> list[ShownReminder]:
        """Return a page of a listing; a user sees their own."""
        if actor.role is Role.USER:
            wanted = replace(wanted, user_id=actor.user_id)
        if due_soon:
            wanted = replace(wanted, due_dates=await self._today_and_tomorrow(actor.instance_id, wanted.user_id))
        found = await Reminders(self._database, actor.instance_id).page(wanted, after=after, count=count)
        return await self.shown(actor.instance_id, found)

    async def change(
        self, actor: Actor, reminder_task_id: str, values: Mapping[str, Any], *, etag: str
    ) -> ShownReminder:
        """Change fields. Raises NotFound, and EtagMismatch for an etag that is not the present one."""
        instance_id = actor.instance_id
        now = self._clock.now()

        async def work(transaction: Transaction) -> ReminderTask:
            known = await self._own(transaction, actor, reminder_task_id)
            if etag and etag != str(known.revision):
                raise EtagMismatch("reminder task")
            changed = {name: value for name, value in values.items() if getattr(known, name) != value}
            if not changed:
                return known
            task = changed_task(known, changed, at=now)
            await ReminderWrites(transaction, instance_id).update([task])
            await self._pushes.push(transaction, instance_id, [task], at=now)
            return task

        task = await self._database.write(work)
        self._lanes.wake(instance_id, System.SALESFORCE)
        return (await self.shown(instance_id, [task]))[0]

    async def many(self, instance_id: str, ids: Collection[str]) -> dict[str, ShownReminder]:
        """Return tasks by id, also deleted ones: what a watch shows."""
        found = await Reminders(self._database, instance_id).many(ids)
        return {one.task.reminder_task_id: one for one in await self.shown(instance_id, list(found.values()))}

    async def shown(self, instance_id: str, tasks: Sequence[ReminderTask]) -> list[ShownReminder]:
        """Return tasks with what hangs on them."""
        return await self._shown(self._database, instance_id, tasks)

    async def _shown(self, reader: Reader, instance_id: str, tasks: Sequence[ReminderTask]) -> list[ShownReminder]:
        ids = [task.reminder_task_id for task in tasks]
        links = await Reminders(reader, instance_id).links(ids)
        deliveries = await Deliveries(reader, instance_id).of_subjects(SubjectKind.REMINDER_TASK, ids)
        return [
            ShownReminder(task, links.get(one), deliveries[one][-1] if deliveries.get(one) else None)
            for task, one in zip(tasks, ids, strict=True)
        ]

    async def _own(self, reader: Reader, actor: Actor, reminder_task_id: str) -> ReminderTask:
        task = await Reminders(reader, actor.instance_id).get(reminder_task_id)
        hidden = task is not None and actor.role is Role.USER and task.user_id != actor.user_id
        if task is None or hidden or task.state is ReminderState.DELETED:
            raise NotFound("reminder task", reminder_task_id)
        return task

    async def _today_and_tomorrow(self, instance_id: str, user_id: str) -> list[str]:
        user = await Directory(self._database, instance_id).user(user_id) if user_id else None
        today = to_datetime(self._clock.now()).astimezone(_zone(user.time_zone if user else "")).date()
        return [today.isoformat(), (today + timedelta(days=1)).isoformat()]


def changed_task(known: ReminderTask, changed: Mapping[str, Any], *, at: Micros) -> ReminderTask:
    """Return a task with new values, and noted down when each came."""
    times = dict(known.change_times) | dict.fromkeys(changed, at)
    return replace(known, **changed, change_times=times, revision=known.revision + 1, update_time=at)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _require_own(actor: Actor, user_id: str) -> None:
    if actor.role is Role.USER and user_id != actor.user_id:
        raise NotAllowed(
            "a user makes reminders for themselves; ask an admin or a service",
            reason="ROLE_NOT_ALLOWED",
            metadata={"role": "user"},
        )
