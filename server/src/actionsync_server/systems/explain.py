"""What a system's code means, for the delivery desk and for whoever decides about a single row."""

from __future__ import annotations

from actionsync_server.model.deliveries import DeliveryError
from actionsync_server.model.errors import System, SystemFailure
from actionsync_server.systems.failures import CodeMeaning, CodeTable, FailureKind
from actionsync_server.systems.marketo import codes as marketo
from actionsync_server.systems.redaction import redact
from actionsync_server.systems.salesforce import codes as salesforce

__all__ = ["FailureKind", "explain", "explain_failure", "judge"]

_TABLES: dict[System, CodeTable] = {System.MARKETO: marketo.TABLE, System.SALESFORCE: salesforce.TABLE}


def judge(system: System, code: str, message: str = "") -> FailureKind:
    """Return what to do about a code, for example of one row of a collection."""
    return _find(system, code, message).kind


def explain(system: System, code: str, message: str) -> DeliveryError:
    """Return a system's words with our reading of them: what it means, who must act, and how.

    The message is kept without addresses, tokens and over-long values.
    """
    found = _find(system, code, message)
    return DeliveryError(
        code=code, message=redact(message), meaning=found.meaning, owner=found.owner, next_step=found.next_step
    )


def explain_failure(failure: SystemFailure) -> DeliveryError:
    """Return the same for an exception of a client; a missing permission is named in the next step."""
    found = _find(failure.system, failure.system_code, failure.message)
    permission = failure.metadata.get("permission")
    next_step = found.next_step
    if permission:
        next_step = f"Give the API-only user's role the permission '{permission}', and check the IP allow-list."
    return DeliveryError(
        code=failure.system_code,
        message=redact(failure.message),
        meaning=found.meaning,
        owner=found.owner,
        next_step=next_step,
    )


def _find(system: System, code: str, message: str) -> CodeMeaning:
    return _TABLES[system].find(code, message)
