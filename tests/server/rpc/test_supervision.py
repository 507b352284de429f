"""Worker loops are kept running and end when they are told to."""

from __future__ import annotations

import asyncio

import pytest
import structlog
from actionsync_server.app.supervision import PAUSE, Workers
from actionsync_server.telemetry import Metrics
from harness.clock import SharedClock

pytestmark = pytest.mark.asyncio


async def test_a_loop_that_fails_is_started_again_after_a_pause(clock: SharedClock) -> None:
    metrics = Metrics()
    workers = Workers(clock, metrics)
    starts = 0

    async def run() -> None:
        nonlocal starts
        starts += 1
        if starts < 3:
            raise KeyError("unexpected")

    workers.start("delivery", run)
    await clock.settle()
    assert starts == 1
    await clock.advance(PAUSE)
    assert starts == 2
    assert metrics.registry.get_sample_value("actionsync_worker_restarts_total", {"worker": "delivery"}) == 2
    await clock.advance(PAUSE)
    assert starts == 3
    assert workers.names() == []


async def test_loops_come_to_their_checkpoint(clock: SharedClock) -> None:
    workers = Workers(clock, Metrics())
    ended = []

    async def run() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("checkpoint")

    for _ in range(2):
        workers.start("delivery", run)
    await clock.settle()
    await workers.stop(5.0)
    assert ended == ["checkpoint"] * 2
    assert workers.names() == []


async def test_a_loop_that_does_not_end_is_not_waited_for_for_ever(clock: SharedClock) -> None:
    workers = Workers(clock, Metrics())
    release = asyncio.Event()

    async def run() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    workers.start("stubborn", run)
    await clock.settle()
    await workers.stop(0.01)
    assert workers.names() == ["stubborn"]
    release.set()
    await clock.settle()
    assert workers.names() == []


async def test_a_loop_does_not_carry_the_context_of_who_started_it(clock: SharedClock) -> None:
    workers = Workers(clock, Metrics())
    seen: list[dict[str, object]] = []

    async def run() -> None:
        seen.append(structlog.contextvars.get_contextvars())

    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        workers.start("delivery", run)
        await clock.settle()
    assert seen == [{}]
