"""An HTTP proxy for CONNECT: it takes a client to a simulator when it asks for a vendor's host, and nowhere else.

So a client with a hard-coded `https://….mktorest.com` works unchanged: it is given this proxy (`HTTPS_PROXY`) and the
certificate authority to trust. What goes through is not looked at: TLS ends at the simulator.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass

HEAD_LIMIT = 16_384
"""Longest request head in bytes."""
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Destination:
    """Where calls for these hosts go. `hosts` are names or `*.domain` (any number of labels).

    `at` is host and port, None when nothing stands in for these hosts in this run.
    """

    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    at: tuple[str, int] | None

    def takes(self, host: str, port: int) -> bool:
        """Tell whether a host and port that a client asks for are these."""
        return port in self.ports and any(
            host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in self.hosts
        )


class _Refused(Exception):
    def __init__(self, status: str, text: str, *, header: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.header = header


class ConnectProxy:
    """Listens on one socket. The first destination that takes a host and port gets the connection."""

    def __init__(self, listening: socket.socket, destinations: Sequence[Destination]) -> None:
        self._listening = listening
        self._destinations = tuple(destinations)
        self._under_way: set[asyncio.Task[None]] = set()

    async def run_forever(self) -> None:
        """Serve until cancelled; then every connection is cut."""
        server = await asyncio.start_server(self._accept, sock=self._listening, limit=HEAD_LIMIT)
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
            # A peer that is gone ends its connection; there is nobody to tell.
            with contextlib.suppress(ConnectionError):
                await self._answer(reader, writer)
        finally:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await _asked(reader)
            if asked is None:
                return
            upstream_reader, upstream = await self._connect(*asked)
        except _Refused as refused:
            body = f"{refused}\n".encode()
            writer.write(
                f"HTTP/1.1 {refused.status}\r\nContent-Type: text/plain; charset=utf-8\r\n{refused.header}"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
            await _until_closed(writer)
            return
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, upstream))
                both.create_task(_pass_on(upstream_reader, writer))
            await _until_closed(upstream)
            await _until_closed(writer)
        except* ConnectionError:
            # One side has cut the connection. So does the proxy on the other side, below and in the caller.
            pass
        finally:
            upstream.transport.abort()

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        found = next((one for one in self._destinations if one.takes(host, port)), None)
        if found is None or found.at is None:
            served = [one for one in self._destinations if one.at is not None]
            names = ", ".join(f"{name}:{number}" for one in served for name in one.hosts for number in one.ports)
            raise _Refused(
                "403 Forbidden", f"nothing stands in for {host}:{port} here; this proxy leads to {names} only"
            )
        try:
            return await asyncio.open_connection(*found.at)
        except OSError as problem:
            raise _Refused("502 Bad Gateway", f"what stands in for {host} does not answer: {problem}") from None


async def _asked(reader: asyncio.StreamReader) -> tuple[str, int] | None:
    """Read a request head and return host and port; None when the client left before the head was complete."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError:
        raise _Refused("431 Request Header Fields Too Large", f"the head is longer than {HEAD_LIMIT} bytes") from None
    method, _, rest = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
    target, _, version = rest.partition(" ")
    if not version.startswith("HTTP/1."):
        raise _Refused("400 Bad Request", "this is not HTTP/1.1")
    if method != "CONNECT":
        raise _Refused(
            "405 Method Not Allowed",
            f"{method} is not for this proxy: it takes CONNECT only; plain http needs no proxy",
            header="Allow: CONNECT\r\n",
        )
    host, colon, port = target.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit()):
        raise _Refused("400 Bad Request", f"CONNECT needs host:port, not {target!r}")
    return host.strip("[]").rstrip(".").lower(), int(port)


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Copy until the source has ended, then end the sink's direction: the other one stays open."""
    while chunk := await source.read(CHUNK):
        sink.write(chunk)
        await sink.drain()
    if sink.can_write_eof() and not sink.transport.is_closing():
        sink.write_eof()


async def _until_closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    await writer.wait_closed()
