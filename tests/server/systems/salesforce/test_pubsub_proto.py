"""The proto is the API's on the wire, its descriptor is fresh, and other copies of it do not disturb ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from actionsync_server.systems.salesforce.pubsub import messages
from actionsync_server.systems.salesforce.pubsub.endpoint import Endpoint, endpoint_of
from actionsync_simulators.salesforce.events.pubsub import messages as other
from google.protobuf import descriptor_pool

PUBSUB = Endpoint("api.pubsub.salesforce.com:7443", secure=True)


def test_the_committed_descriptor_is_fresh(tmp_path: Path) -> None:
    assert messages.DESCRIPTOR.read_bytes() == messages.compiled(tmp_path), (
        "run python -m actionsync_server.systems.salesforce.pubsub.messages"
    )


def test_ours_and_another_copy_live_in_one_process_and_are_the_same_on_the_wire() -> None:
    request: dict[str, Any] = {
        "topic_name": "/data/x",
        "replay_preset": messages.CUSTOM,
        "replay_id": b"\x00\x01",
        "num_requested": 7,
    }
    sent = messages.FetchRequest(**request).SerializeToString()
    assert sent == other.FetchRequest(**request).SerializeToString()
    event = other.ConsumerEvent(event=other.ProducerEvent(schema_id="s", payload=b"p"), replay_id=b"\x02")
    told = other.FetchResponse(events=[event], latest_replay_id=b"\x02", rpc_id="r", pending_num_requested=99)
    read = messages.FetchResponse.FromString(told.SerializeToString())
    assert (read.latest_replay_id, read.pending_num_requested) == (b"\x02", 99)
    assert (read.events[0].event.schema_id, read.events[0].event.payload) == ("s", b"p")
    schema = other.SchemaInfo(schema_json="{}", schema_id="s").SerializeToString()
    assert messages.SchemaInfo.FromString(schema).schema_json == "{}"
    with pytest.raises(KeyError):
        descriptor_pool.Default().FindMessageTypeByName("eventbus.v1.FetchRequest")


@pytest.mark.parametrize(
    ("base_url", "given", "endpoint"),
    [
        ("https://acme.my.salesforce.com", "", PUBSUB),
        ("https://acme--dev.sandbox.my.salesforce.com/", "", PUBSUB),
        ("https://login.salesforce.com", "", PUBSUB),
        ("https://salesforce.com.evil.example", "", None),
        ("https://notsalesforce.com", "", None),
        ("http://acme.my.salesforce.com", "", None),
        ("http://127.0.0.1:8082", "", None),
        ("http://127.0.0.1:8082", "127.0.0.1:7443", Endpoint("127.0.0.1:7443", secure=False)),
        ("https://localhost:8443", "localhost:7444", Endpoint("localhost:7444", secure=True)),
        (
            "https://acme.my.salesforce.com",
            "api.deu.pubsub.salesforce.com:7443",
            Endpoint("api.deu.pubsub.salesforce.com:7443", secure=True),
        ),
    ],
)
def test_where_events_come_from(base_url: str, given: str, endpoint: Endpoint | None) -> None:
    assert endpoint_of(base_url, given) == endpoint
