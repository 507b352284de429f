"""How big, deep and wide a query may be, and what a caller must bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from actionsync_simulators.salesforce.schema.model import Schema
from actionsync_simulators.salesforce.soql import SoqlError
from actionsync_simulators.salesforce.soql.tables import Binder


def refusal(org: Any, query: str) -> SoqlError:
    with pytest.raises(SoqlError) as refused:
        org.compile(query)
    return refused.value


def test_counts_and_lengths(org: Any) -> None:
    long = "x" * 4_001
    assert "longer than 4000 characters" in refusal(org, f"SELECT Id FROM Lead WHERE Name = '{long}'").message
    org.compile(f"SELECT Id FROM Lead WHERE Name = '{long[1:]}'")
    semi = "Id IN (SELECT WhoId FROM Task)"
    three = refusal(org, f"SELECT Id FROM Lead WHERE {semi} AND {semi} AND {semi}")
    assert three.message.endswith("Maximum 2 semi join sub-selects are allowed")
    nested = refusal(
        org, "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Id IN (SELECT WhoId FROM Task))"
    )
    assert nested.message.endswith("Nesting of semi join sub-selects is not supported")
    under_or = refusal(org, f"SELECT Id FROM Lead WHERE Name = 'a' AND (Name = 'b' OR ({semi} AND Name = 'c'))")
    assert "only allowed at the top level WHERE expressions" in under_or.message
    children = ", ".join(["(SELECT Id FROM Contacts)"] * 21)
    assert "Maximum number of child queries is 20" in refusal(org, f"SELECT {children} FROM Account").message
    levels = "Id"
    for _ in range(4):
        levels = f"(SELECT {levels} FROM ChildAccounts)"
    org.compile(f"SELECT {levels} FROM Account")
    too_deep = refusal(org, f"SELECT (SELECT {levels} FROM ChildAccounts) FROM Account")
    assert "Maximum number of child query levels is 4" in too_deep.message
    org.compile("SELECT Parent.Parent.Parent.Parent.Parent.Name FROM Account")
    six = refusal(org, "SELECT Parent.Parent.Parent.Parent.Parent.Parent.Name FROM Account")
    assert "Maximum of 5 parent relationship levels exceeded" in six.message


def parent_paths(schema: Schema, start: str, count: int) -> list[str]:
    """That many different parent paths of an object, the shortest first."""
    found: list[str] = []
    level = [("", start)]
    while level:
        following = []
        for path, name in level:
            owner = schema.object(name)
            assert owner is not None
            for lookup in owner.fields.values():
                if len(lookup.reference_to) == 1 and schema.object(lookup.reference_to[0]):
                    following += [(f"{path}{lookup.relationship_name}.", lookup.reference_to[0])]
        found += [path for path, _ in following]
        if len(found) >= count:
            return found[:count]
        level = following
    raise AssertionError("too few parents in this schema")


def test_at_most_55_parent_paths(org: Any) -> None:
    paths = [f"{path}Id" for path in parent_paths(org.schema, "Contact", 56)]
    assert len(org.records(f"SELECT {', '.join(paths[:55])} FROM Contact")) == 4
    refused = refusal(org, f"SELECT {', '.join(paths)} FROM Contact")
    assert refused.message.endswith("Maximum number of child-to-parent relationships is 55")


def test_more_tables_than_sqlite_joins_are_too_complicated() -> None:
    binder = Binder()
    assert [binder.alias() for _ in range(60)][-1] == "t60"
    with pytest.raises(SoqlError) as refused:
        binder.alias()
    assert refused.value.error_code == "QUERY_TOO_COMPLICATED"


def test_deep_conditions_are_too_complicated(org: Any) -> None:
    deep = "NOT " * 5_000 + "Name = 'x'"
    assert refusal(org, f"SELECT Id FROM Lead WHERE {deep}").error_code == "QUERY_TOO_COMPLICATED"
    nest = "(" * 3_000 + "Name = 'x'" + " AND Id != null) " * 3_000
    assert refusal(org, f"SELECT Id FROM Lead WHERE {nest}").error_code == "QUERY_TOO_COMPLICATED"
    assert (
        refusal(org, "SELECT " + "DAY_ONLY(" * 5_000 + "Id" + ")" * 5_000 + " FROM Lead").error_code
        == "MALFORMED_QUERY"
    )


def test_a_wide_condition_is_fine(org: Any) -> None:
    wide = " OR ".join(f"Name = 'n{n}'" for n in range(4_000))
    assert org.values(f"SELECT Name FROM Lead WHERE {wide} OR Name = 'Moor'") == ["Moor"]


def test_a_list_may_hold_thousands_of_values(org: Any) -> None:
    wide = ", ".join(f"'n{n}'" for n in range(9_000))
    assert org.values(f"SELECT Name FROM Lead WHERE Name IN ({wide}, 'Moor')") == ["Moor"]


def test_more_than_2000_groups_are_refused(empty_org: Any) -> None:
    for serial in range(1, 2_002):
        empty_org.insert("Account", serial, Name=f"A{serial}")
    query = empty_org.compile("SELECT Name, COUNT(Id) FROM Account GROUP BY Name")
    with pytest.raises(SoqlError) as refused:
        query.aggregate_records(empty_org.database)
    assert refused.value.error_code == "EXCEEDED_ID_LIMIT"
    assert refused.value.message == (
        "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch"
    )
    assert len(empty_org.groups("SELECT Name, COUNT(Id) FROM Account GROUP BY Name LIMIT 2000")) == 2_000


@pytest.mark.parametrize("clause", ["USING SCOPE mine", "WITH USER_MODE", "FOR VIEW", "ALL ROWS"])
def test_clauses_of_root_queries_only(org: Any, clause: str) -> None:
    refused = refusal(org, f"SELECT (SELECT Id FROM Contacts {clause}) FROM Account")
    assert refused.message.endswith("USING, WITH, FOR and ALL ROWS are only allowed in root queries")


def test_what_the_caller_must_bring(org: Any) -> None:
    with pytest.raises(ValueError, match="time zone"):
        org.compile("SELECT Id FROM Lead", now=datetime(2024, 1, 1))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="unknown time zone"):
        replace(org, timezone="Mars/Olympus").compile("SELECT Id FROM Lead")


def test_numbers_beyond_what_a_column_holds(org: Any) -> None:
    most = 2**31 - 1
    assert org.count(f"SELECT COUNT() FROM Lead LIMIT {most}") == 3
    for query in (
        f"SELECT Id FROM Lead LIMIT {most + 1}",
        f"SELECT COUNT() FROM Lead LIMIT {most + 1}",
        f"SELECT Status, COUNT(Id) FROM Lead GROUP BY Status LIMIT {most + 1}",
        f"SELECT Id, (SELECT Id FROM Tasks LIMIT {most + 1}) FROM Lead",
    ):
        assert refusal(org, query).error_code == "NUMBER_OUTSIDE_VALID_RANGE"
    huge = "9" * 30
    for field, kind in (("CallDurationInSeconds", "Task"), ("Score__c", "Contact")):
        assert org.records(f"SELECT Id FROM {kind} WHERE {field} > {huge}") == []
        assert org.records(f"SELECT Id FROM {kind} WHERE {field} IN ({huge}, -{huge})") == []
    assert len(org.records(f"SELECT Id FROM Task WHERE CallDurationInSeconds < {huge}")) == 3
    assert len(org.records("SELECT Id FROM Contact WHERE Score__c < 1e400")) == 3
