"""The gRPC server of the Pub/Sub API. Nothing else knows gRPC, and it is loaded only when the server starts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actionsync_simulators.salesforce.events.pubsub import messages
from actionsync_simulators.salesforce.events.pubsub.calls import Call
from actionsync_simulators.salesforce.events.pubsub.errors import PubSubError
from actionsync_simulators.salesforce.events.pubsub.service import PubSubService

if TYPE_CHECKING:
    import grpc.aio

    from actionsync_simulators.salesforce.app import SalesforceSimulator

Unary = Callable[[Call, Any], Coroutine[Any, Any, Any]]
Streaming = Callable[[Call, AsyncIterator[Any]], AsyncGenerator[Any]]
OPTIONS = [
    # A second server on a port in use must fail, not share its calls.
    ("grpc.so_reuseport", 0),
    # Clients ping more often than a server expects by default.
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate chain and its private key, in PEM."""

    chain: bytes
    key: bytes


class PubSubServer:
    """Serves the event bus of one org on a port of its own, on the running event loop."""

    def __init__(self, simulator: SalesforceSimulator) -> None:
        self._org = simulator.org
        self._service = PubSubService(simulator.org, simulator.journal, seed=simulator.seed)
        self._server: grpc.aio.Server | None = None

    async def start(self, *addresses: tuple[str, int, Certificate | None]) -> list[int]:
        """Listen on these addresses (host, port, certificate for TLS) and return the ports. Port 0 finds a free one.

        Raises OSError when an address cannot be used.
        """
        import grpc.aio

        server = grpc.aio.server(options=OPTIONS)
        server.add_generic_rpc_handlers([self._handlers()])
        ports = []
        for host, port, certificate in addresses:
            address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            try:
                if certificate is None:
                    ports.append(server.add_insecure_port(address))
                else:
                    credentials = grpc.ssl_server_credentials([(certificate.key, certificate.chain)])
                    ports.append(server.add_secure_port(address, credentials))
            except RuntimeError as problem:
                raise OSError(f"cannot listen on {address}: {problem}") from None
        await server.start()
        self._server = server
        return ports

    async def stop(self) -> None:
        """End every stream, as a server does that is shut down, and stop."""
        self._org.streams.end(PubSubError("service.unavailable"))
        if self._server is not None:
            await self._server.stop(1.0)

    def _handlers(self) -> Any:
        import grpc

        service, unary, streaming = self._service, self._unary, self._streaming
        return grpc.method_handlers_generic_handler(
            messages.SERVICE,
            {
                "GetTopic": unary("GetTopic", service.get_topic, messages.TopicRequest),
                "GetSchema": unary("GetSchema", service.get_schema, messages.SchemaRequest),
                "Publish": unary("Publish", service.publish, messages.PublishRequest),
                "Subscribe": streaming("Subscribe", service.subscribe, messages.FetchRequest),
                "PublishStream": streaming("PublishStream", service.publish_stream, messages.PublishRequest),
                "ManagedSubscribe": streaming(
                    "ManagedSubscribe", service.managed_subscribe, messages.ManagedFetchRequest
                ),
            },
        )

    def _unary(self, method: str, handle: Unary, request_type: Any) -> Any:
        import grpc

        async def answer(request: Any, context: Any) -> Any:
            call = self._service.calls.begin(method, context.invocation_metadata() or ())
            try:
                with self._org.clock.busy():
                    response = await handle(call, request)
                self._service.calls.note(call, request)
                return response
            except PubSubError as error:
                self._service.calls.note(call, request, code=error.code)
                await _abort(context, call, error)

        return grpc.unary_unary_rpc_method_handler(
            answer, request_deserializer=request_type.FromString, response_serializer=_serialized
        )

    def _streaming(self, method: str, handle: Streaming, request_type: Any) -> Any:
        import grpc

        async def answer(requests: AsyncIterator[Any], context: Any) -> AsyncGenerator[Any]:
            call = self._service.calls.begin(method, context.invocation_metadata() or ())
            try:
                async with aclosing(handle(call, requests)) as responses:
                    async for response in responses:
                        yield response
            except PubSubError as error:
                self._service.calls.note(call, None, code=error.code)
                await _abort(context, call, error)

        return grpc.stream_stream_rpc_method_handler(
            answer, request_deserializer=request_type.FromString, response_serializer=_serialized
        )


def _serialized(message: Any) -> bytes:
    serialized: bytes = message.SerializeToString()
    return serialized


async def _abort(context: Any, call: Call, error: PubSubError) -> None:
    import grpc

    status = grpc.StatusCode[error.status]
    if not error.told:
        await context.abort(status, str(error))
    trailers = (("error-code", error.code), ("rpc-id", call.rpc_id))
    await context.abort(status, f"{error} rpcId: {call.rpc_id}", trailing_metadata=trailers)
