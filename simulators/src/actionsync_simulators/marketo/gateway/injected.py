"""The answers of planned errors, in the words that the vendor has for them on each family of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.gateway.envelope import Reply, plain_json, plain_text
from actionsync_simulators.marketo.gateway.errors import CODES

if TYPE_CHECKING:
    from actionsync_simulators.faults import FaultError
    from actionsync_simulators.marketo.gateway.quota import Limits

STATUS_TEXT = {
    404: "Not Found",
    413: "Request Entity Too Large",
    414: "Request-URI Too Long",
    416: "Requested Range Not Satisfiable",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
"""Real HTTP statuses, as the gateway and the file server word them."""

_OAUTH = {
    "invalid_client": (401, "Bad client credentials"),
    "unauthorized": (401, "Full authentication is required to access this resource"),
    "unsupported_grant_type": (400, "Unsupported grant type: client_credentials"),
}
"""Errors of the identity service: HTTP status and description."""


def default_message(code: str, *, method: str, limits: Limits) -> str:
    """Return the vendor's message of a code, with the limits in force in it."""
    known = CODES.get(code)
    if known is None:
        return "Injected error"
    values: dict[str, tuple[object, ...]] = {
        "605": (method,),
        "606": (limits.calls_per_window, limits.window_seconds),
        "615": (limits.calls_at_once,),
        "1080": (25,),
    }
    if code in values:
        return known.message % values[code]
    return known.message.replace("%s", "injected")


def planned_status(error: FaultError) -> Reply:
    """Return a planned answer with a real HTTP status: a short text, no envelope."""
    status = error.http_status or 502
    reply = plain_text(status, error.message or STATUS_TEXT.get(status, "Injected error"))
    reply.code = error.code
    return reply


def planned_oauth(error: FaultError) -> Reply:
    """Return a planned answer of the identity service: an OAuth error, or a gateway status where the code is one."""
    if error.code.isdecimal() and int(error.code) in STATUS_TEXT:
        status = error.http_status or int(error.code)
        reply = plain_text(status, error.message or STATUS_TEXT.get(status, "Injected error"))
    else:
        status, description = _OAUTH.get(error.code, (401, "Injected error"))
        document = {"error": error.code, "error_description": error.message or description}
        reply = plain_json(error.http_status or status, document)
    reply.code = error.code
    return reply
