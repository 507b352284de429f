"""The Pub/Sub API behind the ports of this run: its server is loaded by the first client, not by the start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actionsync_simulators.certificates import Authority
    from actionsync_simulators.relay import Dial, Streams
    from actionsync_simulators.salesforce.app import SalesforceSimulator
    from actionsync_simulators.salesforce.events.pubsub.server import PubSubServer

LOOPBACK = "127.0.0.1"


class EventBus:
    """The event bus of one org. It listens on ports of its own, to which the ports of this run lead.

    `names` are this machine's, for the certificate that `authority` signs; without an authority there is no TLS.
    """

    def __init__(self, simulator: SalesforceSimulator, authority: Authority | None, *, names: Sequence[str]) -> None:
        self._simulator = simulator
        self._authority = authority
        self._names = names
        self._server: PubSubServer | None = None
        self._ports: list[int] = []
        self._starting = asyncio.Lock()

    def dial(self, *, tls: bool) -> Dial:
        """Return what finds the server's side of a connection, in the clear or over TLS."""

        async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Streams:
            async with self._starting:
                if self._server is None:
                    await self._start()
            return await asyncio.open_connection(LOOPBACK, self._ports[1 if tls else 0])

        return connect

    async def stop(self) -> None:
        """End every stream, as a server does that is shut down."""
        server, self._server = self._server, None
        if server is not None:
            await server.stop()

    async def _start(self) -> None:
        from actionsync_simulators.salesforce.events.pubsub.server import Certificate, PubSubServer

        certificates: list[Certificate | None] = [None]
        if self._authority is not None:
            key, chain = self._authority.server_pem(self._authority.names(also=self._names))
            certificates.append(Certificate(chain=chain, key=key))
        server = PubSubServer(self._simulator)
        self._ports = await server.start(*((LOOPBACK, 0, certificate) for certificate in certificates))
        self._server = server
