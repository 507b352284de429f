"""One subscription to one topic: opened, fed with credit, and gone on with where it was cut."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NoReturn

import grpc
import structlog

from actionsync_server.systems.deadline import deadline
from actionsync_server.systems.failures import CallFailed, FailureKind
from actionsync_server.systems.salesforce.connection import Connection
from actionsync_server.systems.salesforce.pubsub import messages
from actionsync_server.systems.salesforce.pubsub.change_event import (
    UNKNOWN_CHANGE,
    ChangeEvent,
    EventSchema,
    UnreadableEventError,
)
from actionsync_server.systems.salesforce.pubsub.failures import REPLAY_CODES, failure_of, lost
from actionsync_server.systems.tokens import Token

log = structlog.get_logger(__name__)

#: The API allows as many events to be asked for at once.
CREDIT = 100
#: More is asked for as soon as so many are left: a stream without credit is ended by the server.
LOW_CREDIT = 50
#: A sign of life comes after 270 seconds at the latest.
SILENCE_SECONDS = 330.0
SCHEMA_SECONDS = 30.0

Heard = Callable[[Sequence[ChangeEvent]], None]


class Subscription:
    """What has changed since the last stream of this topic, and what changes from now on.

    `is_resumable` says whether the next stream goes on where the last was cut; else what happened in between is not
    told.
    """

    def __init__(self, connection: Connection, channel: grpc.aio.Channel, topic: str) -> None:
        self._connection = connection
        self._topic = topic
        self._replay_id = b""
        self._schemas: dict[str, EventSchema | None] = {}
        self._subscribe = channel.stream_stream(
            messages.SUBSCRIBE,
            request_serializer=messages.FetchRequest.SerializeToString,
            response_deserializer=messages.FetchResponse.FromString,
        )
        self._get_schema = channel.unary_unary(
            messages.GET_SCHEMA,
            request_serializer=messages.SchemaRequest.SerializeToString,
            response_deserializer=messages.SchemaInfo.FromString,
        )

    @property
    def is_resumable(self) -> bool:
        """Tell whether the place in the topic is known."""
        return bool(self._replay_id)

    async def listen(self, *, opened: Callable[[], None], heard: Heard) -> NoReturn:
        """Open a stream, and again with a new session when that has ended; `heard` gets the events as they come.

        `opened` is called when a stream has been asked for, `heard` with no events on a sign of life. Raises the
        SystemFailure family when the stream ends otherwise.
        """
        renewed = False

        def answered(events: Sequence[ChangeEvent]) -> None:
            nonlocal renewed
            renewed = False
            heard(events)

        while True:
            token = await self._connection.tokens.current()
            try:
                await self._stream(token, opened, answered)
            except CallFailed as failed:
                failure = failed.failure
            if failure.code in REPLAY_CODES:
                self._replay_id = b""
            if failure.kind is FailureKind.TOKEN:
                self._connection.tokens.reject(token)
                if not renewed:
                    renewed = True
                    continue
            raise self._connection.calls.error(failure, repeatable=True)

    async def _stream(self, token: Token, opened: Callable[[], None], heard: Heard) -> NoReturn:
        metadata = await self._metadata(token)
        call = self._subscribe(metadata=metadata, wait_for_ready=False)
        try:
            await call.write(self._first_request())
            opened()
            while True:
                async with deadline(self._connection.clock, SILENCE_SECONDS):
                    response: Any = await call.read()
                if response is grpc.aio.EOF:
                    raise CallFailed(lost("the stream was ended"))
                if response.pending_num_requested <= LOW_CREDIT and not call.done():
                    more = CREDIT - response.pending_num_requested
                    await call.write(messages.FetchRequest(topic_name=self._topic, num_requested=more))
                heard([await self._read(one.event, metadata) for one in response.events])
                self._replay_id = response.latest_replay_id or self._replay_id
        except TimeoutError as silence:
            raise CallFailed(lost("the stream gave no sign of life")) from silence
        except grpc.aio.AioRpcError as error:
            raise CallFailed(failure_of(error)) from error
        finally:
            call.cancel()

    def _first_request(self) -> Any:
        preset = messages.CUSTOM if self._replay_id else messages.LATEST
        return messages.FetchRequest(
            topic_name=self._topic, replay_preset=preset, replay_id=self._replay_id, num_requested=CREDIT
        )

    async def _metadata(self, token: Token) -> grpc.aio.Metadata:
        organization_id = await self._connection.organization_id()
        return grpc.aio.Metadata(
            ("accesstoken", token.value), ("instanceurl", token.origin), ("tenantid", organization_id)
        )

    async def _read(self, event: Any, metadata: grpc.aio.Metadata) -> ChangeEvent:
        """Return what an event says; one that cannot be read may be anything."""
        try:
            schema = await self._schema(event.schema_id, metadata)
            return UNKNOWN_CHANGE if schema is None else schema.read(event.payload)
        except UnreadableEventError as problem:
            log.warning("change_event_unreadable", topic=self._topic, what=str(problem))
            return UNKNOWN_CHANGE

    async def _schema(self, schema_id: str, metadata: grpc.aio.Metadata) -> EventSchema | None:
        """Return a schema, kept for as long as this subscription; None when it is not to be had."""
        if schema_id in self._schemas:
            return self._schemas[schema_id]
        asked: Awaitable[Any] = self._get_schema(
            messages.SchemaRequest(schema_id=schema_id), metadata=metadata, timeout=SCHEMA_SECONDS
        )
        try:
            told = (await asked).schema_json
        except grpc.aio.AioRpcError as error:
            failure = failure_of(error)
            if failure.kind is FailureKind.TOKEN:
                raise
            log.warning("change_event_schema_not_told", topic=self._topic, code=failure.code)
            if failure.kind is FailureKind.REFUSED:
                self._schemas[schema_id] = None
            return None
        self._schemas[schema_id] = None  # stays so when it cannot be read
        self._schemas[schema_id] = EventSchema(told)
        return self._schemas[schema_id]
