"""Smart lists: each sort of filter and each operator against people and activities that are known one by one."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from actionsync_simulators.marketo.smart_lists.compile import Compiler
from actionsync_simulators.marketo.smart_lists.conditions import Query
from actionsync_simulators.marketo.smart_lists.reading import read_definition

NOW = "2026-11-24T12:00:00Z"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("operator", "values", "found"),
    [
        ("is", ["ANN@example.com"], "a"),
        ("is", ["ann@example.com", "bo@example.org"], "ab"),
        ("is not", ["ann@example.com"], "bc"),
        ("contains", ["example.org"], "b"),
        ("contains", ["nn@", "BO@"], "ab"),
        ("not contains", ["example"], "c"),
        ("starts with", ["Ann"], "a"),
        ("not starts with", ["ann", "x"], "bc"),
        ("is empty", None, "c"),
        ("is not empty", None, "ab"),
    ],
)
async def test_text_operators(api: Any, operator: str, values: Any, found: str) -> None:
    people = {
        "a": await api.create(email="ann@example.com", firstName="A"),
        "b": await api.create(email="bo@example.org", firstName="B"),
        "c": await api.create(firstName="C"),
    }
    expected = [people[one] for one in found]
    assert await api.people_of({"field": "email", "operator": operator, "values": values}) == expected
    assert await api.people_of({"field": "Email Address", "operator": operator.upper(), "values": values}) == expected


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("operator", "values", "found"),
    [
        ("is", [10], "a"),
        ("is", ["10", 20], "ab"),
        ("is not", [10], "bc"),
        ("greater than", [10], "b"),
        ("less than", [20], "a"),
        ("at least", [10], "ab"),
        ("at most", [10], "a"),
        ("between", [5, 15], "a"),
        ("not between", [5, 15], "bc"),
        ("is empty", None, "c"),
        ("is not empty", None, "ab"),
    ],
)
async def test_number_operators(api: Any, operator: str, values: Any, found: str) -> None:
    people = {
        "a": await api.create(lastName="a", leadScore=10),
        "b": await api.create(lastName="b", leadScore=20),
        "c": await api.create(lastName="c"),
    }
    expected = [people[one] for one in found]
    assert await api.people_of({"field": "leadScore", "operator": operator, "values": values}) == expected


@pytest.mark.asyncio
async def test_booleans_that_are_not_set_are_false(api: Any) -> None:
    yes = await api.create(lastName="a", unsubscribed=True)
    no, unset = await api.create(lastName="b", unsubscribed=False), await api.create(lastName="c")
    for operator, value, found in (("is", True, [yes]), ("is", False, [no, unset]), ("is not", True, [no, unset])):
        assert await api.people_of({"field": "unsubscribed", "operator": operator, "value": value}) == found


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("operator", "value", "days"),
    [
        ("is", "2026-11-20", [20]),
        ("is not", "2026-11-20", [10, 16, 19, 23, 24, 26]),
        ("before", "2026-11-19", [10, 16]),
        ("on or before", "2026-11-19", [10, 16, 19]),
        ("after", "2026-11-20", [23, 24, 26]),
        ("on or after", "2026-11-20T09:00:00Z", [20, 23, 24, 26]),
        ("between", ["2026-11-16", "2026-11-20"], [16, 19, 20]),
        ("in past", "5 days", [19, 20, 23, 24]),
        ("in past", "1 week", [19, 20, 23, 24]),
        ("in past before", "8 days", [10]),
        ("in future", "2 days", [26]),
        ("in time frame", "today", [24]),
        ("in time frame", "Yesterday", [23]),
        ("in time frame", "this week", [23, 24, 26]),
        ("in time frame", "last week", [16, 19, 20]),
        ("in time frame", "this month", [10, 16, 19, 20, 23, 24, 26]),
        ("in time frame", "last month", []),
        ("in time frame", "this quarter", [10, 16, 19, 20, 23, 24, 26]),
        ("in time frame", "last year", []),
        ("is not empty", None, [10, 16, 19, 20, 23, 24, 26]),
    ],
)
async def test_date_operators_see_from_now(api: Any, operator: str, value: Any, days: list[int]) -> None:
    """Tuesday the 24th at noon; a person for each of some days, in a day field and in a time field."""
    people = {}
    for day in (10, 16, 19, 20, 23, 24, 26):
        at = f"2026-11-{day}"
        people[day] = await api.create(lastName=at, dateOfBirth=at, mktoAcquisitionDate=f"{at}T12:00:00Z")
    none = await api.create(lastName="none")
    expected = [people[day] for day in days]
    if operator == "is not":
        expected.append(none)
    for field in ("mktoAcquisitionDate", "dateOfBirth"):
        assert await api.people_of({"field": field, "operator": operator, "value": value}) == expected, field


@pytest.mark.asyncio
async def test_in_past_reaches_back_to_the_second(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    await api.inject(api.moment(lead_id, "2026-11-17T12:00:00Z"))
    lately = {"activity": 46, "date": {"operator": "in past", "value": "7 days"}}
    assert await api.people_of(lately) == [lead_id]
    await api.advance(seconds=1)
    assert await api.people_of(lately) == []
    assert await api.people_of({**lately, "not": True}) == [lead_id]
    assert await api.people_of({"activity": 46, "date": {"operator": "in past", "value": "1 month"}}) == [lead_id]


@pytest.mark.asyncio
async def test_days_are_those_of_the_subscriptions_zone(make_api: Any) -> None:
    api = make_api(time_zone="Australia/Sydney")
    early = await api.create(lastName="a", mktoAcquisitionDate="2026-11-24T12:59:59Z")
    late = await api.create(lastName="b", mktoAcquisitionDate="2026-11-24T13:00:00Z")
    today = {"field": "mktoAcquisitionDate", "operator": "in time frame", "value": "today"}
    assert await api.people_of(today) == [early]
    await api.advance(hours=1)
    assert await api.people_of(today) == [late]


@pytest.mark.asyncio
async def test_activities_are_counted_and_constrained(api: Any) -> None:
    once, twice, never = [await api.create(email=f"{name}@example.com") for name in ("once", "twice", "never")]
    at = "2026-11-20T10:00:00Z"
    click = {"activityTypeId": 11, "primaryAttributeValue": "News.Issue 7", "primaryAttributeValueId": 77}
    await api.inject(
        api.moment(once, at, **click, attributes={"Link": "https://a.example", "Is Mobile Device": True}),
        api.moment(twice, at, **click, campaignId=5, attributes={"Link": "https://b.example"}),
        api.moment(twice, at, **click, attributes={"Link": "https://b.example", "Campaign Run ID": 9}),
    )
    did: dict[str, Any] = {"activity": "Clicked Link in Email"}
    assert await api.people_of(did) == [once, twice]
    assert await api.people_of({**did, "atLeast": 2}) == [twice]
    assert await api.people_of({**did, "atLeast": 2, "not": True}) == [once, never]
    assert await api.people_of({**did, "not": True}) == [never]
    for attribute, operator, value, found in (
        ("Link", "contains", "a.example", [once]),
        ("link", "is not", "https://a.example", [twice]),
        ("Is Mobile Device", "is", True, [once]),
        ("Is Mobile Device", "is", False, [twice]),
        ("Campaign Run ID", "at least", 9, [twice]),
        ("Campaign Run ID", "is empty", None, [once, twice]),
        ("Mailing ID", "is", "news.issue 7", [once, twice]),
        ("primaryAttributeValue", "starts with", "Other", []),
        ("primaryAttributeValueId", "is", 77, [once, twice]),
        ("campaignId", "is", 5, [twice]),
    ):
        constraint = {"attribute": attribute, "operator": operator, "value": value}
        assert await api.people_of({**did, "constraints": [constraint]}) == found, constraint


@pytest.mark.asyncio
async def test_rows_that_are_late_or_past_their_retention_do_not_count(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    await api.inject(api.moment(lead_id, NOW, visibleAfter=60))
    assert await api.people_of({"activity": 46}) == []
    await api.advance(seconds=60)
    assert await api.people_of({"activity": 46}) == [lead_id]
    visit = {"activity": "Visited Web Page"}
    await api.inject(api.moment(lead_id, NOW, activityTypeId=1))
    assert await api.people_of(visit) == [lead_id]
    await api.advance(days=91)
    assert await api.people_of(visit) == []
    assert await api.people_of({"activity": 46}) == [lead_id]


@pytest.mark.asyncio
async def test_membership_in_lists_programs_and_other_smart_lists(seeded: Any) -> None:
    site = seeded.simulator.subscription
    newsletter = [row[0] for row in site.database.rows("SELECT lead_id FROM list_members WHERE list_id = 1002")]
    everyone = [row[0] for row in site.database.rows("SELECT id FROM leads")]
    assert await seeded.people_of({"list": "Newsletter"}) == sorted(newsletter)
    assert await seeded.people_of({"list": [1002, 1003]}) == sorted(newsletter)
    assert await seeded.people_of({"list": 1002, "not": True}) == sorted(set(everyone) - set(newsletter))
    members = site.database.rows("SELECT program_id, lead_id, status FROM program_members")
    program_id, _, status = members[0]
    inside = {row[1] for row in members if row[0] == program_id}
    of_status = {row[1] for row in members if row[0] == program_id and row[2] == status}
    assert await seeded.people_of({"program": program_id}) == sorted(inside)
    assert await seeded.people_of({"program": program_id, "status": status.upper()}) == sorted(of_status)
    assert await seeded.people_of({"program": program_id, "not": True}) == sorted(set(everyone) - inside)
    owned = site.smart_lists.by_name("Owned by a Seller")
    sellers = site.smart_lists.members(owned.id)
    assert sellers
    assert await seeded.people_of({"smartList": owned.name}) == sellers
    assert await seeded.people_of({"smartList": owned.id, "not": True}) == sorted(set(everyone) - set(sellers))


@pytest.mark.asyncio
async def test_filters_are_joined_by_all_any_or_a_rule(api: Any) -> None:
    people = {}
    for name in ("", "1", "2", "3", "12", "13", "23", "123"):
        values = {"firstName": "1" in name, "lastName": "2" in name, "title": "3" in name}
        people[name] = await api.create(**{field: "x" for field, there in values.items() if there}, city=name or "-")
    filters = [{"field": one, "operator": "is not empty"} for one in ("firstName", "lastName", "title")]
    for members, found in (
        ({}, ["123"]),
        ({"match": "all"}, ["123"]),
        ({"match": "any"}, ["1", "2", "3", "12", "13", "23", "123"]),
        ({"rule": "1 and (2 or 3)"}, ["12", "13", "123"]),
        ({"rule": "(1 AND 2) or 3"}, ["3", "12", "13", "23", "123"]),
        ({"match": "advanced", "rule": "1 or 2 or 3"}, ["1", "2", "3", "12", "13", "23", "123"]),
    ):
        assert await api.people_of(*filters, **members) == [people[name] for name in found], members


@pytest.mark.asyncio
async def test_a_custom_type_is_filtered_by_its_own_names(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    await api.create(email="b@example.com")
    type_id = await api.send_type()
    await api.sent(lead_id, api.simulator.clock.now(), template="X")
    for name in (
        type_id,
        str(type_id),
        "asSendSalesEmail",
        "Was Sent Sales Mail",
        "send sales email",
        "Was Sent Sales Email",
    ):
        for attribute in ("Template ID", "templateId"):
            constraint = {"attribute": attribute, "operator": "is", "value": "x"}
            assert await api.people_of({"activity": name, "constraints": [constraint]}) == [lead_id]
    subject = {"attribute": "Email Subject", "operator": "contains", "value": "hello"}
    assert await api.people_of({"activity": type_id, "constraints": [subject]}) == [lead_id]


@pytest.mark.asyncio
async def test_the_native_sales_types_are_filtered_with_all_their_attributes(make_api: Any) -> None:
    api = make_api(people=True, adobe_actions=True)
    site = api.simulator.subscription
    for type_id in (39, 40, 41, 45, 48):
        native = site.types.get(type_id)
        value = {"integer": 7, "boolean": True}
        attributes = {name: value.get(kind, f"the {name}") for name, kind in native.attributes}
        lead_id = await api.create(email=f"{type_id}@example.com")
        await api.inject(api.moment(lead_id, NOW, activityTypeId=type_id, attributes=attributes))
        for name, given in attributes.items():
            constraint = {"attribute": name, "operator": "is", "value": given}
            found = await api.people_of({"activity": type_id, "constraints": [constraint]})
            assert lead_id in found, (type_id, name)
    assert len(await api.people_of({"activity": "Was Sent Sales Email"})) > 1


def test_the_seeded_lists_find_somebody(make_api: Any) -> None:
    api = make_api(people=True, adobe_actions=True)
    lists = api.simulator.subscription.smart_lists
    assert len(lists.every()) == 5
    for one in lists.every():
        assert 0 < len(lists.members(one.id)) < 400, one.name


def test_membership_follows_the_clock(make_api: Any) -> None:
    api = make_api(people=True)
    lists = api.simulator.subscription.smart_lists
    visited = lists.by_name("visited web page in past 7 days")
    before = lists.members(visited.id)
    api.simulator.clock._moment += timedelta(days=8)
    assert before
    assert lists.members(visited.id) == []


def test_an_activity_filter_reads_the_rows_of_its_type_and_period_only(make_api: Any) -> None:
    site = make_api(people=True).simulator.subscription
    filters = [
        {"activity": 46, "date": {"operator": "in past", "value": "7 days"}},
        {"field": "email", "operator": "is", "value": "a@example.com"},
    ]
    definition = read_definition(site, {"filters": filters})
    query = Query(site.clock.now(), UTC)
    condition = Compiler(site, query, site.smart_lists.get).condition(definition)
    plan = site.database.rows(f"EXPLAIN QUERY PLAN SELECT id FROM leads WHERE {condition}", query.params)
    steps = " / ".join(row[3] for row in plan)
    assert "SEARCH activities USING INDEX activities_type (type_id=? AND at>? AND at<?)" in steps
    assert "SCAN leads" not in steps
    assert "SCAN activities" not in steps
