"""The control calls about events: what they refuse, and what they show."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("change-events", {"objects": "Task"}),
        ("change-events", {"objects": ["Group"]}),
        ("change-events", {"objects": ["Task"], "other": 1}),
        ("change-events", {"objects": ["Task"], "channel": "NoChannel"}),
        ("change-events", {"objects": ["Task", "Lead", "Contact", "Account", "Opportunity", "User"]}),
        ("change-events/gap", {"type": "UPDATE", "object": "Task", "records": []}),
        ("change-events/gap", {"type": "GAP_UPDATE", "object": "Group", "records": []}),
        ("change-events/gap", {"type": "GAP_UPDATE", "object": "Task", "records": ["0038d0000000001AAA"]}),
        ("change-events/gap", {"type": "GAP_UPDATE", "object": "Task", "records": "x"}),
        ("change-events/gap", {"type": "GAP_UPDATE", "object": "Task"}),
        ("change-events/expire", {"up_to": -1}),
        ("change-events/expire", {"up_to": 10**12}),
        ("change-events/expire", {"up_to": "x"}),
        ("streams/end", {"error": "no.such.code"}),
        ("streams/end", {"topic": 5}),
        ("platform-events", {"name": "NoEvent", "fields": {"A__c": "text"}}),
        ("platform-events", {"name": "My__e", "fields": {}}),
        ("platform-events", {"name": "My__e", "fields": {"A__c": "lookup"}}),
        ("platform-events", {"name": "My__e", "fields": {"A": "text"}}),
        ("managed-subscriptions", {"topic": "/data/TaskChangeEvent"}),
        ("managed-subscriptions", {"developer_name": "Sync", "topic": "/data/No"}),
        ("managed-subscriptions", {"developer_name": "Sync", "topic": "/data/TaskChangeEvent", "earliest": 1}),
    ],
)
async def test_bad_input_is_refused(api: Any, path: str, arguments: dict[str, Any]) -> None:
    answer = await api("POST", f"/_sim/{path}", arguments)
    assert answer.status == 400
    assert answer.body["error"]
    assert answer.body["hint"]


@pytest.mark.asyncio
async def test_the_state_is_shown_and_restored(api: Any) -> None:
    shown = await api.control("GET", "change-events")
    assert shown["objects"] == ["Contact", "Lead", "Task"]
    assert (shown["channels"], shown["events"]) == ({}, {})
    await api.control("POST", "change-events", objects=["lead"])
    await api.control("POST", "change-events", objects=["Task"], channel="My__chn")
    await api.control("POST", "platform-events", name="My__e", fields={"A__c": "text"})
    made = await api.control("POST", "managed-subscriptions", developer_name="Sync", topic="/event/My__e")
    assert made["id"].startswith("18x")
    shown = await api.control("GET", "change-events")
    assert (shown["objects"], shown["channels"]) == (["Lead"], {"My__chn": ["Task"]})
    assert shown["managed_subscriptions"] == [made]
    await api.control("POST", "change-events", objects=[], channel="My__chn")
    assert (await api.control("GET", "change-events"))["channels"] == {}
    await api.control("POST", "reset")
    shown = await api.control("GET", "change-events")
    assert shown["objects"] == ["Contact", "Lead", "Task"]
    assert (shown["platform_events"], shown["managed_subscriptions"]) == ({}, [])


@pytest.mark.asyncio
async def test_schemas_over_rest(api: Any) -> None:
    compact = (await api("GET", "sobjects/TaskChangeEvent/eventSchema?payloadFormat=COMPACT")).body
    assert (compact["type"], compact["name"]) == ("record", "TaskChangeEvent")
    expanded = (await api("GET", f"event/eventSchema/{compact['uuid']}")).body
    assert (expanded["type"], expanded["uuid"]) == ("expanded-record", compact["uuid"])
    assert expanded["fields"][0]["type"]["fields"][1]["type"]["fields"] == compact["fields"]
    for nothing in ("event/eventSchema/none", "sobjects/Task/eventSchema", "sobjects/ChangeEvents/eventSchema"):
        assert (await api("GET", nothing)).status == 404
