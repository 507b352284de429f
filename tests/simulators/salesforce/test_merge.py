"""Merging: the winner keeps everything, the losers point to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock


@pytest.mark.asyncio
async def test_two_contacts_become_one(api: Any, clock: Clock) -> None:
    account, other = [await api.create("Account", Name=name) for name in ("A", "B")]
    winner = await api.create("Contact", LastName="Winner", AccountId=account)
    loser = await api.create("Contact", LastName="Loser", AccountId=other, HasOptedOutOfEmail=True)
    opportunity = await api.create("Opportunity", Name="O", StageName="Prospecting", CloseDate="2024-03-01")
    role = await api.create("OpportunityContactRole", OpportunityId=opportunity, ContactId=loser)
    task = await api.create("Task", WhoId=loser, Status="Completed", ActivityDate="2024-01-30", ActionSync_Id__c="a")
    report = await api.create("Contact", LastName="Report", ReportsToId=loser)
    await clock.advance(timedelta(minutes=1))
    merged = await api.control("POST", "merge", master=winner, losers=[loser], fields={"Title": "Kept"})
    assert merged["id"] == winner
    assert merged["merged"] == [loser]
    assert set(merged["updated_related"]) == {role, task, report}
    kept = await api.read("Contact", winner)
    assert (kept["Title"], kept["HasOptedOutOfEmail"], kept["LastActivityDate"]) == ("Kept", False, "2024-01-30")
    moved = await api.read("Task", task)
    assert (moved["WhoId"], moved["AccountId"]) == (winner, account)
    assert moved["SystemModstamp"] == "2024-01-31T12:01:00.000+0000"
    assert (await api.read("OpportunityContactRole", role))["ContactId"] == winner
    assert (await api.read("Contact", report))["ReportsToId"] == winner
    gone = await api.soql(f"SELECT Id, MasterRecordId, IsDeleted FROM Contact WHERE Id = '{loser}'", deleted_too=True)
    assert (gone[0]["MasterRecordId"], gone[0]["IsDeleted"]) == (winner, True)
    assert (await api("GET", f"sobjects/Contact/{loser}")).code == "ENTITY_IS_DELETED"
    assert (await api("PATCH", "sobjects/Task/ActionSync_Id__c/a", {"Subject": "replay"})).body["id"] == task


@pytest.mark.asyncio
async def test_losers_are_listed_as_deleted(api: Any, clock: Clock) -> None:
    ids = [await api.create("Lead", LastName=name, Company="C") for name in "abc"]
    await api.control("POST", "merge", master=ids[0], losers=ids[1:])
    await clock.advance(timedelta(minutes=2))
    span = "start=2024-01-31T11:59:00Z&end=2024-01-31T12:02:00Z"
    deleted = (await api("GET", f"sobjects/Lead/deleted/?{span}")).body["deletedRecords"]
    assert {each["id"] for each in deleted} == set(ids[1:])
    updated = (await api("GET", f"sobjects/Lead/updated/?{span}")).body["ids"]
    assert ids[0] in updated
    assert not set(ids[1:]) & set(updated)


@pytest.mark.asyncio
async def test_converted_leads_follow_the_winner(api: Any, clock: Clock) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    loser = (await api.control("POST", "convert", lead=lead))["contact"]
    winner = await api.create("Contact", LastName="W")
    await clock.advance(timedelta(minutes=1))
    await api.control("POST", "merge", master=winner, losers=[loser])
    record = await api.read("Lead", lead)
    assert record["ConvertedContactId"] == winner
    assert record["SystemModstamp"] == "2024-01-31T12:00:00.000+0000"


@pytest.mark.asyncio
async def test_accounts_hand_over_contacts_opportunities_and_tasks(api: Any) -> None:
    winner, loser = [await api.create("Account", Name=name) for name in "ab"]
    contact = await api.create("Contact", LastName="C", AccountId=loser)
    task = await api.create("Task", WhatId=loser, WhoId=contact)
    await api.control("POST", "merge", master=winner, losers=[loser])
    assert (await api.read("Contact", contact))["AccountId"] == winner
    record = await api.read("Task", task)
    assert (record["WhatId"], record["AccountId"]) == (winner, winner)


@pytest.mark.asyncio
async def test_refusals_change_nothing(api: Any) -> None:
    contacts = [await api.create("Contact", LastName=name) for name in "abcd"]
    lead = await api.create("Lead", LastName="L", Company="C")
    task = await api.create("Task")
    await api("DELETE", f"sobjects/Contact/{contacts[3]}")
    cases: list[tuple[str, str, Any]] = [
        ("MERGE_FAILED", contacts[0], [*contacts[1:], lead]),
        ("MERGE_FAILED", contacts[0], []),
        ("INVALID_CROSS_REFERENCE_KEY", contacts[0], [lead]),
        ("INVALID_CROSS_REFERENCE_KEY", contacts[0], [contacts[0]]),
        ("ENTITY_IS_DELETED", contacts[0], [contacts[1], contacts[3]]),
        ("INVALID_TYPE", task, [task]),
        ("MALFORMED_ID", "nonsense", [task]),
        ("losers is a list", contacts[0], "nonsense"),
    ]
    for code, master, losers in cases:
        answer = await api("POST", "/_sim/merge", {"master": master, "losers": losers})
        assert answer.status == 400
        assert code in answer.body["error"]
    bad_field = {"master": contacts[0], "losers": [contacts[1]], "fields": {"Email": "x"}}
    assert "INVALID_EMAIL_ADDRESS" in (await api("POST", "/_sim/merge", bad_field)).body["error"]
    assert len(await api.soql("SELECT Id FROM Contact WHERE LastName IN ('a', 'b', 'c')")) == 3
