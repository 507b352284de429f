"""Generated calls on everything that the Salesforce simulator says it serves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.document import DATA, document
from actionsync_simulators.seed.org import generate
from harness.fuzzing import Fuzzed, operations
from schemathesis.generation.case import Case

START = datetime(2024, 1, 31, 12, 0, tzinfo=UTC)
schema = operations(document())

APP = {"client_id": "simulator-client", "client_secret": "simulator-secret"}
LEAD = {"LastName": "Known", "Company": "Engines", "Email": "known@example.com"}
UPLOADED = {"json": {"state": "UploadComplete"}}
KNOWN: dict[str, list[Any]] = {
    "object": ["Lead", "Task", "Contact", "Account"],
    "field": ["Id", "ActionSync_Id__c"],
    "q": ["SELECT Id, Owner.Name FROM Lead", "FIND {Engines} RETURNING Lead(Id)", "SELECT count() FROM Task"],
    "fields": [["Id"], ["Id", "LastModifiedDate"]],
    "query": ["SELECT Id FROM Lead"],
    "operation": ["query", "insert"],
    "type": ["Lead"],
    "method": ["GET", "POST"],
    "event": ["LeadChangeEvent"],
    "client_id": [APP["client_id"]],
    "client_secret": [APP["client_secret"]],
    "grant_type": ["client_credentials"],
    "start": ["2024-01-30T00:00:00Z"],
    "end": ["2024-01-31T00:00:00Z"],
}
"""What the seed has. Ids and URLs are added once they are there."""


def prepare(fuzzed: Fuzzed) -> str:
    """Log in; make a lead, a task with an external id, and a bulk job."""
    form = {"grant_type": "client_credentials", **APP}
    token: str = fuzzed.call("POST", "/services/oauth2/token", data=form)["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    lead = fuzzed.call("POST", f"{DATA}/sobjects/Lead", headers=bearer, json=LEAD)["id"]
    task = {"Subject": "Known", "ActionSync_Id__c": "act-1", "WhoId": lead}
    task_id = fuzzed.call("POST", f"{DATA}/sobjects/Task", headers=bearer, json=task)["id"]
    new_job = {"object": "Lead", "operation": "insert", "contentType": "CSV"}
    job, done = (fuzzed.call("POST", f"{DATA}/jobs/ingest", headers=bearer, json=new_job)["id"] for _ in range(2))
    for method, path, body in (("PUT", "/batches", {"data": "LastName,Company\nA,B\n"}), ("PATCH", "", UPLOADED)):
        types = {"Content-Type": "text/csv"} if "data" in body else {}
        fuzzed.call(method, f"{DATA}/jobs/ingest/{done}{path}", headers=bearer | types, **body)
    query = {"operation": "query", "query": "SELECT Id FROM Lead"}
    export = fuzzed.call("POST", f"{DATA}/jobs/query", headers=bearer, json=query)["id"]
    event = fuzzed.call("GET", f"{DATA}/sobjects/LeadChangeEvent/eventSchema", headers=bearer)["uuid"]
    fuzzed.known |= {
        "id": [lead, task_id],
        "value": [lead, "act-1", "act-2"],
        "ids": [[lead], [task_id, lead]],
        "records": [
            [{"attributes": {"type": "Lead"}, **LEAD}],
            [{"attributes": {"type": "Lead"}, "Id": lead, "Title": "x"}, {"attributes": {"type": "Lead"}}],
            [{"attributes": {"type": "Task"}, "ActionSync_Id__c": "act-2", "Subject": "x"}],
        ],
        "url": [f"{DATA}/sobjects/Lead/{lead}", f"{DATA}/sobjects/Task", f"{DATA}/limits"],
        "job": [job, done, export],
        "schema_id": [event],
    }
    return token


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Fuzzed]:
    clock = Clock(start=START, frozen=True)
    simulator = SalesforceSimulator(clock=clock, limits="off", world=generate(20, seed=1, start=START))
    made = Fuzzed(simulator, prepare=prepare, refused=lambda status, _: status >= 400, known=KNOWN)
    yield made
    made.close()


@schema.parametrize()  # type: ignore[untyped-decorator]
def test_any_call_is_answered_as_documented(case: Case[Any], fuzzed: Fuzzed) -> None:
    fuzzed.check(case)
