"""Sales activities as they arrive in Marketo: scenarios 13 to 18."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.clock import SECOND
from actionsync_server.model.activities import (
    AddToSalesCampaign,
    CallStatus,
    ClickSalesEmail,
    OpenSalesEmail,
    ReceivedSalesCall,
    RemovedFromSalesCampaign,
    RepliedToSalesEmail,
    SalesCampaign,
    SalesEmail,
    SalesEmailBounced,
    SendSalesEmail,
)
from actionsync_server.model.deliveries import DeliveryReason, DeliveryState
from actionsync_server.model.errors import System

pytestmark = pytest.mark.asyncio

SELLER_EMAIL = "seller@example.com"
SAME = SalesEmail("1001")
CAMPAIGN = SalesCampaign("12", "Spring outreach", "https://web.example/campaigns/12")


async def test_scenario_13a_a_template_mail_from_a_campaign(rig: Any) -> None:
    person = await rig.add_person()
    logged = await rig.log(rig.send(person, "12345678"))
    await rig.advance(3)
    (row,) = await rig.rows(lead=person.marketo_id)
    assert row["primaryAttributeValue"] == "Hello (SIA-12345678)"
    assert row["attributes"] == {
        "Sent By": SELLER_EMAIL,
        "Source": "Sales App",
        "Template ID": "77",
        "Sales Template Name": "First contact",
        "Sales Template URL": "https://web.example/templates/77",
        "Sales Campaign Name": "Spring outreach",
        "Sales Campaign URL": "https://web.example/campaigns/12",
        "Marketo Sales Person ID": person.person_id,
        "Actions Activity ID": logged.activity.activity_id,
    }
    delivery = await rig.delivery(logged, System.MARKETO)
    assert (delivery.state, delivery.external_id) == (DeliveryState.DELIVERED, row["marketoGUID"])
    assert [attempt.outcome for attempt in delivery.attempts] == [DeliveryState.DELIVERED]
    assert await rig.state(logged, System.SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.TURNED_OFF)


async def test_scenario_13b_without_template_and_campaign(rig: Any) -> None:
    person = await rig.add_person()
    await rig.log(rig.content(person, SendSalesEmail(SalesEmail("1", ""))))
    await rig.advance(3)
    (row,) = await rig.rows()
    assert row["primaryAttributeValue"] == " (SIA-1)"
    assert set(row["attributes"]) == {"Sent By", "Source", "Marketo Sales Person ID", "Actions Activity ID"}


async def test_scenario_14a_open_click_and_reply_come_once_each_in_order(rig: Any) -> None:
    person = await rig.add_person()
    await rig.log(rig.send(person))
    for detail in (
        OpenSalesEmail(SAME),
        ClickSalesEmail(SAME, "https://example.com/l"),
        RepliedToSalesEmail(SAME, "Yes"),
    ):
        await rig.advance(1)
        await rig.log(rig.content(person, detail))
    await rig.advance(5)
    (opened,), (clicked,), (replied,) = [
        await rig.rows(name) for name in ("asOpenSalesEmail", "asClickSalesEmail", "asRepliedToSalesEmail")
    ]
    assert clicked["primaryAttributeValue"] == "https://example.com/l"
    assert replied["primaryAttributeValue"] == SELLER_EMAIL
    assert opened["activityDate"] < clicked["activityDate"] < replied["activityDate"]
    # What the caller left empty is known from the mail as it was sent.
    assert opened["primaryAttributeValue"] == clicked["attributes"]["Email Subject"] == "Hello (SIA-1001)"
    for row in (opened, clicked):
        assert row["attributes"]["Template ID"] == "77"
        assert row["attributes"]["Sales Campaign Name"] == "Spring outreach"
    assert set(replied["attributes"]) == {"Source", "Marketo Sales Person ID", "Actions Activity ID"}


async def test_scenario_14b_a_reply_counts_for_whom_the_mail_went_to(rig: Any) -> None:
    addressee, colleague = await rig.add_person(), await rig.add_person()
    await rig.log(rig.send(addressee))
    # The web app matches the original Message-ID and names the original recipient, whoever wrote.
    await rig.log(rig.content(addressee, RepliedToSalesEmail(SAME, "On her behalf: yes")))
    await rig.advance(3)
    assert [row["leadId"] for row in await rig.rows("asRepliedToSalesEmail")] == [addressee.marketo_id]
    assert await rig.rows("asRepliedToSalesEmail", lead=colleague.marketo_id) == []


async def test_an_open_logged_before_its_send_is_filled_all_the_same(rig: Any) -> None:
    person = await rig.add_person()
    await rig.log_all(rig.content(person, OpenSalesEmail(SAME)), rig.send(person))
    await rig.advance(3)
    (row,) = await rig.rows("asOpenSalesEmail")
    assert row["primaryAttributeValue"] == "Hello (SIA-1001)"


async def test_an_open_of_a_mail_that_nobody_knows_keeps_what_it_has(rig: Any) -> None:
    person, other = await rig.add_person(), await rig.add_person()
    await rig.log(rig.send(other))  # the same number to somebody else fills nothing
    await rig.log(rig.content(person, OpenSalesEmail(SAME)))
    await rig.advance(3)
    (row,) = await rig.rows("asOpenSalesEmail")
    assert row["primaryAttributeValue"] == " (SIA-1001)"


async def test_scenario_15_bounce(rig: Any) -> None:
    person = await rig.add_person()
    await rig.log(rig.send(person))
    bounce = SalesEmailBounced(SAME, "gone@example.com", "550 5.1.1 no such user")
    await rig.log(rig.content(person, bounce))
    await rig.advance(3)
    (row,) = await rig.rows("asSalesEmailBounced")
    assert row["primaryAttributeValue"] == "gone@example.com"
    attributes = row["attributes"]
    assert attributes.pop("Actions Activity ID").startswith("a-")
    assert attributes == {
        "Details": "550 5.1.1 no such user",
        "Sent By": SELLER_EMAIL,
        "Marketo Sales Person ID": person.person_id,
        "Template ID": "77",
    }


async def test_scenario_16a_a_call(rig: Any) -> None:
    person = await rig.add_person()
    call = ReceivedSalesCall(
        CallStatus.COMPLETED,
        outcome="Meeting booked",
        duration=65,
        phone_number="+1 555 0100",
        answered_by="Ann Lee",
        recording_url="https://web.example/recordings/1",
        sales_campaign=CAMPAIGN,
    )
    await rig.log(rig.content(person, call))
    await rig.advance(3)
    (row,) = await rig.rows("asReceivedSalesCall")
    assert row["primaryAttributeValue"] == "Meeting booked"  # Sales Call Subject
    attributes = row["attributes"]
    assert attributes.pop("Actions Activity ID").startswith("a-")
    assert attributes == {
        "Sales Call Made By": SELLER_EMAIL,
        "Sales Call Status": "completed",
        "Sales Call Duration": 65,
        "Sales Phone Number Called": "+1 555 0100",
        "Sales Call Answered By": "Ann Lee",
        "Sales Call Recording URL": "https://web.example/recordings/1",
        "Sales Campaign Name": "Spring outreach",
        "Sales Campaign URL": "https://web.example/campaigns/12",
        "Source": "Sales App",
        "Marketo Sales Person ID": person.person_id,
    }


@pytest.mark.parametrize(
    ("status", "word"),
    [(CallStatus.NO_ANSWER, "no answer"), (CallStatus.CANCELLED, "cancelled"), (CallStatus.FAILED, "failed")],
)
async def test_scenario_16b_a_call_that_nobody_answers(rig: Any, status: CallStatus, word: str) -> None:
    person = await rig.add_person()
    await rig.log(rig.content(person, ReceivedSalesCall(status)))
    await rig.advance(3)
    (row,) = await rig.rows("asReceivedSalesCall")
    assert row["attributes"]["Sales Call Status"] == word
    assert row["primaryAttributeValue"] == "unknown"


async def test_scenario_17_on_a_campaign_and_off_again(rig: Any) -> None:
    person = await rig.add_person()
    await rig.log(rig.content(person, AddToSalesCampaign(CAMPAIGN)))
    await rig.log(rig.content(person, RemovedFromSalesCampaign(CAMPAIGN)))
    await rig.advance(3)
    for name in ("asAddToSalesCampaign", "asRemovedFromSalesCampaign"):
        (row,) = await rig.rows(name)
        assert row["primaryAttributeValue"] == "Spring outreach"
        assert row["attributes"]["Sales Campaign ID"] == "12"
        assert row["attributes"]["Sent By"] == SELLER_EMAIL
        assert "Sales Call Status" not in row["attributes"]


async def test_the_time_is_that_of_the_activity(rig: Any) -> None:
    person = await rig.add_person()
    await rig.log(rig.send(person, activity_time=rig.clock.now() - 3 * 86_400 * SECOND))
    await rig.advance(3)
    (row,) = await rig.rows()
    assert row["activityDate"] == "2026-02-27T15:00:00Z"


async def test_a_bounce_message_of_any_size_arrives_cut(rig: Any) -> None:
    person = await rig.add_person()
    details = 'é"' * 16_000
    await rig.log(rig.content(person, SalesEmailBounced(SAME, "gone@example.com", details)))
    await rig.advance(3)
    (row,) = await rig.rows("asSalesEmailBounced")
    assert details.startswith(row["attributes"]["Details"])
    assert len(row["attributes"]["Details"].encode()) == 30_000


async def test_where_marketo_has_its_own_sales_activities_ours_stand_beside_them(open_rig: Any) -> None:
    rig = await open_rig(adobe_actions=True)
    person = await rig.add_person()
    await rig.log(rig.send(person))
    await rig.advance(3)
    (row,) = await rig.rows(lead=person.marketo_id)
    names = {
        one["id"]: one["name"] for one in (await rig.marketo.call("GET", "/rest/v1/activities/types.json"))["result"]
    }
    assert names[row["activityTypeId"]] == "Actionsync Send Sales Email"
    assert names[39] == "Send Sales Email"
