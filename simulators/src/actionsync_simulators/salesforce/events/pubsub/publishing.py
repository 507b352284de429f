"""Publishing platform events: each event of a request succeeds or fails by itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.salesforce.events.alarm import Alarm
from actionsync_simulators.salesforce.events.log import NewEvent, replay_bytes
from actionsync_simulators.salesforce.events.payload import Payloads
from actionsync_simulators.salesforce.events.platform_events import platform_event_schema
from actionsync_simulators.salesforce.events.pubsub.calls import Call, Calls
from actionsync_simulators.salesforce.events.pubsub.errors import PubSubError, lost_connection
from actionsync_simulators.salesforce.events.pubsub.inbox import Inbox
from actionsync_simulators.salesforce.events.pubsub.messages import (
    PUBLISH_ERROR,
    Error,
    PublishResponse,
    PublishResult,
)
from actionsync_simulators.salesforce.events.streams import Stream

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.state import Org

LARGEST_PAYLOAD = 1_048_576


class Publisher:
    """Takes in platform events."""

    def __init__(self, org: Org, calls: Calls, payloads: Payloads) -> None:
        self._org = org
        self._calls = calls
        self._payloads = payloads

    def publish(self, call: Call, request: Any) -> Any:
        """One batch. Raises PubSubError when nothing of it can be published."""
        entity = self._entity(request.topic_name)
        if not request.events:
            raise PubSubError("publish.event.count.invalid")
        schema_id = platform_event_schema(self._org, entity)
        results = [self._one(entity, event) for event in request.events]
        fault = self._calls.fault(call, "PublishResponse")
        if fault is not None and fault.action == "commit_then_drop":
            raise lost_connection()
        return PublishResponse(results=results, schema_id=schema_id, rpc_id=call.rpc_id)

    async def stream(self, call: Call, requests: AsyncIterator[Any]) -> AsyncGenerator[Any]:
        """Batch after batch on one topic, until the client ends it or is silent for too long."""
        alarm = Alarm(self._org.clock)
        stream = Stream(call.rpc_id, call.method, call.username, self._org.clock.now(), alarm.bell)
        inbox = Inbox(requests, alarm.bell)
        self._org.events.listen(alarm.bell)
        self._org.streams.add(stream)
        heard_at = self._org.clock.now()
        try:
            while not inbox.finished:
                if stream.ending is not None:
                    raise stream.ending
                self._calls.check(call)
                request = inbox.take()
                if request is not None:
                    self._calls.use(call, request)
                    heard_at = self._org.clock.now()
                    if request.topic_name not in ("", stream.topic) and stream.topic:
                        raise PubSubError("publish.topic.mismatch")
                    stream.topic = request.topic_name = request.topic_name or stream.topic
                    yield self.publish(call, request)
                    continue
                left = heard_at + self._org.switches.idle_publish_stream - self._org.clock.now()
                if left <= timedelta(0):
                    raise PubSubError("publish.stream.sweeper.timeout")
                await alarm.wait(left / timedelta(seconds=1))
        finally:
            alarm.close()
            self._org.events.ignore(alarm.bell)
            self._org.streams.remove(stream)
            await inbox.close()

    def _entity(self, topic_name: str) -> str:
        if not topic_name:
            raise PubSubError("publish.topic.validation.empty")
        topic = self._org.selection.topic(topic_name)
        if topic is None:
            raise PubSubError("topic.not.found", f"The topic {topic_name} does not exist.")
        if topic.kind != "platform" or topic.entity is None:
            raise PubSubError("topic.meta.permission", f"Nothing can be published to {topic_name}.")
        return topic.entity

    def _one(self, entity: str, event: Any) -> Any:
        problem = ""
        fields: dict[str, Any] | None = None
        if len(event.payload) > LARGEST_PAYLOAD:
            problem = "The event is larger than 1 MB."
        elif self._org.events.schema_entity(event.schema_id) != entity:
            problem = f"{event.schema_id!r} is no schema of {entity}."
        else:
            fields = self._payloads.fields_of(event.schema_id, event.payload)
            problem = "" if fields is not None else "The payload does not fit the schema."
        if fields is None:
            return PublishResult(error=Error(code=PUBLISH_ERROR, msg=problem), correlation_key=event.id)
        with self._org.database.transaction():
            (replay,) = self._org.events.append([NewEvent(entity, event.schema_id, {}, orjson.dumps(fields))])
        return PublishResult(replay_id=replay_bytes(replay), correlation_key=event.id)
