"""The messages of the Pub/Sub API, read from the committed descriptor of `pubsub_api.proto`.

They live in a descriptor pool of their own: a client in the same process, generated from any copy of the public proto
under any file name, would clash with ours in the common pool.

`python -m actionsync_simulators.salesforce.events.pubsub.messages` writes the descriptor anew (needs grpcio-tools).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

PROTO = Path(__file__).with_name("pubsub_api.proto")
DESCRIPTOR = PROTO.with_suffix(".binpb")
SERVICE = "eventbus.v1.PubSub"
MOST_REQUESTED = 100
LATEST, EARLIEST, CUSTOM = 0, 1, 2
PUBLISH_ERROR, COMMIT_ERROR = 1, 2


def compiled() -> bytes:
    """The descriptor as protoc makes it of the proto file. Raises RuntimeError when protoc refuses."""
    import tempfile

    from grpc_tools import protoc

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / DESCRIPTOR.name
        if protoc.main(["protoc", f"-I{PROTO.parent}", f"--descriptor_set_out={target}", PROTO.name]) != 0:
            raise RuntimeError(f"protoc refuses {PROTO.name}")
        return target.read_bytes()


def _load() -> DescriptorPool:
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(DESCRIPTOR.read_bytes()).file:
        pool.AddSerializedFile(file.SerializeToString())
    return pool


def _message(name: str) -> Any:
    return GetMessageClass(_POOL.FindMessageTypeByName(f"eventbus.v1.{name}"))


if __name__ == "__main__":
    DESCRIPTOR.write_bytes(compiled())
    sys.exit(0)

_POOL = _load()
TopicRequest, TopicInfo = _message("TopicRequest"), _message("TopicInfo")
SchemaRequest, SchemaInfo = _message("SchemaRequest"), _message("SchemaInfo")
FetchRequest, FetchResponse = _message("FetchRequest"), _message("FetchResponse")
ProducerEvent, ConsumerEvent = _message("ProducerEvent"), _message("ConsumerEvent")
PublishRequest, PublishResponse = _message("PublishRequest"), _message("PublishResponse")
PublishResult, Error = _message("PublishResult"), _message("Error")
ManagedFetchRequest, ManagedFetchResponse = _message("ManagedFetchRequest"), _message("ManagedFetchResponse")
CommitReplayResponse = _message("CommitReplayResponse")
