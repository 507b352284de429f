"""The loop of one delivery lane: step, wait for the next time or a wake-up, again."""

from __future__ import annotations

import asyncio

import structlog

from actionsync_server.clock import Clock
from actionsync_server.flows.delivery.lanes import LaneState
from actionsync_server.flows.delivery.rounds import DeliveryRound
from actionsync_server.store.delivery_queue import Lane

log = structlog.get_logger(__name__)

#: After a fault of our own, or of the store, the loop takes a breath.
FAULT_PAUSE_SECONDS = 5.0
#: A wake-up seldom comes alone: so long others are waited for, instead of looking at the queue for each.
GATHER_SECONDS = 0.1
#: Real seconds that a call which is on its way has to come back when the loop is cancelled.
FINISH_SECONDS = 1.5


class DeliveryWorker:
    """Runs one lane until it is cancelled; `wake_event` makes it look at once.

    Cancelled in the middle of a step, it gives the step `finish_seconds` of real time: mostly the answer is on its way,
    and what was written need not be looked up later. A longer step leaves claims, which the next run looks up.
    """

    def __init__(
        self,
        rounds: DeliveryRound,
        clock: Clock,
        *,
        lane: Lane,
        state: LaneState,
        finish_seconds: float = FINISH_SECONDS,
    ) -> None:
        self._rounds = rounds
        self._clock = clock
        self._lane = lane
        self._finish_seconds = finish_seconds
        self.wake_event = state.wake_event

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            # Cleared before the look: who sets it during the step gets another one.
            self.wake_event.clear()
            with self._clock.busy():
                seconds = await self._step()
            if await self._clock.wait(self.wake_event, seconds):
                await self._clock.sleep(min(GATHER_SECONDS, seconds))

    async def _step(self) -> float:
        step = asyncio.create_task(self._rounds.step())
        try:
            return await asyncio.shield(step)
        except asyncio.CancelledError:
            await asyncio.wait({step}, timeout=self._finish_seconds)
            step.cancel()
            await asyncio.gather(step, return_exceptions=True)
            raise
        except Exception:
            log.exception("delivery_step_failed", instance_id=self._lane.instance_id, system=self._lane.system.name)
            return FAULT_PAUSE_SECONDS
