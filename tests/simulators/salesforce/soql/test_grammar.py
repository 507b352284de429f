"""One test per production of the grammar: what is written becomes which tree."""

from __future__ import annotations

import pytest
from actionsync_simulators.salesforce.soql import SoqlError, tree
from actionsync_simulators.salesforce.soql.parse import parse


def where(condition: str) -> tree.Condition:
    found = parse(f"SELECT Id FROM Lead WHERE {condition}").where
    assert found is not None
    return found


def selected(item: str) -> tree.Selection:
    found = parse(f"SELECT {item} FROM Lead").select[0]
    assert isinstance(found, tree.Selection)
    return found


def test_every_clause_in_its_place() -> None:
    query = parse(
        "select Id, Name from Lead l where Name = 'x' with security_enforced group by Name, Id having count(Id) > 1"
        " order by Name desc nulls last, Id limit 5 offset 3 for view for reference all rows"
    )
    assert [item.expression.text for item in query.select if isinstance(item, tree.Selection)] == ["Id", "Name"]
    assert (query.source.text, query.alias and query.alias.text) == ("Lead", "l")
    assert isinstance(query.where, tree.Comparison)
    assert query.access_mode == "SECURITY_ENFORCED"
    assert query.grouping is not None
    assert [item.text for item in query.grouping.items] == ["Name", "Id"]
    assert isinstance(query.grouping.having, tree.Comparison)
    assert [(o.expression.text, o.descending, o.nulls_last) for o in query.order] == [
        ("Name", True, True),
        ("Id", False, False),
    ]
    assert (query.limit, query.offset, query.purposes, query.all_rows) == (5, 3, ("VIEW", "REFERENCE"), True)


def test_a_query_without_any_optional_clause() -> None:
    query = parse("SELECT Id FROM Lead")
    assert (query.alias, query.where, query.access_mode, query.grouping) == (None, None, None, None)
    assert (query.order, query.limit, query.offset, query.purposes, query.all_rows) == ((), None, None, (), False)


@pytest.mark.parametrize("mode", ["SECURITY_ENFORCED", "USER_MODE", "system_mode"])
def test_access_modes(mode: str) -> None:
    assert parse(f"SELECT Id FROM Lead WITH {mode}").access_mode == mode.upper()


def test_whitespace_is_free() -> None:
    query = parse("\n SELECT\tId,Name\r\nFROM   Lead\nWHERE(Name='a')  ORDER  BY  Name  ASC ")
    assert isinstance(query.where, tree.Comparison)
    assert len(query.order) == 1


def test_a_path_and_its_alias() -> None:
    item = selected("Owner.Profile.Name n")
    assert isinstance(item.expression, tree.Path)
    assert [name.text for name in item.expression.names] == ["Owner", "Profile", "Name"]
    assert item.alias == tree.Name("n", 26)


def test_calls() -> None:
    assert selected("COUNT()").expression == tree.Call(tree.Name("COUNT", 7), None)
    nested = selected("DAY_ONLY(convertTimezone(CreatedDate)) d").expression
    assert isinstance(nested, tree.Call)
    assert nested.text == "DAY_ONLY(convertTimezone(CreatedDate))"
    assert selected("FIELDS(ALL)").expression.text == "FIELDS(ALL)"


def test_a_child_query_is_a_query() -> None:
    query = parse("SELECT Id, (SELECT Name FROM Contacts WHERE Name != null LIMIT 2) FROM Account")
    child = query.select[1]
    assert isinstance(child, tree.Statement)
    assert (child.source.text, child.limit) == ("Contacts", 2)


@pytest.mark.parametrize(
    ("written", "read"),
    [("=", "="), ("!=", "!="), ("<>", "!="), ("<", "<"), ("<=", "<="), (">", ">"), (">=", ">="), ("like", "LIKE")],
)
def test_operators(written: str, read: str) -> None:
    comparison = where(f"Name {written} 'x'")
    assert isinstance(comparison, tree.Comparison)
    assert comparison.operator == read


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("'x'", "string"),
        (r"'it\'s'", "string"),
        ("''", "string"),
        ("5", "number"),
        ("-5.25", "number"),
        ("+1", "number"),
        (".5", "number"),
        ("1e3", "number"),
        ("USD5000", "currency"),
        ("TRUE", "boolean"),
        ("false", "boolean"),
        ("NULL", "null"),
        ("2024-01-31", "date"),
        ("2024-01-31T10:00:00Z", "datetime"),
        ("2024-01-31T10:00:00.000Z", "datetime"),
        ("2000-11-11T22:11:11.000000Z", "datetime"),
        ("2024-01-31T10:00:00+00:00", "datetime"),
        ("2024-01-31T10:00:00-0700", "datetime"),
        ("2024-01-31T10:00:00 02:00", "datetime"),
        ("today", "period"),
        ("LAST_90_DAYS", "period"),
        ("LAST_N_DAYS:30", "period"),
        ("N_FISCAL_QUARTERS_AGO:2", "period"),
        ("NEXT_FISCAL_YEAR", "period"),
        (":someValue", "bind"),
    ],
)
def test_literals(written: str, kind: str) -> None:
    assert where(f"Name = {written}") == tree.Comparison(
        tree.Path((tree.Name("Name", 26),)), "=", tree.Literal(kind, written, 33)  # type: ignore[arg-type]
    )  # fmt: skip


def test_lists() -> None:
    inside = where("Name IN ('a', 'b')")
    assert isinstance(inside, tree.Membership)
    assert ([v.text for v in inside.values], inside.negated) == (["'a'", "'b'"], False)
    outside = where("Name not in ('a')")
    assert isinstance(outside, tree.Membership)
    assert outside.negated
    includes, excludes = where("Interests INCLUDES ('a;b','c')"), where("Interests EXCLUDES ('a')")
    assert isinstance(includes, tree.Inclusion)
    assert isinstance(excludes, tree.Inclusion)
    assert (includes.negated, excludes.negated) == (False, True)


def test_semi_joins() -> None:
    semi, anti = (
        where("Id IN (SELECT WhoId FROM Task)"),
        where("Id NOT IN (SELECT WhoId FROM Task t WHERE t.Id = null)"),
    )
    assert isinstance(semi, tree.SemiJoin)
    assert isinstance(anti, tree.SemiJoin)
    assert (semi.negated, anti.negated, anti.query.source.text) == (False, True, "Task")


def test_conditions_nest_only_by_parentheses() -> None:
    chain = where("A = 1 AND B = 2 AND C = 3")
    assert isinstance(chain, tree.And)
    assert len(chain.terms) == 3
    mixed = where("A = 1 AND (B = 2 OR NOT C = 3)")
    assert isinstance(mixed, tree.And)
    either = mixed.terms[1]
    assert isinstance(either, tree.Or)
    assert isinstance(either.terms[1], tree.Not)
    assert where("((((A = 1))))") == tree.Comparison(
        tree.Path((tree.Name("A", 30),)), "=", tree.Literal("number", "1", 34)
    )  # fmt: skip


def test_not_takes_one_test() -> None:
    both = where("NOT A = 1 AND B = 2")
    assert isinstance(both, tree.And)
    assert isinstance(both.terms[0], tree.Not)


@pytest.mark.parametrize("name", ["Group", "Order", "Type", "Count", "Data", "View", "Update", "Rows", "By", "Offset"])
def test_words_that_are_also_names(name: str) -> None:
    query = parse(f"SELECT {name}, x.{name} FROM {name} WHERE {name} = 1 GROUP BY {name} ORDER BY {name}")
    assert query.source.text == name


@pytest.mark.parametrize(
    "word", ["FROM", "select", "Where", "AND", "or", "NOT", "LIKE", "in", "NULL", "LIMIT", "USING"]
)
def test_reserved_words_are_no_names(word: str) -> None:
    with pytest.raises(SoqlError, match=f"unexpected token: '{word}'"):
        parse(f"SELECT Id, {word} FROM Lead")


def test_trees_of_short_queries_are_kept() -> None:
    text = "SELECT Id FROM Lead WHERE Name = 'kept'"
    assert parse(text) is parse(text)
    long = f"SELECT Id FROM Lead WHERE Name IN ({', '.join(['null'] * 2000)})"
    assert parse(long) is not parse(long)


def test_a_hundred_thousand_characters_are_the_limit() -> None:
    text = "SELECT Id FROM Lead"
    parse(text.ljust(100_000))
    with pytest.raises(SoqlError, match="cannot be longer than 100000 characters") as refused:
        parse(text.ljust(100_001))
    assert refused.value.error_code == "MALFORMED_QUERY"
