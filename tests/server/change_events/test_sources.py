"""What is listened to, what of it is worth a poll, and how often polls are asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from actionsync_server.flows.change_events.asking import LONGEST_SECONDS, SHORTEST_SECONDS, Asking
from actionsync_server.flows.change_events.sources import Interest, source_of
from actionsync_server.flows.wakes import REMINDER_SYNC, UNSUBSCRIBE_SYNC, Wakes
from actionsync_server.model.connections import PUBSUB_ADDRESS, Connection
from actionsync_server.model.errors import System
from actionsync_server.model.settings import OptOutField, ReminderMode, ReminderSettings, Settings, UnsubscribeSettings
from actionsync_server.systems.salesforce import ChangeEvent, Endpoint
from harness.clock import SharedClock

CONNECTION = Connection(
    System.SALESFORCE, "", "http://127.0.0.1:8082", "id", "005", "admin", 7, False, {PUBSUB_ADDRESS: "127.0.0.1:7443"}
)
TASKS = Interest("/data/TaskChangeEvent", REMINDER_SYNC)
OPT_OUT = "HasOptedOutOfEmail"


def settings(*, reminders: bool = False, unsubscribes: bool = False, **more: Any) -> Settings:
    mode = ReminderMode.TWO_WAY if reminders else ReminderMode.OFF
    return replace(
        Settings(),
        reminders=replace(ReminderSettings(), mode=mode),
        unsubscribes=replace(UnsubscribeSettings(), nightly_sync=unsubscribes, **more),
    )


def test_each_flow_has_its_topics() -> None:
    def interests(**wanted: Any) -> set[Interest]:
        found = source_of(CONNECTION, settings(**wanted))
        return set() if found is None else set(found.interests)

    people = {Interest(f"/data/{name}ChangeEvent", UNSUBSCRIBE_SYNC, OPT_OUT) for name in ("Lead", "Contact")}
    assert interests() == set()
    assert interests(reminders=True) == {TASKS}
    assert interests(unsubscribes=True) == people
    assert interests(reminders=True, unsubscribes=True) == {TASKS, *people}
    sales = {"opt_out_field": OptOutField.SALES_OPT_OUT, "sales_opt_out_field": "Sales__c"}
    assert {one.field for one in interests(unsubscribes=True, **sales)} == {"Sales__c"}


def test_where_nothing_is_to_be_heard_nothing_is_listened_to() -> None:
    both = settings(reminders=True, unsubscribes=True)
    found = source_of(CONNECTION, both)
    assert found is not None
    assert found.endpoint == Endpoint("127.0.0.1:7443", secure=False)
    assert source_of(None, both) is None
    assert source_of(replace(CONNECTION, details={}), both) is None


def test_another_login_is_another_source() -> None:
    both = settings(reminders=True)
    assert source_of(CONNECTION, both) == source_of(CONNECTION, both)
    assert source_of(replace(CONNECTION, connect_time=8), both) != source_of(CONNECTION, both)


@pytest.mark.parametrize(
    ("field", "event", "wanted"),
    [
        ("", ChangeEvent("x;client=other", frozenset({"subject"})), True),
        ("", ChangeEvent("x;client=actionsync", frozenset({"subject"})), False),
        (OPT_OUT, ChangeEvent("", frozenset({"title"})), False),
        (OPT_OUT, ChangeEvent("", frozenset({"title", OPT_OUT.lower()})), True),
        (OPT_OUT, ChangeEvent("x;client=actionsync", frozenset({OPT_OUT.lower()})), False),
        (OPT_OUT, ChangeEvent(), True),  # a new record, or one of which nothing is known
    ],
)
def test_what_is_worth_a_poll(field: str, event: ChangeEvent, wanted: bool) -> None:
    assert Interest("/data/x", "worker", field).wants(event) is wanted


def test_an_ask_wakes_one_worker_and_is_taken_once() -> None:
    wakes = Wakes()
    mine, other = wakes.of("acme", REMINDER_SYNC), wakes.of("acme", UNSUBSCRIBE_SYNC)
    wakes.ask("acme", REMINDER_SYNC)
    assert mine.is_set()
    assert not other.is_set()
    assert not wakes.take_asked("acme", UNSUBSCRIBE_SYNC)
    assert not wakes.take_asked("other", REMINDER_SYNC)
    assert wakes.take_asked("acme", REMINDER_SYNC)
    assert not wakes.take_asked("acme", REMINDER_SYNC)
    wakes.wake("acme")
    assert other.is_set()
    assert not wakes.take_asked("acme", UNSUBSCRIBE_SYNC)


class Asked:
    """An Asking at work, and the seconds after which it asked."""

    def __init__(self, clock: SharedClock) -> None:
        self.clock = clock
        self.began = clock.now()
        self.seconds: list[float] = []
        self.asking = Asking(clock, self._ask)

    def _ask(self) -> None:
        self.seconds.append((self.clock.now() - self.began) / 1_000_000)


@pytest_asyncio.fixture
async def asked(clock: SharedClock) -> AsyncIterator[Asked]:
    made = Asked(clock)
    task = asyncio.create_task(made.asking.run())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.asyncio
async def test_the_first_event_is_followed_at_once_and_those_after_it_by_one_poll(asked: Asked) -> None:
    for _ in range(5):
        asked.asking.note()
    await asked.clock.settle()
    assert asked.seconds == [0]
    for _ in range(5):
        asked.asking.note()
    await asked.clock.advance(100)
    assert asked.seconds == [0, SHORTEST_SECONDS]


@pytest.mark.asyncio
async def test_events_that_keep_coming_are_followed_at_growing_distances(asked: Asked) -> None:
    for _ in range(200):
        asked.asking.note()
        await asked.clock.advance(1)
    assert asked.seconds == [0, 2, 6, 14, 30, 60, 90, 120, 150, 180]
    # After a rest it is quick again.
    await asked.clock.advance(LONGEST_SECONDS * 3)
    del asked.seconds[:]
    asked.began = asked.clock.now()
    for _ in range(3):
        asked.asking.note()
        await asked.clock.advance(1)
    assert asked.seconds == [0, 2]
