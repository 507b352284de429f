"""Scenarios 22 to 24, 27 to 29 and 31: sales activities as Salesforce Tasks, logged by gRPC, read back by SOQL.

Tasks are written by the instance's connection and belong to the seller's Salesforce user.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import person_sync_pb2, sync_settings_pb2
from actionsync.v1.common_pb2 import (
    DELIVERY_REASON_NO_MATCHING_RECORD,
    DELIVERY_REASON_NO_SALESFORCE_ID,
    DELIVERY_REASON_TURNED_OFF,
    DELIVERY_REASON_UNSPECIFIED,
    DELIVERY_STATE_DELIVERED,
    DELIVERY_STATE_DELIVERING,
    DELIVERY_STATE_PENDING,
    DELIVERY_STATE_RETRYING,
    DELIVERY_STATE_SKIPPED,
    DELIVERY_STATE_UNKNOWN,
    DELIVERY_STATE_WAITING,
    SYSTEM_MARKETO,
    SYSTEM_SALESFORCE,
    Delivery,
    System,
)
from google.protobuf.timestamp_pb2 import Timestamp
from harness.world import INSTANCE, SELLER, World, open_world

pytestmark = pytest.mark.asyncio
Person = person_sync_pb2.Person
Logging = sync_settings_pb2.LoggingSettings

MINUTE, DAY = 60, 86_400
ADDRESS = "ann.lone@example.com"
MOVING = {DELIVERY_STATE_PENDING, DELIVERY_STATE_DELIVERING, DELIVERY_STATE_RETRYING, DELIVERY_STATE_UNKNOWN}
DELIVERED = (DELIVERY_STATE_DELIVERED, DELIVERY_REASON_UNSPECIFIED)
CALL = contract.ReceivedSalesCall(call_status=contract.ReceivedSalesCall.CALL_STATUS_COMPLETED, outcome="Interested")


async def set_logging(world: World, **values: Any) -> None:
    await world.set(sync_settings_pb2.Settings(logging=Logging(**values)), *(f"logging.{name}" for name in values))


async def log_everything(world: World) -> None:
    await set_logging(world, log_emails=True, log_replies=True, log_calls=True, log_as=Logging.LOG_AS_INTEGRATION_USER)


@pytest_asyncio.fixture
async def contact(world: World) -> Person:
    """A contact in Salesforce, after the initial sync; everything is logged."""
    await log_everything(world)
    await world.sync_people()
    found = await world.salesforce.query("SELECT Id FROM Contact WHERE Email != null ORDER BY Id LIMIT 1")
    key = person_sync_pb2.PersonKey(salesforce_id=found[0]["Id"])
    return (await world.user.persons.GetPerson(person_sync_pb2.GetPersonRequest(key=key))).person


@pytest_asyncio.fixture
async def lone(world: World) -> Person:
    """A person with an owner, but without a Salesforce record, after the initial sync; everything is logged."""
    return await add_lone(world)


async def add_lone(world: World) -> Person:
    await log_everything(world)
    # No API writes an owner into Marketo; its own Salesforce sync does.
    marketo_id = world.simulators.marketo.native.create(
        {"email": ADDRESS, "lastName": "Lone", "sfdcLeadOwnerId": world.seller_salesforce_id}
    )
    await world.sync_people()
    key = person_sync_pb2.PersonKey(marketo_id=marketo_id)
    person = (await world.user.persons.GetPerson(person_sync_pb2.GetPersonRequest(key=key))).person
    assert person.salesforce_lead_id == person.salesforce_contact_id == ""
    return person


async def add_lead(world: World, last_name: str) -> str:
    return await world.salesforce.create("Lead", LastName=last_name, Company="Lone Ltd", Email=ADDRESS)


async def log(world: World, person: Person, key: str, **detail: Any) -> contract.Activity:
    content = contract.ActivityContent(
        idempotency_key=key,
        person_id=person.person_id,
        user_id=SELLER,
        activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
        **detail,
    )
    return (await world.user.activities.LogActivity(contract.LogActivityRequest(content=content))).activity


async def log_send(world: World, person: Person, *, subject: str = "Hello", **more: Any) -> contract.Activity:
    mail = contract.SalesEmail(email_id="4711", subject=subject, **more)
    return await log(world, person, "send", send_sales_email=contract.SendSalesEmail(email=mail, body="A word."))


async def log_reply(world: World, person: Person) -> contract.Activity:
    reply = contract.RepliedToSalesEmail(email=contract.SalesEmail(email_id="4711"), body="Yes, please.")
    return await log(world, person, "reply", replied_to_sales_email=reply)


async def delivery(world: World, activity: contract.Activity, system: System = SYSTEM_SALESFORCE) -> Delivery:
    """Return its delivery to a system, with all attempts."""
    (listed,) = [one for one in activity.deliveries if one.system == system]
    request = contract.GetDeliveryRequest(delivery_id=listed.delivery_id)
    return (await world.user.activities.GetDelivery(request)).delivery


async def come_to_rest(world: World, activity: contract.Activity, system: System = SYSTEM_SALESFORCE) -> Delivery:
    """Let time pass until its delivery is over, or waits for something else than time."""

    async def done() -> bool:
        return (await delivery(world, activity, system)).state not in MOVING

    await world.until(done)
    return await delivery(world, activity, system)


def standing(one: Delivery) -> tuple[int, int]:
    return one.state, one.reason


async def tasks(world: World) -> list[dict[str, Any]]:
    """Return all Tasks that are ours, the oldest first."""
    return await world.salesforce.query(
        "SELECT Id, Subject, Type, Status, Priority, ActivityDate, Description, WhoId, OwnerId, ActionSync_Id__c"
        " FROM Task WHERE ActionSync_Id__c != null ORDER BY CreatedDate, Id"
    )


async def the_task(world: World) -> dict[str, Any]:
    (task,) = await tasks(world)
    return task


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


async def test_scenario_27a_a_reply_becomes_a_task_of_its_own_whatever_the_template(
    world: World, contact: Person
) -> None:
    await set_logging(world, subject_template="[SIA] {{activity_subject}}")
    await come_to_rest(world, await log_send(world, contact))
    reply = await log_reply(world, contact)
    assert standing(await come_to_rest(world, reply)) == DELIVERED
    sent, replied = await tasks(world)
    assert (sent["Subject"], replied["Subject"]) == ("[SIA] Hello", "Reply: Hello")
    assert replied["ActionSync_Id__c"] == reply.activity_id
    assert (replied["WhoId"], replied["Status"]) == (contact.salesforce_contact_id, "Completed")
    assert replied["Description"] == "Yes, please."


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
