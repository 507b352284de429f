"""One exchange: addresses, redirects, connections, deadlines."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from actionsync_server.model.errors import InvalidInput, Refused
from actionsync_server.systems.clients import MarketoLogin, SalesforceLogin, SystemClients
from actionsync_server.systems.deadline import deadline
from actionsync_server.systems.http import address, origin_of
from aiohttp import web
from aiohttp.test_utils import RawTestServer
from harness.clock import SharedClock

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://123-ABC-456.mktorest.com", "https://123-abc-456.mktorest.com"),
        (" https://acme.my.salesforce.com/ ", "https://acme.my.salesforce.com"),
        ("https://host.example:8443", "https://host.example:8443"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
async def test_origins(given: str, origin: str) -> None:
    assert origin_of(given, allow_plain_http=False) == origin


@pytest.mark.parametrize(
    "given",
    [
        "",
        "acme.my.salesforce.com",
        "ftp://acme.example",
        "https://",
        "https://user:pass@acme.example",
        "https://acme.example/path",
        "https://acme.example/?a=b",
        "https://acme.example/#x",
        "https://acme.example:port",
        "http://acme.example",
        "https://[::1",
    ],
)
async def test_what_is_no_origin(given: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        origin_of(given, allow_plain_http=False)
    assert caught.value.violations[0].field == "base_url"


async def test_plain_http_only_where_it_was_allowed(clock: SharedClock) -> None:
    async with aiohttp.ClientSession() as session:
        strict = SystemClients(session, clock, random.Random(1))
        with pytest.raises(InvalidInput, match="https"):
            strict.marketo(MarketoLogin("http://127.0.0.1:8081", "id", "secret"))
        with pytest.raises(InvalidInput, match="https"):
            strict.salesforce(SalesforceLogin("http://127.0.0.1:8082", "id", "secret"))
        lenient = SystemClients(session, clock, random.Random(1), allow_plain_http=True)
        lenient.marketo(MarketoLogin("http://127.0.0.1:8081/rest", "id", "secret"))
        lenient.marketo(MarketoLogin("https://123-ABC-456.mktorest.com/identity/", "id", "secret"))


async def test_clients_of_one_subscription_share_its_pace(clock: SharedClock) -> None:
    async with aiohttp.ClientSession() as session:
        clients = SystemClients(session, clock, random.Random(1))
        one = clients.marketo(MarketoLogin("https://a.mktorest.com", "id", "secret"))
        two = clients.marketo(MarketoLogin("https://A.mktorest.com/rest", "id2", "secret"))
        other = clients.marketo(MarketoLogin("https://b.mktorest.com", "id", "secret"))
        assert one._connection.calls.pace is two._connection.calls.pace
        assert one._connection.calls.pace is not other._connection.calls.pace


@pytest.mark.parametrize("name", ["access_token", "refresh_token", "client_secret", "oauth_token"])
async def test_a_secret_never_becomes_part_of_an_address(name: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        address("https://a.example", "/x", {name: "v"})


async def test_addresses_keep_what_they_are_given() -> None:
    url = address("https://a.example", "/x%2Fy", {"nextPageToken": "AB==", "q": "a+b c'&d"})
    assert str(url) == "https://a.example/x%2Fy?nextPageToken=AB%3D%3D&q=a%2Bb%20c%27%26d"


@pytest_asyncio.fixture
async def elsewhere() -> AsyncIterator[tuple[RawTestServer, list[str]]]:
    """A server that must never hear from us."""
    heard: list[str] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        heard.append(request.headers.get("Authorization", ""))
        return web.json_response({"success": True, "result": [{"total": 1}]})

    server = RawTestServer(answer)
    await server.start_server()
    yield server, heard
    await server.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_token_does_not_travel_to_another_host(
    wired_marketo: Any, stub: Any, elsewhere: tuple[RawTestServer, list[str]], status: int
) -> None:
    server, heard = elsewhere
    stub.then(b"", status=status, kind="", headers={"Location": str(server.make_url("/"))})
    with pytest.raises(Refused):
        await wired_marketo.usage_today()
    assert heard == []


async def test_a_deadline_is_on_the_clock_it_was_given(clock: SharedClock) -> None:
    async def slow() -> None:
        with clock.busy():
            async with deadline(clock, 5):
                await clock.sleep(10)

    task = asyncio.create_task(slow())
    await clock.advance(4.9)
    assert not task.done()
    await clock.advance(0.2)
    with pytest.raises(TimeoutError):
        await task


async def test_a_deadline_that_is_met_leaves_nothing_behind(clock: SharedClock) -> None:
    async with deadline(clock, 5):
        await clock.sleep(0)
    await clock.advance(10)
    await asyncio.sleep(0)


async def test_a_deadline_is_no_sleep_of_the_caller(clock: SharedClock) -> None:
    """Virtual time stands still while a call is under way, although its alarm is set."""
    answered = asyncio.Event()

    async def call() -> None:
        with clock.busy():
            async with deadline(clock, 100):
                await answered.wait()

    under_way = asyncio.create_task(call())
    await asyncio.sleep(0)
    advancing = asyncio.create_task(clock.advance(10))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not advancing.done()
    answered.set()
    await asyncio.gather(under_way, advancing)


async def test_a_cancelled_block_stays_cancelled(clock: SharedClock) -> None:
    async def slow() -> None:
        async with deadline(clock, 5):
            await clock.sleep(10)

    task = asyncio.create_task(slow())
    await clock.advance(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_call_that_was_given_up_counts(marketo: Any, stub: Any, clock: SharedClock) -> None:
    stub.result({"total": 1})
    await marketo.usage_today()
    marketo.calls.take()
    stub._script[0].seconds = 5.0
    task = asyncio.create_task(marketo.usage_today())
    await clock.advance(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert marketo.calls.take() == 1
    assert marketo._connection.calls.pace.running == 0
