"""Model to contract and back, for what several services share: instants, spans, enums, failed items, deliveries."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeVar

from actionsync.v1.common_pb2 import Delivery, DeliveryAttempt, DeliveryError, FieldViolation, ItemError
from actionsync.v1.error_reason_pb2 import ErrorReason
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from actionsync_server.clock import SECOND, Micros
from actionsync_server.model import deliveries as model
from actionsync_server.model.errors import ActionsyncError, Violation

E = TypeVar("E", bound=Enum)

#: A status and an ItemError name at most so many fields: a status above 8 KiB is lost on the way.
LARGEST_VIOLATION_COUNT = 20
#: Longer descriptions are cut, for the same reason.
LARGEST_DESCRIPTION = 200


def timestamp(instant: Micros | None) -> Timestamp | None:
    """Return an instant as a Timestamp; None stays None, which leaves a field unset."""
    if instant is None:
        return None
    return Timestamp(seconds=instant // SECOND, nanos=instant % SECOND * 1_000)


def duration(span: Micros | None) -> Duration | None:
    """Return a span as a Duration; None stays None, which leaves a field unset."""
    if span is None:
        return None
    seconds, rest = divmod(abs(span), SECOND)
    sign = -1 if span < 0 else 1
    return Duration(seconds=sign * seconds, nanos=sign * rest * 1_000)


def micros(value: Timestamp | Duration) -> Micros:
    """Return a Timestamp or Duration in whole microseconds; a finer part is cut off."""
    return int(value.seconds * SECOND + int(value.nanos / 1_000))


def number(value: Enum | None) -> Any:
    """Return the contract's number of a model enum, 0 (unspecified) for None.

    The type is Any because the generated stubs want their own enum type where the wire, and every runtime, takes ints.
    """
    return 0 if value is None else value.value


def enum(kind: type[E], value: int, *, unspecified: E | None = None) -> E:
    """Return the model enum with the contract's number; `unspecified` stands for 0. Raises ValueError when unknown."""
    if value == 0 and unspecified is not None:
        return unspecified
    return kind(value)


def reason_number(error: ActionsyncError) -> Any:
    """Return the contract's number of an error's reason."""
    return ErrorReason.Value(f"ERROR_REASON_{error.reason}")


def capped(violations: list[Violation]) -> list[Violation]:
    """Return at most 20 violations, each of bounded size; the last one tells how many more there are."""
    kept = [
        Violation(v.field[:LARGEST_DESCRIPTION], v.description[:LARGEST_DESCRIPTION])
        for v in violations[:LARGEST_VIOLATION_COUNT]
    ]
    more = len(violations) - LARGEST_VIOLATION_COUNT
    if more > 0:
        last = kept[-1]
        kept[-1] = Violation(last.field, f"{last.description}; and {more} more")
    return kept


def item_error(error: ActionsyncError, *, violations: list[Violation] | None = None) -> ItemError:
    """Return an error as the outcome of one item of a batch."""
    found = violations if violations is not None else list(getattr(error, "violations", []))
    return ItemError(
        code=error.code.value,
        reason=reason_number(error),
        message=error.message,
        violations=[FieldViolation(field=v.field, description=v.description) for v in capped(found)],
    )


_SUBJECT_FIELDS = {
    model.SubjectKind.ACTIVITY: "activity_id",
    model.SubjectKind.ENGAGEMENT: "activity_id",
    model.SubjectKind.UNSUBSCRIBE: "unsubscribe_id",
    model.SubjectKind.REMINDER_TASK: "reminder_task_id",
}


def delivery(stored: model.Delivery) -> Delivery:
    """Return a delivery, with its attempts when they were loaded."""
    message = Delivery(
        delivery_id=stored.delivery_id,
        system=number(stored.system),
        state=number(stored.state),
        reason=number(stored.reason),
        attempt_count=stored.attempt_count,
        next_attempt_time=timestamp(stored.due_time if stored.state in model.OPEN_STATES else None),
        last_error=_delivery_error(stored.error),
        external_id=stored.external_id,
        person_id=stored.person_id,
        warnings=stored.warnings,
        create_time=timestamp(stored.create_time),
        update_time=timestamp(stored.update_time),
        attempts=[_attempt(attempt) for attempt in stored.attempts],
    )
    setattr(message, _SUBJECT_FIELDS[stored.subject_kind], stored.subject_id)
    return message


def _attempt(attempt: model.Attempt) -> DeliveryAttempt:
    return DeliveryAttempt(
        start_time=timestamp(attempt.start_time),
        end_time=timestamp(attempt.end_time),
        outcome=number(attempt.outcome),
        error=_delivery_error(attempt.error),
    )


def _delivery_error(error: model.DeliveryError | None) -> DeliveryError | None:
    if error is None:
        return None
    return DeliveryError(
        code=error.code,
        message=error.message,
        meaning=error.meaning,
        owner=number(error.owner),
        next_step=error.next_step,
    )
