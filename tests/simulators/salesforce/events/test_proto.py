"""The proto file is the public one on the wire, and the committed descriptor is made of it."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.salesforce.events.pubsub import messages

MESSAGES = {
    "TopicInfo": "topic_name=1 tenant_guid=2 can_publish=3 can_subscribe=4 schema_id=5 rpc_id=6",
    "TopicRequest": "topic_name=1",
    "EventHeader": "key=1 value=2",
    "ProducerEvent": "id=1 schema_id=2 payload=3 headers=4",
    "ConsumerEvent": "event=1 replay_id=2",
    "PublishResult": "replay_id=1 error=2 correlation_key=3",
    "Error": "code=1 msg=2",
    "FetchRequest": "topic_name=1 replay_preset=2 replay_id=3 num_requested=4 auth_refresh=5",
    "FetchResponse": "events=1 latest_replay_id=2 rpc_id=3 pending_num_requested=4",
    "SchemaRequest": "schema_id=1",
    "SchemaInfo": "schema_json=1 schema_id=2 rpc_id=3",
    "PublishRequest": "topic_name=1 events=2 auth_refresh=3",
    "PublishResponse": "results=1 schema_id=2 rpc_id=3",
    "ManagedFetchRequest": (
        "subscription_id=1 developer_name=2 num_requested=3 auth_refresh=4 commit_replay_id_request=5"
    ),
    "ManagedFetchResponse": "events=1 latest_replay_id=2 rpc_id=3 pending_num_requested=4 commit_response=5",
    "CommitReplayRequest": "commit_request_id=1 replay_id=2",
    "CommitReplayResponse": "commit_request_id=1 replay_id=2 error=3 process_time=4",
}
BYTES = {"replay_id", "latest_replay_id", "payload", "value"}
WIRE_NUMBERS = {"num_requested", "pending_num_requested", "process_time", "can_publish", "can_subscribe"}


def test_the_committed_descriptor_is_fresh() -> None:
    assert messages.DESCRIPTOR.read_bytes() == messages.compiled(), (
        "run python -m actionsync_simulators.salesforce.events.pubsub.messages"
    )


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_messages_have_the_public_names_and_numbers(client_messages: Any, name: str) -> None:
    descriptor = client_messages.pool.FindMessageTypeByName(f"eventbus.v1.{name}")
    assert " ".join(f"{field.name}={field.number}" for field in descriptor.fields) == MESSAGES[name]
    for field in descriptor.fields:
        assert (field.type == field.TYPE_BYTES) == (field.name in BYTES), field.name
        assert (field.name in WIRE_NUMBERS) == (field.type in (field.TYPE_INT32, field.TYPE_INT64, field.TYPE_BOOL))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ErrorCode", {"UNKNOWN": 0, "PUBLISH": 1, "COMMIT": 2}),
        ("ReplayPreset", {"LATEST": 0, "EARLIEST": 1, "CUSTOM": 2}),
    ],
)
def test_enumerations_have_the_public_numbers(client_messages: Any, name: str, values: dict[str, int]) -> None:
    found = client_messages.pool.FindEnumTypeByName(f"eventbus.v1.{name}")
    assert {value.name: value.number for value in found.values} == values


def test_calls_stream_as_in_the_public_service(client_messages: Any) -> None:
    service = client_messages.pool.FindServiceByName("eventbus.v1.PubSub")
    assert {call.name: (call.client_streaming, call.server_streaming) for call in service.methods} == {
        "Subscribe": (True, True),
        "GetSchema": (False, False),
        "GetTopic": (False, False),
        "Publish": (False, False),
        "PublishStream": (True, True),
        "ManagedSubscribe": (True, True),
    }
