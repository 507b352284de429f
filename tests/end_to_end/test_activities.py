"""Scenarios 13 to 19: what a seller does, logged by gRPC, read back by Marketo's own API."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import person_sync_pb2, unsubscribe_check_pb2
from actionsync.v1.common_pb2 import (
    DELIVERY_REASON_PERSON_GONE,
    DELIVERY_STATE_DELIVERED,
    DELIVERY_STATE_FAILED,
    DELIVERY_STATE_UNKNOWN,
    SYSTEM_MARKETO,
    Delivery,
)
from actionsync_client import ResourceNotFoundError
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from harness.world import SELLER, SELLER_EMAIL, World

pytestmark = pytest.mark.asyncio
Person = person_sync_pb2.Person
Call = contract.ReceivedSalesCall

WRITE = "/rest/v1/activities/external.json"
MINUTE = 60
TEMPLATE = contract.SalesTemplate(template_id="77", name="First contact", url="https://web.example/templates/77")
CAMPAIGN = contract.SalesCampaign(
    sales_campaign_id="12", name="Spring outreach", url="https://web.example/campaigns/12"
)
SAME_MAIL = contract.SalesEmail(email_id="4711")  # everything else is known from its send
ENDED = {DELIVERY_STATE_DELIVERED, DELIVERY_STATE_FAILED}


@pytest_asyncio.fixture
async def people(world: World) -> list[Person]:
    """Three people with different addresses, as the initial sync copied them."""
    await world.sync_people()
    page = await world.user.persons.ListPersons(person_sync_pb2.ListPersonsRequest(page_size=20))
    by_address = {person.email: person for person in page.persons if person.email}
    return list(by_address.values())[:3]


@pytest_asyncio.fixture
async def person(people: list[Person]) -> Person:
    """One of them."""
    return people[0]


def content(world: World, person: Person, key: str, **detail: Any) -> contract.ActivityContent:
    return contract.ActivityContent(
        idempotency_key=key,
        person_id=person.person_id,
        user_id=SELLER,
        activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
        **detail,
    )


def send(world: World, person: Person, key: str = "send", **email: Any) -> contract.ActivityContent:
    mail = contract.SalesEmail(email_id="4711", subject="Hello", **email)
    return content(world, person, key, send_sales_email=contract.SendSalesEmail(email=mail, body="A word."))


async def log(world: World, *contents: contract.ActivityContent) -> list[contract.Activity]:
    """Log activities; each must be taken."""
    answer = await world.user.activities.BatchLogActivities(contract.BatchLogActivitiesRequest(contents=contents))
    assert [result.WhichOneof("outcome") for result in answer.results] == ["logged"] * len(contents), answer
    return [result.logged.activity for result in answer.results]


async def delivery(world: World, activity: contract.Activity) -> Delivery:
    """Return its delivery to Marketo, with all attempts."""
    (listed,) = [one for one in activity.deliveries if one.system == SYSTEM_MARKETO]
    request = contract.GetDeliveryRequest(delivery_id=listed.delivery_id)
    return (await world.user.activities.GetDelivery(request)).delivery


async def finish(world: World, *activities: contract.Activity, step: float = 1.0) -> list[Delivery]:
    """Let time pass until every one of them has ended."""

    async def done() -> bool:
        return all([(await delivery(world, one)).state in ENDED for one in activities])

    await world.until(done, step=step)
    return [await delivery(world, one) for one in activities]


async def deliver(world: World, *contents: contract.ActivityContent) -> list[contract.Activity]:
    """Log activities and let them arrive."""
    activities = await log(world, *contents)
    assert {one.state for one in await finish(world, *activities)} == {DELIVERY_STATE_DELIVERED}
    return activities


async def the_row(world: World, api_name: str, person: Person) -> dict[str, Any]:
    """Return the only row of a type; it is the person's."""
    (row,) = await world.marketo.custom_activities(api_name)
    assert row["leadId"] == person.marketo_id
    found: dict[str, Any] = row
    return found


async def test_scenario_13a_a_send_is_told_with_all_its_attributes(world: World, person: Person) -> None:
    (activity,) = await deliver(world, send(world, person, template=TEMPLATE, sales_campaign=CAMPAIGN))
    row = await the_row(world, "asSendSalesEmail", person)
    assert row["primaryAttributeValue"] == "Hello (SIA-4711)"
    assert row["attributes"] == {
        "Sent By": SELLER_EMAIL,
        "Source": "Sales App",
        "Template ID": "77",
        "Sales Template Name": "First contact",
        "Sales Template URL": "https://web.example/templates/77",
        "Sales Campaign Name": "Spring outreach",
        "Sales Campaign URL": "https://web.example/campaigns/12",
        "Marketo Sales Person ID": person.person_id,
        "Actions Activity ID": activity.activity_id,
    }
    assert (await delivery(world, activity)).external_id == row["marketoGUID"]


async def test_scenario_13b_a_send_without_template_and_campaign_has_none_of_their_attributes(
    world: World, person: Person
) -> None:
    await deliver(world, send(world, person))
    row = await the_row(world, "asSendSalesEmail", person)
    assert row["attributes"].keys() == {"Sent By", "Source", "Marketo Sales Person ID", "Actions Activity ID"}


async def test_scenario_13c_a_send_that_was_only_authorized_writes_nothing(world: World, person: Person) -> None:
    request = unsubscribe_check_pb2.AuthorizeSendRequest(
        recipients=[unsubscribe_check_pb2.Recipient(email=person.email, person_id=person.person_id)],
        user_id=SELLER,
        channel=unsubscribe_check_pb2.CHANNEL_WEB_APP,
    )
    assert (await world.user.unsubscribes.AuthorizeSend(request)).send_permit
    await world.advance(5 * MINUTE)
    assert await world.marketo.custom_activities("asSendSalesEmail") == []


async def test_scenario_14a_open_click_and_reply_exist_once_each_in_their_order(world: World, person: Person) -> None:
    click = contract.ClickSalesEmail(email=SAME_MAIL, link="https://example.com/pricing")
    await deliver(
        world,
        send(world, person, template=TEMPLATE),
        content(world, person, "open", open_sales_email=contract.OpenSalesEmail(email=SAME_MAIL)),
        content(world, person, "click", click_sales_email=click),
        content(world, person, "reply", replied_to_sales_email=contract.RepliedToSalesEmail(email=SAME_MAIL)),
    )
    names = ("asSendSalesEmail", "asOpenSalesEmail", "asClickSalesEmail", "asRepliedToSalesEmail")
    rows = [await the_row(world, name, person) for name in names]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    _, opened, clicked, replied = rows
    assert opened["primaryAttributeValue"] == "Hello (SIA-4711)"
    assert opened["attributes"]["Template ID"] == "77"
    assert clicked["primaryAttributeValue"] == "https://example.com/pricing"
    assert clicked["attributes"]["Email Subject"] == "Hello (SIA-4711)"
    assert replied["primaryAttributeValue"] == SELLER_EMAIL


async def test_scenario_14b_a_reply_from_another_address_counts_for_the_recipient(
    world: World, people: list[Person]
) -> None:
    # A reply names its mail and the person it was sent to. That it came from one in copy, who is a person too, is
    # nothing the contract asks for.
    recipient, in_copy, _ = people
    await deliver(
        world,
        send(world, recipient),
        send(world, in_copy, key="send to the other", template=TEMPLATE),
        content(world, recipient, "reply", replied_to_sales_email=contract.RepliedToSalesEmail(email=SAME_MAIL)),
    )
    row = await the_row(world, "asRepliedToSalesEmail", recipient)
    assert row["attributes"]["Marketo Sales Person ID"] == recipient.person_id


async def test_scenario_14c_an_open_in_copy_counts_for_the_recipient(world: World, person: Person) -> None:
    opened = contract.OpenSalesEmail(email=SAME_MAIL)
    activities = await deliver(
        world,
        send(world, person),
        content(world, person, "open by the recipient", open_sales_email=opened),
        content(world, person, "open by one in copy", open_sales_email=opened),
    )
    rows = await world.marketo.custom_activities("asOpenSalesEmail")
    assert [row["leadId"] for row in rows] == [person.marketo_id] * 2
    told = [row["attributes"]["Actions Activity ID"] for row in rows]
    assert sorted(told) == sorted(activity.activity_id for activity in activities[1:])


async def test_scenario_15_a_bounce_is_told_with_its_message(world: World, person: Person) -> None:
    bounce = contract.SalesEmailBounced(email=SAME_MAIL, address="gone@example.com", details="550 no such user")
    _, activity = await deliver(
        world, send(world, person, template=TEMPLATE), content(world, person, "bounce", sales_email_bounced=bounce)
    )
    row = await the_row(world, "asSalesEmailBounced", person)
    assert row["primaryAttributeValue"] == "gone@example.com"
    assert row["attributes"] == {
        "Details": "550 no such user",
        "Sent By": SELLER_EMAIL,
        "Marketo Sales Person ID": person.person_id,
        "Template ID": "77",
        "Actions Activity ID": activity.activity_id,
    }


async def test_scenario_16a_a_call_is_told_with_outcome_and_duration(world: World, person: Person) -> None:
    call = Call(call_status=Call.CALL_STATUS_COMPLETED, outcome="Meeting booked", duration=Duration(seconds=65))
    await deliver(world, content(world, person, "call", received_sales_call=call))
    row = await the_row(world, "asReceivedSalesCall", person)
    assert row["primaryAttributeValue"] == "Meeting booked"
    attributes = row["attributes"]
    assert int(attributes["Sales Call Duration"]) == 65
    assert attributes["Sales Call Status"] == "completed"
    assert attributes["Sales Call Made By"] == SELLER_EMAIL


async def test_scenario_16b_an_unanswered_call_says_so(world: World, person: Person) -> None:
    call = Call(call_status=Call.CALL_STATUS_NO_ANSWER)
    await deliver(world, content(world, person, "call", received_sales_call=call))
    row = await the_row(world, "asReceivedSalesCall", person)
    assert row["attributes"]["Sales Call Status"] == "no answer"


async def test_scenario_17_joining_and_leaving_a_campaign_name_it(world: World, person: Person) -> None:
    removed = contract.RemovedFromSalesCampaign(sales_campaign=CAMPAIGN)
    await deliver(
        world,
        content(world, person, "add", add_to_sales_campaign=contract.AddToSalesCampaign(sales_campaign=CAMPAIGN)),
        content(world, person, "remove", removed_from_sales_campaign=removed),
    )
    for api_name in ("asAddToSalesCampaign", "asRemovedFromSalesCampaign"):
        row = await the_row(world, api_name, person)
        assert row["primaryAttributeValue"] == "Spring outreach"
        assert row["attributes"]["Sales Campaign ID"] == "12"


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (
            ("Sales Call Received", "Received Sales Call", "Receive Sales Call"),
            contract.ACTIVITY_TYPE_RECEIVED_SALES_CALL,
        ),
        (("Click Sales Email", "Clicked Sales Email"), contract.ACTIVITY_TYPE_CLICK_SALES_EMAIL),
        (
            ("Removed from Sales Campaign", "Remove from Sales Campaign"),
            contract.ACTIVITY_TYPE_REMOVED_FROM_SALES_CAMPAIGN,
        ),
        (("Sales Email Bounced", "sales email bounce"), contract.ACTIVITY_TYPE_SALES_EMAIL_BOUNCED),
    ],
)
async def test_scenario_18_every_name_of_a_type_means_that_type(
    world: World, names: tuple[str, ...], kind: contract.ActivityType
) -> None:
    for name in names:
        answer = await world.user.activities.ListActivityTypes(contract.ListActivityTypesRequest(name=name))
        assert [one.type for one in answer.types] == [kind]


async def test_scenario_18_the_catalogue_has_eight_types_with_their_ids_in_marketo(world: World) -> None:
    answer = await world.user.activities.ListActivityTypes(contract.ListActivityTypesRequest())
    assert {one.type for one in answer.types} == set(contract.ActivityType.values()) - {0}
    types = (await world.marketo.call("GET", "/rest/v1/activities/external/types.json"))["result"]
    ids = {row["apiName"]: row["id"] for row in types}
    assert [one.marketo_type_id for one in answer.types] == [ids[one.api_name] for one in answer.types]
    assert len(answer.types) == 8
    with pytest.raises(ResourceNotFoundError):
        await world.user.activities.ListActivityTypes(contract.ListActivityTypesRequest(name="Send Sales Fax"))


async def test_scenario_19a_a_write_whose_answer_was_lost_is_not_repeated(world: World, person: Person) -> None:
    await world.marketo.fault(WRITE, "commit_then_drop", method="POST")
    (activity,) = await log(world, send(world, person))
    (ended,) = await finish(world, activity, step=10)
    await world.advance(15 * MINUTE)
    row = await the_row(world, "asSendSalesEmail", person)
    assert row["attributes"]["Actions Activity ID"] == activity.activity_id
    assert (ended.state, ended.external_id) == (DELIVERY_STATE_DELIVERED, row["marketoGUID"])
    assert [attempt.outcome for attempt in ended.attempts] == [DELIVERY_STATE_UNKNOWN]
    assert await world.marketo.calls(WRITE) == 1


async def test_scenario_19b_a_vanished_person_fails_alone(world: World, people: list[Person]) -> None:
    await world.marketo.delete(people[1].marketo_id)
    activities = await log(world, *(send(world, one, key=f"send {one.marketo_id}") for one in people))
    first, second, third = await finish(world, *activities)
    assert (first.state, third.state) == (DELIVERY_STATE_DELIVERED, DELIVERY_STATE_DELIVERED)
    assert (second.state, second.reason) == (DELIVERY_STATE_FAILED, DELIVERY_REASON_PERSON_GONE)
    assert second.last_error.code == "1004"
    await world.advance(15 * MINUTE)
    rows = await world.marketo.custom_activities("asSendSalesEmail")
    assert sorted(row["leadId"] for row in rows) == sorted(people[place].marketo_id for place in (0, 2))
    assert await world.marketo.calls(WRITE) == 1
