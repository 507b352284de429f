"""An HTTP proxy for CONNECT: it takes a client to a simulator when it asks for a vendor's host, and nowhere else.

So a client with a hard-coded `https://….mktorest.com` works unchanged: it is given this proxy (`HTTPS_PROXY`) and the
certificate authority to trust. What goes through is not looked at: TLS ends at the simulator.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from actionsync_simulators.relay import Streams

HEAD_LIMIT = 16_384
"""Longest request head in bytes."""


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
    """Leads what asks for a vendor's host to what stands in for it: the first destination that takes it."""

    def __init__(self, destinations: Sequence[Destination]) -> None:
        self._destinations = tuple(destinations)

    async def dial(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Streams | None:
        """Read a CONNECT request and answer it; returns the other side, None for a request that is refused."""
        try:
            asked = await _asked(reader)
            if asked is None:
                return None
            found = await self._connect(*asked)
        except _Refused as refused:
            body = f"{refused}\n".encode()
            writer.write(
                f"HTTP/1.1 {refused.status}\r\nContent-Type: text/plain; charset=utf-8\r\n{refused.header}"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
                + body
            )
            return None
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return found

    async def _connect(self, host: str, port: int) -> Streams:
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
