"""Takes deliveries for writing. That it was taken is durable before the first byte leaves, so a crash leaves a trace.

A lane has one worker; what is DELIVERING when a step begins was left behind by one that was killed or could not note
down its result, and its outcome is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from actionsync_server.clock import MINUTE, Clock, Micros
from actionsync_server.model.deliveries import (
    Attempt,
    Delivery,
    DeliveryReason,
    DeliveryState,
)
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.deliveries import DeliveryWrites, Move
from actionsync_server.store.delivery_queue import DeliveryQueue, Lane

log = structlog.get_logger(__name__)

#: No call lasts longer than this; a claim that is older belongs to a call that is over.
LONGEST_CALL: Micros = 2 * MINUTE
_LOT = 300


class Claims:
    """Claims of one lane."""

    def __init__(self, database: Database, clock: Clock, lane: Lane, *, first_look: Micros) -> None:
        self._database = database
        self._clock = clock
        self._lane = lane
        self._first_look = first_look  # how long after a lost answer a look says anything

    async def recover(self) -> int:
        """Turn claims that nobody works on into unknown outcomes; return how many there were."""
        total = 0
        while left := await DeliveryQueue(self._database, self._lane).in_state(DeliveryState.DELIVERING, count=_LOT):
            await self._write([self._lost(one) for one in left])
            total += len(left)
        if total:
            log.warning(
                "deliveries_recovered",
                instance_id=self._lane.instance_id,
                system=self._lane.system.name,
                delivery_count=total,
            )
        return total

    async def claim(self, deliveries: Sequence[Delivery]) -> list[Delivery]:
        """Claim those that may still be written (a person may have given one up meanwhile), in order of creation."""
        now = self._clock.now()
        ids = [one.delivery_id for one in deliveries]

        async def work(transaction: Transaction) -> list[Delivery]:
            writes = DeliveryWrites(transaction, self._lane.instance_id)
            current = await writes.many(ids)
            moves = [
                Move(
                    one,
                    replace(
                        one,
                        state=DeliveryState.DELIVERING,
                        reason=DeliveryReason.NONE,
                        due_time=None,
                        update_time=now,
                    ),
                )
                for one in current.values()
                if one.state in (DeliveryState.PENDING, DeliveryState.RETRYING)
            ]
            await writes.move(moves)
            return sorted((move.after for move in moves), key=lambda one: one.sequence)

        return await self._database.write(work)

    def _lost(self, delivery: Delivery) -> Move:
        now = self._clock.now()
        # The call was sent after the claim and was over when the process died, or soon after.
        ended = min(now, delivery.update_time + LONGEST_CALL)
        after = replace(
            delivery,
            state=DeliveryState.UNKNOWN,
            attempt_count=delivery.attempt_count + 1,
            due_time=ended + self._first_look,
            update_time=now,
        )
        return Move(delivery, after, Attempt(delivery.update_time, ended, DeliveryState.UNKNOWN, None))

    async def _write(self, moves: Sequence[Move]) -> None:
        async def work(transaction: Transaction) -> None:
            await DeliveryWrites(transaction, self._lane.instance_id).move(moves)

        await self._database.write(work)
