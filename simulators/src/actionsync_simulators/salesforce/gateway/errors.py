"""The error catalogue: every code of the vendor's REST API that this simulator answers with.

An `ApiError` knows its HTTP status and its items. On the wire it is an array of items; inside collections the same
items carry `statusCode` instead of `errorCode`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """One error. `fields` is None where the vendor leaves the key out, and a (maybe empty) tuple elsewhere.

    `extra` holds further members, such as the duplicateResult of DUPLICATES_DETECTED.
    """

    code: str
    message: str
    fields: tuple[str, ...] | None = None
    extra: dict[str, Any] | None = None
    code_first: bool = False

    def wire(self) -> dict[str, Any]:
        """The item as REST carries it: message first for data errors, code first for routing errors."""
        item: dict[str, Any] = dict(self.extra or {})
        if self.code_first:
            item |= {"errorCode": self.code, "message": self.message}
        else:
            item |= {"message": self.message, "errorCode": self.code}
        if self.fields is not None:
            item["fields"] = list(self.fields)
        return item

    def row_wire(self) -> dict[str, Any]:
        """The item as collections carry it for one row."""
        return {
            **(self.extra or {}),
            "statusCode": self.code,
            "message": self.message,
            "fields": list(self.fields or ()),
        }


class ApiError(Exception):
    """A refusal in the vendor's words; `status` is the HTTP status of a call that fails as a whole."""

    def __init__(self, status: int, *items: ErrorItem, headers: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__("; ".join(f"{item.code}: {item.message}" for item in items))
        self.status = status
        self.items = items
        self.headers = tuple(headers)

    @property
    def code(self) -> str:
        """The code of the first item."""
        return self.items[0].code

    def wire(self) -> list[dict[str, Any]]:
        """The body of the answer."""
        return [item.wire() for item in self.items]


STATUS_OF: dict[str, int] = {
    "INVALID_SESSION_ID": 401,
    "INVALID_AUTH_HEADER": 401,
    "REQUEST_LIMIT_EXCEEDED": 403,
    "API_DISABLED_FOR_ORG": 403,
    "INSUFFICIENT_ACCESS_OR_READONLY": 403,
    "INSUFFICIENT_ACCESS": 403,
    "NOT_FOUND": 404,
    "ENTITY_IS_DELETED": 404,
    "METHOD_NOT_ALLOWED": 405,
    "UNSUPPORTED_API_VERSION": 410,
    "PRECONDITION_FAILED": 412,
    "URI_TOO_LONG": 414,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "HEADERS_TOO_LONG": 431,
    "UNKNOWN_EXCEPTION": 500,
    "SERVER_UNAVAILABLE": 503,
}
"""HTTP status by code; every other code is a 400."""

_BAD_REQUEST = (
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "BATCH_PROCESSING_HALTED",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    "CANNOT_UPDATE_CONVERTED_LEAD",
    "DELETE_FAILED",
    "DUPLICATES_DETECTED",
    "DUPLICATE_EXTERNAL_ID",
    "DUPLICATE_VALUE",
    "EXCEEDED_ID_LIMIT",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    "FIELD_FILTER_VALIDATION_EXCEPTION",
    "FIELD_INTEGRITY_EXCEPTION",
    "INACTIVE_OWNER_OR_USER",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    "INVALID_CROSS_REFERENCE_KEY",
    "INVALID_EMAIL_ADDRESS",
    "INVALID_FIELD",
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "INVALID_HEADER",
    "INVALID_INPUT",
    "INVALID_NEW_PASSWORD",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "INVALID_QUERY_FILTER_OPERATOR",
    "INVALID_QUERY_LOCATOR",
    "INVALID_QUERY_SCOPE",
    "INVALID_REPLICATION_DATE",
    "INVALID_STATUS",
    "INVALID_TYPE",
    "INVALID_TYPE_ON_FIELD_IN_RECORD",
    "JSON_PARSER_ERROR",
    "LIMIT_EXCEEDED",
    "MALFORMED_ID",
    "MALFORMED_QUERY",
    "MALFORMED_SEARCH",
    "MERGE_FAILED",
    "MISSING_ARGUMENT",
    "NUMBER_OUTSIDE_VALID_RANGE",
    "PROCESSING_HALTED",
    "QUERY_TIMEOUT",
    "QUERY_TOO_COMPLICATED",
    "REQUIRED_FIELD_MISSING",
    "STRING_TOO_LONG",
    "UNABLE_TO_LOCK_ROW",
    "UNDELETE_FAILED",
)
CATALOGUE: dict[str, int] = {**STATUS_OF, **dict.fromkeys(_BAD_REQUEST, 400)}
"""All codes, with the HTTP status of a call that is refused as a whole. A planned fault may have any other code."""

MESSAGE_OF: dict[str, str] = {
    "INVALID_SESSION_ID": "Session expired or invalid",
    "REQUEST_LIMIT_EXCEEDED": "TotalRequests Limit exceeded.",
    "API_DISABLED_FOR_ORG": "The REST API is not enabled for this Organization.",
    "INSUFFICIENT_ACCESS_OR_READONLY": "insufficient access rights on object id",
    "INSUFFICIENT_ACCESS": "insufficient access rights on object id",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "insufficient access rights on cross-reference id",
    "INVALID_CROSS_REFERENCE_KEY": "invalid cross reference id",
    "ENTITY_IS_DELETED": "entity is deleted",
    "NOT_FOUND": "The requested resource does not exist",
    "UNABLE_TO_LOCK_ROW": "unable to obtain exclusive access to this record or 1 records",
    "CANNOT_UPDATE_CONVERTED_LEAD": "cannot reference converted lead",
    "QUERY_TIMEOUT": "Your query request was running for too long.",
    "INVALID_QUERY_LOCATOR": "invalid query locator",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "A validation rule refused this record.",
    "FIELD_FILTER_VALIDATION_EXCEPTION": "Value does not exist or does not match filter criteria.",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (
        "ActivityTrigger: execution of BeforeInsert caused by: System.NullPointerException: "
        "Attempt to de-reference a null object"
    ),
    "DELETE_FAILED": "Your attempt to delete the record could not be completed.",
    "UNKNOWN_EXCEPTION": (
        "An unexpected error occurred. Please include this ErrorId if you contact support: 123-456 (789)"
    ),
    "SERVER_UNAVAILABLE": "Server is busy.",
}
"""The vendor's text by code, for errors that are injected without one."""


def api_error(
    code: str, message: str | None = None, *, fields: Iterable[str] | None = None, status: int | None = None
) -> ApiError:
    """An error with one item; status and message default to the vendor's for the code."""
    text = MESSAGE_OF.get(code, code) if message is None else message
    item = ErrorItem(code, text, None if fields is None else tuple(fields))
    return ApiError(STATUS_OF.get(code, 400) if status is None else status, item)


def not_found(message: str = "The requested resource does not exist") -> ApiError:
    """404 in the form routing errors have."""
    return ApiError(404, ErrorItem("NOT_FOUND", message, code_first=True))


def method_not_allowed(method: str, allowed: Sequence[str]) -> ApiError:
    """405 with the verbs of the resource."""
    verbs = ",".join(allowed)
    message = f"HTTP Method '{method}' not allowed. Allowed are {verbs}"
    return ApiError(405, ErrorItem("METHOD_NOT_ALLOWED", message, code_first=True), headers=[("Allow", verbs)])


def external_field_not_found(name: str) -> ApiError:
    """404 for a path that names a field which is no external id, is hidden, or does not exist."""
    return not_found(f"Provided external ID field does not exist or is not accessible: {name}")


def invalid_session(message: str | None = None) -> ApiError:
    """401 for a missing, unknown or expired token."""
    return api_error("INVALID_SESSION_ID", message)


def json_parser_error(message: str) -> ApiError:
    """400 for a body that is not the JSON it should be."""
    return api_error("JSON_PARSER_ERROR", message)


def required_missing(names: Sequence[str]) -> ApiError:
    """400 listing every required field without a value."""
    return api_error("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(names)}]", fields=names)


def no_such_column(name: str, object_name: str) -> ApiError:
    """400 for a field in a row body that does not exist or is hidden."""
    return api_error("INVALID_FIELD", f"No such column '{name}' on sobject of type {object_name}")


def not_writable(names: Sequence[str]) -> ApiError:
    """400 for fields that are read-only by nature or by field-level security."""
    message = (
        f"Unable to create/update fields: {', '.join(names)}. Please check the security settings of this field"
        " and verify that it is read/write for your profile or permission set."
    )
    return api_error("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=names)


def wrong_id_type(label: str, value: str, field: str, *, code: str = "MALFORMED_ID") -> ApiError:
    """400 for an id of another object, with a wrong checksum, or (in a reference) no id at all."""
    return api_error(code, f"{label}: id value of incorrect type: {value}", fields=[field])


def malformed_id(value: str) -> ApiError:
    """400 for text in a body or list of ids that has not even the shape of an id."""
    return api_error("MALFORMED_ID", f"malformed id {value}", fields=["Id"])


def no_such_row(*, status: int) -> ApiError:
    """The row or the referenced row never existed (or was purged)."""
    return api_error("INVALID_CROSS_REFERENCE_KEY", fields=(), status=status)


def entity_is_deleted(*, status: int) -> ApiError:
    """The row or the referenced row lies in the recycle bin."""
    return api_error("ENTITY_IS_DELETED", fields=(), status=status)


def duplicate_value(field: str, other_id: str) -> ApiError:
    """400 for a value of a unique field that another row already has (its id in the 15-character form)."""
    return api_error(
        "DUPLICATE_VALUE",
        f"duplicate value found: {field} duplicates value on record with id: {other_id[:15]}",
        fields=(),
    )


def too_many_records(limit: int) -> ApiError:
    """400 for a collection that is too long."""
    return api_error(
        "EXCEEDED_ID_LIMIT",
        f"record limit reached. cannot submit more than {limit} records into this call",
    )
