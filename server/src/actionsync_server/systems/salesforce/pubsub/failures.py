"""What a call of the Pub/Sub API that failed means for us, in the terms of all other calls.

The API's own code stands in the trailers, `sfdc.platform.eventbus.grpc.` before it; most of what is to be done is said
by the gRPC status already.
"""

from __future__ import annotations

import grpc

from actionsync_server.systems.failures import CONNECTION_LOST, Failure, FailureKind
from actionsync_server.systems.redaction import redact

_CODE_KEY = "error-code"
_PREFIX = "sfdc.platform.eventbus.grpc."
_SLOW_DOWN_SECONDS = 60.0

#: The place from which we wanted to go on is not there any more, or makes no sense: a stream must begin anew.
REPLAY_CODES = frozenset(
    {
        "subscription.fetch.replayid.corrupted",
        "subscription.fetch.replayid.validation.failed",
        "subscription.fetch.replay.repeated",
    }
)
#: The events of 24 hours that the org may have delivered are used up.
ALLOWANCE_CODE = "subscription.limit.exceeded"

_BY_STATUS = {
    grpc.StatusCode.UNAUTHENTICATED: FailureKind.TOKEN,
    grpc.StatusCode.PERMISSION_DENIED: FailureKind.REFUSED,
    grpc.StatusCode.NOT_FOUND: FailureKind.REFUSED,
    grpc.StatusCode.INVALID_ARGUMENT: FailureKind.REFUSED,
    grpc.StatusCode.FAILED_PRECONDITION: FailureKind.REFUSED,
    grpc.StatusCode.UNIMPLEMENTED: FailureKind.REFUSED,
}
"""What is not here passes by itself, or so it is taken."""


def failure_of(error: grpc.aio.AioRpcError) -> Failure:
    """Return the failure that a call's end stands for."""
    trailers = {str(key): value for key, value in error.trailing_metadata() or ()}
    told = trailers.get(_CODE_KEY, "")
    code = (told if isinstance(told, str) else "").removeprefix(_PREFIX)
    status = error.code()
    words = redact(error.details() or "")
    message = f"the Pub/Sub API answered {status.name} ({code or 'no code'}: {words})"
    kind = _BY_STATUS.get(status, FailureKind.BUSY)
    if code in REPLAY_CODES:
        kind = FailureKind.BUSY
    elif code == ALLOWANCE_CODE:
        kind = FailureKind.QUOTA
    slow = status is grpc.StatusCode.RESOURCE_EXHAUSTED
    return Failure(kind, message, code=code or status.name, retry_after=_SLOW_DOWN_SECONDS if slow else 1.0)


def lost(what: str) -> Failure:
    """Return the failure of a stream that ended without an error."""
    return Failure(FailureKind.BUSY, what, code=CONNECTION_LOST)
