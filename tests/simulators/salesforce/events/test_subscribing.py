"""Subscribe: credit, signs of life, starting points, and how streams end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import grpc
import pytest

TASKS = "/data/TaskChangeEvent"
LATEST, EARLIEST, CUSTOM = 0, 1, 2


def code_of(problem: grpc.aio.AioRpcError) -> str:
    trailers = dict(problem.trailing_metadata() or ())
    return str(trailers["error-code"]).removeprefix("sfdc.platform.eventbus.grpc.")


@pytest.mark.asyncio
async def test_the_documented_timeline(api: Any, pubsub: Any, clock: Any) -> None:
    stream = await pubsub.subscribe(TASKS, 2, LATEST)
    await clock.advance(timedelta(seconds=60))
    empty = await stream.read()
    assert (list(empty.events), empty.pending_num_requested) == ([], 2)

    first = await api.create("Task", Subject="one")
    one = await stream.read()
    assert one.pending_num_requested == 1
    assert one.latest_replay_id == one.events[0].replay_id > empty.latest_replay_id
    assert (await pubsub.decoded(one.events[0])).header["recordIds"] == [first]

    await api.create("Task", Subject="two")
    two = await stream.read()
    assert (len(two.events), two.pending_num_requested) == (1, 0)

    third = await api.create("Task", Subject="three")
    await stream.ask(pubsub.fetch(number=100))
    three = await stream.read()
    assert three.pending_num_requested == 99
    assert (await pubsub.decoded(three.events[0])).header["recordIds"] == [third]
    stream.call.cancel()

    fourth = await api.create("Task", Subject="four")
    stream = await pubsub.subscribe(TASKS, 100, CUSTOM, three.latest_replay_id)
    four = await stream.read()
    assert [(await pubsub.decoded(each)).header["recordIds"] for each in four.events] == [[fourth]]
    stream.call.cancel()
