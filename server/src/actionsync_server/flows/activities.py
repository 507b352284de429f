"""Takes activities in: acknowledged is durable, with its deliveries and what the change log says of them.

A batch is one transaction; its items are judged one by one, so that a bad one spoils no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.delivery.parcels import is_gone
from actionsync_server.flows.reminders.keeping import changed_task
from actionsync_server.flows.reminders.pushing import ReminderPushes
from actionsync_server.flows.roll_ups.noting import note_activities
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.model.activities import (
    Activity,
    ActivityContent,
    ActivityType,
    PermitState,
    SalesEmailBounced,
    fingerprint,
)
from actionsync_server.model.activity_types import TYPES, TypeSpec, find
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState, SubjectKind
from actionsync_server.model.directory import User
from actionsync_server.model.engagements import duty
from actionsync_server.model.errors import ActionsyncError, AlreadyExists, NotFound, System
from actionsync_server.model.ids import Ids
from actionsync_server.model.persons import Person, email_key
from actionsync_server.model.reminders import ReminderState, ReminderTask
from actionsync_server.model.settings import Settings
from actionsync_server.model.unsubscribes import UnsubscribeSource
from actionsync_server.store.activities import Activities, ActivityFilter, ActivityWrites, StoredActivity
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.deliveries import Deliveries, DeliveryWrites
from actionsync_server.store.directory import Directory
from actionsync_server.store.person_merges import as_they_are_now
from actionsync_server.store.reminders import Reminders, ReminderWrites


class PermitCheck(Protocol):
    """Tells what a send's permit was worth."""

    async def __call__(self, instance_id: str, permit: str, *, address: str, sent_at: Micros) -> PermitState:
        """Return whether the permit is ours, covers the address and was in force at the time."""
        ...


@dataclass(frozen=True, slots=True)
class LoggedActivity:
    """A stored activity with its deliveries, and whether it was there before."""

    activity: Activity
    deliveries: list[Delivery]
    already_logged: bool = False


LogResult = LoggedActivity | ActionsyncError


@dataclass(slots=True)
class _Batch:
    """What one transaction adds. `known` holds every key met so far, stored or new."""

    known: dict[str, StoredActivity]
    persons: dict[str, Person]
    users: dict[str, User]
    reminders: dict[str, ReminderTask]
    settings: Settings
    sequence: int
    activities: list[StoredActivity] = field(default_factory=list)
    deliveries: dict[str, list[Delivery]] = field(default_factory=dict)
    bounces: list[Activity] = field(default_factory=list)


class ActivityFlow:
    """Logs and shows activities."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        ids: Ids,
        settings: SettingsFlow,
        registry: ConnectionRegistry,
        lanes: DeliveryLanes,
        permits: PermitCheck,
        unsubscribes: UnsubscribeRecorder,
        reminder_pushes: ReminderPushes,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._registry = registry
        self._lanes = lanes
        self._permits = permits
        self._unsubscribes = unsubscribes
        self._reminder_pushes = reminder_pushes

    async def log(self, instance_id: str, contents: Sequence[ActivityContent]) -> list[LogResult]:
        """Store activities with their deliveries; one result each, in order. Nothing of a refused one is stored."""
        if not contents:
            return []
        settings = await self._settings.get(instance_id)
        permits = await self._permit_states(instance_id, contents)
        # Made out here: the work may be run again from its start.
        new = [
            Activity(self._ids.make("a"), content, permit, self._clock.now())
            for content, permit in zip(contents, permits, strict=True)
        ]
        delivery_ids = [(self._ids.make("d"), self._ids.make("d")) for _ in new]

        async def work(transaction: Transaction) -> list[LogResult]:
            batch = await self._batch(transaction, instance_id, contents, settings)
            results = [self._judge(batch, one, pair) for one, pair in zip(new, delivery_ids, strict=True)]
            await ActivityWrites(transaction, instance_id).add(batch.activities)
            added = [delivery for pair in batch.deliveries.values() for delivery in pair]
            await DeliveryWrites(transaction, instance_id).add(added)
            for bounce in batch.bounces:
                await self._unsubscribe(transaction, instance_id, bounce)
            await self._complete_reminders(transaction, instance_id, batch)
            if settings.logging.roll_ups:
                logged = [stored.activity for stored in batch.activities]
                people = {person.person_id: person for person in batch.persons.values()}
                await note_activities(transaction, instance_id, logged, people, now=self._clock.now())
            return await self._with_stored_deliveries(transaction, instance_id, results)

        results = await self._database.write(work)
        self._lanes.wake(instance_id)
        return results

    async def get(self, instance_id: str, activity_id: str) -> LoggedActivity:
        """Return one activity; raises NotFound."""
        activity = await Activities(self._database, instance_id).get(activity_id)
        if activity is None:
            raise NotFound("activity", activity_id)
        return (await self._with_deliveries(instance_id, [activity]))[0]

    async def page(
        self, instance_id: str, wanted: ActivityFilter, *, after: tuple[Micros, str] | None, count: int
    ) -> list[LoggedActivity]:
        """Return a page of a listing."""
        found = await Activities(self._database, instance_id).page(wanted, after=after, count=count)
        return await self._with_deliveries(instance_id, found)

    async def types(self, instance_id: str, name: str) -> tuple[list[TypeSpec], dict[str, int]]:
        """Return the types with a name or alias ("" for all eight), and the ids they have in this Marketo.

        Raises NotFound for a name that means none of them.
        """
        details = await self._registry.details(instance_id, System.MARKETO)
        ids: dict[str, int] = details.get("activity_types", {})
        if not name:
            return list(TYPES.values()), ids
        spec = find(name)
        if spec is None:
            raise NotFound("activity type", name)
        return [spec], ids

    async def _permit_states(self, instance_id: str, contents: Sequence[ActivityContent]) -> list[PermitState | None]:
        permitted = [content for content in contents if content.send_permit]
        persons = await as_they_are_now(self._database, instance_id, {content.person_id for content in permitted})
        states: list[PermitState | None] = []
        for content in contents:
            person = persons.get(content.person_id)
            if content.type is not ActivityType.SEND_SALES_EMAIL:
                states.append(None)
            elif not content.send_permit or person is None:
                states.append(PermitState.NONE)
            else:
                address, sent_at = person.fields.email, content.activity_time
                states.append(await self._permits(instance_id, content.send_permit, address=address, sent_at=sent_at))
        return states

    async def _batch(
        self, transaction: Transaction, instance_id: str, contents: Sequence[ActivityContent], settings: Settings
    ) -> _Batch:
        keys = list(dict.fromkeys(content.idempotency_key for content in contents))
        person_ids = list(dict.fromkeys(content.person_id for content in contents))
        user_ids = list(dict.fromkeys(content.user_id for content in contents))
        reminder_ids = {content.reminder_task_id for content in contents if content.reminder_task_id}
        return _Batch(
            known=await Activities(transaction, instance_id).by_keys(keys),
            persons=await as_they_are_now(transaction, instance_id, person_ids),
            users=await Directory(transaction, instance_id).users(user_ids),
            reminders=await Reminders(transaction, instance_id).many(reminder_ids) if reminder_ids else {},
            settings=settings,
            sequence=await DeliveryWrites(transaction, instance_id).next_sequence(),
        )

    def _judge(self, batch: _Batch, new: Activity, delivery_ids: tuple[str, str]) -> LogResult:
        """Decide about one item and add it to the batch."""
        content = new.content
        digest = fingerprint(content)
        known = batch.known.get(content.idempotency_key)
        if known is not None:
            # The answer to a repeat does not depend on whether person and seller are still there.
            if known.fingerprint != digest and not _is_of_merged(known.activity, content, batch.persons):
                return _key_reused(known.activity)
            return LoggedActivity(known.activity, [], already_logged=True)
        person, user = batch.persons.get(content.person_id), batch.users.get(content.user_id)
        if person is None:
            return NotFound("person", content.person_id)
        if user is None:
            return NotFound("user", content.user_id)
        reminder = batch.reminders.get(content.reminder_task_id)
        if content.reminder_task_id and (reminder is None or reminder.user_id != content.user_id):
            return NotFound("reminder task", content.reminder_task_id)
        # Of somebody whom Marketo merged it is the winner's. The digest is of what the caller said.
        new = replace(new, content=replace(content, person_id=person.person_id))
        stored = batch.known[content.idempotency_key] = StoredActivity(new, digest)
        batch.activities.append(stored)
        kind, reason = duty(content.type, batch.settings.logging, bcc_logging=user.bcc_logging)
        gone = DeliveryReason.PERSON_GONE if is_gone(person) else None
        deliveries = []
        for system, subject_kind, delivery_id, skip in (
            (System.MARKETO, SubjectKind.ACTIVITY, delivery_ids[0], gone),
            (System.SALESFORCE, kind, delivery_ids[1], gone or reason),
        ):
            deliveries.append(_delivery(new, system, subject_kind, delivery_id, sequence=batch.sequence, skip=skip))
            batch.sequence += 1
        batch.deliveries[new.activity_id] = deliveries
        detail = content.detail
        if (
            isinstance(detail, SalesEmailBounced)
            and detail.hard
            and batch.settings.unsubscribes.unsubscribe_on_hard_bounce
        ):
            batch.bounces.append(new)
        return LoggedActivity(new, deliveries)

    async def _complete_reminders(self, transaction: Transaction, instance_id: str, batch: _Batch) -> None:
        """Complete the reminders that new activities do; one that was deleted stays so."""
        now = self._clock.now()
        done: dict[str, ReminderTask] = {}
        for stored in batch.activities:
            reminder = batch.reminders.get(stored.activity.content.reminder_task_id)
            if reminder is not None and reminder.state is ReminderState.OPEN and reminder.reminder_task_id not in done:
                values = {"state": ReminderState.COMPLETED, "activity_id": stored.activity.activity_id}
                done[reminder.reminder_task_id] = changed_task(reminder, values, at=now)
        if done:
            await ReminderWrites(transaction, instance_id).update(list(done.values()))
            await self._reminder_pushes.push(transaction, instance_id, list(done.values()), at=now)

    async def _unsubscribe(self, transaction: Transaction, instance_id: str, bounce: Activity) -> None:
        """Unsubscribe the address of a hard bounce, if it is not so already."""
        detail = bounce.content.detail
        assert isinstance(detail, SalesEmailBounced)
        await self._unsubscribes.unsubscribe(
            transaction,
            instance_id,
            email_key(detail.address),
            source=UnsubscribeSource.BOUNCE,
            reason="",
            user_id="",
            at=bounce.create_time,
        )

    async def _with_stored_deliveries(
        self, transaction: Transaction, instance_id: str, results: Sequence[LogResult]
    ) -> list[LogResult]:
        """Give repeats the deliveries as they stand."""
        repeats = [
            one.activity.activity_id for one in results if isinstance(one, LoggedActivity) and one.already_logged
        ]
        if not repeats:
            return list(results)
        stored = await Deliveries(transaction, instance_id).of_activities(repeats)
        return [
            LoggedActivity(one.activity, stored.get(one.activity.activity_id, []), already_logged=True)
            if isinstance(one, LoggedActivity) and one.already_logged
            else one
            for one in results
        ]

    async def _with_deliveries(self, instance_id: str, found: Sequence[Activity]) -> list[LoggedActivity]:
        ids = [activity.activity_id for activity in found]
        deliveries = await Deliveries(self._database, instance_id).of_activities(ids)
        return [LoggedActivity(activity, deliveries.get(activity.activity_id, [])) for activity in found]


def _delivery(
    activity: Activity,
    system: System,
    kind: SubjectKind,
    delivery_id: str,
    *,
    sequence: int,
    skip: DeliveryReason | None,
) -> Delivery:
    return Delivery(
        delivery_id=delivery_id,
        system=system,
        subject_kind=kind,
        subject_id=activity.activity_id,
        person_id=activity.content.person_id,
        state=DeliveryState.SKIPPED if skip is not None else DeliveryState.PENDING,
        reason=skip or DeliveryReason.NONE,
        attempt_count=0,
        due_time=None if skip is not None else activity.create_time,
        error=None,
        external_id="",
        warnings=(),
        sequence=sequence,
        create_time=activity.create_time,
        update_time=activity.create_time,
    )


def _is_of_merged(stored: Activity, repeated: ActivityContent, persons: Mapping[str, Person]) -> bool:
    """Tell whether a repeat says the same under another id of the person, who was merged since."""
    person = persons.get(repeated.person_id)
    meant = repeated if person is None else replace(repeated, person_id=person.person_id)
    return fingerprint(meant) == fingerprint(stored.content)


def _key_reused(stored: Activity) -> AlreadyExists:
    return AlreadyExists(
        f"this idempotency key belongs to activity {stored.activity_id!r}, which has another content",
        reason="IDEMPOTENCY_KEY_REUSED",
        metadata={"activityId": stored.activity_id},
    )
