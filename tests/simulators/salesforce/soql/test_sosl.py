"""SOSL: what is found where, and in which words a search is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.soql import SoqlError
from actionsync_simulators.salesforce.soql.search_terms import AllTerms, AnyTerm, Term, parse_terms
from actionsync_simulators.salesforce.soql.sosl import Search, compile_search


def compiled(org: Any, text: str) -> Search:
    return compile_search(
        text,
        schema=org.schema,
        access=org.access,
        now=datetime(2024, 3, 15, 12, tzinfo=UTC),
        timezone=org.timezone,
        user_id=org.id("User", 1),
    )


def found(org: Any, text: str) -> list[dict[str, Any]]:
    return compiled(org, text).records(org.database, version="v60.0")


def names(org: Any, text: str) -> list[Any]:
    return [list(record.values())[1] for record in found(org, text)]


def contacts(org: Any, terms: str, group: str = "ALL") -> list[Any]:
    return names(org, f"FIND {{{terms}}} IN {group} FIELDS RETURNING Contact(LastName)")


A, B, C, D = "Ames", "Beck", "Cole", "D'Arc_100%"


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ("ames", [A]),
        ("AM", [A]),
        ("mes", []),
        ("a", []),
        ("anna ames", [A]),
        ("anna AND beck", []),
        ("anna or BERT", [A, B]),
        ("anna OR (cleo AND cole) OR nobody", [A, C]),
        ("x.example AND NOT anna", [B]),
        ('"anna ames"', [A]),
        ('"ames anna"', []),
        ('"anna am"', []),
        ('"anna" OR "bert beck"', [A, B]),
        ("be*k", [B]),
        ("*mes", [A]),
        ("a?es", [A]),
        ("a?s", []),
        ("anna@x.example", [A]),
        (r"D\'Arc_100\%", [D]),
        ("arc_1", [D]),
        ("a***************************************b", [A, B]),
    ],
)
def test_terms(org: Any, terms: str, expected: list[str]) -> None:
    assert contacts(org, terms) == expected


def test_groups_of_fields(org: Any) -> None:
    assert contacts(org, "x.example", "EMAIL") == [A, B]
    assert contacts(org, "x.example", "NAME") == []
    assert contacts(org, "anna", "NAME") == [A]
    assert contacts(org, "anna", "PHONE") == []
    assert contacts(org, "anna", "SIDEBAR") == [A]


def test_the_group_is_all_unless_named(org: Any) -> None:
    assert names(org, "FIND {bert} RETURNING Contact(LastName)") == [B]


def test_letters_outside_ascii_are_found_without_regard_to_case(org: Any) -> None:
    org.insert("Contact", 9, LastName="ÜBER", Name="ÜBER", OwnerId=org.id("User", 1))
    assert contacts(org, "über") == ["ÜBER"]


def test_objects_are_returned_in_the_order_asked_for(org: Any) -> None:
    records = found(org, "FIND {re* OR inbound OR rep} RETURNING Task(Subject), User(Id, Name), Group")
    assert [record["attributes"]["type"] for record in records] == ["Task", "User", "User", "Group"]
    assert list(records[1]) == ["attributes", "Id", "Name"]
    assert list(records[3]) == ["attributes", "Id"]
    assert records[0] == {
        "attributes": {"type": "Task", "url": f"/services/data/v60.0/sobjects/Task/{org.id('Task', 3)}"},
        "Subject": "Email: Re",
    }


def test_without_returning_every_object_is_searched_for_ids(org: Any) -> None:
    records = found(org, "FIND {acme}")
    assert [record["Id"] for record in records] == [org.id("Account", 1), org.id("Account", 2)]
    assert all(set(record) == {"attributes", "Id"} for record in records)


def test_what_is_returned_can_be_filtered_sorted_and_limited(org: Any) -> None:
    def returned(rest: str) -> list[dict[str, Any]]:
        return found(org, f"FIND {{x.example OR y.example}} RETURNING Contact(LastName{rest})")

    def last_names(rest: str) -> list[str]:
        return [record["LastName"] for record in returned(rest)]

    assert last_names("") == [A, B, D]
    assert last_names(" WHERE HasOptedOutOfEmail = false") == [B, D]
    assert last_names(" WHERE LastName = 'Ames' OR Score__c < 0") == [A, D]
    assert last_names(" ORDER BY LastName DESC LIMIT 2") == [D, B]
    assert last_names(" ORDER BY LastName LIMIT 1 OFFSET 1") == [B]
    assert returned(", Account.Name, toLabel(Title)")[0]["Account"]["Name"] == "Acme"


def test_the_limit_of_the_search_counts_all_objects(org: Any) -> None:
    def limited(limit: int) -> list[Any]:
        returning = "RETURNING Account(Name), User(Name) WITH SECURITY_ENFORCED"
        return names(org, f"FIND {{rep OR acme}} {returning} LIMIT {limit} UPDATE TRACKING, VIEWSTAT")

    assert limited(3) == ["Acme", "acme sub", "Ada Rep"]
    assert limited(1) == ["Acme"]
    assert limited(9999) == ["Acme", "acme sub", "Ada Rep", "Bo Rep"]


def test_deleted_rows_and_hidden_fields_are_not_found(org: Any) -> None:
    assert contacts(org, "deleted") == []
    org.access = Access(hidden=frozenset({("Contact", "Email")}))
    assert contacts(org, "x.example") == []


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("FIND Acme", "MALFORMED_SEARCH", "No search term found. The search term must be enclosed in braces."),
        ("FIND {}", "MALFORMED_SEARCH", "No search term found. The search term must be enclosed in braces."),
        ("FIND { * }", "MALFORMED_SEARCH", "No search term found. The search term must be enclosed in braces."),
        ("FIND", "MALFORMED_SEARCH", "No search term found. The search term must be enclosed in braces."),
        (
            "FIND {ab AND}",
            "MALFORMED_SEARCH",
            "\nFIND {ab AND}\n      ^\nERROR at Row:1:Column:7\nInvalid search term: ab AND",
        ),
        (
            "FIND {ab} IN SOME FIELDS",
            "MALFORMED_SEARCH",
            "\nFIND {ab} IN SOME FIELDS\n             ^\nERROR at Row:1:Column:14\nunexpected token: 'SOME'",
        ),
    ],
)
def test_refused(org: Any, text: str, code: str, message: str) -> None:
    with pytest.raises(SoqlError) as refused:
        compiled(org, text)
    assert (refused.value.error_code, refused.value.message) == (code, message)


@pytest.mark.parametrize(
    ("returned", "code", "column", "reason"),
    [
        ("Contact(COUNT(Id))", "MALFORMED_SEARCH", 29, "Aggregate functions are not supported in a search"),
        ("Profile", "INVALID_TYPE", 21, "entity type Profile does not support search"),
        ("TaskStatus", "INVALID_TYPE", 21, "sObject type 'TaskStatus' is not supported."),
        ("Contact(Nope)", "INVALID_FIELD", 29, "No such column 'Nope' on entity 'Contact'."),
        ("Contact(Id WHERE Id = 'x')", "INVALID_QUERY_FILTER_OPERATOR", 38, "invalid ID field: x"),
        ("Contact()", "MALFORMED_SEARCH", 29, "unexpected token: ')'"),
    ],
)
def test_what_cannot_be_returned(org: Any, returned: str, code: str, column: int, reason: str) -> None:
    with pytest.raises(SoqlError) as refused:
        compiled(org, f"FIND {{ab}} RETURNING {returned}")
    assert refused.value.error_code == code
    assert f"Row:1:Column:{column}\n{reason}" in refused.value.message


def test_the_tree_of_terms() -> None:
    assert parse_terms("ab") == Term(r"(?<!\w)ab", "ab")
    assert parse_terms("x") == Term("", "")
    assert parse_terms(" . ") is None
    assert parse_terms("ab cd OR ef") == AnyTerm(
        (AllTerms((Term(r"(?<!\w)ab", "ab"), Term(r"(?<!\w)cd", "cd")), ()), Term(r"(?<!\w)ef", "ef"))
    )
    assert parse_terms('ab AND NOT "c d"') == AllTerms((Term(r"(?<!\w)ab", "ab"),), (Term(r"(?<!\w)c\W+d(?!\w)", "c"),))
