"""Generated queries across polymorphic parents, TYPEOF and semi-joins give what a plain look-up in Python gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Row = dict[str, Any]
NAMES = ("Ann", "ANN", "Bé", "bÉ", "Zoe")
SUBJECTS = ("Call", "call", "Ünique", None)
LISTED = ("Ann", "bé", "nobody")


@dataclass(frozen=True)
class World:
    contacts: list[Row]
    leads: list[Row]
    tasks: list[Row]

    def who(self, task: Row) -> Row | None:
        return next((each for each in [*self.contacts, *self.leads] if each["Id"] == task["WhoId"]), None)


def same(left: str | None, right: str | None) -> bool:
    return (left and left.lower()) == (right and right.lower())


@pytest.fixture(scope="module")
def sandbox(make_org: Callable[[], Any]) -> Iterator[Any]:
    org = make_org()
    yield org
    org.database.close()


people = st.lists(
    st.fixed_dictionaries({"Name": st.sampled_from(NAMES), "IsDeleted": st.sampled_from((0, 0, 0, 1))}),
    min_size=1,
    max_size=3,
)
tasks = st.lists(
    st.fixed_dictionaries(
        {
            "Subject": st.sampled_from(SUBJECTS),
            "Who": st.none() | st.tuples(st.sampled_from(("Contact", "Lead")), st.integers(0, 2)),
            "IsDeleted": st.sampled_from((0, 0, 0, 1)),
        }
    ),
    max_size=6,
)


def load(org: Any, contacts: list[Row], leads: list[Row], wanted: list[Row]) -> World:
    made: dict[str, list[Row]] = {}
    for name, rows in (("Contact", contacts), ("Lead", leads)):
        org.database.execute(f'DELETE FROM "{name}"')
        made[name] = []
        for serial, row in enumerate(rows, 10):
            title = {"Title": f"T{serial}"} if name == "Contact" else {"Company": f"C{serial}"}
            values = {**row, **title, "LastName": row["Name"]}
            made[name].append({**values, "Type": name, "Id": org.insert(name, serial, **values)})
    org.database.execute('DELETE FROM "Task"')
    kept = []
    for serial, row in enumerate(wanted, 10):
        who = None
        if row["Who"] is not None:
            kind, position = row["Who"]
            who = made[kind][position % len(made[kind])]["Id"]
        values = {"Subject": row["Subject"], "WhoId": who, "IsDeleted": row["IsDeleted"]}
        kept.append({**values, "Id": org.insert("Task", serial, **values)})
    return World(made["Contact"], made["Lead"], kept)


@settings(max_examples=120, deadline=None)
@given(contacts=people, leads=people, wanted=tasks, name=st.sampled_from(LISTED), negated=st.booleans())
def test_fields_of_the_parent(
    sandbox: Any, contacts: list[Row], leads: list[Row], wanted: list[Row], name: str, negated: bool
) -> None:
    world = load(sandbox, contacts, leads, wanted)
    live = [task for task in world.tasks if not task["IsDeleted"]]

    def parent(task: Row, key: str) -> Any:
        who = world.who(task)
        return who and who[key]

    chosen = [task for task in live if same(parent(task, "Name"), name) != negated]
    written = f"Who.Name = '{name}'"
    query = f"SELECT Id FROM Task WHERE {f'NOT {written}' if negated else written}"
    assert sandbox.values(query) == [task["Id"] for task in chosen]

    leads_only = [task["Id"] for task in live if (parent(task, "Type") == "Lead") != negated]
    assert sandbox.values(f"SELECT Id FROM Task WHERE Who.Type {'!=' if negated else '='} 'Lead'") == leads_only

    records = sandbox.records(
        "SELECT Id, TYPEOF Who WHEN Contact THEN Title, Name WHEN Lead THEN Company END FROM Task"
    )
    for task, record in zip(live, records, strict=True):
        who = world.who(task)
        if who is None:
            assert record["Who"] is None
            continue
        keys = ("Title", "Name") if who["Type"] == "Contact" else ("Company",)
        assert record["Who"]["attributes"]["type"] == who["Type"]
        assert {key: value for key, value in record["Who"].items() if key != "attributes"} == {
            key: who[key] for key in keys
        }


@settings(max_examples=120, deadline=None)
@given(
    contacts=people,
    leads=people,
    wanted=tasks,
    subject=st.sampled_from(SUBJECTS),
    negated=st.booleans(),
    every=st.booleans(),
)
def test_semi_joins_and_anti_joins(
    sandbox: Any,
    contacts: list[Row],
    leads: list[Row],
    wanted: list[Row],
    subject: str | None,
    negated: bool,
    every: bool,
) -> None:
    world = load(sandbox, contacts, leads, wanted)
    matching = {
        task["WhoId"] for task in world.tasks if same(task["Subject"], subject) and (every or not task["IsDeleted"])
    }
    literal = "null" if subject is None else f"'{subject.swapcase()}'"
    inner = f"SELECT WhoId FROM Task WHERE Subject = {literal}"
    for kind, rows in (("Contact", world.contacts), ("Lead", world.leads)):
        expected = [row["Id"] for row in rows if (every or not row["IsDeleted"]) and (row["Id"] in matching) != negated]
        query = f"SELECT Id FROM {kind} WHERE Id {'NOT IN' if negated else 'IN'} ({inner})"
        assert sandbox.values(query, include_deleted=every) == expected
