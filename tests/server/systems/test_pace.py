"""The limits of a system hold whatever is asked: F8 (606, 615), P13, invariant I3."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from actionsync_server.clock import SECOND
from actionsync_server.systems.pace import PaceLimiter
from harness.clock import SharedClock
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.asyncio


async def call(limiter: PaceLimiter, clock: SharedClock, seconds: float, *, times: list[tuple[int, int]]) -> None:
    with clock.busy():
        async with limiter.turn():
            start = clock.now()
            await clock.sleep(seconds)
            times.append((start, clock.now()))


async def all_calls(
    limiter: PaceLimiter, clock: SharedClock, lengths: list[float], finish: Any
) -> list[tuple[int, int]]:
    times: list[tuple[int, int]] = []

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            for seconds in lengths:
                group.create_task(call(limiter, clock, seconds, times=times))

    await finish(run())
    return times


async def test_never_more_at_once(clock: SharedClock, finish: Any) -> None:
    limiter = PaceLimiter(clock, calls=100, seconds=20, at_once=3)
    times = await all_calls(limiter, clock, [1.0] * 12, finish)
    edges = sorted([(start, 1) for start, _ in times] + [(end, -1) for _, end in times], key=lambda edge: edge)
    running = most = 0
    for _, change in edges:
        running += change
        most = max(most, running)
    assert most == 3
    assert (max(end for _, end in times) - min(start for start, _ in times)) == 4 * SECOND
    assert limiter.running == limiter.waiting == 0


async def test_a_full_window_waits_until_its_oldest_call_has_left(clock: SharedClock, finish: Any) -> None:
    limiter = PaceLimiter(clock, calls=5, seconds=20, at_once=10)
    times = await all_calls(limiter, clock, [0.0] * 11, finish)
    began = [(start - times[0][0]) // SECOND for start, _ in times]
    assert began == [0] * 5 + [20] * 5 + [40]


@settings(max_examples=40, deadline=None)
@given(
    lengths=st.lists(st.floats(0.0, 25.0), min_size=1, max_size=40),
    when=st.lists(st.floats(0.0, 1.0), min_size=40, max_size=40),
    calls=st.integers(1, 7),
    at_once=st.integers(1, 5),
)
async def test_no_window_of_the_system_is_overfull(
    lengths: list[float], when: list[float], calls: int, at_once: int
) -> None:
    """The system counts a call at some moment between its start and its end; whichever, its limit holds."""
    clock = SharedClock()
    limiter = PaceLimiter(clock, calls=calls, seconds=20, at_once=at_once)
    times: list[tuple[int, int]] = []
    async with asyncio.TaskGroup() as group:
        for seconds in lengths:
            group.create_task(call(limiter, clock, seconds, times=times))
        group.create_task(clock.advance(45.0 * len(lengths)))
    assert len(times) == len(lengths)
    counted = sorted(start + round((end - start) * part) for (start, end), part in zip(times, when, strict=False))
    for first in range(len(counted) - calls):
        assert counted[first + calls] - counted[first] >= 20 * SECOND


async def test_everybody_waits_while_it_is_held(clock: SharedClock, finish: Any) -> None:
    limiter = PaceLimiter(clock, calls=10, seconds=20, at_once=10)
    began = clock.now()
    limiter.hold(7.5)
    times = await all_calls(limiter, clock, [0.0, 0.0], finish)
    assert [start - began for start, _ in times] == [7_500_000, 7_500_000]


async def test_urgent_calls_go_first(clock: SharedClock) -> None:
    limiter = PaceLimiter(clock, calls=10, seconds=20, at_once=1)
    order: list[str] = []

    async def named(name: str, *, urgent: bool) -> None:
        with clock.busy():
            async with limiter.turn(urgent=urgent):
                order.append(name)
                await clock.sleep(1)

    async with asyncio.TaskGroup() as group:
        for name in ("first", "second", "third"):
            group.create_task(named(name, urgent=False))
        await clock.settle()
        group.create_task(named("urgent", urgent=True))
        await clock.settle()
        assert limiter.waiting == 3
        group.create_task(clock.advance(10))
    assert order == ["first", "urgent", "second", "third"]


async def test_whoever_gives_up_leaves_the_queue(clock: SharedClock) -> None:
    limiter = PaceLimiter(clock, calls=10, seconds=20, at_once=1)
    held = asyncio.create_task(call(limiter, clock, 5, times=[]))
    await clock.settle()
    gone = asyncio.create_task(call(limiter, clock, 0, times=[]))
    await clock.settle()
    times: list[tuple[int, int]] = []
    last = asyncio.create_task(call(limiter, clock, 0, times=times))
    await clock.settle()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    await clock.advance(6)
    await asyncio.gather(held, last)
    assert len(times) == 1
    assert limiter.running == limiter.waiting == 0


async def test_a_wider_limit_lets_the_waiting_go(clock: SharedClock) -> None:
    limiter = PaceLimiter(clock, calls=1, seconds=20, at_once=1)
    times: list[tuple[int, int]] = []
    tasks = [asyncio.create_task(call(limiter, clock, 0, times=times)) for _ in range(4)]
    await clock.settle()
    assert len(times) == 1
    limiter.set(calls=4, at_once=4)
    await clock.settle()
    assert len(times) == 4
    await asyncio.gather(*tasks)
