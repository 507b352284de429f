"""The journal: what is kept, what is counted, and that no secret can be read from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from actionsync_simulators.journal import BODY_BYTES, ROUTES_COUNTED, Journal, redact, route_of

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECRET = "hunter2-should-never-show"


def record(journal: Journal, **changes: Any) -> None:
    entry: dict[str, Any] = {
        "method": "GET",
        "path": "/rest/v1/leads.json",
        "query": "filterType=email",
        "headers": [(b"user-agent", b"test")],
        "body": b"",
        "status": 200,
        "code": None,
        "user": "api@simulator.example",
        "at": AT,
    }
    journal.record(**{**entry, **changes})


def test_an_entry_reads_as_the_request_was() -> None:
    journal = Journal()
    record(journal, method="POST", body=b'{"input":[]}', code="1002", query=b"a=1")
    assert journal.entries() == [
        {
            "seq": 1,
            "at": "2026-01-31T12:00:00Z",
            "method": "POST",
            "path": "/rest/v1/leads.json",
            "query": "a=1",
            "headers": {"user-agent": "test"},
            "body": '{"input":[]}',
            "body_bytes": 12,
            "status": 200,
            "code": "1002",
            "user": "api@simulator.example",
        }
    ]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("headers", [(b"authorization", f"Bearer {SECRET}".encode())]),
        ("headers", {"X-SFDC-Session": SECRET}),
        ("headers", [("Cookie", f"sid={SECRET}")]),
        ("query", f"grant_type=client_credentials&client_id=x&client_secret={SECRET}"),
        ("query", f"access_token={SECRET}&a=1"),
        ("query", f"q=1&oauth_token={SECRET}"),
        ("body", f"grant_type=password&username=u&password={SECRET}&client_secret={SECRET}".encode()),
        ("body", f"grant_type=refresh_token&refresh_token={SECRET}".encode()),
        ("body", f"token={SECRET}".encode()),
        ("body", f"grant_type=urn&assertion={SECRET}".encode()),
        ("body", f"code={SECRET}&code_verifier={SECRET}".encode()),
        ("body", json.dumps({"client_secret": SECRET, "nested": {"access_token": SECRET}}).encode()),
        ("body", json.dumps({"password": f'with "quotes" {SECRET}'}).encode()),
        ("body", f'{{"password" : "{SECRET}'.encode()),
        ("body", f"<urn:login><urn:password>{SECRET}</urn:password></urn:login>".encode()),
        ("body", f'<sessionId xsi:type="x">{SECRET}</sessionId>'.encode()),
        ("body", f'--b\r\nContent-Disposition: form-data; name="access_token"\r\n\r\n{SECRET}\r\n--b--'.encode()),
    ],
)
def test_no_secret_can_be_read(where: str, value: Any) -> None:
    journal = Journal()
    record(journal, **{where: value})
    text = json.dumps(journal.entries())
    assert SECRET not in text
    assert "[redacted]" in text


def test_what_is_no_secret_stays_readable() -> None:
    text = '{"nextPageToken":"GIYDAOBN","code":"1003","email":"ada@x.example"}'
    assert redact(text) == text
    assert redact("grant_type=client_credentials&client_id=abc") == "grant_type=client_credentials&client_id=abc"


def test_filters_by_path_method_and_sequence() -> None:
    journal = Journal()
    record(journal, path="/a/1")
    record(journal, path="/a/2", method="POST")
    record(journal, path="/b/1")
    assert [entry["seq"] for entry in journal.entries(path="/a/*")] == [1, 2]
    assert [entry["seq"] for entry in journal.entries(method="post")] == [2]
    assert [entry["seq"] for entry in journal.entries(since=2)] == [3]
    assert [entry["seq"] for entry in journal.entries(limit=2)] == [1, 2]


def test_counters_count_on_after_the_ring_is_full() -> None:
    journal = Journal(capacity=3)
    for number in range(5):
        record(journal, code="604" if number % 2 else None, user=None if number == 0 else "u")
    assert [entry["seq"] for entry in journal.entries()] == [3, 4, 5]
    assert journal.counts() == {
        "total": 5,
        "by_route": {"GET /rest/v1/leads.json": 5},
        "by_code": {"604": 2},
        "by_user": {"u": 4},
        "kept": 3,
        "last_seq": 5,
    }


def test_clearing_forgets_requests_and_counters_but_not_the_numbering() -> None:
    journal = Journal()
    record(journal)
    journal.clear()
    assert journal.entries() == []
    assert journal.counts()["total"] == 0
    record(journal)
    assert journal.entries()[0]["seq"] == 2
    assert journal.counts()["total"] == 1


def test_a_long_body_is_cut_but_its_length_is_told() -> None:
    journal = Journal()
    record(journal, body=b"x" * (BODY_BYTES + 5))
    entry = journal.entries()[0]
    assert (len(entry["body"]), entry["body_bytes"]) == (BODY_BYTES, BODY_BYTES + 5)


def test_a_body_that_is_no_text_does_not_break_the_list() -> None:
    journal = Journal()
    record(journal, body=b"\x1f\x8b\xff\x00")
    assert journal.entries()[0]["body_bytes"] == 4


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/rest/v1/lead/1078.json", "/rest/v1/lead/{id}.json"),
        ("/rest/v1/lists/1001/leads.json", "/rest/v1/lists/{id}/leads.json"),
        (
            "/bulk/v1/leads/export/ce45a7a1-f19d-4ce2-882c-a3c795940a7d/file.json",
            "/bulk/v1/leads/export/{id}/file.json",
        ),
        (
            "/services/data/v60.0/sobjects/Lead/00Q8d0000000001EAA",
            "/services/data/v60.0/sobjects/Lead/{id}",
        ),
        ("/services/data/v60.0/composite/sobjects", "/services/data/v60.0/composite/sobjects"),
        ("/rest/v1/activities/external.json", "/rest/v1/activities/external.json"),
    ],
)
def test_rows_of_one_route_count_together(path: str, route: str) -> None:
    assert route_of(path) == route


def test_endless_different_paths_do_not_make_endless_counters() -> None:
    journal = Journal(capacity=1)
    for number in range(ROUTES_COUNTED + 10):
        record(journal, path=f"/p/x{number}y")
    routes = journal.counts()["by_route"]
    assert len(routes) == ROUTES_COUNTED + 1
    assert routes["(other)"] == 10
