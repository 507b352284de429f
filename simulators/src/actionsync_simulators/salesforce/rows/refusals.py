"""Which codes refuse a row that is written, by any call: the routes of these calls declare them together."""

from __future__ import annotations

ACCESS = ("INSUFFICIENT_ACCESS_OR_READONLY", "UNABLE_TO_LOCK_ROW")
"""The caller may not write this object; another transaction holds the row or its parent."""

WRITTEN = (
    "INVALID_FIELD",
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "INVALID_TYPE_ON_FIELD_IN_RECORD",
    "MALFORMED_ID",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "STRING_TOO_LONG",
    "INVALID_EMAIL_ADDRESS",
    "NUMBER_OUTSIDE_VALID_RANGE",
    "FIELD_INTEGRITY_EXCEPTION",
    "ENTITY_IS_DELETED",
    "INVALID_CROSS_REFERENCE_KEY",
    "REQUIRED_FIELD_MISSING",
    "INACTIVE_OWNER_OR_USER",
    "CANNOT_UPDATE_CONVERTED_LEAD",
    "DUPLICATE_VALUE",
    "DUPLICATES_DETECTED",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    *ACCESS,
)
"""A row that is created or changed."""

DELETED = ("MALFORMED_ID", "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "DELETE_FAILED", *ACCESS)
"""A row that is deleted by its id."""

IN_A_COLLECTION = ("EXCEEDED_ID_LIMIT", "INVALID_TYPE", "ALL_OR_NONE_OPERATION_ROLLED_BACK")
"""Many rows in one call, or one of them."""
