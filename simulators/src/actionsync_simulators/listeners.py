"""The addresses of one run: every socket is bound before anything is built, so that a port in use is told at once."""

from __future__ import annotations

import socket
from dataclasses import dataclass, fields

from actionsync_simulators.connect_proxy import Destination
from actionsync_simulators.settings import Settings
from actionsync_simulators.sockets import address, listen, reachable

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
    pubsub: socket.socket | None
    marketo_tls: socket.socket | None
    salesforce_tls: socket.socket | None
    pubsub_tls: socket.socket | None
    proxy: socket.socket | None

    @classmethod
    def bind(cls, settings: Settings) -> Listeners:
        """Bind every address of these settings. Raises CannotServe for one that cannot be used."""
        tls: list[int | None] = [settings.marketo_tls_port, settings.salesforce_tls_port, settings.pubsub_tls_port]
        if settings.proxy_port is not None:
            # The proxy leads to TLS only: what it needs is opened with it.
            tls = [port or 0 for port in tls]
        if settings.pubsub_port is None:
            tls[2] = None
        plain = (settings.marketo_port, settings.salesforce_port, settings.pubsub_port)
        bound: list[socket.socket | None] = []
        try:
            bound.extend(
                None if port is None else _bound(settings.host, port) for port in (*plain, *tls, settings.proxy_port)
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
        _close([getattr(self, one.name) for one in fields(self)])

    def addresses(self) -> dict[str, str | None]:
        """Return the base URL of each under its name in the ready line; `host:port` for the Pub/Sub API."""
        schemes = {
            "marketo": "http://",
            "salesforce": "http://",
            "pubsub": "",
            "marketo_tls": "https://",
            "salesforce_tls": "https://",
            "pubsub_tls": "",
            "proxy": "http://",
        }
        sockets: dict[str, socket.socket | None] = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: None if listening is None else schemes[name] + address(listening)
            for name, listening in sockets.items()
        }

    def destinations(self) -> tuple[Destination, ...]:
        """Return where the proxy leads to. The first that takes a host and port counts."""
        return tuple(
            Destination(hosts, ports, at=None if listening is None else reachable(listening))
            for hosts, ports, listening in (
                (PUBSUB_HOSTS, PUBSUB_PORTS, self.pubsub_tls),
                (MARKETO_HOSTS, HTTPS, self.marketo_tls),
                (SALESFORCE_HOSTS, HTTPS, self.salesforce_tls),
            )
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
