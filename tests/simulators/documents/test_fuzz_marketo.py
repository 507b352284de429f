"""Generated calls on everything that the Marketo simulator says it serves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.document import document
from actionsync_simulators.seed.org import generate
from harness.fuzzing import Fuzzed, operations
from schemathesis.generation.case import Case

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
schema = operations(document())


EXTERNAL = "/rest/v1/activities/external"
CONFERENCE = {
    "apiName": "conference",
    "name": "Conference",
    "triggerName": "Attends",
    "filterName": "Attended",
    "primaryAttribute": {"apiName": "title", "name": "Title"},
}
LEAD = {"email": "known@simulator.example", "firstName": "Known", "unsubscribed": True}
FILTERS = [
    {"createdAt": {"startAt": "2026-11-01T00:00:00Z", "endAt": "2026-11-20T00:00:00Z"}},
    {"staticListId": 1001},
]
KNOWN: dict[str, list[Any]] = {
    "leadId": [1001, 1002, 1003],
    "leadIds": [[1004], [1005, 1006]],
    "listId": [1001, 1002, 1003],
    "programId": [1001, 1002],
    "apiName": ["conference", "title", "seats"],
    "fields": [["email", "firstName"], ["id"]],
    "filterType": ["id", "email"],
    "filterValues": [["1001", "1002"], ["known@simulator.example"]],
    "lookupField": ["email"],
    "action": ["createOrUpdate", "updateOnly", "createDuplicate"],
    "input": [[{"id": 1002}], [LEAD], [{"id": 1003, "partitionName": "Default"}]],
    "activityTypeId": [100_001],
    "activityTypeIds": [[12, 13]],
    "activityDate": ["2026-11-20T10:00:00Z"],
    "primaryAttributeValue": ["Keynote"],
    "attributes": [[], [{"apiName": "seats", "name": "Seats", "dataType": "integer"}]],
    "filter": FILTERS,
    "columnHeaderNames": [{}],
    "batchSize": [1, 300],
    "format": ["CSV"],
    "folder": ['{"id":12,"type":"Folder"}', '{"id":14,"type":"Folder"}'],
}
"""What the seed has. Tokens and ids of jobs are added once they are there."""


def prepare(fuzzed: Fuzzed) -> str:
    """Log in; make a custom type with a draft, and a job of each kind of export."""
    form = {"grant_type": "client_credentials", "client_id": "simulator-client", "client_secret": "simulator-secret"}
    token: str = fuzzed.call("POST", "/identity/oauth/token", data=form)["access_token"]

    def call(method: str, path: str, **options: Any) -> Any:
        answer = fuzzed.call(method, path, headers={"Authorization": f"Bearer {token}"}, **options)
        assert answer["success"], answer
        return answer

    call("POST", f"{EXTERNAL}/type.json", json=CONFERENCE)
    call("POST", f"{EXTERNAL}/type/conference/approve.json")
    more = {"attributes": [{"apiName": "seats", "name": "Seats", "dataType": "integer"}]}
    call("POST", f"{EXTERNAL}/type/conference/attributes/create.json", json=more)
    since = call("GET", "/rest/v1/activities/pagingtoken.json", params={"sinceDatetime": "2026-11-01T00:00:00Z"})
    fuzzed.known["nextPageToken"] = [since["nextPageToken"]]
    fuzzed.known["exportId"] = []
    for kind in ("leads", "activities"):
        for state in ("created", "completed"):
            job = {"fields": ["leadId"] if kind == "activities" else ["id"], "filter": FILTERS[0]}
            export_id = call("POST", f"/bulk/v1/{kind}/export/create.json", json=job)["result"][0]["exportId"]
            if state == "completed":
                call("POST", f"/bulk/v1/{kind}/export/{export_id}/enqueue.json")
            fuzzed.known["exportId"].append(export_id)
    return token


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Fuzzed]:
    clock = Clock(start=START, frozen=True)
    simulator = MarketoSimulator(clock=clock, seed=1, limits="off")
    simulator.load(generate(20, seed=1, start=START))
    made = Fuzzed(simulator, prepare=prepare, refused=refused, known=KNOWN)
    yield made
    made.close()
    simulator.close()


def refused(status: int, answer: Any) -> bool:
    return status >= 400 or (isinstance(answer, dict) and answer.get("success") is False)


@schema.parametrize()  # type: ignore[untyped-decorator]
def test_any_call_is_answered_as_documented(case: Case[Any], fuzzed: Fuzzed) -> None:
    fuzzed.check(case)
