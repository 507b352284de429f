"""Lets a flow of one instance go on whenever it says, or is woken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from actionsync_server.clock import Clock
from actionsync_server.telemetry import Metrics

log = structlog.get_logger(__name__)

#: After a fault of our own, or of the store, the loop takes a breath.
FAULT_PAUSE_SECONDS = 60.0

Step = Callable[[str], Awaitable[float]]
"""Does what is due for an instance; returns after how many seconds to come again."""


class PeriodicWorker:
    """Runs the steps of one flow for one instance; `wake` makes it look at once."""

    def __init__(
        self,
        instance_id: str,
        name: str,
        step: Step,
        *,
        clock: Clock,
        wake: asyncio.Event,
        metrics: Metrics | None = None,
    ) -> None:
        self._instance_id = instance_id
        self._name = name
        self._step = step
        self._clock = clock
        self._wake = wake
        self._steps = (metrics if metrics is not None else Metrics()).loop_steps

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wake.clear()
            with self._clock.busy():
                seconds = await self._next()
            await self._clock.wait(self._wake, seconds)

    async def _next(self) -> float:
        try:
            seconds = await self._step(self._instance_id)
        except Exception:
            self._steps.labels(self._instance_id, self._name, "broken").inc()
            log.exception("worker_step_broke", instance_id=self._instance_id, worker=self._name)
            return FAULT_PAUSE_SECONDS
        self._steps.labels(self._instance_id, self._name, "ok").inc()
        return seconds
