"""Tasks where Salesforce changed meanwhile or says no: conversion, merge, refusals, locks, limits."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_server.model.activities import (
    CallStatus,
    ReceivedSalesCall,
    SalesEmail,
)
from actionsync_server.model.deliveries import ActionOwner, DeliveryReason, DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.model.settings import LogAs

pytestmark = pytest.mark.asyncio

MINUTE, DAY = 60, 86_400
SALESFORCE = System.SALESFORCE
SAME = SalesEmail("1001")
DELIVERED = (DeliveryState.DELIVERED, DeliveryReason.NONE)
CALL = ReceivedSalesCall(CallStatus.COMPLETED, outcome="Meeting booked", reason="Demo", duration=65, notes="Nice.")


async def test_a_lead_converted_meanwhile_is_followed_to_its_contact(rig: Any) -> None:
    await rig.log_everything()
    lead = await rig.add_lead("ann@example.com")
    person = await rig.add_person(salesforce_lead_id=lead)
    converted = await rig.salesforce.control("POST", "convert", {"lead": lead, "create_opportunity": False})
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    assert await rig.state(logged, SALESFORCE) == DELIVERED
    assert [task["WhoId"] for task in await rig.tasks()] == [converted["contact"]]


async def test_by_address_a_converted_lead_stands_for_its_contact(rig: Any) -> None:
    await rig.log_everything()
    lead = await rig.add_lead("ann@example.com")
    converted = await rig.salesforce.control("POST", "convert", {"lead": lead, "create_opportunity": False})
    await rig.salesforce.update("Contact", converted["contact"], Email="ann.lee@example.com")
    await rig.log(rig.send(await rig.add_person(email="ann@example.com")))
    await rig.advance(3)
    assert [task["WhoId"] for task in await rig.tasks()] == [converted["contact"]]


async def test_a_merged_contact_is_followed_to_the_winner(rig: Any) -> None:
    await rig.log_everything()
    winner, loser = await rig.add_contact("ann@example.com"), await rig.add_contact("ann2@example.com")
    person = await rig.add_person(salesforce_contact_id=loser)
    await rig.salesforce.control("POST", "merge", {"master": winner, "losers": [loser]})
    logged = await rig.log(rig.content(person, CALL))
    await rig.advance(3)
    assert await rig.state(logged, SALESFORCE) == DELIVERED
    assert [task["WhoId"] for task in await rig.tasks()] == [winner]


async def test_when_the_record_is_gone_mail_goes_by_the_address_and_calls_fail(rig: Any) -> None:
    await rig.log_everything()
    contact, lead = await rig.add_contact("old@example.com"), await rig.add_lead("ann@example.com")
    person = await rig.add_person(email="ann@example.com", salesforce_contact_id=contact)
    stranger = await rig.add_person(email="nobody@example.com", salesforce_contact_id=contact)
    await rig.salesforce.delete("Contact", contact)
    mail, call = await rig.log_all(rig.send(person), rig.content(person, CALL))
    lost = await rig.log(rig.send(stranger))
    await rig.advance(5)
    assert await rig.state(mail, SALESFORCE) == DELIVERED
    assert [task["WhoId"] for task in await rig.tasks()] == [lead]
    assert await rig.state(lost, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.NO_MATCHING_RECORD)
    failed = await rig.delivery(call, SALESFORCE)
    assert (failed.state, failed.reason) == (DeliveryState.FAILED, DeliveryReason.PERSON_GONE)
    assert failed.error is not None


async def test_a_refused_owner_fails_visibly(rig: Any) -> None:
    await rig.log_everything()
    await rig.add_seller(salesforce_user_id="005000000000123AAA")
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    failed = await rig.delivery(logged, SALESFORCE)
    assert (failed.state, failed.reason) == (DeliveryState.FAILED, DeliveryReason.REFUSED)
    assert failed.error is not None
    assert failed.error.next_step


async def test_a_seller_without_a_salesforce_user_is_warned_of(rig: Any) -> None:
    await rig.log_everything()
    await rig.add_seller(salesforce_user_id="")
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    delivery = await rig.delivery(logged, SALESFORCE)
    assert delivery.state is DeliveryState.DELIVERED
    assert delivery.warnings == ("the seller has no Salesforce user; the Task belongs to the connected one",)


@pytest.mark.parametrize("code", ["UNABLE_TO_LOCK_ROW", "QUERY_TIMEOUT", "SERVER_UNAVAILABLE", "FAILED_WRITE"])
async def test_a_row_in_somebodys_way_is_written_later(rig: Any, code: str) -> None:
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    await rig.salesforce.fault("/rows/Task/*", "error", times=None, error={"code": code, "message": "wait"})
    logged = await rig.log(rig.send(person))
    await rig.advance(60)
    await rig.salesforce.control("DELETE", "faults")
    assert (await rig.state(logged, SALESFORCE))[0] is DeliveryState.RETRYING
    await rig.advance(30 * MINUTE)
    assert await rig.state(logged, SALESFORCE) == DELIVERED
    assert len(await rig.tasks()) == 1


async def test_a_rule_of_the_org_fails_with_an_owner_and_a_next_step(rig: Any) -> None:
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    rule = {"code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "ask ann@example.com before you log"}
    await rig.salesforce.fault("/rows/Task/*", "error", error=rule)
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    failed = await rig.delivery(logged, SALESFORCE)
    assert (failed.state, failed.reason) == (DeliveryState.FAILED, DeliveryReason.REFUSED)
    assert failed.error is not None
    assert failed.error.code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert "ann@example.com" not in failed.error.message
    assert failed.error.owner is ActionOwner.SALESFORCE_ADMIN
    (again,) = await rig.process.desk.retry("acme", [failed.delivery_id])
    await rig.advance(5)
    assert await rig.state(logged, SALESFORCE) == DELIVERED
    assert again.state is DeliveryState.PENDING


async def test_an_unknown_fault_of_salesforce_is_tried_three_times(rig: Any) -> None:
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    fault = {"code": "UNKNOWN_EXCEPTION", "message": "ErrorId 123-456 (789)"}
    await rig.salesforce.fault("/rows/Task/*", "error", times=None, error=fault)
    logged = await rig.log(rig.send(person))
    await rig.advance(30 * MINUTE)
    failed = await rig.delivery(logged, SALESFORCE)
    assert (failed.state, failed.attempt_count) == (DeliveryState.FAILED, 3)
    assert failed.error is not None
    assert "123-456" in failed.error.message


async def test_a_day_without_calls_left_is_waited_for(rig: Any) -> None:
    await rig.log_everything()
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    spent = {"code": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}
    await rig.salesforce.fault("*/composite/sobjects*", "error", error=spent)
    logged = await rig.log(rig.send(person))
    await rig.advance(5)
    assert await rig.state(logged, SALESFORCE) == (DeliveryState.WAITING, DeliveryReason.QUOTA_EXHAUSTED)
    await rig.advance(61 * MINUTE)  # when calls may have come back, unsubscribes and reminders have the first turns
    assert await rig.state(logged, SALESFORCE) == (DeliveryState.WAITING, DeliveryReason.QUOTA_EXHAUSTED)
    await rig.advance(2 * MINUTE)
    assert await rig.state(logged, SALESFORCE) == DELIVERED


async def test_many_addresses_are_looked_up_together(rig: Any) -> None:
    await rig.log_everything()
    people = [await rig.add_person() for _ in range(60)]
    for person in people[:3]:
        await rig.add_lead(person.fields.email)
    entries = rig.salesforce_simulator.journal.entries
    before = len(entries(path="*/query*"))
    await rig.log_all(*(rig.send(person) for person in people))
    await rig.advance(3)
    assert len(entries(path="*/query*")) - before == 2  # contacts, leads
    assert len(await rig.tasks()) == 3


async def test_awkward_addresses_do_no_harm_in_a_query(rig: Any) -> None:
    await rig.log_everything()
    await rig.add_lead("bob@example.com")
    person = await rig.add_person(email="o'hara') OR (Email != '@example.com")
    logged = await rig.log(rig.send(person))
    await rig.advance(3)
    assert await rig.state(logged, SALESFORCE) == (DeliveryState.SKIPPED, DeliveryReason.NO_MATCHING_RECORD)


async def test_sellers_write_under_their_own_logins_side_by_side(rig: Any) -> None:
    await rig.log_everything(log_as=LogAs.SELLER)
    person = await rig.add_person(salesforce_contact_id=await rig.add_contact("ann@example.com"))
    other = await rig.add_person(salesforce_contact_id=await rig.add_contact("bob@example.com"))
    await rig.add_seller("seller-2", email="second@example.com")
    await rig.connect_user("seller-1")
    mine = await rig.log(rig.send(person))
    theirs = await rig.log(rig.send(other, user_id="seller-2"))
    await rig.advance(3)
    assert await rig.state(mine, SALESFORCE) == DELIVERED
    assert await rig.state(theirs, SALESFORCE) == (DeliveryState.WAITING, DeliveryReason.USER_NOT_CONNECTED)
