"""A client: one channel, one token, every stub."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import grpc
from actionsync.v1 import (
    activity_log_pb2_grpc,
    connections_pb2_grpc,
    directory_pb2_grpc,
    person_sync_pb2_grpc,
    reminder_tasks_pb2_grpc,
    sync_settings_pb2_grpc,
    unsubscribe_check_pb2_grpc,
)
from google.protobuf.message import Message

from actionsync_client.errors import TokenInvalidError, from_rpc
from actionsync_client.paging import pages
from actionsync_client.service_config import service_config
from actionsync_client.watching import watch

DEFAULT_DEADLINE_SECONDS = 10.0
_KEEPALIVE_MILLISECONDS = 30_000


class _Unary(grpc.aio.UnaryUnaryClientInterceptor):
    """Adds token and deadline to unary calls, and turns a failed one into our own exception."""

    def __init__(self, metadata: Sequence[tuple[str, str]], deadline: float) -> None:
        self._metadata = metadata
        self._deadline = deadline

    async def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        metadata = grpc.aio.Metadata(*self._metadata, *(details.metadata or ()))
        timeout = details.timeout if details.timeout is not None else self._deadline
        renewed = grpc.aio.ClientCallDetails(
            details.method, timeout, metadata, details.credentials, details.wait_for_ready
        )
        try:
            call = await continuation(renewed, request)
            return await call
        except grpc.aio.AioRpcError as error:
            raise from_rpc(error) from error


class Client:
    """Every stub of the contract. Make it with `connect`.

    Unary calls get the token, a deadline of 10 s unless told otherwise, and retries where the contract allows them;
    they raise ActionsyncError. Streams are read through `watch`, listings through `pages`.
    """

    def __init__(self, channel: grpc.aio.Channel, *, metadata: Sequence[tuple[str, str]]) -> None:
        self._metadata = metadata
        self.persons = person_sync_pb2_grpc.PersonSyncStub(channel)
        self.activities = activity_log_pb2_grpc.ActivityLogStub(channel)
        self.unsubscribes = unsubscribe_check_pb2_grpc.UnsubscribeCheckStub(channel)
        self.reminders = reminder_tasks_pb2_grpc.ReminderTasksStub(channel)
        self.settings = sync_settings_pb2_grpc.SyncSettingsStub(channel)
        self.connections = connections_pb2_grpc.ConnectionsStub(channel)
        self.directory = directory_pb2_grpc.DirectoryStub(channel)

    def pages(self, method: Callable[..., Any], request: Any) -> AsyncIterator[Any]:
        """Return all items of a listing, page after page. `request` is not changed."""
        return pages(method, request)

    def watch(self, method: Callable[..., Any], request: Message) -> AsyncGenerator[Any, None]:
        """Return the messages of a watch; a broken connection is resumed where it stood. Close it when done."""
        return watch(method, request, metadata=self._metadata)


@asynccontextmanager
async def connect(
    address: str = "",
    token: str = "",
    *,
    deadline: float = DEFAULT_DEADLINE_SECONDS,
    root_certificates: bytes | None = None,
    plaintext: bool | None = None,
) -> AsyncIterator[Client]:
    """Open a client. Address and token come from ACTIONSYNC_ADDRESS and ACTIONSYNC_TOKEN when they are not given.

    Plain text is used for loopback addresses only, unless `plaintext` says otherwise; everything else is TLS. Raises
    TokenInvalidError for a token that cannot be sent.
    """
    address = address or os.environ.get("ACTIONSYNC_ADDRESS", "127.0.0.1:50051")
    # A token read from a file brings its line break along.
    token = (token or os.environ.get("ACTIONSYNC_TOKEN", "")).strip()
    if not (token.isascii() and token.isprintable()):
        raise TokenInvalidError("the token has characters that no token has", code=grpc.StatusCode.UNAUTHENTICATED)
    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    options = [
        ("grpc.service_config", service_config()),
        ("grpc.keepalive_time_ms", _KEEPALIVE_MILLISECONDS),
        ("grpc.enable_retries", 1),
    ]
    interceptors = [_Unary(metadata, deadline)]
    if _is_loopback(address) if plaintext is None else plaintext:
        channel = grpc.aio.insecure_channel(address, options=options, interceptors=interceptors)
    else:
        credentials = grpc.ssl_channel_credentials(root_certificates)
        channel = grpc.aio.secure_channel(address, credentials, options=options, interceptors=interceptors)
    async with channel:
        yield Client(channel, metadata=metadata)


def _is_loopback(address: str) -> bool:
    host = address.removeprefix("dns:///").rpartition(":")[0].strip("[]")
    return host in {"localhost", "::1"} or host.startswith("127.")
