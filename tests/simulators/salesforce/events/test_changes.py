"""What a committed transaction publishes: one event for each record, with what changed and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

TASKS, LEADS, CONTACTS = "/data/TaskChangeEvent", "/data/LeadChangeEvent", "/data/ContactChangeEvent"
ALL = "/data/ChangeEvents"
NOW = 1_706_702_400_000


@pytest.mark.asyncio
async def test_create_tells_everything_that_has_a_value(api: Any, pubsub: Any, salesforce: Any) -> None:
    task = await api.create("Task", Subject="Call", ActivityDate="2024-02-05", IsReminderSet=True)
    (event,) = await pubsub.events(TASKS, 1)
    header = dict(event.header)
    assert len(header.pop("transactionKey")) == 36
    assert header.pop("commitNumber") > 0
    assert header == {
        "entityName": "Task",
        "recordIds": [task],
        "changeType": "CREATE",
        "changeOrigin": "com/salesforce/api/rest/60.0",
        "sequenceNumber": 1,
        "commitTimestamp": NOW,
        "commitUser": salesforce.org.api_user_id,
        "nulledFields": [],
        "diffFields": [],
        "changedFields": [],
    }
    user = salesforce.org.api_user_id
    assert event.values == {
        "Subject": "Call",
        "ActivityDate": 1_707_091_200_000,
        "Status": "Not Started",
        "Priority": "Normal",
        "OwnerId": user,
        "IsReminderSet": True,
        "TaskSubtype": "Task",
        "CreatedDate": NOW,
        "CreatedById": user,
        "LastModifiedDate": NOW,
        "LastModifiedById": user,
    }


@pytest.mark.asyncio
async def test_update_tells_what_changed_and_when(api: Any, pubsub: Any, clock: Any) -> None:
    contact = await api.create("Contact", LastName="Doe", FirstName="Jo", Title="CEO", MailingCity="Rome")
    await clock.advance(timedelta(seconds=10))
    await api.update("Contact", contact, HasOptedOutOfEmail=True)
    await api.update("Contact", contact, FirstName="Joe", MailingCity="Bonn", MailingStreet="1 Main", Title=None)
    _, opted_out, several = await pubsub.events(CONTACTS, 3)
    later = NOW + 10_000
    assert opted_out.values == {"HasOptedOutOfEmail": True, "LastModifiedDate": later}
    assert opted_out.header["changedFields"] == ["0x04200000"]
    assert opted_out.header["nulledFields"] == []
    assert several.header["changedFields"] == ["0x04004000", "3-0x02", "5-0x03"]
    assert several.header["nulledFields"] == ["0x4000"]
    nothing = dict.fromkeys(
        ("State", "PostalCode", "Country", "StateCode", "CountryCode", "Latitude", "Longitude", "GeocodeAccuracy")
    )
    assert several.values == {
        "Name": {"Salutation": None, "FirstName": "Joe", "LastName": None},
        "MailingAddress": {"Street": "1 Main", "City": "Bonn", **nothing},
        "LastModifiedDate": later,
    }


@pytest.mark.asyncio
async def test_who_changed_it_is_told_when_it_is_someone_else(api: Any, pubsub: Any, salesforce: Any) -> None:
    task = await api.create("Task", Subject="Call", IsReminderSet=True, ReminderDateTime="2024-02-05T08:00:00Z")
    users = (await api.control("GET", "users"))["users"]
    other = next(user["id"] for user in users if user["active"] and user["id"] != salesforce.org.api_user_id)
    await api.control("POST", "reminders/fire", task=task, user=other)
    _, fired = await pubsub.events(TASKS, 2)
    assert fired.values == {"IsReminderSet": False, "LastModifiedDate": NOW, "LastModifiedById": other}
    assert (fired.header["commitUser"], fired.header["changeOrigin"]) == (other, "")


@pytest.mark.asyncio
async def test_delete_and_undelete(api: Any, pubsub: Any) -> None:
    task = await api.create("Task", Subject="Call")
    await api("DELETE", f"sobjects/Task/{task}")
    await api.control("POST", "undelete", id=task)
    _, deleted, undeleted = await pubsub.events(TASKS, 3)
    assert (deleted.header["changeType"], deleted.values) == ("DELETE", {})
    assert deleted.header["changedFields"] == []
    assert undeleted.header["changeType"] == "UNDELETE"
    assert undeleted.values["Subject"] == "Call"
    assert undeleted.values["IsClosed"] is False
    assert undeleted.header["recordIds"] == [task]


@pytest.mark.asyncio
async def test_a_change_that_changes_nothing_is_not_told(api: Any, pubsub: Any, clock: Any) -> None:
    task = await api.create("Task", Subject="Call")
    await clock.advance(timedelta(minutes=1))
    await api.update("Task", task, Subject="Call")
    await api.update("Task", task, Subject="Email")
    _, event = await pubsub.events(TASKS, 2)
    assert event.values["Subject"] == "Email"


@pytest.mark.asyncio
async def test_what_is_refused_or_rolled_back_is_not_told(api: Any, pubsub: Any) -> None:
    good = {"attributes": {"type": "Task"}, "Subject": "good"}
    bad = {"attributes": {"type": "Task"}, "Subject": "x" * 256}
    assert (await api("POST", "sobjects/Task", bad)).status == 400
    await api("POST", "composite/sobjects", {"allOrNone": True, "records": [good, bad]})
    parts = [
        {"method": "POST", "url": "/services/data/v60.0/sobjects/Task", "referenceId": f"r{n}", "body": body}
        for n, body in enumerate(({"Subject": "one"}, {"Subject": "y" * 256}))
    ]
    await api("POST", "composite", {"allOrNone": True, "compositeRequest": parts})
    answer = await api("POST", "composite/sobjects", {"records": [bad, good]})
    (event,) = await pubsub.events(TASKS, 1)
    assert event.header["recordIds"] == [answer.body[1]["id"]]
    assert (await api.control("GET", "change-events"))["events"] == {"Task": 1}


@pytest.mark.asyncio
async def test_a_transaction_gives_each_record_one_event_with_its_final_state(api: Any, pubsub: Any) -> None:
    url = "/services/data/v60.0/sobjects/Task"
    parts = [
        {"method": "POST", "url": url, "referenceId": "made", "body": {"Subject": "first", "CallObject": "x"}},
        {"method": "PATCH", "url": f"{url}/@{{made.id}}", "referenceId": "changed", "body": {"Subject": "final"}},
        {"method": "POST", "url": url, "referenceId": "gone", "body": {"Subject": "gone"}},
        {"method": "DELETE", "url": f"{url}/@{{gone.id}}", "referenceId": "deleted"},
        {"method": "POST", "url": url, "referenceId": "other", "body": {"Subject": "other"}},
    ]
    answer = await api("POST", "composite", {"allOrNone": True, "compositeRequest": parts})
    assert [part["httpStatusCode"] for part in answer.body["compositeResponse"]] == [201, 204, 201, 204, 201]
    first, second = await pubsub.events(TASKS, 2)
    assert (first.header["changeType"], first.values["Subject"]) == ("CREATE", "final")
    assert second.values["Subject"] == "other"
    assert first.header["transactionKey"] == second.header["transactionKey"]
    assert first.header["commitNumber"] == second.header["commitNumber"]
    assert [first.header["sequenceNumber"], second.header["sequenceNumber"]] == [1, 2]


@pytest.mark.asyncio
async def test_parts_of_a_composite_call_that_may_fail_alone_are_transactions_of_their_own(
    api: Any, pubsub: Any
) -> None:
    url = "/services/data/v60.0/sobjects/Task"
    parts = [
        {"method": "POST", "url": url, "referenceId": "made", "body": {"Subject": "first"}},
        {"method": "PATCH", "url": f"{url}/@{{made.id}}", "referenceId": "changed", "body": {"Subject": "final"}},
    ]
    await api("POST", "composite", {"compositeRequest": parts})
    made, changed = await pubsub.events(TASKS, 2)
    assert [made.header["changeType"], changed.header["changeType"]] == ["CREATE", "UPDATE"]
    assert made.header["transactionKey"] != changed.header["transactionKey"]
    assert made.header["commitNumber"] < changed.header["commitNumber"]


@pytest.mark.asyncio
async def test_the_same_change_of_several_records_is_one_event(api: Any, pubsub: Any, clock: Any) -> None:
    tasks = [await api.create("Task", Subject=f"task {number}") for number in range(3)]
    await clock.advance(timedelta(minutes=1))
    records = [{"attributes": {"type": "Task"}, "Id": task, "Status": "Completed"} for task in tasks]
    records[1]["Status"] = "In Progress"
    await api("PATCH", "composite/sobjects", {"records": records})
    await api("DELETE", f"composite/sobjects?ids={','.join(tasks)}")
    events = (await pubsub.events(TASKS, 6))[3:]
    assert [(each.header["changeType"], each.header["recordIds"]) for each in events] == [
        ("UPDATE", [tasks[0], tasks[2]]),
        ("UPDATE", [tasks[1]]),
        ("DELETE", tasks),
    ]
    assert [each.header["sequenceNumber"] for each in events] == [1, 2, 1]


@pytest.mark.asyncio
async def test_the_client_is_named_as_the_origin(api: Any, pubsub: Any) -> None:
    api.headers["Sforce-Call-Options"] = "client=actionsync, defaultNamespace=x"
    task = await api.create("Task", Subject="Call")
    api.version = "58.0"
    await api.update("Task", task, Subject="Email")
    created, updated = await pubsub.events(TASKS, 2)
    assert created.header["changeOrigin"] == "com/salesforce/api/rest/60.0;client=actionsync"
    assert updated.header["changeOrigin"] == "com/salesforce/api/rest/58.0;client=actionsync"


@pytest.mark.asyncio
async def test_what_a_bulk_job_changes_is_told_as_any_other_change(api: Any, pubsub: Any, clock: Any) -> None:
    contacts = [await api.create("Contact", LastName=name) for name in ("One", "Two")]
    job = (await api("POST", "jobs/ingest", {"object": "Contact", "operation": "update"})).body["id"]
    rows = "\n".join(["Id,HasOptedOutOfEmail", *(f"{contact},true" for contact in contacts), ""])
    put = await api("PUT", f"jobs/ingest/{job}/batches", rows, headers={"Content-Type": "text/csv"})
    assert put.status == 201, put.body
    await api("PATCH", f"jobs/ingest/{job}", {"state": "UploadComplete"})
    await clock.advance(timedelta(minutes=5))
    assert (await api("GET", f"jobs/ingest/{job}")).body["state"] == "JobComplete"
    *_, changed = await pubsub.events(CONTACTS, 3)
    assert (changed.header["changeType"], changed.header["recordIds"]) == ("UPDATE", contacts)
    assert changed.header["changeOrigin"] == "com/salesforce/api/bulkapi/60.0"
    assert changed.values["HasOptedOutOfEmail"] is True


@pytest.mark.asyncio
async def test_lead_conversion(api: Any, pubsub: Any, clock: Any) -> None:
    await api.control("POST", "change-events", objects=["Task", "Lead", "Contact", "Account", "Opportunity"])
    lead = await api.create("Lead", LastName="Doe", Company="Acme", HasOptedOutOfEmail=True)
    task = await api.create("Task", Subject="Call", WhoId=lead)
    await clock.advance(timedelta(minutes=1))
    ids = await api.control("POST", "convert", lead=lead)
    events = (await pubsub.events(ALL, 7))[2:]
    assert [(each.header["entityName"], each.header["changeType"]) for each in events] == [
        ("Account", "CREATE"),
        ("Contact", "CREATE"),
        ("Opportunity", "CREATE"),
        ("Lead", "UPDATE"),
        ("Task", "UPDATE"),
    ]
    assert len({each.header["transactionKey"] for each in events}) == 1
    # The contact role of the opportunity lies between; its object is not selected.
    assert [each.header["sequenceNumber"] for each in events] == [1, 2, 3, 5, 6]
    account, contact, opportunity, converted, moved = events
    assert account.values["Name"] == "Acme"
    assert contact.values["HasOptedOutOfEmail"] is True
    assert opportunity.header["recordIds"] == [ids["opportunity"]]
    assert converted.values == {
        "Status": "Closed - Converted",
        "IsConverted": True,
        "ConvertedDate": 1_706_659_200_000,
        "ConvertedAccountId": ids["account"],
        "ConvertedContactId": ids["contact"],
        "ConvertedOpportunityId": ids["opportunity"],
    }
    assert moved.header["recordIds"] == [task]
    assert {name: moved.values[name] for name in ("WhoId", "WhatId", "AccountId")} == {
        "WhoId": ids["contact"],
        "WhatId": ids["opportunity"],
        "AccountId": ids["account"],
    }


@pytest.mark.asyncio
async def test_merge_tells_of_the_losers_the_winner_and_the_moved_tasks(api: Any, pubsub: Any, clock: Any) -> None:
    winner, loser = [await api.create("Contact", LastName=name) for name in ("Winner", "Loser")]
    task = await api.create("Task", Subject="Call", WhoId=loser)
    await clock.advance(timedelta(minutes=1))
    await api.control("POST", "merge", master=winner, losers=[loser], fields={"Title": "CEO"})
    deleted, updated, moved = (await pubsub.events(ALL, 6))[3:]
    assert (deleted.header["changeType"], deleted.header["recordIds"], deleted.values) == ("DELETE", [loser], {})
    assert (updated.header["recordIds"], updated.values["Title"]) == ([winner], "CEO")
    assert (moved.header["recordIds"], moved.values["WhoId"]) == ([task], winner)
    assert [each.header["sequenceNumber"] for each in (deleted, updated, moved)] == [1, 2, 3]


@pytest.mark.asyncio
async def test_what_hangs_on_a_deleted_record_is_told_too(api: Any, pubsub: Any) -> None:
    lead = await api.create("Lead", LastName="Doe", Company="Acme")
    task = await api.create("Task", Subject="Call", WhoId=lead)
    await api("DELETE", f"sobjects/Lead/{lead}")
    first, second = (await pubsub.events(ALL, 4))[2:]
    assert (first.header["entityName"], first.header["recordIds"]) == ("Lead", [lead])
    assert (second.header["entityName"], second.header["recordIds"]) == ("Task", [task])


@pytest.mark.asyncio
async def test_objects_that_are_not_selected_publish_nothing(api: Any, pubsub: Any) -> None:
    await api.create("Account", Name="Silent")
    assert (await api.control("GET", "change-events"))["events"] == {}
    await api.control("POST", "change-events", objects=["Account"])
    account = await api.create("Account", Name="Loud", BillingCity="Rome")
    await api.create("Task", Subject="Call")
    (event,) = await pubsub.events("/data/AccountChangeEvent", 1)
    assert event.header["recordIds"] == [account]
    assert event.values["Name"] == "Loud"
    assert event.values["BillingAddress"]["City"] == "Rome"
    assert (await api.control("GET", "change-events"))["events"] == {"Account": 1}


@pytest.mark.asyncio
async def test_a_custom_channel_has_its_own_selection(api: Any, pubsub: Any) -> None:
    await api.control("POST", "change-events", channel="Sales__chn", objects=["Opportunity", "Task"])
    task = await api.create("Task", Subject="Call")
    values = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2024-03-01"}
    opportunity = await api.create("Opportunity", **values)
    on_channel = await pubsub.events("/data/Sales__chn", 2)
    assert [each.header["recordIds"] for each in on_channel] == [[task], [opportunity]]
    assert [each.header["recordIds"] for each in await pubsub.events(ALL, 1)] == [[task]]
    stream = await pubsub.subscribe("/data/OpportunityChangeEvent", 1)
    await stream.call.done_writing()
    assert await stream.read() is None


@pytest.mark.behaviour("event-schemas-stay")
@pytest.mark.asyncio
async def test_a_new_field_makes_a_new_schema_and_old_events_keep_theirs(api: Any, pubsub: Any) -> None:
    await api.create("Task", Subject="before")
    before = (await pubsub.topic(TASKS)).schema_id
    await api.control("POST", "fields", object="Task", name="Score__c", type="number", precision=5, scale=2)
    task = await api.create("Task", Subject="after", Score__c=1.5)
    await api.update("Task", task, Score__c=None)
    after = (await pubsub.topic(TASKS)).schema_id
    assert before != after
    old, new, cleared = await pubsub.events(TASKS, 3)
    assert (old.schema_id, new.schema_id) == (before, after)
    assert "Score__c" not in old.fields
    assert new.values["Score__c"] == 1.5
    assert (cleared.fields["Score__c"], len(cleared.header["nulledFields"])) == (None, 1)
    answer = await api("GET", f"event/eventSchema/{before}?payloadFormat=COMPACT")
    assert answer.body["name"] == "TaskChangeEvent"
    assert "Score__c" not in {field["name"] for field in answer.body["fields"]}


@pytest.mark.asyncio
async def test_hidden_fields_are_missing_from_the_payload(api: Any, pubsub: Any) -> None:
    lead = await api.create(
        "Lead", LastName="Doe", FirstName="Jo", Company="Acme", City="Rome", HasOptedOutOfEmail=True
    )
    await api.update("Lead", lead, HasOptedOutOfEmail=False, FirstName="Joe", Title=None, City=None)
    for field in ("HasOptedOutOfEmail", "FirstName", "City"):
        await api.control("POST", "profile", object="Lead", field=field, state="hidden")
    created, updated = await pubsub.events(LEADS, 2)
    assert "HasOptedOutOfEmail" not in created.values
    assert "Address" not in created.values
    assert created.values["Name"]["LastName"] == "Doe"
    assert created.values["Name"]["FirstName"] is None
    assert updated.values == {"LastModifiedDate": NOW}
    names = [field["name"] for field in pubsub.schemas[updated.schema_id]["fields"]]
    assert updated.header["changedFields"] == [f"0x{1 << names.index('LastModifiedDate'):08X}"]
    assert updated.header["nulledFields"] == []


@pytest.mark.asyncio
async def test_an_event_that_would_be_too_large_is_a_gap(api: Any, pubsub: Any) -> None:
    names = [f"Long{number}__c" for number in range(9)]
    for name in names:
        await api.control("POST", "fields", object="Task", name=name, type="textarea", length=131_072)
    task = await api.create("Task", Subject="small")
    await api.update("Task", task, **dict.fromkeys(names[:5], "x" * 130_000))
    await api.update("Task", task, **dict.fromkeys(names[5:], "x" * 130_000))
    await api("DELETE", f"sobjects/Task/{task}")
    await api.control("POST", "undelete", id=task)
    *_, changed, _, gap = await pubsub.events(TASKS, 5)
    assert changed.header["changeType"] == "UPDATE"
    assert (gap.header["changeType"], gap.header["sequenceNumber"]) == ("GAP_UNDELETE", 1)
    assert (gap.header["recordIds"], gap.values, gap.header["changedFields"]) == ([task], {}, [])


@pytest.mark.asyncio
async def test_gaps_by_hand(api: Any, pubsub: Any) -> None:
    task = await api.create("Task", Subject="Call")
    await api.control("POST", "change-events/gap", type="GAP_UPDATE", object="Task", records=[task])
    await api.control("POST", "change-events/gap", type="GAP_OVERFLOW", object="Task")
    _, gap, overflow = await pubsub.events(TASKS, 3)
    assert (gap.header["changeType"], gap.header["recordIds"], gap.values) == ("GAP_UPDATE", [task], {})
    assert overflow.header["changeType"] == "GAP_OVERFLOW"
    assert overflow.header["recordIds"] == ["000000000000000AAA"]
