"""The CONNECT proxy by itself: whom it lets through, and that nothing is lost, changed or left open on the way."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from actionsync_simulators.connect_proxy import HEAD_LIMIT, ConnectProxy, Destination
from actionsync_simulators.relay import Relay
from actionsync_simulators.sockets import listen

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Accepted = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
CONNECT = b"CONNECT 123-abc-456.mktorest.com:443 HTTP/1.1\r\nHost: 123-abc-456.mktorest.com:443\r\n\r\n"


@dataclass
class Playground:
    """A proxy in front of one server, whose connections the test holds in its hands."""

    proxy: tuple[str, int]
    stop: Callable[[], Awaitable[None]]
    accepted: asyncio.Queue[Streams] = field(default_factory=asyncio.Queue)
    opened: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connect(self, head: bytes) -> Streams:
        reader, writer = await asyncio.open_connection(*self.proxy)
        self.opened.append(writer)
        writer.write(head)
        return reader, writer

    async def through(self, head: bytes = CONNECT) -> tuple[Streams, Streams]:
        """Return both ends of a connection that the proxy has made."""
        reader, writer = await self.connect(head)
        assert await reader.readuntil(b"\r\n\r\n") == ESTABLISHED
        return (reader, writer), await self.accepted.get()

    async def answer(self, head: bytes) -> bytes:
        reader, _ = await self.connect(head)
        return await reader.read()


@pytest_asyncio.fixture
async def playground() -> AsyncIterator[Playground]:
    made: list[Playground] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made[0].opened.append(writer)
        made[0].accepted.put_nowait((reader, writer))

    behind = await asyncio.start_server(accept, "127.0.0.1", 0)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        listening = listen("127.0.0.1", 0)
        at = behind.sockets[0].getsockname()
        proxy = ConnectProxy(
            [
                Destination(("api.pubsub.salesforce.com",), (7443,), at=None),
                Destination(("*.mktorest.com",), (443,), at=at),
                Destination(("dead.salesforce.com",), (443,), at=unused.getsockname()),
            ]
        )
        address = listening.getsockname()
        serving = asyncio.create_task(Relay(listening, proxy.dial, limit=HEAD_LIMIT).run_forever())

        async def stop() -> None:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving

        made.append(Playground(address, stop))
        yield made[0]
        await stop()
        for writer in made[0].opened:
            writer.transport.abort()
        behind.close()
        await behind.wait_closed()


@pytest.mark.asyncio
async def test_bytes_pass_both_ways_unchanged(playground: Playground) -> None:
    (reader, writer), (far_reader, far_writer) = await playground.through()
    every_byte = bytes(range(256)) * 4_000
    writer.write(every_byte)
    far_writer.write(every_byte[::-1])
    assert await far_reader.readexactly(len(every_byte)) == every_byte
    assert await reader.readexactly(len(every_byte)) == every_byte[::-1]


@pytest.mark.asyncio
async def test_what_is_sent_before_the_answer_is_not_lost(playground: Playground) -> None:
    _, (far_reader, _) = await playground.through(CONNECT + b"early")
    assert await far_reader.readexactly(5) == b"early"


@pytest.mark.asyncio
async def test_a_head_in_pieces_is_one_head(playground: Playground) -> None:
    reader, writer = await playground.connect(CONNECT[:20])
    await writer.drain()
    writer.write(CONNECT[20:-2])
    await writer.drain()
    writer.write(CONNECT[-2:])
    assert await reader.readuntil(b"\r\n\r\n") == ESTABLISHED


@pytest.mark.asyncio
async def test_a_client_that_has_said_everything_still_gets_its_answer(playground: Playground) -> None:
    (reader, writer), (far_reader, far_writer) = await playground.through()
    writer.write(b"question")
    writer.write_eof()
    assert await far_reader.read() == b"question"
    far_writer.write(b"answer")
    assert await reader.readexactly(6) == b"answer"
    far_writer.close()
    assert await reader.read() == b""


@pytest.mark.asyncio
async def test_a_server_that_has_said_everything_is_still_heard_by(playground: Playground) -> None:
    (reader, writer), (far_reader, far_writer) = await playground.through()
    far_writer.write(b"greeting")
    far_writer.write_eof()
    assert await reader.read() == b"greeting"
    writer.write(b"goodbye")
    writer.write_eof()
    assert await far_reader.read() == b"goodbye"


@pytest.mark.asyncio
@pytest.mark.parametrize("side", ["client", "server"])
async def test_a_cut_on_one_side_is_a_cut_on_the_other(playground: Playground, side: str) -> None:
    near, far = await playground.through()
    cut, other = (near, far) if side == "client" else (far, near)
    sock = cut[1].get_extra_info("socket")
    # No lingering: the peer sees a reset, as after a crash.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    cut[1].transport.abort()
    with contextlib.suppress(ConnectionError):
        assert await other[0].read() == b""
    assert other[0].at_eof() or other[0].exception() is not None


@pytest.mark.asyncio
async def test_a_slow_reader_holds_the_sender_back(playground: Playground) -> None:
    (reader, _), (_, far_writer) = await playground.through()
    block = b"x" * 1_000_000
    written = 0
    with contextlib.suppress(TimeoutError):
        while written < 200:
            far_writer.write(block)
            async with asyncio.timeout(0.5):
                await far_writer.drain()
            written += 1
    assert written < 200, "200 MB went into a proxy that nobody reads from"
    assert await reader.readexactly(1_000_000) == block


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("head", "status", "why"),
    [
        (b"CONNECT www.example.com:443 HTTP/1.1\r\n\r\n", b"403", b"nothing stands in for www.example.com:443 here"),
        (b"CONNECT mktorest.com:443 HTTP/1.1\r\n\r\n", b"403", b"this proxy leads to *.mktorest.com:443"),
        (b"CONNECT x.mktorest.com:80 HTTP/1.1\r\n\r\n", b"403", b"nothing stands in for x.mktorest.com:80"),
        (b"CONNECT x.mktorest.com.evil.example:443 HTTP/1.1\r\n\r\n", b"403", b"evil.example"),
        (b"CONNECT api.pubsub.salesforce.com:7443 HTTP/1.1\r\n\r\n", b"403", b"api.pubsub.salesforce.com:7443 here"),
        (b"CONNECT dead.salesforce.com:443 HTTP/1.1\r\n\r\n", b"502", b"dead.salesforce.com does not answer"),
        (b"CONNECT x.mktorest.com HTTP/1.1\r\n\r\n", b"400", b"needs host:port, not 'x.mktorest.com'"),
        (b"CONNECT x.mktorest.com:https HTTP/1.1\r\n\r\n", b"400", b"needs host:port"),
        (b"GET http://x.mktorest.com/ HTTP/1.1\r\n\r\n", b"405", b"it takes CONNECT only"),
        (b"hello\r\n\r\n", b"400", b"this is not HTTP/1.1"),
        (b"CONNECT x.mktorest.com:443 HTTP/1.1\r\nA: " + b"a" * HEAD_LIMIT + b"\r\n\r\n", b"431", b"16384 bytes"),
    ],
)
async def test_everything_else_is_refused_and_told_why(
    playground: Playground, head: bytes, status: bytes, why: bytes
) -> None:
    answer = await playground.answer(head)
    first, _, rest = answer.partition(b"\r\n")
    assert first.split(b" ", 2)[1] == status
    headers, _, body = rest.partition(b"\r\n\r\n")
    assert why in body
    assert f"Content-Length: {len(body)}".encode() in headers
    assert b"Connection: close" in headers
    assert playground.accepted.empty()


@pytest.mark.asyncio
async def test_names_are_the_same_in_any_case_and_with_a_final_dot(playground: Playground) -> None:
    await playground.through(b"CONNECT 123-ABC-456.MktoRest.com.:443 HTTP/1.0\r\n\r\n")


@pytest.mark.asyncio
async def test_a_client_that_leaves_within_its_head_does_no_harm(playground: Playground) -> None:
    reader, writer = await playground.connect(CONNECT[:10])
    writer.write_eof()
    assert await reader.read() == b""
    await playground.through()


@pytest.mark.asyncio
async def test_stopping_cuts_every_connection(playground: Playground) -> None:
    (reader, _), (far_reader, _) = await playground.through()
    half_reader, _ = await playground.connect(CONNECT[:10])
    (_, _), (slow_reader, _) = await playground.through()
    await playground.stop()
    for one in (reader, far_reader, half_reader, slow_reader):
        with contextlib.suppress(ConnectionError):
            assert await one.read() == b""
        assert one.at_eof() or one.exception() is not None
    with pytest.raises(ConnectionError):
        await asyncio.open_connection(*playground.proxy)
