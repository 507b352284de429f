"""Calls about smart campaigns that are refused, and campaigns that cannot be defined."""

from __future__ import annotations

from typing import Any

import pytest
from harness.campaigns import ASK, CAMPAIGNS, SCHEDULE, SEND, TRIGGER, asked, define, runs, token


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (TRIGGER.format(9), asked(1), "1013"),
        (TRIGGER.format("x"), asked(1), "1001"),
        (TRIGGER.format(ASK), {}, "1002"),
        (TRIGGER.format(ASK), {"input": []}, "1003"),
        (TRIGGER.format(ASK), {"input": {"leads": []}}, "1002"),
        (TRIGGER.format(ASK), {"input": {"leads": [1]}}, "1003"),
        (TRIGGER.format(ASK), {"input": {"leads": [{}]}}, "1002"),
        (TRIGGER.format(ASK), asked("x"), "1001"),
        (TRIGGER.format(ASK), asked(*range(101)), "1003"),
        (TRIGGER.format(ASK), asked(1, tokens=[token("a", "b")] * 101), "1003"),
        (TRIGGER.format(ASK), asked(1, tokens=[{"name": "my.a", "value": "b"}]), "1003"),
        (TRIGGER.format(ASK), asked(1, tokens={"a": "b"}), "1003"),
        (TRIGGER.format(SEND), asked(1), "1003"),
        (TRIGGER.format(1131), asked(1), "1003"),
        (SCHEDULE.format(9), {}, "1013"),
        (SCHEDULE.format("x"), {}, "1001"),
        (SCHEDULE.format(ASK), {}, "1003"),
        (SCHEDULE.format(SEND), {"input": "now"}, "1003"),
        (SCHEDULE.format(SEND), {"input": {"runAt": "soon"}}, "1001"),
        (SCHEDULE.format(SEND), {"input": {"runAt": "2028-12-01T00:00:00Z"}}, "1042"),
        (SCHEDULE.format(SEND), {"input": {"cloneToProgramName": ""}}, "1001"),
        (SCHEDULE.format(SEND), {"input": {"cloneToProgramName": "Copy"}}, "1003"),
        (SCHEDULE.format(1010), {"input": {"cloneToProgramName": "Copy"}}, "1003"),
    ],
)
async def test_refused_calls_run_nothing(seeded: Any, path: str, body: dict[str, Any], code: str) -> None:
    assert (await seeded.post(path, body)).code == code
    assert await runs(seeded) == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        (CAMPAIGNS, {"id": "x"}, "1001"),
        (CAMPAIGNS, {"isTriggerable": "perhaps"}, "1001"),
        (CAMPAIGNS, {"batchSize": 0}, "1003"),
        ("/rest/v1/campaigns/9.json", {}, "1013"),
        ("/rest/v1/campaigns/x.json", {}, "1001"),
    ],
)
async def test_refused_reads(seeded: Any, path: str, params: dict[str, Any], code: str) -> None:
    assert (await seeded.get(path, **params)).code == code


@pytest.mark.asyncio
async def test_a_campaign_that_only_other_campaigns_may_request_is_refused(seeded: Any) -> None:
    lead = await seeded.create(email="a@a.example")
    trigger = {"type": "campaignIsRequested", "source": "Marketo Flow Action"}
    campaign = await define(seeded, trigger=trigger)
    assert (await seeded.post(TRIGGER.format(campaign), asked(lead))).code == "1003"
    assert [row["id"] for row in (await seeded.get(CAMPAIGNS, isTriggerable="true")).result] == [ASK]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"type": "daily"},
        {"colour": "red"},
        {"qualification": "twice"},
        {"trigger": {"type": "fillsOutForm"}},
        {"type": "batch", "trigger": {"type": "campaignIsRequested", "source": "Web Service API"}},
        {"audience": {"staticListId": 1003}},
        {"type": "batch", "audience": {"staticListId": 9}},
        {"type": "batch", "audience": {"smartListId": 999999}},
        {"type": "batch", "audience": [1003]},
        {"program": "Elsewhere"},
        {"name": "Ask For A Call", "program": "Contact Us"},
        {"flow": "wait"},
        {"flow": [{"type": "wait"}]},
        {"flow": [{"type": "addToList"}]},
        {"flow": [{"type": "addToList", "listId": 9}]},
        {"flow": [{"type": "addToList", "listId": "1003"}]},
        {"flow": [{"type": "addToList", "listId": True}]},
        {"flow": [{"type": "sendEmail", "emailId": 9}]},
        {"flow": [{"type": "changeDataValue", "field": "id", "value": 1}]},
        {"flow": [{"type": "changeDataValue", "field": "annualRevenue", "value": "much"}]},
        {"flow": [{"type": "changeScore", "field": "annualRevenue", "change": 1}]},
        {"flow": [{"type": "changeProgramStatus", "programId": 9, "status": "Member"}]},
        {"flow": [{"type": "changeProgramStatus", "programId": 1001, "status": "Attended"}]},
    ],
)
async def test_a_campaign_that_cannot_be_is_not_defined(seeded: Any, wrong: dict[str, Any]) -> None:
    before = (await seeded.control("GET", "campaigns")).json["campaigns"]
    answer = await seeded.control("POST", "campaigns", {"name": "New", "type": "trigger", **wrong})
    assert (answer.status, sorted(answer.json)) == (400, ["error", "hint"])
    assert (await seeded.control("GET", "campaigns")).json["campaigns"] == before
