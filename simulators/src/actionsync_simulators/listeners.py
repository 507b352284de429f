"""The addresses of one run: every socket is bound before anything is built, so that a port in use is told at once."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from actionsync_simulators.connect_proxy import Destination
from actionsync_simulators.live_server import address, listen, reachable
from actionsync_simulators.settings import Settings

HTTPS = (443,)
MARKETO_HOSTS = ("*.mktorest.com",)
SALESFORCE_HOSTS = ("*.salesforce.com", "*.my.site.com")
PUBSUB_HOSTS, PUBSUB_PORTS = ("api.pubsub.salesforce.com",), (7443, 443)


class CannotServe(Exception):
    """The simulators cannot be served, and why."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """The sockets of one run. None: not asked for."""

    marketo: socket.socket
    salesforce: socket.socket
    marketo_tls: socket.socket | None
    salesforce_tls: socket.socket | None
    proxy: socket.socket | None

    @classmethod
    def bind(cls, settings: Settings) -> Listeners:
        """Bind every address of these settings. Raises CannotServe for one that cannot be used."""
        tls = (settings.marketo_tls_port, settings.salesforce_tls_port)
        if settings.proxy_port is not None:
            # The proxy leads to TLS only: what it needs is opened with it.
            tls = (tls[0] or 0, tls[1] or 0)
        bound: list[socket.socket | None] = []
        try:
            bound.extend(
                None if port is None else _bound(settings.host, port)
                for port in (settings.marketo_port, settings.salesforce_port, *tls, settings.proxy_port)
            )
        except CannotServe:
            _close(bound)
            raise
        marketo, salesforce, *optional = bound
        assert marketo is not None
        assert salesforce is not None
        return cls(marketo, salesforce, *optional)

    def close(self) -> None:
        """Close what is still open."""
        _close([self.marketo, self.salesforce, self.marketo_tls, self.salesforce_tls, self.proxy])

    def addresses(self) -> dict[str, str | None]:
        """Return the base URL of each under its name in the ready line."""
        return {
            "marketo": address(self.marketo),
            "salesforce": address(self.salesforce),
            "marketo_tls": None if self.marketo_tls is None else address(self.marketo_tls, scheme="https"),
            "salesforce_tls": None if self.salesforce_tls is None else address(self.salesforce_tls, scheme="https"),
            "proxy": None if self.proxy is None else address(self.proxy),
        }

    def destinations(self, pubsub: tuple[str, int] | None) -> tuple[Destination, ...]:
        """Return where the proxy leads to; `pubsub` is the Pub/Sub API. The first that takes a host and port counts."""
        return (
            Destination(PUBSUB_HOSTS, PUBSUB_PORTS, at=pubsub),
            Destination(MARKETO_HOSTS, HTTPS, at=None if self.marketo_tls is None else reachable(self.marketo_tls)),
            Destination(
                SALESFORCE_HOSTS, HTTPS, at=None if self.salesforce_tls is None else reachable(self.salesforce_tls)
            ),
        )


def _bound(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as problem:
        raise CannotServe(f"cannot listen on {host}:{port}: {problem.strerror or problem}") from None


def _close(sockets: list[socket.socket | None]) -> None:
    for listening in sockets:
        if listening is not None:
            listening.close()
