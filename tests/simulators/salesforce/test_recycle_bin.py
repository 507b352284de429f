"""The recycle bin: what lies there together, what comes back and how, and what is gone after 15 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock

WON = {"StageName": "Closed Won", "CloseDate": "2024-01-01"}


async def not_undeleted(api: Any, record_id: str) -> str:
    answer = await api("POST", "/_sim/undelete", {"id": record_id})
    assert answer.status == 400
    return str(answer.body["error"])


async def delete(api: Any, sobject: str, record_id: str) -> None:
    answer = await api("DELETE", f"sobjects/{sobject}/{record_id}")
    assert answer.status == 204, answer.body


@pytest.mark.asyncio
async def test_after_15_days_a_row_is_gone_for_good(api: Any, clock: Clock) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    task = await api.create("Task", WhoId=lead, Subject="with the lead")
    await delete(api, "Lead", lead)
    await clock.advance(timedelta(days=15) - timedelta(seconds=1))
    await api.log_in()
    assert len(await api.soql(f"SELECT Id FROM Task WHERE Id = '{task}'", deleted_too=True)) == 1
    assert (await api("DELETE", f"sobjects/Lead/{lead}")).code == "ENTITY_IS_DELETED"
    await clock.advance(timedelta(seconds=1))
    for sobject, record_id in (("Lead", lead), ("Task", task)):
        assert await api.soql(f"SELECT Id FROM {sobject} WHERE Id = '{record_id}'", deleted_too=True) == []
        assert (await api("GET", f"sobjects/{sobject}/{record_id}")).code == "NOT_FOUND"
        removed = await api("DELETE", f"sobjects/{sobject}/{record_id}")
        assert (removed.status, removed.code) == (404, "INVALID_CROSS_REFERENCE_KEY")
        assert "UNDELETE_FAILED" in await not_undeleted(api, record_id)
    assert (await api("POST", "sobjects/Task", {"WhoId": lead})).code == "INVALID_CROSS_REFERENCE_KEY"


@pytest.mark.asyncio
async def test_each_row_has_its_own_15_days(api: Any, clock: Clock) -> None:
    first, second = [await api.create("Task") for _ in range(2)]
    await delete(api, "Task", first)
    await clock.advance(timedelta(days=5))
    await api.log_in()
    await delete(api, "Task", second)
    left: list[Any] = []
    for days in (10, 5):
        await clock.advance(timedelta(days=days))
        await api.log_in()
        left.append([row["Id"] for row in await api.soql("SELECT Id FROM Task", deleted_too=True)])
    assert left == [[second], []]


@pytest.mark.asyncio
async def test_undeleting_too_late_is_refused_before_anybody_asked(api: Any, clock: Clock) -> None:
    task = await api.create("Task")
    await delete(api, "Task", task)
    await clock.advance(timedelta(days=16))
    assert "UNDELETE_FAILED" in await not_undeleted(api, task)


@pytest.mark.asyncio
async def test_what_pointed_at_a_row_that_is_gone_points_nowhere(api: Any, clock: Clock) -> None:
    boss = await api.create("Contact", LastName="Boss")
    report = await api.create("Contact", LastName="R", ReportsToId=boss)
    await delete(api, "Contact", boss)
    assert (await api.read("Contact", report))["ReportsToId"] == boss
    stamp = (await api.read("Contact", report))["SystemModstamp"]
    await clock.advance(timedelta(days=15))
    await api.log_in()
    record = await api.read("Contact", report)
    assert (record["ReportsToId"], record["SystemModstamp"]) == (None, stamp)


@pytest.mark.asyncio
async def test_a_reset_brings_back_what_was_gone(api: Any, clock: Clock) -> None:
    deleted = "SELECT Id FROM Lead WHERE IsDeleted = true ORDER BY Id"
    seeded = await api.soql(deleted, deleted_too=True)
    assert seeded
    await clock.advance(timedelta(days=15))
    await api.log_in()
    assert await api.soql(deleted, deleted_too=True) == []
    await api.control("POST", "reset")
    await api.log_in()
    assert await api.soql(deleted, deleted_too=True) == seeded
    await api.control("POST", "undelete", id=seeded[0]["Id"])
    assert await api.soql(deleted, deleted_too=True) == seeded[1:]


@pytest.mark.asyncio
async def test_what_went_with_a_row_comes_back_only_with_it(api: Any) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    alone = await api.create("Task", WhoId=lead, Subject="deleted by itself")
    along = await api.create("Task", WhoId=lead, Subject="deleted along")
    await delete(api, "Task", alone)
    # In the same second: it is not the time that counts.
    await delete(api, "Lead", lead)
    assert "UNDELETE_FAILED" in await not_undeleted(api, along)
    await api.control("POST", "undelete", id=lead)
    assert (await api.read("Task", along))["WhoId"] == lead
    assert (await api("GET", f"sobjects/Task/{alone}")).code == "ENTITY_IS_DELETED"
    await api.control("POST", "undelete", id=alone)
    assert (await api.read("Task", alone))["WhoId"] == lead


@pytest.mark.asyncio
async def test_a_row_comes_back_without_what_is_deleted_meanwhile(api: Any) -> None:
    account = await api.create("Account", Name="A")
    contact = await api.create("Contact", LastName="C", AccountId=account)
    task = await api.create("Task", WhoId=contact, Status="Completed", ActivityDate="2024-01-30")
    await delete(api, "Task", task)
    await delete(api, "Contact", contact)
    await api.control("POST", "undelete", id=task)
    record = await api.read("Task", task)
    assert (record["WhoId"], record["AccountId"]) == (None, None)
    await delete(api, "Account", account)
    await api.control("POST", "undelete", id=contact)
    assert (await api.read("Contact", contact))["AccountId"] is None


@pytest.mark.asyncio
async def test_a_row_comes_back_to_the_winner_of_a_merge(api: Any) -> None:
    account = await api.create("Account", Name="A")
    loser = await api.create("Contact", LastName="Loser")
    winner = await api.create("Contact", LastName="Winner", AccountId=account)
    task = await api.create("Task", WhoId=loser, Status="Completed", ActivityDate="2024-01-30")
    await delete(api, "Task", task)
    await api.control("POST", "merge", master=winner, losers=[loser])
    await api.control("POST", "undelete", id=task)
    record = await api.read("Task", task)
    assert (record["WhoId"], record["AccountId"]) == (winner, account)
    assert (await api.read("Account", account))["LastActivityDate"] == "2024-01-30"


@pytest.mark.asyncio
async def test_the_loser_of_a_merge_comes_back_alone(api: Any) -> None:
    winner, loser = [await api.create("Contact", LastName=name) for name in ("W", "L")]
    task = await api.create("Task", WhoId=loser)
    await api.control("POST", "merge", master=winner, losers=[loser])
    await api.control("POST", "undelete", id=loser)
    assert (await api.read("Contact", loser))["MasterRecordId"] is None
    assert (await api.read("Task", task))["WhoId"] == winner


@pytest.mark.asyncio
async def test_a_row_that_needs_a_deleted_one_stays_in_the_bin(api: Any) -> None:
    contact = await api.create("Contact", LastName="C")
    opportunity = await api.create("Opportunity", Name="O", **WON)
    role = await api.create("OpportunityContactRole", OpportunityId=opportunity, ContactId=contact)
    await delete(api, "OpportunityContactRole", role)
    await delete(api, "Contact", contact)
    assert "UNDELETE_FAILED" in await not_undeleted(api, role)
    assert (await api("GET", f"sobjects/OpportunityContactRole/{role}")).code == "ENTITY_IS_DELETED"


@pytest.mark.asyncio
async def test_unique_values_taken_meanwhile_stand_in_the_way_also_of_what_comes_along(api: Any) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    await api.create("Task", WhoId=lead, ActionSync_Id__c="a")
    await delete(api, "Lead", lead)
    taken = await api.create("Task", ActionSync_Id__c="a")
    assert "DUPLICATE_VALUE" in await not_undeleted(api, lead)
    assert (await api("GET", f"sobjects/Lead/{lead}")).code == "ENTITY_IS_DELETED"
    await delete(api, "Task", taken)
    await api.control("POST", "undelete", id=lead)


@pytest.mark.asyncio
async def test_who_may_only_read_cannot_undelete(api: Any) -> None:
    task = await api.create("Task")
    await delete(api, "Task", task)
    await api.control("POST", "profile", object="Task", state="read_only")
    assert "INSUFFICIENT_ACCESS_OR_READONLY" in await not_undeleted(api, task)


@pytest.mark.asyncio
async def test_old_closed_activities_are_archived_at_night(api: Any, clock: Clock) -> None:
    closed = {"Status": "Completed", "ActivityDate": "2024-01-30"}
    tasks = {
        "closed": await api.create("Task", **closed),
        "closed without a date": await api.create("Task", Status="Completed"),
        "open": await api.create("Task", ActivityDate="2024-01-30"),
        "closed later": await api.create("Task", Status="Completed", ActivityDate="2025-01-01"),
    }
    event = await api.create("Event", ActivityDateTime="2024-01-30T09:00:00Z", DurationInMinutes=30)
    await clock.advance(timedelta(days=367))
    await api.log_in()
    found = {row["Id"] for row in await api.soql("SELECT Id FROM Task")}
    assert {name for name, task in tasks.items() if task in found} == {"open", "closed later"}
    everything = await api.soql("SELECT Id, IsArchived, SystemModstamp FROM Task", deleted_too=True)
    archived = {row["Id"]: row for row in everything if row["IsArchived"]}
    assert set(archived) == {tasks["closed"], tasks["closed without a date"]}
    assert archived[tasks["closed"]]["SystemModstamp"] == "2024-01-31T12:00:00.000+0000"
    assert await api.soql("SELECT Id FROM Event") == []
    assert (await api.read("Event", event))["IsArchived"] is True
    await api.update("Task", tasks["closed"], Status="In Progress")
    assert (await api.read("Task", tasks["closed"]))["IsArchived"] is False
