"""Says who calls, before anything of the request is looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actionsync_server.rpc.auth import Authenticator
from actionsync_server.rpc.incoming import Incoming

AUTHORIZATION_KEY = "authorization"


class Authentication:
    """Fills in the actor, or raises Unauthenticated or NotAllowed."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator

    @asynccontextmanager
    async def __call__(self, incoming: Incoming) -> AsyncIterator[None]:
        """Admit one call."""
        actor = self._authenticator.identify(incoming.metadata.get(AUTHORIZATION_KEY, ""))
        incoming.actor = actor
        await self._authenticator.permit(actor, incoming.method)
        yield
