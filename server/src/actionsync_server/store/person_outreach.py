"""What hangs on people: activities, deliveries, reminder tasks. It is handed on when people are merged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import bindparam, select, update

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.store.database import Transaction
from actionsync_server.store.deliveries import to_delivery
from actionsync_server.store.reminders import ReminderWrites
from actionsync_server.store.schema import activities, deliveries, reminder_tasks
from actionsync_server.store.statement import Statement, any_of

#: Reminder tasks read and written at once.
_LOT = 300

_MOVE_ACTIVITIES = Statement(
    update(activities)
    .where(activities.c.instance_id == bindparam("of_instance"), any_of(activities.c.person_id, "of_people"))
    .values(person_id=bindparam("person_id"))
)
_MOVE_DELIVERIES = Statement(
    update(deliveries)
    .where(deliveries.c.instance_id == bindparam("of_instance"), any_of(deliveries.c.person_id, "of_people"))
    .values(person_id=bindparam("person_id"))
)
_REMINDERS = Statement(
    select(reminder_tasks.c.reminder_task_id)
    .where(reminder_tasks.c.instance_id == bindparam("instance_id"), any_of(reminder_tasks.c.person_id, "person_ids"))
    .limit(bindparam("count"))
)
_REFUSED_AS_GONE = Statement(
    select(deliveries)
    .where(deliveries.c.instance_id == bindparam("instance_id"), any_of(deliveries.c.person_id, "person_ids"))
    .where(
        deliveries.c.system == System.MARKETO.value,
        deliveries.c.state == DeliveryState.FAILED.value,
        deliveries.c.reason == DeliveryReason.PERSON_GONE.value,
    )
    .order_by(deliveries.c.sequence)
)


class PersonOutreach:
    """The outreach to people of one instance, inside a transaction."""

    def __init__(self, transaction: Transaction, instance_id: str) -> None:
        self._transaction = transaction
        self._instance_id = instance_id

    async def hand_over(self, person_ids: Collection[str], to_person_id: str, *, at: Micros) -> None:
        """Let everything that hangs on some people hang on another one. Nothing changes when it is done again.

        Deliveries keep their state and their place in the queue: one that is being written meanwhile is settled by its
        own id.
        """
        moved = {"of_instance": self._instance_id, "of_people": sorted(person_ids), "person_id": to_person_id}
        await self._transaction.execute(_MOVE_ACTIVITIES, moved)
        await self._transaction.execute(_MOVE_DELIVERIES, moved)
        reminders = ReminderWrites(self._transaction, self._instance_id)
        asked = {"instance_id": self._instance_id, "person_ids": sorted(person_ids), "count": _LOT}
        while rows := await self._transaction.rows(_REMINDERS, asked):
            found = await reminders.many([row["reminder_task_id"] for row in rows])
            await reminders.update(
                [
                    replace(one, person_id=to_person_id, revision=one.revision + 1, update_time=at)
                    for one in found.values()
                ]
            )

    async def refused_as_gone(self, person_ids: Collection[str]) -> list[Delivery]:
        """Return the deliveries that Marketo refused because it had these people no more, oldest first."""
        rows = await self._transaction.rows(
            _REFUSED_AS_GONE, {"instance_id": self._instance_id, "person_ids": sorted(person_ids)}
        )
        return [to_delivery(row) for row in rows]
