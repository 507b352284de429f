"""The limits of every input field of the contract: one table, `{message: {field or oneof: rule}}`.

Every message that a request can contain is here with every field; a test proves it, and that the comments of the
contract say the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_server.rpc.limits import (
    activities,
    connections,
    directory,
    people,
    reminders,
    settings,
    shared,
    unsubscribes,
)
from actionsync_server.rpc.rules import Rule

Limits = Mapping[str, Mapping[str, Rule]]

#: Package of all messages.
_PACKAGE = "actionsync.v1."

PARTS: tuple[Limits, ...] = (
    shared.LIMITS,
    people.LIMITS,
    activities.LIMITS,
    unsubscribes.LIMITS,
    reminders.LIMITS,
    settings.LIMITS,
    connections.LIMITS,
    directory.LIMITS,
)

#: All limits, by full name of the message.
LIMITS: Limits = {f"{_PACKAGE}{message}": fields for part in PARTS for message, fields in part.items()}

#: Lists whose items fail one by one, with an ItemError in the response instead of a failed call.
PER_ITEM: Mapping[str, str] = {
    f"{_PACKAGE}BatchGetPersonsRequest": "keys",
    f"{_PACKAGE}BatchLogActivitiesRequest": "contents",
    f"{_PACKAGE}BatchCheckUnsubscribesRequest": "emails",
    f"{_PACKAGE}AuthorizeSendRequest": "recipients",
}
