"""Transactions with more changes than are told one by one, in an org where that is soon the case."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.switches import SalesforceSwitches
from actionsync_simulators.seed.org import generate


@pytest.fixture
def salesforce(clock: Clock) -> SalesforceSimulator:
    switches = SalesforceSwitches(transaction_change_limit=3, change_events_of_moved_activities=False)
    return SalesforceSimulator(clock=clock, world=generate(0, seed=1, start=clock.now()), switches=switches)


@pytest.mark.asyncio
async def test_the_changes_beyond_the_limit_are_one_overflow_for_each_object(api: Any, pubsub: Any) -> None:
    records: list[dict[str, Any]] = [
        {"attributes": {"type": "Task"}, "Subject": f"task {number}"} for number in range(5)
    ]
    records += [{"attributes": {"type": "Contact"}, "LastName": f"Contact {number}"} for number in range(2)]
    answer = await api("POST", "composite/sobjects", {"records": records})
    made = [row["id"] for row in answer.body]
    events = await pubsub.events("/data/ChangeEvents", 5)
    told = [(each.header["entityName"], each.header["changeType"], each.header["recordIds"]) for each in events]
    assert told == [
        *(("Task", "CREATE", [task]) for task in made[:3]),
        ("Task", "GAP_OVERFLOW", ["000000000000000AAA"]),
        ("Contact", "GAP_OVERFLOW", ["000000000000000AAA"]),
    ]
    assert events[3].values == {}


@pytest.mark.asyncio
async def test_moved_tasks_may_be_left_untold(api: Any, pubsub: Any) -> None:
    lead = await api.create("Lead", LastName="Doe", Company="Acme")
    task = await api.create("Task", Subject="Call", WhoId=lead)
    ids = await api.control("POST", "convert", lead=lead)
    assert (await api.read("Task", task, "WhoId"))["WhoId"] == ids["contact"]
    assert (await api.control("GET", "change-events"))["events"] == {"Contact": 1, "Lead": 2, "Task": 1}
    *_, last = await pubsub.events("/data/ChangeEvents", 4)
    assert last.header["entityName"] == "Lead"
