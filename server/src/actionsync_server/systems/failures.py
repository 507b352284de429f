"""What can go wrong with a call, in our own terms, and the tables that read a system's codes into them.

    a system's code ──CodeTable.find──▶ CodeMeaning ──▶ Failure ──Failure.error──▶ an exception of `model.errors`

A `Failure` travels inside `CallFailed` as far as the loop in calls.py, which repeats the call where that is safe; what
leaves this package is the SystemFailure family only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import (
    LoginRefused,
    NotPrepared,
    OutcomeUnknown,
    QuotaExhausted,
    Refused,
    System,
    SystemBusy,
    SystemFailure,
)


class FailureKind(Enum):
    """What the caller does about a failure; each but TOKEN is one exception of `model.errors`."""

    TOKEN = "token"  # noqa: S105 - the word, not a secret: get a new token and repeat once, then LoginRefused
    BUSY = "busy"  # SystemBusy: not carried out, repeat later
    QUOTA = "quota"  # QuotaExhausted: not carried out, the allowance is spent
    UNKNOWN = "unknown"  # OutcomeUnknown for a write that must not be doubled, else as BUSY
    LOGIN = "login"  # LoginRefused
    REFUSED = "refused"  # Refused
    NOT_PREPARED = "not prepared"  # NotPrepared


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """One code of a system. `when` narrows the entry to messages that contain it (without case).

    `retry_after` is the first wait in seconds, for BUSY and UNKNOWN; long waits are handed to the caller.
    """

    code: str
    kind: FailureKind
    meaning: str
    owner: ActionOwner
    next_step: str
    when: str = ""
    retry_after: float = 1.0


#: Our own words for what no code of a system says. They stand in every table.
NOT_REACHED = ""
TIMEOUT = "TIMEOUT"
CONNECTION_LOST = "CONNECTION_LOST"
UNREADABLE = "UNREADABLE"
DAMAGED_FILE = "DAMAGED_FILE"
TOO_MANY_REQUESTS = "429"
HELD_BACK = "HELD_BACK"

_WAIT = "Nothing to do; it is repeated by itself."
_LOOKED_UP = "Nothing to do; it is looked up before it is repeated."

_OWN = (
    CodeMeaning(NOT_REACHED, FailureKind.BUSY, "The system cannot be reached", ActionOwner.NOBODY, _WAIT),
    CodeMeaning(TIMEOUT, FailureKind.UNKNOWN, "The system did not answer in time", ActionOwner.NOBODY, _LOOKED_UP),
    CodeMeaning(CONNECTION_LOST, FailureKind.UNKNOWN, "The answer was lost", ActionOwner.NOBODY, _LOOKED_UP),
    CodeMeaning(UNREADABLE, FailureKind.UNKNOWN, "The answer made no sense", ActionOwner.NOBODY, _LOOKED_UP),
    CodeMeaning(DAMAGED_FILE, FailureKind.BUSY, "The file is not what was promised", ActionOwner.NOBODY, _WAIT),
    CodeMeaning(
        HELD_BACK,
        FailureKind.QUOTA,
        "Few calls are left for the day; they are kept for what is more urgent",
        ActionOwner.ADMIN,
        "Wait for the next day, find out who makes the calls (GetSyncStatus), or buy more.",
    ),
    CodeMeaning(TOO_MANY_REQUESTS, FailureKind.BUSY, "Too many requests", ActionOwner.NOBODY, _WAIT, retry_after=2.0),
)


class CodeTable:
    """The codes of one system, whatever their case. Of several entries for one the first whose `when` fits stands."""

    def __init__(self, entries: Sequence[CodeMeaning], *, unknown: Callable[[str], CodeMeaning]) -> None:
        self._entries: dict[str, list[CodeMeaning]] = {}
        for entry in (*entries, *_OWN):
            self._entries.setdefault(entry.code.upper(), []).append(entry)
        self._unknown = unknown

    @property
    def entries(self) -> tuple[CodeMeaning, ...]:
        """Every entry."""
        return tuple(entry for entries in self._entries.values() for entry in entries)

    @property
    def codes(self) -> frozenset[str]:
        """Every code that has an entry, in upper case."""
        return frozenset(self._entries)

    def find(self, code: str, message: str = "") -> CodeMeaning:
        """Return what `code` means; a code without an entry is read by the table's rule for unknown ones."""
        lowered = message.casefold()
        for entry in self._entries.get(code.upper(), ()):
            if entry.when.casefold() in lowered:
                return entry
        return self._unknown(code)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed call. `message` is fit for errors and logs: redacted already, in our words or the system's.

    `sent` is False when nothing left our side, so that nothing can have been done or charged.
    """

    kind: FailureKind
    message: str
    code: str = ""
    retry_after: float = 1.0
    sent: bool = True
    metadata: Mapping[str, str] = field(default_factory=dict)

    def error(self, system: System, *, repeatable: bool, until: Micros) -> SystemFailure:
        """Return the exception that tells the caller what to do. `until` is when a spent allowance comes back."""
        failure: SystemFailure
        message = f"{system.name.title()}: {self.message}"
        match self.kind:
            case FailureKind.TOKEN | FailureKind.LOGIN:
                failure = LoginRefused(system, message, system_code=self.code)
            case FailureKind.QUOTA:
                failure = QuotaExhausted(system, message, until=until, system_code=self.code)
            case FailureKind.UNKNOWN if not repeatable:
                failure = OutcomeUnknown(system, message, system_code=self.code)
            case FailureKind.BUSY | FailureKind.UNKNOWN:
                failure = SystemBusy(system, message, system_code=self.code, retry_after=self.retry_after)
            case FailureKind.NOT_PREPARED:
                failure = NotPrepared(system, message, system_code=self.code)
            case FailureKind.REFUSED:
                failure = Refused(system, message, system_code=self.code)
        failure.metadata.update(self.metadata)
        return failure


class CallFailed(Exception):
    """Carries a `Failure` to the loop that decides about repeating; never leaves this package."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure
