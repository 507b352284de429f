"""The unary calls, the metadata of every call, the errors that input can provoke, and planned faults."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import grpc
import orjson
import pytest

TASKS = "/data/TaskChangeEvent"
LATEST, EARLIEST, CUSTOM = 0, 1, 2
FETCH = "/eventbus.v1.PubSub/FetchResponse"


@pytest.mark.asyncio
async def test_a_topic_tells_what_it_is(pubsub: Any, salesforce: Any) -> None:
    info = await pubsub.topic(TASKS)
    assert info.topic_name == TASKS
    assert info.tenant_guid == f"core/SIM1/{salesforce.org.organization_id}"
    assert (info.can_publish, info.can_subscribe) == (False, True)
    assert len(info.schema_id) == 22
    assert len(info.rpc_id) == 36
    schema = await pubsub.schema(info.schema_id)
    assert schema.schema_id == info.schema_id
    assert orjson.loads(schema.schema_json)["name"] == "TaskChangeEvent"


@pytest.mark.asyncio
async def test_the_channel_of_everything_has_no_schema_of_its_own(pubsub: Any) -> None:
    assert (await pubsub.topic("/data/ChangeEvents")).schema_id == ""


@pytest.mark.asyncio
@pytest.mark.parametrize("topic", ["/data/UserChangeEvent", "/data/OpportunityChangeEvent"])
async def test_a_topic_of_an_object_that_is_not_selected_can_be_subscribed_to(pubsub: Any, topic: str) -> None:
    assert (await pubsub.topic(topic)).can_subscribe
    stream = await pubsub.opened(topic)
    stream.call.cancel()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("topic", "refused"),
    [
        ("", ("INVALID_ARGUMENT", "topic.validation.empty")),
        ("/data/NoSuchChangeEvent", ("NOT_FOUND", "topic.not.found")),
        ("/data/GroupChangeEvent", ("NOT_FOUND", "topic.not.found")),
        ("/event/No__e", ("NOT_FOUND", "topic.not.found")),
        ("/data/No__chn", ("NOT_FOUND", "topic.not.found")),
        ("TaskChangeEvent", ("NOT_FOUND", "topic.not.found")),
    ],
)
async def test_topics_that_are_none(pubsub: Any, topic: str, refused: tuple[str, str]) -> None:
    assert await pubsub.refusal(pubsub.topic(topic)) == refused
    assert await pubsub.refused(await pubsub.subscribe(topic)) == refused


@pytest.mark.asyncio
@pytest.mark.parametrize("schema_id", ["", "AAAAAAAAAAAAAAAAAAAAAA"])
async def test_schemas_that_are_none(pubsub: Any, schema_id: str) -> None:
    assert await pubsub.refusal(pubsub.schema(schema_id)) == ("INVALID_ARGUMENT", "schema.validation.failed")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"accesstoken": None}, "service.auth.headers.invalid"),
        ({"instanceurl": None}, "service.auth.headers.invalid"),
        ({"tenantid": None}, "service.auth.headers.invalid"),
        ({"tenantid": "00D8d0000000099EAA"}, "service.auth.headers.invalid"),
        ({"tenantid": "00D"}, "service.auth.headers.invalid"),
        ({"accesstoken": "00D8d0000000001!no.such.token"}, "service.auth.error"),
    ],
)
async def test_metadata_must_be_there_and_belong_together(
    pubsub: Any, changes: dict[str, str | None], code: str
) -> None:
    pubsub.metadata = {k: v for k, v in (pubsub.metadata | changes).items() if v is not None}
    assert await pubsub.refusal(pubsub.topic(TASKS)) == ("UNAUTHENTICATED", code)
    assert await pubsub.refused(await pubsub.subscribe(TASKS)) == ("UNAUTHENTICATED", code)


@pytest.mark.asyncio
async def test_the_short_tenant_id_does(pubsub: Any, salesforce: Any) -> None:
    pubsub.metadata["tenantid"] = salesforce.org.organization_id[:15]
    assert (await pubsub.topic(TASKS)).topic_name == TASKS


@pytest.mark.asyncio
@pytest.mark.parametrize("number", [0, -1])
async def test_a_request_must_ask_for_something(pubsub: Any, number: int) -> None:
    refused = ("INVALID_ARGUMENT", "subscription.fetch.requested.events.invalid")
    assert await pubsub.refused(await pubsub.subscribe(TASKS, number)) == refused
    stream = await pubsub.opened(TASKS)
    await stream.ask(pubsub.fetch(number=number))
    assert await pubsub.refused(stream) == refused


@pytest.mark.asyncio
async def test_the_topic_cannot_change(pubsub: Any) -> None:
    stream = await pubsub.opened(TASKS)
    await stream.ask(pubsub.fetch(TASKS, 1))
    await stream.ask(pubsub.fetch("/data/LeadChangeEvent", 1))
    assert await pubsub.refused(stream) == ("INVALID_ARGUMENT", "subscription.fetch.topic.mismatch")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("preset", "replay", "code"),
    [
        (CUSTOM, b"", "subscription.fetch.replayid.validation.failed"),
        (CUSTOM, b"\0\0\0\1", "subscription.fetch.replayid.corrupted"),
        (CUSTOM, (2**63).to_bytes(8, "big"), "subscription.fetch.replayid.corrupted"),
        (CUSTOM, b"not a replay id", "subscription.fetch.replayid.corrupted"),
        (CUSTOM, (0).to_bytes(8, "big"), "subscription.fetch.replayid.corrupted"),
        (7, b"", "subscription.fetch.request.invalid"),
    ],
)
async def test_starting_points_that_are_none(pubsub: Any, preset: int, replay: bytes, code: str) -> None:
    stream = await pubsub.subscribe(TASKS, 1, preset, replay)
    assert await pubsub.refused(stream) == ("INVALID_ARGUMENT", code)


@pytest.mark.asyncio
async def test_events_are_retained_for_72_hours(api: Any, pubsub: Any, clock: Any) -> None:
    await api.create("Task", Subject="old")
    (old,) = await pubsub.events(TASKS, 1)
    await clock.advance(timedelta(hours=72, seconds=-1))
    await api.log_in()
    pubsub.metadata["accesstoken"] = api.headers["Authorization"].removeprefix("Bearer ")
    new = await api.create("Task", Subject="new")
    assert [
        each.header["recordIds"] for each in await pubsub.events(TASKS, 1, preset=CUSTOM, replay=old.replay_id)
    ] == [[new]]
    await clock.advance(timedelta(seconds=1))
    stream = await pubsub.subscribe(TASKS, 1, CUSTOM, old.replay_id)
    assert await pubsub.refused(stream) == ("INVALID_ARGUMENT", "subscription.fetch.replayid.corrupted")
    assert [each.header["recordIds"] for each in await pubsub.events(TASKS, 1)] == [[new]]


@pytest.mark.asyncio
async def test_the_retention_can_be_ended_early(api: Any, pubsub: Any) -> None:
    await api.create("Task", Subject="old")
    (old,) = await pubsub.events(TASKS, 1)
    await api.control("POST", "change-events/expire")
    stream = await pubsub.subscribe(TASKS, 1, CUSTOM, old.replay_id)
    assert await pubsub.refused(stream) == ("INVALID_ARGUMENT", "subscription.fetch.replayid.corrupted")


@pytest.mark.asyncio
async def test_streams_are_cut_on_demand(api: Any, pubsub: Any) -> None:
    stream = await pubsub.opened(TASKS, 7)
    (shown,) = (await api.control("GET", "streams"))["streams"]
    assert (shown["method"], shown["topic"], shown["pending_num_requested"]) == ("Subscribe", TASKS, 7)
    assert await api.control("POST", "streams/end", topic="/data/LeadChangeEvent") == {"ended": 0}
    assert await api.control("POST", "streams/end", topic=TASKS) == {"ended": 1}
    with pytest.raises(grpc.aio.AioRpcError) as problem:
        await stream.read()
    assert problem.value.code() is grpc.StatusCode.UNAVAILABLE
    assert "error-code" not in dict(problem.value.trailing_metadata())


@pytest.mark.asyncio
async def test_streams_are_ended_with_an_error_on_demand(api: Any, pubsub: Any) -> None:
    stream = await pubsub.opened(TASKS)
    await api.control("POST", "streams/end", error="subscription.fetch.replay.repeated")
    assert await pubsub.refused(stream) == ("INVALID_ARGUMENT", "subscription.fetch.replay.repeated")


@pytest.mark.asyncio
async def test_a_planned_error_falls_on_a_call(api: Any, pubsub: Any) -> None:
    code = "sfdc.platform.eventbus.grpc.subscription.limit.exceeded"
    fault = {"match": {"path": "/eventbus.v1.PubSub/Subscribe"}, "action": "error", "error": {"code": code}}
    await api.control("POST", "faults", **fault)
    assert (await pubsub.topic(TASKS)).topic_name == TASKS
    stream = await pubsub.subscribe(TASKS)
    assert await pubsub.refused(stream) == ("RESOURCE_EXHAUSTED", "subscription.limit.exceeded")
    stream = await pubsub.opened(TASKS)
    stream.call.cancel()


@pytest.mark.asyncio
@pytest.mark.parametrize(("action", "arrives"), [("drop_before", False), ("commit_then_drop", True)])
async def test_a_stream_breaks_off_at_a_planned_response(api: Any, pubsub: Any, action: str, arrives: bool) -> None:
    await api.control("POST", "faults", match={"path": FETCH, "nth": 2}, action=action)
    stream = await pubsub.opened(TASKS)
    await api.create("Task", Subject="one")
    one = await stream.read()
    second = await api.create("Task", Subject="two")
    if arrives:
        assert len((await stream.read()).events) == 1
    with pytest.raises(grpc.aio.AioRpcError) as problem:
        await stream.read()
    assert problem.value.code() is grpc.StatusCode.UNAVAILABLE
    (event,) = await pubsub.events(TASKS, 1, preset=CUSTOM, replay=one.latest_replay_id)
    assert event.header["recordIds"] == [second]


@pytest.mark.asyncio
async def test_a_response_is_delayed_in_simulator_time(api: Any, pubsub: Any, clock: Any) -> None:
    await api.control("POST", "faults", match={"path": FETCH}, action="delay", seconds=30)
    stream = await pubsub.opened(TASKS)
    await api.create("Task", Subject="one")
    await clock.advance(timedelta(seconds=30))
    assert len((await stream.read()).events) == 1
    stream.call.cancel()


@pytest.mark.asyncio
async def test_an_error_that_the_api_does_not_have_cannot_be_planned(api: Any) -> None:
    fault = {"match": {"path": "/eventbus.v1.PubSub/GetTopic"}, "action": "error", "error": {"code": "604"}}
    assert (await api("POST", "/_sim/faults", fault)).status == 400


@pytest.mark.asyncio
async def test_the_journal_knows_the_calls_but_not_the_token(api: Any, pubsub: Any) -> None:
    await pubsub.topic(TASKS)
    await pubsub.refusal(pubsub.topic("/data/NoSuchChangeEvent"))
    stream = await pubsub.opened(TASKS, 5)
    stream.call.cancel()
    entries = (await api.control("GET", "journal?path=/eventbus*"))["entries"]
    assert [(entry["path"].rpartition("/")[2], entry["code"]) for entry in entries] == [
        ("GetTopic", None),
        ("GetTopic", "sfdc.platform.eventbus.grpc.topic.not.found"),
        ("Subscribe", None),
    ]
    assert orjson.loads(entries[2]["body"])["numRequested"] == 5
    assert pubsub.metadata["accesstoken"] not in orjson.dumps(entries).decode()
