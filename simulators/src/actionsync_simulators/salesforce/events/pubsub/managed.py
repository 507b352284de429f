"""The managed subscription: the client names it, and commits how far it got."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from actionsync_simulators.salesforce.events.log import replay_number
from actionsync_simulators.salesforce.events.managed_subscriptions import (
    KEY_PREFIX,
    ManagedSubscription,
    keep_managed_subscription,
    managed_subscriptions,
)
from actionsync_simulators.salesforce.events.pubsub.errors import PubSubError
from actionsync_simulators.salesforce.events.pubsub.fetching import Start
from actionsync_simulators.salesforce.events.pubsub.messages import (
    COMMIT_ERROR,
    CommitReplayResponse,
    Error,
    ManagedFetchResponse,
)
from actionsync_simulators.salesforce.events.pubsub.subscribing import find_topic
from actionsync_simulators.salesforce.gateway.ids import full_id

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.events.pubsub.calls import Call
    from actionsync_simulators.salesforce.state import Org


class ManagedFetch:
    """What ManagedSubscribe says and understands."""

    def __init__(self, org: Org, call: Call) -> None:
        self._org = org
        self._call = call
        self._id: str | None = None
        self._owed: list[Any] = []

    def opened(self, request: Any) -> Start:
        """The first request names the subscription, by id or by developer name."""
        subscription = self._found(request)
        if not subscription.running:
            raise PubSubError("managed.subscription.config.stopped")
        if subscription.id in self._org.streams.managed:
            raise PubSubError("managed.subscription.already.active")
        topic = find_topic(self._org, subscription.topic)
        self._id = subscription.id
        self._org.streams.managed.add(subscription.id)
        self._commit(request)
        log = self._org.events
        log.expire()
        position = log.expired if subscription.earliest else log.newest
        if subscription.position is not None and log.retains(subscription.position):
            position = subscription.position
        return Start(topic, position)

    def checked(self, request: Any) -> None:
        """Later requests ask for more, or commit."""
        self._commit(request)

    def requested(self, request: Any) -> int:
        """A request that only commits asks for no events."""
        if request.num_requested < 0 or not (request.num_requested or request.HasField("commit_replay_id_request")):
            raise PubSubError("managed.subscription.fetch.request.events.invalid")
        return int(request.num_requested)

    def answers(self) -> list[Any]:
        """The outcomes of commits."""
        owed, self._owed = self._owed, []
        return owed

    def response(self, events: list[Any], *, latest: bytes, pending: int, rpc_id: str) -> Any:
        """A ManagedFetchResponse."""
        return ManagedFetchResponse(
            events=events, latest_replay_id=latest, pending_num_requested=pending, rpc_id=rpc_id
        )

    def closed(self) -> None:
        """The next subscriber may come."""
        if self._id is not None:
            self._org.streams.managed.discard(self._id)

    def _found(self, request: Any) -> ManagedSubscription:
        known = managed_subscriptions(self._org)
        if request.subscription_id:
            wanted = full_id(request.subscription_id)
            if wanted is None or not wanted.startswith(KEY_PREFIX):
                raise PubSubError("managed.subscription.subscription.id.invalid")
            found = next((each for each in known if each.id == wanted), None)
            if found is None:
                raise PubSubError("managed.subscription.subscription.id.not.found")
            return found
        if not request.developer_name:
            raise PubSubError("managed.subscription.id.or.developer.name.empty")
        found = next((each for each in known if each.developer_name == request.developer_name), None)
        if found is None:
            raise PubSubError("managed.subscription.developer.name.not.found")
        return found

    def _commit(self, request: Any) -> None:
        if not request.HasField("commit_replay_id_request"):
            return
        asked = request.commit_replay_id_request
        outcome = CommitReplayResponse(
            commit_request_id=asked.commit_request_id,
            replay_id=asked.replay_id,
            process_time=self._org.events.now(),
        )
        position = replay_number(asked.replay_id)
        subscription = next((each for each in managed_subscriptions(self._org) if each.id == self._id), None)
        if subscription is None or position is None or not self._org.events.retains(position):
            outcome.error.CopyFrom(Error(code=COMMIT_ERROR, msg="The Replay ID validation failed."))
        else:
            keep_managed_subscription(self._org, replace(subscription, position=position))
        self._owed.append(ManagedFetchResponse(commit_response=outcome, rpc_id=self._call.rpc_id))
