"""Publish, PublishStream and ManagedSubscribe."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import fastavro
import orjson
import pytest
import pytest_asyncio

TOPIC, TASKS = "/event/Order_Shipped__e", "/data/TaskChangeEvent"
NOW = 1_706_702_400_000


@pytest_asyncio.fixture
async def schema(api: Any, pubsub: Any) -> Any:
    """The schema of a platform event that has been defined."""
    fields = {"Order__c": "text", "Amount__c": "number"}
    assert await api.control("POST", "platform-events", name="Order_Shipped__e", fields=fields) == {"topic": TOPIC}
    return await pubsub.schema((await pubsub.topic(TOPIC)).schema_id)


def payload(schema: Any, **values: Any) -> bytes:
    buffer = io.BytesIO()
    datum = {"CreatedDate": NOW, "CreatedById": "0058d0000000001AAA", **values}
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(orjson.loads(schema.schema_json)), datum)
    return buffer.getvalue()


def request(pubsub: Any, schema: Any, *payloads: bytes, topic: str = TOPIC, schema_id: str | None = None) -> Any:
    events = [
        pubsub.messages.ProducerEvent(id=f"event {number}", schema_id=schema_id or schema.schema_id, payload=each)
        for number, each in enumerate(payloads)
    ]
    return pubsub.messages.PublishRequest(topic_name=topic, events=events)


@pytest.mark.asyncio
async def test_published_events_arrive(pubsub: Any, schema: Any) -> None:
    assert (await pubsub.topic(TOPIC)).can_publish
    sent = [payload(schema, Order__c="A-1"), payload(schema, Order__c="A-2", Amount__c=1.5)]
    answer = await pubsub.unary("Publish", request(pubsub, schema, *sent), "PublishResponse")
    assert answer.schema_id == schema.schema_id
    assert [each.correlation_key for each in answer.results] == ["event 0", "event 1"]
    events = await pubsub.events(TOPIC, 2)
    assert [each.replay_id for each in events] == [each.replay_id for each in answer.results]
    assert [each.fields["Order__c"] for each in events] == ["A-1", "A-2"]
    assert events[1].fields["Amount__c"] == 1.5


@pytest.mark.asyncio
async def test_an_event_fails_by_itself(pubsub: Any, schema: Any) -> None:
    good = payload(schema, Order__c="A-1")
    answer = await pubsub.unary("Publish", request(pubsub, schema, b"\xff", good, good + b"x"), "PublishResponse")
    assert [each.HasField("error") for each in answer.results] == [True, False, True]
    assert answer.results[0].error.code == 1
    other = (await pubsub.topic(TASKS)).schema_id
    answer = await pubsub.unary("Publish", request(pubsub, schema, good, schema_id=other), "PublishResponse")
    assert answer.results[0].error.msg.endswith("is no schema of Order_Shipped__e.")
    assert len(await pubsub.events(TOPIC, 1)) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("topic", "refused"),
    [
        ("", ("INVALID_ARGUMENT", "publish.topic.validation.empty")),
        ("/event/No__e", ("NOT_FOUND", "topic.not.found")),
        (TASKS, ("PERMISSION_DENIED", "topic.meta.permission")),
    ],
)
async def test_where_nothing_can_be_published(pubsub: Any, schema: Any, topic: str, refused: tuple[str, str]) -> None:
    sent = request(pubsub, schema, payload(schema), topic=topic)
    assert await pubsub.refusal(pubsub.unary("Publish", sent, "PublishResponse")) == refused


@pytest.mark.asyncio
async def test_a_request_without_events(pubsub: Any, schema: Any) -> None:
    call = pubsub.unary("Publish", request(pubsub, schema), "PublishResponse")
    assert await pubsub.refusal(call) == ("INVALID_ARGUMENT", "publish.event.count.invalid")


@pytest.mark.asyncio
async def test_a_publish_stream_takes_batch_after_batch(pubsub: Any, schema: Any, clock: Any) -> None:
    stream = pubsub.stream("PublishStream", "PublishResponse")
    await stream.ask(request(pubsub, schema, payload(schema, Order__c="A-1")))
    assert len((await stream.read()).results) == 1
    await stream.ask(request(pubsub, schema, payload(schema, Order__c="A-2"), topic=""))
    assert len((await stream.read()).results) == 1
    await clock.advance(timedelta(seconds=70))
    assert await pubsub.refused(stream) == ("CANCELLED", "publish.stream.sweeper.timeout")
    assert [each.fields["Order__c"] for each in await pubsub.events(TOPIC, 2)] == ["A-1", "A-2"]


@pytest.mark.asyncio
async def test_the_topic_of_a_publish_stream_cannot_change(pubsub: Any, schema: Any) -> None:
    stream = pubsub.stream("PublishStream", "PublishResponse")
    await stream.ask(request(pubsub, schema, payload(schema)))
    await stream.read()
    await stream.ask(request(pubsub, schema, payload(schema), topic=TASKS))
    assert await pubsub.refused(stream) == ("INVALID_ARGUMENT", "publish.topic.mismatch")


@pytest.mark.asyncio
async def test_an_answer_can_be_lost_after_publishing(api: Any, pubsub: Any, schema: Any) -> None:
    import grpc

    match = {"path": "/eventbus.v1.PubSub/PublishResponse"}
    await api.control("POST", "faults", match=match, action="commit_then_drop")
    with pytest.raises(grpc.aio.AioRpcError) as problem:
        await pubsub.unary("Publish", request(pubsub, schema, payload(schema)), "PublishResponse")
    assert problem.value.code() is grpc.StatusCode.UNAVAILABLE
    assert len(await pubsub.events(TOPIC, 1)) == 1


class Managed:
    """A managed subscription and its requests."""

    def __init__(self, pubsub: Any) -> None:
        self.pubsub = pubsub
        self.stream = pubsub.stream("ManagedSubscribe", "ManagedFetchResponse")

    async def ask(self, number: int = 0, commit: bytes | None = None, **name: str) -> None:
        messages = self.pubsub.messages
        asked = messages.ManagedFetchRequest(num_requested=number, **name)
        if commit is not None:
            wanted = messages.CommitReplayRequest(commit_request_id="c", replay_id=commit)
            asked.commit_replay_id_request.CopyFrom(wanted)
        await self.stream.ask(asked)


@pytest.mark.asyncio
async def test_a_managed_subscription_goes_on_from_what_was_committed(api: Any, pubsub: Any) -> None:
    made = await api.control("POST", "managed-subscriptions", developer_name="Sync", topic=TASKS, earliest=True)
    tasks = [await api.create("Task", Subject=subject) for subject in ("one", "two")]
    first = Managed(pubsub)
    await first.ask(1, developer_name="Sync")
    response = await first.stream.read()
    assert (len(response.events), response.pending_num_requested) == (1, 0)
    await first.ask(commit=response.latest_replay_id)
    outcome = (await first.stream.read()).commit_response
    assert (outcome.commit_request_id, outcome.replay_id) == ("c", response.latest_replay_id)
    assert (outcome.HasField("error"), outcome.process_time) == (False, NOW)
    rival = Managed(pubsub)
    await rival.ask(1, subscription_id=made["id"])
    assert await pubsub.refused(rival.stream) == ("RESOURCE_EXHAUSTED", "managed.subscription.already.active")
    await first.stream.call.done_writing()
    assert await first.stream.read() is None
    second = Managed(pubsub)
    await second.ask(5, subscription_id=made["id"])
    (event,) = (await second.stream.read()).events
    assert (await pubsub.decoded(event)).header["recordIds"] == [tasks[1]]
    await second.ask(commit=b"nonsense, of any length")
    assert (await second.stream.read()).commit_response.error.code == 2
    second.stream.call.cancel()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({}, ("INVALID_ARGUMENT", "managed.subscription.id.or.developer.name.empty")),
        ({"developer_name": "No"}, ("NOT_FOUND", "managed.subscription.developer.name.not.found")),
        ({"subscription_id": "x"}, ("INVALID_ARGUMENT", "managed.subscription.subscription.id.invalid")),
        ({"subscription_id": "18x8d0000000099"}, ("NOT_FOUND", "managed.subscription.subscription.id.not.found")),
        ({"developer_name": "Stopped"}, ("INVALID_ARGUMENT", "managed.subscription.config.stopped")),
        (
            {"developer_name": "Sync", "number": 0},
            ("INVALID_ARGUMENT", "managed.subscription.fetch.request.events.invalid"),
        ),
    ],
)
async def test_managed_subscriptions_that_cannot_be_had(
    api: Any, pubsub: Any, asked: dict[str, Any], refused: tuple[str, str]
) -> None:
    await api.control("POST", "managed-subscriptions", developer_name="Sync", topic=TASKS)
    await api.control("POST", "managed-subscriptions", developer_name="Stopped", topic=TASKS, running=False)
    managed = Managed(pubsub)
    await managed.ask(**{"number": 1, **asked})
    assert await pubsub.refused(managed.stream) == refused
