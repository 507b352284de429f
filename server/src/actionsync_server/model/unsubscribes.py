"""Sales unsubscribes: held by address, with a history that only grows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from actionsync_server.clock import Micros


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
