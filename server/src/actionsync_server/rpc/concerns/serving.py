"""What this release does not serve yet says so, before the request is looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager

from actionsync_server.model.errors import NotYetServed
from actionsync_server.rpc.incoming import Incoming


class Serving:
    """Knows which methods have a handler."""

    def __init__(self, served: Container[str]) -> None:
        self._served = served

    @asynccontextmanager
    async def __call__(self, incoming: Incoming) -> AsyncIterator[None]:
        """Let one call in, or raise NotYetServed."""
        if incoming.method.path not in self._served:
            raise NotYetServed(incoming.method.name)
        yield
