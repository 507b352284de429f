"""What recipients did with a mail, as the Task of its Send shows it.

An open, click, reply or bounce makes no Task: it marks the Task that the mail has. Marks only ever go from false to
true, so writing one twice does no harm, and many of one kind are one mark.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from actionsync_server.clock import HOUR, MINUTE, SECOND, Micros
from actionsync_server.model.activities import Activity, ActivityType
from actionsync_server.model.deliveries import OPEN_STATES, Delivery, DeliveryReason, DeliveryState, SubjectKind
from actionsync_server.model.settings import LoggingSettings

#: The fields of the Task of a Send, by what happened to the mail.
_MARKS: dict[ActivityType, dict[str, Any]] = {
    ActivityType.OPEN_SALES_EMAIL: {"MSE_Viewed__c": True},
    ActivityType.CLICK_SALES_EMAIL: {"MSE_Clicked__c": True},
    ActivityType.REPLIED_TO_SALES_EMAIL: {"MSE_Replied__c": True},
    ActivityType.SALES_EMAIL_BOUNCED: {"MSE_Email_Status__c": "bounced"},
}
#: How soon to look again after what is on its way, at first and at last.
SOON: Micros = 5 * SECOND
PATIENT: Micros = 5 * MINUTE
#: What waits may be released without a word to what waits for it; so long after a look is taken anyway.
LATE: Micros = 6 * HOUR


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What is known of one mail to one person.

    `delivery` is the one of its Send to Salesforce; `happened` is all that was logged, `told` what its Task shows.
    """

    send: Activity | None = None
    delivery: Delivery | None = None
    happened: frozenset[ActivityType] = frozenset()
    told: frozenset[ActivityType] = frozenset()


NO_FACTS = MailFacts()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an engagement goes because of its mail: a state that is no write, or None: it may be written."""

    state: DeliveryState
    reason: DeliveryReason
    due_time: Micros | None = None


def marks(kinds: Collection[ActivityType]) -> dict[str, Any]:
    """Return the fields that show all of this."""
    record: dict[str, Any] = {}
    for kind in sorted(kinds, key=lambda one: one.value):
        record |= _MARKS.get(kind, {})
    return record


def duty(
    kind: ActivityType, logging: LoggingSettings, *, bcc_logging: bool
) -> tuple[SubjectKind, DeliveryReason | None]:
    """Return how an activity reaches Salesforce, and why it does not, None when it does.

    A reply makes a Task of its own where replies are logged; elsewhere it only marks the mail's.
    """
    # Whoever files mail by BCC has replies filed in the same way.
    mail = logging.log_emails and not bcc_logging
    turned_off = DeliveryReason.TURNED_OFF
    match kind:
        case ActivityType.SEND_SALES_EMAIL:
            return SubjectKind.ACTIVITY, None if mail else turned_off
        case ActivityType.REPLIED_TO_SALES_EMAIL if logging.log_replies and not bcc_logging:
            return SubjectKind.ACTIVITY, None
        case ActivityType.RECEIVED_SALES_CALL:
            return SubjectKind.ACTIVITY, None if logging.log_calls else turned_off
        case ActivityType.ADD_TO_SALES_CAMPAIGN | ActivityType.REMOVED_FROM_SALES_CAMPAIGN:
            return SubjectKind.ACTIVITY, DeliveryReason.NO_RECORD_FOR_TYPE
        case _:
            return SubjectKind.ENGAGEMENT, None if mail else turned_off


def after(earlier: Delivery, *, since: Micros, now: Micros) -> Standing:
    """Return how what was due `since` then waits for an earlier delivery that is open: less eagerly as time goes by."""
    if earlier.state is DeliveryState.WAITING:
        return Standing(DeliveryState.WAITING, earlier.reason, max(now + SOON, earlier.due_time or now + LATE))
    look = now + min(max(SOON, now - since), PATIENT)
    return Standing(DeliveryState.WAITING, DeliveryReason.EARLIER_DELIVERY, max(look, earlier.due_time or 0))


def because_of_mail(facts: MailFacts, *, since: Micros, now: Micros) -> Standing | None:
    """Return where an engagement of `since` then stands for its mail's sake; None when the mail has its Task.

    A Send that is written later, or again, brings all marks with it, so nothing is lost by giving up here.
    """
    delivery = facts.delivery
    if facts.send is None or delivery is None:
        return Standing(DeliveryState.SKIPPED, DeliveryReason.NO_RECORD_FOR_TYPE)
    if delivery.state is DeliveryState.DELIVERED:
        return None
    if delivery.state in OPEN_STATES:
        return after(delivery, since=since, now=now)
    if delivery.state is DeliveryState.SKIPPED:
        return Standing(DeliveryState.SKIPPED, delivery.reason)
    return Standing(DeliveryState.SKIPPED, DeliveryReason.EARLIER_DELIVERY)
