"""A reminder that was done by sending the mail or making the call: its Task becomes the activity's, instead of two.

The Task is taken over only when nothing of the reminder is on its way any more; then the link ends, so that what
happens to a logged activity in Salesforce changes no reminder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actionsync_server.clock import Clock
from actionsync_server.flows.delivery.outcomes import Outcome, of_standing
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.model.activities import Activity
from actionsync_server.model.deliveries import OPEN_STATES, DeliveryState, SubjectKind
from actionsync_server.model.engagements import after
from actionsync_server.model.settings import ReminderMode, ReminderSettings
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.deliveries import Deliveries
from actionsync_server.store.reminders import Reminders, ReminderWrites


@dataclass(frozen=True, slots=True)
class DoneReminder:
    """The reminder behind an activity. `outcome`: the activity waits for what is on its way of the reminder."""

    name: str = ""
    linked_task_id: str = ""
    outcome: Outcome | None = None


NO_REMINDER = DoneReminder()


class DoneReminders:
    """The reminders behind the activities of one instance."""

    def __init__(self, database: Database, clock: Clock, *, instance_id: str) -> None:
        self._database = database
        self._clock = clock
        self._instance_id = instance_id

    async def of(self, activities: Sequence[Activity], settings: ReminderSettings) -> dict[str, DoneReminder]:
        """Return the reminders of those activities that do one, by activity id."""
        by_activity = {
            one.activity_id: one.content.reminder_task_id for one in activities if one.content.reminder_task_id
        }
        if not by_activity:
            return {}
        ids = set(by_activity.values())
        reminders = Reminders(self._database, self._instance_id)
        tasks, links = await reminders.many(ids), await reminders.links(ids)
        deliveries = await Deliveries(self._database, self._instance_id).of_subjects(SubjectKind.REMINDER_TASK, ids)
        since = {one.activity_id: one.create_time for one in activities}
        merging = settings.mode is ReminderMode.TWO_WAY and settings.merge_with_activity
        found: dict[str, DoneReminder] = {}
        for activity_id, reminder_id in by_activity.items():
            task = tasks.get(reminder_id)
            if task is None:
                continue
            done = DoneReminder(task.name)
            if merging and task.synced:
                moving = [one for one in deliveries.get(reminder_id, ()) if one.state in OPEN_STATES]
                link = links.get(reminder_id)
                if moving:
                    standing = after(moving[-1], since=since[activity_id], now=self._clock.now())
                    done = replace(done, outcome=of_standing(standing))
                elif link is not None:
                    done = replace(done, linked_task_id=link.salesforce_task_id)
            found[activity_id] = done
        return found

    async def merged(self, activities: Sequence[Activity], results: Written) -> None:
        """End the links of the reminders whose Tasks these activities took over."""
        there = {delivery.subject_id for delivery, outcome in results if outcome.state is DeliveryState.DELIVERED}
        ids = [one.content.reminder_task_id for one in activities if one.activity_id in there]
        if not ids:
            return

        async def work(transaction: Transaction) -> None:
            writes = ReminderWrites(transaction, self._instance_id)
            tasks = await writes.many(ids)
            for one in tasks:
                await writes.unlink(one)
            now = self._clock.now()
            await writes.update([replace(task, synced=False, update_time=now) for task in tasks.values()])

        await self._database.write(work)
