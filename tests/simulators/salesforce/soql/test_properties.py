"""Generated queries on generated rows give what a plain evaluation in Python gives.

The evaluation below is written from the documented semantics and shares nothing with the compiler: it works on
dictionaries, knows no SQL, and decides every test with two truth values only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Row = dict[str, Any]

TEXTS = (
    "a",
    "A",
    "ab",
    "aB",
    "B",
    "b%",
    "a_b",
    "it's",
    "back\\slash",
    "zz",
    "Ümlaut",
    "üMLAUT",
    "É",
    "été",
    "я",
    "Я",
    "İ",
    '"',
    "new\nline",
    " c",
)
DAYS = tuple(date(2024, 3, 8) + timedelta(days=n) for n in range(5))
MOMENTS = tuple(datetime(2024, 3, 10, hour, 30, tzinfo=UTC) for hour in (0, 7, 8, 23))
NUMBERS = (-1.5, 0, 1, 2.25, 1e6)
COLORS = ("Red", "Green", "Blue")
FIELDS = {
    "LastName": "text",
    "Title": "text",
    "Email": "text",
    "Score__c": "number",
    "HasOptedOutOfEmail": "boolean",
    "Birthdate": "date",
    "CreatedDate": "datetime",
    "Interests__c": "colors",
    "AccountId": "id",
    "Id": "id",
    "Account.Name": "text",
    "Account.NumberOfEmployees": "int",
    "Account.Parent.Name": "text",
    "Account.Id": "id",
    "ReportsTo.HasOptedOutOfEmail": "boolean",
    "ReportsTo.Account.Name": "text",
}

# Rows


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


accounts = st.lists(
    st.fixed_dictionaries(
        {
            "Name": optional(st.sampled_from(TEXTS)),
            "NumberOfEmployees": optional(st.sampled_from((-1, 0, 1, 2))),
            "Parent": optional(st.integers(0, 2)),
        }
    ),
    min_size=2,
    max_size=3,
)
contacts = st.lists(
    st.fixed_dictionaries(
        {
            "LastName": optional(st.sampled_from(TEXTS)),
            "Title": optional(st.sampled_from(TEXTS)),
            "Email": optional(st.sampled_from(TEXTS)),
            "Score__c": optional(st.sampled_from(NUMBERS)),
            "HasOptedOutOfEmail": st.booleans(),
            "Birthdate": optional(st.sampled_from(DAYS)),
            "CreatedDate": st.sampled_from(MOMENTS),
            "Interests__c": optional(st.sets(st.sampled_from(COLORS), min_size=1)),
            "Account": st.sampled_from((0, 0, 0, 1, 2, None)),
            "ReportsTo": optional(st.integers(0, 7)),
            "IsDeleted": st.sampled_from((False, False, False, True)),
        }
    ),
    min_size=5,
    max_size=8,
)


def stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return ";".join(color for color in COLORS if color in value)
    return int(value) if isinstance(value, bool) else value


def linked(rows: list[Row], key: str, targets: list[Row]) -> None:
    """Replace positions by the rows they mean (none for a position that is not there) and fill the lookup."""
    for row in rows:
        position = row[key]
        row[key] = targets[position] if position is not None and position < len(targets) else None
        row[f"{key}Id"] = row[key]["Id"] if row[key] else None


def load(org: Any, account_rows: list[Row], contact_rows: list[Row]) -> list[Row]:
    """Put the rows into the tables and return the contacts linked to their parents."""
    org.database.execute("DELETE FROM Account")
    org.database.execute("DELETE FROM Contact")
    account_rows = [{**row, "Id": org.id("Account", n + 60)} for n, row in enumerate(account_rows)]
    contact_rows = [{**row, "Id": org.id("Contact", n + 60)} for n, row in enumerate(contact_rows)]
    linked(account_rows, "Parent", account_rows)
    linked(contact_rows, "Account", account_rows)
    linked(contact_rows, "ReportsTo", contact_rows)
    for name, rows in (("Account", account_rows), ("Contact", contact_rows)):
        for n, row in enumerate(rows):
            plain = {
                k: stored(v)
                for k, v in row.items()
                if not isinstance(v, dict) and k not in ("Parent", "Account", "ReportsTo")
            }
            org.insert(name, n + 60, **plain)
    return contact_rows


def value_at(row: Row | None, path: str) -> Any:
    for name in path.split("."):
        row = row.get(name) if row else None
    return row


# Conditions: each knows how it is written and when it holds


@dataclass(frozen=True)
class Test:
    written: str
    holds: Callable[[Row], bool]

    __test__ = False


def quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"').replace("\n", "\\n")
    return f"'{escaped}'"


def literal(kind: str, value: Any) -> str:
    if value is None:
        return "null"
    if kind in ("text", "colors", "id"):
        return quote(str(value))
    if kind == "boolean":
        return "TRUE" if value else "false"
    if kind == "datetime":
        return str(value.astimezone(timezone(timedelta(hours=value.hour % 3 - 1))).isoformat())
    return str(value)


def folded(kind: str, value: Any) -> Any:
    """A value as it compares: text without case, letter by letter (İ has no small letter of its own)."""
    if kind == "text" and value is not None:
        return "".join(c if c == "İ" else c.lower() for c in value)
    if kind == "colors" and value is not None:
        return (value if isinstance(value, str) else stored(value)).lower()
    if kind == "id" and value is not None:
        return value[:15]
    return value


def comparison(path: str, kind: str, operator: str, value: Any) -> Test:
    def holds(row: Row) -> bool:
        left, right = folded(kind, value_at(row, path)), folded(kind, value)
        if kind == "boolean":
            left, right = bool(left), bool(right)
        if operator in ("=", "!="):
            return bool((left == right) == (operator == "="))
        if left is None or right is None:
            return False
        return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])

    return Test(f"{path} {operator} {literal(kind, value)}", holds)


def membership(path: str, kind: str, values: list[Any], negated: bool) -> Test:
    equal = [comparison(path, kind, "=", value) for value in values]
    listed = ", ".join(literal(kind, value) for value in values)
    written = f"{path} {'NOT IN' if negated else 'in'} ({listed})"
    return Test(written, lambda row: any(each.holds(row) for each in equal) != negated)


def matches(pattern: list[str | None], text: str) -> bool:
    """Whether a text matches tokens: a character, "" for exactly one of any kind, None for any number."""
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head is None:
        return any(matches(rest, text[n:]) for n in range(len(text) + 1))
    return bool(text) and (head == "" or folded("text", head) == folded("text", text[0])) and matches(rest, text[1:])


def like(path: str, pattern: list[str | None]) -> Test:
    def token(each: str | None) -> str:
        if each is None:
            return "%"
        if each == "":
            return "_"
        return f"\\{each}" if each in "%_" else quote(each)[1:-1]

    def holds(row: Row) -> bool:
        value = value_at(row, path)
        return value is not None and matches(pattern, value)

    return Test(f"{path} LIKE '{''.join(token(each) for each in pattern)}'", holds)


def includes(sets: list[frozenset[str]], negated: bool) -> Test:
    def holds(row: Row) -> bool:
        own = row["Interests__c"] or set()
        return any(wanted <= own for wanted in sets) != negated

    listed = ", ".join(quote(";".join(sorted(each)).lower()) for each in sets)
    return Test(f"Interests__c {'EXCLUDES' if negated else 'INCLUDES'} ({listed})", holds)


def values_of(kind: str) -> st.SearchStrategy[Any]:
    return {
        "text": st.sampled_from(TEXTS),
        "number": st.sampled_from(NUMBERS),
        "int": st.sampled_from((-1, 0, 1, 2)),
        "boolean": st.booleans(),
        "date": st.sampled_from(DAYS),
        "datetime": st.sampled_from(MOMENTS),
        "colors": st.sampled_from(("red", "Green;Blue", "Red;Green;Blue")),
        "id": st.just(""),
    }[kind]


@st.composite
def single_tests(draw: st.DrawFn, ids: dict[str, list[str]]) -> Test:
    path = draw(st.sampled_from(sorted(FIELDS)))
    kind = FIELDS[path]
    values = optional(values_of(kind))
    if kind == "id":
        values = optional(st.sampled_from(ids["Account" if "Account" in path else "Contact"]))
    operators = ["=", "!="] if kind in ("boolean", "colors") else ["=", "!=", "<", "<=", ">", ">="]
    choice = draw(st.sampled_from(("compare", "list", "like", "includes")))
    if choice == "like" and kind == "text":
        token = st.sampled_from([None, "", "a", "B", "é", "Ü", "%", "_", "'", "\\"])
        return like(path, draw(st.lists(token, max_size=4)))
    if choice == "includes" and kind == "colors":
        sets = st.lists(st.frozensets(st.sampled_from(COLORS), min_size=1, max_size=2), min_size=1, max_size=2)
        return includes(draw(sets), draw(st.booleans()))
    if choice == "list":
        return membership(path, kind, draw(st.lists(values, min_size=1, max_size=4)), draw(st.booleans()))
    return comparison(path, kind, draw(st.sampled_from(operators)), draw(values))


def combined(of: st.SearchStrategy[Test]) -> st.SearchStrategy[Test]:
    def every(terms: list[Test]) -> Test:
        return Test(" AND ".join(f"({t.written})" for t in terms), lambda row: all(t.holds(row) for t in terms))

    def some(terms: list[Test]) -> Test:
        return Test(" OR ".join(f"({t.written})" for t in terms), lambda row: any(t.holds(row) for t in terms))

    several = st.lists(of, min_size=2, max_size=3)
    negated = of.map(lambda term: Test(f"NOT ({term.written})", lambda row: not term.holds(row)))
    return several.map(every) | several.map(some) | negated


# Order


@dataclass(frozen=True)
class Order:
    path: str
    descending: bool
    nulls_last: bool

    @property
    def written(self) -> str:
        nulls = " NULLS LAST" if self.nulls_last else ""
        return f"{self.path} {'DESC' if self.descending else 'asc'}{nulls}"

    def sorted(self, rows: list[Row]) -> list[Row]:
        kind = FIELDS[self.path]

        def key(row: Row) -> Any:
            value = value_at(row, self.path)
            return bool(value) if kind == "boolean" else folded(kind, value)

        empty = [row for row in rows if key(row) is None]
        full = sorted((row for row in rows if key(row) is not None), key=key, reverse=self.descending)
        return full + empty if self.nulls_last else empty + full


SORTABLE = sorted(path for path, kind in FIELDS.items() if kind != "colors")
orders = st.lists(st.builds(Order, st.sampled_from(SORTABLE), st.booleans(), st.booleans()), max_size=3)


def in_order(rows: list[Row], keys: list[Order]) -> list[Row]:
    rows = sorted(rows, key=lambda row: row["Id"])
    for order in reversed(keys):
        rows = order.sorted(rows)
    return rows


@pytest.fixture(scope="module")
def sandbox(make_org: Callable[[], Any]) -> Iterator[Any]:
    org = make_org()
    yield org
    org.database.close()


def shown(row: Row, path: str) -> Any:
    value = value_at(row, path)
    if FIELDS[path] == "boolean" and value is None and value_at(row, path.rpartition(".")[0]) is None:
        return None
    if FIELDS[path] in ("datetime", "date", "colors") and value is not None:
        return stored(value)
    return value


@settings(max_examples=250, deadline=None)
@given(data=st.data(), account_rows=accounts, contact_rows=contacts)
def test_rows_of_a_query(sandbox: Any, data: st.DataObject, account_rows: list[Row], contact_rows: list[Row]) -> None:
    rows = load(sandbox, account_rows, contact_rows)
    ids = {
        name: [written for n in range(60, 64) for written in (sandbox.id(name, n), sandbox.id(name, n)[:15])]
        for name in ("Account", "Contact")
    }
    tree = st.recursive(single_tests(ids), combined, max_leaves=5)
    condition = data.draw(tree | st.none(), label="condition")
    keys = data.draw(orders, label="order")
    limit, offset = data.draw(optional(st.integers(0, 5))), data.draw(optional(st.integers(0, 3)))
    paths = data.draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=5, unique=True))
    every = data.draw(st.booleans(), label="query all")

    query = f"SELECT {', '.join(paths)} FROM Contact"
    if condition is not None:
        query += f" WHERE {condition.written}"
    if keys:
        query += f" ORDER BY {', '.join(order.written for order in keys)}"
    query += "" if limit is None else f" LIMIT {limit}"
    query += "" if offset is None else f" OFFSET {offset}"

    live = [row for row in rows if every or not row["IsDeleted"]]
    expected = in_order([row for row in live if condition is None or condition.holds(row)], keys)[offset or 0 :]
    expected = expected if limit is None else expected[:limit]

    compiled = sandbox.compile(query, include_deleted=every)
    found = compiled.ids(sandbox.database)
    assert found == [row["Id"] for row in expected], query
    records = compiled.records(sandbox.database, found, version="v60.0")
    assert [[value_at(record, path) for path in paths] for record in records] == [
        [shown(row, path) for path in paths] for row in expected
    ]
    counting = sandbox.compile(f"SELECT COUNT() FROM {query.partition(' FROM ')[2]}", include_deleted=every)
    assert counting.count(sandbox.database) == len(expected)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), account_rows=accounts, contact_rows=contacts)
def test_groups_of_a_query(sandbox: Any, data: st.DataObject, account_rows: list[Row], contact_rows: list[Row]) -> None:
    rows = [row for row in load(sandbox, account_rows, contact_rows) if not row["IsDeleted"]]
    path = data.draw(st.sampled_from(["Title", "Account.Name", "HasOptedOutOfEmail", "Birthdate"]))
    least = data.draw(st.integers(0, 2))
    query = (
        f"SELECT {path}, COUNT(Id), COUNT(Score__c), SUM(Score__c), MIN(Score__c), COUNT_DISTINCT(Email) FROM Contact"
        f" GROUP BY {path} HAVING COUNT(Id) > {least}"
    )
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[folded(FIELDS[path], value_at(row, path))].append(row)
    expected = {}
    for key, members in groups.items():
        if len(members) > least:
            scores = [row["Score__c"] for row in members if row["Score__c"] is not None]
            mails = {folded("text", row["Email"]) for row in members if row["Email"] is not None}
            expected[stored(key)] = (
                len(members), len(scores), sum(scores) if scores else None, min(scores, default=None), len(mails),
            )  # fmt: skip
    found = {
        stored(folded(FIELDS[path], record[path.rpartition(".")[2]])): tuple(record[f"expr{n}"] for n in range(5))
        for record in sandbox.groups(query)
    }
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(data=st.data(), account_rows=accounts, contact_rows=contacts)
def test_children_of_a_query(
    sandbox: Any, data: st.DataObject, account_rows: list[Row], contact_rows: list[Row]
) -> None:
    rows = [row for row in load(sandbox, account_rows, contact_rows) if not row["IsDeleted"]]
    keys = data.draw(orders)
    limit, offset = data.draw(optional(st.integers(1, 3))), data.draw(st.integers(0, 2))
    inner = "SELECT Id FROM Contacts WHERE Title != 'a'"
    inner += f" ORDER BY {', '.join(order.written for order in keys)}" if keys else ""
    inner += ("" if limit is None else f" LIMIT {limit}") + f" OFFSET {offset}"
    for record in sandbox.records(f"SELECT Id, ({inner}) FROM Account"):
        own = [r for r in rows if r["AccountId"] == record["Id"] and folded("text", r["Title"]) != "a"]
        expected = in_order(own, keys)[offset : None if limit is None else offset + limit]
        found = record["Contacts"]
        assert (
            [each["Id"] for each in found["records"]] == [row["Id"] for row in expected] if expected else found is None
        )
