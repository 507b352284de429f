"""Joining two connections: bytes pass both ways unchanged, each direction ends by itself, and nothing stays open."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable

CHUNK = 65_536

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Dial = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[Streams | None]]
"""Finds the other side of a connection that has been accepted; None when the connection is done with."""


class Relay:
    """Listens on one socket, and joins what connects to what `dial` finds for it.

    `limit` is how many bytes `dial` may look for a separator in.
    """

    def __init__(self, listening: socket.socket, dial: Dial, *, limit: int = CHUNK) -> None:
        self._listening = listening
        self._dial = dial
        self._limit = limit
        self._under_way: set[asyncio.Task[None]] = set()

    async def run_forever(self) -> None:
        """Serve until cancelled; then every connection is cut."""
        server = await asyncio.start_server(self._accept, sock=self._listening, limit=self._limit)
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A task of its own, because the one that a stream server makes for a coroutine cannot be waited for.
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # A peer that is gone ends its connection; there is nobody to tell. (Not every sign of it is a
            # ConnectionError: closing may find the socket "not connected".)
            with contextlib.suppress(OSError):
                other = await self._dial(reader, writer)
                if other is None:
                    await until_closed(writer)
                else:
                    await _join((reader, writer), other)
        finally:
            writer.transport.abort()


async def until_closed(writer: asyncio.StreamWriter) -> None:
    """Send what is still to be sent, and close."""
    writer.close()
    await writer.wait_closed()


async def _join(one: Streams, other: Streams) -> None:
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(_pass_on(one[0], other[1]))
            both.create_task(_pass_on(other[0], one[1]))
        await until_closed(other[1])
        await until_closed(one[1])
    except* OSError:
        # One side has cut the connection. So does the relay on the other side, below and in the caller.
        pass
    finally:
        other[1].transport.abort()


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Copy until the source has ended, then end the sink's direction: the other one stays open."""
    while chunk := await source.read(CHUNK):
        sink.write(chunk)
        await sink.drain()
    if sink.can_write_eof() and not sink.transport.is_closing():
        sink.write_eof()
