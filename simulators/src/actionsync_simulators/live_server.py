"""One application on one listening socket: uvicorn with httptools, made to drop connections and to keep our time.

The names of response headers are in the vendors' case.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Iterator
from email.utils import format_datetime

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from actionsync_simulators.clock import Clock
from actionsync_simulators.connections import ABORT_EXTENSION, Application, droppable
from actionsync_simulators.header_names import HeadTransport
from actionsync_simulators.sockets import BACKLOG

GRACE_SECONDS = 3
"""How long calls under way may take when the server stops."""
GOODBYE_SECONDS = 0.3
"""How long an idle TLS client may take to answer the goodbye when the server stops. Many never do."""


class _Protocol(HttpToolsProtocol):
    """Lets the application abort the socket of a request, spells the headers of its answer; ends idle TLS connections.

    These end when the server stops.
    """

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {ABORT_EXTENSION: self.transport.abort}  # type: ignore[dict-item]

    def on_headers_complete(self) -> None:
        waiting = self.cycle
        super().on_headers_complete()
        if self.cycle is not waiting:
            self.cycle.transport = HeadTransport(self.transport)

    def shutdown(self) -> None:
        super().shutdown()
        if self.scheme == "https" and (self.cycle is None or self.cycle.response_complete):
            self.loop.call_later(GOODBYE_SECONDS, self.transport.abort)


class LiveServer(uvicorn.Server):
    """Serves one application, over TLS if given a context. Signals are the caller's; Date is the simulator's time."""

    def __init__(
        self, application: Application, listening: socket.socket, *, clock: Clock, tls: ssl.SSLContext | None = None
    ) -> None:
        config = uvicorn.Config(
            droppable(application),
            loop="none",
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=logging.WARNING,
            access_log=False,
            server_header=False,
            date_header=False,
            backlog=BACKLOG,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        config.load()
        config.ssl = tls
        super().__init__(config)
        self._listening = listening
        self._clock = clock
        self.accepting = asyncio.Event()

    async def run_until_stopped(self) -> None:
        """Serve until `stop`; calls under way are answered first, for a few seconds."""
        await self.serve(sockets=[self._listening])

    def stop(self) -> None:
        """Begin to stop."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept connections."""
        await super().startup(sockets)
        self.accepting.set()

    async def on_tick(self, counter: int) -> bool:
        """Keep the default headers current; tell whether to stop."""
        stop = await super().on_tick(counter)
        date = format_datetime(self._clock.now(), usegmt=True).encode()
        self.server_state.default_headers = [(b"date", date)]
        return stop

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone: several servers run in this process."""
        yield
