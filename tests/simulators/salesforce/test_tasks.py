"""Tasks: who and what they may name, derived values, reminders, and what they do to their parents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.app import SalesforceSimulator
from actionsync_simulators.salesforce.switches import SalesforceSwitches


@pytest.mark.asyncio
async def test_defaults(api: Any) -> None:
    record = await api.read("Task", await api.create("Task"))
    assert record["Status"] == "Not Started"
    assert record["Priority"] == "Normal"
    assert record["TaskSubtype"] == "Task"
    assert record["OwnerId"] == api.simulator.org.api_user_id
    assert (record["IsClosed"], record["IsHighPriority"], record["IsReminderSet"]) == (False, False, False)
    assert record["CompletedDateTime"] is None
    assert record["MSE_Viewed__c"] is False


@pytest.mark.asyncio
async def test_status_is_not_started_even_for_calls(api: Any) -> None:
    assert (await api.read("Task", await api.create("Task", TaskSubtype="Call")))["Status"] == "Not Started"


@pytest.mark.asyncio
async def test_closing_and_reopening(api: Any, clock: Clock) -> None:
    task = await api.create("Task", Priority="High")
    await clock.advance(timedelta(minutes=1))
    await api.update("Task", task, Status="Completed")
    closed = await api.read("Task", task)
    assert (closed["IsClosed"], closed["IsHighPriority"]) == (True, True)
    assert closed["CompletedDateTime"] == "2024-01-31T12:01:00.000+0000"
    await clock.advance(timedelta(minutes=1))
    await api.update("Task", task, Subject="still closed")
    assert (await api.read("Task", task))["CompletedDateTime"] == "2024-01-31T12:01:00.000+0000"
    await api.update("Task", task, Status="In Progress")
    reopened = await api.read("Task", task)
    assert (reopened["IsClosed"], reopened["CompletedDateTime"]) == (False, None)


@pytest.mark.asyncio
async def test_a_status_outside_the_list_is_stored_and_open(api: Any) -> None:
    record = await api.read("Task", await api.create("Task", Status="Made up"))
    assert (record["Status"], record["IsClosed"]) == ("Made up", False)


@pytest.mark.asyncio
async def test_the_lists_behind_the_picklists(api: Any) -> None:
    statuses = await api.soql(
        "SELECT Id, MasterLabel, ApiName, SortOrder, IsDefault, IsClosed FROM TaskStatus ORDER BY SortOrder"
    )
    assert [each["ApiName"] for each in statuses if each["IsClosed"]] == ["Completed"]
    assert [each["ApiName"] for each in statuses if each["IsDefault"]] == ["Not Started"]
    high = await api.soql("SELECT ApiName FROM TaskPriority WHERE IsHighPriority = true")
    assert [each["ApiName"] for each in high] == ["High"]
    converted = await api.soql("SELECT ApiName FROM LeadStatus WHERE IsConverted = true")
    assert [each["ApiName"] for each in converted] == ["Closed - Converted"]


@pytest.mark.asyncio
async def test_a_lead_and_a_related_record_do_not_go_together(api: Any) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    account = await api.create("Account", Name="A")
    both = await api("POST", "sobjects/Task", {"WhoId": lead, "WhatId": account})
    assert (both.status, both.code) == (400, "FIELD_INTEGRITY_EXCEPTION")
    assert set(both.error["fields"]) == {"WhoId", "WhatId"}
    task = await api.create("Task", WhoId=lead)
    update = await api("PATCH", f"sobjects/Task/{task}", {"WhatId": account})
    assert (update.status, update.code) == (400, "FIELD_INTEGRITY_EXCEPTION")
    await api.update("Task", task, WhoId=None, WhatId=account)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("field", "target", "label"), [("WhatId", "Lead", "Related To ID"), ("WhatId", "User", "Related To ID")]
)
async def test_what_cannot_be_a_person(api: Any, field: str, target: str, label: str) -> None:
    row = (await api.soql(f"SELECT Id FROM {target} LIMIT 1"))[0]["Id"]
    answer = await api("POST", "sobjects/Task", {field: row})
    assert answer.error == {
        "message": f"{label}: id value of incorrect type: {row}",
        "errorCode": "FIELD_INTEGRITY_EXCEPTION",
        "fields": [field],
    }


@pytest.mark.asyncio
async def test_the_account_of_a_task(api: Any) -> None:
    account, other = [await api.create("Account", Name=name) for name in ("A", "B")]
    contact = await api.create("Contact", LastName="C", AccountId=account)
    opportunity = await api.create(
        "Opportunity", Name="O", AccountId=other, StageName="Prospecting", CloseDate="2024-03-01"
    )
    homeless = await api.create("Opportunity", Name="H", StageName="Prospecting", CloseDate="2024-03-01")
    campaign = await api.create("Campaign", Name="C")
    lead = await api.create("Lead", LastName="L", Company="C")
    expected = [
        ({"WhoId": contact}, account),
        ({"WhatId": other}, other),
        ({"WhoId": contact, "WhatId": opportunity}, other),
        ({"WhoId": contact, "WhatId": homeless}, None),
        ({"WhatId": campaign}, None),
        ({"WhoId": lead}, None),
        ({}, None),
    ]
    for references, account_id in expected:
        task = await api.create("Task", **references)
        assert (await api.read("Task", task))["AccountId"] == account_id, references
    task = await api.create("Task", WhoId=contact)
    await api.update("Task", task, WhatId=opportunity)
    assert (await api.read("Task", task))["AccountId"] == other


@pytest.mark.asyncio
async def test_last_activity_of_the_parents(api: Any, clock: Clock) -> None:
    account = await api.create("Account", Name="A")
    contact = await api.create("Contact", LastName="C", AccountId=account)

    async def dates() -> tuple[Any, Any]:
        return (
            (await api.read("Contact", contact))["LastActivityDate"],
            (await api.read("Account", account))["LastActivityDate"],
        )

    await clock.advance(timedelta(minutes=1))
    await api.create("Task", WhoId=contact, ActivityDate="2024-03-01")
    assert await dates() == (None, None)
    late = await api.create("Task", WhoId=contact, ActivityDate="2024-01-30", Status="Completed")
    await api.create("Task", WhoId=contact, ActivityDate="2024-01-10", Status="Completed")
    assert await dates() == ("2024-01-30", "2024-01-30")
    await api.update("Task", late, Status="In Progress")
    assert await dates() == ("2024-01-10", "2024-01-10")
    await api.update("Task", late, Status="Completed", ActivityDate="2024-01-20")
    assert await dates() == ("2024-01-20", "2024-01-20")
    await api("DELETE", f"sobjects/Task/{late}")
    assert await dates() == ("2024-01-10", "2024-01-10")
    stamps = await api.read("Contact", contact)
    assert stamps["LastModifiedDate"] == stamps["SystemModstamp"] == "2024-01-31T12:00:00.000+0000"


@pytest.mark.asyncio
async def test_events_count_as_activities(api: Any) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    event = await api.create(
        "Event", WhoId=lead, Subject="Meeting", ActivityDateTime="2024-02-01T09:00:00Z", DurationInMinutes=30
    )
    record = await api.read("Event", event)
    assert record["EndDateTime"] == "2024-02-01T09:30:00.000+0000"
    assert record["StartDateTime"] == "2024-02-01T09:00:00.000+0000"
    assert record["ActivityDate"] == "2024-02-01"
    assert (await api.read("Lead", lead))["LastActivityDate"] == "2024-02-01"
    assert (await api("POST", "sobjects/Event", {"Subject": "when?"})).code == "REQUIRED_FIELD_MISSING"


@pytest.mark.asyncio
async def test_reminders(api: Any, clock: Clock) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    row = {"Subject": "Follow up", "WhoId": lead, "ActivityDate": "2024-02-05", "IsReminderSet": True}
    task = await api.create("Task", **row, ReminderDateTime="2024-01-31T12:30:00Z")
    later = await api.create("Task", **row, ReminderDateTime="2024-02-05T08:00:00.000Z")
    assert (await api.control("POST", "reminders/fire"))["fired"] == []
    await clock.advance(timedelta(hours=1))
    assert (await api.control("POST", "reminders/fire"))["fired"] == [task]
    fired = await api.read("Task", task)
    assert fired["IsReminderSet"] is False
    assert fired["ReminderDateTime"] == "2024-01-31T12:30:00.000+0000"
    assert fired["LastModifiedDate"] == fired["SystemModstamp"] == "2024-01-31T13:00:00.000+0000"
    assert (fired["Status"], fired["IsClosed"]) == ("Not Started", False)
    assert (await api.control("POST", "reminders/fire", task=later))["fired"] == [later]
    again = await api("POST", "/_sim/reminders/fire", {"task": later})
    assert again.status == 400


@pytest.mark.asyncio
async def test_a_converted_lead_takes_no_new_tasks_unless_the_org_allows_it(clock: Clock, anonymous: Any) -> None:
    for allowed in (False, True):
        switches = SalesforceSwitches(new_tasks_on_converted_leads=allowed)
        anonymous.session.connector.app = SalesforceSimulator(clock=clock, switches=switches)
        await anonymous.log_in()
        lead = await anonymous.create("Lead", LastName="L", Company="C")
        converted = await anonymous.control("POST", "convert", lead=lead)
        answer = await anonymous("POST", "sobjects/Task", {"WhoId": lead})
        assert answer.status == (201 if allowed else 400)
        if not allowed:
            assert answer.code == "CANNOT_UPDATE_CONVERTED_LEAD"
        assert (await anonymous("POST", "sobjects/Task", {"WhoId": converted["contact"]})).status == 201
