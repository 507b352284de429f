"""Sales unsubscribes: held by address, with a history that only grows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from actionsync_server.clock import Micros
from actionsync_server.model.settings import OptOutField, UnsubscribeSettings

EMAIL_OPT_OUT = "HasOptedOutOfEmail"


class UnsubscribeSource(Enum):
    """How an unsubscribe arose; the numbers are the contract's."""

    CLICKED_LINK = 1
    MANUAL = 2
    SALESFORCE_SYNC = 3
    BOUNCE = 4


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """One unsubscribed address, normalised (see model/persons.email_key)."""

    unsubscribe_id: str
    email_key: str
    source: UnsubscribeSource
    reason: str
    user_id: str  # "" for the recipient and the sync
    unsubscribe_time: Micros


@dataclass(frozen=True, slots=True)
class UnsubscribeEvent:
    """One entry in the history of an address."""

    event_id: str
    email_key: str
    unsubscribed: bool  # False for a resubscribe
    source: UnsubscribeSource
    reason: str
    consent: str  # evidence, for a resubscribe
    user_id: str
    event_time: Micros


def opt_out_field(settings: UnsubscribeSettings) -> str:
    """Return the Salesforce field that holds the opt-out.

    The chosen field counts while the two-way sync is on. Without it a push goes to Email Opt Out, whatever is chosen.
    """
    if settings.nightly_sync and settings.opt_out_field is OptOutField.SALES_OPT_OUT:
        return settings.sales_opt_out_field
    return EMAIL_OPT_OUT
