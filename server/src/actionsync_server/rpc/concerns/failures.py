"""Turns whatever was raised inside into a status, in one place. Cancellation goes through untouched."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actionsync_server.clock import Clock
from actionsync_server.rpc.errors import to_error, to_status
from actionsync_server.rpc.incoming import Failed, Incoming


class Failures:
    """Catches errors, never CancelledError: a handler that swallowed one would leak its call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @asynccontextmanager
    async def __call__(self, incoming: Incoming) -> AsyncIterator[None]:
        """Map the errors of one call."""
        try:
            yield
        except Exception as raised:
            error = to_error(raised)
            incoming.reason = error.reason
            raise Failed(to_status(error, request_id=incoming.request_id, now=self._clock.now())) from raised
