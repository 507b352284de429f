"""Random smart lists on random people and histories find what a plain reading of them finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from actionsync_simulators.marketo.smart_lists.reading import read_definition
from harness.plain_smart_lists import ATTRIBUTES, DAY, FIELDS, NOW, Did, Person, joined

WORDS = ("Ann", "ann lee", "Lee", "LEE & Co", "50%_off", "Zoë", "")
LISTS, PROGRAMS = (1, 2), (11, 12)
OF_TYPE = {
    11: ("Link", "Campaign Run ID", "Is Mobile Device", "primaryAttributeValue"),
    39: ("Template ID", "Email Subject", "primaryAttributeValue"),
}


def some_day(random: Random) -> date:
    return NOW.date() + random.randrange(-60, 8) * DAY


def some_value(random: Random, kind: str) -> Any:
    if random.random() < 0.25:
        return None
    if kind == "day":
        return some_day(random)
    if kind == "boolean":
        return random.random() < 0.5
    return random.choice(WORDS) if kind == "text" else random.randrange(-3, 6)


def some_condition(random: Random, kind: str) -> dict[str, Any]:
    if kind == "boolean":
        return {"operator": random.choice(["is", "is not"]), "values": [random.random() < 0.5]}
    if kind == "text":
        operator = random.choice(
            ["is", "is not", "contains", "not contains", "starts with", "not starts with", "is empty", "is not empty"]
        )
        values: list[Any] = [
            random.choice(["ann", "LEE", "e", "50%", "_", "Zoë", "no"]) for _ in range(random.randint(1, 3))
        ]
    elif kind == "number":
        operator = random.choice(
            ["is", "is not", "greater than", "less than", "at least", "at most", "between", "not between", "is empty"]
        )
        values = [random.randrange(-3, 6) for _ in range(2 if "between" in operator else 1)]
    else:
        return some_time(random)
    return {"operator": operator, "values": [] if operator.endswith("empty") else values}


def some_time(random: Random, *, empty: bool = True) -> dict[str, Any]:
    words = ["is", "is not", "before", "after", "on or before", "on or after"]
    operator = random.choice([*words, "between", "in past", "in past before", "in future", "in time frame"])
    if empty and random.random() < 0.1:
        return {"operator": random.choice(["is empty", "is not empty"]), "values": []}
    if operator in words:
        return {"operator": operator, "values": [some_day(random).isoformat()]}
    if operator == "between":
        return {"operator": operator, "values": sorted(some_day(random).isoformat() for _ in range(2))}
    if operator == "in time frame":
        frame = random.choice(["today", "yesterday", "this week", "this month", "last month", "last year"])
        return {"operator": operator, "values": [frame]}
    return {"operator": operator, "values": [f"{random.randrange(60)} days"]}


def some_filter(random: Random) -> dict[str, Any]:
    negated = random.random() < 0.3
    sort = random.random()
    if sort < 0.4:
        name = random.choice(list(FIELDS))
        return {"field": name, **some_condition(random, FIELDS[name])}
    if sort < 0.8:
        type_id = random.choice(list(OF_TYPE))
        constraints = [
            {"attribute": name, **some_condition(random, ATTRIBUTES[name])}
            for name in OF_TYPE[type_id]
            if random.random() < 0.35
        ]
        made = {"activity": type_id, "constraints": constraints, "atLeast": random.choice([1, 1, 2, 3]), "not": negated}
        return made | ({"date": some_time(random, empty=False)} if random.random() < 0.6 else {})
    if sort < 0.9:
        return {"list": random.sample(LISTS, random.randint(1, 2)), "not": negated}
    statuses = random.sample(["Member", "Attended"], random.randint(0, 1))
    return {"program": random.sample(PROGRAMS, random.randint(1, 2)), "status": statuses, "not": negated}


def some_rule(random: Random, numbers: list[int]) -> str:
    if len(numbers) == 1:
        return str(numbers[0])
    cut = random.randrange(1, len(numbers))
    left, right = some_rule(random, numbers[:cut]), some_rule(random, numbers[cut:])
    return f"({left}) {random.choice(['and', 'or'])} ({right})"


def some_list(random: Random) -> dict[str, Any]:
    filters = [some_filter(random) for _ in range(random.randint(1, 4))]
    match = random.choice(["all", "any", "advanced"])
    rule = {"rule": some_rule(random, list(range(1, len(filters) + 1)))} if match == "advanced" else {}
    return {"match": match, "filters": filters, **rule}


async def people(api: Any, random: Random) -> list[Person]:
    """Create people with values, histories and memberships, through the API and its control calls where there are."""
    database = api.simulator.database
    made, rows = [], []
    for _ in range(40):
        fields = {name: some_value(random, kind) for name, kind in FIELDS.items()}
        shown = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in fields.items()
            if value is not None
        }
        if "mktoAcquisitionDate" in shown:
            shown["mktoAcquisitionDate"] += "T12:00:00Z"
        person = Person(await api.create(**shown, lastName="x"), fields)
        for _ in range(random.randrange(6)):
            type_id = random.choice(list(OF_TYPE))
            given = {name: some_value(random, ATTRIBUTES[name]) for name in OF_TYPE[type_id]}
            asset = given.pop("primaryAttributeValue") or "Some Asset"
            at = datetime.combine(some_day(random), NOW.time(), UTC)
            person.did.append(Did(type_id, at, given, asset))
            members = {"activityTypeId": type_id, "primaryAttributeValue": asset, "attributes": given}
            rows.append(api.moment(person.id, at.isoformat(), **members))
        person.lists = {one for one in LISTS if random.random() < 0.4}
        person.programs = {one: random.choice(["Member", "Attended"]) for one in PROGRAMS if random.random() < 0.4}
        database.executemany(
            "INSERT INTO list_members VALUES (?, ?, '', '')", [(one, person.id) for one in person.lists]
        )
        database.executemany(
            "INSERT INTO program_members (program_id, lead_id, status, membership_date, created_at, updated_at)"
            " VALUES (?, ?, ?, '', '', '')",
            [(program_id, person.id, status) for program_id, status in person.programs.items()],
        )
        made.append(person)
    await api.inject(*rows)
    return made


def places(database: Any) -> None:
    database.executemany(
        "INSERT INTO static_lists (id, name, folder_id, folder_type, created_at, updated_at)"
        " VALUES (?, ?, 12, 'Folder', '', '')",
        [(one, f"list {one}") for one in LISTS],
    )
    database.executemany(
        "INSERT INTO programs (id, name, type, channel, folder_id, folder_type, created_at, updated_at)"
        " VALUES (?, ?, 'Default', 'Operational', 15, 'Folder', '', '')",
        [(one, f"program {one}") for one in PROGRAMS],
    )


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(6))
async def test_random_lists_find_what_a_plain_reading_finds(make_api: Callable[..., Any], seed: int) -> None:
    random = Random(seed)
    api = make_api(adobe_actions=True)
    site = api.simulator.subscription
    places(site.database)
    everyone = await people(api, random)
    some, none = 0, 0
    for _ in range(150):
        members = some_list(random)
        expected = [person.id for person in everyone if joined(person, members)]
        made = site.smart_lists.create("random", read_definition(site, members))
        assert site.smart_lists.members(made.id) == expected, members
        site.smart_lists.delete(made.id)
        some, none = some + bool(expected), none + (not expected)
    assert some > 50
    assert none > 0
