"""Every RPC of the contract, read from its descriptors: the one list that tables and adapters are checked against."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from actionsync.v1 import (
    activity_log_pb2,
    connections_pb2,
    directory_pb2,
    person_sync_pb2,
    reminder_tasks_pb2,
    sync_settings_pb2,
    unsubscribe_check_pb2,
)
from google.protobuf import message_factory
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message import Message

#: One file of the contract for each service.
FILES: tuple[FileDescriptor, ...] = tuple(
    module.DESCRIPTOR
    for module in (
        person_sync_pb2,
        activity_log_pb2,
        unsubscribe_check_pb2,
        reminder_tasks_pb2,
        sync_settings_pb2,
        connections_pb2,
        directory_pb2,
    )
)

_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Method:
    """One RPC. `service` is the full name of its service, such as `actionsync.v1.PersonSync`."""

    service: str
    name: str
    request_type: type[Message]
    response_type: type[Message]
    streams: bool  # whether the response is a stream

    @property
    def path(self) -> str:
        """The name on the wire, such as `/actionsync.v1.PersonSync/GetPerson`."""
        return f"/{self.service}/{self.name}"

    @property
    def handler_name(self) -> str:
        """The name of the handler's method, such as `get_person`."""
        return _WORD_START.sub("_", self.name).lower()


def _read(file: FileDescriptor) -> list[Method]:
    return [
        Method(
            service.full_name,
            method.name,
            message_factory.GetMessageClass(method.input_type),
            message_factory.GetMessageClass(method.output_type),
            method.server_streaming,
        )
        for service in file.services_by_name.values()
        for method in service.methods
    ]


#: All RPCs by path, in the order of the contract.
METHODS: Mapping[str, Method] = {method.path: method for file in FILES for method in _read(file)}

#: Full names of all services, in the order of the contract.
SERVICES: tuple[str, ...] = tuple(dict.fromkeys(method.service for method in METHODS.values()))
