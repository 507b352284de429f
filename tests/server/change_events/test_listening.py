"""Listening over cut streams, refusals and changed settings, with subscriptions that do what each test says."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn, cast

import pytest
import pytest_asyncio
from actionsync_server.flows.change_events.listening import (
    LONGEST_PAUSE_SECONDS,
    REFUSED_PAUSE_SECONDS,
    ChangeEventListening,
)
from actionsync_server.flows.change_events.sources import Interest, Source
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.wakes import REMINDER_SYNC, Wakes
from actionsync_server.model.errors import NotConnected, Refused, System, SystemBusy
from actionsync_server.systems.salesforce import ChangeEvent, Endpoint
from actionsync_server.telemetry import Metrics
from actionsync_server.workers.change_events import ChangeEventWorker
from harness.clock import SharedClock

pytestmark = pytest.mark.asyncio

TOPIC = "/data/TaskChangeEvent"
SOURCE = Source(Endpoint("127.0.0.1:1", secure=False), 7, (Interest(TOPIC, REMINDER_SYNC),))
LABELS = {"instance": "acme", "topic": TOPIC}
FOREIGN, OURS = ChangeEvent("x;client=other"), ChangeEvent("x;client=actionsync")


class Scripted:
    """A Salesforce whose one subscription listens until the test ends it."""

    def __init__(self, clock: SharedClock) -> None:
        self.clock = clock
        self.is_resumable = False
        self.is_connected = True
        self.tried: list[float] = []
        self.hear: Callable[[Sequence[ChangeEvent]], None] = lambda events: None
        self._began = clock.now()
        self._end: asyncio.Future[None] | None = None

    async def salesforce(self, instance_id: str) -> Any:
        if not self.is_connected:
            self._try()
            raise NotConnected(System.SALESFORCE)
        return self

    def subscription(self, channel: Any, topic: str) -> Any:
        return self

    async def listen(self, *, opened: Callable[[], None], heard: Callable[[Sequence[ChangeEvent]], None]) -> NoReturn:
        self._try()
        self._end = asyncio.get_running_loop().create_future()
        opened()
        self.hear = heard
        await self._end
        raise AssertionError("a test ends it by an error")

    async def fail(self, error: Exception) -> None:
        assert self._end is not None
        self._end.set_exception(error)
        await self.clock.settle()

    def waits(self) -> list[float]:
        """Seconds between the tries."""
        return [after - before for before, after in zip(self.tried, self.tried[1:], strict=False)]

    def _try(self) -> None:
        self.tried.append((self.clock.now() - self._began) / 1_000_000)


class Heard:
    """A listener at work."""

    def __init__(self, clock: SharedClock) -> None:
        self.clock = clock
        self.salesforce = Scripted(clock)
        self.wakes = Wakes()
        self.metrics = Metrics()
        self.flow = ChangeEventListening(
            clock,
            random.Random("listening"),
            registry=cast("ConnectionRegistry", self.salesforce),
            settings=cast("SettingsFlow", None),
            wakes=self.wakes,
            metrics=self.metrics,
        )

    def asked(self) -> bool:
        return self.wakes.take_asked("acme", REMINDER_SYNC)

    def metric(self, name: str) -> float | None:
        return self.metrics.registry.get_sample_value(f"actionsync_{name}", LABELS)


@pytest_asyncio.fixture
async def heard(clock: SharedClock) -> AsyncIterator[Heard]:
    made = Heard(clock)
    task = asyncio.create_task(made.flow.listen("acme", SOURCE))
    await clock.settle()
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert made.metric("change_event_streams") is None


async def test_a_new_stream_asks_for_what_came_before_it(heard: Heard) -> None:
    assert heard.asked()
    assert heard.metric("change_event_streams") == 1


async def test_what_others_do_is_asked_for_and_what_we_do_is_not(heard: Heard) -> None:
    await heard.clock.advance(10)
    heard.asked()
    heard.salesforce.hear([])
    heard.salesforce.hear([OURS, OURS])
    await heard.clock.advance(10)
    assert not heard.asked()
    heard.salesforce.hear([OURS, FOREIGN])
    await heard.clock.settle()
    assert heard.asked()
    assert heard.metric("change_events_total") == 4


async def test_a_stream_that_goes_on_where_it_was_cut_asks_for_nothing(heard: Heard) -> None:
    await heard.clock.advance(10)
    heard.asked()
    heard.salesforce.is_resumable = True
    await heard.salesforce.fail(SystemBusy(System.SALESFORCE, "cut"))
    assert heard.metric("change_event_streams") == 0
    await heard.clock.advance(10)
    assert heard.metric("change_event_streams") == 1
    assert not heard.asked()


async def test_tries_in_vain_come_at_growing_distances_until_something_is_heard(heard: Heard) -> None:
    for _ in range(9):
        await heard.salesforce.fail(SystemBusy(System.SALESFORCE, "cut"))
        await heard.clock.advance(LONGEST_PAUSE_SECONDS * 1.5)
    plain = [1, 2, 4, 8, 16, 32, 60, 60, 60]
    del heard.salesforce.tried[0]
    heard.salesforce.hear([])
    await heard.salesforce.fail(SystemBusy(System.SALESFORCE, "cut"))
    await heard.clock.advance(1.5)
    assert heard.salesforce.waits()[-1] < LONGEST_PAUSE_SECONDS * 1.5 + 1.5
    pauses = [tried - number * 90 for number, tried in enumerate(heard.salesforce.tried[:9])]
    assert all(least <= pause <= least * 1.5 for least, pause in zip(plain, pauses, strict=True)), pauses
    assert len(heard.salesforce.tried) == 10


@pytest.mark.parametrize(
    ("error", "least"),
    [
        (Refused(System.SALESFORCE, "no"), REFUSED_PAUSE_SECONDS),
        (SystemBusy(System.SALESFORCE, "slowly", retry_after=120.0), 120.0),
    ],
)
async def test_what_asks_for_a_long_wait_gets_it(heard: Heard, error: Exception, least: float) -> None:
    await heard.salesforce.fail(error)
    await heard.clock.advance(least - 1)
    assert len(heard.salesforce.tried) == 1
    await heard.clock.advance(least * 0.5 + 2)
    assert len(heard.salesforce.tried) == 2


async def test_a_login_that_is_gone_is_waited_for(clock: SharedClock) -> None:
    made = Heard(clock)
    made.salesforce.is_connected = False
    task = asyncio.create_task(made.flow.listen("acme", SOURCE))
    await clock.settle()
    made.salesforce.is_connected = True
    await clock.advance(REFUSED_PAUSE_SECONDS + 1)
    assert made.metric("change_event_streams") == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Switchboard:
    """What there is to listen to, as a test sets it, and what is listened to."""

    def __init__(self) -> None:
        self.now: Source | None = None
        self.open: list[Source] = []
        self.fault = asyncio.Event()

    async def source(self, instance_id: str) -> Source | None:
        return self.now

    async def listen(self, instance_id: str, source: Source) -> NoReturn:
        self.open.append(source)
        try:
            await self.fault.wait()
            raise RuntimeError("a fault of ours")
        finally:
            self.open.remove(source)


@pytest.fixture
def switchboard() -> Switchboard:
    return Switchboard()


@pytest_asyncio.fixture
async def worker(
    clock: SharedClock, switchboard: Switchboard
) -> AsyncIterator[tuple[asyncio.Task[None], asyncio.Event]]:
    wake = asyncio.Event()
    listening = cast("ChangeEventListening", switchboard)
    task = asyncio.create_task(ChangeEventWorker("acme", listening=listening, clock=clock, wake=wake).run())
    await clock.settle()
    yield task, wake
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert switchboard.open == []


async def test_it_listens_to_what_there_is_to_listen_to(
    clock: SharedClock, switchboard: Switchboard, worker: tuple[asyncio.Task[None], asyncio.Event]
) -> None:
    assert switchboard.open == []
    for source in (SOURCE, SOURCE, replace(SOURCE, connect_time=8), None, SOURCE):
        switchboard.now = source
        worker[1].set()
        await clock.settle()
        assert switchboard.open == ([] if source is None else [source])


async def test_a_fault_of_ours_ends_the_worker_so_that_it_is_seen_and_started_again(
    clock: SharedClock, switchboard: Switchboard, worker: tuple[asyncio.Task[None], asyncio.Event]
) -> None:
    switchboard.now = SOURCE
    worker[1].set()
    await clock.settle()
    switchboard.fault.set()
    with pytest.raises(ExceptionGroup):
        await worker[0]
