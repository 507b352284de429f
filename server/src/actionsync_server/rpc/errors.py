"""What was raised becomes a status: once, here, for every RPC.

A status carries the standard google.rpc details: ErrorInfo always, BadRequest for field violations, RetryInfo where a
wait is known, RequestInfo with the request id. It never grows over 8 KiB, because gRPC would lose it on the way and the
caller would see RESOURCE_EXHAUSTED instead. What is not one of our errors is a fault of ours: INTERNAL without a word
of its text, which might name anything.
"""

from __future__ import annotations

import base64
import urllib.parse
from dataclasses import dataclass

import structlog
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from actionsync_server.clock import SECOND, Micros
from actionsync_server.model.errors import ActionsyncError, Code, InvalidInput, QuotaExhausted, Violation
from actionsync_server.rpc.convert import capped, duration

log = structlog.get_logger(__name__)

DOMAIN = "actionsync"
#: gRPC's soft limit for all trailing metadata is 8 KiB; the rest is room for the request id and HTTP/2's own.
LARGEST_STATUS = 7_000
_LARGEST_MESSAGE = 600
_LARGEST_METADATA_VALUE = 200
#: A caller told to wait this long or longer may as well be told this.
_LONGEST_WAIT: Micros = 25 * 60 * 60 * SECOND


class DeadlineExceeded(ActionsyncError):
    """The caller's deadline or the server's maximum passed."""

    code = Code.DEADLINE_EXCEEDED

    def __init__(self, method: str) -> None:
        super().__init__(
            f"{method} took longer than the caller or the server allows", reason="DEADLINE", metadata={"method": method}
        )


class TooManyCalls(ActionsyncError):
    """The caller holds as many calls of a kind as one caller may."""

    code = Code.RESOURCE_EXHAUSTED

    def __init__(self, limit: str, most: int) -> None:
        super().__init__(
            f"one caller may have {most} open {limit}; end one first",
            reason="TOO_MANY_CALLS",
            metadata={"limit": limit, "most": str(most)},
            retry_after=1.0,
        )


class InternalFault(ActionsyncError):
    """Something that we did not foresee."""

    def __init__(self) -> None:
        super().__init__("a fault of the server; quote the request id to whoever runs it")


@dataclass(frozen=True, slots=True)
class Status:
    """What the caller is told."""

    code: Code
    message: str
    details: tuple[Message, ...]

    def to_proto(self) -> status_pb2.Status:
        """Return it as google.rpc.Status."""
        status = status_pb2.Status(code=self.code.value, message=self.message)
        for detail in self.details:
            status.details.add().Pack(detail)
        return status


def to_error(raised: BaseException) -> ActionsyncError:
    """Return what was raised as one of our errors; a fault of ours is logged with its traceback.

    The first of our own errors stands for a group of them, as a TaskGroup raises it.
    """
    if isinstance(raised, ActionsyncError):
        return raised
    if isinstance(raised, BaseExceptionGroup):
        ours, others = raised.split(ActionsyncError)
        if ours is not None and others is None:
            return _first(ours)
    log.error("unexpected_error", exc_info=raised)
    return InternalFault()


def _first(group: BaseExceptionGroup[ActionsyncError]) -> ActionsyncError:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, ActionsyncError)
    return error


def to_status(error: ActionsyncError, *, request_id: str, now: Micros) -> Status:
    """Return the status of an error, small enough to arrive."""
    violations = capped(error.violations) if isinstance(error, InvalidInput) else []
    while True:
        status = _status(error, violations, request_id=request_id, now=now)
        if not violations or _size(status) <= LARGEST_STATUS:
            return status
        violations = violations[: len(violations) // 2]


def _status(error: ActionsyncError, violations: list[Violation], *, request_id: str, now: Micros) -> Status:
    metadata = {name: _cut(value, _LARGEST_METADATA_VALUE) for name, value in error.metadata.items()}
    if error.code is Code.INTERNAL or isinstance(error, InvalidInput):
        metadata["requestId"] = request_id
    details: list[Message] = [error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=metadata)]
    if violations:
        named = [
            error_details_pb2.BadRequest.FieldViolation(field=violation.field, description=violation.description)
            for violation in violations
        ]
        details.append(error_details_pb2.BadRequest(field_violations=named))
    wait = _wait(error, now)
    if wait is not None:
        details.append(error_details_pb2.RetryInfo(retry_delay=duration(wait)))
    details.append(error_details_pb2.RequestInfo(request_id=request_id))
    return Status(error.code, _cut(error.message, _LARGEST_MESSAGE), tuple(details))


def _wait(error: ActionsyncError, now: Micros) -> Micros | None:
    if isinstance(error, QuotaExhausted):
        return min(max(error.until - now, 0), _LONGEST_WAIT)
    return None if error.retry_after is None else min(int(error.retry_after * SECOND), _LONGEST_WAIT)


def _size(status: Status) -> int:
    """Return the bytes it takes on the wire: the message percent-encoded, the whole in base64."""
    whole = base64.b64encode(status.to_proto().SerializeToString())
    return len(whole) + len(urllib.parse.quote(status.message))


def _cut(text: str, most: int) -> str:
    """Return text of at most so many UTF-8 bytes."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "…"
