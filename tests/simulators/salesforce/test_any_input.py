"""Whatever is sent, the answer is a success or a refusal in the vendor's form: nothing stumbles."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.seed.org import generate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

LEAD, CONTACT, ACCOUNT = "00Q8d0000000001EAA", "0038d0000000001AAA", "0018d0000000001AAA"
FIELDS = [
    *("WhoId", "WhatId", "Subject", "ActivityDate", "Status", "Priority", "OwnerId", "Description", "IsReminderSet"),
    *(
        "ReminderDateTime",
        "CallDurationInSeconds",
        "TaskSubtype",
        "ActionSync_Id__c",
        "MSE_Viewed__c",
        "Id",
        "IsClosed",
    ),
    *("LastName", "Company", "Email", "AnnualRevenue", "AccountId", "Account", "Who", "Address", "Latitude", "Nope__c"),
]
TEXTS = st.one_of(
    st.sampled_from(["", " ", LEAD, LEAD[:15], CONTACT, ACCOUNT, "2024-01-31", "0001-01-01T00:00:00+14:00", "1e400"]),
    st.sampled_from(["true", "Completed", "a@b.example", "²", "9999-12-31T23:59:59-14:00", "@{a.id}", "x" * 300]),
    st.text(max_size=20),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=5,
)
RECORDS = st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text(max_size=5)), VALUES, max_size=6)
TYPED = st.builds(lambda kind, record: record | {"attributes": {"type": kind}}, TEXTS, RECORDS) | st.builds(
    lambda kind, record: record | {"attributes": {"type": kind}}, st.sampled_from(["Task", "Lead", "Contact"]), RECORDS
)
PARTS = st.fixed_dictionaries(
    {"method": st.sampled_from(["GET", "POST", "PATCH", "DELETE", "X"]), "referenceId": st.sampled_from("abcd")},
    optional={
        "url": st.sampled_from(["/services/data/v60.0/sobjects/Task", "/services/data/v²/sobjects", "http://["])
        | TEXTS,
        "body": VALUES,
        "httpHeaders": VALUES,
    },
)
CALLS = st.one_of(
    st.tuples(
        st.just("POST"), st.sampled_from(["sobjects/Task", "sobjects/Lead", "sobjects/Account"]), RECORDS | VALUES
    ),
    st.tuples(
        st.just("PATCH"), st.sampled_from([f"sobjects/Lead/{LEAD}", "sobjects/Task/ActionSync_Id__c/a"]), RECORDS
    ),
    st.tuples(
        st.sampled_from(["POST", "PATCH"]),
        st.just("composite/sobjects"),
        st.fixed_dictionaries({"records": st.lists(TYPED, max_size=4), "allOrNone": st.booleans() | VALUES}),
    ),
    st.tuples(
        st.just("PATCH"),
        st.just("composite/sobjects/Task/ActionSync_Id__c"),
        st.fixed_dictionaries(
            {"records": st.lists(RECORDS.map(lambda r: r | {"attributes": {"type": "Task"}}), max_size=4)}
        ),
    ),
    st.tuples(
        st.just("POST"),
        st.just("composite"),
        st.fixed_dictionaries(
            {"compositeRequest": st.lists(PARTS, min_size=1, max_size=4), "allOrNone": st.booleans()}
        ),
    ),
    st.tuples(st.just("POST"), st.just("composite/batch"), st.fixed_dictionaries({"batchRequests": st.lists(PARTS)})),
    st.tuples(
        st.just("POST"), st.just("composite/sobjects/Task"), st.dictionaries(st.sampled_from(["ids", "fields"]), VALUES)
    ),
    st.tuples(st.just("POST"), st.just("parameterizedSearch"), st.dictionaries(st.sampled_from(["q", "in"]), VALUES)),
    st.tuples(st.just("POST"), st.just("/_sim/convert"), st.dictionaries(st.sampled_from(["lead", "account"]), VALUES)),
    st.tuples(st.just("POST"), st.just("/_sim/merge"), st.dictionaries(st.sampled_from(["master", "losers"]), VALUES)),
    st.tuples(
        st.just("POST"),
        st.just("/_sim/fields"),
        st.dictionaries(st.sampled_from(["object", "name", "type", "label", "values", "reference_to"]), VALUES),
    ),
    st.tuples(st.just("POST"), st.just("/_sim/profile"), st.dictionaries(st.sampled_from(["user", "object"]), VALUES)),
    st.tuples(st.just("POST"), st.just("/_sim/rules"), st.dictionaries(st.sampled_from(["kind", "object"]), VALUES)),
)


@pytest.fixture(scope="module")
def simulator() -> SalesforceSimulator:
    clock = Clock(frozen=True)
    return SalesforceSimulator(clock=clock, limits="off", world=generate(50, seed=1, start=clock.now()))


async def call(simulator: SalesforceSimulator, method: str, path: str, body: Any) -> tuple[int, Any]:
    org = simulator.org
    session = org.sessions.issue(user_id=org.api_user_id, client_id="simulator-client", scope="api")
    whole = path if path.startswith("/") else f"/services/data/v60.0/{path}"
    headers = [(b"authorization", f"Bearer {session.token}".encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": method, "path": whole, "raw_path": whole.encode(), "headers": headers}
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": orjson.dumps(body), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await simulator(scope, receive, send)
    return sent[0]["status"], orjson.loads(sent[1]["body"]) if sent[1]["body"] else None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CALLS)
def test_nothing_stumbles(simulator: SalesforceSimulator, given_call: tuple[str, str, Any]) -> None:
    method, path, body = given_call
    status, answer = asyncio.run(call(simulator, method, path, body))
    assert status in (200, 201, 204, 300, 400, 404, 405)
    if path.startswith("/_sim"):
        assert isinstance(answer, dict)
        assert (status == 400) == ("error" in answer)
    elif status >= 400:
        assert all({"errorCode", "message"} <= set(each) for each in answer)
