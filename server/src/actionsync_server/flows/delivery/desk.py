"""The delivery desk: what people see of the deliveries, and what they can do with those that have not arrived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from actionsync_server.clock import Clock
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState
from actionsync_server.model.errors import ActionsyncError, FailedPrecondition, NotFound
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.deliveries import Deliveries, DeliveryFilter, DeliveryWrites, Move

DeskResult = Delivery | ActionsyncError

_RETRIED_FROM = frozenset({DeliveryState.FAILED, DeliveryState.WAITING, DeliveryState.RETRYING})
_DISCARDED_FROM = frozenset(
    {
        DeliveryState.PENDING,
        DeliveryState.UNKNOWN,
        DeliveryState.RETRYING,
        DeliveryState.WAITING,
        DeliveryState.FAILED,
    }
)


class DeliveryDesk:
    """Shows deliveries, and moves them at a person's word."""

    def __init__(self, database: Database, clock: Clock, lanes: DeliveryLanes) -> None:
        self._database = database
        self._clock = clock
        self._lanes = lanes

    async def get(self, instance_id: str, delivery_id: str) -> Delivery:
        """Return a delivery with all its attempts; raises NotFound."""
        found = await Deliveries(self._database, instance_id).get(delivery_id)
        if found is None:
            raise NotFound("delivery", delivery_id)
        return found

    async def page(self, instance_id: str, wanted: DeliveryFilter, *, after: int, count: int) -> list[Delivery]:
        """Return a page of a listing, oldest first."""
        return await Deliveries(self._database, instance_id).page(wanted, after=after, count=count)

    async def retry(self, instance_id: str, delivery_ids: Sequence[str]) -> list[DeskResult]:
        """Make failed, waiting or retrying deliveries due now; one result each. One that is due already stays so."""
        now = self._clock.now()

        def due(one: Delivery) -> Delivery | None:
            if one.state is DeliveryState.PENDING:
                return one
            if one.state not in _RETRIED_FROM:
                return None
            return replace(one, state=DeliveryState.PENDING, reason=DeliveryReason.NONE, due_time=now, update_time=now)

        results = await self._move(instance_id, delivery_ids, due)
        self._lanes.wake(instance_id)
        return results

    async def discard(
        self, instance_id: str, delivery_ids: Sequence[str], *, reason: str, user_id: str
    ) -> list[DeskResult]:
        """Give deliveries up for good; one result each. One that was given up already stays as it is."""
        now = self._clock.now()
        told = f"given up by {user_id}: {reason}"

        def given_up(one: Delivery) -> Delivery | None:
            if one.state is DeliveryState.DISCARDED:
                return one
            if one.state not in _DISCARDED_FROM:
                return None
            return replace(
                one,
                state=DeliveryState.DISCARDED,
                due_time=None,
                warnings=(*one.warnings, told),
                update_time=now,
            )

        return await self._move(instance_id, delivery_ids, given_up)

    async def _move(
        self, instance_id: str, delivery_ids: Sequence[str], change: Callable[[Delivery], Delivery | None]
    ) -> list[DeskResult]:
        async def work(transaction: Transaction) -> list[DeskResult]:
            writes = DeliveryWrites(transaction, instance_id)
            current = await writes.many(dict.fromkeys(delivery_ids))
            after = {delivery_id: change(one) for delivery_id, one in current.items()}
            moves = [Move(current[key], moved) for key, moved in after.items() if moved and moved is not current[key]]
            await writes.move(moves)
            results: list[DeskResult] = []
            for delivery_id in delivery_ids:
                if delivery_id not in current:
                    results.append(NotFound("delivery", delivery_id))
                else:
                    results.append(after[delivery_id] or _wrong_state(current[delivery_id]))
            return results

        return await self._database.write(work)


def _wrong_state(delivery: Delivery) -> FailedPrecondition:
    return FailedPrecondition(
        f"delivery {delivery.delivery_id!r} is {delivery.state.name}, which does not allow this",
        reason="WRONG_STATE",
        metadata={"resource": "delivery", "id": delivery.delivery_id, "state": delivery.state.name},
    )
