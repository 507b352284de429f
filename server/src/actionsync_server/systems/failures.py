"""What a system's code means for us: one entry per code, one table per system (marketo/codes.py, salesforce/codes.py)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from actionsync_server.model.deliveries import ActionOwner


class FailureKind(Enum):
    """What the caller does about a failure; each but TOKEN is one exception of `model.errors`."""

    TOKEN = "token"  # noqa: S105 - the word, not a secret: get a new token and repeat once
    BUSY = "busy"  # SystemBusy: not carried out, repeat later
    QUOTA = "quota"  # QuotaExhausted: not carried out, the allowance is spent
    UNKNOWN = "unknown"  # OutcomeUnknown for a write that must not be doubled, else as BUSY
    LOGIN = "login"  # LoginRefused
    REFUSED = "refused"  # Refused
    NOT_PREPARED = "not prepared"  # NotPrepared


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """One code of a system. `when` narrows the entry to messages that contain it (without case)."""

    code: str
    kind: FailureKind
    meaning: str
    owner: ActionOwner
    next_step: str
    when: str = ""
    retry_after: float = 0.0  # seconds to wait before the first repetition, for BUSY and UNKNOWN
