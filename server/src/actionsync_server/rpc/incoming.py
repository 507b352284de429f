"""A call on its way in, and the shape of the concerns it passes through.

A concern is one matter of every call (who calls, how long it may take, what is logged): an async context manager
around the rest of the call. It reads and fills the `Incoming`, and raises one of our errors to refuse it. Nothing here
is of gRPC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from google.protobuf.message import Message

from actionsync_server.model.directory import Actor
from actionsync_server.rpc.errors import Status
from actionsync_server.rpc.methods import Method


@dataclass(slots=True)
class Incoming:
    """One call. What the transport knows comes first; the concerns fill in the rest."""

    method: Method
    raw: bytes
    metadata: Mapping[str, str]
    seconds_left: float | None  # until the caller's deadline; None without one

    request_id: str = ""
    actor: Actor | None = None
    request: Message | None = None
    deadline: float | None = None  # in the event loop's time
    reason: str = ""  # of the error it failed with


Concern = Callable[[Incoming], AbstractAsyncContextManager[None]]


class Failed(Exception):
    """The call ended with this status; the transport tells the caller."""

    def __init__(self, status: Status) -> None:
        super().__init__(f"{status.code.name}: {status.message}")
        self.status = status
