"""Keeps the worker loops running: one that ends on an unexpected error is logged and started again."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable

import structlog

from actionsync_server.clock import Clock
from actionsync_server.model.quotas import Flow
from actionsync_server.systems.call_counter import calling_for
from actionsync_server.telemetry import Metrics

log = structlog.get_logger(__name__)

#: Seconds between the end of a failed loop and its next start.
PAUSE = 5.0
_TASK_PREFIX = "worker-"
#: What the calls of each loop are made for.
FLOW_OF_WORKER = {
    "initial_sync": Flow.PEOPLE,
    "incremental_sync": Flow.PEOPLE,
    "reconcile": Flow.RECONCILE,
    "reminder_sync": Flow.REMINDERS,
    "unsubscribe_sync": Flow.UNSUBSCRIBES,
    # It listens for these two; the changes that it hears of are read by their own loops.
    "change_events": Flow.REMINDERS,
    "delivery_unsubscribes": Flow.UNSUBSCRIBES,
    "delivery_reminders": Flow.REMINDERS,
    "delivery_marketo": Flow.ACTIVITIES,
    "delivery_salesforce": Flow.TASKS,
    "delivery_engagements": Flow.FIELD_UPDATES,
    "roll_ups": Flow.ROLL_UPS,
    # So that it can be told what is left, also when nothing is.
    "quota_watch": Flow.PREFLIGHT,
    # These make no calls.
    "alert_watch": Flow.OTHER,
    "retention": Flow.OTHER,
}


class Workers:
    """The worker loops of this process."""

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run a loop until it returns or the server stops. `name` is the kind of worker, for logs and metrics."""
        # In a context of its own: a loop started from a call must not carry that call's request id through its logs.
        task = asyncio.create_task(
            self._keep_running(name, run), name=f"{_TASK_PREFIX}{name}", context=contextvars.Context()
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def names(self) -> list[str]:
        """Return the kinds of the loops that run, sorted."""
        return sorted(task.get_name().removeprefix(_TASK_PREFIX) for task in self._tasks)

    async def stop(self, seconds: float) -> None:
        """End all loops: each is cancelled, comes to its next checkpoint, and has `seconds` for that."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            log.warning("worker_did_not_stop", worker=task.get_name())

    async def _keep_running(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                with calling_for(FLOW_OF_WORKER.get(name, Flow.OTHER)):
                    await run()
            except Exception:
                log.exception("worker_failed", worker=name)
                self._metrics.worker_restarts.labels(name).inc()
                await self._clock.sleep(PAUSE)
            else:
                return
