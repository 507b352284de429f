"""The loop of one delivery lane: step, wait for the next time or a wake-up, again."""

from __future__ import annotations

import structlog

from actionsync_server.clock import Clock
from actionsync_server.flows.delivery.lanes import LaneState
from actionsync_server.flows.delivery.rounds import DeliveryRound
from actionsync_server.store.delivery_queue import Lane

log = structlog.get_logger(__name__)

#: After a fault of our own, or of the store, the loop takes a breath.
FAULT_PAUSE_SECONDS = 5.0


class DeliveryWorker:
    """Runs one lane until it is cancelled; `wake_event` makes it look at once."""

    def __init__(self, rounds: DeliveryRound, clock: Clock, *, lane: Lane, state: LaneState) -> None:
        self._rounds = rounds
        self._clock = clock
        self._lane = lane
        self.wake_event = state.wake_event

    async def run(self) -> None:
        """Deliver for ever. Cancelled in the middle of a call, it leaves a claim that the next run looks up."""
        while True:
            # Cleared before the look: who sets it during the step gets another one.
            self.wake_event.clear()
            with self._clock.busy():
                seconds = await self._step()
            await self._clock.wait(self.wake_event, seconds)

    async def _step(self) -> float:
        try:
            return await self._rounds.step()
        except Exception:
            log.exception("delivery_step_failed", instance_id=self._lane.instance_id, system=self._lane.system.name)
            return FAULT_PAUSE_SECONDS
