"""Which objects and fields a subscriber receives, and the events that stand for others."""

from __future__ import annotations

from typing import Any

import pytest

TASKS = "/data/TaskChangeEvent"
LEADS = "/data/LeadChangeEvent"
ALL = "/data/ChangeEvents"
NOW = 1_706_702_400_000


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
