"""The grpc.aio adapter: bytes and metadata in, responses and statuses out. All else is in the stack.

Options and habits here answer traps that were met before: a second server on a port must fail instead of sharing it,
clients that ping every 10 s must not be thrown out, statuses with details go out by `abort` (not `abort_with_status`,
which tracing does not see), streams are async generators.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, NoReturn

import grpc
import structlog
from grpc_health.v1 import health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status

from actionsync_server.rpc.concerns.observation import REQUEST_ID_KEY
from actionsync_server.rpc.health import SERVICE_NAME, Health
from actionsync_server.rpc.incoming import Failed, Incoming
from actionsync_server.rpc.methods import METHODS, SERVICES, Method
from actionsync_server.rpc.stack import Stack

log = structlog.get_logger(__name__)

_OPTIONS = (
    ("grpc.so_reuseport", 0),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
)


class GrpcServer:
    """Serves the contract, health and (by setting) reflection on one port."""

    def __init__(self, stack: Stack, *, stopping: asyncio.Event, with_reflection: bool = True) -> None:
        self._stack = stack
        self._stopping = stopping
        self._health = Health(SERVICES)
        self._server = grpc.aio.server(options=_OPTIONS)
        for service in SERVICES:
            methods = {m.name: self._adapted(m) for m in METHODS.values() if m.service == service}
            self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, methods),))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if with_reflection:
            reflection.enable_server_reflection((*SERVICES, SERVICE_NAME, reflection.SERVICE_NAME), self._server)

    async def start(self, listen: str, credentials: grpc.ServerCredentials | None = None) -> int:
        """Open the port and return its number; health says NOT_SERVING until `ready`. Raises OSError when taken."""
        try:
            if credentials is None:
                port = self._server.add_insecure_port(listen)
            else:
                port = self._server.add_secure_port(listen, credentials)
        except RuntimeError as error:
            raise OSError(f"cannot listen on {listen}: {error}") from error
        await self._server.start()
        return port

    def ready(self) -> None:
        """Tell that everything behind the port runs."""
        self._health.start()

    async def stop(self, *, drain: float, grace: float) -> None:
        """End in an order in which no caller is cut off who need not be.

        Health first, so that balancers look elsewhere during `drain` seconds; then watches end themselves with
        SHUTTING_DOWN and new calls are refused; then calls in flight get `grace` seconds.
        """
        self._health.stop()
        if drain > 0:
            await asyncio.sleep(drain)
        self._stopping.set()
        await self._server.stop(grace)

    def _adapted(self, method: Method) -> grpc.RpcMethodHandler[Any, Any]:
        """Return gRPC's handler of a method. It passes bytes on: the stack decodes, to refuse in our words."""
        if method.streams:
            return grpc.unary_stream_rpc_method_handler(self._streaming(method))
        return grpc.unary_unary_rpc_method_handler(self._unary(method))

    def _unary(self, method: Method) -> Any:
        async def serve(raw: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
            incoming = _incoming(method, raw, context)
            try:
                response = await self._stack.unary(incoming)
            except Failed as failed:
                await _abort(context, incoming, failed)
            context.set_trailing_metadata(((REQUEST_ID_KEY, incoming.request_id),))
            return response.SerializeToString()

        return serve

    def _streaming(self, method: Method) -> Any:
        async def serve(raw: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> AsyncIterator[bytes]:
            incoming = _incoming(method, raw, context)
            try:
                async with aclosing(self._stack.stream(incoming)) as responses:
                    async for response in responses:
                        yield response.SerializeToString()
            except Failed as failed:
                await _abort(context, incoming, failed)
            context.set_trailing_metadata(((REQUEST_ID_KEY, incoming.request_id),))

        return serve


def _incoming(method: Method, raw: bytes, context: Any) -> Incoming:
    metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
    return Incoming(method, raw, metadata, context.time_remaining())


async def _abort(context: Any, incoming: Incoming, failed: Failed) -> NoReturn:
    status = rpc_status.to_status(failed.status.to_proto())
    trailing = (*status.trailing_metadata, (REQUEST_ID_KEY, incoming.request_id))
    await context.abort(status.code, status.details, trailing)
    raise AssertionError("abort always raises")
