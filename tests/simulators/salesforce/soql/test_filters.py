"""What conditions match, on rows whose answers are known by hand."""

from __future__ import annotations

from typing import Any

import pytest


def names(org: Any, condition: str, object_name: str = "Contact", field: str = "LastName") -> list[str]:
    found: list[str] = org.values(f"SELECT {field} FROM {object_name} WHERE {condition}")
    return found


A, B, C, D = "Ames", "Beck", "Cole", "D'Arc_100%"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # Text, without regard to case; a null is unequal to everything and neither above nor below
        ("LastName = 'ames'", [A]),
        ("Email = 'bert@x.example'", [B]),
        ("Email != 'ANNA@x.example'", [B, C, D]),
        ("FirstName > 'anna'", [B, C]),
        ("FirstName >= 'ANNA'", [A, B, C]),
        ("FirstName < 'b'", [A]),
        ("Email > ''", []),
        ("Email = null", [C]),
        ("Email != null", [A, B, D]),
        ("Email = ''", [C]),
        ("Email != ''", [A, B, D]),
        ("Email < null", []),
        ("NOT Email = 'anna@x.example'", [B, C, D]),
        ("NOT Email < 'b'", [B, C, D]),
        ("NOT (Email = null)", [A, B, D]),
        ("NOT (NOT Email < 'b')", [A]),
        # Escapes
        (r"LastName = 'D\'Arc_100%'", [D]),
        (r"LastName = '\u0041mes'", [A]),
        # LIKE
        ("LastName LIKE 'a%'", [A]),
        ("LastName LIKE '_e%'", [B]),
        ("LastName LIKE '%E%'", [A, B, C]),
        ("LastName LIKE 'ames_'", []),
        (r"LastName LIKE '%\_100\%'", [D]),
        (r"LastName LIKE 'A\_es'", []),
        (r"LastName LIKE 'D\'%'", [D]),
        ("Email LIKE '%'", [A, B, D]),
        ("NOT Email LIKE '%x.example'", [C, D]),
        # Lists
        ("Email IN ('anna@x.example', 'BERT@x.EXAMPLE', 'no@x')", [A, B]),
        ("Email NOT IN ('anna@x.example')", [B, C, D]),
        ("Email IN (null, 'd@y.example')", [C, D]),
        ("Email NOT IN (null, 'd@y.example')", [A, B]),
        ("Email IN ('')", [C]),
        # A case-sensitive external id
        ("Code__c = 'aB'", [A]),
        ("Code__c IN ('AB', 'X')", [B]),
        ("Code__c != 'aB'", [B, C, D]),
        ("Code__c LIKE 'ab'", [A, B]),
        # Numbers
        ("Score__c = 2", [B]),
        ("Score__c > -3.25", [A, B]),
        ("Score__c >= -3.25 AND Score__c < 2", [A, D]),
        ("Score__c IN (1.5, 2.0)", [A, B]),
        ("Score__c != 2", [A, C, D]),
        ("Score__c = null", [C]),
        ("Score__c = 15e-1", [A]),
        # Booleans are never null: null means false
        ("HasOptedOutOfEmail = true", [A]),
        ("HasOptedOutOfEmail != TRUE", [B, C, D]),
        ("HasOptedOutOfEmail = null", [B, C, D]),
        ("HasOptedOutOfEmail != null", [A]),
        ("HasOptedOutOfEmail IN (true, false)", [A, B, C, D]),
        # Dates
        ("Birthdate = 1990-02-03", [A]),
        ("Birthdate > 1990-02-03", [C]),
        ("Birthdate <= 1990-02-03", [A, D]),
        ("Birthdate != 1990-02-03", [B, C, D]),
        ("Birthdate IN (1990-02-03, 1985-12-31)", [A, D]),
        # Multi-select picklists
        ("Interests__c INCLUDES ('red')", [A, D]),
        ("Interests__c INCLUDES ('Red;Blue')", [A]),
        ("Interests__c INCLUDES ('Blue;Red', 'Green')", [A, B]),
        ("Interests__c INCLUDES ('Re')", []),
        ("Interests__c EXCLUDES ('Red')", [B, C]),
        ("Interests__c EXCLUDES ('Red;Blue')", [B, C, D]),
        ("Interests__c = 'Red;Blue'", [A]),
        ("Interests__c INCLUDES (null, 'Green')", [B, C]),
        # Combinations
        ("LastName = 'Ames' OR Email = null", [A, C]),
        ("NOT (LastName = 'Ames' OR Email = null)", [B, D]),
        ("(Email != null AND Score__c > 0) OR Birthdate = 1985-12-31", [A, B, D]),
        ("NOT (Score__c > 0 AND Email != null)", [C, D]),
    ],
)
def test_conditions(org: Any, condition: str, expected: list[str]) -> None:
    assert names(org, condition) == expected


def test_ids_compare_on_their_first_15_characters(org: Any) -> None:
    full = org.id("Contact", 2)
    for written in (full, full[:15]):
        assert names(org, f"Id = '{written}'") == [B]
        assert names(org, f"Id IN ('{written}', null)") == [B]
        assert names(org, f"Id != '{written}'") == [A, C, D]
        assert names(org, f"ReportsToId = '{written}'") == [C]
    assert names(org, f"Id > '{full}'") == [C, D]
    assert names(org, f"ReportsToId != '{full}'") == [A, B, D]
    assert names(org, f"ReportsToId NOT IN ('{full}')") == [A, B, D]
    assert names(org, "AccountId = ''") == [D]
    assert names(org, f"Id = '{org.id('Lead', 1)}'") == []


def test_ids_are_case_sensitive(empty_org: Any) -> None:
    lower, upper = "001000000000abc", "001000000000ABC"
    from actionsync_simulators.salesforce.gateway.ids import full_id

    for name, record in (("lower", lower), ("upper", upper)):
        empty_org.database.execute(
            'INSERT INTO "Account" ("Id", "Name", "IsDeleted") VALUES (?, ?, 0)', (full_id(record), name)
        )
    assert empty_org.values(f"SELECT Name FROM Account WHERE Id = '{upper}'") == ["upper"]
    assert empty_org.values(f"SELECT Name FROM Account WHERE Id IN ('{lower}')") == ["lower"]


def test_deleted_rows_and_archived_activities(org: Any) -> None:
    assert org.count("SELECT COUNT() FROM Contact") == 4
    assert org.count("SELECT COUNT() FROM Contact", include_deleted=True) == 5
    assert org.count("SELECT COUNT() FROM Contact ALL ROWS") == 5
    assert org.values("SELECT LastName FROM Contact WHERE IsDeleted = true", include_deleted=True) == ["Deleted"]
    assert org.values("SELECT LastName FROM Contact WHERE IsDeleted = true") == []
    assert org.count("SELECT COUNT() FROM Task") == 5
    assert org.values("SELECT Subject FROM Task WHERE IsArchived = true", include_deleted=True) == ["Old"]


def test_order(org: Any) -> None:
    def ordered(order: str) -> list[Any]:
        found: list[Any] = org.values(f"SELECT FirstName FROM Contact ORDER BY {order}")
        return found

    assert ordered("FirstName") == [None, "Anna", "Bert", "Cleo"]
    assert ordered("FirstName ASC NULLS LAST") == ["Anna", "Bert", "Cleo", None]
    assert ordered("FirstName DESC") == [None, "Cleo", "Bert", "Anna"]
    assert ordered("FirstName DESC NULLS LAST") == ["Cleo", "Bert", "Anna", None]
    assert ordered("HasOptedOutOfEmail DESC, Score__c NULLS LAST") == ["Anna", None, "Bert", "Cleo"]
    assert ordered("Account.Name DESC NULLS LAST, Id DESC") == ["Cleo", "Bert", "Anna", None]


def test_text_sorts_without_regard_to_case(empty_org: Any) -> None:
    for serial, name in enumerate(["b", "A", "a", "B"], 1):
        empty_org.insert("Account", serial, Name=name)
    assert empty_org.values("SELECT Name FROM Account ORDER BY Name") == ["A", "a", "b", "B"]
    assert empty_org.values("SELECT Name FROM Account ORDER BY Name DESC") == ["b", "B", "A", "a"]


def test_without_an_order_rows_come_by_id(org: Any) -> None:
    org.database.execute("DELETE FROM Contact WHERE LastName = 'Ames'")
    org.insert("Contact", 1, LastName="Again", OwnerId=org.id("User", 1), Email="z@z.example")
    assert org.values("SELECT LastName FROM Contact") == ["Again", B, C, D]
    owner = org.id("User", 1)
    assert org.values(f"SELECT LastName FROM Contact WHERE OwnerId = '{owner}'") == ["Again", B, C, D]


def test_limit_and_offset(org: Any) -> None:
    assert org.values("SELECT LastName FROM Contact LIMIT 2") == [A, B]
    assert org.values("SELECT LastName FROM Contact LIMIT 2 OFFSET 1") == [B, C]
    assert org.values("SELECT LastName FROM Contact OFFSET 3") == [D]
    assert org.values("SELECT LastName FROM Contact LIMIT 0") == []
    assert org.count("SELECT COUNT() FROM Contact LIMIT 3") == 3
    assert org.count("SELECT COUNT() FROM Contact LIMIT 3 OFFSET 2") == 2
    assert org.count("SELECT COUNT() FROM Contact WHERE Email != null ORDER BY Name") == 3


def test_semi_and_anti_joins(org: Any) -> None:
    assert names(org, "Id IN (SELECT WhoId FROM Task)") == [A, B]
    assert names(org, "Id NOT IN (SELECT WhoId FROM Task)") == [C, D]
    assert names(org, "Id IN (SELECT WhoId FROM Task WHERE Subject LIKE 'email: r%') AND Score__c > 0") == [B]
    assert names(org, "AccountId IN (SELECT Id FROM Account WHERE Name = 'ACME')") == [A, B]
    assert names(org, "AccountId NOT IN (SELECT Id FROM Account WHERE Name = 'ACME')") == [C, D]
    assert names(org, "AccountId IN (SELECT WhatId FROM Task t WHERE t.Owner.Type = 'Queue')") == [C]
    assert names(org, "Name != null AND Id IN (SELECT WhoId FROM Task)", "Lead") == ["Lane"]
    assert names(org, "WhoId IN (SELECT Id FROM Lead)", "Task", "Subject") == ["Call"]


def test_inner_queries_see_deleted_rows_only_in_query_all(org: Any) -> None:
    gone = org.id("Account", 3)
    org.database.execute("UPDATE Contact SET AccountId = ? WHERE LastName = 'Cole'", (gone,))
    query = "SELECT LastName FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Name = 'Gone')"
    assert org.values(query) == []
    assert org.values(query, include_deleted=True) == [C]


def test_scope_mine_is_what_the_running_user_owns(org: Any) -> None:
    assert org.values("SELECT Name FROM Account USING SCOPE mine") == ["Acme"]
    assert org.values("SELECT Name FROM Account USING SCOPE mine WHERE Name = 'x'") == []
    assert org.values("SELECT Name FROM Account USING SCOPE everything") == ["Acme", "acme sub"]


def test_currency_literals_count_as_numbers(org: Any) -> None:
    assert org.values("SELECT Name FROM Account WHERE AnnualRevenue > USD500.25") == ["Acme"]
    assert org.values("SELECT Name FROM Account WHERE AnnualRevenue = 200") == ["acme sub"]


def test_text_that_looks_like_sql_is_only_text(org: Any) -> None:
    assert names(org, r"LastName = '\' OR 1=1 --'") == []
    assert names(org, r"LastName IN ('\') OR (1=1', '\"')") == []
    assert names(org, "LastName LIKE '%;DROP TABLE Contact;%'") == []


def test_labels_can_be_compared(org: Any) -> None:
    assert names(org, "toLabel(Status) = 'offen'", "Lead") == ["Lane"]
    assert names(org, "toLabel(Status) = 'Open'", "Lead") == []
    assert names(org, "toLabel(Status) IN ('Closed', 'x')", "Lead") == ["Moor"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("LastName = 'ämne'", ["ÄMNE", "Ämne"]),
        ("LastName != 'ÄMNE'", ["Ames", "Zoe"]),
        ("LastName IN ('äMNE', 'zoe')", ["ÄMNE", "Ämne", "Zoe"]),
        ("LastName LIKE 'äm%'", ["ÄMNE", "Ämne"]),
        ("LastName LIKE '_MNE'", ["ÄMNE", "Ämne"]),
        ("LastName > 'zz'", ["ÄMNE", "Ämne"]),
        ("LastName < 'ä'", ["Ames", "Zoe"]),
        ("Code__c = 'ä'", []),
        ("Code__c = 'Ä'", ["ÄMNE"]),
    ],
)
def test_letters_outside_ascii_have_no_case_either(empty_org: Any, condition: str, found: list[str]) -> None:
    for serial, (name, code) in enumerate([("ÄMNE", "Ä"), ("Ämne", None), ("Ames", None), ("Zoe", None)], 1):
        empty_org.insert("Contact", serial, LastName=name, Name=name, Code__c=code)
    assert empty_org.values(f"SELECT LastName FROM Contact WHERE {condition}") == found
    assert empty_org.values("SELECT LastName FROM Contact ORDER BY LastName DESC, Id") == [
        "ÄMNE",
        "Ämne",
        "Zoe",
        "Ames",
    ]
    groups = empty_org.groups("SELECT LastName, COUNT(Id) n FROM Contact GROUP BY LastName")
    assert [row["n"] for row in groups] == [1, 1, 2]


def test_the_greatest_text_is_found_without_regard_to_case(empty_org: Any) -> None:
    for serial, name in enumerate(["Öl", "ÄL", "ä", "Ö"], 1):
        empty_org.insert("Contact", serial, LastName=name, Name=name)
    total = empty_org.groups("SELECT MIN(LastName) a, MAX(LastName) z FROM Contact")[0]
    assert (total["a"], total["z"]) == ("ä", "Öl")
