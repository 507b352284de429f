"""How the people flow takes a failure: what it says to people, and how long it waits."""

from __future__ import annotations

import structlog

from actionsync_server.clock import MINUTE, SECOND, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.model.errors import ActionsyncError, Code, LoginRefused, QuotaExhausted
from actionsync_server.model.initial_syncs import Failure

log = structlog.get_logger(__name__)

_FIRST_WAIT: Micros = 30 * SECOND
_LONGEST_WAIT: Micros = 10 * MINUTE


def failure_of(error: Exception) -> Failure:
    """Return an error as it is stored and shown; one of ours that nobody foresaw says no more than that."""
    if isinstance(error, ActionsyncError):
        return Failure(error.code.value, error.reason, error.message)
    return Failure(Code.INTERNAL.value, "INTERNAL", "a fault of actionsync itself; it tries again")


def wait_after(error: Exception, *, failure_count: int, now: Micros) -> Micros:
    """Return how long to wait after the `failure_count`-th failure in a row."""
    if isinstance(error, QuotaExhausted):
        return max(error.until - now, SECOND)
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(failure_count - 1, 10))
    asked = getattr(error, "retry_after", None)
    return max(int(asked * SECOND), SECOND) if asked and failure_count == 1 else wait


async def note(error: Exception, instance_id: str, *, registry: ConnectionRegistry, what: str) -> None:
    """Log a failure, and mark the connection when it is the login that is refused."""
    if isinstance(error, LoginRefused):
        await registry.mark_login_refused(instance_id, error.system)
    if isinstance(error, ActionsyncError):
        log.warning(what, instance_id=instance_id, reason=error.reason, **_code(error))
    else:
        log.error(what, instance_id=instance_id, exc_info=error)


def _code(error: ActionsyncError) -> dict[str, str]:
    code = error.metadata.get("code")
    return {"system_code": code} if code else {}
