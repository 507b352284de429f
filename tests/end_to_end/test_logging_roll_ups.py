"""The roll-up fields of Lead, Contact, Account and Opportunity: what happened last, many things in one write."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import connections_pb2, person_sync_pb2
from harness.salesforce_logging import (
    CALL,
    DELIVERED,
    MINUTE,
    Logging,
    Person,
    come_to_rest,
    log,
    log_reply,
    log_send,
    set_logging,
    some_contact,
    standing,
    tasks,
)
from harness.world import CLIENT_ID, CLIENT_SECRET, SALESFORCE, SELLER, World

pytestmark = pytest.mark.asyncio

FIELDS = (
    "MSE_Last_Activity_by_Sales__c",
    "MSE_Last_Sales_Engagement__c",
    "MSE_Last_Replied__c",
    "MSE_Current_Sales_Campaign__c",
)
MARKETING = (
    "MSE_Last_Marketing_Engagement__c",
    "MSE_Last_Marketing_Engagement_Date__c",
    "MSE_Last_Marketing_Engagement_Desc__c",
    "MSE_Last_Marketing_Engagement_Type__c",
)
#: The next write of a record, and the look for it.
WRITE = 80
CAMPAIGN = contract.SalesCampaign(sales_campaign_id="12", name="Spring outreach")


@pytest_asyncio.fixture
async def contact(world: World) -> Person:
    """A contact with an account, in an org with the package; roll-ups are on."""
    await world.salesforce.control("POST", "package")
    person = await some_contact(world)
    await set_logging(world, roll_ups=True)
    assert person.salesforce_account_id
    return person


async def fields(world: World, kind: str, record_id: str, names: tuple[str, ...] = FIELDS) -> list[Any]:
    (row,) = await world.salesforce.query(f"SELECT {', '.join(names)} FROM {kind} WHERE Id = '{record_id}'")
    return [str(row[name])[:16] if row[name] else None for name in names]


async def log_add(world: World, person: Person) -> contract.Activity:
    return await log(world, person, "add", add_to_sales_campaign=contract.AddToSalesCampaign(sales_campaign=CAMPAIGN))


async def updates_of(world: World) -> int:
    journal = await world.salesforce.control("GET", "journal", path="*/composite/sobjects", limit="1000")
    return sum(entry["method"] == "PATCH" for entry in journal["entries"])


async def test_what_happened_last_stands_on_contact_and_account(world: World, contact: Person) -> None:
    assert standing(await come_to_rest(world, await log_send(world, contact))) == DELIVERED
    await log_add(world, contact)
    await log_reply(world, contact)
    await world.advance(WRITE)
    expected = ["2026-03-02T15:00", "2026-03-02T15:00", "2026-03-02T15:00", "Spring outreach"[:16]]
    assert await fields(world, "Contact", contact.salesforce_contact_id) == expected
    assert await fields(world, "Account", contact.salesforce_account_id) == expected
    left = contract.RemovedFromSalesCampaign(sales_campaign=CAMPAIGN)
    await world.advance(MINUTE)
    await log(world, contact, "remove", removed_from_sales_campaign=left)
    await world.advance(WRITE)
    assert (await fields(world, "Contact", contact.salesforce_contact_id))[3] is None


async def test_many_activities_of_a_minute_are_one_write_of_a_record(world: World, contact: Person) -> None:
    await set_logging(world, log_emails=False, log_replies=False, log_calls=False)
    await log(world, contact, "first", received_sales_call=CALL)
    await world.advance(20)
    before = await updates_of(world)
    for number in range(10):
        await log(world, contact, f"call-{number}", received_sales_call=CALL)
        await world.advance(2)
    assert await updates_of(world) == before  # not yet: the record was written less than a minute ago
    await world.advance(WRITE)
    assert await updates_of(world) == before + 2  # one of the contact, one of the account
    assert (await fields(world, "Contact", contact.salesforce_contact_id))[0] == "2026-03-02T15:00"


async def test_a_time_only_moves_forward(world: World, contact: Person) -> None:
    later = "2031-01-01T00:00:00Z"
    record_id = contact.salesforce_contact_id
    await world.salesforce.update("Contact", record_id, MSE_Last_Activity_by_Sales__c=later)
    await log_send(world, contact)
    await world.advance(WRITE)
    assert (await fields(world, "Contact", record_id))[0] == "2031-01-01T00:00"
    assert (await fields(world, "Account", contact.salesforce_account_id))[0] == "2026-03-02T15:00"


async def test_in_a_sellers_name_they_wait_for_the_sellers_login(world: World, contact: Person) -> None:
    await set_logging(world, log_as=Logging.LOG_AS_SELLER)
    await log_send(world, contact)
    await world.advance(WRITE)
    assert await fields(world, "Contact", contact.salesforce_contact_id) == [None] * 4
    await world.user.connections.ConnectSalesforce(
        connections_pb2.ConnectSalesforceRequest(
            user_id=SELLER,
            base_url=SALESFORCE,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            refresh_token=await world.salesforce.refresh_token(world.seller_salesforce_id),
        )
    )
    await world.advance(15 * MINUTE)
    assert (await fields(world, "Contact", contact.salesforce_contact_id))[0] == "2026-03-02T15:00"
    (row,) = await world.salesforce.query(
        f"SELECT LastModifiedById FROM Contact WHERE Id = '{contact.salesforce_contact_id}'"
    )
    assert row["LastModifiedById"] == world.seller_salesforce_id


async def test_off_means_off(world: World, contact: Person) -> None:
    await set_logging(world, roll_ups=False)
    await log_send(world, contact)
    await world.advance(5 * MINUTE)
    assert await fields(world, "Contact", contact.salesforce_contact_id) == [None] * 4


@pytest.mark.parametrize(
    "code",
    [
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "FIELD_FILTER_VALIDATION_EXCEPTION",
        "FIELD_INTEGRITY_EXCEPTION",
        "REQUIRED_FIELD_MISSING",
    ],
)
async def test_a_refused_roll_up_is_dropped_and_the_task_is_not(world: World, contact: Person, code: str) -> None:
    row = f"/rows/Contact/{contact.salesforce_contact_id}"
    await world.salesforce.fault(row, "error", times=1, error={"code": code, "message": "an org says no"})
    assert standing(await come_to_rest(world, await log_send(world, contact))) == DELIVERED
    await world.advance(5 * MINUTE)
    assert len(await tasks(world)) == 1
    assert (await fields(world, "Contact", contact.salesforce_contact_id))[0] is None
    assert (await fields(world, "Account", contact.salesforce_account_id))[0] == "2026-03-02T15:00"
    # The next activity tries again.
    await log(world, contact, "call", received_sales_call=CALL)
    await world.advance(WRITE)
    assert (await fields(world, "Contact", contact.salesforce_contact_id))[0] == "2026-03-02T15:05"


async def test_a_converted_lead_hands_its_roll_ups_to_the_contact(world: World, contact: Person) -> None:
    request = person_sync_pb2.ListPersonsRequest(page_size=1000)
    people = world.user.pages(world.user.persons.ListPersons, request)
    lead = await anext(one async for one in people if one.salesforce_lead_id and not one.salesforce_contact_id)
    converted = await world.salesforce.control(
        "POST", "convert", {"lead": lead.salesforce_lead_id, "create_opportunity": False}
    )
    await log(world, lead, "call", received_sales_call=CALL)
    await world.advance(WRITE)
    assert (await fields(world, "Contact", converted["contact"]))[0] == "2026-03-02T15:00"


async def test_the_last_engagement_with_marketing_comes_from_marketo(world: World, contact: Person) -> None:
    rows = await world.marketo.call(
        "GET",
        "/rest/v1/activities.json",
        nextPageToken=(
            await world.marketo.call(
                "GET", "/rest/v1/activities/pagingtoken.json", sinceDatetime="2025-12-10T00:00:00Z"
            )
        )["nextPageToken"],
        activityTypeIds="1,2,3,10,11,46",
        leadIds=str(contact.marketo_id),
    )
    await log_send(world, contact)
    await world.advance(WRITE)
    shown = await fields(world, "Contact", contact.salesforce_contact_id, MARKETING)
    last = max(rows["result"], key=lambda row: row["activityDate"])
    assert shown[0] == shown[1] == last["activityDate"][:16]
    assert shown[3]
