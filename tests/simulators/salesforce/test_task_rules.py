"""What a task may be and become: series, subtypes, owners, and values that follow only what they are derived from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock

SERIES = {
    "IsRecurrence": True,
    "RecurrenceStartDateOnly": "2024-02-01",
    "RecurrenceEndDateOnly": "2024-03-01",
    "RecurrenceType": "RecursDaily",
    "RecurrenceInterval": 1,
}


@pytest.mark.asyncio
async def test_a_series_is_stored(api: Any) -> None:
    record = await api.read("Task", await api.create("Task", Subject="Daily", **SERIES))
    assert {name: record[name] for name in SERIES} == SERIES
    assert record["ActivityDate"] is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "code", "fields"),
    [
        ({"RecurrenceType": None}, "REQUIRED_FIELD_MISSING", ["RecurrenceType"]),
        (
            {"RecurrenceStartDateOnly": None, "RecurrenceEndDateOnly": None},
            "REQUIRED_FIELD_MISSING",
            ["RecurrenceStartDateOnly", "RecurrenceEndDateOnly"],
        ),
        ({"ActivityDate": "2024-02-01"}, "FIELD_INTEGRITY_EXCEPTION", ["ActivityDate"]),
        ({"RecurrenceEndDateOnly": "2024-01-31"}, "FIELD_INTEGRITY_EXCEPTION", ["RecurrenceEndDateOnly"]),
    ],
)
async def test_a_series_that_cannot_be(api: Any, changes: dict[str, Any], code: str, fields: list[str]) -> None:
    answer = await api("POST", "sobjects/Task", SERIES | changes)
    assert (answer.status, answer.code, answer.error["fields"]) == (400, code, fields)


@pytest.mark.asyncio
async def test_a_task_does_not_become_a_series_nor_a_series_get_a_due_date(api: Any) -> None:
    task = await api.create("Task")
    became = await api("PATCH", f"sobjects/Task/{task}", {"IsRecurrence": True})
    assert (became.code, became.error["fields"]) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["IsRecurrence"])
    series = await api.create("Task", **SERIES)
    dated = await api("PATCH", f"sobjects/Task/{series}", {"ActivityDate": "2024-02-02"})
    assert (dated.code, dated.error["fields"]) == ("FIELD_INTEGRITY_EXCEPTION", ["ActivityDate"])


@pytest.mark.asyncio
@pytest.mark.parametrize("subtype", ["Task", "Email", "ListEmail", "Call", "Cadence", "LinkedIn"])
async def test_a_subtype_is_chosen_once(api: Any, subtype: str) -> None:
    task = await api.create("Task", TaskSubtype=subtype)
    assert (await api.read("Task", task))["TaskSubtype"] == subtype
    for value in (subtype, "Call", None):
        answer = await api("PATCH", f"sobjects/Task/{task}", {"TaskSubtype": value})
        assert (answer.code, answer.error["fields"]) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["TaskSubtype"])


@pytest.mark.asyncio
@pytest.mark.parametrize("field", ["IsClosed", "IsHighPriority", "AccountId", "CompletedDateTime", "IsArchived"])
async def test_what_is_derived_cannot_be_written(api: Any, field: str) -> None:
    value = {"AccountId": None, "CompletedDateTime": "2024-01-01T00:00:00Z"}.get(field, True)
    task = await api.create("Task")
    for method, path in (("POST", "sobjects/Task"), ("PATCH", f"sobjects/Task/{task}")):
        answer = await api(method, path, {field: value})
        assert (answer.code, answer.error["fields"]) == ("INVALID_FIELD_FOR_INSERT_UPDATE", [field])


@pytest.mark.asyncio
async def test_a_task_that_is_created_closed_was_completed_then(api: Any) -> None:
    record = await api.read("Task", await api.create("Task", Status="Completed"))
    assert record["CompletedDateTime"] == record["CreatedDate"]


@pytest.mark.asyncio
async def test_priority_and_status_are_never_empty(api: Any) -> None:
    task = await api.create("Task", Status=None, Priority=None)
    assert (await api.read("Task", task, "Status", "Priority"))["Status"] == "Not Started"
    answer = await api("PATCH", f"sobjects/Task/{task}", {"Status": None, "Priority": ""})
    assert (answer.code, answer.error["fields"]) == ("REQUIRED_FIELD_MISSING", ["Status", "Priority"])


@pytest.mark.asyncio
async def test_the_account_follows_who_and_what_only(api: Any) -> None:
    old, new = [await api.create("Account", Name=name) for name in ("Old", "New")]
    contact = await api.create("Contact", LastName="C", AccountId=old)
    task = await api.create("Task", WhoId=contact)
    await api.update("Contact", contact, AccountId=new)
    await api.update("Task", task, Subject="changed")
    assert (await api.read("Task", task))["AccountId"] == old
    await api.update("Task", task, WhoId=None)
    await api.update("Task", task, WhoId=contact)
    assert (await api.read("Task", task))["AccountId"] == new


@pytest.mark.asyncio
async def test_owners_change_to_users_and_queues_but_not_to_who_has_left(api: Any) -> None:
    database = api.simulator.database
    queue = database.value("SELECT Id FROM \"Group\" WHERE Type = 'Queue'")
    active, inactive = [database.value(f'SELECT Id FROM "User" WHERE IsActive = {n} ORDER BY Id DESC') for n in (1, 0)]
    rows = {"Task": await api.create("Task"), "Lead": await api.create("Lead", LastName="L", Company="C")}
    rows["Contact"] = await api.create("Contact", LastName="C")
    for sobject, record_id in rows.items():
        path = f"sobjects/{sobject}/{record_id}"
        await api.update(sobject, record_id, OwnerId=active)
        assert (await api.read(sobject, record_id))["OwnerId"] == active
        left = await api("PATCH", path, {"OwnerId": inactive})
        assert (left.code, left.error["fields"]) == ("INACTIVE_OWNER_OR_USER", ["OwnerId"])
        given = await api("PATCH", path, {"OwnerId": queue})
        assert (given.status == 204) is (sobject != "Contact")
        assert (await api("PATCH", path, {"OwnerId": None})).code == "REQUIRED_FIELD_MISSING"


@pytest.mark.asyncio
async def test_rows_stay_with_who_has_left_and_can_be_changed(api: Any) -> None:
    owner = api.simulator.database.value('SELECT Id FROM "User" WHERE IsActive = 1 ORDER BY Id DESC')
    lead = await api.create("Lead", LastName="L", Company="C", OwnerId=owner)
    await api.control("POST", "users", user=owner, active=False)
    await api.update("Lead", lead, Title="x", OwnerId=owner)
    task = await api("POST", "sobjects/Task", {"OwnerId": owner})
    assert task.code == "INACTIVE_OWNER_OR_USER"
    converted = await api("POST", "/_sim/convert", {"lead": lead})
    assert "INACTIVE_OWNER_OR_USER" in converted.body["error"]
    done = await api.control("POST", "convert", lead=lead, owner=api.simulator.org.api_user_id)
    assert (await api.read("Contact", done["contact"]))["OwnerId"] == api.simulator.org.api_user_id


@pytest.mark.asyncio
async def test_a_reminder_is_kept_as_given_and_armed_again_by_an_update(api: Any, clock: Clock) -> None:
    task = await api.create("Task", IsReminderSet=True)
    assert (await api.read("Task", task))["ReminderDateTime"] is None
    await api.update("Task", task, ReminderDateTime="2024-01-31T12:30:00Z")
    await clock.advance(timedelta(hours=1))
    assert (await api.control("POST", "reminders/fire"))["fired"] == [task]
    assert (await api.control("POST", "reminders/fire"))["fired"] == []
    await api.update("Task", task, IsReminderSet=True, ReminderDateTime="2024-01-31T13:30:00Z")
    await clock.advance(timedelta(hours=1))
    await api.update("Task", task, Status="Completed")
    assert (await api.control("POST", "reminders/fire"))["fired"] == []
    record = await api.read("Task", task)
    assert (record["IsReminderSet"], record["ReminderDateTime"]) == (True, "2024-01-31T13:30:00.000+0000")


@pytest.mark.asyncio
async def test_events_remind_too(api: Any, clock: Clock) -> None:
    when = {"ActivityDateTime": "2024-01-31T13:00:00Z", "DurationInMinutes": 30}
    event = await api.create("Event", **when, IsReminderSet=True, ReminderDateTime="2024-01-31T12:45:00Z")
    await clock.advance(timedelta(hours=1))
    assert (await api.control("POST", "reminders/fire"))["fired"] == [event]
    assert (await api.read("Event", event))["IsReminderSet"] is False
