"""The innermost concern: the bytes become a request, and the request is checked against the limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from google.protobuf.message import DecodeError

from actionsync_server.model.errors import InvalidInput, Violation
from actionsync_server.rpc import validation
from actionsync_server.rpc.incoming import Incoming


@asynccontextmanager
async def decoding(incoming: Incoming) -> AsyncIterator[None]:
    """Fill in the request of one call; raises InvalidInput."""
    try:
        request = incoming.method.request_type.FromString(incoming.raw)
    except DecodeError as error:
        name = incoming.method.request_type.DESCRIPTOR.name
        raise InvalidInput([Violation("", f"the bytes are no {name}")]) from error
    validation.check(request)
    incoming.request = request
    yield
