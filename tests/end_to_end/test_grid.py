"""Scenario 21 and the rules of the Smart Grid, by gRPC against Marketo's own activity."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import person_sync_pb2
from actionsync.v1.common_pb2 import Freshness
from actionsync_client import ActionsyncError, InvalidFieldError, ResourceNotFoundError
from google.protobuf.duration_pb2 import Duration
from harness.world import SELLER, World, open_world

pytestmark = pytest.mark.asyncio
Person = person_sync_pb2.Person
DAY = 86_400
FEED = "/rest/v1/activities.json"
LIVE = Freshness(live=True)


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance with its people."""
    async with open_world(tmp_path, people=60) as opened:
        await opened.connect()
        await opened.add_seller()
        await opened.sync_people()
        yield opened


def at(world: World, days: float = 0) -> str:
    moment = datetime.fromtimestamp(world.clock.now() / 1_000_000, UTC) - timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


async def a_contact(world: World) -> Person:
    people = (await world.user.persons.ListPersons(person_sync_pb2.ListPersonsRequest(page_size=200))).persons
    return next(one for one in people if one.salesforce_account_id)


async def inject(world: World, person: Person, type_id: int, *, days: float = 0, **more: Any) -> None:
    row = {"leadId": person.marketo_id, "activityTypeId": type_id, "activityDate": at(world, days)} | more
    await world.marketo.control("POST", "activities", row)


async def load(world: World, **request: Any) -> contract.LoadSmartGridResponse:
    return await world.user.activities.LoadSmartGrid(contract.LoadSmartGridRequest(**request))


def marked(answer: contract.LoadSmartGridResponse) -> list[str]:
    return [row.title for row in answer.rows if row.title.startswith("Mark")]


async def test_scenario_21a_only_the_last_90_days_are_shown_and_the_current_week_is_selected(world: World) -> None:
    person = await a_contact(world)
    for days in (10, 100):
        await inject(world, person, 46, days=days, primaryAttributeValue=f"Mark {days}")
    answer = await load(world, person_id=person.person_id)
    assert marked(answer) == ["Mark 10"]
    (week,) = [week for week in answer.weeks if week.selected]
    assert week == answer.weeks[0]
    start = week.start_time.ToDatetime(UTC)
    assert (start.weekday(), start.hour) == (0, 0)
    now = datetime.fromtimestamp(world.clock.now() / 1_000_000, UTC)
    assert start <= now < start + timedelta(days=7)
    assert sum(sum(week.row_counts) for week in answer.weeks) == len(answer.rows)


async def test_scenario_21b_an_account_above_800_contacts_is_truncated_or_empty_as_the_original(world: World) -> None:
    person = await a_contact(world)
    account = person.salesforce_account_id
    native = world.simulators.marketo.native
    for number in range(801):
        native.create(
            {
                "lastName": f"Mass {number}",
                "email": f"mass{number}@scenario.example",
                "sfdcLeadOwnerId": world.seller_salesforce_id,
                "sfdcAccountId": account,
                "sfdcContactId": f"003{number:015d}",
                "sfdcType": "Contact",
            }
        )
    await world.advance(91)
    # 801 people are 54 calls, a few more than the polite pace lets through in 20 seconds.
    loading = asyncio.create_task(load(world, salesforce_account_id=account))
    while not loading.done():
        await world.advance(1)
    answer = await loading
    assert answer.truncated
    assert answer.rows
    empty = await load(world, salesforce_account_id=account, compatible_above_800=True)
    assert (empty.truncated, list(empty.rows)) == (True, [])


async def test_marketos_rows_and_our_own_stand_side_by_side_newest_first(world: World) -> None:
    person = await a_contact(world)
    await inject(world, person, 10, days=2, primaryAttributeValue="Mark opened")
    await inject(world, person, 1, days=1, primaryAttributeValue="Mark pricing page")
    content = contract.ActivityContent(
        idempotency_key="mail-1",
        person_id=person.person_id,
        user_id=SELLER,
        send_sales_email=contract.SendSalesEmail(email=contract.SalesEmail(email_id="77", subject="Hello"), body="Hi"),
    )
    content.activity_time.FromMicroseconds(world.clock.now())
    await world.user.activities.LogActivity(contract.LogActivityRequest(content=content))
    await world.advance(60)  # it is in Marketo too by now, and must not be shown twice
    answer = await load(world, person_id=person.person_id, freshness=LIVE)
    titles = [row.title for row in answer.rows if row.title.startswith(("Mark", "Hello"))]
    assert titles == ["Hello (SIA-77)", "Mark pricing page", "Mark opened"]
    first = answer.rows[0]
    assert (first.type_name, first.column) == ("Send Sales Email", contract.GRID_COLUMN_EMAIL)
    assert first.attributes["Sent By"] == "seller@example.com"


async def test_bots_are_left_out_and_of_salesforce_activity_only_calls_are_shown(world: World) -> None:
    person = await a_contact(world)
    await inject(world, person, 10, primaryAttributeValue="Mark human", attributes={"Is Bot Activity": False})
    await inject(world, person, 10, primaryAttributeValue="Mark bot", attributes={"Is Bot Activity": True})
    await inject(world, person, 26, primaryAttributeValue="Call: Mark", attributes={"Is Task": True})
    await inject(world, person, 26, primaryAttributeValue="Mark meeting", attributes={"Is Task": False})
    answer = await load(world, person_id=person.person_id)
    assert marked(answer) == ["Mark human"]
    assert [row.column for row in answer.rows if row.title == "Call: Mark"] == [contract.GRID_COLUMN_CALL]


async def test_stored_rows_cost_no_call_and_tell_their_age_and_live_asks_anew(world: World) -> None:
    person = await a_contact(world)
    first = await load(world, person_id=person.person_id)
    asked = first.fresh_time
    await inject(world, person, 46, primaryAttributeValue="Mark new")
    await world.advance(200)
    before = await world.marketo.calls(FEED)
    stored = await load(world, person_id=person.person_id)
    assert (marked(stored), stored.fresh_time) == ([], asked)
    assert await world.marketo.calls(FEED) == before
    young = Freshness(max_age=Duration(seconds=300))
    assert (await load(world, person_id=person.person_id, freshness=young)).fresh_time == asked
    live = await load(world, person_id=person.person_id, freshness=LIVE)
    assert marked(live) == ["Mark new"]
    assert live.fresh_time.ToMicroseconds() > asked.ToMicroseconds()


async def test_rows_that_become_visible_late_are_found_and_none_comes_twice(world: World) -> None:
    person = await a_contact(world)
    await load(world, person_id=person.person_id)
    await inject(world, person, 46, primaryAttributeValue="Mark late", visibleAfter=300)
    await world.advance(60)
    assert marked(await load(world, person_id=person.person_id, freshness=LIVE)) == []
    await world.advance(300)
    for _ in range(2):
        assert marked(await load(world, person_id=person.person_id, freshness=LIVE)) == ["Mark late"]


async def test_an_account_shows_all_its_contacts_and_an_opportunity_its_own(world: World) -> None:
    person = await a_contact(world)
    await inject(world, person, 46, primaryAttributeValue="Mark account")
    answer = await load(world, salesforce_account_id=person.salesforce_account_id[:15])
    assert marked(answer) == ["Mark account"]
    people = (await world.user.persons.ListPersons(person_sync_pb2.ListPersonsRequest(page_size=200))).persons
    buyer = next(one for one in people if one.salesforce_opportunity_id)
    await inject(world, buyer, 46, primaryAttributeValue="Mark deal")
    deal = await load(world, salesforce_opportunity_id=buyer.salesforce_opportunity_id, freshness=LIVE)
    assert "Mark deal" in marked(deal)


async def test_a_row_limit_keeps_the_newest_and_says_that_there_are_more(world: World) -> None:
    person = await a_contact(world)
    for number in range(5):
        await inject(world, person, 46, days=1 + number / 10, primaryAttributeValue=f"Mark {number}")
    answer = await load(world, person_id=person.person_id, row_limit=2)
    assert answer.truncated
    assert len(answer.rows) == 2
    assert sum(sum(week.row_counts) for week in answer.weeks) > 2


async def test_without_marketo_a_miss_is_said_and_what_is_stored_is_still_shown(world: World) -> None:
    person = await a_contact(world)
    await inject(world, person, 46, primaryAttributeValue="Mark kept")
    await load(world, person_id=person.person_id)
    await world.marketo.fault("/rest/v1/activities*", "error", times=100, error={"code": "607"})
    assert marked(await load(world, person_id=person.person_id)) == ["Mark kept"]
    with pytest.raises(ActionsyncError) as caught:
        await load(world, person_id=person.person_id, freshness=LIVE)
    assert caught.value.reason == "SYSTEM_QUOTA_EXHAUSTED"


async def test_nobody_and_nothing_are_refused(world: World) -> None:
    with pytest.raises(ResourceNotFoundError):
        await load(world, person_id="p-unknown")
    with pytest.raises(InvalidFieldError):
        await load(world)
    assert not (await load(world, salesforce_account_id="001000000000001AAA")).rows
