"""Emails, replies and calls as Tasks in Salesforce: scenarios 22 to 25, 27 to 29."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from actionsync_server.clock import from_iso
from actionsync_server.model.activities import (
    AddToSalesCampaign,
    CallStatus,
    ClickSalesEmail,
    OpenSalesEmail,
    ReceivedSalesCall,
    RepliedToSalesEmail,
    SalesCampaign,
    SalesEmail,
    SalesEmailBounced,
    SendSalesEmail,
)
from actionsync_server.model.deliveries import DeliveryReason, DeliveryState
from actionsync_server.model.errors import FailedPrecondition, InvalidInput, System
from actionsync_server.model.settings import DuplicateRule, LogAs, NoMatchRule
from actionsync_simulators.salesforce.switches import SalesforceSwitches

pytestmark = pytest.mark.asyncio

MINUTE, DAY = 60, 86_400
SALESFORCE = System.SALESFORCE
SAME = SalesEmail("1001")
DELIVERED = (DeliveryState.DELIVERED, DeliveryReason.NONE)
CALL = ReceivedSalesCall(CallStatus.COMPLETED, outcome="Meeting booked", reason="Demo", duration=65, notes="Nice.")


async def test_scenario_22a_a_mail_to_a_contact_becomes_a_completed_task(rig: Any) -> None:
    await rig.log_everything()
    contact = await rig.add_contact("ann@example.com")
    person = await rig.add_person(email="ann@example.com", salesforce_contact_id=contact)
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    (task,) = await rig.tasks()
    assert {name: task[name] for name in task if name not in ("attributes", "Id")} == {
        "ActionSync_Id__c": logged.activity.activity_id,
        "Subject": "Email: Hello",
        "Type": "Email",
        "TaskSubtype": "Email",
        "Status": "Completed",
        "Priority": "Normal",
        "ActivityDate": "2026-03-02",
        "Description": "How are you?",
        "WhoId": contact,
        "OwnerId": rig.seller_salesforce_id,
        "CallType": None,
        "CallDurationInSeconds": None,
        "CallDisposition": None,
        "CallObject": None,
        "MSE_Campaign__c": "Spring outreach",
    }
    delivery = await rig.delivery(logged, SALESFORCE)
    assert (delivery.state, delivery.external_id, delivery.warnings) == (DeliveryState.DELIVERED, task["Id"], ())


async def test_scenario_22b_with_logging_off_there_is_none(rig: Any) -> None:
    contact = await rig.add_contact("ann@example.com")
    person = await rig.add_person(salesforce_contact_id=contact)
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    assert await rig.state(logged, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.TURNED_OFF)
    assert await rig.tasks() == []


async def test_logging_turned_off_counts_for_what_was_not_written_yet(rig: Any) -> None:
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    logged = await rig.log(rig.send(person))
    await rig.set_logging(log_emails=False, log_replies=False)
    await rig.advance(3)
    assert await rig.state(logged, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.TURNED_OFF)


async def test_users_who_file_by_bcc_are_not_logged(rig: Any) -> None:
    await rig.add_seller(bcc_logging=True)
    await rig.set_logging(log_calls=True, log_as=LogAs.INTEGRATION_USER)
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    mail, call = await rig.log_all(rig.send(person), rig.content(person, CALL))
    await rig.advance(3)
    assert await rig.state(mail, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.TURNED_OFF)
    assert await rig.state(call, SALESFORCE) == DELIVERED
    with pytest.raises(FailedPrecondition):
        await rig.set_logging(log_emails=True)


async def test_what_is_about_no_logged_mail_makes_no_record(rig: Any) -> None:
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    details = [
        OpenSalesEmail(SAME),
        ClickSalesEmail(SAME, "https://example.com"),
        SalesEmailBounced(SAME, "gone@example.com"),
        AddToSalesCampaign(SalesCampaign("12")),
    ]
    logged = await rig.log_all(*(rig.content(person, detail) for detail in details))
    await rig.advance(3)
    for one in logged:
        assert await rig.state(one, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.NO_RECORD_FOR_TYPE)
    assert await rig.tasks() == []


async def test_scenario_23a_the_one_lead_with_the_address(rig: Any) -> None:
    await rig.log_everything()
    lead = await rig.add_lead("Ann@Example.com")
    await rig.add_lead("bob@example.com")
    logged = await rig.log(rig.send(await rig.add_person(email=" ann@example.com")))
    await rig.advance(3)
    assert [task["WhoId"] for task in await rig.tasks()] == [lead]
    assert await rig.state(logged, SALESFORCE) == DELIVERED


async def _three_records(rig: Any) -> dict[str, str]:
    """Return an old contact, an older lead changed last, and a lead in between, all with one address."""
    old = await rig.add_lead("ann@example.com", last_name="Oldest")
    await rig.advance(10)
    contact = await rig.add_contact("ann@example.com")
    await rig.advance(10)
    newer = await rig.add_lead("ann@example.com", last_name="Newer")
    await rig.advance(10)
    await rig.salesforce.update("Lead", old, Title="CEO")
    return {"oldest and last changed": old, "contact": contact, "newest": newer}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (DuplicateRule.MOST_RECENTLY_UPDATED, ["oldest and last changed"]),
        (DuplicateRule.OLDEST, ["oldest and last changed"]),
        (DuplicateRule.CONTACT_FIRST, ["contact"]),
        (DuplicateRule.ALL, ["oldest and last changed", "contact", "newest"]),
    ],
)
async def test_scenario_23b_several_records_and_the_rule(rig: Any, rule: DuplicateRule, expected: list[str]) -> None:
    await rig.log_everything(duplicate_rule=rule)
    records = await _three_records(rig)
    logged = await rig.log(rig.send(await rig.add_person(email="ann@example.com")))
    await rig.advance(3)
    tasks = await rig.tasks()
    assert {task["WhoId"] for task in tasks} == {records[name] for name in expected}
    assert len(tasks) == len(expected)
    first = next(task for task in tasks if task["ActionSync_Id__c"] == logged.activity.activity_id)
    assert (await rig.delivery(logged, SALESFORCE)).external_id == first["Id"]


async def test_scenario_23b_two_leads_only_the_newer_gets_it(rig: Any) -> None:
    await rig.log_everything()
    await rig.add_lead("ann@example.com")
    await rig.advance(10)
    newer = await rig.add_lead("ann@example.com")
    await rig.log(rig.send(await rig.add_person(email="ann@example.com")))
    await rig.advance(3)
    assert [task["WhoId"] for task in await rig.tasks()] == [newer]


async def test_with_all_a_repeated_write_meets_the_same_tasks(rig: Any) -> None:
    await rig.log_everything(duplicate_rule=DuplicateRule.ALL)
    await _three_records(rig)
    await rig.salesforce.fault("*/composite/sobjects*", "commit_then_drop", times=10)
    logged = await rig.log(rig.send(await rig.add_person(email="ann@example.com")))
    await rig.advance(3 * MINUTE)
    await rig.salesforce.control("DELETE", "faults")
    await rig.advance(20 * MINUTE)
    assert await rig.state(logged, SALESFORCE) == DELIVERED
    assert len(await rig.tasks()) == 3


async def test_scenario_23c_nobody_has_the_address(rig: Any) -> None:
    await rig.log_everything()
    logged = await rig.log(rig.send(await rig.add_person(email="nobody@example.com")))
    await rig.advance(3)
    assert await rig.state(logged, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.NO_MATCHING_RECORD)
    assert await rig.tasks() == []
    assert await rig.salesforce.query("SELECT Id FROM Lead") == []


async def test_no_match_may_create_a_lead_once(rig: Any) -> None:
    await rig.log_everything(no_match_rule=NoMatchRule.CREATE_LEAD)
    person = await rig.add_person(email="new@example.com", company="Newco")
    twin = await rig.add_person(email="New@example.com")
    await rig.log_all(rig.send(person), rig.send(twin), rig.content(person, RepliedToSalesEmail(SAME)))
    await rig.advance(5)
    (lead,) = await rig.salesforce.query("SELECT Id, Email FROM Lead")
    tasks = await rig.tasks()
    assert [task["WhoId"] for task in tasks] == [lead["Id"]] * 3


async def test_logging_to_leads_or_contacts_may_be_off(rig: Any) -> None:
    await rig.log_everything(log_to_leads=False)
    lead, contact = await rig.add_lead("ann@example.com"), await rig.add_contact("ann@example.com")
    own = await rig.log(rig.send(await rig.add_person(salesforce_lead_id=lead)))
    by_address = await rig.log(rig.send(await rig.add_person(email="ann@example.com")))
    await rig.advance(3)
    assert await rig.state(own, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.TURNED_OFF)
    assert await rig.state(by_address, SALESFORCE) == DELIVERED
    assert [task["WhoId"] for task in await rig.tasks()] == [contact]


async def test_the_contact_comes_before_the_lead(rig: Any) -> None:
    await rig.log_everything()
    lead, contact = await rig.add_lead("a@example.com"), await rig.add_contact("b@example.com")
    await rig.log(rig.send(await rig.add_person(salesforce_lead_id=lead, salesforce_contact_id=contact)))
    await rig.advance(3)
    assert [task["WhoId"] for task in await rig.tasks()] == [contact]


async def test_scenario_24_a_call_without_a_record_waits_and_goes_on_when_one_comes(rig: Any) -> None:
    await rig.log_everything()
    lead = await rig.add_lead("ann@example.com")  # the address alone does not count for calls
    person = await rig.add_person(email="ann@example.com")
    call = await rig.log(rig.content(person, CALL))
    await rig.advance(3)
    assert await rig.state(call, SALESFORCE) == (DeliveryState.WAITING, DeliveryReason.NO_SALESFORCE_ID)
    assert await rig.tasks() == []
    assert len(await rig.rows("asReceivedSalesCall", lead=person.marketo_id)) == 1
    await rig.change_person(person, salesforce_lead_id=lead)
    await rig.advance(35)
    assert await rig.state(call, SALESFORCE) == DELIVERED
    assert [task["WhoId"] for task in await rig.tasks()] == [lead]


async def test_scenario_24_after_30_days_it_is_skipped(rig: Any) -> None:
    await rig.log_everything()
    call = await rig.log(rig.content(await rig.add_person(), CALL))
    await rig.advance(3)
    await rig.process.die()
    await rig.advance(30 * DAY - 60)
    await rig.restart()
    await rig.advance(5)
    assert await rig.state(call, SALESFORCE) == (DeliveryState.WAITING, DeliveryReason.NO_SALESFORCE_ID)
    await rig.advance(90)
    assert await rig.state(call, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.NO_SALESFORCE_ID)
    assert await rig.tasks() == []


async def test_scenario_25_a_seller_without_a_login_waits_until_there_is_one(rig: Any) -> None:
    await rig.log_everything(log_as=LogAs.SELLER)
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    assert await rig.state(logged, System.MARKETO) == DELIVERED
    assert await rig.state(logged, SALESFORCE) == (DeliveryState.WAITING, DeliveryReason.USER_NOT_CONNECTED)
    await rig.connect_user("seller-1")
    await rig.advance(3)
    assert await rig.state(logged, SALESFORCE) == DELIVERED
    assert [task["OwnerId"] for task in await rig.tasks()] == [rig.seller_salesforce_id]


async def test_a_call_has_its_own_fields(rig: Any) -> None:
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    logged = await rig.log(rig.content(person, replace(CALL, task_name="Follow up")))
    await rig.advance(3)
    (task,) = await rig.salesforce.query(
        "SELECT Subject, Type, TaskSubtype, Status, Description, CallType, CallDurationInSeconds, CallDisposition,"
        " mktosales_call_outcome__c, mktosales_call_reason__c FROM Task"
    )
    task.pop("attributes")
    assert task == {
        "Subject": "Call: Follow up",
        "Type": "Call",
        "TaskSubtype": "Call",
        "Status": "Completed",
        "Description": "Nice.",
        "CallType": "Outbound",
        "CallDurationInSeconds": 65,
        "CallDisposition": "Meeting booked",
        "mktosales_call_outcome__c": "Meeting booked",
        "mktosales_call_reason__c": "Demo",
    }
    assert (await rig.delivery(logged, SALESFORCE)).warnings == ()


@pytest.mark.parametrize(
    ("zone", "date"),
    [
        ("", "2026-03-02"),
        ("America/Los_Angeles", "2026-03-01"),
        ("Asia/Tokyo", "2026-03-02"),
        ("No/Zone", "2026-03-02"),
    ],
)
async def test_the_date_is_the_sellers(rig: Any, zone: str, date: str) -> None:
    await rig.log_everything()
    await rig.add_seller(time_zone=zone)
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    await rig.log(rig.send(person, activity_time=from_iso("2026-03-02T03:30:00Z")))
    await rig.advance(3)
    assert [task["ActivityDate"] for task in await rig.tasks()] == [date]


async def test_scenario_27a_a_reply_is_a_task_of_its_own(rig: Any) -> None:
    await rig.log_everything(subject_template="[SIA] {{activity_type}}")
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    await rig.log(rig.send(person))
    await rig.log(rig.content(person, RepliedToSalesEmail(SAME, "Yes")))
    await rig.advance(5)
    tasks = await rig.tasks()
    # The simulated org's picklist lacks Reply, as a fresh one does.
    assert [(task["Subject"], task["Type"]) for task in tasks] == [("[SIA] Email", "Email"), ("Reply: Hello", None)]
    assert tasks[1]["Description"] == "Yes"


async def test_scenario_28a_the_subject_template(rig: Any) -> None:
    await rig.log_everything(subject_template="[SIA] {{Activity_type}}\n{{sales_campaign_name}} {{call_outcome}}")
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    await rig.log(rig.content(person, SendSalesEmail(SalesEmail("7", "Hi"))))
    await rig.advance(3)
    assert [task["Subject"] for task in await rig.tasks()] == ["[SIA] Email"]


async def test_scenario_28b_a_long_subject_is_cut(rig: Any) -> None:
    await rig.log_everything(subject_template="{{activity_subject}}" + "x" * 300)
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    await rig.log(rig.content(person, SendSalesEmail(SalesEmail("7", "Hi"))))
    await rig.advance(3)
    assert [task["Subject"] for task in await rig.tasks()] == ["Hi" + "x" * 253]


async def test_scenario_28c_an_unknown_dynamic_field_is_not_saved(rig: Any) -> None:
    with pytest.raises(InvalidInput) as raised:
        await rig.set_logging(subject_template="{{activity_type}} {{call_outcom}}")
    assert raised.value.reason == "TEMPLATE_FIELD_UNKNOWN"


async def test_scenario_29a_a_picklist_without_the_value_leaves_type_empty_with_a_warning(rig: Any) -> None:
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    reply = await rig.log(rig.content(person, RepliedToSalesEmail(SAME, "Yes")))
    await rig.advance(3)
    delivery = await rig.delivery(reply, SALESFORCE)
    assert delivery.state is DeliveryState.DELIVERED
    assert delivery.warnings == ("the picklist Type has no value Reply; it was left empty",)


@pytest.mark.parametrize("state", ["read_only", "hidden"])
async def test_scenario_29b_a_closed_field_is_left_out_and_named(rig: Any, state: str) -> None:
    await rig.log_everything()
    await rig.salesforce.control("POST", "profile", {"object": "Task", "field": "MSE_Campaign__c", "state": state})
    await rig.salesforce.control("POST", "profile", {"object": "Task", "field": "Description", "state": state})
    await rig.process.connections.check("acme", SALESFORCE)
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    delivery = await rig.delivery(logged, SALESFORCE)
    assert delivery.state is DeliveryState.DELIVERED
    # A custom field that an org does not show may simply not be there; a standard one is missed.
    named = {warning.split()[0] for warning in delivery.warnings}
    assert named == ({"Description", "MSE_Campaign__c"} if state == "read_only" else {"Description"})


async def test_a_field_that_was_closed_meanwhile_is_dropped_and_named(rig: Any) -> None:
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    await rig.log(rig.send(person))
    await rig.advance(3)  # the description is known now
    for name, state in (("MSE_Campaign__c", "read_only"), ("Description", "hidden")):
        await rig.salesforce.control("POST", "profile", {"object": "Task", "field": name, "state": state})
    logged = await rig.log(rig.send(person, "1002"))
    await rig.advance(3)
    delivery = await rig.delivery(logged, SALESFORCE)
    assert delivery.state is DeliveryState.DELIVERED
    assert {warning.split()[0] for warning in delivery.warnings} == {"Description", "MSE_Campaign__c"}
    assert delivery.attempt_count == 1


async def test_a_repeat_that_may_not_set_the_subtype_again_leaves_it_alone(open_rig: Any) -> None:
    rig = await open_rig(salesforce=SalesforceSwitches(strict_create_only=True))
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    await rig.salesforce.fault("*/composite/sobjects*", "commit_then_drop", times=10)
    logged = await rig.log(rig.send(person))
    await rig.advance(3 * MINUTE)
    await rig.salesforce.control("DELETE", "faults")
    await rig.advance(20 * MINUTE)
    delivery = await rig.delivery(logged, SALESFORCE)
    assert (delivery.state, delivery.warnings) == (DeliveryState.DELIVERED, ())
    assert [task["TaskSubtype"] for task in await rig.tasks()] == ["Email"]
