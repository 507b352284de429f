"""What a call can raise: one class for each reason of the contract, all below ActionsyncError.

ActionsyncError          code, reason, metadata, request_id, retry_after, violations
├── UnreachableError     no answer from a server of ours (no reason came with the status)
└── <Reason>Error        InvalidFieldError, NotConnectedError, … as in error_reason.proto
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import grpc
from actionsync.v1.error_reason_pb2 import ErrorReason
from google.rpc import error_details_pb2
from grpc_status import rpc_status

DOMAIN = "actionsync"


@dataclass(frozen=True, slots=True)
class Violation:
    """One input field that broke its limit."""

    field: str
    description: str


class ActionsyncError(Exception):
    """A call failed. `reason` is the contract's name without its prefix, "" when the server gave none."""

    def __init__(
        self,
        message: str,
        *,
        code: grpc.StatusCode,
        reason: str = "",
        metadata: dict[str, str] | None = None,
        request_id: str = "",
        retry_after: float | None = None,
        violations: tuple[Violation, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.reason = reason
        self.metadata = metadata or {}
        self.request_id = request_id
        self.retry_after = retry_after
        self.violations = violations


class UnreachableError(ActionsyncError):
    """No answer, or none from an actionsync server: wrong address, not running, a proxy in between."""


class InvalidFieldError(ActionsyncError):
    """A field broke its limit; `violations` names all of them."""


class TokenInvalidError(ActionsyncError):
    """No token, or one that does not verify."""


class TokenExpiredError(ActionsyncError):
    """The token's life is over."""


class RoleNotAllowedError(ActionsyncError):
    """The token's role may not call this."""


class InstanceUnknownError(ActionsyncError):
    """The token's instance does not exist."""


class ResourceNotFoundError(ActionsyncError):
    """There is no such resource in this instance."""


class ResourceExistsError(ActionsyncError):
    """The id is taken."""


class IdempotencyKeyReusedError(ActionsyncError):
    """Same idempotency key, other content."""


class RequestIdReusedError(ActionsyncError):
    """Same request id, other request."""


class EtagMismatchError(ActionsyncError):
    """Somebody else changed the resource meanwhile."""


class PageTokenInvalidError(ActionsyncError):
    """The page token is not from this listing."""


class ResumeTokenExpiredError(ActionsyncError):
    """The position is compacted away; read everything again."""


class TokenForeignError(ActionsyncError):
    """The resume token is of another database."""


class NotConnectedError(ActionsyncError):
    """The instance is not connected to that system."""


class LoginRefusedError(ActionsyncError):
    """The system does not accept the login."""


class SystemUnavailableError(ActionsyncError):
    """The system does not answer now."""


class SystemQuotaExhaustedError(ActionsyncError):
    """The system's allowance is spent."""


class SystemRefusedError(ActionsyncError):
    """The system refused the request."""


class SystemNotPreparedError(ActionsyncError):
    """The system lacks something; see CheckConnection."""


class InitialSyncRunningError(ActionsyncError):
    """Another initial sync is running."""


class WrongStateError(ActionsyncError):
    """The state does not allow this."""


class TemplateFieldUnknownError(ActionsyncError):
    """The subject template names an unknown field."""


class LoggingModesConflictError(ActionsyncError):
    """Two ways of logging that exclude each other."""


class PersonNotQualifiedError(ActionsyncError):
    """The person has no sales owner."""


class TooManyCallsError(ActionsyncError):
    """Too many calls at once from this caller."""


class StoreUnavailableError(ActionsyncError):
    """The server's store did not answer; nothing acknowledged is lost."""


class ShuttingDownError(ActionsyncError):
    """The server is stopping."""


class NotYetServedError(ActionsyncError):
    """Part of the contract, served by a later release."""


class InternalError(ActionsyncError):
    """A fault of the server; quote the request id."""


class DeadlineError(ActionsyncError):
    """The deadline passed."""


class ConsentRequiredError(ActionsyncError):
    """A removed unsubscribe needs a reason and consent."""


def _class_name(reason: str) -> str:
    return "".join(word.title() for word in reason.split("_")) + "Error"


_CLASSES: dict[str, type[ActionsyncError]] = {
    reason: globals()[_class_name(reason)]
    for reason in (value.name.removeprefix("ERROR_REASON_") for value in ErrorReason.DESCRIPTOR.values)
    if reason != "UNSPECIFIED"
}


def from_rpc(error: grpc.RpcError) -> ActionsyncError:
    """Return the exception that a failed call means."""
    call: Any = error
    code: grpc.StatusCode = call.code()
    message = call.details() or code.name
    info = error_details_pb2.ErrorInfo()
    retry_after, request_id = None, ""
    violations: tuple[Violation, ...] = ()
    for detail in _details(call):
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            detail.Unpack(info)
        elif detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
            retry = error_details_pb2.RetryInfo()
            detail.Unpack(retry)
            retry_after = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
        elif detail.Is(error_details_pb2.RequestInfo.DESCRIPTOR):
            request = error_details_pb2.RequestInfo()
            detail.Unpack(request)
            request_id = request.request_id
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            bad = error_details_pb2.BadRequest()
            detail.Unpack(bad)
            violations = tuple(Violation(one.field, one.description) for one in bad.field_violations)
    ours = info.domain == DOMAIN
    kind = _CLASSES.get(info.reason, ActionsyncError) if ours else _without_reason(code)
    return kind(
        message,
        code=code,
        reason=info.reason if ours else "",
        metadata=dict(info.metadata),
        request_id=request_id,
        retry_after=retry_after,
        violations=violations,
    )


def _without_reason(code: grpc.StatusCode) -> type[ActionsyncError]:
    return DeadlineError if code is grpc.StatusCode.DEADLINE_EXCEEDED else UnreachableError


def _details(call: Any) -> list[Any]:
    try:
        status = rpc_status.from_call(call)
    except ValueError:
        # Code and details of the trailers disagree: the status was replaced on the way, for example because it was
        # too large. What is left of it stands in code() and details().
        return []
    return [] if status is None else list(status.details)
