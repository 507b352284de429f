"""Single rows: create, read, update, delete, and what the platform does by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.gateway.ids import full_id, looks_like_id
from actionsync_simulators.salesforce.switches import SalesforceSwitches


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("0014H00002x6HUh", "0014H00002x6HUhQAM"),
        ("0034H00002JsInQ", "0034H00002JsInQQAV"),
        ("005B0000003TOI6", "005B0000003TOI6IAO"),
        ("00Q8d000004XyZa", "00Q8d000004XyZaEAK"),
    ],
)
def test_ids_are_equal_on_their_first_15_characters_and_the_checksum_counts(short: str, full: str) -> None:
    assert full_id(short) == full
    assert full_id(full) == full
    wrong = full[:-1] + ("A" if full[-1] != "A" else "B")
    assert full_id(wrong) is None
    assert full_id(full.lower()) is None
    assert full_id(short[:14]) is None
    assert looks_like_id(wrong)
    assert not looks_like_id("abc")


@pytest.mark.asyncio
async def test_defaults_and_audit_fields_of_a_new_row(api: Any) -> None:
    user = api.simulator.org.api_user_id
    lead = await api.read(
        "Lead", await api.create("Lead", LastName=" Lovelace ", FirstName="Ada", Company="Engines", Title="")
    )
    assert lead["Name"] == "Ada Lovelace"
    assert lead["LastName"] == "Lovelace"
    assert lead["Title"] is None
    assert lead["Status"] == "Open - Not Contacted"
    assert lead["OwnerId"] == lead["CreatedById"] == lead["LastModifiedById"] == user
    assert lead["HasOptedOutOfEmail"] is False
    assert lead["IsDeleted"] is False
    assert lead["IsConverted"] is False
    now = "2024-01-31T12:00:00.000+0000"
    assert lead["CreatedDate"] == lead["LastModifiedDate"] == lead["SystemModstamp"] == now
    assert list(lead)[:3] == ["attributes", "Id", "IsDeleted"]
    assert looks_like_id(lead["Id"])
    assert len(lead["Id"]) == 18


@pytest.mark.asyncio
async def test_column_order_of_a_task(api: Any) -> None:
    task = await api.read("Task", await api.create("Task"))
    assert list(task)[:20] == [
        "attributes",
        *("Id", "WhoId", "WhatId", "Subject", "ActivityDate", "Status", "Priority", "IsHighPriority", "OwnerId"),
        *("Description", "Type", "IsDeleted", "AccountId", "IsClosed", "CreatedDate", "CreatedById"),
        *("LastModifiedDate", "LastModifiedById", "SystemModstamp"),
    ]


@pytest.mark.asyncio
async def test_addresses_are_compound(api: Any) -> None:
    lead = await api.read("Lead", await api.create("Lead", LastName="L", Company="C", City="London", Country="UK"))
    assert lead["City"] == "London"
    assert lead["Address"] == {
        "city": "London",
        "country": "UK",
        "geocodeAccuracy": None,
        "latitude": None,
        "longitude": None,
        "postalCode": None,
        "state": None,
        "street": None,
    }
    without = await api.read("Lead", await api.create("Lead", LastName="L", Company="C"), "Address")
    assert without["Address"] is None


@pytest.mark.asyncio
async def test_a_read_with_fields_gives_those_and_the_id(api: Any) -> None:
    task = await api.create("Task", Subject="Call")
    assert await api.read("Task", task, "subject", "Status") == {
        "attributes": {"type": "Task", "url": f"/services/data/v60.0/sobjects/Task/{task}"},
        "Id": task,
        "Subject": "Call",
        "Status": "Not Started",
    }


@pytest.mark.asyncio
async def test_ids_of_15_characters_are_taken_and_18_returned(api: Any) -> None:
    task = await api.create("Task", Subject="Call")
    assert (await api.read("Task", task[:15]))["Id"] == task
    lead = (await api.soql("SELECT Id FROM Lead LIMIT 1"))[0]["Id"]
    await api.update("Task", task[:15], WhoId=lead[:15])
    assert (await api.read("Task", task))["WhoId"] == lead


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2024-02-05T08:00:00.000Z", "2024-02-05T08:00:00.000+0000"),
        ("2024-02-05T08:00:00+01:00", "2024-02-05T07:00:00.000+0000"),
        ("2024-02-05T08:00:00-0530", "2024-02-05T13:30:00.000+0000"),
        ("2024-02-05T08:00:00.1234567Z", "2024-02-05T08:00:00.000+0000"),
        ("2024-02-05", "2024-02-05T00:00:00.000+0000"),
        ("2024-02-05T08:00:00 01:00", "2024-02-05T07:00:00.000+0000"),
        ("", None),
        (None, None),
    ],
)
async def test_moments_are_taken_in_many_forms_and_returned_in_one(api: Any, given: Any, stored: Any) -> None:
    task = await api.create("Task", ReminderDateTime=given)
    assert (await api.read("Task", task))["ReminderDateTime"] == stored


@pytest.mark.asyncio
@pytest.mark.parametrize("given", ["2024-13-01T00:00:00Z", "2024-02-30", "05.02.2024", "2024-02-05T25:00:00Z", "x"])
async def test_what_is_no_moment_is_refused(api: Any, given: str) -> None:
    answer = await api("POST", "sobjects/Task", {"ReminderDateTime": given})
    assert answer.code == "INVALID_TYPE_ON_FIELD_IN_RECORD"


@pytest.mark.asyncio
async def test_a_due_date_is_never_shifted(api: Any) -> None:
    task = await api.create("Task", ActivityDate="2024-02-05")
    assert (await api.read("Task", task))["ActivityDate"] == "2024-02-05"


@pytest.mark.asyncio
async def test_values_of_other_json_types_are_read_where_they_fit(api: Any) -> None:
    task = await api.create("Task", Subject=42, CallDurationInSeconds="90", IsReminderSet="true")
    record = await api.read("Task", task)
    assert (record["Subject"], record["CallDurationInSeconds"], record["IsReminderSet"]) == ("42", 90, True)
    account = await api.create("Account", Name="A", AnnualRevenue=1250000.5, NumberOfEmployees=12.0)
    record = await api.read("Account", account)
    assert (record["AnnualRevenue"], record["NumberOfEmployees"]) == (1250000.5, 12)


@pytest.mark.asyncio
async def test_an_update_without_changes_still_stamps_the_row(api: Any, clock: Clock) -> None:
    task = await api.create("Task", Subject="Call")
    await clock.advance(timedelta(seconds=30))
    await api.update("Task", task, Subject="Call")
    record = await api.read("Task", task)
    assert record["CreatedDate"] == "2024-01-31T12:00:00.000+0000"
    assert record["LastModifiedDate"] == record["SystemModstamp"] == "2024-01-31T12:00:30.000+0000"


@pytest.mark.asyncio
async def test_attributes_in_a_body_are_ignored_and_names_match_in_any_casing(api: Any) -> None:
    task = await api.create("Task", attributes={"type": "Task"}, subject="Call", STATUS="Completed")
    record = await api.read("Task", task)
    assert (record["Subject"], record["Status"]) == ("Call", "Completed")


@pytest.mark.asyncio
async def test_a_lookup_by_a_nested_external_id(api: Any) -> None:
    await api.control("POST", "fields", object="Account", name="Code__c", type="text", external_id=True, unique=True)
    account = await api.create("Account", Name="A", Code__c="A-1")
    contact = await api.create("Contact", LastName="C", Account={"Code__c": "a-1"})
    assert (await api.read("Contact", contact))["AccountId"] == account
    unknown = await api("POST", "sobjects/Contact", {"LastName": "C", "Account": {"Code__c": "A-2"}})
    assert (unknown.status, unknown.code) == (400, "INVALID_FIELD")
    polymorphic = await api("POST", "sobjects/Task", {"Who": {"Email": "a@b.example"}})
    assert polymorphic.code == "INVALID_FIELD"


@pytest.mark.asyncio
async def test_deleting_moves_the_row_to_the_recycle_bin(api: Any, clock: Clock) -> None:
    task = await api.create("Task", Subject="Call")
    await clock.advance(timedelta(seconds=5))
    assert (await api("DELETE", f"sobjects/Task/{task}")).status == 204
    assert await api.soql(f"SELECT Id FROM Task WHERE Id = '{task}'") == []
    found = await api.soql(f"SELECT IsDeleted, SystemModstamp FROM Task WHERE Id = '{task}'", deleted_too=True)
    assert found[0]["IsDeleted"] is True
    assert found[0]["SystemModstamp"] == "2024-01-31T12:00:05.000+0000"


@pytest.mark.asyncio
async def test_deleting_an_account_takes_its_contacts_opportunities_and_activities_along(api: Any) -> None:
    account = await api.create("Account", Name="A")
    contact = await api.create("Contact", LastName="C", AccountId=account)
    opportunity = await api.create(
        "Opportunity", Name="O", AccountId=account, StageName="Prospecting", CloseDate="2024-03-01"
    )
    role = await api.create("OpportunityContactRole", OpportunityId=opportunity, ContactId=contact)
    tasks = [await api.create("Task", WhoId=contact), await api.create("Task", WhatId=opportunity)]
    other = await api.create("Task", Subject="unrelated")
    assert (await api("DELETE", f"sobjects/Account/{account}")).status == 204
    gone = {"Contact": [contact], "Opportunity": [opportunity], "OpportunityContactRole": [role], "Task": tasks}
    for sobject, ids in gone.items():
        for record_id in ids:
            assert (await api("GET", f"sobjects/{sobject}/{record_id}")).code == "ENTITY_IS_DELETED"
    assert (await api.read("Task", other))["Subject"] == "unrelated"


@pytest.mark.asyncio
async def test_undelete_brings_back_what_went_together(api: Any, clock: Clock) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    earlier = await api.create("Task", WhoId=lead, Subject="deleted before")
    later = await api.create("Task", WhoId=lead, Subject="deleted with the lead")
    await api("DELETE", f"sobjects/Task/{earlier}")
    await clock.advance(timedelta(seconds=10))
    await api("DELETE", f"sobjects/Lead/{lead}")
    await clock.advance(timedelta(seconds=10))
    await api.control("POST", "undelete", id=lead)
    assert (await api.read("Lead", lead))["SystemModstamp"] == "2024-01-31T12:00:20.000+0000"
    assert (await api.read("Task", later))["WhoId"] == lead
    assert (await api("GET", f"sobjects/Task/{earlier}")).code == "ENTITY_IS_DELETED"
    again = await api("POST", "/_sim/undelete", {"id": lead})
    assert (again.status, "UNDELETE_FAILED" in again.body["error"]) == (400, True)


@pytest.mark.asyncio
@pytest.mark.behaviour("row-if-modified")
async def test_conditional_requests_on_rows(api: Any, clock: Clock) -> None:
    account = await api.create("Account", Name="A")
    at_noon = "Wed, 31 Jan 2024 12:00:00 GMT"
    unchanged = await api("GET", f"sobjects/Account/{account}", headers={"If-Modified-Since": at_noon})
    assert (unchanged.status, unchanged.body) == (304, "")
    await clock.advance(timedelta(seconds=1))
    await api.update("Account", account, Name="B")
    changed = await api("GET", f"sobjects/Account/{account}", headers={"If-Modified-Since": at_noon})
    assert changed.status == 200
    path = f"sobjects/Account/{account}"
    too_late = await api("PATCH", path, {"Name": "C"}, headers={"If-Unmodified-Since": at_noon})
    assert (too_late.status, too_late.code) == (412, "PRECONDITION_FAILED")
    bad = await api("PATCH", path, {"Name": "C"}, headers={"If-Unmodified-Since": "yesterday"})
    assert bad.status == 400
    ignored = await api("DELETE", path, headers={"If-Unmodified-Since": "yesterday"})
    assert ignored.status == 204


@pytest.mark.asyncio
async def test_opportunities_follow_their_stage(api: Any) -> None:
    row = {"Name": "O", "CloseDate": "2024-03-01", "StageName": "Prospecting"}
    opportunity = await api.create("Opportunity", **row)
    record = await api.read("Opportunity", opportunity)
    assert (record["Probability"], record["IsClosed"], record["ForecastCategory"]) == (10.0, False, "Pipeline")
    await api.update("Opportunity", opportunity, StageName="Closed Won")
    record = await api.read("Opportunity", opportunity)
    assert (record["Probability"], record["IsClosed"], record["IsWon"]) == (100.0, True, True)


@pytest.mark.asyncio
async def test_campaign_members_copy_their_person_and_are_in_a_campaign_once(api: Any) -> None:
    campaign = await api.create("Campaign", Name="C")
    lead = await api.create("Lead", LastName="L", Company="C", Email="l@c.example", HasOptedOutOfEmail=True)
    member = await api.create("CampaignMember", CampaignId=campaign, LeadId=lead, Status="Responded")
    record = await api.read("CampaignMember", member)
    assert (record["Email"], record["HasOptedOutOfEmail"], record["HasResponded"]) == ("l@c.example", True, True)
    assert record["LeadOrContactId"] == lead
    again = await api("POST", "sobjects/CampaignMember", {"CampaignId": campaign, "LeadId": lead})
    assert again.code == "DUPLICATE_VALUE"
    nobody = await api("POST", "sobjects/CampaignMember", {"CampaignId": campaign})
    assert nobody.code == "REQUIRED_FIELD_MISSING"


@pytest.mark.asyncio
async def test_users_are_switched_off_not_deleted(api: Any) -> None:
    profile = api.simulator.org.profile_id
    row = {"Username": "new@org.example", "LastName": "New", "Email": "new@org.example", "Alias": "new"}
    user = await api.create("User", **row, CommunityNickname="new", ProfileId=profile, IsActive=True)
    record = await api.read("User", user)
    assert (record["Name"], record["UserType"], record["IsActive"]) == ("New", "Standard", True)
    twice = await api("POST", "sobjects/User", {**row, "CommunityNickname": "new2", "ProfileId": profile})
    assert twice.code == "DUPLICATE_VALUE"
    await api.update("User", user, IsActive=False)
    assert (await api("DELETE", f"sobjects/User/{user}")).status == 405


@pytest.mark.asyncio
async def test_audit_fields_can_be_set_on_create_when_the_org_allows_it(clock: Clock, anonymous: Any) -> None:
    switches = SalesforceSwitches(audit_fields_on_create=True)
    anonymous.session.connector.app = SalesforceSimulator(clock=clock, switches=switches)
    await anonymous.log_in()
    lead = await anonymous.create("Lead", LastName="L", Company="C", CreatedDate="2020-05-01T10:00:00Z")
    record = await anonymous.read("Lead", lead)
    assert record["CreatedDate"] == "2020-05-01T10:00:00.000+0000"
    assert record["SystemModstamp"] == "2024-01-31T12:00:00.000+0000"
    refused = await anonymous("PATCH", f"sobjects/Lead/{lead}", {"CreatedDate": "2020-05-01T10:00:00Z"})
    assert refused.code == "INVALID_FIELD_FOR_INSERT_UPDATE"
