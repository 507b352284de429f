"""What a committed transaction publishes, whichever way it came about: one event for each record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

TASKS = "/data/TaskChangeEvent"
CONTACTS = "/data/ContactChangeEvent"
ALL = "/data/ChangeEvents"


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
