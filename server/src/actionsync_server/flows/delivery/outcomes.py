"""What came of trying to deliver: pure values, and how a system's failure reads as one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actionsync_server.clock import SECOND, Micros
from actionsync_server.flows.delivery.lanes import PROBE_INTERVAL
from actionsync_server.model.deliveries import LOOKUP_DELAYS, DeliveryError, DeliveryReason, DeliveryState
from actionsync_server.model.engagements import Standing
from actionsync_server.model.errors import (
    LoginRefused,
    NotPrepared,
    OutcomeUnknown,
    QuotaExhausted,
    SystemBusy,
    SystemFailure,
)
from actionsync_server.systems.explain import explain_failure
from actionsync_server.systems.failures import HELD_BACK


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a delivery goes from DELIVERING or UNKNOWN.

    `attempted`: a call reached the system, or may have. `least_wait` counts for RETRYING: the backoff is at least so
    long.
    """

    state: DeliveryState
    reason: DeliveryReason = DeliveryReason.NONE
    due_time: Micros | None = None
    error: DeliveryError | None = None
    external_id: str = ""
    warnings: tuple[str, ...] = ()
    attempted: bool = True
    least_wait: Micros = 0

    def not_attempted(self) -> Outcome:
        """Return the same for a delivery that no call was made for."""
        return replace(self, attempted=False)


def delivered(external_id: str, *, warnings: tuple[str, ...] = ()) -> Outcome:
    """Return: the system holds the record."""
    return Outcome(DeliveryState.DELIVERED, external_id=external_id, warnings=warnings)


def retry(error: DeliveryError | None, *, least_wait: Micros = 0) -> Outcome:
    """Return: not carried out; again after the backoff, or FAILED when the horizon is passed."""
    return Outcome(DeliveryState.RETRYING, error=error, least_wait=least_wait)


def again(now: Micros) -> Outcome:
    """Return: it is certainly not there, so write it again at once. No attempt was made to learn this."""
    return Outcome(DeliveryState.RETRYING, due_time=now, attempted=False)


def put_back(now: Micros) -> Outcome:
    """Return: its turn was over before anything was sent."""
    return Outcome(DeliveryState.PENDING, due_time=now, attempted=False)


def unknown(error: DeliveryError | None, *, due: Micros) -> Outcome:
    """Return: it may be there; look at `due`."""
    return Outcome(DeliveryState.UNKNOWN, due_time=due, error=error)


def waiting(reason: DeliveryReason, *, due: Micros | None = None, error: DeliveryError | None = None) -> Outcome:
    """Return: something else must happen first, or a time must come."""
    return Outcome(DeliveryState.WAITING, reason, due_time=due, error=error)


def skipped(reason: DeliveryReason) -> Outcome:
    """Return: settings or rules say no. No call is made for that."""
    return Outcome(DeliveryState.SKIPPED, reason, attempted=False)


def of_standing(standing: Standing) -> Outcome:
    """Return where something earlier puts a delivery, without a call."""
    return Outcome(standing.state, standing.reason, due_time=standing.due_time, attempted=False)


def failed(reason: DeliveryReason, error: DeliveryError | None) -> Outcome:
    """Return: it cannot succeed without a person."""
    return Outcome(DeliveryState.FAILED, reason, error=error)


def of_failure(failure: SystemFailure, *, now: Micros) -> Outcome:
    """Return what a failed call means for every delivery that it carried."""
    error = explain_failure(failure)
    match failure:
        case QuotaExhausted():
            outcome = waiting(DeliveryReason.QUOTA_EXHAUSTED, due=failure.until, error=error)
            return outcome.not_attempted() if failure.system_code == HELD_BACK else outcome
        case SystemBusy():
            return retry(error, least_wait=int((failure.retry_after or 0) * SECOND))
        case OutcomeUnknown():
            return unknown(error, due=now + LOOKUP_DELAYS[0])
        case LoginRefused():
            return waiting(DeliveryReason.LOGIN_INVALID, due=now + PROBE_INTERVAL, error=error)
        case NotPrepared():
            return waiting(DeliveryReason.SYSTEM_NOT_PREPARED, due=now + PROBE_INTERVAL, error=error)
        case _:
            return failed(DeliveryReason.REFUSED, error)
