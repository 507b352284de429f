"""Scenarios 26, 27, 29b and 30: what recipients do with a mail shows on the Task of its Send; nothing comes back."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import sync_settings_pb2
from actionsync.v1.common_pb2 import (
    DELIVERY_REASON_NO_MATCHING_RECORD,
    DELIVERY_REASON_NO_RECORD_FOR_TYPE,
    DELIVERY_REASON_TURNED_OFF,
    DELIVERY_STATE_SKIPPED,
)
from harness.salesforce_logging import (
    DELIVERED,
    Person,
    come_to_rest,
    log,
    log_reply,
    log_send,
    set_logging,
    some_contact,
    standing,
    tasks,
    the_task,
)
from harness.world import World

pytestmark = pytest.mark.asyncio

MAIL = contract.SalesEmail(email_id="4711")
NOTHING = {"MSE_Viewed__c": False, "MSE_Clicked__c": False, "MSE_Replied__c": False, "MSE_Email_Status__c": "sent"}


@pytest_asyncio.fixture
async def contact(world: World) -> Person:
    """A contact in Salesforce, after the initial sync; everything is logged."""
    return await some_contact(world)


async def marks(world: World, task_id: str) -> dict[str, Any]:
    rows = await world.salesforce.query(f"SELECT {', '.join(NOTHING)} FROM Task WHERE Id = '{task_id}'")
    return {name: rows[0][name] for name in NOTHING}


async def log_open(world: World, person: Person, key: str = "open") -> contract.Activity:
    return await log(world, person, key, open_sales_email=contract.OpenSalesEmail(email=MAIL))


async def log_click(world: World, person: Person, key: str = "click") -> contract.Activity:
    click = contract.ClickSalesEmail(email=MAIL, link="https://example.com/offer")
    return await log(world, person, key, click_sales_email=click)


async def log_bounce(world: World, person: Person) -> contract.Activity:
    bounce = contract.SalesEmailBounced(email=MAIL, address="a@b.example", details="550 gone")
    return await log(world, person, "bounce", sales_email_bounced=bounce)


async def updates(world: World) -> int:
    """Return how many calls changed records by their id."""
    journal = await world.salesforce.control("GET", "journal", path="*/composite/sobjects", limit="1000")
    return sum(entry["method"] == "PATCH" for entry in journal["entries"])


async def test_scenario_26_open_and_click_change_the_task_of_the_mail(world: World, contact: Person) -> None:
    sent = await come_to_rest(world, await log_send(world, contact))
    assert await marks(world, sent.external_id) == NOTHING
    opened = await come_to_rest(world, await log_open(world, contact))
    assert (standing(opened), opened.external_id) == (DELIVERED, sent.external_id)
    assert await marks(world, sent.external_id) == NOTHING | {"MSE_Viewed__c": True}
    clicked = await come_to_rest(world, await log_click(world, contact))
    assert standing(clicked) == DELIVERED
    assert len(await tasks(world)) == 1
    assert await marks(world, sent.external_id) == NOTHING | {"MSE_Viewed__c": True, "MSE_Clicked__c": True}


async def test_scenario_26_many_engagements_of_a_mail_are_one_row(world: World, contact: Person) -> None:
    sent = await come_to_rest(world, await log_send(world, contact))
    before = await updates(world)
    logged = [await log_open(world, contact, f"open-{number}") for number in range(20)]
    logged += [await log_click(world, contact, f"click-{number}") for number in range(5)]
    for activity in logged:
        assert standing(await come_to_rest(world, activity)) == DELIVERED
    assert await updates(world) == before + 1
    assert await marks(world, sent.external_id) == NOTHING | {"MSE_Viewed__c": True, "MSE_Clicked__c": True}
    # What the Task shows already is not written again.
    assert standing(await come_to_rest(world, await log_open(world, contact, "open-late"))) == DELIVERED
    assert await updates(world) == before + 1


async def test_scenario_26_an_engagement_that_is_logged_with_its_mail_is_not_lost(
    world: World, contact: Person
) -> None:
    sent, opened, bounced = (
        await log_send(world, contact),
        await log_open(world, contact),
        await log_bounce(world, contact),
    )
    ended = await come_to_rest(world, sent)
    assert standing(await come_to_rest(world, opened)) == DELIVERED
    assert standing(await come_to_rest(world, bounced)) == DELIVERED
    wanted = NOTHING | {"MSE_Viewed__c": True, "MSE_Email_Status__c": "bounced"}
    assert await marks(world, ended.external_id) == wanted
    assert len(await tasks(world)) == 1


async def test_scenario_26_without_a_logged_mail_nothing_is_marked(world: World, contact: Person) -> None:
    lonely = await come_to_rest(world, await log_open(world, contact))
    assert standing(lonely) == (DELIVERY_STATE_SKIPPED, DELIVERY_REASON_NO_RECORD_FOR_TYPE)
    await set_logging(world, log_emails=False, log_replies=False)
    await come_to_rest(world, await log_send(world, contact))
    clicked = await come_to_rest(world, await log_click(world, contact))
    assert standing(clicked) == (DELIVERY_STATE_SKIPPED, DELIVERY_REASON_TURNED_OFF)
    await set_logging(world, log_emails=True)
    replied = await come_to_rest(world, await log_reply(world, contact))
    assert standing(replied) == (DELIVERY_STATE_SKIPPED, DELIVERY_REASON_TURNED_OFF)  # as its mail was
    assert await tasks(world) == []


async def test_scenario_27a_a_reply_becomes_a_task_of_its_own_whatever_the_template(
    world: World, contact: Person
) -> None:
    await world.salesforce.control("POST", "picklist-values", {"object": "Task", "field": "Type", "values": ["Reply"]})
    await set_logging(world, subject_template="[SIA] {{activity_subject}}")
    await come_to_rest(world, await log_send(world, contact))
    reply = await log_reply(world, contact)
    ended = await come_to_rest(world, reply)
    assert (standing(ended), list(ended.warnings)) == (DELIVERED, [])
    sent, replied = await tasks(world)
    assert (sent["Subject"], replied["Subject"]) == ("[SIA] Hello", "Reply: Hello")
    assert (sent["Type"], replied["Type"]) == ("Email", "Reply")
    assert replied["ActionSync_Id__c"] == reply.activity_id
    assert (replied["WhoId"], replied["Status"]) == (contact.salesforce_contact_id, "Completed")
    assert replied["Description"] == "Yes, please."
    assert (await marks(world, sent["Id"]))["MSE_Replied__c"] is True
    assert (await marks(world, replied["Id"]))["MSE_Replied__c"] is False


async def test_scenario_27b_without_logged_replies_only_the_checkbox_changes(world: World, contact: Person) -> None:
    await set_logging(world, log_replies=False)
    sent = await come_to_rest(world, await log_send(world, contact))
    replied = await come_to_rest(world, await log_reply(world, contact))
    assert (standing(replied), replied.external_id) == (DELIVERED, sent.external_id)
    assert (await the_task(world))["Subject"] == "Email: Hello"
    assert await marks(world, sent.external_id) == NOTHING | {"MSE_Replied__c": True}


async def test_scenario_29b_a_field_that_is_not_writable_is_left_out_and_named(world: World, contact: Person) -> None:
    closed = {"object": "Task", "field": "MSE_Replied__c", "state": "read_only"}
    await world.salesforce.control("POST", "profile", closed)
    sent = await come_to_rest(world, await log_send(world, contact))
    replied = await come_to_rest(world, await log_reply(world, contact))
    assert (standing(sent), standing(replied)) == (DELIVERED, DELIVERED)
    assert len(await tasks(world)) == 2
    assert (await marks(world, sent.external_id))["MSE_Replied__c"] is False
    alerts = (await world.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())).alerts
    (alert,) = [one for one in alerts if one.name == "task_fields_not_writable"]
    assert "MSE_Replied__c" in alert.message
    assert alert.next_step


async def test_scenario_30_a_logged_task_that_was_deleted_is_not_made_again(world: World, contact: Person) -> None:
    sent = await come_to_rest(world, await log_send(world, contact))
    await world.salesforce.update("Task", sent.external_id, Subject="Changed there", Status="Not Started")
    await world.advance(300)
    assert (await the_task(world))["Subject"] == "Changed there"
    await world.salesforce.delete("Task", sent.external_id)
    opened = await come_to_rest(world, await log_open(world, contact))
    assert standing(opened) == (DELIVERY_STATE_SKIPPED, DELIVERY_REASON_NO_MATCHING_RECORD)
    await world.advance(300)
    assert await tasks(world) == []
    told = await world.user.activities.GetActivity(contract.GetActivityRequest(activity_id=sent.activity_id))
    assert told.activity.content.send_sales_email.email.subject == "Hello"
