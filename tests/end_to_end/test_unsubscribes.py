"""Scenarios 39 to 42 and 44: unsubscribes here and in Salesforce, by gRPC and Salesforce's own API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from actionsync.v1 import person_sync_pb2, sync_settings_pb2
from actionsync.v1 import unsubscribe_check_pb2 as contract
from actionsync.v1.common_pb2 import (
    DELIVERY_REASON_NO_SALESFORCE_ID,
    DELIVERY_REASON_SYSTEM_NOT_PREPARED,
    DELIVERY_STATE_DELIVERED,
    DELIVERY_STATE_FAILED,
    DELIVERY_STATE_WAITING,
    Delivery,
)
from actionsync_client import InvalidFieldError, ResourceNotFoundError, RoleNotAllowedError
from harness.world import ADMIN, World, open_world

pytestmark = pytest.mark.asyncio
Remove = contract.RemoveUnsubscribeRequest
Source = contract.UnsubscribeSource

NATIVE_CYCLE, CYCLE = 301, 91
#: Long enough for a push: its batch window and one call.
PUSH = 10
ZONE = ZoneInfo("America/Los_Angeles")
SALES_FIELD = "Sales_Opt_Out__c"
EMAIL_FIELD = "HasOptedOutOfEmail"
FORBIDDEN = {"code": "INSUFFICIENT_ACCESS_OR_READONLY", "message": "no", "http_status": 403}


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance with a copied lead, ann@…, and a contact, bob@…"""
    async with open_world(tmp_path, people=100) as opened:
        await opened.connect()
        await opened.add_seller()
        owner = opened.seller_salesforce_id
        await opened.salesforce.create(
            "Lead", LastName="Ann", Company="Proofs", Email="ann@scenario.example", OwnerId=owner
        )
        account = (await opened.salesforce.query("SELECT Id FROM Account LIMIT 1"))[0]["Id"]
        await opened.salesforce.create(
            "Contact", LastName="Bob", AccountId=account, Email="bob@scenario.example", OwnerId=owner
        )
        await opened.advance(NATIVE_CYCLE)
        await opened.sync_people()
        yield opened


async def record(world: World, email: str, source: Source = contract.UNSUBSCRIBE_SOURCE_CLICKED_LINK) -> None:
    request = contract.RecordUnsubscribeRequest(email=email, source=source, reason="Too many mails")
    await world.user.unsubscribes.RecordUnsubscribe(request)


async def listed(world: World, email: str) -> list[contract.Unsubscribe]:
    answer = await world.user.unsubscribes.ListUnsubscribes(contract.ListUnsubscribesRequest(query=email))
    return list(answer.unsubscribes)


async def pushes(world: World, email: str) -> list[Delivery]:
    return [delivery for one in await listed(world, email) for delivery in one.deliveries]


async def history(world: World, email: str) -> list[contract.UnsubscribeEvent]:
    request = contract.ListUnsubscribeHistoryRequest(email=email, page_size=1)
    return [one async for one in world.user.pages(world.user.unsubscribes.ListUnsubscribeHistory, request)]


async def in_salesforce(world: World, email: str, field: str = EMAIL_FIELD) -> bool:
    for name in ("Contact", "Lead"):
        rows = await world.salesforce.query(f"SELECT Id, {field} FROM {name} WHERE Email = '{email}'")
        if rows:
            value: bool = rows[0][field]
            return value
    raise AssertionError(f"nobody in Salesforce has the address {email}")


async def opt_out(world: World, email: str, value: bool = True, field: str = EMAIL_FIELD) -> None:
    for name in ("Contact", "Lead"):
        for row in await world.salesforce.query(f"SELECT Id FROM {name} WHERE Email = '{email}'"):
            await world.salesforce.update(name, row["Id"], **{field: value})


async def turn_sync_on(world: World, **more: object) -> None:
    """Turn the two-way sync on, with a pass in about half an hour, so that a night takes no ten hours of polls."""
    night = at(world).astimezone(ZONE) + timedelta(minutes=30)
    wanted = {"nightly_sync": True, "nightly_time": f"{night:%H:%M}"} | more
    settings = sync_settings_pb2.UnsubscribeSettings(**wanted)  # type: ignore[arg-type]
    await world.set(sync_settings_pb2.Settings(unsubscribes=settings), *(f"unsubscribes.{name}" for name in wanted))
    await world.settle()


async def remove(
    world: World, email: str, scope: Remove.Scope = Remove.SCOPE_HERE
) -> contract.RemoveUnsubscribeResponse:
    request = Remove(email=email, scope=scope, reason="Asked for our mails", consent="Call of 3 May, recorded")
    return await world.admin.unsubscribes.RemoveUnsubscribe(request)


async def add_sales_field(world: World) -> None:
    for name in ("Lead", "Contact"):
        await world.salesforce.control(
            "POST",
            "fields",
            {"object": name, "name": SALES_FIELD, "type": "checkbox", "label": "Marketo Sales Opt Out"},
        )


def at(world: World) -> datetime:
    return datetime.fromtimestamp(world.clock.now() / 1_000_000, UTC)


async def until_after_the_night(world: World) -> None:
    await world.advance(31 * 60)


async def test_scenario_39_a_clicked_link_is_pushed_within_seconds_and_nothing_is_written_to_marketo(
    world: World,
) -> None:
    before = await world.marketo.control("GET", "journal/counts")
    await record(world, "bob@scenario.example")
    await world.advance(PUSH)
    assert await in_salesforce(world, "bob@scenario.example")
    (event,) = await history(world, "bob@scenario.example")
    assert (event.unsubscribed, event.source) == (True, contract.UNSUBSCRIBE_SOURCE_CLICKED_LINK)
    assert event.reason == "Too many mails"
    (push,) = await pushes(world, "bob@scenario.example")
    assert push.state == DELIVERY_STATE_DELIVERED
    assert push.external_id.startswith("003")
    assert await world.marketo.control("GET", "journal/counts") == before


async def test_scenario_40a_the_chosen_sales_field_alone_is_written(world: World) -> None:
    await add_sales_field(world)
    await turn_sync_on(
        world, opt_out_field=sync_settings_pb2.UnsubscribeSettings.OPT_OUT_FIELD_SALES_OPT_OUT,
        sales_opt_out_field=SALES_FIELD,
    )  # fmt: skip
    await record(world, "ann@scenario.example")
    await world.advance(PUSH)
    assert await in_salesforce(world, "ann@scenario.example", SALES_FIELD)
    assert not await in_salesforce(world, "ann@scenario.example")


async def test_scenario_40b_without_the_nightly_sync_the_push_goes_to_email_opt_out(world: World) -> None:
    await add_sales_field(world)
    wanted = sync_settings_pb2.UnsubscribeSettings(
        opt_out_field=sync_settings_pb2.UnsubscribeSettings.OPT_OUT_FIELD_SALES_OPT_OUT,
        sales_opt_out_field=SALES_FIELD,
    )
    paths = ("unsubscribes.opt_out_field", "unsubscribes.sales_opt_out_field")
    await world.set(sync_settings_pb2.Settings(unsubscribes=wanted), *paths)
    await record(world, "ann@scenario.example")
    await world.advance(PUSH)
    assert await in_salesforce(world, "ann@scenario.example")
    assert not await in_salesforce(world, "ann@scenario.example", SALES_FIELD)


async def test_scenario_41_without_a_salesforce_id_the_push_waits_until_there_is_one(world: World) -> None:
    native = world.simulators.marketo.native
    marketo_id = native.create(
        {"email": "cid@scenario.example", "lastName": "Cid", "sfdcLeadOwnerId": world.seller_salesforce_id}
    )
    await world.advance(CYCLE)
    await record(world, "cid@scenario.example")
    await world.advance(PUSH)
    (waiting,) = await pushes(world, "cid@scenario.example")
    assert (waiting.state, waiting.reason) == (DELIVERY_STATE_WAITING, DELIVERY_REASON_NO_SALESFORCE_ID)
    lead = await world.salesforce.create("Lead", LastName="Cid", Company="Proofs", Email="cid@scenario.example")
    native.update(marketo_id, {"sfdcLeadId": lead, "sfdcType": "Lead"})
    await world.advance(CYCLE + 31 + PUSH)
    (push,) = await pushes(world, "cid@scenario.example")
    assert (push.state, push.external_id) == (DELIVERY_STATE_DELIVERED, lead)
    assert await in_salesforce(world, "cid@scenario.example")


async def test_scenario_42a_opted_out_in_salesforce_is_unsubscribed_here_by_the_nightly_pass(world: World) -> None:
    await opt_out(world, "ann@scenario.example")
    await world.advance(2)  # what is older than the sync is not seen by its polls
    await turn_sync_on(world, nightly_time="20:00")
    night = at(world).astimezone(ZONE).replace(hour=20, minute=0, second=0, microsecond=0)
    if night <= at(world):
        night += timedelta(days=1)
    await world.advance((night - at(world)).total_seconds() - 60)
    assert not await listed(world, "ann@scenario.example")
    await world.advance(61)
    (found,) = await listed(world, "ann@scenario.example")
    assert (found.source, found.user_id) == (contract.UNSUBSCRIBE_SOURCE_SALESFORCE_SYNC, "")
    assert not found.deliveries  # Salesforce knows it already


async def test_scenario_42a_between_the_passes_a_tick_in_salesforce_is_seen_within_a_minute(world: World) -> None:
    await turn_sync_on(world)
    await world.advance(PUSH)
    await opt_out(world, "bob@scenario.example")
    await world.advance(61)
    (found,) = await listed(world, "bob@scenario.example")
    assert found.source == contract.UNSUBSCRIBE_SOURCE_SALESFORCE_SYNC


async def test_scenario_42b_a_push_that_failed_is_made_good_by_the_nightly_pass(world: World) -> None:
    await turn_sync_on(world)
    await world.salesforce.fault("*/composite/sobjects", "error", times=1, method="PATCH", error=FORBIDDEN)
    await record(world, "ann@scenario.example")
    await world.advance(PUSH)
    assert not await in_salesforce(world, "ann@scenario.example")
    (failed,) = await pushes(world, "ann@scenario.example")
    assert failed.state == DELIVERY_STATE_FAILED
    await until_after_the_night(world)
    await world.advance(PUSH)
    assert await in_salesforce(world, "ann@scenario.example")


async def test_scenario_42c_resubscribed_here_alone_the_next_pass_unsubscribes_again(world: World) -> None:
    await turn_sync_on(world)
    await record(world, "ann@scenario.example")
    await world.advance(PUSH)
    removed = await remove(world, "ann@scenario.example")
    assert removed.opted_out_in_salesforce
    assert not removed.deliveries
    assert not await listed(world, "ann@scenario.example")
    await until_after_the_night(world)
    (found,) = await listed(world, "ann@scenario.example")
    assert found.source == contract.UNSUBSCRIBE_SOURCE_SALESFORCE_SYNC
    assert [event.unsubscribed for event in await history(world, "ann@scenario.example")] == [True, False, True]


async def test_scenario_42d_cleared_on_both_sides_nothing_changes(world: World) -> None:
    await turn_sync_on(world)
    await record(world, "ann@scenario.example")
    await world.advance(PUSH)
    await remove(world, "ann@scenario.example")
    await opt_out(world, "ann@scenario.example", False)
    await until_after_the_night(world)
    assert not await listed(world, "ann@scenario.example")
    assert not await in_salesforce(world, "ann@scenario.example")


async def test_scenario_42e_unticked_in_salesforce_alone_it_stays_and_is_ticked_again(world: World) -> None:
    await turn_sync_on(world)
    await record(world, "ann@scenario.example")
    await world.advance(PUSH)
    await opt_out(world, "ann@scenario.example", False)
    await until_after_the_night(world)
    await world.advance(PUSH)
    assert await listed(world, "ann@scenario.example")
    assert await in_salesforce(world, "ann@scenario.example")


async def test_scenario_44_only_an_admin_removes_and_only_with_a_reason(world: World) -> None:
    await record(world, "ann@scenario.example")
    request = Remove(email="ann@scenario.example", scope=Remove.SCOPE_HERE, reason="asked", consent="mail of 3 May")
    with pytest.raises(RoleNotAllowedError):
        await world.user.unsubscribes.RemoveUnsubscribe(request)
    with pytest.raises(InvalidFieldError) as caught:
        await world.admin.unsubscribes.RemoveUnsubscribe(
            Remove(email="ann@scenario.example", scope=Remove.SCOPE_HERE, consent="mail of 3 May")
        )
    assert caught.value.violations[0].field == "reason"
    assert await listed(world, "ann@scenario.example")
    await world.admin.unsubscribes.RemoveUnsubscribe(request)
    event = (await history(world, "ann@scenario.example"))[-1]
    assert (event.unsubscribed, event.user_id, event.reason) == (False, ADMIN, "asked")
    assert event.consent == "mail of 3 May"


async def test_resubscribed_everywhere_stays_so_through_the_nightly_pass(world: World) -> None:
    await turn_sync_on(world)
    await record(world, "bob@scenario.example")
    await world.advance(PUSH)
    removed = await remove(world, "bob@scenario.example", Remove.SCOPE_EVERYWHERE)
    assert removed.opted_out_in_salesforce
    assert len(removed.deliveries) == 1
    await world.advance(PUSH)
    assert not await in_salesforce(world, "bob@scenario.example")
    await until_after_the_night(world)
    assert not await listed(world, "bob@scenario.example")


async def test_removing_what_is_not_there_is_said(world: World) -> None:
    with pytest.raises(ResourceNotFoundError):
        await remove(world, "nobody@scenario.example")


async def test_a_changed_address_does_not_end_an_opt_out_until_an_admin_confirms(world: World) -> None:
    key = person_sync_pb2.ListPersonsRequest(email="ann@scenario.example")
    (ann,) = (await world.user.persons.ListPersons(key)).persons
    await record(world, "ann@scenario.example")
    await world.marketo.update(ann.marketo_id, email="anna@elsewhere.example")
    await world.advance(CYCLE)
    request = person_sync_pb2.GetPersonRequest(key=person_sync_pb2.PersonKey(person_id=ann.person_id))
    moved = (await world.user.persons.GetPerson(request)).person
    assert moved.email == "anna@elsewhere.example"
    assert moved.unsubscribed
    check = contract.CheckUnsubscribeRequest(email="anna@elsewhere.example")
    verdict = (await world.user.unsubscribes.CheckUnsubscribe(check)).verdict
    assert verdict.reason == contract.VERDICT_REASON_BLOCKED_SALES_UNSUBSCRIBE
    await remove(world, "anna@elsewhere.example")
    verdict = (await world.user.unsubscribes.CheckUnsubscribe(check)).verdict
    assert verdict.decision == contract.DECISION_MAY_SEND
    assert await listed(world, "ann@scenario.example")  # the old address keeps its own


async def test_a_newcomer_with_an_unsubscribed_address_is_opted_out_in_salesforce(world: World) -> None:
    await record(world, "dora@scenario.example")
    await world.salesforce.create(
        "Lead", LastName="Dora", Company="Proofs", Email="dora@scenario.example", OwnerId=world.seller_salesforce_id
    )
    await world.advance(NATIVE_CYCLE + CYCLE + PUSH)
    assert await in_salesforce(world, "dora@scenario.example")


async def test_a_field_that_may_not_be_written_holds_the_push_with_an_alert(world: World) -> None:
    await world.salesforce.control("POST", "profile", {"object": "Lead", "field": EMAIL_FIELD, "state": "hidden"})
    await record(world, "ann@scenario.example")
    await world.advance(PUSH)
    (waiting,) = await pushes(world, "ann@scenario.example")
    assert (waiting.state, waiting.reason) == (DELIVERY_STATE_WAITING, DELIVERY_REASON_SYSTEM_NOT_PREPARED)
    alerts = (await world.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())).alerts
    assert [alert.name for alert in alerts] == ["opt_out_field_not_writable"]


async def test_a_watch_tells_of_unsubscribes_and_resubscribes(world: World) -> None:
    stream = world.user.watch(world.user.unsubscribes.WatchUnsubscribes, contract.WatchUnsubscribesRequest())
    async with aclosing(stream):
        assert not (await anext(stream)).changes
        await record(world, "ann@scenario.example")
        await remove(world, "ann@scenario.example")
        found: list[contract.UnsubscribeChange] = []
        while len(found) < 2:
            found += (await anext(stream)).changes
    assert [(one.email, one.event.unsubscribed) for one in found] == [
        ("ann@scenario.example", True),
        ("ann@scenario.example", False),
    ]
