"""The plain subscription: the client says in its first request where to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.salesforce.events.log import replay_number
from actionsync_simulators.salesforce.events.pubsub.errors import PubSubError
from actionsync_simulators.salesforce.events.pubsub.fetching import Start
from actionsync_simulators.salesforce.events.pubsub.messages import CUSTOM, EARLIEST, LATEST, FetchResponse

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.events.selection import Topic
    from actionsync_simulators.salesforce.state import Org


class PlainFetch:
    """What Subscribe says and understands."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._topic_name = ""

    def opened(self, request: Any) -> Start:
        """Topic and starting point are fixed by the first request."""
        topic = find_topic(self._org, request.topic_name)
        self._topic_name = topic.name
        # A request that asks for nothing opens nothing.
        self.requested(request)
        return Start(topic, self._position(request))

    def checked(self, request: Any) -> None:
        """Later requests may leave the topic out; what they say of the starting point is not read."""
        if request.topic_name not in ("", self._topic_name):
            raise PubSubError("subscription.fetch.topic.mismatch")

    def requested(self, request: Any) -> int:
        """At least one event."""
        if request.num_requested <= 0:
            raise PubSubError("subscription.fetch.requested.events.invalid")
        return int(request.num_requested)

    def answers(self) -> list[Any]:
        """Nothing but events is ever sent."""
        return []

    def response(self, events: list[Any], *, latest: bytes, pending: int, rpc_id: str) -> Any:
        """A FetchResponse."""
        return FetchResponse(events=events, latest_replay_id=latest, pending_num_requested=pending, rpc_id=rpc_id)

    def closed(self) -> None:
        """Nothing is kept."""

    def _position(self, request: Any) -> int:
        log = self._org.events
        if request.replay_preset == LATEST:
            return log.newest
        if request.replay_preset == EARLIEST:
            log.expire()
            return log.expired
        if request.replay_preset != CUSTOM:
            raise PubSubError("subscription.fetch.request.invalid", "Unknown replay preset.")
        if not request.replay_id:
            raise PubSubError("subscription.fetch.replayid.validation.failed")
        position = replay_number(request.replay_id)
        if position is None or not log.retains(position):
            raise PubSubError("subscription.fetch.replayid.corrupted")
        return position


def find_topic(org: Org, name: str) -> Topic:
    """The topic of that name. Raises PubSubError."""
    if not name:
        raise PubSubError("topic.validation.empty")
    topic = org.selection.topic(name)
    if topic is None:
        raise PubSubError("topic.not.found", f"The topic {name} does not exist.")
    return topic
