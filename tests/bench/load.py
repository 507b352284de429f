"""A load generator that costs little: prepared requests over kept connections, answers hardly looked at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

ACCEPTED = (b"200", b"201", b"204")


class UnexpectedAnswer(Exception):
    """A call of a measurement was not answered as it must be; the text is the answer's beginning."""


class _Connection(asyncio.Protocol):
    """Sends the next request when the answer to the last one is complete."""

    def __init__(self, requests: Iterator[bytes], ends: float, failed: asyncio.Future[None]) -> None:
        self.count = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._ends = ends
        self._failed = failed
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._needed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._needed:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._buffer[:end]).lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if head[9:12] not in ACCEPTED or (at < 0 and head[9:12] != b"204"):
                self._fail(bytes(self._buffer[:500]))
                return
            self._needed = end + 4 + length
        if len(self._buffer) < self._needed:
            return
        if b'"success":false' in self._buffer[:400]:
            self._fail(bytes(self._buffer[:500]))
            return
        self._buffer.clear()
        self._needed = 0
        self.count += 1
        assert self._transport is not None
        if time.perf_counter() < self._ends:
            self._transport.write(next(self._requests))
        else:
            self._transport.close()

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _fail(self, answer: bytes) -> None:
        if not self._failed.done():
            self._failed.set_exception(UnexpectedAnswer(answer.decode("latin-1")))
        assert self._transport is not None
        self._transport.abort()


async def calls_in(
    at: tuple[str, int], requests: Iterator[bytes], *, seconds: float, connections: int
) -> tuple[int, float]:
    """Call for so long; returns how many calls were answered, and in how many seconds.

    Raises UnexpectedAnswer for an answer that is an error.
    """
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[None] = loop.create_future()
    began = time.perf_counter()
    made = [
        (await loop.create_connection(lambda: _Connection(requests, began + seconds, failed), *at))[1]
        for _ in range(connections)
    ]
    await asyncio.wait([one.done for one in made])
    took = time.perf_counter() - began
    if failed.done():
        await failed
    return sum(one.count for one in made), took
