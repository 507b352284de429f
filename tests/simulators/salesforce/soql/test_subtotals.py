"""GROUP BY ROLLUP and CUBE: groups with the totals over them, told apart by GROUPING()."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import pytest
from actionsync_simulators.salesforce.soql import SoqlError
from hypothesis import given, settings
from hypothesis import strategies as st


def rows(org: Any, query: str) -> list[tuple[Any, ...]]:
    return [tuple(value for key, value in row.items() if key != "attributes") for row in org.groups(query)]


def test_a_rollup_has_totals_behind_their_groups(org: Any) -> None:
    found = rows(
        org,
        "SELECT Owner.Name, CallDurationInSeconds, GROUPING(Owner.Name) g, GROUPING(CallDurationInSeconds), COUNT(Id)"
        " FROM Task GROUP BY ROLLUP(Owner.Name, CallDurationInSeconds)",
    )
    assert found == [
        ("Ada Rep", None, 0, 0, 1),
        ("Ada Rep", 60, 0, 0, 1),
        ("Ada Rep", 120, 0, 0, 1),
        ("Ada Rep", None, 0, 1, 3),
        ("Bo Rep", None, 0, 0, 1),
        ("Bo Rep", None, 0, 1, 1),
        ("Inbound", 60, 0, 0, 1),
        ("Inbound", None, 0, 1, 1),
        (None, None, 1, 1, 5),
    ]


def test_having_order_and_limit_see_the_totals(org: Any) -> None:
    query = "SELECT OwnerId, COUNT(Id) n FROM Task WHERE Subject != 'x' GROUP BY ROLLUP(OwnerId)"
    assert [n for _, n in rows(org, f"{query} ORDER BY COUNT(Id) DESC LIMIT 2")] == [5, 3]
    assert [n for _, n in rows(org, f"{query} HAVING GROUPING(OwnerId) = 1")] == [5]
    assert [n for _, n in rows(org, f"{query} ORDER BY GROUPING(OwnerId) DESC, OwnerId LIMIT 1")] == [5]
    assert rows(org, f"{query} HAVING COUNT(Id) > 9") == []


def test_a_total_of_booleans_is_null(org: Any) -> None:
    found = rows(org, "SELECT HasOptedOutOfEmail, COUNT(Id) FROM Contact GROUP BY CUBE(HasOptedOutOfEmail)")
    assert found == [(False, 3), (True, 1), (None, 4)]


def test_date_functions_can_be_rolled_up(org: Any) -> None:
    found = rows(
        org, "SELECT CALENDAR_YEAR(Birthdate), COUNT(Id) FROM Contact GROUP BY ROLLUP(CALENDAR_YEAR(Birthdate))"
    )
    assert found == [(None, 1), (1985, 1), (1990, 2), (None, 4)]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT GROUPING(Status) FROM Lead GROUP BY Status", "can only be used with GROUP BY ROLLUP or CUBE"),
        ("SELECT GROUPING(Status) FROM Lead", "must be grouped or aggregated"),
        ("SELECT GROUPING(Company) FROM Lead GROUP BY ROLLUP(Status)", "must be grouped or aggregated"),
        ("SELECT Company FROM Lead GROUP BY ROLLUP(Status)", "must be grouped or aggregated: Company"),
        ("SELECT COUNT(Id) FROM Lead GROUP BY ROLLUP(Status), Company", "unexpected token: ','"),
        ("SELECT COUNT(Id) FROM Lead GROUP BY ROLLUP()", r"unexpected token: '\)'"),
        ("SELECT COUNT(Id) FROM Lead GROUP BY CUBE(Status, Company, Name, Email)", "CUBE is limited to 3 fields"),
        ("SELECT GROUPING() FROM Lead GROUP BY ROLLUP(Status)", r"unexpected token: '\('"),
        ("SELECT Id FROM Lead WHERE GROUPING(Status) = 1", r"unexpected token: '\('"),
    ],
)
def test_what_is_refused(org: Any, query: str, reason: str) -> None:
    with pytest.raises(SoqlError, match=reason) as refused:
        org.compile(query)
    assert refused.value.error_code == "MALFORMED_QUERY"


@pytest.fixture(scope="module")
def sandbox(make_org: Callable[[], Any]) -> Iterator[Any]:
    org = make_org()
    yield org
    org.database.close()


FIELDS = ("Title", "Email", "Birthdate")
VALUES = {"Title": ("a", "A", "é"), "Email": ("x", "É"), "Birthdate": ("2024-01-01", "2024-02-02")}


@settings(max_examples=60, deadline=None)
@given(
    fields=st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3, unique=True),
    kind=st.sampled_from(["ROLLUP", "CUBE"]),
    people=st.lists(
        st.fixed_dictionaries({name: st.none() | st.sampled_from(values) for name, values in VALUES.items()}),
        max_size=8,
    ),
)
def test_totals_are_those_of_a_plain_count(
    sandbox: Any, fields: list[str], kind: str, people: list[dict[str, str | None]]
) -> None:
    sandbox.database.execute("DELETE FROM Contact")
    for serial, values in enumerate(people):
        sandbox.insert("Contact", 60 + serial, LastName="x", Score__c=float(serial), **values)
    size = len(fields)
    chosen: list[tuple[str, ...]] = [tuple(fields[:n]) for n in range(size + 1)]
    if kind == "CUBE":
        chosen = [some for n in range(size + 1) for some in combinations(fields, n)]
    expected: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for some in chosen:
        for serial, values in enumerate(people):
            key = tuple((values[name] or "").lower() if name in some else None for name in fields)
            expected[key].append(float(serial))
    marks = ", ".join(f"GROUPING({name})" for name in fields)
    query = f"SELECT {', '.join(fields)}, {marks}, COUNT(Id), SUM(Score__c) FROM Contact GROUP BY {kind}"
    found = {}
    for row in rows(sandbox, f"{query}({', '.join(fields)})"):
        key = tuple(
            None if total else (value or "").lower()
            for value, total in zip(row[:size], row[size : 2 * size], strict=True)
        )
        assert key not in found
        found[key] = row[2 * size :]
    assert found == {key: (len(scores), sum(scores)) for key, scores in expected.items()}
