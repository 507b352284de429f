"""What the SOAP API says of itself."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, StandingCall

SOAP = "/services/Soap/"

_OF_LOGINS = ("INVALID_LOGIN", "LOGIN_MUST_USE_SECURITY_TOKEN")
_OF_ROWS = (
    "INVALID_STATUS",
    "MALFORMED_ID",
    "FIELD_INTEGRITY_EXCEPTION",
    "INACTIVE_OWNER_OR_USER",
    "CANNOT_UPDATE_CONVERTED_LEAD",
    "INVALID_CROSS_REFERENCE_KEY",
    "ENTITY_IS_DELETED",
    "MERGE_FAILED",
    "INVALID_TYPE",
    "REQUIRED_FIELD_MISSING",
    "INVALID_FIELD",
    "INVALID_TYPE_ON_FIELD_IN_RECORD",
    "STRING_TOO_LONG",
)
_ERRORS = (*_OF_LOGINS, *_OF_ROWS, "EXCEEDED_ID_LIMIT", "500")
_DOOR = (
    Param("api", required=True, description="u: partner, c: enterprise", example="u"),
    Param("version", required=True, description="such as 59.0", example="59.0"),
)
_BEHAVIOURS = (
    Behaviour("soap-login", "login answers with the URL and the session of every later call, of REST calls too"),
    Behaviour("soap-any-prefix", "elements count by name and namespace, whatever their prefix"),
    Behaviour("soap-rows-alone", "each conversion and each merge has a result of its own"),
    Behaviour("soap-origin", "change events tell the API and the client of CallOptions as their origin"),
)

SOAP_CALLS: tuple[StandingCall, ...] = (
    StandingCall(
        method="POST", path=f"{SOAP}{{api}}/{{version}}", params=_DOOR, errors=_ERRORS, behaviours=_BEHAVIOURS
    ),
    StandingCall(
        method="POST",
        path=f"{SOAP}{{api}}/{{version}}/{{org}}",
        params=(*_DOOR, Param("org", required=True, description="id of the org, 15 characters")),
        errors=_ERRORS,
        behaviours=_BEHAVIOURS,
    ),
)
"""login, logout, getUserInfo, getServerTimestamp, convertLead and merge. 500 is a fault without an exception code."""
