"""Dropping a connection in memory: the caller sees what it would see of a reset socket."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from actionsync_simulators.connections import ABORT_EXTENSION, ConnectionDropped, drop, droppable
from aiohttp_asgi_connector import ASGIApplicationConnector


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] == "/drop":
        await drop(scope)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.mark.asyncio
async def test_in_memory_the_caller_sees_a_lost_connection_and_can_go_on() -> None:
    async with aiohttp.ClientSession(connector=ASGIApplicationConnector(application)) as session:
        with pytest.raises(aiohttp.ClientOSError):
            await session.get("http://simulator.example/drop")
        async with session.get("http://simulator.example/") as response:
            assert await response.text() == "ok"


@pytest.mark.asyncio
async def test_on_a_server_the_socket_is_aborted_and_the_request_ends_quietly() -> None:
    events: list[str] = []

    def abort() -> None:
        events.append("aborted")

    async def receive() -> dict[str, Any]:
        events.append("receive")
        return {"type": "http.disconnect" if events.count("receive") == 2 else "http.request"}

    async def send(message: Any) -> None:
        events.append("sent")

    scope = {"type": "http", "path": "/drop", "extensions": {ABORT_EXTENSION: abort}}
    await droppable(application)(scope, receive, send)
    assert events == ["aborted", "receive", "receive"]


@pytest.mark.asyncio
async def test_drop_always_raises() -> None:
    with pytest.raises(ConnectionDropped):
        await drop({"type": "http"})
