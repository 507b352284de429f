"""The SQL behind queries: parameters only, one statement per level, and indexes where clients rely on them."""

# ruff: noqa: E501, ISC004 - a table of queries reads best with one case per line

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from actionsync_simulators.salesforce.soql import results


def steps(org: Any, query: str) -> list[str]:
    statement = org.compile(query).keys_statement
    explained = replace(statement, sql=f"EXPLAIN QUERY PLAN {statement.sql}")
    return [row[-1] for row in results.run(org.database, explained)]


ID, WHO = "00Q8d0000000001EAA", "00Q8d0000000001"


@pytest.mark.parametrize(
    ("query", "search"),
    [
        (f"SELECT Id FROM Lead WHERE Id = '{ID}'", "sqlite_autoindex_Lead_1 (Id=?)"),
        (f"SELECT Id FROM Lead WHERE Id IN ('{ID}', '{WHO}')", "sqlite_autoindex_Lead_1 (Id=?)"),
        (f"SELECT Id FROM Lead WHERE Id > '{ID}' ORDER BY Id LIMIT 2000", "sqlite_autoindex_Lead_1 (Id>?)"),
        ("SELECT Id FROM Lead WHERE Email = 'a@x'", "Lead.Email (Email=?)"),
        ("SELECT Id FROM Lead WHERE Email IN ('a@x', 'b@x')", "Lead.Email (Email=?)"),
        ("SELECT Id FROM Lead WHERE Email = 'a@x' AND IsConverted = false ORDER BY Name", "Lead.Email (Email=?)"),
        ("SELECT Id FROM Contact WHERE Code__c = 'x'", "Contact.Code__c (Code__c=?)"),
        (f"SELECT Id FROM Task WHERE WhoId = '{WHO}'", "Task.WhoId (WhoId=?)"),
        ("SELECT Id FROM Lead WHERE SystemModstamp >= 2024-01-01T00:00:00Z", "Lead.SystemModstamp (SystemModstamp>?)"),
        (
            "SELECT Id FROM Lead WHERE SystemModstamp >= 2024-01-01T00:00:00Z AND SystemModstamp < 2024-01-02T00:00:00Z"
            "  ORDER BY SystemModstamp ASC",
            "Lead.SystemModstamp (SystemModstamp>? AND SystemModstamp<?)",
        ),
        (
            "SELECT Id FROM Lead WHERE SystemModstamp >= 2024-01-01T00:00:00Z ORDER BY SystemModstamp, Id",
            "Lead.SystemModstamp (SystemModstamp>?)",
        ),
        ("SELECT Id FROM Lead WHERE SystemModstamp = TODAY", "Lead.SystemModstamp (SystemModstamp>? AND SystemModstamp<?)"),
        ("SELECT Id FROM Task WHERE WhoId IN (SELECT Id FROM Lead WHERE Email = 'a@x')", "Task.WhoId (WhoId=?)"),
        ("SELECT Id FROM Lead WHERE (Email = 'a@x' OR Email = 'b@x')", "Lead.Email (Email=?)"),
    ],
)  # fmt: skip
def test_an_index_leads_to_the_rows(org: Any, query: str, search: str) -> None:
    found = steps(org, query)
    assert any(re.match(rf"SEARCH t1 USING (COVERING )?INDEX {re.escape(search)}", step) for step in found), found


def test_parents_are_found_by_primary_key(org: Any) -> None:
    found = steps(org, "SELECT Id FROM Task WHERE Who.Name = 'x' AND Owner.Type = 'Queue' AND What.Name != null")
    assert sum("LEFT-JOIN" in step for step in found) == 5
    assert all("(Id=?)" in step for step in found if step.startswith("SEARCH t") and not step.startswith("SEARCH t1"))


def test_a_page_is_found_by_primary_key_and_needs_no_other_statement(org: Any) -> None:
    page = org.compile("SELECT Id, Who.Name, Owner.Name FROM Task").page
    rows = org.database.rows(f"EXPLAIN QUERY PLAN {page.statement.sql}", ("[]", *page.statement.params))
    assert rows[0]["detail"] == "SEARCH t1 USING INDEX sqlite_autoindex_Task_1 (Id=?)"
    assert page.children == ()


def test_children_are_found_by_their_lookup(org: Any) -> None:
    child = org.compile("SELECT (SELECT Id FROM Contacts) FROM Account").page.children[0].page.statement
    rows = org.database.rows(f"EXPLAIN QUERY PLAN {child.sql}", ("[]", *child.params))
    assert "Contact.AccountId (AccountId=?)" in rows[0]["detail"]


def test_values_are_parameters(org: Any) -> None:
    query = org.compile(
        "SELECT Id FROM Contact WHERE LastName = 'secret' AND Email IN ('secret') AND Name LIKE 'secret%'"
        " AND Interests__c INCLUDES ('secret') AND Account.Name != 'secret' LIMIT 77 OFFSET 78"
    )
    statement = query.keys_statement
    assert not re.search("secret|77|78", statement.sql)
    assert statement.params == ("secret", '["secret"]', "secret%", "secret", "secret", 77, 78)


def test_the_statement_does_not_depend_on_how_many_values_are_listed(org: Any) -> None:
    one = org.compile("SELECT Id FROM Lead WHERE Email IN ('a', 'b')").keys_statement.sql
    assert org.compile("SELECT Id FROM Lead WHERE Email IN ('a', 'b', 'c', 'd')").keys_statement.sql == one


def test_explain(org: Any) -> None:
    query = org.compile("SELECT Id FROM Contact WHERE Email = 'anna@x.example' LIMIT 1")
    assert query.explain(org.database) == {
        "plans": [
            {
                "cardinality": 1,
                "fields": ["Email"],
                "leadingOperationType": "Index",
                "notes": [],
                "relativeCost": 0.2,
                "sobjectCardinality": 5,
                "sobjectType": "Contact",
            }
        ],
        "sourceQuery": "SELECT Id FROM Contact WHERE Email = 'anna@x.example' LIMIT 1",
    }
    scan = org.compile("SELECT Id FROM Contact WHERE Name != 'x'").explain(org.database)["plans"][0]
    assert (scan["leadingOperationType"], scan["fields"], scan["relativeCost"]) == ("TableScan", [], 1.0)


def test_columns(org: Any) -> None:
    described = org.compile(
        "SELECT Id, LastName, Account.Owner.Name, (SELECT Subject FROM Tasks), HasOptedOutOfEmail, Score__c FROM Contact"
    ).columns()["columnMetadata"]
    assert described[0] == {
        "aggregate": False,
        "apexType": "Id",
        "booleanType": False,
        "columnName": "Id",
        "custom": False,
        "displayName": "Id",
        "foreignKeyName": None,
        "insertable": False,
        "joinColumns": [],
        "numberType": False,
        "textType": False,
        "updatable": False,
    }
    name, account, tasks, opted_out, score = described[1:]
    assert (name["textType"], name["insertable"], name["apexType"]) == (True, True, "String")
    assert (account["columnName"], account["foreignKeyName"]) == ("Account", "AccountId")
    owner = account["joinColumns"][0]
    assert (owner["columnName"], [column["columnName"] for column in owner["joinColumns"]]) == ("Owner", ["Name"])
    assert (tasks["aggregate"], [column["columnName"] for column in tasks["joinColumns"]]) == (True, ["Subject"])
    assert (opted_out["booleanType"], score["numberType"], score["custom"]) == (True, True, True)
    average = org.compile("SELECT AVG(Score__c), Owner.Name FROM Contact GROUP BY Owner.Name").columns()[
        "columnMetadata"
    ]
    assert (average[0]["columnName"], average[0]["displayName"]) == ("expr0", "avg(Score__c)")
    assert (average[0]["aggregate"], average[1]["columnName"]) == (True, "Name")
