"""Scenario 32: the day's calls are spent. Optional traffic stops, unsubscribes go first, and all arrives in the end."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import unsubscribe_check_pb2
from actionsync.v1.common_pb2 import (
    DELIVERY_REASON_QUOTA_EXHAUSTED,
    DELIVERY_STATE_DELIVERED,
    DELIVERY_STATE_WAITING,
    SYSTEM_SALESFORCE,
    Delivery,
)
from harness.salesforce_logging import (
    CALL,
    DELIVERED,
    MINUTE,
    Person,
    come_to_rest,
    delivery,
    log,
    log_send,
    set_logging,
    some_contact,
    standing,
    tasks,
)
from harness.world import World

pytestmark = pytest.mark.asyncio

SPENT = {"code": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded.", "http_status": 403}
CROWDED = {"code": "REQUEST_LIMIT_EXCEEDED", "message": "ConcurrentRequests Limit exceeded.", "http_status": 403}
WAITS = (DELIVERY_STATE_WAITING, DELIVERY_REASON_QUOTA_EXHAUSTED)
MAIL = contract.SalesEmail(email_id="4711")


@pytest_asyncio.fixture
async def contact(world: World) -> Person:
    """A contact in Salesforce, in an org with the package; roll-ups are on."""
    await world.salesforce.control("POST", "package")
    person = await some_contact(world)
    await set_logging(world, roll_ups=True)
    return person


async def unsubscribe(world: World, person: Person) -> None:
    await world.user.unsubscribes.RecordUnsubscribe(
        unsubscribe_check_pb2.RecordUnsubscribeRequest(
            email=person.email, source=unsubscribe_check_pb2.UNSUBSCRIBE_SOURCE_CLICKED_LINK
        )
    )


async def pushes(world: World, person: Person) -> list[Delivery]:
    request = contract.ListDeliveriesRequest(system=SYSTEM_SALESFORCE, person_id=person.person_id, page_size=100)
    listed = (await world.user.activities.ListDeliveries(request)).deliveries
    return [one for one in listed if one.WhichOneof("subject") == "unsubscribe_id"]


async def writes(world: World, since: int) -> list[dict[str, Any]]:
    journal = await world.salesforce.control("GET", "journal", path="*/composite/sobjects*", limit="1000")
    return [entry for entry in journal["entries"] if entry["method"] == "PATCH"][since:]


async def test_scenario_32_after_the_limit_unsubscribes_go_first_and_all_is_done(world: World, contact: Person) -> None:
    sent = await come_to_rest(world, await log_send(world, contact))
    await world.advance(80)  # the roll-ups of the mail
    await world.salesforce.fault("/services/data/*", "error", times=10_000, error=SPENT)
    opened = await log(world, contact, "open", open_sales_email=contract.OpenSalesEmail(email=MAIL))
    called = await log(world, contact, "call", received_sales_call=CALL)
    await unsubscribe(world, contact)
    await world.advance(MINUTE)
    (push,) = await pushes(world, contact)
    assert [standing(one) for one in (push, await delivery(world, called), await delivery(world, opened))] == [
        WAITS
    ] * 3
    # Once one call was refused, none of the lanes asks again before its turn.
    refused = len(await writes(world, 0))
    await world.advance(30 * MINUTE)
    assert len(await writes(world, 0)) == refused
    await world.salesforce.control("DELETE", "faults")

    order: list[str] = []

    async def all_done() -> bool:
        (push,) = await pushes(world, contact)
        for name, one in (
            ("unsubscribe", push),
            ("call", await delivery(world, called)),
            ("open", await delivery(world, opened)),
        ):
            if one.state == DELIVERY_STATE_DELIVERED and name not in order:
                order.append(name)
        return len(order) == 3

    await world.until(all_done, step=10)
    assert order == ["unsubscribe", "call", "open"]
    await world.advance(10 * MINUTE)
    assert len(await tasks(world)) == 2
    (row,) = await world.salesforce.query(f"SELECT MSE_Viewed__c FROM Task WHERE Id = '{sent.external_id}'")
    assert row["MSE_Viewed__c"] is True
    (record,) = await world.salesforce.query(
        "SELECT HasOptedOutOfEmail, MSE_Last_Activity_by_Sales__c, MSE_Last_Sales_Engagement__c FROM Contact"
        f" WHERE Id = '{contact.salesforce_contact_id}'"
    )
    assert record["HasOptedOutOfEmail"] is True
    assert record["MSE_Last_Activity_by_Sales__c"]
    assert record["MSE_Last_Sales_Engagement__c"]


async def test_scenario_32_too_much_at_once_is_only_a_pause(world: World, contact: Person) -> None:
    await world.salesforce.fault("*/composite/sobjects/Task/*", "error", times=12, error=CROWDED)
    called = await log(world, contact, "call", received_sales_call=CALL)
    ended = await come_to_rest(world, called)
    assert standing(ended) == DELIVERED
    assert len(await tasks(world)) == 1
    # Never taken for the day's limit: no attempt waited for calls to come back.
    assert DELIVERY_STATE_WAITING not in [attempt.outcome for attempt in ended.attempts]
