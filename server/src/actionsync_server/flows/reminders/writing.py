"""Brings reminder tasks to Salesforce: creates, meets and deletes the Tasks that they are linked to.

A linked Task is read before it is written, so that what somebody changed there meanwhile is not overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import Block
from actionsync_server.flows.delivery.outcomes import (
    Outcome,
    again,
    delivered,
    of_failure,
    skipped,
    waiting,
)
from actionsync_server.flows.delivery.salesforce_group import refusal
from actionsync_server.flows.delivery.salesforce_logins import SalesforceLogins, login_of
from actionsync_server.flows.delivery.salesforce_lookup import again_when_a_look_says_something
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.flows.logging.records import RecordFinder
from actionsync_server.flows.logging.tasks import OrgNotPrepared, Task, TaskWriter
from actionsync_server.flows.reminders.reading import ReminderReading, fetch
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.deliveries import Delivery, DeliveryReason
from actionsync_server.model.directory import User
from actionsync_server.model.errors import System, SystemFailure
from actionsync_server.model.persons import Person, salesforce_id
from actionsync_server.model.reminders import ReminderState, ReminderTask, TaskLink, new_record
from actionsync_server.model.settings import ReminderMode, Settings
from actionsync_server.store.database import Database
from actionsync_server.store.delivery_queue import Lane
from actionsync_server.store.directory import Directory
from actionsync_server.store.persons import Persons
from actionsync_server.store.reminders import Reminders
from actionsync_server.systems.salesforce import RowResult, Salesforce

_GONE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"})


class ReminderWriter:
    """The writer of one instance's lane of reminder tasks."""

    lot_size = 200
    one_per_person = False
    first_look: Micros = 0

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        lane: Lane,
        logins: SalesforceLogins,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        reading: ReminderReading,
    ) -> None:
        self._database = database
        self._clock = clock
        self._instance_id = lane.instance_id
        self._logins = logins
        self._registry = registry
        self._settings = settings
        self._reading = reading

    async def block(self) -> Block | None:
        """Return why nothing can be written: not connected, or what the last call met."""
        return await self._logins.block()

    async def write(self, deliveries: Sequence[Delivery]) -> Written:
        """Bring each task to Salesforce as it now is, seller by seller."""
        settings = await self._settings.get(self._instance_id)
        reminders = Reminders(self._database, self._instance_id)
        tasks = await reminders.many([one.subject_id for one in deliveries])
        links = await reminders.links(list(tasks))
        users = await Directory(self._database, self._instance_id).sellers(sorted({t.user_id for t in tasks.values()}))
        people = await Persons(self._database, self._instance_id).many({t.person_id for t in tasks.values()} - {""})
        written: Written = []
        groups: dict[str, list[Delivery]] = {}
        for delivery in deliveries:
            task = tasks.get(delivery.subject_id)
            if task is None or task.user_id not in users:
                written.append((delivery, skipped(DeliveryReason.PERSON_GONE)))
            elif settings.reminders.mode is not ReminderMode.TWO_WAY:
                written.append((delivery, skipped(DeliveryReason.TURNED_OFF)))
            elif task.state is ReminderState.DELETED and task.reminder_task_id not in links:
                written.append((delivery, skipped(DeliveryReason.NONE)))
            else:
                groups.setdefault(login_of(task.user_id, settings.logging.log_as), []).append(delivery)
        for login, group in groups.items():
            written += await self._by_login(login, group, tasks, links, users, people, settings)
        return written

    async def look_up(self, deliveries: Sequence[Delivery]) -> Written:
        """Let them be written again; where a new Task could be made twice, only when a look says something."""
        now = self._clock.now()
        details = await self._registry.details(self._instance_id, System.SALESFORCE)
        if details.get("task_external_id"):
            return [(delivery, again(now)) for delivery in deliveries]
        return await again_when_a_look_says_something(self._database, self._clock, self._instance_id, deliveries)

    async def _by_login(
        self,
        login: str,
        group: Sequence[Delivery],
        tasks: Mapping[str, ReminderTask],
        links: Mapping[str, TaskLink],
        users: Mapping[str, User],
        people: Mapping[str, Person],
        settings: Settings,
    ) -> Written:
        seller_id = tasks[group[0].subject_id].user_id
        clients, refusals = await self._logins.of_sellers([seller_id], settings.logging.log_as)
        if seller_id in refusals:
            return [(one, refusals[seller_id]) for one in group]
        client = clients[seller_id]
        finder = RecordFinder(await self._registry.salesforce(self._instance_id), settings.logging)
        written: Written = []
        try:
            new = [one for one in group if one.subject_id not in links]
            written += await self._create(TaskWriter(client, finder), new, tasks, users, people, settings)
            gone = [one for one in group if one.subject_id in links and _is_deleted(tasks[one.subject_id])]
            written += await self._delete(client, gone, links)
            known = [one for one in group if one.subject_id in links and not _is_deleted(tasks[one.subject_id])]
            written += await self._meet(client, known, tasks, links, settings)
        except OrgNotPrepared:
            return written + _rest(group, written, waiting(DeliveryReason.SYSTEM_NOT_PREPARED).not_attempted())
        except SystemFailure as failure:
            await self._logins.note(failure, login)
            return written + _rest(group, written, of_failure(failure, now=self._clock.now()))
        self._logins.answered(login, client)
        return written

    async def _create(
        self,
        writer: TaskWriter,
        deliveries: Sequence[Delivery],
        tasks: Mapping[str, ReminderTask],
        users: Mapping[str, User],
        people: Mapping[str, Person],
        settings: Settings,
    ) -> Written:
        if not deliveries:
            return []
        described = await writer.describe()
        wanted: list[Task] = []
        for delivery in deliveries:
            task = tasks[delivery.subject_id]
            record = new_record(
                task,
                template=settings.logging.subject_template,
                who_id=_who(people.get(task.person_id)),
                owner_id=salesforce_id(users[task.user_id].salesforce_user_id),
            )
            repeated = delivery.attempt_count > 0
            wanted.append(writer.task(task.reminder_task_id, record, described, repeated=repeated))
        by_key = {delivery.subject_id: delivery for delivery in deliveries}
        written: Written = []
        for result in await writer.write(wanted, described):
            delivery = by_key[result.task.key]
            if not result.task_id:
                written.append((delivery, refusal(delivery, result.errors[0], gone=result.gone)))
                continue
            subject = str(result.task.record.fields.get("Subject", ""))
            await self._reading.linked(self._instance_id, tasks[result.task.key], result.task_id, subject=subject)
            written.append((delivery, delivered(result.task_id, warnings=result.task.record.warnings)))
        return written

    async def _delete(
        self, client: Salesforce, deliveries: Sequence[Delivery], links: Mapping[str, TaskLink]
    ) -> Written:
        if not deliveries:
            return []
        ids = [links[one.subject_id].salesforce_task_id for one in deliveries]
        written: Written = []
        for delivery, result in zip(deliveries, await client.delete(ids), strict=True):
            outcome = _deletion(delivery, result)
            if outcome.error is None:
                await self._reading.unlinked(self._instance_id, delivery.subject_id)
            written.append((delivery, outcome))
        return written

    async def _meet(
        self,
        client: Salesforce,
        deliveries: Sequence[Delivery],
        tasks: Mapping[str, ReminderTask],
        links: Mapping[str, TaskLink],
        settings: Settings,
    ) -> Written:
        """Read the linked Tasks, take over what changed there, write what changed here."""
        if not deliveries:
            return []
        template = settings.logging.subject_template
        records = await fetch(client, [links[one.subject_id].salesforce_task_id for one in deliveries])
        written: Written = []
        updates: list[tuple[Delivery, dict[str, Any]]] = []
        for delivery in deliveries:
            link = links[delivery.subject_id]
            record = records.get(link.salesforce_task_id)
            if record is None or record["IsDeleted"]:
                await self._reading.deleted(self._instance_id, [link.salesforce_task_id])
                written.append((delivery, skipped(DeliveryReason.NO_MATCHING_RECORD)))
                continue
            meeting = await self._reading.met(self._instance_id, delivery.subject_id, record, template=template)
            if meeting is None or not meeting.written:
                written.append((delivery, delivered(link.salesforce_task_id)))
            else:
                updates.append((delivery, {"Id": link.salesforce_task_id, **meeting.written}))
        results = await client.update("Task", [record for _, record in updates]) if updates else []
        for (delivery, record), result in zip(updates, results, strict=True):
            if result.success:
                await self._reading.took(self._instance_id, delivery.subject_id, tasks[delivery.subject_id], record)
                written.append((delivery, delivered(str(record["Id"]))))
            else:
                written.append((delivery, refusal(delivery, result.errors[0])))
        return written


def _is_deleted(task: ReminderTask) -> bool:
    return task.state is ReminderState.DELETED


def _who(person: Person | None) -> str:
    return "" if person is None else person.fields.salesforce_contact_id or person.fields.salesforce_lead_id


def _deletion(delivery: Delivery, result: RowResult) -> Outcome:
    if result.success or result.errors[0].status_code in _GONE:
        return delivered(result.id)
    return refusal(delivery, result.errors[0])


def _rest(group: Sequence[Delivery], written: Written, outcome: Outcome) -> Written:
    answered = {delivery.delivery_id for delivery, _ in written}
    return [(one, outcome) for one in group if one.delivery_id not in answered]
