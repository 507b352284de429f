"""Lead conversion: what comes of the lead, what moves with it, and when it is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock

LEAD = {
    "FirstName": "Ada",
    "LastName": "Lovelace",
    "Company": "Engines",
    "Title": "Countess",
    "Email": "ada@engines.example",
    "Phone": "+44 20 5550 1234",
    "City": "London",
    "LeadSource": "Web",
    "Website": "engines.example",
    "Description": "first programmer",
    "HasOptedOutOfEmail": True,
    "DoNotCall": True,
    "LinkedIn_Profile__c": "https://linkedin.example/in/ada",
}


async def refused(api: Any, **arguments: Any) -> str:
    answer = await api("POST", "/_sim/convert", arguments)
    assert answer.status == 400
    return str(answer.body["error"])


@pytest.mark.asyncio
async def test_account_contact_and_opportunity_come_of_a_lead(api: Any, clock: Clock) -> None:
    lead_id = await api.create("Lead", **LEAD)
    await clock.advance(timedelta(minutes=1))
    converted = await api.control("POST", "convert", lead=lead_id)
    account = await api.read("Account", converted["account"])
    contact = await api.read("Contact", converted["contact"])
    opportunity = await api.read("Opportunity", converted["opportunity"])
    lead = await api.read("Lead", lead_id)
    assert (account["Name"], account["BillingCity"], account["Website"]) == ("Engines", "London", "engines.example")
    assert contact["AccountId"] == opportunity["AccountId"] == converted["account"]
    assert contact["Name"] == "Ada Lovelace"
    for name in ("Title", "Email", "Phone", "LeadSource", "Description", "LinkedIn_Profile__c"):
        assert contact[name] == LEAD[name]
    assert (contact["HasOptedOutOfEmail"], contact["DoNotCall"], contact["HasOptedOutOfFax"]) == (True, True, False)
    assert contact["MailingCity"] == "London"
    assert contact["OwnerId"] == opportunity["OwnerId"] == account["OwnerId"] == lead["OwnerId"]
    assert (opportunity["Name"], opportunity["CloseDate"]) == ("Engines-", "2024-03-31")
    assert lead["IsConverted"] is True
    assert lead["Status"] == "Closed - Converted"
    assert lead["ConvertedDate"] == "2024-01-31"
    assert lead["ConvertedAccountId"] == converted["account"]
    assert lead["ConvertedContactId"] == converted["contact"]
    assert lead["ConvertedOpportunityId"] == converted["opportunity"]
    assert lead["SystemModstamp"] == "2024-01-31T12:01:00.000+0000"
    roles = await api.soql(
        f"SELECT ContactId, IsPrimary FROM OpportunityContactRole WHERE OpportunityId = '{opportunity['Id']}'"
    )
    assert [(role["ContactId"], role["IsPrimary"]) for role in roles] == [(contact["Id"], True)]


@pytest.mark.asyncio
@pytest.mark.parametrize("create_opportunity", [True, False])
async def test_activities_move_to_the_contact_and_keep_their_ids(
    api: Any, clock: Clock, create_opportunity: bool
) -> None:
    lead = await api.create("Lead", **LEAD)
    closed = await api.create("Task", WhoId=lead, Status="Completed", ActivityDate="2024-01-30", ActionSync_Id__c="a")
    opened = await api.create("Task", WhoId=lead)
    event = await api.create("Event", WhoId=lead, ActivityDateTime="2024-02-01T09:00:00Z", DurationInMinutes=30)
    await clock.advance(timedelta(minutes=1))
    converted = await api.control("POST", "convert", lead=lead, create_opportunity=create_opportunity)
    for sobject, record_id in (("Task", closed), ("Task", opened), ("Event", event)):
        record = await api.read(sobject, record_id)
        assert record["WhoId"] == converted["contact"]
        assert record["WhatId"] == (converted["opportunity"] if create_opportunity else converted["account"])
        assert record["AccountId"] == converted["account"]
        assert record["LastModifiedDate"] == record["SystemModstamp"] == "2024-01-31T12:01:00.000+0000"
    assert (converted["opportunity"] is not None) is create_opportunity
    assert (await api.read("Contact", converted["contact"]))["LastActivityDate"] == "2024-02-01"
    assert (await api.read("Lead", lead))["LastActivityDate"] is None
    again = await api("PATCH", "sobjects/Task/ActionSync_Id__c/a", {"Subject": "replay"})
    assert (again.status, again.body["id"]) == (200, closed)


@pytest.mark.asyncio
async def test_into_existing_records_only_what_is_empty_is_filled(api: Any) -> None:
    account = await api.create("Account", Name="Engines Ltd")
    contact = await api.create("Contact", LastName="King", AccountId=account, Title="Mathematician", DoNotCall=False)
    lead = await api.create("Lead", **LEAD)
    converted = await api.control("POST", "convert", lead=lead, contact=contact, create_opportunity=False)
    assert (converted["account"], converted["contact"]) == (account, contact)
    record = await api.read("Contact", contact)
    assert (record["LastName"], record["Title"]) == ("King", "Mathematician")
    assert (record["FirstName"], record["Name"]) == ("Ada", "Ada King")
    assert record["Email"] == LEAD["Email"]
    assert (record["HasOptedOutOfEmail"], record["DoNotCall"]) == (True, True)
    kept = await api.read("Account", account)
    assert (kept["Name"], kept["BillingCity"]) == ("Engines Ltd", "London")


@pytest.mark.asyncio
async def test_an_opt_out_of_the_existing_contact_stands(api: Any) -> None:
    contact = await api.create("Contact", LastName="King", HasOptedOutOfEmail=True)
    lead = await api.create("Lead", **(LEAD | {"HasOptedOutOfEmail": False}))
    await api.control("POST", "convert", lead=lead, contact=contact)
    assert (await api.read("Contact", contact))["HasOptedOutOfEmail"] is True


@pytest.mark.asyncio
async def test_names_sources_and_owners_can_be_given(api: Any) -> None:
    lead = await api.create("Lead", **LEAD)
    owner = (await api.soql("SELECT Id FROM User WHERE IsActive = true ORDER BY Id DESC LIMIT 1"))[0]["Id"]
    contact = await api.create("Contact", LastName="King", LeadSource="Other")
    converted = await api.control(
        *("POST", "convert"),
        lead=lead,
        contact=contact,
        owner=owner,
        opportunity_name="Big one",
        overwrite_lead_source=True,
    )
    assert (await api.read("Contact", contact))["LeadSource"] == "Web"
    assert (await api.read("Opportunity", converted["opportunity"]))["Name"] == "Big one"
    assert (await api.read("Account", converted["account"]))["OwnerId"] == owner


@pytest.mark.asyncio
async def test_a_queues_lead_needs_an_owner(api: Any) -> None:
    queue = (await api.soql("SELECT Id FROM Group LIMIT 1"))[0]["Id"]
    lead = await api.create("Lead", **LEAD, OwnerId=queue)
    assert "FIELD_INTEGRITY_EXCEPTION" in await refused(api, lead=lead)
    await api.control("POST", "convert", lead=lead, owner=api.simulator.org.api_user_id)


@pytest.mark.asyncio
async def test_a_converted_lead_is_read_only_and_converts_once(api: Any) -> None:
    lead = await api.create("Lead", **LEAD)
    await api.control("POST", "convert", lead=lead)
    assert (await api("PATCH", f"sobjects/Lead/{lead}", {"Title": "x"})).code == "CANNOT_UPDATE_CONVERTED_LEAD"
    assert "CANNOT_UPDATE_CONVERTED_LEAD" in await refused(api, lead=lead)


@pytest.mark.asyncio
async def test_refusals_change_nothing(api: Any) -> None:
    lead = await api.create("Lead", **LEAD)
    gone = await api.create("Contact", LastName="Gone")
    await api("DELETE", f"sobjects/Contact/{gone}")
    account = await api.create("Account", Name="Other")
    contact = await api.create("Contact", LastName="C", AccountId=await api.create("Account", Name="A"))
    inactive = api.simulator.database.value('SELECT Id FROM "User" WHERE IsActive = 0')
    cases = {
        "INVALID_STATUS": {"status": "Working - Contacted"},
        "ENTITY_IS_DELETED": {"contact": gone},
        "INVALID_CROSS_REFERENCE_KEY": {"contact": contact, "account": account},
        "MALFORMED_ID": {"account": contact},
        "INACTIVE_OWNER_OR_USER": {"owner": inactive},
    }
    accounts = len(await api.soql("SELECT Id FROM Account"))
    for code, arguments in cases.items():
        assert code in await refused(api, lead=lead, **arguments)
    assert "MALFORMED_ID" in await refused(api, lead="nonsense")
    assert "lead is missing" in await refused(api, status="x")
    assert "unknown member" in await refused(api, lead=lead, nonsense=1)
    assert (await api.read("Lead", lead))["IsConverted"] is False
    assert len(await api.soql("SELECT Id FROM Account")) == accounts


@pytest.mark.asyncio
async def test_members_of_campaigns_follow(api: Any) -> None:
    campaign = await api.create("Campaign", Name="C")
    lead = await api.create("Lead", **LEAD)
    member = await api.create("CampaignMember", CampaignId=campaign, LeadId=lead)
    converted = await api.control("POST", "convert", lead=lead)
    record = await api.read("CampaignMember", member)
    assert (record["LeadId"], record["ContactId"]) == (lead, converted["contact"])
