"""What an answer means, and what is done about it: F12, P16, and the retry rule of every code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from actionsync_server.clock import from_datetime
from actionsync_server.model.errors import (
    LoginRefused,
    NotPrepared,
    OutcomeUnknown,
    QuotaExhausted,
    Refused,
    SystemBusy,
)
from actionsync_server.systems.marketo import CustomActivityRow

pytestmark = pytest.mark.asyncio

ROW = CustomActivityRow(7, 1_772_463_600_000_000, 100001, "Hello", {"actionsActivityId": "a-1"})


async def test_success_is_what_the_body_says(marketo: Any, stub: Any) -> None:
    stub.result({"date": "2026-03-02", "total": 12, "users": []})
    assert await marketo.usage_today() == 12


async def test_an_error_inside_http_200_is_an_error(marketo: Any, stub: Any) -> None:
    stub.error("1003", "nonsense")
    with pytest.raises(Refused) as caught:
        await marketo.usage_today()
    assert caught.value.system_code == "1003"
    assert caught.value.metadata == {"system": "MARKETO", "code": "1003"}
    assert len(stub.seen) == 1


async def test_no_result_is_an_empty_result(marketo: Any, stub: Any) -> None:
    stub.then({"requestId": "1#2", "success": True})
    assert await marketo.leads("email", ["a@example.com"], ["email"]) == []
    stub.then({"requestId": "1#2", "success": True, "result": None})
    assert await marketo.activity_types() == []


async def test_a_code_may_come_as_a_number(marketo: Any, stub: Any) -> None:
    stub.then({"success": False, "errors": [{"code": 603, "message": "Access denied"}]})
    with pytest.raises(NotPrepared):
        await marketo.usage_today()


async def test_a_failure_without_a_reason_was_not_carried_out(marketo: Any, stub: Any) -> None:
    stub.then({"success": False})
    with pytest.raises(SystemBusy):
        await marketo.add_activities([ROW])


@pytest.mark.parametrize("code", ["606", "608", "611", "615", "713", "500", "502", "503", "504", "604", "698"])
async def test_passing_trouble_is_waited_out_by_reads(marketo: Any, stub: Any, finish: Any, code: str) -> None:
    stub.error(code).error(code).result({"total": 3})
    assert await finish(marketo.usage_today()) == 3
    assert len(stub.seen) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
async def test_gateway_trouble_is_waited_out_by_reads(marketo: Any, stub: Any, finish: Any, status: int) -> None:
    stub.then(b"<html>Bad Gateway</html>", status=status, kind="text/html").result({"total": 3})
    assert await finish(marketo.usage_today()) == 3


async def test_there_is_an_end_to_waiting(marketo: Any, stub: Any, finish: Any, clock: Any) -> None:
    began = clock.now()
    stub.error("698", "who knows")
    with pytest.raises(SystemBusy) as caught:
        await finish(marketo.usage_today())
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > 0
    assert len(stub.seen) == 6
    assert clock.now() - began < 61_000_000


@pytest.mark.parametrize("code", ["605", "609", "610", "612", "614", "701", "1001", "1003", "1035", "4711"])
async def test_what_cannot_succeed_is_asked_once(marketo: Any, stub: Any, code: str) -> None:
    stub.error(code, "no")
    with pytest.raises((Refused, NotPrepared, LoginRefused)):
        await marketo.usage_today()
    assert len(stub.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 400, 404, 413, 414])
async def test_other_statuses_are_refusals(marketo: Any, stub: Any, status: int) -> None:
    stub.then(b"no", status=status, kind="text/plain", headers={"Location": "https://elsewhere.example/"})
    with pytest.raises((Refused, LoginRefused)):
        await marketo.usage_today()
    assert [seen.path for seen in stub.seen] == ["/rest/v1/stats/usage.json"]


async def test_a_spent_day_ends_at_midnight_in_chicago(marketo: Any, stub: Any) -> None:
    stub.error("607", "Daily quota reached")
    with pytest.raises(QuotaExhausted) as caught:
        await marketo.usage_today()
    assert caught.value.until == from_datetime(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))  # the clock says 2 March, winter
    assert len(stub.seen) == 1


async def test_a_missing_permission_is_named(marketo: Any, stub: Any) -> None:
    stub.error("603", "Access denied")
    with pytest.raises(NotPrepared) as caught:
        await marketo.add_activities([ROW])
    assert caught.value.metadata["permission"] == "Read-Write Activity"
    assert "'Read-Write Activity'" in caught.value.message


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"success":"true"}', b'{"success":true,"result":{}}', b"\xff"])
async def test_an_answer_that_makes_no_sense_proves_nothing(marketo: Any, stub: Any, finish: Any, body: bytes) -> None:
    stub.then(body)
    with pytest.raises(SystemBusy):
        await finish(marketo.usage_today())
    with pytest.raises(OutcomeUnknown):
        await marketo.add_activities([ROW])


async def test_html_with_status_200_is_not_believed(marketo: Any, stub: Any) -> None:
    stub.then({"success": True, "result": [{"marketoGUID": "1", "status": "added"}]}, kind="text/html")
    with pytest.raises(OutcomeUnknown):
        await marketo.add_activities([ROW])


async def test_errors_carry_no_addresses(marketo: Any, stub: Any) -> None:
    stub.error("1003", "Invalid value 'ann.lee@example.com' for email")
    with pytest.raises(Refused) as caught:
        await marketo.usage_today()
    assert "example.com" not in str(caught.value)
    assert "Invalid value" in str(caught.value)
