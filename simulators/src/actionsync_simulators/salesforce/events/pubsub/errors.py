"""The errors of the Pub/Sub API: a code in the trailers, the gRPC status that goes with it, and a text."""

from __future__ import annotations

PREFIX = "sfdc.platform.eventbus.grpc."

STATUS_OF: dict[str, str] = {
    "service.auth.error": "UNAUTHENTICATED",
    "service.auth.headers.invalid": "UNAUTHENTICATED",
    "service.auth.refresh.invalid": "UNAUTHENTICATED",
    "service.unavailable": "UNAVAILABLE",
    "service.tenant.license": "PERMISSION_DENIED",
    "service.protection.triggered": "RESOURCE_EXHAUSTED",
    "service.protection.stream.limit.triggered": "RESOURCE_EXHAUSTED",
    "concurrent.client.limit.exceeded": "RESOURCE_EXHAUSTED",
    "topic.not.found": "NOT_FOUND",
    "topic.meta.permission": "PERMISSION_DENIED",
    "topic.validation.empty": "INVALID_ARGUMENT",
    "topic.api.unavailable": "UNAVAILABLE",
    "schema.meta.permission": "PERMISSION_DENIED",
    "schema.validation.failed": "INVALID_ARGUMENT",
    "schema.api.unavailable": "UNAVAILABLE",
    "subscription.internal.error": "UNAVAILABLE",
    "subscription.limit.exceeded": "RESOURCE_EXHAUSTED",
    "subscription.topic.cannot.subscribe": "PERMISSION_DENIED",
    "subscription.fetch.overflow": "RESOURCE_EXHAUSTED",
    "subscription.fetch.replay.repeated": "INVALID_ARGUMENT",
    "subscription.fetch.replayid.corrupted": "INVALID_ARGUMENT",
    "subscription.fetch.replayid.validation.failed": "INVALID_ARGUMENT",
    "subscription.fetch.request.invalid": "INVALID_ARGUMENT",
    "subscription.fetch.requested.events.invalid": "INVALID_ARGUMENT",
    "subscription.fetch.topic.mismatch": "INVALID_ARGUMENT",
    "publish.auth.refresh.invalid": "UNAUTHENTICATED",
    "publish.event.count.invalid": "INVALID_ARGUMENT",
    "publish.stream.sweeper.timeout": "CANCELLED",
    "publish.topic.mismatch": "INVALID_ARGUMENT",
    "publish.topic.validation.empty": "INVALID_ARGUMENT",
    "managed.subscription.already.active": "RESOURCE_EXHAUSTED",
    "managed.subscription.config.deleted": "NOT_FOUND",
    "managed.subscription.config.stopped": "INVALID_ARGUMENT",
    "managed.subscription.developer.name.not.found": "NOT_FOUND",
    "managed.subscription.fetch.request.events.invalid": "INVALID_ARGUMENT",
    "managed.subscription.id.or.developer.name.empty": "INVALID_ARGUMENT",
    "managed.subscription.subscription.id.invalid": "INVALID_ARGUMENT",
    "managed.subscription.subscription.id.not.found": "NOT_FOUND",
}
"""Status by what follows the common start of the code. The codes are documented, not every status is."""

MESSAGE_OF: dict[str, str] = {
    "service.auth.error": "The authentication token is invalid or has expired.",
    "service.auth.headers.invalid": "The authentication headers are missing or do not belong together.",
    "service.unavailable": "The service is not available. Try again later.",
    "topic.not.found": "The topic does not exist.",
    "topic.validation.empty": "The topic name must not be empty.",
    "schema.validation.failed": "The schema ID is blank or unknown.",
    "publish.topic.validation.empty": "The topic name must not be empty.",
    "publish.topic.mismatch": "The topic of a publish stream cannot change.",
    "publish.event.count.invalid": "A publish request must hold at least one event.",
    "publish.stream.sweeper.timeout": "The publish stream was closed, since it received no request in time.",
    "subscription.fetch.replayid.corrupted": ("The Replay ID validation failed. Ensure that the Replay ID is valid."),
    "subscription.fetch.replayid.validation.failed": "A subscription with the preset CUSTOM needs a Replay ID.",
    "subscription.fetch.requested.events.invalid": "The number of requested events must be greater than zero.",
    "subscription.fetch.request.invalid": "The fetch request is invalid.",
    "subscription.fetch.topic.mismatch": "The topic of a subscription cannot change.",
    "subscription.topic.cannot.subscribe": "This topic cannot be subscribed to.",
    "managed.subscription.already.active": "The managed subscription has a subscriber.",
    "managed.subscription.config.stopped": "The managed subscription is stopped.",
    "managed.subscription.developer.name.not.found": "There is no managed subscription of that name.",
    "managed.subscription.fetch.request.events.invalid": ("The number of requested events must be greater than zero."),
    "managed.subscription.id.or.developer.name.empty": "A subscription ID or a developer name is needed.",
    "managed.subscription.subscription.id.invalid": "The subscription ID is not valid.",
    "managed.subscription.subscription.id.not.found": "There is no managed subscription with that ID.",
}
"""Text by code; the others say their code."""


class PubSubError(Exception):
    """A call or stream that ends with an error. `suffix` is the code without its common start.

    Without `told`, the client learns of no code: its connection is gone.
    """

    def __init__(self, suffix: str, message: str | None = None, *, told: bool = True) -> None:
        super().__init__(message or MESSAGE_OF.get(suffix, suffix))
        self.suffix = suffix
        self.told = told

    @property
    def code(self) -> str:
        """The whole code."""
        return PREFIX + self.suffix

    @property
    def status(self) -> str:
        """The name of the gRPC status."""
        return STATUS_OF[self.suffix]


def lost_connection() -> PubSubError:
    """What a client sees of a connection that is cut."""
    return PubSubError("service.unavailable", "Connection reset by peer", told=False)
