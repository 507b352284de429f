"""Lets the two-way sync of unsubscribes of an instance go on."""

from __future__ import annotations

import asyncio

import structlog

from actionsync_server.clock import Clock
from actionsync_server.flows.unsubscribes.schedule import UnsubscribeSchedule

log = structlog.get_logger(__name__)

#: After a fault of our own, or of the store, the loop takes a breath.
FAULT_PAUSE_SECONDS = 60.0


class UnsubscribeSyncWorker:
    """Runs passes and polls at their time; `wake` makes it look at once."""

    def __init__(self, instance_id: str, *, schedule: UnsubscribeSchedule, clock: Clock, wake: asyncio.Event) -> None:
        self._instance_id = instance_id
        self._schedule = schedule
        self._clock = clock
        self._wake = wake

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wake.clear()
            with self._clock.busy():
                seconds = await self._step()
            await self._clock.wait(self._wake, seconds)

    async def _step(self) -> float:
        try:
            return await self._schedule.step(self._instance_id)
        except Exception:
            log.exception("unsubscribe_sync_broke", instance_id=self._instance_id)
            return FAULT_PAUSE_SECONDS
