"""What waited goes on: when its time comes, when what it waited for is there, when somebody says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import structlog

from actionsync_server.clock import Clock
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.deliveries import DeliveryWrites, Move
from actionsync_server.store.delivery_queue import DeliveryQueue, Lane

log = structlog.get_logger(__name__)

#: What a login, or what the system was prepared with, may have changed.
OF_CONNECTION = frozenset(
    {
        DeliveryReason.NOT_CONNECTED,
        DeliveryReason.USER_NOT_CONNECTED,
        DeliveryReason.LOGIN_INVALID,
        DeliveryReason.SYSTEM_NOT_PREPARED,
        DeliveryReason.QUOTA_EXHAUSTED,
    }
)
_LOT = 300


class Releases:
    """Lets waiting deliveries go on."""

    def __init__(self, database: Database, clock: Clock, lanes: DeliveryLanes) -> None:
        self._database = database
        self._clock = clock
        self._lanes = lanes

    async def connection_changed(self, instance_id: str, system: System, user_id: str) -> None:
        """Take notice that a login was made, checked or forgotten: what waited for one is tried again."""
        await self.release(instance_id, system, OF_CONNECTION)

    async def settings_changed(self, instance_id: str) -> None:
        """Take notice of new settings: what was stopped is tried again, and stopped again if it still should be."""
        await self.release(instance_id, System.MARKETO, {DeliveryReason.STOPPED})
        # Who logs may have changed.
        await self.release(instance_id, System.SALESFORCE, {DeliveryReason.USER_NOT_CONNECTED})

    async def release(self, instance_id: str, system: System, reasons: Collection[DeliveryReason]) -> int:
        """Make what waits for one of these reasons due now; return how many deliveries that are."""
        count = 0
        for lane in dict.fromkeys((Lane(instance_id, system), *self._lanes.of(instance_id, system))):
            self._lanes.state(lane).open()
            count += await self.let_go(lane, reasons)
        self._lanes.wake(instance_id, system)
        return count

    async def let_go(self, lane: Lane, reasons: Collection[DeliveryReason]) -> int:
        """Do the same without opening the lane's gate or waking its worker."""
        queue, total = DeliveryQueue(self._database, lane), 0
        while found := await queue.waiting(reasons, count=_LOT):
            total += await self._move(lane, found)
        if total:
            log.info(
                "deliveries_released",
                instance_id=lane.instance_id,
                system=lane.system.name,
                delivery_count=total,
                reasons=sorted(reason.name for reason in reasons),
            )
        return total

    async def found_in_salesforce(self, lane: Lane) -> int:
        """Make due what waits for a Salesforce record and whose person has one by now."""
        queue, total = DeliveryQueue(self._database, lane), 0
        while found := await queue.found_in_salesforce(count=_LOT):
            total += await self._move(lane, found)
        return total

    async def in_time(self, lane: Lane) -> int:
        """Move on what waited until now: calls without a record are skipped at last, everything else is due."""
        queue, total = DeliveryQueue(self._database, lane), 0
        while found := await queue.due(DeliveryState.WAITING, now=self._clock.now(), count=_LOT):
            total += await self._move(lane, found, lapse=True)
        return total

    async def _move(self, lane: Lane, found: Sequence[Delivery], *, lapse: bool = False) -> int:
        now = self._clock.now()
        ids = [one.delivery_id for one in found]

        def next_of(one: Delivery) -> Delivery:
            if lapse and one.reason is DeliveryReason.NO_SALESFORCE_ID:
                return replace(one, state=DeliveryState.SKIPPED, due_time=None, update_time=now)
            return replace(one, state=DeliveryState.PENDING, reason=DeliveryReason.NONE, due_time=now, update_time=now)

        async def work(transaction: Transaction) -> int:
            writes = DeliveryWrites(transaction, lane.instance_id)
            waiting = [one for one in (await writes.many(ids)).values() if one.state is DeliveryState.WAITING]
            await writes.move([Move(one, next_of(one)) for one in waiting])
            return len(waiting)

        return await self._database.write(work)
