"""What of an instance's Salesforce is listened to: where its events come from, and which kinds concern which worker."""

from __future__ import annotations

from dataclasses import dataclass

from actionsync_server.clock import Micros
from actionsync_server.flows.wakes import REMINDER_SYNC, UNSUBSCRIBE_SYNC
from actionsync_server.model.connections import PUBSUB_ADDRESS, Connection
from actionsync_server.model.settings import ReminderMode, Settings
from actionsync_server.model.unsubscribes import opt_out_field
from actionsync_server.systems.salesforce import CLIENT_NAME, ChangeEvent, Endpoint, endpoint_of

_TASK_TOPIC = "/data/TaskChangeEvent"
_OPT_OUT_TOPICS = ("/data/LeadChangeEvent", "/data/ContactChangeEvent")


@dataclass(frozen=True, slots=True)
class Interest:
    """A topic, and the worker that is asked when something on it concerns us: `field`, or anything when it is empty."""

    topic: str
    worker: str
    field: str = ""

    def wants(self, event: ChangeEvent) -> bool:
        """Tell whether an event is worth a poll before its time.

        Our own writes are not. What else an org changes in the course of one of them is left to the next poll.
        """
        if event.is_by(CLIENT_NAME):
            return False
        return not self.field or event.may_touch(self.field)


@dataclass(frozen=True, slots=True)
class Source:
    """What one instance listens to. `connect_time` tells one login from the next."""

    endpoint: Endpoint
    connect_time: Micros
    interests: tuple[Interest, ...]


def source_of(connection: Connection | None, settings: Settings) -> Source | None:
    """Return what is to be listened to now; None when there is nothing, or nowhere."""
    interests: list[Interest] = []
    if settings.reminders.mode is ReminderMode.TWO_WAY:
        interests.append(Interest(_TASK_TOPIC, REMINDER_SYNC))
    if settings.unsubscribes.nightly_sync:
        field = opt_out_field(settings.unsubscribes)
        interests += [Interest(topic, UNSUBSCRIBE_SYNC, field) for topic in _OPT_OUT_TOPICS]
    if connection is None or not interests:
        return None
    endpoint = endpoint_of(connection.base_url, str(connection.details.get(PUBSUB_ADDRESS, "")))
    return None if endpoint is None else Source(endpoint, connection.connect_time, tuple(interests))
