"""A changed reminder task becomes a delivery. It carries the task as it then is, so one open delivery is enough."""

from __future__ import annotations

from collections.abc import Sequence

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState, SubjectKind
from actionsync_server.model.errors import System
from actionsync_server.model.ids import Ids
from actionsync_server.model.reminders import ReminderTask
from actionsync_server.store.database import Transaction
from actionsync_server.store.deliveries import DeliveryWrites

#: A delivery that will still read the task before it writes.
_TO_COME = frozenset({DeliveryState.PENDING, DeliveryState.RETRYING, DeliveryState.WAITING})


class ReminderPushes:
    """Adds deliveries of reminder tasks."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    async def push(
        self, transaction: Transaction, instance_id: str, changed: Sequence[ReminderTask], *, at: Micros
    ) -> list[Delivery]:
        """See to it that each synced task has a delivery to come."""
        writes = DeliveryWrites(transaction, instance_id)
        synced = [task for task in changed if task.synced]
        if not synced:
            return []
        known = await writes.of_subjects(SubjectKind.REMINDER_TASK, [task.reminder_task_id for task in synced])
        sequence = await writes.next_sequence()
        wanting = [
            task for task in synced if not any(one.state in _TO_COME for one in known.get(task.reminder_task_id, ()))
        ]
        added = [
            Delivery(
                delivery_id=self._ids.make("d"),
                system=System.SALESFORCE,
                subject_kind=SubjectKind.REMINDER_TASK,
                subject_id=task.reminder_task_id,
                person_id=task.person_id,
                state=DeliveryState.PENDING,
                reason=DeliveryReason.NONE,
                attempt_count=0,
                due_time=at,
                error=None,
                external_id="",
                warnings=(),
                sequence=sequence + place,
                create_time=at,
                update_time=at,
            )
            for place, task in enumerate(wanting)
        ]
        await writes.add(added)
        return added
