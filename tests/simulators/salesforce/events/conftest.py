"""A Pub/Sub client made by protoc from the simulator's proto file, speaking real gRPC on the loopback interface."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fastavro
import grpc.aio
import orjson
import pytest
import pytest_asyncio
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.events.pubsub import messages as served
from actionsync_simulators.salesforce.events.pubsub.server import PubSubServer
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_tools import protoc

PATIENCE = 10.0
"""Real seconds after which a test that waits for the server gives up."""
LATEST, EARLIEST, CUSTOM = 0, 1, 2


class Messages:
    """The message classes, in a pool of their own: other tests may have other copies of the public proto."""

    def __init__(self, folder: Path) -> None:
        target = folder / "client.binpb"
        proto = served.PROTO
        assert protoc.main(["protoc", f"-I{proto.parent}", f"--descriptor_set_out={target}", proto.name]) == 0
        self.pool = DescriptorPool()
        for file in FileDescriptorSet.FromString(target.read_bytes()).file:
            self.pool.AddSerializedFile(file.SerializeToString())

    def __getattr__(self, name: str) -> Any:
        return GetMessageClass(self.pool.FindMessageTypeByName(f"eventbus.v1.{name}"))


async def until(true: Callable[[], bool]) -> None:
    """Let the loop turn until something has come about."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - only the server, in the same loop, can make it true
            await asyncio.sleep(0)


def code_of(problem: grpc.aio.AioRpcError) -> str:
    """The Pub/Sub API's own code of an error, without the start that all codes share."""
    trailers = dict(problem.trailing_metadata() or ())
    assert (problem.details() or "").endswith(f"rpcId: {trailers['rpc-id']}")
    return str(trailers["error-code"]).removeprefix("sfdc.platform.eventbus.grpc.")


@dataclass
class Received:
    """An event as a subscriber decodes it."""

    replay_id: bytes
    schema_id: str
    header: dict[str, Any]
    fields: dict[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """The fields that have a value."""
        return {name: value for name, value in self.fields.items() if value is not None}


class Stream:
    """One bidirectional stream; every wait is bounded in real time."""

    def __init__(self, call: Any) -> None:
        self.call = call

    async def ask(self, request: Any) -> None:
        await self.call.write(request)

    async def read(self) -> Any:
        """The next response; None when the stream has ended well. Raises grpc.aio.AioRpcError."""
        async with asyncio.timeout(PATIENCE):
            response = await self.call.read()
        if response is not grpc.aio.EOF:
            return response
        code = await self.call.code()
        if code is not grpc.StatusCode.OK:
            trailers = await self.call.trailing_metadata()
            raise grpc.aio.AioRpcError(code, grpc.aio.Metadata(), trailers, await self.call.details())
        return None


@dataclass
class PubSub:
    """Calls the Pub/Sub API of the simulated org."""

    salesforce: SalesforceSimulator
    channel: Any
    messages: Messages
    metadata: dict[str, str]
    schemas: dict[str, Any] = field(default_factory=dict)

    def _pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.metadata.items())

    async def unary(self, method: str, request: Any, answer: str) -> Any:
        call = self.channel.unary_unary(
            f"/eventbus.v1.PubSub/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=getattr(self.messages, answer).FromString,
        )
        return await call(request, metadata=self._pairs(), timeout=PATIENCE)

    def stream(self, method: str, answer: str) -> Stream:
        call = self.channel.stream_stream(
            f"/eventbus.v1.PubSub/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=getattr(self.messages, answer).FromString,
        )
        return Stream(call(metadata=self._pairs()))

    async def topic(self, name: str) -> Any:
        return await self.unary("GetTopic", self.messages.TopicRequest(topic_name=name), "TopicInfo")

    async def schema(self, schema_id: str) -> Any:
        return await self.unary("GetSchema", self.messages.SchemaRequest(schema_id=schema_id), "SchemaInfo")

    def fetch(self, topic: str = "", number: int = 1, preset: int = LATEST, replay: bytes = b"") -> Any:
        return self.messages.FetchRequest(
            topic_name=topic, num_requested=number, replay_preset=preset, replay_id=replay
        )

    async def subscribe(self, topic: str, number: int = 100, preset: int = EARLIEST, replay: bytes = b"") -> Stream:
        stream = self.stream("Subscribe", "FetchResponse")
        await stream.ask(self.fetch(topic, number, preset, replay))
        return stream

    async def opened(self, topic: str, number: int = 100, preset: int = LATEST, replay: bytes = b"") -> Stream:
        """A subscription that the server has taken up: what happens from now on is after it."""
        known = {each.id for each in self.salesforce.org.streams}
        stream = await self.subscribe(topic, number, preset, replay)
        await until(lambda: any(each.id not in known and each.topic for each in self.salesforce.org.streams))
        return stream

    async def decoded(self, consumer_event: Any) -> Received:
        """Decode as clients do: by the schema that the event names."""
        event = consumer_event.event
        schema = self.schemas.get(event.schema_id)
        if schema is None:
            text = (await self.schema(event.schema_id)).schema_json
            schema = self.schemas[event.schema_id] = fastavro.parse_schema(orjson.loads(text), named_schemas={})
        datum: Any = fastavro.schemaless_reader(io.BytesIO(event.payload), schema)
        header = datum.pop("ChangeEventHeader", {})
        return Received(consumer_event.replay_id, event.schema_id, header, datum)

    async def has_credit(self, number: int) -> None:
        """Wait until the server has read the requests that give the only stream this credit."""
        await until(lambda: [each.credit for each in self.salesforce.org.streams] == [number])

    async def refused(self, stream: Stream) -> tuple[str, str]:
        """The status and the code with which a stream ends."""
        try:
            while await stream.read() is not None:
                continue
        except grpc.aio.AioRpcError as problem:
            return problem.code().name, code_of(problem)
        pytest.fail("the stream ended well")

    async def refusal(self, call: Awaitable[Any]) -> tuple[str, str]:
        """The status and the code with which a unary call fails."""
        with pytest.raises(grpc.aio.AioRpcError) as problem:
            await call
        return problem.value.code().name, code_of(problem.value)

    async def events(self, topic: str, count: int, *, preset: int = EARLIEST, replay: bytes = b"") -> list[Received]:
        """The next events of a topic, which must be there already."""
        stream = await self.subscribe(topic, 100, preset, replay)
        found: list[Received] = []
        try:
            while len(found) < count:
                response = await stream.read()
                assert response is not None, "the stream ended"
                found += [await self.decoded(each) for each in response.events]
                if len(found) < count and response.pending_num_requested == 0:
                    await stream.ask(self.fetch(number=100))
        finally:
            stream.call.cancel()
        assert len(found) == count
        return found


@pytest.fixture(scope="session")
def client_messages(tmp_path_factory: pytest.TempPathFactory) -> Messages:
    return Messages(tmp_path_factory.mktemp("pubsub"))


@pytest_asyncio.fixture
async def pubsub_port(salesforce: SalesforceSimulator) -> AsyncIterator[int]:
    server = PubSubServer(salesforce)
    (port,) = await server.start(("127.0.0.1", 0, None))
    yield port
    await server.stop()


@pytest_asyncio.fixture
async def pubsub(
    api: Any, salesforce: SalesforceSimulator, pubsub_port: int, client_messages: Messages
) -> AsyncIterator[PubSub]:
    """A caller with the session of the API user."""
    metadata = {
        "accesstoken": api.headers["Authorization"].removeprefix("Bearer "),
        "instanceurl": "https://org.example",
        "tenantid": salesforce.org.organization_id,
    }
    async with grpc.aio.insecure_channel(f"127.0.0.1:{pubsub_port}") as channel:
        yield PubSub(salesforce, channel, client_messages, metadata)
