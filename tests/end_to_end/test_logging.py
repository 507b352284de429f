"""Scenarios 22 to 24, 28, 29a and 31: sales activities as Salesforce Tasks, logged by gRPC, read back by SOQL.

Tasks are written by the instance's connection and belong to the seller's Salesforce user. Engagements and replies are
in test_logging_engagement, sellers' own logins in test_logging_sellers.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_asyncio
from actionsync.v1 import connections_pb2, sync_settings_pb2
from actionsync.v1.common_pb2 import (
    DELIVERY_REASON_NO_MATCHING_RECORD,
    DELIVERY_REASON_NO_SALESFORCE_ID,
    DELIVERY_REASON_TURNED_OFF,
    DELIVERY_STATE_SKIPPED,
    DELIVERY_STATE_WAITING,
    SYSTEM_MARKETO,
    SYSTEM_SALESFORCE,
)
from harness.salesforce_logging import (
    ADDRESS,
    CALL,
    DAY,
    DELIVERED,
    MINUTE,
    Person,
    add_lead,
    add_lone,
    come_to_rest,
    delivery,
    log,
    log_reply,
    log_send,
    set_logging,
    some_contact,
    standing,
    tasks,
    the_task,
)
from harness.world import INSTANCE, World, open_world

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def contact(world: World) -> Person:
    """A contact in Salesforce, after the initial sync; everything is logged."""
    return await some_contact(world)


@pytest_asyncio.fixture
async def lone(world: World) -> Person:
    """A person with an owner, but without a Salesforce record, after the initial sync; everything is logged."""
    return await add_lone(world)


async def test_scenario_22a_an_email_becomes_one_completed_task(world: World, contact: Person) -> None:
    activity = await log_send(world, contact)
    ended = await come_to_rest(world, activity)
    assert standing(ended) == DELIVERED
    task = await the_task(world)
    del task["attributes"]
    assert task == {
        "Id": ended.external_id,
        "Subject": "Email: Hello",
        "Type": "Email",
        "Status": "Completed",
        "Priority": "Normal",
        "ActivityDate": "2026-03-02",
        "Description": "A word.",
        "WhoId": contact.salesforce_contact_id,
        "OwnerId": world.seller_salesforce_id,
        "ActionSync_Id__c": activity.activity_id,
    }


async def test_scenario_22b_without_logging_there_is_no_task(world: World, contact: Person) -> None:
    await set_logging(world, log_emails=False, log_replies=False)
    activity = await log_send(world, contact)
    assert standing(await come_to_rest(world, activity)) == (DELIVERY_STATE_SKIPPED, DELIVERY_REASON_TURNED_OFF)
    assert standing(await come_to_rest(world, activity, SYSTEM_MARKETO)) == DELIVERED
    assert await tasks(world) == []


async def test_scenario_23a_mail_to_a_person_without_a_record_goes_by_the_address(world: World, lone: Person) -> None:
    lead = await add_lead(world, "First")
    assert standing(await come_to_rest(world, await log_send(world, lone))) == DELIVERED
    assert (await the_task(world))["WhoId"] == lead


async def test_scenario_23b_of_several_leads_the_one_changed_last_gets_the_task(world: World, lone: Person) -> None:
    leads = []
    for name in ("Oldest", "Changed", "Youngest"):
        leads.append(await add_lead(world, name))
        await world.advance(MINUTE)
    await world.salesforce.update("Lead", leads[1], Title="Head of Everything")
    assert standing(await come_to_rest(world, await log_send(world, lone))) == DELIVERED
    assert (await the_task(world))["WhoId"] == leads[1]


async def test_scenario_23c_without_a_match_nothing_is_made(world: World, lone: Person) -> None:
    ended = await come_to_rest(world, await log_send(world, lone))
    assert standing(ended) == (DELIVERY_STATE_SKIPPED, DELIVERY_REASON_NO_MATCHING_RECORD)
    await world.advance(15 * MINUTE)
    assert await tasks(world) == []
    for sobject in ("Lead", "Contact"):
        assert await world.salesforce.query(f"SELECT Id FROM {sobject} WHERE Email = '{ADDRESS}'") == []


async def test_scenario_24_a_call_waits_for_a_record_and_is_logged_when_one_comes(world: World, lone: Person) -> None:
    lead = await add_lead(world, "First")  # the address alone does not count for calls
    activity = await log(world, lone, "call", received_sales_call=CALL)
    waiting = await come_to_rest(world, activity)
    assert standing(waiting) == (DELIVERY_STATE_WAITING, DELIVERY_REASON_NO_SALESFORCE_ID)
    assert standing(await come_to_rest(world, activity, SYSTEM_MARKETO)) == DELIVERED
    (row,) = await world.marketo.custom_activities("asReceivedSalesCall")
    assert row["leadId"] == lone.marketo_id
    assert await tasks(world) == []
    world.simulators.marketo.native.update(lone.marketo_id, {"sfdcLeadId": lead, "sfdcType": "Lead"})

    async def logged() -> bool:
        return standing(await delivery(world, activity)) == DELIVERED

    await world.until(logged, step=10)
    task = await the_task(world)
    assert (task["WhoId"], task["Type"], task["Status"]) == (lead, "Call", "Completed")


async def test_scenario_24_after_30_days_a_call_is_skipped(tmp_path: Path) -> None:
    waits = (DELIVERY_STATE_WAITING, DELIVERY_REASON_NO_SALESFORCE_ID)
    # Whatever looks for news now and then rests meanwhile, as in a server that is down: 30 days of it take minutes.
    async with open_world(tmp_path, native_sync_seconds=40 * DAY) as world:
        await world.connect()
        await world.add_seller()
        activity = await log(world, await add_lone(world), "call", received_sales_call=CALL)
        assert standing(await come_to_rest(world, activity)) == waits
        assert standing(await come_to_rest(world, activity, SYSTEM_MARKETO)) == DELIVERED
        await world.app.workers.stop(seconds=5)
        passed = world.clock.now() // 1_000_000 - activity.create_time.seconds
        await world.advance(30 * DAY - passed - MINUTE)
        world.app.wiring.start_workers(world.app.workers, INSTANCE)
        await world.advance(MINUTE / 2)
        assert standing(await delivery(world, activity)) == waits
        await world.advance(2 * MINUTE)
        skipped = (DELIVERY_STATE_SKIPPED, DELIVERY_REASON_NO_SALESFORCE_ID)
        assert standing(await delivery(world, activity)) == skipped
        assert await tasks(world) == []


async def test_scenario_28a_dynamic_fields_without_a_value_leave_no_trace(world: World, contact: Person) -> None:
    await set_logging(world, subject_template="[SIA] {{activity_type}}\n{{sales_campaign_name}} {{call_outcome}}")
    await come_to_rest(world, await log_send(world, contact))
    assert (await the_task(world))["Subject"] == "[SIA] Email"


async def test_scenario_28b_a_subject_of_300_characters_is_cut_to_255(world: World, contact: Person) -> None:
    constant, subject = "c" * 99, "s" * 200
    await set_logging(world, subject_template=f"{constant} {{{{activity_subject}}}}")
    await come_to_rest(world, await log_send(world, contact, subject=subject))
    assert (await the_task(world))["Subject"] == f"{constant} {subject}"[:255]


async def test_scenario_29a_an_org_without_the_type_reply_gets_the_task_and_we_get_a_warning(
    world: World, contact: Person
) -> None:
    sent = await come_to_rest(world, await log_send(world, contact))
    ended = await come_to_rest(world, await log_reply(world, contact))
    assert standing(ended) == DELIVERED
    assert [(task["Subject"], task["Type"]) for task in await tasks(world)] == [
        ("Email: Hello", "Email"),
        ("Reply: Hello", None),
    ]
    assert [text for text in sent.warnings if "Type" in text] == []
    assert len([text for text in ended.warnings if "Type" in text and "Reply" in text]) == 1
    (alert,) = await type_alerts(world)
    assert "Reply" in alert.message
    assert "picklist" in alert.next_step
    # The admin of the org adds the value; a check of the connection looks again, and the next Task has its type.
    await world.salesforce.control("POST", "picklist-values", {"object": "Task", "field": "Type", "values": ["Reply"]})
    check = connections_pb2.CheckConnectionRequest(system=SYSTEM_SALESFORCE)
    await world.admin.connections.CheckConnection(check)
    again = await come_to_rest(world, await log_reply(world, contact, key="another"))
    assert (standing(again), list(again.warnings)) == (DELIVERED, [])
    assert (await tasks(world))[-1]["Type"] == "Reply"
    assert await type_alerts(world) == []


async def type_alerts(world: World) -> list[sync_settings_pb2.Alert]:
    alerts = (await world.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())).alerts
    return [alert for alert in alerts if alert.name == "task_type_values_missing"]


@pytest.mark.parametrize(
    ("lost", "attempts"),
    [
        pytest.param(1, 1, id="repeated within the attempt"),
        pytest.param(6, 2, id="repeated by another attempt"),
    ],
)
async def test_scenario_31_a_task_whose_answer_was_lost_stays_one(
    world: World, contact: Person, lost: int, attempts: int
) -> None:
    upsert = "*/composite/sobjects/Task/ActionSync_Id__c"
    await world.salesforce.fault(upsert, "commit_then_drop", method="PATCH", times=lost)
    activity = await log_send(world, contact)
    ended = await come_to_rest(world, activity)
    await world.advance(15 * MINUTE)
    (fault,) = (await world.salesforce.control("GET", "faults"))["faults"]
    assert (fault["taken"], fault["seen"]) == (lost, lost + 1)
    task = await the_task(world)
    assert standing(ended) == DELIVERED
    assert (ended.external_id, task["ActionSync_Id__c"]) == (task["Id"], activity.activity_id)
    assert len(ended.attempts) == attempts
