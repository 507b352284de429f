"""Dropping a connection in memory: the caller sees what it would see of a reset socket."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import aiohttp
import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.connections import ABORT_EXTENSION, ConnectionDropped, cutting, drop, droppable
from actionsync_simulators.live_server import LiveServer
from aiohttp_asgi_connector import ASGIApplicationConnector


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] == "/drop":
        await drop(scope)
    if scope["path"] == "/cut":
        send = cutting(scope, send)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.mark.asyncio
async def test_in_memory_the_caller_sees_a_lost_connection_and_can_go_on() -> None:
    async with aiohttp.ClientSession(connector=ASGIApplicationConnector(application)) as session:
        with pytest.raises(aiohttp.ClientOSError):
            await session.get("http://simulator.example/drop")
        with pytest.raises(aiohttp.ClientOSError):
            await session.get("http://simulator.example/cut")
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


@pytest.mark.asyncio
@pytest.mark.parametrize(("path", "got"), [("/drop", b""), ("/cut", b"o"), ("/", b"ok")])
async def test_on_a_live_server_the_half_that_was_sent_arrives(path: str, got: bytes) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    server = LiveServer(application, listening, clock=Clock())
    serving = asyncio.create_task(server.run_until_stopped())
    await server.accepting.wait()
    try:
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = await reader.read()
        writer.close()
    finally:
        server.stop()
        await serving
    head, _, body = received.partition(b"\r\n\r\n")
    assert body == got
    assert head.startswith(b"HTTP/1.1 200") is bool(got)
    assert (b"content-length: 2" in head.lower()) is bool(got)


@pytest.mark.asyncio
async def test_an_answer_without_a_body_is_cut_whole() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    half = cutting({"type": "http"}, send)
    await half({"type": "http.response.start", "status": 204, "headers": []})
    with pytest.raises(ConnectionDropped):
        await half({"type": "http.response.body", "body": b""})
    assert sent == []
