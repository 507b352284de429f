"""Scenarios 5, 9, 10, 12 and 43: what happens in Marketo and Salesforce to people whom we have copied."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2, directory_pb2, sync_settings_pb2, unsubscribe_check_pb2
from actionsync.v1 import person_sync_pb2 as contract
from actionsync.v1.common_pb2 import DELIVERY_STATE_DELIVERED, ROLE_ADMIN, SYSTEM_SALESFORCE, Delivery
from actionsync_client import connect
from actionsync_server.model.directory import Actor, Role
from google.protobuf.timestamp_pb2 import Timestamp
from harness.world import ADMIN, INSTANCE, SELLER, World, open_world

pytestmark = pytest.mark.asyncio
Person = contract.Person
Logging = sync_settings_pb2.LoggingSettings

#: A little more than one cycle of Marketo's own sync, and of ours.
NATIVE_CYCLE, CYCLE = 301, 91
ADDRESS = "ann@scenario.example"
MAY_SEND = (unsubscribe_check_pb2.DECISION_MAY_SEND, unsubscribe_check_pb2.VERDICT_REASON_UNSPECIFIED)
UNSUBSCRIBED = (
    unsubscribe_check_pb2.DECISION_MUST_NOT_SEND,
    unsubscribe_check_pb2.VERDICT_REASON_BLOCKED_SALES_UNSUBSCRIBE,
)
NOT_QUALIFIED = (
    unsubscribe_check_pb2.DECISION_MUST_NOT_SEND,
    unsubscribe_check_pb2.VERDICT_REASON_BLOCKED_NOT_QUALIFIED,
)


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance in a small world."""
    async with open_world(tmp_path, people=100) as opened:
        await opened.connect()
        await opened.add_seller()
        yield opened


async def add_lead(world: World, last_name: str = "Scenario") -> str:
    return await world.salesforce.create(
        "Lead",
        FirstName="Ann",
        LastName=last_name,
        Company="Proofs Ltd",
        Email=ADDRESS,
        Phone="+46 8 555 01 00",
        Title="Head of Proof",
        OwnerId=world.seller_salesforce_id,
    )


async def get(world: World, **key: Any) -> Person:
    request = contract.GetPersonRequest(key=contract.PersonKey(**key))
    return (await world.user.persons.GetPerson(request)).person


@pytest_asyncio.fixture
async def person(world: World) -> Person:
    """A lead of the seller, copied by the initial sync."""
    lead = await add_lead(world)
    await world.advance(NATIVE_CYCLE)
    await world.sync_people()
    return await get(world, salesforce_id=lead)


def differences(before: Person, after: Person) -> set[str]:
    """Return the names of everything that changed, but for the two marks of every change."""
    names = {field.name for field in Person.DESCRIPTOR.fields}
    changed = {name for name in names if getattr(before, name) != getattr(after, name)}
    return changed - {"revision", "update_time"}


async def ids_of(world: World, qualification: contract.Qualification) -> set[str]:
    request = contract.ListPersonsRequest(page_size=1000, qualification=qualification)
    return {person.person_id for person in (await world.user.persons.ListPersons(request)).persons}


async def may_send(world: World, person: Person) -> tuple[int, int]:
    """Return decision and reason of a new send to a person."""
    request = unsubscribe_check_pb2.AuthorizeSendRequest(
        recipients=[unsubscribe_check_pb2.Recipient(email=person.email, person_id=person.person_id)],
        user_id=SELLER,
        channel=unsubscribe_check_pb2.CHANNEL_WEB_APP,
    )
    answer = await world.user.unsubscribes.AuthorizeSend(request)
    (result,) = answer.results
    assert bool(answer.send_permit) == (result.verdict.decision == unsubscribe_check_pb2.DECISION_MAY_SEND)
    return result.verdict.decision, result.verdict.reason


async def test_scenario_05a_a_changed_title_arrives_and_nothing_else_is_written(world: World, person: Person) -> None:
    await world.marketo.update(person.marketo_id, title="Chairwoman")
    await world.advance(CYCLE)
    after = await get(world, person_id=person.person_id)
    assert after.title == "Chairwoman"
    assert differences(person, after) == {"title"}
    assert after.revision == person.revision + 1


async def test_scenario_05b_a_score_does_not_move_the_revision(world: World, person: Person) -> None:
    await world.marketo.update(person.marketo_id, leadScore=99)
    await world.advance(CYCLE)
    assert await get(world, person_id=person.person_id) == person
    # The cycle has looked: what changes next arrives, as the next revision.
    await world.marketo.update(person.marketo_id, title="Chairwoman")
    await world.advance(CYCLE)
    assert (await get(world, person_id=person.person_id)).revision == person.revision + 1


async def test_scenario_05c_an_emptied_phone_is_empty_here(world: World, person: Person) -> None:
    assert person.phone
    await world.marketo.update(person.marketo_id, phone=None)
    await world.advance(CYCLE)
    after = await get(world, person_id=person.person_id)
    assert after.phone == ""
    assert differences(person, after) == {"phone"}


async def test_scenario_09_who_loses_the_owner_is_kept_and_refused_until_an_owner_returns(
    world: World, person: Person
) -> None:
    assert await may_send(world, person) == MAY_SEND
    # Salesforce has no record without an owner: losing the user as owner is moving to a queue.
    (queue,) = await world.salesforce.query("SELECT Id FROM Group WHERE Type = 'Queue' ORDER BY Id LIMIT 1")
    await world.salesforce.update("Lead", person.salesforce_lead_id, OwnerId=queue["Id"])
    await world.advance(NATIVE_CYCLE + CYCLE)
    lost = await get(world, person_id=person.person_id)
    assert differences(person, lost) == {"qualification", "qualification_reason"}
    assert lost.qualification == contract.QUALIFICATION_NOT_QUALIFIED
    assert lost.qualification_reason == contract.SKIP_REASON_OWNED_BY_QUEUE
    assert person.person_id not in await ids_of(world, contract.QUALIFICATION_UNSPECIFIED)
    assert await ids_of(world, contract.QUALIFICATION_NOT_QUALIFIED) == {person.person_id}
    assert await may_send(world, person) == NOT_QUALIFIED
    await world.salesforce.update("Lead", person.salesforce_lead_id, OwnerId=world.seller_salesforce_id)
    await world.advance(NATIVE_CYCLE + CYCLE)
    back = await get(world, marketo_id=person.marketo_id)
    assert differences(person, back) == set()
    assert await may_send(world, person) == MAY_SEND


async def test_scenario_09_who_has_no_owner_at_all_in_marketo_is_refused_too(world: World, person: Person) -> None:
    # No API writes an owner into Marketo; its own Salesforce sync does.
    world.simulators.marketo.native.update(person.marketo_id, {"sfdcLeadOwnerId": None})
    await world.advance(CYCLE)
    lost = await get(world, person_id=person.person_id)
    assert lost.qualification == contract.QUALIFICATION_NOT_QUALIFIED
    assert lost.qualification_reason == contract.SKIP_REASON_NO_OWNER
    assert await may_send(world, person) == NOT_QUALIFIED
    world.simulators.marketo.native.update(person.marketo_id, {"sfdcLeadOwnerId": world.seller_salesforce_id})
    await world.advance(CYCLE)
    assert differences(person, await get(world, person_id=person.person_id)) == set()
    assert await may_send(world, person) == MAY_SEND


async def test_scenario_10_a_converted_lead_stays_the_person_and_mail_logs_to_the_contact(
    world: World, person: Person
) -> None:
    await world.set(
        sync_settings_pb2.Settings(logging=Logging(log_emails=True, log_as=Logging.LOG_AS_INTEGRATION_USER)),
        "logging.log_emails",
        "logging.log_as",
    )
    assert await task_target(world, person, "4711") == person.salesforce_lead_id
    converted = await world.salesforce.control(
        "POST", "convert", {"lead": person.salesforce_lead_id, "create_opportunity": False}
    )
    await world.advance(NATIVE_CYCLE + CYCLE)
    after = await get(world, marketo_id=person.marketo_id)
    assert differences(person, after) == {"salesforce_contact_id", "salesforce_account_id"}
    assert after.salesforce_contact_id == converted["contact"]
    assert after.salesforce_account_id == converted["account"]
    assert await task_target(world, after, "4712") == converted["contact"]


async def task_target(world: World, person: Person, email_id: str) -> str:
    """Send a person an email, let it be logged, and return the Salesforce record that the Task is about."""
    mail = activity_log_pb2.SalesEmail(email_id=email_id, subject="Hello")
    content = activity_log_pb2.ActivityContent(
        idempotency_key=email_id,
        person_id=person.person_id,
        user_id=SELLER,
        activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
        send_sales_email=activity_log_pb2.SendSalesEmail(email=mail, body="A word."),
    )
    logged = await world.user.activities.LogActivity(activity_log_pb2.LogActivityRequest(content=content))
    (listed,) = [one for one in logged.activity.deliveries if one.system == SYSTEM_SALESFORCE]
    request = activity_log_pb2.GetDeliveryRequest(delivery_id=listed.delivery_id)

    async def delivery() -> Delivery:
        return (await world.user.activities.GetDelivery(request)).delivery

    async def done() -> bool:
        return (await delivery()).state == DELIVERY_STATE_DELIVERED

    await world.until(done)
    (task,) = await world.salesforce.query(f"SELECT WhoId FROM Task WHERE Id = '{(await delivery()).external_id}'")
    return str(task["WhoId"])


async def test_scenario_12_the_sync_goes_on_without_the_user_who_started_it(world: World) -> None:
    for user_id in (ADMIN, "admin-2"):
        user = directory_pb2.User(user_id=user_id, email=f"{user_id}@example.com", role=ROLE_ADMIN)
        await world.admin.directory.UpsertUser(directory_pb2.UpsertUserRequest(user=user))
    assert (await world.sync_people()).start_user_id == ADMIN
    token = world.app.token(Actor("admin-2", INSTANCE, Role.ADMIN), valid_for=86_400_000_000)
    async with connect(world.app.address, token, deadline=30) as other:
        await other.directory.RemoveUser(directory_pb2.RemoveUserRequest(user_id=ADMIN))
        users = (await other.directory.ListUsers(directory_pb2.ListUsersRequest())).users
        assert {user.user_id for user in users} == {"admin-2", SELLER}
        lead = await add_lead(world)
        await world.advance(NATIVE_CYCLE + CYCLE)
        person = await get(world, salesforce_id=lead)
        assert person.qualification == contract.QUALIFICATION_QUALIFIED
        await world.marketo.update(person.marketo_id, title="Still followed")
        await world.advance(CYCLE)
        assert (await get(world, person_id=person.person_id)).title == "Still followed"
        status = await other.persons.GetSyncStatus(contract.GetSyncStatusRequest())
        assert status.incremental_running
        assert not any(feed.HasField("error") for feed in status.feeds)


async def test_scenario_43_an_unsubscribe_of_one_is_that_of_the_other_with_the_same_address(
    world: World, person: Person
) -> None:
    lead = await add_lead(world, "Twin")
    await world.advance(NATIVE_CYCLE + CYCLE)
    twin = await get(world, salesforce_id=lead)
    assert twin.email == person.email
    assert twin.person_id != person.person_id
    assert await may_send(world, twin) == MAY_SEND
    await world.user.unsubscribes.RecordUnsubscribe(
        unsubscribe_check_pb2.RecordUnsubscribeRequest(
            person_id=person.person_id, source=unsubscribe_check_pb2.UNSUBSCRIBE_SOURCE_CLICKED_LINK
        )
    )
    assert await may_send(world, twin) == UNSUBSCRIBED
    assert (await get(world, person_id=twin.person_id)).unsubscribed
