"""Everything that can go wrong, in one tree. Raised anywhere below the edge, mapped to gRPC once, in rpc/errors.

    ActionsyncError                      carries code, reason, metadata
    ├── InvalidInput                     INVALID_ARGUMENT, with field violations
    ├── NotFound                         NOT_FOUND
    ├── AlreadyExists                    ALREADY_EXISTS
    ├── Unauthenticated                  UNAUTHENTICATED
    ├── NotAllowed                       PERMISSION_DENIED
    ├── EtagMismatch                     ABORTED
    ├── FailedPrecondition               FAILED_PRECONDITION (wrong state, not connected, ...)
    ├── OutOfRange                       OUT_OF_RANGE
    ├── Unavailable                      UNAVAILABLE, with the time to wait
    ├── NotYetServed                     UNIMPLEMENTED
    └── SystemFailure                    Marketo or Salesforce said no; grouped by what the caller does about it
        ├── SystemBusy                   wait `retry_after` and repeat: nothing was done
        │   └── QuotaExhausted           wait until `until`: the day's allowance is spent
        ├── OutcomeUnknown               the call may have been carried out: look before you repeat
        ├── LoginRefused                 a person must connect again
        ├── Refused                      never repeat: this request cannot succeed
        └── NotPrepared                  an admin of that system must create or permit something

Messages and metadata carry ids, never tokens, addresses or names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from actionsync_server.clock import Micros


class Code(Enum):
    """Canonical gRPC status codes, by number."""

    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    UNAUTHENTICATED = 16


class System(Enum):
    """Where a fact comes from or goes to; the numbers are the contract's."""

    MARKETO = 1
    SALESFORCE = 2
    ACTIONSYNC = 3


@dataclass(frozen=True, slots=True)
class Violation:
    """One input field that broke its limit."""

    field: str
    description: str


class ActionsyncError(Exception):
    """Root of the tree. `reason` is a value name of the contract's ErrorReason without its prefix."""

    code = Code.INTERNAL

    def __init__(
        self,
        message: str,
        *,
        reason: str = "INTERNAL",
        metadata: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.retry_after = retry_after  # seconds; None where waiting does not help


class InvalidInput(ActionsyncError):
    """The request is malformed; nothing of it was done."""

    code = Code.INVALID_ARGUMENT

    def __init__(
        self,
        violations: Sequence[Violation],
        *,
        reason: str = "INVALID_FIELD",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        first = violations[0] if violations else Violation("", "the request is malformed")
        message = f"{first.field}: {first.description}" if first.field else first.description
        super().__init__(message, reason=reason, metadata=metadata)
        self.violations = list(violations)


class NotFound(ActionsyncError):
    """There is no such resource in this instance."""

    code = Code.NOT_FOUND

    def __init__(self, resource: str, identifier: str) -> None:
        super().__init__(
            f"there is no {resource} {identifier!r} in this instance",
            reason="RESOURCE_NOT_FOUND",
            metadata={"resource": resource, "id": identifier},
        )


class AlreadyExists(ActionsyncError):
    """The resource or key is taken."""

    code = Code.ALREADY_EXISTS


class Unauthenticated(ActionsyncError):
    """No valid token."""

    code = Code.UNAUTHENTICATED


class NotAllowed(ActionsyncError):
    """The role may not do this; said before anything is looked up."""

    code = Code.PERMISSION_DENIED


class EtagMismatch(ActionsyncError):
    """Somebody else changed the resource meanwhile."""

    code = Code.ABORTED

    def __init__(self, resource: str) -> None:
        super().__init__(
            f"the {resource} changed since it was read; read it again and repeat the change",
            reason="ETAG_MISMATCH",
            metadata={"resource": resource},
        )


class FailedPrecondition(ActionsyncError):
    """The present state does not allow this."""

    code = Code.FAILED_PRECONDITION


class OutOfRange(ActionsyncError):
    """A position that no longer exists."""

    code = Code.OUT_OF_RANGE


class Unavailable(ActionsyncError):
    """Something of ours does not answer now; nothing acknowledged is lost."""

    code = Code.UNAVAILABLE


class NotYetServed(ActionsyncError):
    """Part of the contract, served by a later release."""

    code = Code.UNIMPLEMENTED

    def __init__(self, method: str) -> None:
        super().__init__(
            f"{method} is part of the contract but not served by this release",
            reason="NOT_YET_SERVED",
            metadata={"method": method},
        )


class NotConnected(FailedPrecondition):
    """The instance (or the user) has no login to that system."""

    def __init__(self, system: System, user_id: str = "") -> None:
        whose = f"user {user_id!r}" if user_id else "the instance"
        super().__init__(
            f"{whose} is not connected to {system.name.title()}; an admin connects it with Connections",
            reason="NOT_CONNECTED",
            metadata={"system": system.name} | ({"userId": user_id} if user_id else {}),
        )
        self.system = system


class SystemFailure(ActionsyncError):
    """A system said no, or nothing. `system_code` is the system's own code ("" for a lost connection)."""

    code = Code.FAILED_PRECONDITION
    default_reason = "SYSTEM_REFUSED"

    def __init__(
        self, system: System, message: str, *, system_code: str = "", retry_after: float | None = None
    ) -> None:
        metadata = {"system": system.name} | ({"code": system_code} if system_code else {})
        super().__init__(message, reason=self.default_reason, metadata=metadata, retry_after=retry_after)
        self.system = system
        self.system_code = system_code


class SystemBusy(SystemFailure):
    """Not carried out; repeat after `retry_after` seconds."""

    code = Code.UNAVAILABLE
    default_reason = "SYSTEM_UNAVAILABLE"


class QuotaExhausted(SystemBusy):
    """Not carried out; the allowance is spent until `until`."""

    code = Code.RESOURCE_EXHAUSTED
    default_reason = "SYSTEM_QUOTA_EXHAUSTED"

    def __init__(self, system: System, message: str, *, until: Micros, system_code: str = "") -> None:
        super().__init__(system, message, system_code=system_code)
        self.until = until


class OutcomeUnknown(SystemFailure):
    """The connection was lost or timed out after the request left: it may have been carried out."""

    code = Code.UNAVAILABLE
    default_reason = "SYSTEM_UNAVAILABLE"


class LoginRefused(SystemFailure):
    """The system does not accept the login any more."""

    default_reason = "LOGIN_REFUSED"


class Refused(SystemFailure):
    """The request cannot succeed as it is."""


class NotPrepared(SystemFailure):
    """The system lacks something that its admin must create or permit."""

    default_reason = "SYSTEM_NOT_PREPARED"
