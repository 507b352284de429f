"""What the event of a changed record tells: what changed, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

TASKS = "/data/TaskChangeEvent"
CONTACTS = "/data/ContactChangeEvent"
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
