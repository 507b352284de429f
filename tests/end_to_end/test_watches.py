"""Watches: every change once and in order, resumable from any message, told honestly when the position is gone."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import person_sync_pb2 as contract
from actionsync.v1.person_sync_pb2 import PersonChange
from actionsync_client import ActionsyncError
from actionsync_server.store import changes
from harness.world import INSTANCE, World, open_world

pytestmark = pytest.mark.asyncio
CYCLE = 91


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance in a small world whose people are not copied yet."""
    async with open_world(tmp_path, people=60) as opened:
        await opened.connect()
        await opened.add_seller()
        yield opened


Stream = AsyncGenerator[contract.WatchPersonsResponse, None]


def watch(world: World, token: str = "") -> Stream:
    request = contract.WatchPersonsRequest(resume_token=token)
    return world.admin.watch(world.admin.persons.WatchPersons, request)


async def first(stream: Stream) -> contract.WatchPersonsResponse:
    async with aclosing(stream):
        return await anext(stream)


async def read(stream: Stream, count: int) -> tuple[list[PersonChange], str]:
    """Read messages until `count` changes came; return them and the last token."""
    found: list[PersonChange] = []
    token = ""
    while len(found) < count:
        message = await anext(stream)
        found += message.changes
        token = message.resume_token
    return found, token


async def reason_of(stream: Stream) -> tuple[str, dict[str, str]]:
    with pytest.raises(ActionsyncError) as caught:
        await first(stream)
    return caught.value.reason, dict(caught.value.metadata)


async def test_the_first_message_comes_at_once_and_gives_a_token(world: World) -> None:
    message = await first(watch(world))
    assert not message.changes
    assert message.resume_token


async def test_every_change_comes_once_in_stored_order_across_a_resumption(world: World) -> None:
    stream = watch(world)
    start = (await anext(stream)).resume_token
    await world.sync_people()
    listed = [one async for one in world.admin.pages(world.admin.persons.ListPersons, contract.ListPersonsRequest())]
    found, token = await read(stream, len(listed))
    await stream.aclose()
    assert {change.type for change in found} == {PersonChange.TYPE_CREATED}
    assert sorted(change.person.person_id for change in found) == sorted(one.person_id for one in listed)
    assert [change.change_time.ToMicroseconds() for change in found] == sorted(
        change.change_time.ToMicroseconds() for change in found
    )
    again = watch(world, start)
    repeated, _ = await read(again, len(listed))
    await again.aclose()
    assert [one.person.person_id for one in repeated] == [one.person.person_id for one in found]
    assert not (await first(watch(world, token))).changes


async def test_a_token_of_another_watch_or_database_or_none_at_all_is_refused(world: World) -> None:
    token = (await first(watch(world))).resume_token
    store, kind, position = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for altered, reason in (
        (["elsewhere", kind, position], "TOKEN_FOREIGN"),
        ([store, kind + 1, position], "PAGE_TOKEN_INVALID"),
        ([store, kind], "PAGE_TOKEN_INVALID"),
    ):
        forged = base64.urlsafe_b64encode(json.dumps(altered).encode()).decode().rstrip("=")
        assert (await reason_of(watch(world, forged)))[0] == reason
    assert (await reason_of(watch(world, "nonsense!")))[0] == "PAGE_TOKEN_INVALID"


async def test_a_position_that_is_compacted_away_is_out_of_range_with_the_earliest_time(world: World) -> None:
    start = (await first(watch(world))).resume_token
    await world.sync_people()
    cut = world.clock.now() + 1

    async def compact(transaction: Any) -> int:
        return await changes.compact(transaction, INSTANCE, before=cut, count=10_000)

    assert await world.app.database.write(compact) > 0
    people = (await world.admin.persons.ListPersons(contract.ListPersonsRequest(page_size=1))).persons
    await world.marketo.update(people[0].marketo_id, title="Head of Watching")
    await world.advance(CYCLE)
    reason, metadata = await reason_of(watch(world, start))
    assert reason == "RESUME_TOKEN_EXPIRED"
    assert metadata["earliestTime"].endswith("Z")
    assert (await first(watch(world))).resume_token
