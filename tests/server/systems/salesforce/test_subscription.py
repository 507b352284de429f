"""Subscriptions against a small Pub/Sub server that does what each test says, on a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import grpc
import grpc.aio
import pytest
import pytest_asyncio
from actionsync_server.model.errors import LoginRefused, QuotaExhausted, Refused, SystemBusy, SystemFailure
from actionsync_server.systems.salesforce import ChangeEvent, Endpoint, Salesforce, Subscription
from actionsync_server.systems.salesforce.pubsub import messages
from actionsync_server.systems.salesforce.pubsub.subscription import CREDIT, SILENCE_SECONDS
from harness.clock import SharedClock

pytestmark = pytest.mark.asyncio

TOPIC = "/data/TaskChangeEvent"
ORGANIZATION = "00D8d000000Sim1EAC"
#: Real seconds after which a test gives up.
PATIENCE = 10.0
SCHEMA = {
    "fields": [
        {
            "name": "ChangeEventHeader",
            "type": {
                "fields": [
                    {"name": "changeOrigin", "type": "string"},
                    {"name": "changedFields", "type": {"type": "array", "items": "string"}},
                ]
            },
        },
        {"name": "Subject", "type": ["null", "string"]},
    ]
}
#: changeOrigin "x;client=y", one bitmap: field 1.
PAYLOAD = b"\x14x;client=y" + b"\x02\x080x02\x00" + b"\x00"
EVENT = ChangeEvent("x;client=y", frozenset({"subject"}))


class Served:
    """One stream as the server sees it."""

    def __init__(self, metadata: dict[str, Any]) -> None:
        self.metadata = metadata
        self.requests: asyncio.Queue[Any] = asyncio.Queue()
        self._answers: asyncio.Queue[Any] = asyncio.Queue()

    async def request(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            return await self.requests.get()

    def answer(self, *events: Any, latest: bytes = b"", pending: int = CREDIT) -> None:
        told = [messages.FetchResponse().events.add() for _ in events]
        for one, (schema_id, payload) in zip(told, events, strict=True):
            one.event.schema_id, one.event.payload = schema_id, payload
        self._answers.put_nowait(
            messages.FetchResponse(events=told, latest_replay_id=latest, pending_num_requested=pending)
        )

    def end(self, status: grpc.StatusCode = grpc.StatusCode.OK, code: str = "") -> None:
        self._answers.put_nowait((status, code))

    async def serve(self, context: Any) -> AsyncIterator[Any]:
        while True:
            answer = await self._answers.get()
            if isinstance(answer, tuple):
                await end(context, *answer)
                return
            yield answer


async def end(context: Any, status: grpc.StatusCode, code: str) -> None:
    if status is not grpc.StatusCode.OK:
        trailers = (("error-code", f"sfdc.platform.eventbus.grpc.{code}"), ("rpc-id", "1")) if code else ()
        await context.abort(status, "somebody@example.com did it. rpcId: 1", trailing_metadata=trailers)


class PubSub:
    """A server with the two calls that we make."""

    def __init__(self) -> None:
        self.streams: asyncio.Queue[Served] = asyncio.Queue()
        self.hung_up = asyncio.Event()
        self.schema_requests: list[str] = []
        self.schema_status = grpc.StatusCode.OK

    async def stream(self) -> Served:
        """The next stream that is opened."""
        async with asyncio.timeout(PATIENCE):
            return await self.streams.get()

    async def subscribe(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        served = Served(dict(context.invocation_metadata()))
        self.streams.put_nowait(served)

        async def take() -> None:
            async for request in requests:
                served.requests.put_nowait(request)

        taking = asyncio.create_task(take())
        try:
            async for answer in served.serve(context):
                yield answer
        finally:
            self.hung_up.set()
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)

    async def get_schema(self, request: Any, context: Any) -> Any:
        self.schema_requests.append(request.schema_id)
        await end(context, self.schema_status, "schema.meta.permission")
        text = "{}" if request.schema_id == "broken" else json.dumps(SCHEMA)
        return messages.SchemaInfo(schema_json=text, schema_id=request.schema_id)


@asynccontextmanager
async def served_by(pubsub: PubSub) -> AsyncIterator[str]:
    server = grpc.aio.server()
    calls = {
        "Subscribe": grpc.stream_stream_rpc_method_handler(
            pubsub.subscribe,
            request_deserializer=messages.FetchRequest.FromString,
            response_serializer=messages.FetchResponse.SerializeToString,
        ),
        "GetSchema": grpc.unary_unary_rpc_method_handler(
            pubsub.get_schema,
            request_deserializer=messages.SchemaRequest.FromString,
            response_serializer=messages.SchemaInfo.SerializeToString,
        ),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("eventbus.v1.PubSub", calls),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield f"127.0.0.1:{port}"
    await server.stop(None)


class Listener:
    """Listens in a task of its own, as often as it is told to."""

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self.opened = 0
        self.heard: asyncio.Queue[Sequence[ChangeEvent]] = asyncio.Queue()
        self._task: asyncio.Task[Any] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self.subscription.listen(opened=self._opened, heard=self.heard.put_nowait))

    async def batch(self) -> list[ChangeEvent]:
        async with asyncio.timeout(PATIENCE):
            return list(await self.heard.get())

    async def failure(self) -> SystemFailure:
        assert self._task is not None
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(SystemFailure) as caught:
                await self._task
        return caught.value

    def can_resume(self) -> bool:
        return self.subscription.is_resumable

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _opened(self) -> None:
        self.opened += 1


@pytest_asyncio.fixture
async def pubsub() -> PubSub:
    return PubSub()


@pytest_asyncio.fixture
async def listener(pubsub: PubSub, salesforce: Salesforce, stub: Any) -> AsyncIterator[Listener]:
    """A listener that has been started."""
    stub.then({"user_id": "0058d000000Usr1AAC", "organization_id": ORGANIZATION})
    async with served_by(pubsub) as address, Endpoint(address, secure=False).channel() as channel:
        made = Listener(salesforce.subscription(channel, TOPIC))
        made.start()
        yield made
        await made.stop()


async def test_a_stream_on_the_wire(pubsub: PubSub, listener: Listener, stub: Any) -> None:
    stream = await pubsub.stream()
    assert {name: stream.metadata[name] for name in ("accesstoken", "instanceurl", "tenantid")} == {
        "accesstoken": "token-1",
        "instanceurl": "http://127.0.0.1:8082",
        "tenantid": ORGANIZATION,
    }
    first = await stream.request()
    assert (first.topic_name, first.replay_preset, first.num_requested) == (TOPIC, messages.LATEST, CREDIT)
    stream.answer(latest=b"1")
    assert await listener.batch() == []
    stream.answer(("s", PAYLOAD), ("s", PAYLOAD), latest=b"2", pending=98)
    assert await listener.batch() == [EVENT, EVENT]
    assert pubsub.schema_requests == ["s"]
    assert listener.opened == 1
    assert [seen.path for seen in stub.seen] == ["/services/oauth2/userinfo"]


async def test_credit_is_filled_up_before_it_ends(pubsub: PubSub, listener: Listener) -> None:
    stream = await pubsub.stream()
    await stream.request()
    for pending in (80, 51, 50):
        stream.answer(pending=pending)
        await listener.batch()
    assert (await stream.request()).num_requested == 50
    stream.answer(pending=0)
    assert (await stream.request()).num_requested == CREDIT
    assert stream.requests.empty()


async def test_it_goes_on_where_it_was_cut(pubsub: PubSub, listener: Listener) -> None:
    stream = await pubsub.stream()
    assert not listener.can_resume()
    stream.answer(("s", PAYLOAD), latest=b"\x07")
    await listener.batch()
    stream.end(grpc.StatusCode.UNAVAILABLE, "service.unavailable")
    assert isinstance(await listener.failure(), SystemBusy)
    assert listener.can_resume()
    listener.start()
    again = await (await pubsub.stream()).request()
    assert (again.replay_preset, again.replay_id) == (messages.CUSTOM, b"\x07")


@pytest.mark.parametrize(
    "code",
    [
        "subscription.fetch.replayid.corrupted",
        "subscription.fetch.replayid.validation.failed",
        "subscription.fetch.replay.repeated",
    ],
)
async def test_a_place_that_is_not_there_any_more_is_given_up(pubsub: PubSub, listener: Listener, code: str) -> None:
    stream = await pubsub.stream()
    stream.answer(latest=b"\x07")
    await listener.batch()
    stream.end(grpc.StatusCode.INVALID_ARGUMENT, code)
    assert isinstance(await listener.failure(), SystemBusy)
    assert not listener.can_resume()
    listener.start()
    assert (await (await pubsub.stream()).request()).replay_preset == messages.LATEST


async def test_an_ended_session_is_replaced(pubsub: PubSub, listener: Listener, stub: Any) -> None:
    for number in (1, 2, 3):
        stream = await pubsub.stream()
        assert stream.metadata["accesstoken"] == f"token-{number}"
        stream.answer(latest=b"\x01")
        await listener.batch()
        stream.end(grpc.StatusCode.UNAUTHENTICATED, "service.auth.error")
    again = await pubsub.stream()
    assert (await again.request()).replay_id == b"\x01"
    assert listener.opened == 4


async def test_a_new_session_that_is_refused_too_ends_it(pubsub: PubSub, listener: Listener, stub: Any) -> None:
    for _ in range(2):
        (await pubsub.stream()).end(grpc.StatusCode.UNAUTHENTICATED, "service.auth.headers.invalid")
    failure = await listener.failure()
    assert isinstance(failure, LoginRefused)
    assert failure.system_code == "service.auth.headers.invalid"
    assert len(stub.logins) == 2


@pytest.mark.parametrize(
    ("status", "code", "kind", "least_wait"),
    [
        (grpc.StatusCode.OK, "", SystemBusy, 1),
        (grpc.StatusCode.UNAVAILABLE, "", SystemBusy, 1),
        (grpc.StatusCode.CANCELLED, "", SystemBusy, 1),
        (grpc.StatusCode.INTERNAL, "subscription.internal.error", SystemBusy, 1),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "concurrent.client.limit.exceeded", SystemBusy, 60),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "subscription.limit.exceeded", QuotaExhausted, None),
        (grpc.StatusCode.PERMISSION_DENIED, "topic.meta.permission", Refused, None),
        (grpc.StatusCode.NOT_FOUND, "topic.not.found", Refused, None),
        (grpc.StatusCode.INVALID_ARGUMENT, "subscription.fetch.requested.events.invalid", Refused, None),
        (grpc.StatusCode.UNIMPLEMENTED, "", Refused, None),
    ],
)
async def test_what_an_end_means(
    pubsub: PubSub, listener: Listener, status: grpc.StatusCode, code: str, kind: type, least_wait: float | None
) -> None:
    (await pubsub.stream()).end(status, code)
    failure = await listener.failure()
    assert type(failure) is kind
    assert "somebody@example.com" not in str(failure)
    if least_wait is not None:
        assert isinstance(failure, SystemBusy)
        assert failure.retry_after == least_wait


async def test_nobody_there(salesforce: Salesforce, stub: Any) -> None:
    stub.then({"user_id": "0058d000000Usr1AAC", "organization_id": ORGANIZATION})
    async with served_by(PubSub()) as address:
        pass
    async with Endpoint(address, secure=False).channel() as channel:
        listener = Listener(salesforce.subscription(channel, TOPIC))
        listener.start()
        assert isinstance(await listener.failure(), SystemBusy)
        assert listener.opened == 0


async def test_a_stream_without_a_sign_of_life_is_given_up(
    pubsub: PubSub, listener: Listener, clock: SharedClock
) -> None:
    stream = await pubsub.stream()
    stream.answer()
    await listener.batch()
    await clock.advance(SILENCE_SECONDS - 1)
    stream.answer()
    await listener.batch()
    await clock.advance(SILENCE_SECONDS + 1)
    failure = await listener.failure()
    assert isinstance(failure, SystemBusy)
    assert failure.system_code == "CONNECTION_LOST"


@pytest.mark.parametrize(("schema_id", "payload"), [("s", b"\x15"), ("broken", PAYLOAD)])
async def test_what_cannot_be_read_may_be_anything(
    pubsub: PubSub, listener: Listener, schema_id: str, payload: bytes
) -> None:
    stream = await pubsub.stream()
    for _ in range(2):
        stream.answer((schema_id, payload))
        assert await listener.batch() == [ChangeEvent()]
    assert pubsub.schema_requests == [schema_id]


@pytest.mark.parametrize(
    ("status", "asked"), [(grpc.StatusCode.PERMISSION_DENIED, 1), (grpc.StatusCode.UNAVAILABLE, 2)]
)
async def test_a_schema_that_is_not_told(
    pubsub: PubSub, listener: Listener, status: grpc.StatusCode, asked: int
) -> None:
    pubsub.schema_status = status
    stream = await pubsub.stream()
    for _ in range(2):
        stream.answer(("s", PAYLOAD))
        assert await listener.batch() == [ChangeEvent()]
    assert len(pubsub.schema_requests) == asked


async def test_cancelled_it_hangs_up(pubsub: PubSub, listener: Listener) -> None:
    stream = await pubsub.stream()
    await stream.request()
    await listener.stop()
    async with asyncio.timeout(PATIENCE):
        await pubsub.hung_up.wait()
