"""Every error becomes a status that arrives: right code, right details, never over 8 KiB."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import pytest
from actionsync_server.model import errors as model
from actionsync_server.rpc import errors
from actionsync_server.rpc.convert import item_error
from google.rpc import error_details_pb2
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_772_463_600_000_000


def details(error: model.ActionsyncError) -> dict[str, Any]:
    status = errors.to_status(error, request_id="r-1", now=NOW)
    return {type(detail).__name__: detail for detail in status.details}


def violations(count: int, size: int = 10) -> list[model.Violation]:
    return [model.Violation(f"f{index}", "d" * size) for index in range(count)]


def test_twenty_violations_and_the_number_of_the_rest() -> None:
    shown = details(model.InvalidInput(violations(300)))["BadRequest"].field_violations
    assert [one.field for one in shown] == [f"f{index}" for index in range(20)]
    assert shown[-1].description.endswith("; and 280 more")
    exactly = details(model.InvalidInput(violations(20)))["BadRequest"].field_violations
    assert "more" not in exactly[-1].description


@given(
    count=st.integers(1, 300),
    text=st.text(min_size=1, max_size=500),
    metadata=st.dictionaries(st.sampled_from("abcdef"), st.text(max_size=300)),
)
def test_a_status_always_fits_into_the_metadata(count: int, text: str, metadata: dict[str, str]) -> None:
    found = [model.Violation(f"contents[{index}].{text}", text) for index in range(count)]
    status = errors.to_status(model.InvalidInput(found, metadata=metadata), request_id="r" * 128, now=NOW)
    sent = base64.b64encode(status.to_proto().SerializeToString())
    assert len(sent) + len(quote(status.message)) <= 7_500
    assert isinstance(status.details[0], error_details_pb2.ErrorInfo)


def test_the_worst_status_fits_too() -> None:
    text = "\U0001f600" * 2_000  # four bytes each, twelve when percent-encoded
    error = model.FailedPrecondition(text, reason="WRONG_STATE", metadata={f"key{n}": text for n in range(5)})
    status = errors.to_status(error, request_id="r" * 128, now=NOW)
    assert len(base64.b64encode(status.to_proto().SerializeToString())) + len(quote(status.message)) < 7_500


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (model.NotFound("person", "p-1"), 5, "RESOURCE_NOT_FOUND"),
        (model.EtagMismatch("settings"), 10, "ETAG_MISMATCH"),
        (model.NotConnected(model.System.MARKETO), 9, "NOT_CONNECTED"),
        (model.LoginRefused(model.System.SALESFORCE, "no", system_code="invalid_grant"), 9, "LOGIN_REFUSED"),
        (model.Refused(model.System.MARKETO, "no", system_code="603"), 9, "SYSTEM_REFUSED"),
        (model.OutcomeUnknown(model.System.MARKETO, "lost"), 14, "SYSTEM_UNAVAILABLE"),
        (errors.DeadlineExceeded("CheckConnection"), 4, "DEADLINE"),
        (errors.TooManyCalls("watches", 20), 8, "TOO_MANY_CALLS"),
        (errors.InternalFault(), 13, "INTERNAL"),
    ],
)
def test_codes_and_reasons(error: model.ActionsyncError, code: int, reason: str) -> None:
    status = errors.to_status(error, request_id="r-1", now=NOW)
    assert status.code.value == code
    info = details(error)["ErrorInfo"]
    assert (info.reason, info.domain) == (reason, "actionsync")
    assert details(error)["RequestInfo"].request_id == "r-1"
    item = item_error(error)
    assert (item.code, item.message) == (code, error.message)


def test_a_wait_that_is_over_is_no_negative_wait() -> None:
    error = model.QuotaExhausted(model.System.MARKETO, "spent", until=NOW - 5)
    assert details(error)["RetryInfo"].retry_delay.seconds == 0


def test_foreign_errors_become_a_fault_of_ours() -> None:
    assert isinstance(errors.to_error(KeyError("someone@example.com")), errors.InternalFault)
    mixed = ExceptionGroup("tasks", [model.NotFound("person", "p-1"), KeyError("x")])
    assert isinstance(errors.to_error(mixed), errors.InternalFault)


def test_items_carry_at_most_twenty_violations() -> None:
    item = item_error(model.InvalidInput(violations(25)))
    assert len(item.violations) == 20
    assert item.violations[-1].description.endswith("; and 5 more")
