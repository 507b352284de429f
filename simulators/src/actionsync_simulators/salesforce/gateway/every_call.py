"""What every Salesforce call can answer beside its own errors, and the calls that stand outside the route table."""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_simulators.endpoint import Endpoint, StandingCall
from actionsync_simulators.salesforce.auth.calls import LOGIN_CALLS
from actionsync_simulators.salesforce.bulk.v1.routes import ROUTES as CLASSIC
from actionsync_simulators.salesforce.soap.calls import SOAP_CALLS

ERRORS: Mapping[str, str] = {
    "INVALID_SESSION_ID": "401: no session, an unknown one, or one that ended",
    "INVALID_AUTH_HEADER": "401: an Authorization header of another scheme than Bearer or OAuth",
    "REQUEST_LIMIT_EXCEEDED": "403: the calls of 24 hours are used up, or too many long calls run at once",
    "NOT_FOUND": "404: no such path, version or object",
    "METHOD_NOT_ALLOWED": "405: the path has no such verb; the header Allow names those that it has",
    "UNSUPPORTED_API_VERSION": "410: a version that was retired",
    "URI_TOO_LONG": "414: the URI is over 16 KB",
    "UNSUPPORTED_MEDIA_TYPE": "415: the body is of another content type",
    "HEADERS_TOO_LONG": "431: URI and headers are over 16 KB",
    "JSON_PARSER_ERROR": "400: the body is not the JSON that the call needs, or broken gzip",
}
"""Codes that come before a call is run, or with any body."""

CLASSIC_ERRORS: Mapping[str, str] = {
    "InvalidSessionId": "Bulk 1.0, 400: no session, an unknown one, or one that ended",
    "InvalidVersion": "Bulk 1.0, 400: a version that is not served",
    "InvalidUrl": "Bulk 1.0, 400: no such path, or another verb",
    "ExceededQuota": "Bulk 1.0, 400: the calls of 24 hours are used up",
}
"""The same around calls below /services/async, which have errors of their own form."""

HTTP_STATUS: Mapping[str, int] = {"URI_TOO_LONG": 414, "HEADERS_TOO_LONG": 431}
"""Statuses of codes that only the gateway gives."""

STANDING_CALLS: tuple[StandingCall, ...] = (
    StandingCall(method="GET", path="/services/data"),
    *LOGIN_CALLS,
    *SOAP_CALLS,
)
"""Logging in and what is about a login; SOAP; versions."""

_OF_ROUTES = frozenset({"REQUEST_LIMIT_EXCEEDED", "UNSUPPORTED_API_VERSION", "METHOD_NOT_ALLOWED"})
_OF_BODIES = frozenset({"UNSUPPORTED_MEDIA_TYPE", "JSON_PARSER_ERROR"})
_OF_SESSIONS = frozenset({"INVALID_SESSION_ID", "INVALID_AUTH_HEADER"})


def errors_around(call: Endpoint) -> tuple[str, ...]:
    """Return the codes of `ERRORS` or `CLASSIC_ERRORS` that can befall this call."""
    if call in CLASSIC:
        return tuple(CLASSIC_ERRORS)
    hidden: frozenset[str] = frozenset()
    if call in STANDING_CALLS:
        hidden |= _OF_ROUTES
        if call.path.startswith("/services/"):
            hidden |= _OF_SESSIONS
    if call.schema is None:
        hidden |= _OF_BODIES
    return tuple(code for code in ERRORS if code not in hidden)
