"""Writes emails, replies and calls as Salesforce Tasks, each in its seller's name or the instance's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from actionsync_server.clock import DAY, Clock, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import Block
from actionsync_server.flows.delivery.outcomes import (
    Outcome,
    again,
    of_failure,
    put_back,
    skipped,
    waiting,
)
from actionsync_server.flows.delivery.parcels import Parcel, load
from actionsync_server.flows.delivery.salesforce_group import Addressed, GroupWriter, of_call, refusal
from actionsync_server.flows.delivery.salesforce_logins import SalesforceLogins, login_of
from actionsync_server.flows.delivery.salesforce_lookup import again_when_a_look_says_something
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.flows.logging.done_reminders import NO_REMINDER, DoneReminder, DoneReminders
from actionsync_server.flows.logging.mail_facts import mail_facts, mail_of
from actionsync_server.flows.logging.notices import OrgNotices
from actionsync_server.flows.logging.records import RecordFinder, own_record
from actionsync_server.flows.logging.tasks import OrgNotPrepared, TaskWriter
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.activities import ReceivedSalesCall
from actionsync_server.model.deliveries import Delivery, DeliveryReason, SubjectKind
from actionsync_server.model.engagements import NO_FACTS, duty
from actionsync_server.model.errors import System, SystemFailure
from actionsync_server.model.persons import SkipReason, email_key
from actionsync_server.model.settings import LogAs, LoggingSettings
from actionsync_server.store.database import Database
from actionsync_server.store.delivery_queue import Lane
from actionsync_server.systems.salesforce import Salesforce

#: How long a call waits for its person to get a Salesforce record.
PARKING: Micros = 30 * DAY
#: Sellers whose Tasks are written at the same time.
SELLERS_AT_ONCE = 5


class SalesforceWriter:
    """The writer of one instance's Salesforce lane."""

    lot_size = 200
    first_look = 0  # an upsert looks by itself
    one_per_person = True  # rows of one call fail on their own, and the later one must not overtake the earlier

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        lane: Lane,
        logins: SalesforceLogins,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        alerts: AlertsFlow,
    ) -> None:
        self._database = database
        self._clock = clock
        self._instance_id = lane.instance_id
        self._registry = registry
        self._settings = settings
        self._logins = logins
        self._notices = OrgNotices(clock, alerts, instance_id=lane.instance_id)
        self._reminders = DoneReminders(database, clock, instance_id=lane.instance_id)

    async def block(self) -> Block | None:
        """Return why nothing can be written: not connected, or what the last call met."""
        return await self._logins.block()

    async def write(self, deliveries: Sequence[Delivery]) -> Written:
        """Find the records, build the Tasks, write them, seller by seller."""
        settings = await self._settings.get(self._instance_id)
        client = await self._registry.salesforce(self._instance_id)
        finder = RecordFinder(client, settings.logging)
        parcels, written = await load(self._database, self._instance_id, deliveries)
        writable = [parcel for parcel in parcels if not self._settled(parcel, settings.logging, written)]
        reminders = await self._reminders.of([parcel.activity for parcel in writable], settings.reminders)
        writable = [parcel for parcel in writable if not self._held(parcel, reminders, written)]
        clients, refusals = await self._logins.of_sellers(
            [parcel.seller.user_id for parcel in writable], settings.logging.log_as
        )
        written += [
            (parcel.delivery, refusals[parcel.seller.user_id])
            for parcel in writable
            if parcel.seller.user_id in refusals
        ]
        writable = [parcel for parcel in writable if parcel.seller.user_id in clients]
        facts = await mail_facts(self._database, self._instance_id, [one.activity.content for one in writable])
        groups: dict[str, list[Addressed]] = {}
        for one in await self._address(writable, finder, settings.logging, written):
            done = reminders.get(one.parcel.activity.activity_id, NO_REMINDER)
            whole = replace(
                one,
                mail=facts.get(mail_of(one.parcel.activity.content), NO_FACTS),
                linked_task_id=done.linked_task_id,
                reminder_name=done.name,
            )
            groups.setdefault(login_of(one.parcel.seller.user_id, settings.logging.log_as), []).append(whole)
        turns = asyncio.Semaphore(SELLERS_AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            for login_id, group in groups.items():
                login = clients[group[0].parcel.seller.user_id]
                writer = TaskWriter(login, finder)
                group_writer = GroupWriter(writer, finder, self._notices, login_id=login_id, settings=settings.logging)
                tasks.create_task(self._write_group(group_writer, login, login_id, group, written, turns))
        return written

    async def look_up(self, deliveries: Sequence[Delivery]) -> Written:
        """Let them be written again. The upsert is the look-up; without it the writer looks before it repeats."""
        now = self._clock.now()
        details = await self._registry.details(self._instance_id, System.SALESFORCE)
        settings = (await self._settings.get(self._instance_id)).logging
        # Whether a seller may see our external id field is known only once their own login is used.
        if details.get("task_external_id") and settings.log_as is LogAs.INTEGRATION_USER:
            return [(delivery, again(now)) for delivery in deliveries]
        return await again_when_a_look_says_something(self._database, self._clock, self._instance_id, deliveries)

    def _settled(self, parcel: Parcel, settings: LoggingSettings, written: Written) -> bool:
        """Skip what the settings of today do not want written."""
        kind, reason = duty(parcel.activity.type, settings, bcc_logging=parcel.seller.bcc_logging)
        if reason is None and kind is SubjectKind.ACTIVITY:
            return False
        # A reply without a Task of its own is shown by the next mark that its mail's Task gets.
        written.append((parcel.delivery, skipped(reason or DeliveryReason.TURNED_OFF)))
        return True

    def _held(self, parcel: Parcel, reminders: Mapping[str, DoneReminder], written: Written) -> bool:
        """Let an activity wait for the Task of the reminder that it does."""
        done = reminders.get(parcel.activity.activity_id, NO_REMINDER)
        if done.outcome is not None:
            written.append((parcel.delivery, done.outcome))
        return done.outcome is not None

    async def _address(
        self, parcels: Sequence[Parcel], finder: RecordFinder, settings: LoggingSettings, written: Written
    ) -> list[Addressed]:
        """Find the record of each parcel: the person's own; for mail else one with the address."""
        addressed: list[Addressed] = []
        by_address: list[Parcel] = []
        for parcel in parcels:
            own = own_record(parcel.person, settings)
            if parcel.person.qualification_reason is SkipReason.DELETED_IN_SALESFORCE:
                written.append((parcel.delivery, self._parked(parcel, DeliveryReason.NOT_QUALIFIED)))
            elif own.record_id:
                addressed.append(Addressed(parcel, [own.record_id]))
            elif own.turned_off:
                written.append((parcel.delivery, skipped(DeliveryReason.TURNED_OFF)))
            elif isinstance(parcel.activity.content.detail, ReceivedSalesCall):
                written.append((parcel.delivery, self._parked(parcel, DeliveryReason.NO_SALESFORCE_ID)))
            else:
                by_address.append(parcel)
        return addressed + await self._by_address(by_address, finder, written)

    async def _by_address(self, parcels: Sequence[Parcel], finder: RecordFinder, written: Written) -> list[Addressed]:
        if not parcels:
            return []
        try:
            records = await finder.by_address([parcel.person for parcel in parcels])
        except SystemFailure as failure:
            outcome = of_failure(failure, now=self._clock.now())
            written += [(parcel.delivery, outcome) for parcel in parcels]
            await self._logins.note(failure, "")
            return []
        addressed = []
        for parcel in parcels:
            address = email_key(parcel.person.fields.email)
            if address in records:
                addressed.append(Addressed(parcel, records[address]))
            elif address in finder.lead_errors:
                written.append((parcel.delivery, refusal(parcel.delivery, finder.lead_errors[address])))
            else:
                written.append((parcel.delivery, skipped(DeliveryReason.NO_MATCHING_RECORD)))
        return addressed

    def _parked(self, parcel: Parcel, reason: DeliveryReason) -> Outcome:
        """Wait for a record: none is there yet, or the one that was is deleted, and Marketo may make another."""
        until = parcel.delivery.create_time + PARKING
        if until <= self._clock.now():
            return skipped(reason)
        return waiting(reason, due=until).not_attempted()

    async def _write_group(
        self,
        writer: GroupWriter,
        client: Salesforce,
        login_id: str,
        group: Sequence[Addressed],
        written: Written,
        turns: asyncio.Semaphore,
    ) -> None:
        """Write the Tasks of one login; whatever fails as a whole is the outcome of all of them."""
        async with turns:
            deliveries = [one.parcel.delivery for one in group]
            if self._logins.closed_to_all():
                written += [(delivery, put_back(self._clock.now())) for delivery in deliveries]
                return
            try:
                results = await writer.write(group)
            except OrgNotPrepared:
                written += [(one, waiting(DeliveryReason.SYSTEM_NOT_PREPARED).not_attempted()) for one in deliveries]
            except SystemFailure as failure:
                now = self._clock.now()
                written += [(delivery, of_call(failure, delivery, now=now)) for delivery in deliveries]
                await self._logins.note(failure, login_id)
            else:
                self._logins.answered(login_id, client)
                await self._reminders.merged([one.parcel.activity for one in group if one.linked_task_id], results)
                written += results
