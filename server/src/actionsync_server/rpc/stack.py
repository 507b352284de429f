"""From the outside in: what a call passes through until its handler runs.

    Observation     request id, one log line, metrics      sees how everything below ended
    Failures        errors become statuses                 everything below just raises
    Draining        a stopping server refuses
    Authentication  who calls; may this role; is there such an instance
    Serving         a method of a later release says so
    Crowding        no caller takes more than its share
    Deadlines       not longer than the caller and the server allow
    decoding        bytes become a request within its limits
    handler         converts in, calls one flow, converts out

Nothing here is of gRPC; grpc_server is one adapter to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Container, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any

from google.protobuf.message import Message

from actionsync_server.clock import Clock
from actionsync_server.rpc.auth import Authenticator
from actionsync_server.rpc.call import Call
from actionsync_server.rpc.charging import flow_of
from actionsync_server.rpc.concerns.admission import Crowding, Draining
from actionsync_server.rpc.concerns.authentication import Authentication
from actionsync_server.rpc.concerns.deadlines import Deadlines
from actionsync_server.rpc.concerns.decoding import decoding
from actionsync_server.rpc.concerns.failures import Failures
from actionsync_server.rpc.concerns.observation import Observation
from actionsync_server.rpc.concerns.serving import Serving
from actionsync_server.rpc.incoming import Concern, Incoming
from actionsync_server.rpc.methods import METHODS
from actionsync_server.rpc.requests import Requests
from actionsync_server.rpc.watch import shutting_down
from actionsync_server.systems.call_counter import calling_for

__all__ = ["Stack", "concerns", "handlers_of"]

#: An async method for a unary RPC, an async generator for a stream.
Handler = Any


def concerns(
    *,
    observation: Observation,
    clock: Clock,
    stopping: asyncio.Event,
    authenticator: Authenticator,
    served: Container[str],
    crowding: Crowding,
    longest_call: float,
) -> list[Concern]:
    """Return every concern, outermost first."""
    return [
        observation,
        Failures(clock),
        Draining(stopping),
        Authentication(authenticator),
        Serving(served),
        crowding,
        Deadlines(longest=longest_call),
        decoding,
    ]


def handlers_of(services: Iterable[object]) -> dict[str, Handler]:
    """Return the handlers of the given services by path.

    A service is an object with the attribute `service`, its full name, and a method in snake_case for each RPC that
    this release serves; all else of it is private. Raises ValueError for a service or method that is not in the
    contract.
    """
    found: dict[str, Handler] = {}
    for service in services:
        name: str = service.service  # type: ignore[attr-defined]  # any object of this shape is a service
        known = {method.handler_name: path for path, method in METHODS.items() if method.service == name}
        if not known:
            raise ValueError(f"{name} is no service of the contract")
        for attribute in dir(type(service)):
            handler = getattr(service, attribute, None)
            if attribute.startswith("_") or not callable(handler):
                continue
            if attribute not in known:
                raise ValueError(f"{name} has no RPC for {attribute}")
            found[known[attribute]] = handler
    return found


class Stack:
    """Runs calls through the concerns into their handlers."""

    def __init__(
        self,
        concerns: Sequence[Concern],
        handlers: Mapping[str, Handler],
        *,
        clock: Clock,
        stopping: asyncio.Event,
        requests: Requests,
    ) -> None:
        self._concerns = concerns
        self._handlers = handlers
        self._clock = clock
        self._stopping = stopping
        self._requests = requests

    async def unary(self, incoming: Incoming) -> Message:
        """Return the response of a unary call. Raises Failed."""
        async with self._entered(incoming) as (handler, call):
            with self._clock.busy(), calling_for(flow_of(incoming.method.path)):
                response: Message = await handler(incoming.request, call)
                return response

    async def stream(self, incoming: Incoming) -> AsyncGenerator[Message, None]:
        """Yield the responses of a watch. Raises Failed; also when the server stops while it is open."""
        async with self._entered(incoming) as (handler, call), aclosing(handler(incoming.request, call)) as responses:
            async for response in responses:
                yield response
                if self._stopping.is_set():
                    raise shutting_down()

    @asynccontextmanager
    async def _entered(self, incoming: Incoming) -> AsyncIterator[tuple[Handler, Call]]:
        async with AsyncExitStack() as entered:
            for concern in self._concerns:
                await entered.enter_async_context(concern(incoming))
            assert incoming.actor is not None
            yield (
                self._handlers[incoming.method.path],
                Call(
                    actor=incoming.actor,
                    request_id=incoming.request_id,
                    method=incoming.method.name,
                    deadline=incoming.deadline,
                    cancelled=self._stopping,
                    requests=self._requests,
                ),
            )
