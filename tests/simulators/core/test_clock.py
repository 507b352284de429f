"""The clock: frozen and running, sleepers woken one by one, work awaited between two steps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from actionsync_simulators import clock as clock_module
from actionsync_simulators.clock import Clock, ClockStuckError

START = datetime(2026, 1, 31, 12, 0, 0, 250_000, tzinfo=UTC)


def frozen() -> Clock:
    return Clock(start=START, frozen=True)


def test_a_frozen_clock_stands_still() -> None:
    clock = frozen()
    assert clock.now() == START
    assert clock.now() == START
    assert clock.frozen


def test_a_running_clock_begins_at_its_start_and_never_steps_back() -> None:
    clock = Clock(start=START)
    readings = [clock.now() for _ in range(1_000)]
    assert readings[0] >= START
    assert readings == sorted(readings)
    assert readings[-1] > START
    assert readings[-1] - START < timedelta(minutes=1)


def test_without_a_start_it_is_the_time_of_the_machine() -> None:
    before = datetime.now(UTC)
    now = Clock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(start=START.replace(tzinfo=None))


def test_a_start_in_another_zone_is_the_same_moment() -> None:
    clock = Clock(start=datetime.fromisoformat("2026-01-31T13:00:00+01:00"), frozen=True)
    assert clock.now() == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert clock.now().utcoffset() == timedelta(0)


def test_freezing_and_resuming_go_on_from_the_same_moment() -> None:
    clock = frozen()
    clock.resume()
    assert not clock.frozen
    assert clock.now() >= START
    clock.freeze()
    stopped = clock.now()
    clock.freeze()
    assert clock.now() == stopped


@pytest.mark.asyncio
async def test_advance_moves_the_time_exactly() -> None:
    clock = frozen()
    await clock.advance(timedelta(days=1, microseconds=7))
    assert clock.now() == START + timedelta(days=1, microseconds=7)
    assert clock.frozen


@pytest.mark.asyncio
async def test_advance_refuses_to_go_back() -> None:
    clock = frozen()
    with pytest.raises(ValueError, match="backwards"):
        await clock.advance(timedelta(seconds=-1))
    assert clock.now() == START


@pytest.mark.asyncio
async def test_a_running_clock_runs_on_after_advance() -> None:
    clock = Clock(start=START)
    await clock.advance(timedelta(hours=1))
    assert not clock.frozen
    assert clock.now() >= START + timedelta(hours=1)


@pytest.mark.asyncio
async def test_each_sleeper_wakes_at_its_own_due_time_in_order() -> None:
    clock = frozen()
    woken: list[tuple[str, datetime]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.now()))

    async with asyncio.TaskGroup() as group:
        for name, seconds in (("late", 30), ("early", 10), ("also early", 10), ("never reached yet", 90)):
            group.create_task(sleeper(name, seconds))
        await asyncio.sleep(0)
        await clock.advance(timedelta(seconds=60))
        assert woken == [
            ("early", START + timedelta(seconds=10)),
            ("also early", START + timedelta(seconds=10)),
            ("late", START + timedelta(seconds=30)),
        ]
        await clock.advance(timedelta(seconds=60))
    assert woken[-1] == ("never reached yet", START + timedelta(seconds=90))
    assert clock.now() == START + timedelta(seconds=120)


@pytest.mark.asyncio
async def test_a_periodic_worker_gets_every_one_of_its_turns() -> None:
    clock = frozen()
    turns: list[datetime] = []

    async def worker() -> None:
        while True:
            await clock.sleep(300)
            turns.append(clock.now())

    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    await clock.advance(timedelta(hours=1))
    task.cancel()
    assert turns == [START + timedelta(seconds=300 * number) for number in range(1, 13)]


@pytest.mark.asyncio
async def test_advance_waits_for_the_work_a_sleeper_starts() -> None:
    clock = frozen()
    finished: list[datetime] = []

    async def worker(seconds: float) -> None:
        await clock.sleep(seconds)
        with clock.busy():
            for _ in range(100):
                await asyncio.sleep(0)
            finished.append(clock.now())

    async with asyncio.TaskGroup() as group:
        group.create_task(worker(10))
        group.create_task(worker(20))
        await asyncio.sleep(0)
        await clock.advance(timedelta(seconds=60))
    assert finished == [START + timedelta(seconds=10), START + timedelta(seconds=20)]


@pytest.mark.asyncio
async def test_advance_waits_for_work_already_under_way() -> None:
    clock = frozen()
    may_end = asyncio.Event()
    seen: list[datetime] = []

    async def work() -> None:
        with clock.busy():
            await may_end.wait()
            seen.append(clock.now())

    async with asyncio.TaskGroup() as group:
        group.create_task(work())
        await asyncio.sleep(0)
        advancing = group.create_task(clock.advance(timedelta(seconds=5)))
        for _ in range(50):
            await asyncio.sleep(0)
        assert not advancing.done()
        may_end.set()
    assert seen == [START]
    assert clock.now() == START + timedelta(seconds=5)


@pytest.mark.asyncio
async def test_sleeping_inside_a_busy_block_releases_it() -> None:
    clock = frozen()
    steps: list[datetime] = []

    async def work() -> None:
        with clock.busy(), clock.busy():
            await clock.sleep(10)
            steps.append(clock.now())
            await asyncio.sleep(0)
            await clock.sleep(10)
            steps.append(clock.now())

    async with asyncio.TaskGroup() as group:
        group.create_task(work())
        await asyncio.sleep(0)
        await clock.advance(timedelta(minutes=1))
    assert steps == [START + timedelta(seconds=10), START + timedelta(seconds=20)]


@pytest.mark.asyncio
async def test_a_caller_that_waits_for_a_sleeping_child_does_not_block_the_time() -> None:
    """As a client that is busy waiting for an answer which a fault delays, in the same process."""
    clock = frozen()
    answered: list[datetime] = []

    async def delayed_answer() -> None:
        await clock.sleep(5)

    async def caller() -> None:
        with clock.busy():
            await asyncio.create_task(delayed_answer())
            answered.append(clock.now())

    async with asyncio.TaskGroup() as group:
        group.create_task(caller())
        for _ in range(3):
            await asyncio.sleep(0)
        await clock.advance(timedelta(minutes=1))
    assert answered == [START + timedelta(seconds=5)]


@pytest.mark.asyncio
async def test_work_that_waits_for_somebody_elses_sleep_is_helped_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """As over a real socket, where the delayed answer does not share the caller's context."""
    monkeypatch.setattr(clock_module, "STUCK_GRACE_SECONDS", 0.01)
    clock = frozen()
    answer = asyncio.Event()

    async def server() -> None:
        await clock.sleep(5)
        answer.set()

    async def client() -> datetime:
        with clock.busy():
            await answer.wait()
            return clock.now()

    async with asyncio.TaskGroup() as group:
        group.create_task(server())
        asked = group.create_task(client())
        await asyncio.sleep(0)
        await clock.advance(timedelta(minutes=1))
    assert asked.result() == START + timedelta(seconds=5)


@pytest.mark.asyncio
async def test_work_that_never_ends_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "STUCK_GRACE_SECONDS", 0.01)
    monkeypatch.setattr(clock_module, "STUCK_LIMIT_SECONDS", 0.02)
    clock = frozen()

    async def endless() -> None:
        with clock.busy():
            await asyncio.Event().wait()

    task = asyncio.create_task(endless())
    await asyncio.sleep(0)
    with pytest.raises(ClockStuckError, match="1 piece"):
        await clock.advance(timedelta(seconds=1))
    task.cancel()
    await asyncio.wait([task])
    await clock.advance(timedelta(seconds=1))
    assert clock.now() == START + timedelta(seconds=1)


@pytest.mark.asyncio
async def test_who_advances_does_not_wait_for_itself() -> None:
    clock = frozen()
    with clock.busy(), clock.busy():
        await clock.advance(timedelta(seconds=1))
    assert clock.now() == START + timedelta(seconds=1)


@pytest.mark.asyncio
async def test_a_cancelled_sleeper_leaves_the_count_of_work_right() -> None:
    clock = frozen()

    async def work() -> None:
        with clock.busy():
            await clock.sleep(10)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await clock.advance(timedelta(seconds=60))
    assert clock.now() == START + timedelta(seconds=60)


@pytest.mark.asyncio
async def test_a_sleeper_of_a_running_clock_is_woken_by_the_time() -> None:
    clock = Clock(start=START)
    await clock.sleep(0.01)
    assert clock.now() >= START + timedelta(seconds=0.01)


@pytest.mark.asyncio
async def test_a_sleeper_wakes_when_a_running_clock_is_advanced() -> None:
    clock = Clock(start=START)
    sleeping = asyncio.create_task(clock.sleep(86_400))
    await asyncio.sleep(0)
    await clock.advance(timedelta(days=2))
    await sleeping
    assert clock.now() >= START + timedelta(days=2)


@pytest.mark.asyncio
async def test_a_sleeper_of_a_frozen_clock_wakes_after_resume() -> None:
    clock = frozen()
    sleeping = asyncio.create_task(clock.sleep(0.01))
    await asyncio.sleep(0)
    assert not sleeping.done()
    clock.resume()
    await sleeping
    assert clock.now() >= START + timedelta(seconds=0.01)


@pytest.mark.asyncio
async def test_two_advances_at_once_follow_each_other() -> None:
    clock = frozen()
    await asyncio.gather(clock.advance(timedelta(seconds=1)), clock.advance(timedelta(seconds=2)))
    assert clock.now() == START + timedelta(seconds=3)


@pytest.mark.asyncio
async def test_sleeping_for_nothing_only_yields() -> None:
    clock = frozen()
    await clock.sleep(0)
    await clock.sleep(-5)
    assert clock.now() == START
