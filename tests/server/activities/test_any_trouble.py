"""Random trouble in every order: once it is over, every activity is where it belongs, exactly once."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from actionsync_server.model.activities import CallStatus, OpenSalesEmail, ReceivedSalesCall, SalesEmail
from actionsync_server.model.deliveries import DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.store.deliveries import DeliveryFilter

pytestmark = pytest.mark.asyncio

MINUTE = 60
WRITE = "/rest/v1/activities/external.json"
TASKS = "*/composite/sobjects*"
#: Everything that may go wrong with one call: path, action, more.
TROUBLE: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("marketo", WRITE, "commit_then_drop", {}),
    ("marketo", WRITE, "drop_before", {}),
    ("marketo", WRITE, "hide_rows", {"seconds": 9 * MINUTE}),
    ("marketo", WRITE, "delay", {"seconds": 70}),
    ("marketo", WRITE, "error", {"error": {"code": "606", "message": "Max rate limit"}}),
    ("marketo", WRITE, "error", {"error": {"code": "604", "message": "Request timed out"}}),
    ("marketo", WRITE, "error", {"error": {"code": "602", "message": "Access token expired"}}),
    ("marketo", "/rest/v1/activities.json", "error", {"error": {"code": "608", "message": "API unavailable"}}),
    ("marketo", "/rest/v1/activities/pagingtoken.json", "drop_before", {}),
    ("salesforce", TASKS, "commit_then_drop", {}),
    ("salesforce", TASKS, "drop_before", {}),
    ("salesforce", TASKS, "error", {"error": {"code": "SERVER_UNAVAILABLE", "message": "busy"}}),
    ("salesforce", TASKS, "error", {"error": {"code": "INVALID_SESSION_ID", "message": "expired"}}),
    ("salesforce", "/rows/Task/*", "error", {"error": {"code": "UNABLE_TO_LOCK_ROW", "message": "locked"}}),
    ("salesforce", "/rows/Task/*", "error", {"error": {"code": "QUERY_TIMEOUT", "message": "slow"}}),
    ("salesforce", "*/query*", "drop_before", {}),
)


@pytest.mark.parametrize("with_field", [True, False], ids=["upsert", "look-up"])
@pytest.mark.parametrize("seed", range(4))
async def test_every_activity_arrives_exactly_once(open_rig: Any, seed: int, with_field: bool) -> None:
    rng = random.Random(f"{seed}/{with_field}")
    rig = await open_rig(connect=False, activity_commit_lag=60.0)
    if not with_field:
        hidden = {"object": "Task", "field": "ActionSync_Id__c", "state": "hidden"}
        await rig.salesforce.control("POST", "profile", hidden)
    await rig.connect()
    await rig.log_everything()
    people = []
    for number in range(6):
        contact = await rig.add_contact(f"c{number}@example.com") if number % 2 else ""
        person = await rig.add_person(email=f"c{number}@example.com", salesforce_contact_id=contact)
        if not contact:
            await rig.add_lead(person.fields.email)
        people.append(person)
    expected: dict[str, Counter[str]] = {"marketo": Counter(), "salesforce": Counter()}
    for _ in range(12):
        await _log_some(rig, rng, people, expected)
        for system, path, action, more in rng.sample(TROUBLE, rng.randint(0, 3)):
            user = rig.marketo if system == "marketo" else rig.salesforce
            await user.fault(path, action, times=rng.randint(1, 8), **more)
        await rig.advance(rng.uniform(0.5, 45))
        if rng.random() < 0.3:
            await rig.restart()
    await rig.marketo.control("DELETE", "faults")
    await rig.salesforce.control("DELETE", "faults")
    await rig.advance(40 * MINUTE)
    assert await _states(rig) == {DeliveryState.DELIVERED, DeliveryState.SKIPPED}
    rows = [
        row for kind in ("asSendSalesEmail", "asOpenSalesEmail", "asReceivedSalesCall") for row in await rig.rows(kind)
    ]
    assert Counter(row["attributes"]["Actions Activity ID"] for row in rows) == expected["marketo"]
    key = "ActionSync_Id__c" if with_field else "CallObject"
    tasks = await rig.salesforce.query(f"SELECT Id, CallObject{', ActionSync_Id__c' if with_field else ''} FROM Task")
    assert Counter(task[key] for task in tasks) == expected["salesforce"]


async def _log_some(rig: Any, rng: random.Random, people: list[Any], expected: dict[str, Counter[str]]) -> None:
    for _ in range(rng.randint(1, 6)):
        person = rng.choice(people)
        kind = rng.random()
        if kind < 0.4:
            logged = await rig.log(rig.content(person, OpenSalesEmail(SalesEmail("1"))))
        elif kind < 0.6 and person.fields.salesforce_contact_id:
            logged = await rig.log(rig.content(person, ReceivedSalesCall(CallStatus.COMPLETED)))
            expected["salesforce"][logged.activity.activity_id] += 1
        else:
            logged = await rig.log(rig.send(person, str(rng.randint(1, 9))))
            expected["salesforce"][logged.activity.activity_id] += 1
        expected["marketo"][logged.activity.activity_id] += 1


async def _states(rig: Any) -> set[DeliveryState]:
    found = []
    for system in (System.MARKETO, System.SALESFORCE):
        found += await rig.process.desk.page("acme", DeliveryFilter(system=system), after=0, count=1000)
    return {one.state for one in found}
