"""Listening sockets: bound before anything else is done, and how they are reached."""

from __future__ import annotations

import socket

BACKLOG = 512


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to this address (port 0: a free one). Raises OSError when it is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def reachable(listening: socket.socket) -> tuple[str, int]:
    """Return host and port under which this machine reaches a listening socket."""
    host, port = listening.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104 - read, not bound


def address(listening: socket.socket) -> str:
    """Return `host:port` under which this machine reaches a listening socket."""
    host, port = reachable(listening)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
