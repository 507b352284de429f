"""Every code has a meaning, an owner and a next step; and nothing secret or personal is repeated."""

from __future__ import annotations

import pytest
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import NotPrepared, OutcomeUnknown, System
from actionsync_server.systems.explain import FailureKind, explain, explain_failure, judge
from actionsync_server.systems.failures import CodeTable
from actionsync_server.systems.marketo import codes as marketo
from actionsync_server.systems.redaction import redact
from actionsync_server.systems.salesforce import codes as salesforce

MARKETO_CODES = [
    "400",
    "401",
    "404",
    "413",
    "414",
    "416",
    "500",
    "502",
    "503",
    "504",
    "600",
    "601",
    "602",
    "603",
    "604",
    "605",
    "606",
    "607",
    "608",
    "609",
    "610",
    "611",
    "612",
    "613",
    "614",
    "615",
    "616",
    "701",
    "702",
    "703",
    "704",
    "709",
    "710",
    "711",
    "712",
    "713",
    "714",
    "718",
    "719",
    "1001",
    "1002",
    "1003",
    "1004",
    "1005",
    "1006",
    "1007",
    "1008",
    "1009",
    "1010",
    "1011",
    "1012",
    "1013",
    "1014",
    "1015",
    "1016",
    "1017",
    "1018",
    "1019",
    "1020",
    "1021",
    "1022",
    "1025",
    "1026",
    "1027",
    "1028",
    "1029",
    "1035",
    "1036",
    "1037",
    "1042",
    "1048",
    "1049",
    "1076",
    "1077",
    "1078",
    "1079",
    "1080",
]

SALESFORCE_CODES = [
    "API_CURRENTLY_DISABLED",
    "AUTHENTICATION_FAILURE",
    "EXPIRED_ACCESS",
    "INACTIVE_USER",
    "INACTIVE_ORGANIZATION",
    "INVALID_GRANT",
    "INVALID_SESSION_ID",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    "CANNOT_UPDATE_CONVERTED_LEAD",
    "ENTITY_IS_LOCKED",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    "FIELD_FILTER_VALIDATION_EXCEPTION",
    "FIELD_INTEGRITY_EXCEPTION",
    "REQUIRED_FIELD_MISSING",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    "INSUFFICIENT_ACCESS_OR_READONLY",
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "INVALID_TYPE",
    "INVALID_FIELD",
    "FAILED_WRITE",
    "QUERY_TIMEOUT",
    "SERVER_UNAVAILABLE",
    "UNABLE_TO_LOCK_ROW",
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
    "REQUEST_LIMIT_EXCEEDED",
    "TXN_SECURITY_NO_ACCESS",
    "UNKNOWN_EXCEPTION",
    "STRING_TOO_LONG",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "INVALID_EMAIL_ADDRESS",
    "INVALID_TYPE_ON_FIELD_IN_RECORD",
    "NUMBER_OUTSIDE_VALID_RANGE",
    "MALFORMED_ID",
    "INVALID_CROSS_REFERENCE_KEY",
    "DUPLICATE_VALUE",
    "DUPLICATE_EXTERNAL_ID",
    "DUPLICATES_DETECTED",
    "INACTIVE_OWNER_OR_USER",
    "DELETE_FAILED",
    "MALFORMED_QUERY",
    "INVALID_QUERY_FILTER_OPERATOR",
    "INVALID_QUERY_LOCATOR",
    "MALFORMED_SEARCH",
    "EXCEEDED_ID_LIMIT",
    "JSON_PARSER_ERROR",
    "API_DISABLED_FOR_ORG",
    "INSUFFICIENT_ACCESS",
    "NOT_FOUND",
    "ENTITY_IS_DELETED",
    "METHOD_NOT_ALLOWED",
    "UNSUPPORTED_MEDIA_TYPE",
]


@pytest.mark.parametrize(
    ("system", "table", "codes"),
    [(System.MARKETO, marketo.TABLE, MARKETO_CODES), (System.SALESFORCE, salesforce.TABLE, SALESFORCE_CODES)],
)
def test_every_documented_code_is_explained(system: System, table: object, codes: list[str]) -> None:
    assert set(codes) <= getattr(table, "codes")  # noqa: B009 - both are CodeTables
    for code in codes:
        error = explain(system, code, "the system's words")
        assert error.code == code
        assert error.message == "the system's words"
        assert error.meaning
        assert error.next_step.endswith(".")
        if judge(system, code) in (FailureKind.NOT_PREPARED, FailureKind.LOGIN):
            assert error.owner is not ActionOwner.NOBODY  # somebody must act, or it never ends


@pytest.mark.parametrize("table", [marketo.TABLE, salesforce.TABLE])
def test_our_own_words_about_a_code_do_not_change_what_it_means(table: CodeTable) -> None:
    """Errors quote the meaning beside the system's message, and are explained again from there."""
    for entry in table.entries:
        assert table.find(entry.code, entry.when) is entry
        assert table.find(entry.code, f"{entry.meaning} ({entry.code}: {entry.when})") is entry


@pytest.mark.parametrize(
    ("system", "code", "message", "kind"),
    [
        (System.MARKETO, "699", "", FailureKind.BUSY),
        (System.MARKETO, "799", "", FailureKind.REFUSED),
        (System.MARKETO, "6999", "", FailureKind.REFUSED),
        (System.MARKETO, "1029", "Export daily quota 500MB exceeded.", FailureKind.QUOTA),
        (System.MARKETO, "1029", "Too many jobs in queue", FailureKind.BUSY),
        (System.MARKETO, "1029", "Job already queued", FailureKind.REFUSED),
        (System.MARKETO, "604", "Request timed out", FailureKind.UNKNOWN),
        (System.MARKETO, "602", "", FailureKind.TOKEN),
        (System.MARKETO, "", "", FailureKind.BUSY),
        (System.MARKETO, "CONNECTION_LOST", "", FailureKind.UNKNOWN),
        (System.SALESFORCE, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", FailureKind.QUOTA),
        (System.SALESFORCE, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit exceeded.", FailureKind.BUSY),
        (System.SALESFORCE, "INVALID_FIELD", "No such column 'X'", FailureKind.NOT_PREPARED),
        (System.SALESFORCE, "INVALID_FIELD", "Read timed out", FailureKind.BUSY),
        (System.SALESFORCE, "invalid_grant", "ip restricted", FailureKind.LOGIN),
        (System.SALESFORCE, "ENTITY_IS_LOCKED", "", FailureKind.BUSY),
        (System.SALESFORCE, "SOMETHING_NEW", "", FailureKind.REFUSED),
        (System.SALESFORCE, "TIMEOUT", "", FailureKind.UNKNOWN),
    ],
)
def test_what_to_do_about_a_code(system: System, code: str, message: str, kind: FailureKind) -> None:
    assert judge(system, code, message) is kind


def test_the_same_code_means_what_its_message_says() -> None:
    restricted = explain(System.SALESFORCE, "INVALID_GRANT", "IP restricted or invalid login hours")
    plain = explain(System.SALESFORCE, "INVALID_GRANT", "expired access/refresh token")
    assert restricted.owner is ActionOwner.SALESFORCE_ADMIN
    assert plain.owner is ActionOwner.USER
    assert restricted.next_step != plain.next_step


def test_a_missing_permission_is_the_next_step() -> None:
    failure = NotPrepared(System.MARKETO, "no", system_code="603")
    failure.metadata["permission"] = "Read-Write Activity"
    error = explain_failure(failure)
    assert "'Read-Write Activity'" in error.next_step
    assert error.owner is ActionOwner.MARKETO_ADMIN


def test_a_lost_answer_is_explained_too() -> None:
    error = explain_failure(OutcomeUnknown(System.MARKETO, "Marketo: lost", system_code="CONNECTION_LOST"))
    assert "looked up" in error.next_step


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Email: invalid email address: ann.lee+x@example.co.uk", "Email: invalid email address: (address)"),
        ('value "<Ann@Example.com>" is bad', 'value "<(address)>" is bad'),
        ("Authorization: Bearer 00D!abc.def", "Authorization: Bearer …"),
        ("?access_token=abc&x=1", "?access_token=…&x=1"),
        ("S: data value too large: my own\nletter (max length=9)", "S: data value too large: … (max length=9)"),
        ("Lead '42' not found", "Lead '42' not found"),
    ],
)
def test_what_is_not_repeated(text: str, clean: str) -> None:
    assert redact(text) == clean
    assert explain(System.SALESFORCE, "X", text).message == clean


def test_long_texts_are_cut() -> None:
    assert len(redact("x" * 10_000)) == 400
