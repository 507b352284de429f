"""Smart campaigns in the lead database API: finding, requesting and scheduling them."""

from __future__ import annotations

from typing import Any

import pytest
from harness.campaigns import (
    ASK,
    CAMPAIGNS,
    MEMBERSHIP,
    SCHEDULE,
    SEND,
    TRIGGER,
    asked,
    attributes,
    define,
    runs,
    token,
)


@pytest.mark.asyncio
async def test_a_campaign_as_the_vendor_shows_it(seeded: Any) -> None:
    (row,) = (await seeded.get("/rest/v1/campaigns/1100.json")).result
    assert row == {
        "id": SEND,
        "name": "Send Newsletter",
        "description": "Sends the issue of the month to the readers",
        "type": "batch",
        "programName": "Monthly Newsletter",
        "programId": 1001,
        "workspaceName": "Default",
        "createdAt": "2026-06-27T12:00:00Z",
        "updatedAt": "2026-06-27T12:00:00Z",
        "active": False,
    }
    (row,) = (await seeded.get("/rest/v1/campaigns/1010.json")).result
    assert "programName" not in row
    assert "programId" not in row


@pytest.mark.asyncio
@pytest.mark.behaviour("campaigns-token-alone")
async def test_campaigns_by_every_filter_and_page(seeded: Any) -> None:
    async def ids(**params: Any) -> list[int]:
        return [row["id"] for row in (await seeded.get(CAMPAIGNS, **params)).result]

    assert await ids() == [1010, 1100, 1130, 1131]
    assert await ids(id="1130,1100,9") == [1100, 1130]
    assert await ids(id=["1130", "1010"]) == [1010, 1130]
    assert await ids(name=["Ask For A Call", "Elsewhere"]) == [1130]
    assert await ids(programName="Contact Us,Data Management") == [1130, 1131]
    assert await ids(workspaceName="Default", name="Greet New People") == [1131]
    assert await ids(workspaceName="Elsewhere") == []
    assert await ids(isTriggerable="true") == [1130]
    assert await ids(isTriggerable="false") == [1010, 1100, 1130, 1131]
    page = await seeded.form(CAMPAIGNS, _method="GET", batchSize=3)
    assert [row["id"] for row in page.result] == [1010, 1100, 1130]
    assert "moreResult" not in page.json
    last = await seeded.get(CAMPAIGNS, batchSize=3, nextPageToken=page.json["nextPageToken"])
    assert ([row["id"] for row in last.result], "nextPageToken" in last.json) == ([1131], False)


@pytest.mark.asyncio
@pytest.mark.behaviour("request-runs-flow")
async def test_a_requested_campaign_runs_its_flow(seeded: Any) -> None:
    one, two = await seeded.create(email="a@a.example"), await seeded.create(email="b@a.example")
    answer = await seeded.post(TRIGGER.format(ASK), asked(one, two) | {"_method": "POST"})
    assert answer.result == [{"id": ASK}]
    requests = await seeded.activities(47)
    assert [(row["leadId"], row["primaryAttributeValueId"], row["campaignId"]) for row in requests] == [
        (one, ASK, ASK),
        (two, ASK, ASK),
    ]
    assert attributes(requests[0]) == {"Source": "Web Service API"}
    moments = [row for row in await seeded.activities(46) if row["leadId"] in (one, two)]
    assert [row["primaryAttributeValue"] for row in moments] == ["Milestone", "Milestone"]
    assert attributes(moments[0])["Source"] == "Marketo Flow Action"
    assert attributes(moments[0])["Description"] == "Asked for a call"
    assert [row["id"] for row in (await seeded.get("/rest/v1/lists/1003/leads.json")).result] == [one, two]
    joined = await seeded.activities(24)
    assert [(row["leadId"], row["campaignId"], attributes(row)["Source"]) for row in joined] == [
        (one, ASK, "Marketo Flow Action"),
        (two, ASK, "Marketo Flow Action"),
    ]
    change = next(row for row in await seeded.activities(13) if row["leadId"] == one)
    assert (change["campaignId"], attributes(change)["New Value"]) == (ASK, "Call requested")
    reason = "Changed by Smart Campaign Ask For A Call action Change Data Value"
    assert attributes(change)["Reason"] == reason
    (lead,) = (await seeded.get(f"/rest/v1/lead/{one}.json", fields="leadStatus")).result
    assert lead["leadStatus"] == "Call requested"
    stamp = "2026-11-24T12:00:00Z"
    assert (await seeded.get(MEMBERSHIP.format(one))).result == [
        {"smartCampaignId": ASK, "createdAt": stamp, "updatedAt": stamp}
    ]


@pytest.mark.asyncio
async def test_campaigns_of_a_lead_by_page_and_time(seeded: Any) -> None:
    lead = await seeded.create(email="a@a.example")
    for number in range(3):
        await seeded.post(TRIGGER.format(await define(seeded, name=f"C{number}")), asked(lead))
        await seeded.advance(minutes=1)
    first = await seeded.get(MEMBERSHIP.format(lead), batchSize=2)
    assert (len(first.result), first.json["moreResult"]) == (2, True)
    rest = await seeded.get(MEMBERSHIP.format(lead), nextPageToken=first.json["nextPageToken"])
    assert (len(rest.result), rest.json["moreResult"]) == (1, False)
    late = await seeded.get(MEMBERSHIP.format(lead), earliestUpdatedAt="2026-11-24T12:00:30Z", batchSize=1)
    assert late.result == first.result[1:]


@pytest.mark.asyncio
@pytest.mark.behaviour("request-all-or-none")
async def test_one_unknown_person_and_the_campaign_runs_for_nobody(seeded: Any) -> None:
    lead = await seeded.create(email="a@a.example")
    answer = await seeded.post(TRIGGER.format(ASK), asked(lead, 9))
    assert (answer.code, answer.message) == ("1004", "Lead '9' not found")
    assert await seeded.activities(47) == []
    assert (await seeded.get(MEMBERSHIP.format(lead))).result == []


@pytest.mark.asyncio
@pytest.mark.behaviour("campaign-tokens")
async def test_tokens_fill_in_and_can_be_replaced_for_one_run(seeded: Any) -> None:
    text = "{{my.Issue}} {{my.Company Name}} {{my.Other}} {{lead.First Name}}"
    flow = [{"type": "interestingMoment", "moment": "Web", "description": text}]
    campaign = await define(seeded, program="Monthly Newsletter", flow=flow)
    lead = await seeded.create(email="a@a.example", firstName="Ann")
    await seeded.post(TRIGGER.format(campaign), asked(lead))
    await seeded.post(TRIGGER.format(campaign), asked(lead, tokens=[token("Issue", 8), token("Other", "x")]))
    await seeded.post(TRIGGER.format(campaign), asked(lead))
    texts = [attributes(row)["Description"] for row in await seeded.activities(46) if row["leadId"] == lead]
    assert texts == [f"{issue} Example Corporation {{{{my.Other}}}} Ann" for issue in (7, 8, 7)]


@pytest.mark.asyncio
@pytest.mark.behaviour("campaign-once")
async def test_a_rule_lets_everybody_through_once_or_always(seeded: Any) -> None:
    flow = [{"type": "changeScore", "field": "leadScore", "change": 5}]
    once = await define(seeded, name="Once", qualification="once", flow=flow)
    always = await define(seeded, name="Always", flow=flow)
    lead = await seeded.create(email="a@a.example", leadScore=1)
    for campaign in (once, once, always, always):
        await seeded.post(TRIGGER.format(campaign), asked(lead))
    (row,) = (await seeded.get(f"/rest/v1/lead/{lead}.json", fields="leadScore")).result
    assert row["leadScore"] == 16
    scores = await seeded.activities(22)
    assert [row["campaignId"] for row in scores] == [once, always, always]
    assert len(await seeded.activities(47)) == 4


@pytest.mark.asyncio
@pytest.mark.behaviour("campaign-permissions")
@pytest.mark.parametrize(
    ("permission", "code"),
    [
        ("Execute Campaign", None),
        ("Read-Write Campaign", None),
        ("Read-Only Campaign", "603"),
        ("Read-Write Asset", "603"),
    ],
)
async def test_either_permission_runs_a_campaign(seeded: Any, permission: str, code: str | None) -> None:
    lead = await seeded.create(email="a@a.example")
    role = {"client_id": "c", "client_secret": "s", "user": "u@simulator.example", "permissions": [permission]}
    await seeded.control("POST", "users", role)
    seeded.client_id, seeded.client_secret, seeded.token = "c", "s", None
    assert (await seeded.post(TRIGGER.format(ASK), asked(lead))).code == code
    assert (await seeded.post(SCHEDULE.format(SEND))).code == code


@pytest.mark.asyncio
@pytest.mark.behaviour("schedule-five-minutes")
@pytest.mark.behaviour("schedule-runs")
async def test_a_scheduled_campaign_runs_in_five_minutes_on_its_audience_of_then(seeded: Any) -> None:
    late, gone = await seeded.create(email="a@a.example"), await seeded.create(email="b@a.example")
    await seeded.post("/rest/v1/lists/1002/leads.json", {"input": [{"id": gone}]})
    assert (await seeded.post(SCHEDULE.format(SEND))).result == [{"id": SEND}]
    await seeded.advance(minutes=4, seconds=59)
    assert (await runs(seeded))[0] | {"id": 1} == {
        "id": 1,
        "campaign": SEND,
        "runAt": "2026-11-24T12:05:00Z",
        "done": False,
        "leads": None,
    }
    await seeded.post("/rest/v1/lists/1002/leads.json", {"input": [{"id": late}]})
    await seeded.delete("/rest/v1/lists/1002/leads.json", {"input": [{"id": gone}]})
    await seeded.advance(seconds=1)
    readers = (await seeded.get("/rest/v1/lists/1002/leads.json", fields="id")).result
    (run,) = await runs(seeded)
    assert (run["done"], run["leads"]) == (True, len(readers))
    rows = [row for row in await seeded.activities(46) if row["campaignId"] == SEND]
    assert sorted(row["leadId"] for row in rows) == [row["id"] for row in readers]
    assert {row["activityDate"] for row in rows} == {"2026-11-24T12:05:00Z"}
    assert {attributes(row)["Description"] for row in rows} == {"Was sent issue 7"}
    (membership,) = (await seeded.get(f"/rest/v1/leads/{late}/programMembership.json")).result
    assert (membership["id"], membership["progressionStatus"]) == (1001, "Member")
    joined = [row for row in await seeded.activities(104) if row["leadId"] == late]
    assert [row["campaignId"] for row in joined] == [SEND]


@pytest.mark.asyncio
@pytest.mark.behaviour("schedule-five-minutes")
@pytest.mark.parametrize(
    ("run_at", "at"),
    [
        ("2026-11-24T12:01:00Z", "2026-11-24T12:05:00Z"),
        ("2020-01-01T00:00:00Z", "2026-11-24T12:05:00Z"),
        ("2026-11-24T07:30:00-0600", "2026-11-24T13:30:00Z"),
        ("2028-11-23T12:00:00Z", "2028-11-23T12:00:00Z"),
    ],
)
async def test_a_run_is_at_the_given_time_but_not_sooner(seeded: Any, run_at: str, at: str) -> None:
    body = {"input": {"runAt": run_at, "tokens": [token("Issue", "9")]}}
    assert (await seeded.post(SCHEDULE.format(SEND), body)).result == [{"id": SEND}]
    assert [run["runAt"] for run in await runs(seeded)] == [at]


@pytest.mark.asyncio
@pytest.mark.behaviour("schedule-runs")
async def test_a_smart_list_is_an_audience_too(seeded: Any) -> None:
    lead = await seeded.create(email="only@a.example")
    smart = await seeded.control(
        "POST",
        "smart-lists",
        {"name": "Only", "filters": [{"field": "email", "operator": "is", "value": "only@a.example"}]},
    )
    assert smart.status == 200, smart.json
    flow = [{"type": "sendEmail", "emailId": 1501}, {"type": "removeFromList", "listId": 1003}]
    campaign = await define(
        seeded, type="batch", program="Spring Launch", audience={"smartListId": smart.json["id"]}, flow=flow
    )
    await seeded.post("/rest/v1/lists/1003/leads.json", {"input": [{"id": lead}]})
    await seeded.post(SCHEDULE.format(campaign))
    await seeded.advance(minutes=5)
    for type_id in (6, 7):
        (row,) = [row for row in await seeded.activities(type_id) if row["campaignId"] == campaign]
        assert (row["leadId"], row["primaryAttributeValueId"]) == (lead, 1501)
        assert row["primaryAttributeValue"] == "Spring Launch.Invitation"
    (row,) = await seeded.activities(25)
    assert (row["leadId"], row["campaignId"]) == (lead, campaign)


@pytest.mark.asyncio
async def test_nobody_unsubscribed_is_sent_more_than_operational_mail(seeded: Any) -> None:
    lead = await seeded.create(email="a@a.example", unsubscribed=True)
    nameless = await seeded.create(firstName="No address")
    flow = [{"type": "sendEmail", "emailId": 1501}, {"type": "sendEmail", "emailId": 1503}]
    await seeded.post(TRIGGER.format(await define(seeded, flow=flow)), asked(lead, nameless))
    mine = [row for row in await seeded.activities(6) if row["leadId"] in (lead, nameless)]
    assert [(row["leadId"], row["primaryAttributeValueId"]) for row in mine] == [(lead, 1503)]


@pytest.mark.asyncio
@pytest.mark.behaviour("schedule-clones")
async def test_cloning_schedules_the_campaign_of_the_clone_twenty_times_a_day(seeded: Any) -> None:
    flow = [{"type": "interestingMoment", "moment": "Web", "description": "x"}]
    source = await define(seeded, type="batch", program="User Conference", audience={"staticListId": 1003}, flow=flow)
    lead = await seeded.create(email="a@a.example")
    await seeded.post("/rest/v1/lists/1003/leads.json", {"input": [{"id": lead}]})

    async def clone(name: str) -> Any:
        return await seeded.post(SCHEDULE.format(source), {"input": {"cloneToProgramName": name}})

    (made,) = (await clone("Copy 1")).result
    (campaign,) = (await seeded.get(f"/rest/v1/campaigns/{made['id']}.json")).result
    assert (made["id"] == source, campaign["programName"], campaign["name"]) == (False, "Copy 1", "New")
    await seeded.advance(minutes=5)
    assert [row["smartCampaignId"] for row in (await seeded.get(MEMBERSHIP.format(lead))).result] == [made["id"]]
    assert (await clone("Copy 1")).code == "1003"
    for number in range(2, 21):
        assert (await clone(f"Copy {number}")).code is None
    answer = await clone("Copy 21")
    assert (answer.code, answer.message) == ("1020", "Too many clones to program")
    await seeded.advance(hours=24)
    await seeded.log_in()
    assert (await clone("Copy 21")).code is None


@pytest.mark.asyncio
async def test_a_step_about_what_has_gone_is_left_out(seeded: Any) -> None:
    lead = await seeded.create(email="a@a.example")
    seeded.simulator.database.execute("DELETE FROM static_lists WHERE id = 1003")
    await seeded.post(TRIGGER.format(ASK), asked(lead))
    (row,) = (await seeded.get(f"/rest/v1/lead/{lead}.json", fields="leadStatus")).result
    assert row["leadStatus"] == "Call requested"


@pytest.mark.asyncio
async def test_a_planned_run_survives_a_snapshot_and_not_a_reset(seeded: Any) -> None:
    await seeded.post(SCHEDULE.format(SEND))
    image = (await seeded.control("POST", "snapshot")).json["id"]
    await seeded.control("POST", "reset")
    await seeded.advance(minutes=1)
    assert await runs(seeded) == []
    await seeded.control("POST", "restore", {"id": image})
    await seeded.advance(minutes=4)
    assert [run["done"] for run in await runs(seeded)] == [True]
    await seeded.advance(minutes=10)
    await seeded.log_in()
    moments = [row for row in await seeded.activities(46) if row["campaignId"] == SEND]
    assert len(moments) == len({row["leadId"] for row in moments})
