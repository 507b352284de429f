"""Replay: from any place exactly what came after it, the same over gRPC and CometD, through snapshot and restore."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest

ALL = "/data/ChangeEvents"
CUSTOM = 2


async def some_life(api: Any, seed: int, steps: int = 25) -> None:
    """Create, change, delete and undelete records at random."""
    chance = random.Random(f"life:{seed}")
    tasks: list[str] = []
    deleted: list[str] = []
    for step in range(steps):
        action = chance.choice(["create", "create", "update", "update", "delete", "undelete", "lead", "refused"])
        if action == "update" and tasks:
            await api.update(
                "Task", chance.choice(tasks), Subject=f"step {step}", Description=chance.choice(["x", None])
            )
        elif action == "delete" and tasks:
            deleted.append(tasks.pop(chance.randrange(len(tasks))))
            await api("DELETE", f"sobjects/Task/{deleted[-1]}")
        elif action == "undelete" and deleted:
            tasks.append(deleted.pop())
            await api.control("POST", "undelete", id=tasks[-1])
        elif action == "lead":
            await api.create("Lead", LastName=f"Lead {step}", Company="Acme", City="Rome")
        elif action == "refused":
            assert (await api("POST", "sobjects/Task", {"Subject": "x" * 300})).status == 400
        else:
            tasks.append(await api.create("Task", Subject=f"step {step}", ActivityDate="2024-02-01"))


def shown(events: list[Any]) -> list[Any]:
    return [(each.replay_id, each.header, each.fields) for each in events]


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(3))
async def test_replaying_from_any_id_gives_exactly_what_came_after_it(api: Any, pubsub: Any, seed: int) -> None:
    await some_life(api, seed)
    counts = (await api.control("GET", "change-events"))["events"]
    everything = await pubsub.events(ALL, sum(counts.values()))
    ids = [each.replay_id for each in everything]
    assert ids == sorted(set(ids))
    assert any(int.from_bytes(b, "big") - int.from_bytes(a, "big") > 1 for a, b in pairwise(ids))
    for place in range(len(everything) - 1):
        rest = await pubsub.events(ALL, len(everything) - place - 1, preset=CUSTOM, replay=ids[place])
        assert shown(rest) == shown(everything[place + 1 :])
    tasks = [each for each in everything if each.header["entityName"] == "Task"]
    assert shown(await pubsub.events("/data/TaskChangeEvent", counts["Task"])) == shown(tasks)


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(3))
async def test_commit_numbers_grow_and_transactions_are_told_apart(api: Any, pubsub: Any, seed: int) -> None:
    await some_life(api, seed)
    counts = (await api.control("GET", "change-events"))["events"]
    headers = [each.header for each in await pubsub.events(ALL, sum(counts.values()))]
    numbers = [header["commitNumber"] for header in headers]
    assert numbers == sorted(numbers)
    keys = {header["transactionKey"]: header["commitNumber"] for header in headers}
    assert len(keys) == len(set(numbers))


@pytest.mark.asyncio
async def test_a_snapshot_holds_the_log_and_its_place(api: Any, pubsub: Any) -> None:
    first = await api.create("Task", Subject="first")
    snapshot = (await api.control("POST", "snapshot"))["id"]
    before = await pubsub.events(ALL, 1)
    second = await api.create("Task", Subject="second")
    told = await pubsub.events(ALL, 2)
    await api.control("POST", "change-events", objects=["Lead"])
    await api.control("POST", "restore", id=snapshot)
    assert shown(await pubsub.events(ALL, 1)) == shown(before)
    assert before[0].header["recordIds"] == [first]
    # The same call in the same state: the same record, and the same event.
    assert await api.create("Task", Subject="second") == second
    assert shown(await pubsub.events(ALL, 2)) == shown(told)


@pytest.mark.asyncio
async def test_restore_and_reset_end_the_streams(api: Any, pubsub: Any) -> None:
    snapshot = (await api.control("POST", "snapshot"))["id"]
    stream = await pubsub.opened(ALL)
    await api.control("POST", "restore", id=snapshot)
    assert await pubsub.refused(stream) == ("UNAVAILABLE", "service.unavailable")
    await api.create("Task", Subject="gone with the reset")
    stream = await pubsub.opened(ALL)
    await api.control("POST", "reset")
    assert await pubsub.refused(stream) == ("UNAVAILABLE", "service.unavailable")
    assert (await api.control("GET", "change-events"))["events"] == {}


@pytest.mark.asyncio
async def test_an_id_from_a_future_that_was_taken_back_is_refused(api: Any, pubsub: Any) -> None:
    snapshot = (await api.control("POST", "snapshot"))["id"]
    await api.create("Task", Subject="taken back")
    (event,) = await pubsub.events(ALL, 1)
    await api.control("POST", "restore", id=snapshot)
    stream = await pubsub.subscribe(ALL, 1, CUSTOM, event.replay_id)
    assert await pubsub.refused(stream) == ("INVALID_ARGUMENT", "subscription.fetch.replayid.corrupted")
