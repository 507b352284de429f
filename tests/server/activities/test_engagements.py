"""Marks on the Tasks of mails: all copies, lost answers, closed fields, and Sends that are not there yet."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.clock import MINUTE as MICROS_PER_MINUTE
from actionsync_server.model.activities import (
    ActivityType,
    ClickSalesEmail,
    OpenSalesEmail,
    RepliedToSalesEmail,
    SalesEmail,
    SalesEmailBounced,
)
from actionsync_server.model.deliveries import DeliveryReason, DeliveryState
from actionsync_server.model.engagements import marks
from actionsync_server.model.errors import System
from actionsync_server.model.settings import DuplicateRule

pytestmark = pytest.mark.asyncio

SALESFORCE = System.SALESFORCE
DELIVERED = (DeliveryState.DELIVERED, DeliveryReason.NONE)
MAIL = SalesEmail("1001")
MARKS = ("MSE_Viewed__c", "MSE_Clicked__c", "MSE_Replied__c", "MSE_Email_Status__c")


async def shown(rig: Any) -> list[list[Any]]:
    rows = await rig.salesforce.query(f"SELECT {', '.join(MARKS)} FROM Task ORDER BY CreatedDate, Id")
    return [[row[name] for name in MARKS] for row in rows]


async def contact(rig: Any) -> Any:
    return await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))


async def test_every_task_of_an_address_with_several_records_is_marked(rig: Any) -> None:
    await rig.log_everything(duplicate_rule=DuplicateRule.ALL)
    for name in ("One", "Two"):
        await rig.add_lead("ann@example.com", last_name=name)
    person = await rig.add_person(email="ann@example.com")
    await rig.log(rig.send(person))
    await rig.advance(5)
    opened = await rig.log(rig.content(person, OpenSalesEmail(MAIL)))
    await rig.advance(5)
    assert await rig.state(opened, SALESFORCE) == DELIVERED
    assert await shown(rig) == [[True, False, False, "sent"]] * 2


async def test_a_mark_whose_answer_was_lost_is_written_again(rig: Any) -> None:
    await rig.log_everything()
    person = await contact(rig)
    await rig.log(rig.send(person))
    await rig.advance(5)
    await rig.salesforce.fault("*/composite/sobjects", "commit_then_drop", method="PATCH", times=20)
    clicked = await rig.log(rig.content(person, ClickSalesEmail(MAIL, "https://example.com")))
    await rig.advance(10)
    await rig.salesforce.control("DELETE", "faults")
    await rig.advance(10 * 60)
    assert await rig.state(clicked, SALESFORCE) == DELIVERED
    assert await shown(rig) == [[False, True, False, "sent"]]


async def test_a_process_that_died_while_marking_marks_again(rig: Any) -> None:
    await rig.log_everything()
    person = await contact(rig)
    sent = await rig.log(rig.send(person))
    await rig.advance(5)
    opened = await rig.log(rig.content(person, OpenSalesEmail(MAIL)))
    await rig.advance(1)
    await rig.restart()
    await rig.advance(30)
    assert await rig.state(opened, SALESFORCE) == DELIVERED
    assert (await rig.delivery(opened, SALESFORCE)).external_id == (await rig.delivery(sent, SALESFORCE)).external_id
    assert await shown(rig) == [[True, False, False, "sent"]]


async def test_an_org_without_any_of_the_fields_has_nothing_to_mark(rig: Any) -> None:
    await rig.log_everything()
    for name in MARKS:
        await rig.salesforce.control("POST", "profile", {"object": "Task", "field": name, "state": "hidden"})
    person = await contact(rig)
    await rig.log(rig.send(person))
    await rig.advance(5)
    opened = await rig.log(rig.content(person, OpenSalesEmail(MAIL)))
    await rig.advance(5)
    assert await rig.state(opened, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.NO_RECORD_FOR_TYPE)


async def test_a_send_that_failed_brings_all_marks_when_it_is_mended(rig: Any) -> None:
    await rig.log_everything()
    person = await contact(rig)
    rule = {"code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "no"}
    await rig.salesforce.fault("/rows/Task/*", "error", times=1, error=rule)
    sent = await rig.log(rig.send(person))
    opened = await rig.log(rig.content(person, OpenSalesEmail(MAIL)))
    bounced = await rig.log(rig.content(person, SalesEmailBounced(MAIL, "ann@example.com", "550")))
    await rig.advance(20)
    given_up = (DeliveryState.SKIPPED, DeliveryReason.EARLIER_DELIVERY)
    assert [await rig.state(one, SALESFORCE) for one in (opened, bounced)] == [given_up] * 2
    failed = await rig.delivery(sent, SALESFORCE)
    assert failed.state is DeliveryState.FAILED
    await rig.process.desk.retry("acme", [failed.delivery_id])
    await rig.advance(5)
    assert await shown(rig) == [[True, False, False, "bounced"]]


async def test_an_engagement_that_was_logged_before_its_mail_is_shown_by_it(rig: Any) -> None:
    await rig.log_everything(log_replies=False)
    person = await contact(rig)
    early = await rig.log(rig.content(person, RepliedToSalesEmail(MAIL, "Yes")))
    await rig.advance(5)
    assert await rig.state(early, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.NO_RECORD_FOR_TYPE)
    await rig.log(rig.send(person, activity_time=rig.clock.now() - 5 * MICROS_PER_MINUTE))
    await rig.advance(5)
    assert await shown(rig) == [[False, False, True, "sent"]]


async def test_marks_never_take_anything_back() -> None:
    everything = marks(list(ActivityType))
    assert everything == {
        "MSE_Viewed__c": True,
        "MSE_Clicked__c": True,
        "MSE_Replied__c": True,
        "MSE_Email_Status__c": "bounced",
    }
    assert marks([ActivityType.SEND_SALES_EMAIL, ActivityType.ADD_TO_SALES_CAMPAIGN]) == {}
