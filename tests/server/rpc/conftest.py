"""What the edge's tests share: a running edge with handlers of one's own."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
from actionsync.v1 import (
    activity_log_pb2_grpc,
    directory_pb2_grpc,
    person_sync_pb2_grpc,
    sync_settings_pb2_grpc,
    unsubscribe_check_pb2_grpc,
)
from actionsync_server.clock import HOUR
from actionsync_server.model.directory import Actor, Role
from actionsync_server.model.ids import Ids
from actionsync_server.rpc.auth import Authenticator, TokenKey
from actionsync_server.rpc.concerns.admission import Crowding
from actionsync_server.rpc.concerns.observation import Observation
from actionsync_server.rpc.grpc_server import GrpcServer
from actionsync_server.rpc.requests import Requests
from actionsync_server.rpc.stack import Stack, concerns, handlers_of
from actionsync_server.store.database import Database
from actionsync_server.telemetry import Metrics
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from harness.clock import SharedClock


@dataclass(slots=True)
class Edge:
    """A running server with handlers of the test's own behind the whole stack, and a channel to it."""

    channel: grpc.aio.Channel
    address: str
    server: GrpcServer
    metrics: Metrics
    stopping: asyncio.Event
    key: TokenKey
    clock: SharedClock

    def stub(self, service: str) -> Any:
        """The async stub of a service, such as "PersonSync"."""
        modules = {
            "PersonSync": person_sync_pb2_grpc,
            "ActivityLog": activity_log_pb2_grpc,
            "UnsubscribeCheck": unsubscribe_check_pb2_grpc,
            "Directory": directory_pb2_grpc,
            "SyncSettings": sync_settings_pb2_grpc,
        }
        return getattr(modules[service], f"{service}Stub")(self.channel)

    def metadata(
        self, role: Role = Role.ADMIN, *, user: str = "u-1", instance: str = "i-1", **more: str
    ) -> tuple[tuple[str, str], ...]:
        """The metadata of a caller with a valid token."""
        actor = Actor(user, "" if role is Role.OPERATOR else instance, role)
        token = self.key.issue(actor, now=self.clock.now(), valid_for=HOUR)
        return (
            ("authorization", f"Bearer {token}"),
            *((name.replace("_", "-"), value) for name, value in more.items()),
        )


StartEdge = Callable[..., Awaitable[Edge]]


@pytest_asyncio.fixture
async def start_edge(database: Database, clock: SharedClock, tmp_path: Path) -> AsyncIterator[StartEdge]:
    """Start an `Edge` with the given service objects; everything ends with the test."""
    async with AsyncExitStack() as opened:

        async def start(*services: object, watches: int = 20, calls: int = 200, longest_call: float = 30.0) -> Edge:
            stopping, metrics, key = asyncio.Event(), Metrics(), TokenKey.in_folder(tmp_path)
            handlers = handlers_of(services)

            async def exists(instance_id: str) -> bool:
                return instance_id in ("i-1", "i-2")

            around = concerns(
                observation=Observation(metrics, Ids(clock, random.Random("requests"))),
                clock=clock,
                stopping=stopping,
                authenticator=Authenticator(key, clock, exists),
                served=handlers,
                crowding=Crowding(most_watches=watches, most_calls=calls),
                longest_call=longest_call,
            )
            stack = Stack(around, handlers, clock=clock, stopping=stopping, requests=Requests(database, clock))
            server = GrpcServer(stack, stopping=stopping)
            address = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
            server.ready()
            opened.push_async_callback(server.stop, drain=0.0, grace=0.5)
            channel = await opened.enter_async_context(grpc.aio.insecure_channel(address))
            return Edge(channel, address, server, metrics, stopping, key, clock)

        yield start


@pytest.fixture
def told() -> Callable[[grpc.aio.AioRpcError], dict[str, Any]]:
    """Reads the google.rpc details of a failed call: `{"ErrorInfo": message, …}`."""

    def read(error: grpc.aio.AioRpcError) -> dict[str, Any]:
        status = rpc_status.from_call(_AsCall(error))
        found = {}
        for detail in status.details:
            kind = getattr(error_details_pb2, detail.TypeName().rsplit(".", 1)[-1])
            message = kind()
            assert detail.Unpack(message)
            found[kind.__name__] = message
        return found

    return read


class _AsCall:
    """What rpc_status wants to see; an AioRpcError has the same under other signatures."""

    def __init__(self, error: grpc.aio.AioRpcError) -> None:
        self._error = error

    def trailing_metadata(self) -> Any:
        return tuple(self._error.trailing_metadata())

    def code(self) -> grpc.StatusCode:
        return self._error.code()

    def details(self) -> str | None:
        return self._error.details()
