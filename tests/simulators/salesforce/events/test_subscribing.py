"""Subscribe: credit, signs of life, and the times at which a stream ends; all on the simulator's clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

TASKS = "/data/TaskChangeEvent"
LATEST, EARLIEST, CUSTOM = 0, 1, 2
MINUTE = timedelta(seconds=60)


@pytest.mark.asyncio
async def test_the_documented_timeline(api: Any, pubsub: Any, clock: Any) -> None:
    stream = await pubsub.opened(TASKS, 2, LATEST)
    await clock.advance(MINUTE)
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


@pytest.mark.asyncio
async def test_without_credit_the_stream_ends_after_a_minute(api: Any, pubsub: Any, clock: Any) -> None:
    stream = await pubsub.opened(TASKS, 1)
    await api.create("Task", Subject="one")
    await stream.read()
    await api.create("Task", Subject="two")
    await clock.advance(MINUTE)
    assert await stream.read() is None


@pytest.mark.asyncio
async def test_a_request_in_time_keeps_the_stream_alive(api: Any, pubsub: Any, clock: Any, salesforce: Any) -> None:
    stream = await pubsub.opened(TASKS, 1)
    await api.create("Task", Subject="one")
    await stream.read()
    await clock.advance(MINUTE - timedelta(seconds=1))
    await stream.ask(pubsub.fetch(number=1))
    second = await api.create("Task", Subject="two")
    response = await stream.read()
    assert (await pubsub.decoded(response.events[0])).header["recordIds"] == [second]
    stream.call.cancel()


@pytest.mark.asyncio
async def test_an_hour_at_once_brings_every_sign_of_life_in_it(api: Any, pubsub: Any, clock: Any) -> None:
    stream = await pubsub.opened(TASKS, 5)
    await clock.advance(timedelta(hours=1))
    latest = []
    for _ in range(60):
        response = await stream.read()
        assert not response.events
        assert response.pending_num_requested == 5
        latest.append(response.latest_replay_id)
    assert latest == sorted(set(latest))
    task = await api.create("Task", Subject="after all that")
    assert (await pubsub.decoded((await stream.read()).events[0])).header["recordIds"] == [task]
    stream.call.cancel()


@pytest.mark.asyncio
async def test_the_id_of_a_sign_of_life_can_be_replayed_from(api: Any, pubsub: Any, clock: Any) -> None:
    stream = await pubsub.opened(TASKS, 5)
    await clock.advance(MINUTE)
    empty = await stream.read()
    stream.call.cancel()
    task = await api.create("Task", Subject="after")
    (event,) = await pubsub.events(TASKS, 1, preset=CUSTOM, replay=empty.latest_replay_id)
    assert event.header["recordIds"] == [task]


@pytest.mark.asyncio
async def test_credit_adds_up_to_a_hundred_and_no_further(api: Any, pubsub: Any) -> None:
    stream = await pubsub.opened(TASKS, 70, LATEST)
    await stream.ask(pubsub.fetch(number=20))
    await pubsub.has_credit(90)
    await stream.ask(pubsub.fetch(number=1_000))
    await pubsub.has_credit(100)
    records = [{"attributes": {"type": "Task"}, "Subject": f"task {number}"} for number in range(101)]
    await api("POST", "composite/sobjects", {"records": records})
    response = await stream.read()
    assert (len(response.events), response.pending_num_requested) == (100, 0)
    stream.call.cancel()


@pytest.mark.asyncio
async def test_never_more_events_than_asked_for(api: Any, pubsub: Any) -> None:
    for number in range(5):
        await api.create("Task", Subject=f"task {number}")
    stream = await pubsub.subscribe(TASKS, 3, EARLIEST)
    response = await stream.read()
    assert (len(response.events), response.pending_num_requested) == (3, 0)
    await stream.ask(pubsub.fetch(number=1))
    response = await stream.read()
    assert (len(response.events), response.pending_num_requested) == (1, 0)
    stream.call.cancel()


@pytest.mark.asyncio
async def test_later_requests_say_nothing_of_the_start(api: Any, pubsub: Any) -> None:
    await api.create("Task", Subject="old")
    stream = await pubsub.opened(TASKS, 1, LATEST)
    await stream.ask(pubsub.fetch(TASKS, 1, EARLIEST))
    await pubsub.has_credit(2)
    new = await api.create("Task", Subject="new")
    response = await stream.read()
    assert [(await pubsub.decoded(each)).header["recordIds"] for each in response.events] == [[new]]
    stream.call.cancel()


@pytest.mark.asyncio
async def test_a_client_that_closes_its_side_gets_what_is_there(api: Any, pubsub: Any) -> None:
    await api.create("Task", Subject="one")
    stream = await pubsub.subscribe(TASKS, 10, EARLIEST)
    await stream.call.done_writing()
    assert len((await stream.read()).events) == 1
    assert await stream.read() is None


@pytest.mark.asyncio
async def test_the_session_dies_in_mid_stream(api: Any, pubsub: Any, salesforce: Any) -> None:
    stream = await pubsub.opened(TASKS)
    await api.control("POST", "tokens/expire")
    assert await pubsub.refused(stream) == ("UNAUTHENTICATED", "service.auth.error")
    assert list(salesforce.org.streams) == []


@pytest.mark.asyncio
async def test_a_session_that_is_not_used_runs_out_in_mid_stream(pubsub: Any, clock: Any) -> None:
    stream = await pubsub.opened(TASKS)
    await clock.advance(timedelta(hours=2))
    assert await pubsub.refused(stream) == ("UNAUTHENTICATED", "service.auth.error")


@pytest.mark.asyncio
async def test_requests_prolong_the_session(api: Any, pubsub: Any, clock: Any) -> None:
    stream = await pubsub.opened(TASKS, 1)
    await clock.advance(timedelta(hours=1, minutes=59))
    await stream.ask(pubsub.fetch(number=1))
    await pubsub.has_credit(2)
    for _ in range(119):
        assert not (await stream.read()).events
    await clock.advance(timedelta(minutes=30))
    for _ in range(30):
        assert not (await stream.read()).events
    await api.create("Task", Subject="still there")
    assert len((await stream.read()).events) == 1
    stream.call.cancel()


@pytest.mark.asyncio
async def test_a_user_who_is_switched_off_loses_the_stream(api: Any, pubsub: Any, salesforce: Any) -> None:
    stream = await pubsub.opened(TASKS)
    await api.control("POST", "users", user=salesforce.org.api_user_id, active=False)
    assert await pubsub.refused(stream) == ("UNAUTHENTICATED", "service.auth.error")
