"""What a merge or a conversion leaves of what pointed at the rows that are no more."""

from __future__ import annotations

from typing import Any

import pytest

CLOSED = {"Status": "Completed", "ActivityDate": "2024-01-30"}


@pytest.mark.asyncio
async def test_the_winner_does_not_point_at_itself(api: Any) -> None:
    boss = await api.create("Contact", LastName="Boss")
    contact = await api.create("Contact", LastName="C", ReportsToId=boss)
    await api.control("POST", "merge", master=contact, losers=[boss])
    assert (await api.read("Contact", contact))["ReportsToId"] is None
    parent = await api.create("Account", Name="Parent")
    account = await api.create("Account", Name="A", ParentId=parent)
    await api.control("POST", "merge", master=account, losers=[parent])
    assert (await api.read("Account", account))["ParentId"] is None


@pytest.mark.asyncio
async def test_the_last_activity_moves_between_accounts_with_the_tasks(api: Any) -> None:
    old, new = [await api.create("Account", Name=name) for name in ("Old", "New")]
    loser = await api.create("Contact", LastName="L", AccountId=old)
    winner = await api.create("Contact", LastName="W", AccountId=new)
    await api.create("Task", WhoId=loser, **CLOSED)
    assert (await api.read("Account", old))["LastActivityDate"] == "2024-01-30"
    await api.control("POST", "merge", master=winner, losers=[loser])
    assert (await api.read("Account", old))["LastActivityDate"] is None
    assert (await api.read("Account", new))["LastActivityDate"] == "2024-01-30"


@pytest.mark.asyncio
async def test_three_leads_become_one_with_all_their_tasks(api: Any) -> None:
    leads = [await api.create("Lead", LastName=name, Company="C") for name in "abc"]
    tasks = [await api.create("Task", WhoId=lead) for lead in leads]
    gone = await api.create("Task", WhoId=leads[1])
    await api("DELETE", f"sobjects/Task/{gone}")
    merged = await api.control("POST", "merge", master=leads[0], losers=leads[1:])
    assert set(merged["updated_related"]) == set(tasks[1:])
    for task in tasks:
        assert (await api.read("Task", task))["WhoId"] == leads[0]
    deleted = await api.soql("SELECT Id, MasterRecordId FROM Lead WHERE MasterRecordId != null", deleted_too=True)
    assert {row["Id"]: row["MasterRecordId"] for row in deleted} == dict.fromkeys(leads[1:], leads[0])


@pytest.mark.asyncio
async def test_converted_leads_are_not_merged(api: Any) -> None:
    lead, converted = [await api.create("Lead", LastName=name, Company="C") for name in "ab"]
    await api.control("POST", "convert", lead=converted)
    for master, loser in ((lead, converted), (converted, lead)):
        answer = await api("POST", "/_sim/merge", {"master": master, "losers": [loser]})
        assert answer.status == 400
        assert "CANNOT_UPDATE_CONVERTED_LEAD" in answer.body["error"]
    assert (await api.read("Lead", lead))["IsDeleted"] is False


@pytest.mark.asyncio
async def test_the_winner_is_in_each_campaign_once(api: Any) -> None:
    campaigns = [await api.create("Campaign", Name=name) for name in ("both", "loser's")]
    winner, loser = [await api.create("Contact", LastName=name) for name in "wl"]
    mine = await api.create("CampaignMember", CampaignId=campaigns[0], ContactId=winner)
    for campaign in campaigns:
        await api.create("CampaignMember", CampaignId=campaign, ContactId=loser)
    await api.control("POST", "merge", master=winner, losers=[loser])
    members = await api.soql("SELECT Id, CampaignId, ContactId, LeadOrContactId FROM CampaignMember")
    assert {member["CampaignId"]: member["ContactId"] for member in members} == dict.fromkeys(campaigns, winner)
    assert {member["LeadOrContactId"] for member in members} == {winner}
    assert mine in {member["Id"] for member in members}


@pytest.mark.asyncio
async def test_a_member_that_was_converted_can_still_be_changed(api: Any) -> None:
    campaign = await api.create("Campaign", Name="C")
    lead = await api.create("Lead", LastName="L", Company="C")
    member = await api.create("CampaignMember", CampaignId=campaign, LeadId=lead)
    contact = (await api.control("POST", "convert", lead=lead))["contact"]
    await api.update("CampaignMember", member, Status="Responded")
    record = await api.read("CampaignMember", member)
    assert (record["LeadOrContactId"], record["HasResponded"]) == (contact, True)


@pytest.mark.asyncio
async def test_converting_into_a_member_of_the_same_campaign_leaves_one(api: Any) -> None:
    campaign = await api.create("Campaign", Name="C")
    lead = await api.create("Lead", LastName="L", Company="C")
    contact = await api.create("Contact", LastName="C")
    await api.create("CampaignMember", CampaignId=campaign, LeadId=lead)
    member = await api.create("CampaignMember", CampaignId=campaign, ContactId=contact)
    await api.control("POST", "convert", lead=lead, contact=contact)
    assert [row["Id"] for row in await api.soql("SELECT Id FROM CampaignMember")] == [member]


@pytest.mark.asyncio
async def test_members_show_the_opt_out_of_their_person(api: Any) -> None:
    campaign = await api.create("Campaign", Name="C")
    lead = await api.create("Lead", LastName="L", Company="C", Email="l@engines.example")
    member = await api.create("CampaignMember", CampaignId=campaign, LeadId=lead)
    await api.update("Lead", lead, HasOptedOutOfEmail=True, Email="new@engines.example")
    record = await api.read("CampaignMember", member)
    assert (record["HasOptedOutOfEmail"], record["Email"]) == (True, "new@engines.example")


@pytest.mark.asyncio
async def test_locked_rows_are_neither_merged_nor_converted(api: Any) -> None:
    lead, other = [await api.create("Lead", LastName=name, Company="C") for name in "ab"]
    for locked in (lead, other):
        await api.control("POST", "rules", kind="lock", record=locked)
        answer = await api("POST", "/_sim/merge", {"master": lead, "losers": [other]})
        assert (answer.status, "UNABLE_TO_LOCK_ROW" in answer.body["error"]) == (400, True)
        await api.control("DELETE", "rules")
    account = await api.create("Account", Name="A")
    for locked in (lead, account):
        await api.control("POST", "rules", kind="lock", record=locked)
        answer = await api("POST", "/_sim/convert", {"lead": lead, "account": account})
        assert (answer.status, "UNABLE_TO_LOCK_ROW" in answer.body["error"]) == (400, True)
        await api.control("DELETE", "rules")
    await api.control("POST", "convert", lead=lead, account=account)


@pytest.mark.asyncio
async def test_who_may_only_read_leads_converts_and_merges_none(api: Any) -> None:
    leads = [await api.create("Lead", LastName=name, Company="C") for name in "ab"]
    await api.control("POST", "profile", object="Lead", state="read_only")
    for path, arguments in (("convert", {"lead": leads[0]}), ("merge", {"master": leads[0], "losers": leads[1:]})):
        answer = await api("POST", f"/_sim/{path}", arguments)
        assert (answer.status, "INSUFFICIENT_ACCESS_OR_READONLY" in answer.body["error"]) == (400, True)
