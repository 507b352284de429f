"""How an answer can be lost: a live socket is aborted; in memory the call breaks off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NoReturn

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

ABORT_EXTENSION = "actionsync.abort"
"""Key in `scope["extensions"]` under which the server puts a function that aborts the socket."""


class ConnectionDropped(ConnectionResetError):
    """The connection was cut on purpose. Applications let it pass; in memory the caller sees a reset."""

    def __init__(self) -> None:
        super().__init__("connection dropped by a fault")


async def drop(scope: Scope) -> NoReturn:
    """Abort the connection of this request without an answer. Always raises ConnectionDropped."""
    abort = (scope.get("extensions") or {}).get(ABORT_EXTENSION)
    if abort is not None:
        abort()
        await asyncio.sleep(0)
    raise ConnectionDropped


def cutting(scope: Scope, send: Send) -> Send:
    """A `send` that gets no further than half of the answer's first part: then it aborts the connection.

    An answer without a body is not sent at all. Raises ConnectionDropped.
    """
    head: list[Message] = []

    async def send_half(message: Message) -> None:
        if message["type"] != "http.response.body":
            head.append(message)
            return
        body: bytes = message.get("body", b"")
        if body:
            for part in head:
                await send(part)
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await drop(scope)

    return send_half


def droppable(application: Application) -> Application:
    """Wrap an application for a live server: a dropped connection ends the request quietly."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await application(scope, receive, send)
        except ConnectionDropped:
            # The server must learn that the peer is gone before the call returns, or it would answer 500.
            while (await receive())["type"] != "http.disconnect":
                continue

    return run
