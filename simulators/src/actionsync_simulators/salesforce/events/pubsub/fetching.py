"""Delivering events on a stream: the client asks for a number of events, and gets no more than that.

`FetchStream` is the same for plain and for managed subscriptions; what differs is said by a `Dialect`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from actionsync_simulators.salesforce.events.alarm import Alarm
from actionsync_simulators.salesforce.events.log import LoggedEvent, replay_bytes
from actionsync_simulators.salesforce.events.payload import Payloads
from actionsync_simulators.salesforce.events.pubsub.calls import Call, Calls
from actionsync_simulators.salesforce.events.pubsub.errors import lost_connection
from actionsync_simulators.salesforce.events.pubsub.inbox import Inbox
from actionsync_simulators.salesforce.events.pubsub.messages import MOST_REQUESTED, ConsumerEvent, ProducerEvent
from actionsync_simulators.salesforce.events.selection import Topic
from actionsync_simulators.salesforce.events.streams import Stream

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.state import Org

MOST_BYTES = 3 * 1024 * 1024
"""Payload bytes after which a response is closed: clients refuse messages of more than 4 MiB."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a subscription is about, and the replay id after which it begins."""

    topic: Topic
    position: int


class Dialect(Protocol):
    """What one of the two subscribing calls says and understands."""

    def opened(self, request: Any) -> Start:
        """The first request. Raises PubSubError."""

    def checked(self, request: Any) -> None:
        """A later request. Raises PubSubError."""

    def requested(self, request: Any) -> int:
        """How many events a request asks for. Raises PubSubError."""

    def answers(self) -> list[Any]:
        """Responses that are owed besides events."""

    def response(self, events: list[Any], *, latest: bytes, pending: int, rpc_id: str) -> Any:
        """A response with events, or an empty one as a sign of life."""

    def closed(self) -> None:
        """The stream has ended."""


class FetchStream:
    """One subscription: its place in the log, its credit, and when something is due."""

    def __init__(self, org: Org, calls: Calls, payloads: Payloads, *, call: Call, dialect: Dialect) -> None:
        self._org = org
        self._calls = calls
        self._payloads = payloads
        self._call = call
        self._dialect = dialect
        self._alarm = Alarm(org.clock)
        self._topic: Topic | None = None
        self._sent_at = self._no_credit_since = org.clock.now()
        self._stream = Stream(call.rpc_id, call.method, call.username, org.clock.now(), self._alarm.bell)

    async def responses(self, requests: AsyncIterator[Any]) -> AsyncGenerator[Any]:
        """Everything that is sent on the stream. Raises PubSubError when it ends with an error."""
        inbox = Inbox(requests, self._alarm.bell)
        self._org.events.listen(self._alarm.bell)
        self._org.streams.add(self._stream)
        try:
            while True:
                if self._stream.ending is not None:
                    raise self._stream.ending
                self._calls.check(self._call)
                self._read(inbox)
                for answer in self._dialect.answers():
                    yield answer
                response = self._next_response()
                if response is not None:
                    fault = self._calls.fault(self._call, type(response).DESCRIPTOR.name)
                    if fault is not None and fault.action == "delay":
                        await self._org.clock.sleep(fault.seconds)
                    yield response
                    if fault is not None and fault.action == "commit_then_drop":
                        raise lost_connection()
                    continue
                if inbox.finished or self._idle():
                    return
                await self._alarm.wait(self._seconds())
        finally:
            self._alarm.close()
            self._org.events.ignore(self._alarm.bell)
            self._org.streams.remove(self._stream)
            self._dialect.closed()
            await inbox.close()

    def _read(self, inbox: Inbox) -> None:
        while (request := inbox.take()) is not None:
            self._calls.use(self._call, request)
            if self._topic is None:
                start = self._dialect.opened(request)
                self._topic = start.topic
                self._stream.topic, self._stream.position = start.topic.name, start.position
                self._sent_at = self._org.clock.now()
            else:
                self._dialect.checked(request)
            asked = self._dialect.requested(request)
            if asked:
                self._stream.credit = min(self._stream.credit + asked, MOST_REQUESTED)

    def _next_response(self) -> Any:
        """What can be sent now: events, or a sign of life that is due, or None."""
        stream = self._stream
        if self._topic is None or not stream.credit:
            return None
        log = self._org.events
        events = log.read(stream.position, self._topic.wanted, limit=stream.credit)
        if not events and self._org.clock.now() < self._sent_at + self._org.switches.keepalive:
            return None
        if not events:
            stream.position = log.mark_time()
            return self._respond([])
        wire: list[Any] = []
        size = 0
        for event in events:
            wire.append(self._wire(event))
            stream.position = event.replay
            size += wire[-1].ByteSize()
            if size > MOST_BYTES:
                break
        stream.credit -= len(wire)
        return self._respond(wire)

    def _respond(self, events: list[Any]) -> Any:
        self._sent_at = self._org.clock.now()
        if not self._stream.credit:
            self._no_credit_since = self._sent_at
        return self._dialect.response(
            events,
            latest=replay_bytes(self._stream.position),
            pending=self._stream.credit,
            rpc_id=self._call.rpc_id,
        )

    def _wire(self, event: LoggedEvent) -> Any:
        payload = self._payloads.avro(event, self._calls.access(self._call))
        produced = ProducerEvent(id=event.event_id, schema_id=event.schema_id, payload=payload)
        return ConsumerEvent(event=produced, replay_id=replay_bytes(event.replay))

    # Times

    def _idle(self) -> bool:
        return not self._stream.credit and self._org.clock.now() >= self._idle_at()

    def _idle_at(self) -> datetime:
        return self._no_credit_since + self._org.switches.idle_subscription

    def _seconds(self) -> float:
        """How long there is nothing to do but wait for news."""
        due = self._sent_at + self._org.switches.keepalive if self._stream.credit else self._idle_at()
        if self._call.session is not None:
            due = min(due, self._call.session.expires_at)
        return max((due - self._org.clock.now()) / timedelta(seconds=1), 0.0)
