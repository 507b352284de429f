"""The delivery: the duty to bring one fact to one system, and its one state machine.

PENDING ──▶ DELIVERING ──▶ DELIVERED
              │  ├──▶ RETRYING ──▶ (due again) DELIVERING      the system was busy, nothing was done
              │  ├──▶ UNKNOWN ──▶ DELIVERED | RETRYING         the answer was lost; looked up before repeating
              │  ├──▶ WAITING ──▶ PENDING                      something else must happen first
              │  └──▶ SKIPPED | FAILED                         settings or rules say no | it cannot succeed
FAILED ──▶ PENDING (retry) | DISCARDED (given up)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from actionsync_server.clock import HOUR, MINUTE, SECOND, Micros
from actionsync_server.model.errors import System


class DeliveryState(Enum):
    """Where a delivery stands; the numbers are the contract's."""

    PENDING = 1
    DELIVERING = 2
    UNKNOWN = 3
    RETRYING = 4
    WAITING = 5
    DELIVERED = 6
    SKIPPED = 7
    FAILED = 8
    DISCARDED = 9


class DeliveryReason(Enum):
    """Why it stands there; the numbers are the contract's."""

    NONE = 0
    TURNED_OFF = 1
    NO_RECORD_FOR_TYPE = 2
    NO_SALESFORCE_ID = 3
    NO_MATCHING_RECORD = 4
    USER_NOT_CONNECTED = 5
    NOT_CONNECTED = 6
    QUOTA_EXHAUSTED = 7
    EARLIER_DELIVERY = 8
    PERSON_GONE = 9
    NOT_QUALIFIED = 10
    REFUSED = 11
    RETRIES_EXHAUSTED = 12
    LOGIN_INVALID = 13
    SYSTEM_NOT_PREPARED = 14
    STOPPED = 15


class ActionOwner(Enum):
    """Who has to act; the numbers are the contract's."""

    NOBODY = 0
    ACTIONSYNC = 1
    USER = 2
    ADMIN = 3
    MARKETO_ADMIN = 4
    SALESFORCE_ADMIN = 5


class SubjectKind(Enum):
    """What is delivered. An engagement is an activity that changes the Task of another one."""

    ACTIVITY = 1
    UNSUBSCRIBE = 2
    REMINDER_TASK = 3
    ENGAGEMENT = 4


#: States in which somebody still has to do something.
OPEN_STATES = frozenset(
    {
        DeliveryState.PENDING,
        DeliveryState.DELIVERING,
        DeliveryState.UNKNOWN,
        DeliveryState.RETRYING,
        DeliveryState.WAITING,
    }
)

#: Which state may follow which. Whoever changes a state asks `may_follow` first.
_NEXT: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.PENDING: frozenset(DeliveryState) - {DeliveryState.PENDING},
    DeliveryState.DELIVERING: frozenset(DeliveryState) - {DeliveryState.DISCARDED},
    DeliveryState.UNKNOWN: frozenset(
        {
            DeliveryState.DELIVERING,
            DeliveryState.DELIVERED,
            DeliveryState.RETRYING,
            DeliveryState.FAILED,
            DeliveryState.UNKNOWN,
            DeliveryState.WAITING,
            DeliveryState.DISCARDED,
        }
    ),
    DeliveryState.RETRYING: frozenset(DeliveryState) - {DeliveryState.DELIVERED},
    DeliveryState.WAITING: frozenset(DeliveryState) - {DeliveryState.DELIVERED, DeliveryState.UNKNOWN},
    DeliveryState.DELIVERED: frozenset(),
    DeliveryState.SKIPPED: frozenset(),
    DeliveryState.FAILED: frozenset({DeliveryState.PENDING, DeliveryState.DISCARDED}),
    DeliveryState.DISCARDED: frozenset(),
}


def may_follow(now: DeliveryState, then: DeliveryState) -> bool:
    """Tell whether a delivery may go from `now` to `then`."""
    return then in _NEXT[now]


@dataclass(frozen=True, slots=True)
class DeliveryError:
    """A system's refusal with our reading of it."""

    code: str
    message: str
    meaning: str
    owner: ActionOwner
    next_step: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt and what it led to."""

    start_time: Micros
    end_time: Micros
    outcome: DeliveryState
    error: DeliveryError | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One duty. `sequence` grows with creation and orders the deliveries of one person to one system."""

    delivery_id: str
    system: System
    subject_kind: SubjectKind
    subject_id: str
    person_id: str
    state: DeliveryState
    reason: DeliveryReason
    attempt_count: int
    due_time: Micros | None
    error: DeliveryError | None
    external_id: str
    warnings: tuple[str, ...]
    sequence: int
    create_time: Micros
    update_time: Micros
    attempts: tuple[Attempt, ...] = field(default=())


FIRST_BACKOFF: Micros = 30 * SECOND
LAST_BACKOFF: Micros = HOUR
RETRY_HORIZON: Micros = 7 * 24 * HOUR
#: When a Marketo row with an unknown outcome is looked up: rows may become visible up to 10 minutes late.
LOOKUP_DELAYS: tuple[Micros, ...] = (2 * MINUTE, 10 * MINUTE)


def backoff(attempt_count: int, *, jitter: float) -> Micros:
    """Return how long to wait after the given number of attempts: 30 s doubling to 1 h, times 0.5 + `jitter` (0..1)."""
    plain = min(LAST_BACKOFF, FIRST_BACKOFF * 2 ** min(attempt_count - 1, 20))
    return int(plain * (0.5 + jitter))
