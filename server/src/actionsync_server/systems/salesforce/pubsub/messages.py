"""The messages of the Pub/Sub API, read from the committed descriptor of `pubsub_api.proto`.

The API's proto is public and many programs carry a copy. Ours is kept in a descriptor pool of its own, so that another
copy in the same process, whole or under another file name, does not clash with it.

`python -m actionsync_server.systems.salesforce.pubsub.messages` writes the descriptor anew (needs grpcio-tools).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

PROTO = Path(__file__).with_name("pubsub_api.proto")
DESCRIPTOR = PROTO.with_suffix(".binpb")
SUBSCRIBE = "/eventbus.v1.PubSub/Subscribe"
GET_SCHEMA = "/eventbus.v1.PubSub/GetSchema"
LATEST, CUSTOM = 0, 2  # values of ReplayPreset


def message_classes(descriptor: bytes) -> dict[str, Any]:
    """Return the message classes of a descriptor set by name, in a pool of their own."""
    pool = DescriptorPool()
    files = [pool.AddSerializedFile(file.SerializeToString()) for file in FileDescriptorSet.FromString(descriptor).file]
    return {name: GetMessageClass(message) for file in files for name, message in file.message_types_by_name.items()}


def compiled(folder: Path) -> bytes:
    """Return the descriptor as protoc makes it of the proto file; `folder` takes its output."""
    from grpc_tools import protoc  # a tool of developers, not of the service

    target = folder / DESCRIPTOR.name
    if protoc.main(["protoc", f"-I{PROTO.parent}", f"--descriptor_set_out={target}", PROTO.name]) != 0:
        raise RuntimeError(f"protoc refuses {PROTO.name}")
    return target.read_bytes()


if __name__ == "__main__":
    DESCRIPTOR.write_bytes(compiled(DESCRIPTOR.parent))
else:
    _CLASSES = message_classes(DESCRIPTOR.read_bytes())
    FetchRequest, FetchResponse = _CLASSES["FetchRequest"], _CLASSES["FetchResponse"]
    SchemaRequest, SchemaInfo = _CLASSES["SchemaRequest"], _CLASSES["SchemaInfo"]
