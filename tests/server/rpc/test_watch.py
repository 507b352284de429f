"""Watches look at once, on every commit, every 20 s, and end when the server stops."""

from __future__ import annotations

import asyncio

import pytest
from actionsync_server.clock import SECOND
from actionsync_server.model.directory import Actor, Role
from actionsync_server.model.errors import Unavailable
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.watch import ticks
from actionsync_server.store.database import Database, Transaction
from harness.clock import SharedClock

pytestmark = pytest.mark.asyncio


async def _commit(database: Database) -> None:
    async def work(transaction: Transaction) -> None:
        return None

    await database.write(work)


async def test_at_once_on_commits_and_as_a_sign_of_life(database: Database, clock: SharedClock) -> None:
    call = Call(Actor("u-1", "i-1", Role.ADMIN))
    begun = clock.now()
    seen: list[tuple[float, bool]] = []

    async def watch() -> None:
        async for due in ticks(call, database, clock):
            seconds = (clock.now() - begun) / SECOND
            seen.append((seconds, due))

    task = asyncio.create_task(watch())
    await clock.settle()
    assert seen == [(0, True)]
    await clock.advance(5)
    await _commit(database)
    await clock.settle()
    assert seen[1:] == [(5, False)]
    await clock.advance(14.9)
    assert seen[2:] == []
    await clock.advance(0.1)
    assert seen[2:] == [(20, True)]
    await clock.advance(41)
    assert seen[3:] == [(40, True), (60, True)]
    call.cancelled.set()
    with pytest.raises(Unavailable) as raised:
        await task
    assert raised.value.reason == "SHUTTING_DOWN"


async def test_a_commit_while_the_watcher_was_busy_is_not_missed(database: Database, clock: SharedClock) -> None:
    watch = ticks(Call(Actor("u-1", "i-1", Role.ADMIN)), database, clock)
    assert await anext(watch) is True
    await _commit(database)
    assert await anext(watch) is False
    await watch.aclose()


async def test_a_server_that_stops_already_ends_the_watch(database: Database, clock: SharedClock) -> None:
    call = Call(Actor("u-1", "i-1", Role.ADMIN))
    call.cancelled.set()
    watch = ticks(call, database, clock)
    assert await anext(watch) is True
    with pytest.raises(Unavailable):
        await anext(watch)
