"""Opening the Pub/Sub API's ports beside those of the HTTP servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actionsync_simulators.certificates import Authority
    from actionsync_simulators.salesforce.app import SalesforceSimulator
    from actionsync_simulators.settings import Settings

REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound


@dataclass(frozen=True, slots=True)
class EventBus:
    """Where the event bus listens: host and port in the clear and over TLS, None where it does not."""

    plain: tuple[str, int] | None = None
    tls: tuple[str, int] | None = None

    def addresses(self) -> dict[str, str | None]:
        """`host:port` of each under its name in the ready line."""
        return {"pubsub": _written(self.plain), "pubsub_tls": _written(self.tls)}


@asynccontextmanager
async def event_bus(
    simulator: SalesforceSimulator, settings: Settings, authority: Authority | None
) -> AsyncIterator[EventBus]:
    """Serve the event bus as the settings say. Raises OSError for an address that cannot be used."""
    if settings.pubsub_port is None:
        yield EventBus()
        return
    from actionsync_simulators.salesforce.events.pubsub.server import Certificate, PubSubServer

    wanted: list[tuple[str, int, Certificate | None]] = [(settings.host, settings.pubsub_port, None)]
    # The proxy leads to TLS only: what it needs is opened with it.
    tls_port = settings.pubsub_tls_port if settings.proxy_port is None else settings.pubsub_tls_port or 0
    if tls_port is not None and authority is not None:
        key, chain = authority.server_pem(authority.names(also=[settings.host]))
        wanted.append((settings.host, tls_port, Certificate(chain=chain, key=key)))
    server = PubSubServer(simulator)
    host = REACHABLE.get(settings.host, settings.host)
    try:
        ports = await server.start(*wanted)
        yield EventBus(*((host, port) for port in ports))
    finally:
        await server.stop()


def _written(address: tuple[str, int] | None) -> str | None:
    if address is None:
        return None
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
