"""The calls of the Pub/Sub API, without gRPC: each takes a call and its requests, and raises PubSubError."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from actionsync_simulators.salesforce.events.payload import Payloads
from actionsync_simulators.salesforce.events.pubsub.calls import Call, Calls
from actionsync_simulators.salesforce.events.pubsub.errors import PubSubError
from actionsync_simulators.salesforce.events.pubsub.fetching import FetchStream
from actionsync_simulators.salesforce.events.pubsub.managed import ManagedFetch
from actionsync_simulators.salesforce.events.pubsub.messages import SchemaInfo, TopicInfo
from actionsync_simulators.salesforce.events.pubsub.publishing import Publisher
from actionsync_simulators.salesforce.events.pubsub.subscribing import PlainFetch, find_topic
from actionsync_simulators.salesforce.events.topic_schema import schema_id_of_topic

if TYPE_CHECKING:
    from actionsync_simulators.journal import Journal
    from actionsync_simulators.salesforce.state import Org


class PubSubService:
    """All calls on one org."""

    def __init__(self, org: Org, journal: Journal, *, seed: int) -> None:
        self._org = org
        self.calls = Calls(org, journal, seed=seed)
        self._payloads = Payloads(org.events)
        self._publisher = Publisher(org, self.calls, self._payloads)

    async def get_topic(self, call: Call, request: Any) -> Any:
        """What a topic is, and the schema its events have now."""
        await self._entered(call)
        topic = find_topic(self._org, request.topic_name)
        return TopicInfo(
            topic_name=topic.name,
            tenant_guid=f"core/{self._instance()}/{self._org.organization_id}",
            can_publish=topic.kind == "platform",
            can_subscribe=True,
            schema_id=schema_id_of_topic(self._org, topic),
            rpc_id=call.rpc_id,
        )

    async def get_schema(self, call: Call, request: Any) -> Any:
        """The Avro schema behind an id, also one that is no longer in use."""
        await self._entered(call)
        text = self._org.events.schema(request.schema_id) if request.schema_id else None
        if text is None:
            raise PubSubError("schema.validation.failed")
        return SchemaInfo(schema_json=text, schema_id=request.schema_id, rpc_id=call.rpc_id)

    async def subscribe(self, call: Call, requests: AsyncIterator[Any]) -> AsyncGenerator[Any]:
        """Events of a topic from a place that the client names."""
        await self._entered(call)
        stream = FetchStream(self._org, self.calls, self._payloads, call=call, dialect=PlainFetch(self._org))
        async with aclosing(stream.responses(requests)) as responses:
            async for response in responses:
                yield response

    async def managed_subscribe(self, call: Call, requests: AsyncIterator[Any]) -> AsyncGenerator[Any]:
        """Events of a managed subscription from the place that was committed last."""
        await self._entered(call)
        stream = FetchStream(self._org, self.calls, self._payloads, call=call, dialect=ManagedFetch(self._org, call))
        async with aclosing(stream.responses(requests)) as responses:
            async for response in responses:
                yield response

    async def publish(self, call: Call, request: Any) -> Any:
        """Platform events, all at once."""
        await self._entered(call)
        return self._publisher.publish(call, request)

    async def publish_stream(self, call: Call, requests: AsyncIterator[Any]) -> AsyncGenerator[Any]:
        """Platform events, batch after batch."""
        await self._entered(call)
        async with aclosing(self._publisher.stream(call, requests)) as responses:
            async for response in responses:
                yield response

    async def _entered(self, call: Call) -> None:
        fault = self.calls.fault(call)
        if fault is not None and fault.action == "delay":
            await self._org.clock.sleep(fault.seconds)
        self.calls.authenticate(call)

    def _instance(self) -> str:
        return str(self._org.database.value('SELECT InstanceName FROM "Organization"'))
