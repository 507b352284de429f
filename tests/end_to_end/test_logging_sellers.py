"""Scenario 25 and around it: sellers connect to Salesforce themselves, and what they did is logged in their name."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import connections_pb2, directory_pb2, sync_settings_pb2
from actionsync.v1.common_pb2 import (
    DELIVERY_REASON_LOGIN_INVALID,
    DELIVERY_REASON_USER_NOT_CONNECTED,
    DELIVERY_STATE_WAITING,
    ROLE_USER,
    SYSTEM_MARKETO,
    SYSTEM_SALESFORCE,
)
from actionsync_client.errors import InvalidFieldError, RoleNotAllowedError
from harness.salesforce_logging import (
    DELIVERED,
    Logging,
    Person,
    come_to_rest,
    delivery,
    log,
    log_send,
    set_logging,
    some_contact,
    standing,
    tasks,
    the_task,
)
from harness.world import CLIENT_ID, CLIENT_SECRET, SALESFORCE, SELLER, World

pytestmark = pytest.mark.asyncio

NOT_CONNECTED = (DELIVERY_STATE_WAITING, DELIVERY_REASON_USER_NOT_CONNECTED)


@pytest_asyncio.fixture
async def contact(world: World) -> Person:
    """A contact in Salesforce; mails are logged by their sellers, and the seller's Salesforce user is not yet known."""
    person = await some_contact(world)
    await set_logging(world, log_as=Logging.LOG_AS_SELLER)
    user = directory_pb2.User(user_id=SELLER, email="seller@example.com", role=ROLE_USER)
    await world.admin.directory.UpsertUser(directory_pb2.UpsertUserRequest(user=user))
    return person


async def connect_seller(world: World, user_id: str = SELLER, *, client: Any = None, token: str = "") -> Any:
    request = connections_pb2.ConnectSalesforceRequest(
        user_id=user_id,
        base_url=SALESFORCE,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        refresh_token=token or await world.salesforce.refresh_token(world.seller_salesforce_id),
    )
    return await (client or world.user).connections.ConnectSalesforce(request)


async def not_connected_alerts(world: World) -> list[str]:
    alerts = (await world.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())).alerts
    return [alert.next_step for alert in alerts if alert.name == "user_not_connected"]


async def test_scenario_25_what_a_seller_did_waits_for_their_login_and_is_logged_by_them(
    world: World, contact: Person
) -> None:
    activity = await log_send(world, contact)
    assert standing(await come_to_rest(world, activity)) == NOT_CONNECTED
    assert standing(await come_to_rest(world, activity, SYSTEM_MARKETO)) == DELIVERED
    assert await tasks(world) == []
    (cure,) = await not_connected_alerts(world)
    assert SELLER in cure
    assert "ConnectSalesforce" in cure

    connected = await connect_seller(world)
    assert connected.connection.user_id == SELLER
    assert connected.connection.account_id == world.seller_salesforce_id
    await world.advance(5)
    assert standing(await delivery(world, activity)) == DELIVERED
    (task,) = await world.salesforce.query("SELECT OwnerId, CreatedById FROM Task WHERE ActionSync_Id__c != null")
    assert (task["OwnerId"], task["CreatedById"]) == (world.seller_salesforce_id, world.seller_salesforce_id)
    assert await not_connected_alerts(world) == []
    user = (await world.admin.directory.ListUsers(directory_pb2.ListUsersRequest())).users[0]
    assert user.salesforce_user_id == world.seller_salesforce_id


async def test_scenario_25_what_recipients_did_meanwhile_waits_with_the_mail(world: World, contact: Person) -> None:
    sent = await log_send(world, contact)
    opened = contract.OpenSalesEmail(email=contract.SalesEmail(email_id="4711"))
    engagement = await log(world, contact, "open", open_sales_email=opened)
    assert standing(await come_to_rest(world, sent)) == NOT_CONNECTED
    await world.advance(30)
    assert standing(await delivery(world, engagement)) == NOT_CONNECTED
    await connect_seller(world)
    await world.advance(30)
    ended = await delivery(world, engagement)
    assert [standing(one) for one in (await delivery(world, sent), ended)] == [DELIVERED] * 2
    (task,) = await world.salesforce.query("SELECT Id, MSE_Viewed__c FROM Task WHERE ActionSync_Id__c != null")
    assert (task["Id"], task["MSE_Viewed__c"]) == (ended.external_id, True)


async def test_what_waits_for_a_login_goes_out_by_the_instance_when_the_setting_says_so(
    world: World, contact: Person
) -> None:
    activity = await log_send(world, contact)
    assert standing(await come_to_rest(world, activity)) == NOT_CONNECTED
    await set_logging(world, log_as=Logging.LOG_AS_INTEGRATION_USER)
    await world.advance(5)
    assert standing(await delivery(world, activity)) == DELIVERED
    assert await not_connected_alerts(world) == []


async def test_a_seller_checks_and_forgets_their_own_login(world: World, contact: Person) -> None:
    await connect_seller(world)
    check = connections_pb2.CheckConnectionRequest(system=SYSTEM_SALESFORCE, user_id=SELLER)
    answer = await world.user.connections.CheckConnection(check)
    assert answer.working
    assert {finding.subject for finding in answer.findings} >= {"task.external_id", "task.type", "task.fields"}
    listed = (await world.admin.connections.ListConnections(connections_pb2.ListConnectionsRequest())).connections
    assert [(one.user_id, one.account_id) for one in listed if one.user_id] == [(SELLER, world.seller_salesforce_id)]
    forget = connections_pb2.DisconnectRequest(system=SYSTEM_SALESFORCE, user_id=SELLER)
    await world.user.connections.Disconnect(forget)
    assert standing(await come_to_rest(world, await log_send(world, contact))) == NOT_CONNECTED


async def test_a_login_that_salesforce_takes_no_more_is_told_and_connecting_again_loses_nothing(
    world: World, contact: Person
) -> None:
    await connect_seller(world)
    await world.salesforce.control("POST", "users", {"user": world.seller_salesforce_id, "active": False})
    activity = await log_send(world, contact)
    waiting = await come_to_rest(world, activity)
    assert standing(waiting) == (DELIVERY_STATE_WAITING, DELIVERY_REASON_LOGIN_INVALID)
    assert waiting.last_error.next_step
    check = connections_pb2.CheckConnectionRequest(system=SYSTEM_SALESFORCE, user_id=SELLER)
    assert not (await world.user.connections.CheckConnection(check)).working
    await world.salesforce.control("POST", "users", {"user": world.seller_salesforce_id, "active": True})
    await connect_seller(world)
    await world.advance(5)
    assert standing(await delivery(world, activity)) == DELIVERED
    assert (await the_task(world))["OwnerId"] == world.seller_salesforce_id


async def test_a_login_of_another_salesforce_user_is_said_so(world: World, contact: Person) -> None:
    await world.add_seller()
    users = await world.salesforce.query(
        "SELECT Id FROM User WHERE IsActive = true AND UserType = 'Standard' ORDER BY Id DESC LIMIT 1"
    )
    assert users[0]["Id"] != world.seller_salesforce_id
    answer = await connect_seller(world, token=await world.salesforce.refresh_token(users[0]["Id"]))
    (finding,) = [one for one in answer.findings if one.subject == "user.salesforce_user"]
    assert finding.severity == connections_pb2.Finding.SEVERITY_WARNING
    assert world.seller_salesforce_id in finding.message


@pytest.mark.parametrize("user_id", ["", "seller-2"])
async def test_a_user_connects_nobody_but_themselves(world: World, contact: Person, user_id: str) -> None:
    with pytest.raises(RoleNotAllowedError):
        await connect_seller(world, user_id)
    with pytest.raises(RoleNotAllowedError):
        await world.user.connections.Disconnect(
            connections_pb2.DisconnectRequest(system=SYSTEM_SALESFORCE, user_id=user_id)
        )


async def test_a_service_connects_users_but_not_the_instance(world: World, contact: Person) -> None:
    await connect_seller(world, client=world.service)
    with pytest.raises(RoleNotAllowedError):
        await connect_seller(world, "", client=world.service)
    check = connections_pb2.CheckConnectionRequest(system=SYSTEM_MARKETO, user_id=SELLER)
    for client in (world.service, world.user):
        with pytest.raises(RoleNotAllowedError):
            await client.connections.CheckConnection(check)
    whole = connections_pb2.DisconnectRequest(system=SYSTEM_SALESFORCE)
    for refused in (world.service.connections.Disconnect, world.user.connections.Disconnect):
        with pytest.raises(RoleNotAllowedError):
            await refused(whole)


async def test_a_login_without_a_refresh_token_would_be_somebody_elses(world: World, contact: Person) -> None:
    request = connections_pb2.ConnectSalesforceRequest(
        user_id=SELLER, base_url=SALESFORCE, client_id=CLIENT_ID, client_secret=CLIENT_SECRET
    )
    with pytest.raises(InvalidFieldError, match="refresh_token"):
        await world.admin.connections.ConnectSalesforce(request)


async def test_a_user_connects_to_no_other_org_than_the_instance(world: World, contact: Person) -> None:
    request = connections_pb2.ConnectSalesforceRequest(
        user_id=SELLER, base_url="https://other.example", client_id="x", client_secret="y", refresh_token="z"
    )
    with pytest.raises(InvalidFieldError, match="base_url"):
        await world.user.connections.ConnectSalesforce(request)


async def test_the_refresh_token_is_sealed(world: World, contact: Person) -> None:
    token = await world.salesforce.refresh_token(world.seller_salesforce_id)
    await connect_seller(world, client=world.admin, token=token)
    await world.settle()
    stored = b"".join(path.read_bytes() for path in world.config.data.glob("actionsync.sqlite*"))
    assert token.encode() not in stored
