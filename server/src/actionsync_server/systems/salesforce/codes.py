"""Every code that Salesforce answers with, and what it means for us. Sources: the REST guide's status codes, the SOAP
guide's StatusCode list, and the Sales Connect page on Salesforce errors.

The same table is read by the calls (what to do), for single rows of a collection, and by the delivery desk (what to
tell people).
"""

from __future__ import annotations

from actionsync_server.clock import HOUR, Micros
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.systems.failures import CodeMeaning, CodeTable, FailureKind

_NOBODY, _US, _USER, _ADMIN, _THEIRS = (
    ActionOwner.NOBODY,
    ActionOwner.ACTIONSYNC,
    ActionOwner.USER,
    ActionOwner.ADMIN,
    ActionOwner.SALESFORCE_ADMIN,
)
_TOKEN, _BUSY, _QUOTA, _UNKNOWN, _LOGIN, _REFUSED, _PREPARE = (
    FailureKind.TOKEN,
    FailureKind.BUSY,
    FailureKind.QUOTA,
    FailureKind.UNKNOWN,
    FailureKind.LOGIN,
    FailureKind.REFUSED,
    FailureKind.NOT_PREPARED,
)

LONG_WAIT = 60.0

#: Salesforce charges every call below /services/data, whatever its answer; logins are not charged.
FREE_CODES: frozenset[str] = frozenset()

#: No code slows every call: what is too much at once is said to single long calls.
SLOWING_CODES: frozenset[str] = frozenset()

_WAIT = "Nothing to do; it is repeated by itself."
_REPORT = "Report it to the makers of actionsync with the request that failed."
_RECONNECT = "Connect Salesforce again; what waits is sent then, nothing is lost."
_FIELD_ACCESS = "Make the field visible and editable for the connected user (field-level security), then retry."
_RULE = "Mend the record, or change the rule that the message names, then retry."

_ENTRIES = (
    # Login
    CodeMeaning("INVALID_SESSION_ID", _TOKEN, "Salesforce does not accept the session any more", _USER, _RECONNECT),
    CodeMeaning(
        "INVALID_GRANT",
        _LOGIN,
        "Salesforce refuses the login from our address",
        _THEIRS,
        "Allow the server's address for the connected user, then connect Salesforce again.",
        when="ip restricted",
    ),
    CodeMeaning(
        "INVALID_GRANT",
        _LOGIN,
        "The connected app has no user to run as",
        _THEIRS,
        "Choose a run-as user for the client credentials flow of the connected app.",
        when="no client credentials user",
    ),
    CodeMeaning("INVALID_GRANT", _LOGIN, "The login is no longer valid", _USER, _RECONNECT),
    CodeMeaning("AUTHENTICATION_FAILURE", _LOGIN, "The login is no longer valid", _USER, _RECONNECT),
    CodeMeaning("EXPIRED_ACCESS", _LOGIN, "The login has expired", _USER, _RECONNECT),
    CodeMeaning(
        "INACTIVE_USER",
        _LOGIN,
        "The connected user is inactive",
        _THEIRS,
        "Activate the user, or connect Salesforce as another.",
    ),
    CodeMeaning("INACTIVE_ORGANIZATION", _LOGIN, "The org is inactive", _THEIRS, "Activate the org, then reconnect."),
    CodeMeaning("INACTIVE_ORG", _LOGIN, "The org is inactive", _THEIRS, "Activate the org, then reconnect."),
    CodeMeaning(
        "INVALID_CLIENT_ID",
        _LOGIN,
        "Salesforce does not know the client id",
        _ADMIN,
        "Check the connected app's consumer key and connect Salesforce again.",
    ),
    CodeMeaning(
        "INVALID_CLIENT",
        _LOGIN,
        "Salesforce does not accept the client secret",
        _ADMIN,
        "Check the connected app's consumer secret and connect Salesforce again.",
    ),
    CodeMeaning(
        "UNSUPPORTED_GRANT_TYPE",
        _LOGIN,
        "The connected app does not allow this way to log in",
        _THEIRS,
        "Enable the client credentials flow of the connected app.",
    ),
    CodeMeaning(
        "INVALID_REQUEST", _LOGIN, "Salesforce does not understand our login", _ADMIN, "Check the base URL; reconnect."
    ),
    CodeMeaning("RATE_LIMIT_EXCEEDED", _BUSY, "Too many logins", _NOBODY, _WAIT, retry_after=LONG_WAIT),
    # Access
    CodeMeaning(
        "API_CURRENTLY_DISABLED",
        _PREPARE,
        "The connected user may not use the API",
        _THEIRS,
        "Give the connected user the permission 'API Enabled'.",
    ),
    CodeMeaning(
        "API_DISABLED_FOR_ORG",
        _PREPARE,
        "The org does not have the API",
        _THEIRS,
        "Choose an edition with API access, or ask Salesforce to enable it.",
    ),
    CodeMeaning(
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        _REFUSED,
        "The connected user has no right on the record that this one belongs to",
        _THEIRS,
        "Share the parent record with the connected user, then retry.",
    ),
    CodeMeaning(
        "INSUFFICIENT_ACCESS_OR_READONLY",
        _REFUSED,
        "The connected user may not edit this record",
        _THEIRS,
        "Give the connected user edit access to the record, then retry.",
    ),
    CodeMeaning(
        "INSUFFICIENT_ACCESS",
        _REFUSED,
        "The connected user may not do this",
        _THEIRS,
        "Give the connected user access to the object, then retry.",
    ),
    CodeMeaning(
        "TXN_SECURITY_NO_ACCESS",
        _REFUSED,
        "A security policy of the org blocks this",
        _THEIRS,
        "Except the connected user from the transaction security policy, then retry.",
    ),
    CodeMeaning(
        "INVALID_FIELD",
        _BUSY,
        "The org was too slow to read the field",
        _NOBODY,
        _WAIT,
        when="timed out",
    ),
    CodeMeaning(
        "INVALID_FIELD",
        _PREPARE,
        "A field does not exist, or is hidden from the connected user",
        _THEIRS,
        _FIELD_ACCESS,
    ),
    CodeMeaning(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        _PREPARE,
        "The connected user may not write a field",
        _THEIRS,
        _FIELD_ACCESS,
    ),
    CodeMeaning(
        "INVALID_TYPE",
        _PREPARE,
        "The object does not exist, or is hidden from the connected user",
        _THEIRS,
        "Give the connected user access to the object, then run CheckConnection for Salesforce.",
    ),
    CodeMeaning(
        "NOT_FOUND",
        _PREPARE,
        "The external id field does not exist, or is hidden from the connected user",
        _THEIRS,
        "Create the field on Activity as a unique external id and make it visible and editable for the connected user.",
        when="external id field",
    ),
    CodeMeaning(
        "NOT_FOUND",
        _PREPARE,
        "The object does not exist, or is hidden from the connected user",
        _THEIRS,
        "Give the connected user access to the object, then run CheckConnection for Salesforce.",
    ),
    # Records and rules
    CodeMeaning(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        _REFUSED,
        "A trigger failed, or the connected user may not write the object",
        _THEIRS,
        "Give the connected user write access to the object, or mend the trigger that the message names; then retry.",
    ),
    CodeMeaning(
        "CANNOT_UPDATE_CONVERTED_LEAD",
        _REFUSED,
        "The lead was converted meanwhile",
        _US,
        "Nothing to do; it is sent to the contact that the lead became.",
    ),
    CodeMeaning(
        "ENTITY_IS_LOCKED",
        _BUSY,
        "The record is locked, for example in an approval",
        _THEIRS,
        "Finish the approval, or unlock the record; it is repeated by itself.",
        retry_after=float(HOUR // 1_000_000),
    ),
    CodeMeaning("ENTITY_IS_DELETED", _REFUSED, "The record was deleted", _NOBODY, "Nothing to do."),
    CodeMeaning(
        "INVALID_CROSS_REFERENCE_KEY",
        _REFUSED,
        "A record that this one refers to does not exist any more",
        _NOBODY,
        "Check the person's Salesforce record; retry when it is there.",
    ),
    CodeMeaning("FIELD_CUSTOM_VALIDATION_EXCEPTION", _REFUSED, "A validation rule says no", _THEIRS, _RULE),
    CodeMeaning("FIELD_FILTER_VALIDATION_EXCEPTION", _REFUSED, "A lookup filter says no", _THEIRS, _RULE),
    CodeMeaning("FIELD_INTEGRITY_EXCEPTION", _REFUSED, "A reference does not fit its field", _THEIRS, _RULE),
    CodeMeaning("REQUIRED_FIELD_MISSING", _REFUSED, "A required field is empty", _THEIRS, _RULE),
    CodeMeaning(
        "STRING_TOO_LONG", _REFUSED, "A value is longer than its field", _THEIRS, "Lengthen the field, then retry."
    ),
    CodeMeaning(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        _REFUSED,
        "A picklist does not have the value",
        _THEIRS,
        "Add the value to the picklist, then retry.",
    ),
    CodeMeaning(
        "INACTIVE_OWNER_OR_USER",
        _REFUSED,
        "The owner is an inactive user",
        _THEIRS,
        "Activate the user, or map the seller to another Salesforce user; then retry.",
    ),
    CodeMeaning("INVALID_EMAIL_ADDRESS", _REFUSED, "An email address is not valid", _USER, "Correct it, then retry."),
    CodeMeaning("INVALID_TYPE_ON_FIELD_IN_RECORD", _REFUSED, "A value has the wrong type", _US, _REPORT),
    CodeMeaning("NUMBER_OUTSIDE_VALID_RANGE", _REFUSED, "A number is out of range", _US, _REPORT),
    CodeMeaning("MALFORMED_ID", _REFUSED, "An id is not valid", _US, _REPORT),
    CodeMeaning("DELETE_FAILED", _REFUSED, "The record cannot be deleted", _THEIRS, _RULE),
    CodeMeaning(
        "DUPLICATE_VALUE",
        _REFUSED,
        "Another record has this value already",
        _THEIRS,
        "Check the records that the message names.",
    ),
    CodeMeaning(
        "DUPLICATE_EXTERNAL_ID",
        _REFUSED,
        "Several records have this external id",
        _THEIRS,
        "Make the external id field unique and delete the surplus records, then retry.",
    ),
    CodeMeaning(
        "DUPLICATES_DETECTED",
        _REFUSED,
        "A duplicate rule says no",
        _THEIRS,
        "Merge the records, or let the connected user pass the duplicate rule; then retry.",
    ),
    CodeMeaning(
        "ALL_OR_NONE_OPERATION_ROLLED_BACK", _BUSY, "Another record of the same request failed", _NOBODY, _WAIT
    ),
    CodeMeaning("PROCESSING_HALTED", _BUSY, "Another part of the same request failed", _NOBODY, _WAIT),
    # Queries and requests
    CodeMeaning("MALFORMED_QUERY", _REFUSED, "Salesforce does not understand our query", _US, _REPORT),
    CodeMeaning("INVALID_QUERY_FILTER_OPERATOR", _REFUSED, "Salesforce does not understand our query", _US, _REPORT),
    CodeMeaning(
        "INVALID_QUERY_LOCATOR",
        _BUSY,
        "The rest of the result is no longer kept",
        _NOBODY,
        "Nothing to do; the query is run again.",
        retry_after=LONG_WAIT,
    ),
    CodeMeaning("MALFORMED_SEARCH", _REFUSED, "Salesforce does not understand our search", _US, _REPORT),
    CodeMeaning("EXCEEDED_ID_LIMIT", _REFUSED, "Too many records in one request", _US, _REPORT),
    CodeMeaning("INVALID_REPLICATION_DATE", _REFUSED, "The period is too far back", _US, _REPORT),
    CodeMeaning("JSON_PARSER_ERROR", _REFUSED, "Salesforce could not read our request", _US, _REPORT),
    CodeMeaning("METHOD_NOT_ALLOWED", _REFUSED, "Salesforce does not offer this call", _US, _REPORT),
    CodeMeaning("UNSUPPORTED_MEDIA_TYPE", _REFUSED, "Salesforce did not like the type of our request", _US, _REPORT),
    CodeMeaning("UNSUPPORTED_API_VERSION", _REFUSED, "The org does not offer our version of the API", _US, _REPORT),
    CodeMeaning("INVALID_AUTH_HEADER", _REFUSED, "Salesforce could not read our login", _US, _REPORT),
    # Passing trouble
    CodeMeaning("UNABLE_TO_LOCK_ROW", _BUSY, "Another change holds the record", _NOBODY, _WAIT, retry_after=0.5),
    CodeMeaning("FAILED_WRITE", _BUSY, "The org could not write for the moment", _NOBODY, _WAIT),
    CodeMeaning("QUERY_TIMEOUT", _BUSY, "The query took too long", _NOBODY, _WAIT, retry_after=2.0),
    CodeMeaning("SERVER_UNAVAILABLE", _BUSY, "Salesforce is busy", _NOBODY, _WAIT, retry_after=2.0),
    CodeMeaning(
        "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
        _BUSY,
        "The org is under maintenance",
        _NOBODY,
        "Nothing to do; it is repeated by itself when the maintenance is over.",
        retry_after=float(HOUR // 1_000_000),
    ),
    CodeMeaning(
        "REQUEST_LIMIT_EXCEEDED",
        _BUSY,
        "Too many long calls at once, by all integrations together",
        _NOBODY,
        _WAIT,
        when="concurrent",
        retry_after=5.0,
    ),
    CodeMeaning(
        "REQUEST_LIMIT_EXCEEDED",
        _QUOTA,
        "The org's calls of the last 24 hours are spent, by all integrations together",
        _THEIRS,
        "It goes on as calls come back; find what else uses the API, or buy more calls.",
    ),
    CodeMeaning(
        "UNKNOWN_EXCEPTION",
        _BUSY,
        "Salesforce had an internal error",
        _THEIRS,
        "If it goes on, give Salesforce the error number in the message.",
    ),
)


def _unknown(code: str) -> CodeMeaning:
    """A code that we do not know is final: repeating what was refused would only spend calls."""
    return CodeMeaning(code, _REFUSED, "Salesforce refused it", _THEIRS, "Read the message; mend it, then retry.")


TABLE = CodeTable(_ENTRIES, unknown=_unknown)


def quota_returns(now: Micros) -> Micros:
    """Return when to try again: the 24 hours roll, so calls come back little by little."""
    return now + HOUR
