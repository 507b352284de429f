"""What changed in Salesforce comes to our reminder tasks: activation, polls, new Tasks, deletions.

Every change goes through one place, whoever noticed it: the poll, or a writer that meets the Task before writing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from actionsync_server.clock import Clock, Micros, from_iso
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.reminders.keeping import changed_task
from actionsync_server.flows.reminders.pushing import ReminderPushes
from actionsync_server.model.errors import System
from actionsync_server.model.ids import Ids
from actionsync_server.model.persons import salesforce_id
from actionsync_server.model.reminders import (
    Meeting,
    ReminderKind,
    ReminderPriority,
    ReminderState,
    ReminderTask,
    TaskLink,
    meet,
    read_record,
    values_of,
)
from actionsync_server.model.salesforce_tasks import EXTERNAL_ID_FIELD
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.deliveries import Deliveries
from actionsync_server.store.persons import Persons
from actionsync_server.store.reminders import ReminderWrites
from actionsync_server.systems.salesforce import Salesforce, quote

log = structlog.get_logger(__name__)

FIELDS = (
    "Id, Subject, Status, Priority, ActivityDate, Description, WhoId, OwnerId, IsClosed, IsDeleted, CreatedDate,"
    " LastModifiedDate, SystemModstamp"
)
_IDS = 150
_VALUES: dict[str, Any] = {
    "state": ReminderState.__getitem__,
    "priority": ReminderPriority.__getitem__,
    "due_date": str,
    "details": str,
}


class ReminderReading:
    """Applies what Salesforce says to the reminder tasks of every instance."""

    def __init__(
        self, database: Database, clock: Clock, *, ids: Ids, pushes: ReminderPushes, lanes: DeliveryLanes
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._pushes = pushes
        self._lanes = lanes

    async def linked(self, instance_id: str, task: ReminderTask, task_id: str, *, subject: str) -> None:
        """Note down that a task has become a Salesforce Task that says the same."""
        link = TaskLink(task.reminder_task_id, task_id, subject, values_of(task))

        async def work(transaction: Transaction) -> None:
            await ReminderWrites(transaction, instance_id).link(link)

        await self._database.write(work)

    async def unlinked(self, instance_id: str, reminder_task_id: str) -> None:
        """Note down that the Salesforce Task is no more."""

        async def work(transaction: Transaction) -> None:
            await ReminderWrites(transaction, instance_id).unlink(reminder_task_id)

        await self._database.write(work)

    async def took(
        self, instance_id: str, reminder_task_id: str, task: ReminderTask, record: Mapping[str, Any]
    ) -> None:
        """Note down what Salesforce took of a task as it was when it was written."""

        async def work(transaction: Transaction) -> None:
            writes = ReminderWrites(transaction, instance_id)
            link = (await writes.links([reminder_task_id])).get(reminder_task_id)
            if link is None:
                return
            values = values_of(task)
            taken = {name: values[name] for name, field in _WRITTEN_AS.items() if field in record}
            subject = str(record.get("Subject", link.salesforce_subject))
            synced = dict(link.synced_values) | taken | {"name": task.name}
            await writes.link(replace(link, synced_values=synced, salesforce_subject=subject))

        await self._database.write(work)

    async def met(
        self, instance_id: str, reminder_task_id: str, record: Mapping[str, Any], *, template: str
    ) -> Meeting | None:
        """Let a linked task meet its Salesforce Task: take over what is theirs, return what is ours to write.

        What is returned is not noted down as agreed yet: `took` does that when Salesforce has taken it.
        """
        changed_at = from_iso(record["LastModifiedDate"])

        async def work(transaction: Transaction) -> Meeting | None:
            writes = ReminderWrites(transaction, instance_id)
            task = await writes.get(reminder_task_id)
            link = (await writes.links([reminder_task_id])).get(reminder_task_id)
            if task is None or link is None or task.state is ReminderState.DELETED:
                return None
            meeting = meet(task, link, record, changed_at=changed_at, template=template)
            if meeting.taken:
                values = {name: _VALUES[name](value) for name, value in meeting.taken.items()}
                now = self._clock.now()
                task = replace(changed_task(task, values, at=now), change_times=_times(task, values, changed_at))
                await writes.update([task])
            await writes.link(
                replace(
                    link,
                    salesforce_subject=record["Subject"] or "",
                    synced_values=_agreed(link, meeting),
                    synced_modstamp=from_iso(record["SystemModstamp"]),
                )
            )
            return meeting

        return await self._database.write(work)

    async def changed(
        self, instance_id: str, records: Sequence[Mapping[str, Any]], *, owners: Mapping[str, str], template: str
    ) -> int:
        """Apply Tasks that changed in Salesforce; new ones of `owners` (Salesforce user → our user) come in.

        Returns how many of ours changed or came. Changes that we made ourselves say what we know already.
        """
        writes = ReminderWrites
        count = 0
        ids = [salesforce_id(record["Id"]) for record in records]

        async def known(transaction: Transaction) -> dict[str, TaskLink]:
            return await writes(transaction, instance_id).links_by_task(ids)

        links = await self._database.write(known)
        deleted = [task_id for record, task_id in zip(records, ids, strict=True) if record["IsDeleted"]]
        count += await self.deleted(instance_id, [one for one in deleted if one in links])
        new: list[Mapping[str, Any]] = []
        for record, task_id in zip(records, ids, strict=True):
            if record["IsDeleted"]:
                continue
            link = links.get(task_id)
            if link is None:
                new.append(record)
                continue
            meeting = await self.met(instance_id, link.reminder_task_id, record, template=template)
            if meeting is not None and meeting.written:
                await self._push(instance_id, link.reminder_task_id)
            count += bool(meeting and meeting.taken)
        return count + await self._import(instance_id, new, owners)

    async def deleted(self, instance_id: str, task_ids: Collection[str]) -> int:
        """Delete the tasks whose Salesforce Tasks were deleted; deleting beats every edit."""
        if not task_ids:
            return 0
        now = self._clock.now()

        async def work(transaction: Transaction) -> int:
            writes = ReminderWrites(transaction, instance_id)
            links = await writes.links_by_task(task_ids)
            tasks = await writes.many([link.reminder_task_id for link in links.values()])
            gone = [
                changed_task(task, {"state": ReminderState.DELETED}, at=now)
                for task in tasks.values()
                if task.state is not ReminderState.DELETED
            ]
            await writes.update(gone)
            for link in links.values():
                await writes.unlink(link.reminder_task_id)
            return len(gone)

        return await self._database.write(work)

    async def _push(self, instance_id: str, reminder_task_id: str) -> None:
        async def work(transaction: Transaction) -> None:
            task = await ReminderWrites(transaction, instance_id).get(reminder_task_id)
            if task is not None:
                await self._pushes.push(transaction, instance_id, [task], at=self._clock.now())

        await self._database.write(work)
        self._lanes.wake(instance_id, System.SALESFORCE)

    async def _import(self, instance_id: str, records: Sequence[Mapping[str, Any]], owners: Mapping[str, str]) -> int:
        """Take in Tasks of connected sellers: no activities of ours, nothing closed in a way we have no word for."""
        wanted = [record for record in records if salesforce_id(record["OwnerId"]) in owners and _may_come(record)]
        if not wanted:
            return 0
        logged = await Deliveries(self._database, instance_id).delivered_as([salesforce_id(r["Id"]) for r in wanted])
        wanted = [record for record in wanted if salesforce_id(record["Id"]) not in logged]
        who = [salesforce_id(record["WhoId"]) for record in wanted if record["WhoId"]]
        people = await Persons(self._database, instance_id).many_by_salesforce_id(who)
        now = self._clock.now()
        made = [(_imported(record, self._ids.make("t"), owners, people, at=now), record) for record in wanted]

        async def work(transaction: Transaction) -> int:
            writes = ReminderWrites(transaction, instance_id)
            known = await writes.links_by_task([salesforce_id(record["Id"]) for _, record in made])
            new = [(task, record) for task, record in made if salesforce_id(record["Id"]) not in known]
            await writes.add([task for task, _ in new])
            for task, record in new:
                values = values_of(task) | read_record(record)
                await writes.link(
                    TaskLink(
                        task.reminder_task_id,
                        salesforce_id(record["Id"]),
                        record["Subject"] or "",
                        values,
                        from_iso(record["SystemModstamp"]),
                    )
                )
            return len(new)

        return await self._database.write(work)


async def fetch(client: Salesforce, task_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return Tasks as they are now, deleted ones included, by id."""
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(task_ids), _IDS):
        listed = ", ".join(quote(one) for one in task_ids[start : start + _IDS])
        soql = f"SELECT {FIELDS} FROM Task WHERE Id IN ({listed})"  # noqa: S608 - quoted
        found |= {salesforce_id(row["Id"]): row for row in await client.query(soql, include_deleted=True)}
    return found


_WRITTEN_AS = {"state": "Status", "priority": "Priority", "due_date": "ActivityDate", "details": "Description"}


def _agreed(link: TaskLink, meeting: Meeting) -> dict[str, str]:
    """Return what both sides say after a meeting: what is still to be written counts as before."""
    pending = {name for name, field in _WRITTEN_AS.items() if field in meeting.written}
    agreed = {name: value for name, value in meeting.synced_values.items() if name not in pending and name != "name"}
    if "Subject" not in meeting.written:
        agreed["name"] = meeting.synced_values["name"]
    return dict(link.synced_values) | agreed


def _times(task: ReminderTask, values: Iterable[str], changed_at: Micros) -> dict[str, Micros]:
    return dict(task.change_times) | dict.fromkeys(values, changed_at)


def _may_come(record: Mapping[str, Any]) -> bool:
    # A Task with our external id was written by us, also where its answer was lost; it is linked by its own delivery.
    return not record.get(EXTERNAL_ID_FIELD) and (not record["IsClosed"] or "state" in read_record(record))


def _imported(
    record: Mapping[str, Any],
    reminder_task_id: str,
    owners: Mapping[str, str],
    people: Mapping[str, Any],
    *,
    at: Micros,
) -> ReminderTask:
    values = read_record(record)
    person = people.get(salesforce_id(record["WhoId"] or ""))
    return ReminderTask(
        reminder_task_id=reminder_task_id,
        user_id=owners[salesforce_id(record["OwnerId"])],
        person_id="" if person is None else person.person_id,
        kind=ReminderKind.CUSTOM,
        name=(record["Subject"] or "").strip()[:255] or "Task",
        details=values["details"],
        due_date=values["due_date"],
        priority=ReminderPriority[values.get("priority", ReminderPriority.NORMAL.name)],
        state=ReminderState[values.get("state", ReminderState.OPEN.name)],
        origin=System.SALESFORCE,
        synced=True,
        revision=1,
        create_time=at,
        update_time=at,
    )
