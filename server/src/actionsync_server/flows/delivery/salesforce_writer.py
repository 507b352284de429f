"""Writes emails, replies and calls as Salesforce Tasks, each in its seller's name or the instance's."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

from actionsync_server.clock import DAY, SECOND, Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import PROBE_INTERVAL, Block, LaneState
from actionsync_server.flows.delivery.outcomes import (
    Outcome,
    again,
    of_failure,
    put_back,
    skipped,
    unknown,
    waiting,
)
from actionsync_server.flows.delivery.parcels import Parcel, load
from actionsync_server.flows.delivery.salesforce_group import Addressed, GroupWriter, refusal
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.flows.logging.records import RecordFinder, own_record
from actionsync_server.flows.logging.tasks import OrgNotPrepared, TaskWriter
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.activities import ReceivedSalesCall
from actionsync_server.model.deliveries import LOOKUP_DELAYS, Delivery, DeliveryReason
from actionsync_server.model.errors import (
    LoginRefused,
    NotConnected,
    NotPrepared,
    OutcomeUnknown,
    QuotaExhausted,
    System,
    SystemBusy,
    SystemFailure,
)
from actionsync_server.model.persons import email_key
from actionsync_server.model.salesforce_tasks import skip_reason
from actionsync_server.model.settings import LogAs, LoggingSettings
from actionsync_server.store.database import Database
from actionsync_server.store.deliveries import Deliveries
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
        rng: random.Random,
        *,
        lane: Lane,
        state: LaneState,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
    ) -> None:
        self._database = database
        self._clock = clock
        self._rng = rng
        self._instance_id = lane.instance_id
        self._state = state
        self._registry = registry
        self._settings = settings

    async def block(self) -> Block | None:
        """Return why nothing can be written: not connected, or what the last call met."""
        try:
            await self._registry.salesforce(self._instance_id)
        except NotConnected:
            return Block(DeliveryReason.NOT_CONNECTED)
        return self._state.gate.blocked(self._clock.now())

    async def write(self, deliveries: Sequence[Delivery]) -> Written:
        """Find the records, build the Tasks, write them, seller by seller."""
        settings = (await self._settings.get(self._instance_id)).logging
        client = await self._registry.salesforce(self._instance_id)
        finder = RecordFinder(client, settings)
        parcels, written = await load(self._database, self._instance_id, deliveries)
        writable = [parcel for parcel in parcels if not self._settled(parcel, settings, written)]
        logins = await self._logins(writable, settings, written)
        addressed = await self._address([p for p in writable if p.seller.user_id in logins], finder, settings, written)
        groups: dict[str, list[Addressed]] = {}
        for one in addressed:
            login_id = one.parcel.seller.user_id if settings.log_as is LogAs.SELLER else ""
            groups.setdefault(login_id, []).append(one)
        turns = asyncio.Semaphore(SELLERS_AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            for login_id, group in groups.items():
                writer = TaskWriter(logins[group[0].parcel.seller.user_id], finder)
                group_writer = GroupWriter(writer, finder, self._clock, settings=settings)
                tasks.create_task(self._write_group(group_writer, login_id, group, written, turns))
        return written

    async def look_up(self, deliveries: Sequence[Delivery]) -> Written:
        """Let them be written again. The upsert is the look-up; without it the writer looks before it repeats."""
        now = self._clock.now()
        details = await self._registry.details(self._instance_id, System.SALESFORCE)
        settings = (await self._settings.get(self._instance_id)).logging
        # Whether a seller may see our external id field is known only once their own login is used.
        if details.get("task_external_id") and settings.log_as is LogAs.INTEGRATION_USER:
            return [(delivery, again(now)) for delivery in deliveries]
        # A request that was lost may still be carried out for a while; only then a look says anything.
        ends = await Deliveries(self._database, self._instance_id).last_attempt_ends(
            [delivery.delivery_id for delivery in deliveries]
        )
        written: Written = []
        for delivery in deliveries:
            due = ends.get(delivery.delivery_id, now) + LOOKUP_DELAYS[0]
            written.append((delivery, again(now) if due <= now else unknown(None, due=due).not_attempted()))
        return written

    def _settled(self, parcel: Parcel, settings: LoggingSettings, written: Written) -> bool:
        """Skip what the settings of today do not want written."""
        reason = skip_reason(parcel.activity.type, settings, bcc_logging=parcel.seller.bcc_logging)
        if reason is not None:
            written.append((parcel.delivery, skipped(reason)))
        return reason is not None

    async def _logins(
        self, parcels: Sequence[Parcel], settings: LoggingSettings, written: Written
    ) -> dict[str, Salesforce]:
        """Return the clients that write, by seller; those of sellers without a usable login wait."""
        logins: dict[str, Salesforce] = {}
        refusals: dict[str, Outcome] = {}
        for seller_id in dict.fromkeys(parcel.seller.user_id for parcel in parcels):
            login_id = seller_id if settings.log_as is LogAs.SELLER else ""
            block = self._state.seller(login_id).blocked(self._clock.now())
            if block is not None:
                refusals[seller_id] = waiting(block.reason, due=block.until).not_attempted()
                continue
            try:
                logins[seller_id] = await self._registry.salesforce(self._instance_id, login_id)
            except NotConnected:
                refusals[seller_id] = waiting(DeliveryReason.USER_NOT_CONNECTED).not_attempted()
        written += [
            (parcel.delivery, refusals[parcel.seller.user_id])
            for parcel in parcels
            if parcel.seller.user_id in refusals
        ]
        return logins

    async def _address(
        self, parcels: Sequence[Parcel], finder: RecordFinder, settings: LoggingSettings, written: Written
    ) -> list[Addressed]:
        """Find the record of each parcel: the person's own; for mail else one with the address."""
        addressed: list[Addressed] = []
        by_address: list[Parcel] = []
        for parcel in parcels:
            own = own_record(parcel.person, settings)
            if own.record_id:
                addressed.append(Addressed(parcel, [own.record_id]))
            elif own.turned_off:
                written.append((parcel.delivery, skipped(DeliveryReason.TURNED_OFF)))
            elif isinstance(parcel.activity.content.detail, ReceivedSalesCall):
                written.append((parcel.delivery, self._parked(parcel)))
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
            await self._note(failure, "")
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

    def _parked(self, parcel: Parcel) -> Outcome:
        until = parcel.delivery.create_time + PARKING
        if until <= self._clock.now():
            return skipped(DeliveryReason.NO_SALESFORCE_ID)
        return waiting(DeliveryReason.NO_SALESFORCE_ID, due=until).not_attempted()

    async def _write_group(
        self,
        writer: GroupWriter,
        login_id: str,
        group: Sequence[Addressed],
        written: Written,
        turns: asyncio.Semaphore,
    ) -> None:
        """Write the Tasks of one login; whatever fails as a whole is the outcome of all of them."""
        async with turns:
            deliveries = [one.parcel.delivery for one in group]
            if self._state.gate.blocked(self._clock.now()) is not None:
                written += [(delivery, put_back(self._clock.now())) for delivery in deliveries]
                return
            try:
                written += await writer.write(group)
            except OrgNotPrepared:
                written += [(one, waiting(DeliveryReason.SYSTEM_NOT_PREPARED).not_attempted()) for one in deliveries]
            except SystemFailure as failure:
                outcome = of_failure(failure, now=self._clock.now())
                written += [(delivery, outcome) for delivery in deliveries]
                await self._note(failure, login_id)
            else:
                self._state.seller(login_id).answered()

    async def _note(self, failure: SystemFailure, login_id: str) -> None:
        """Remember what every further call of this login, or of all, would meet."""
        now = self._clock.now()
        match failure:
            case QuotaExhausted():
                self._state.gate.close(Block(DeliveryReason.QUOTA_EXHAUSTED, failure.until))
            case LoginRefused():
                self._state.seller(login_id).close(Block(DeliveryReason.LOGIN_INVALID, now + PROBE_INTERVAL))
                await self._registry.mark_login_refused(self._instance_id, System.SALESFORCE, login_id)
            case NotPrepared():
                self._state.seller(login_id).close(Block(DeliveryReason.SYSTEM_NOT_PREPARED, now + PROBE_INTERVAL))
            case SystemBusy() | OutcomeUnknown():
                least = int((failure.retry_after or 0) * SECOND)
                self._state.gate.pause(now, least=least, jitter=self._rng.random())
