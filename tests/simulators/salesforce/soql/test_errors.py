"""Every refusal with the vendor's code and whole message."""

# ruff: noqa: E501, ISC004 - a table of queries and whole messages reads best with one case per line

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.soql import SoqlError

COLUMN_HINT = (
    ". If you are attempting to use a custom field, be sure to append the '__c' after the custom field name."
    " Please reference your WSDL or the describe call for the appropriate names."
)
PARENT_HINT = (
    " in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom"
    " relationship name. Please reference your WSDL or the describe call for the appropriate names."
)
CHILD_HINT = (
    " in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r'"
    " after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
)
OBJECT_HINT = (
    " is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity"
    " name. Please reference your WSDL or the describe call for the appropriate names."
)


def refusal(org: Any, query: str) -> SoqlError:
    with pytest.raises(SoqlError) as refused:
        org.compile(query)
    return refused.value


# Query, error code, column of the caret (None: no picture), reason. All queries here are short enough to be
# shown whole.
CASES: list[tuple[str, str, int | None, str]] = [
    # Syntax
    ("SELEKT Id FROM Lead", "MALFORMED_QUERY", None, "unexpected token: SELEKT"),
    ("", "MALFORMED_QUERY", None, "SOQL statements cannot be empty or null"),
    (" \n ", "MALFORMED_QUERY", None, "SOQL statements cannot be empty or null"),
    ("SELECT Id, FROM Account", "MALFORMED_QUERY", 12, "unexpected token: 'FROM'"),
    ("SELECT FROM Account", "MALFORMED_QUERY", 8, "unexpected token: 'FROM'"),
    ("SELECT Id FROM", "MALFORMED_QUERY", 15, "unexpected token: '<EOF>'"),
    ("SELECT Id FROM Lead WHERE", "MALFORMED_QUERY", 26, "unexpected token: '<EOF>'"),
    ("SELECT Id FROM Lead WHERE Name", "MALFORMED_QUERY", 31, "unexpected token: '<EOF>'"),
    ("SELECT Id FROM Lead LIMIT x", "MALFORMED_QUERY", 27, "unexpected token: 'x'"),
    ("SELECT Id FROM Lead LIMIT -1", "MALFORMED_QUERY", 27, "unexpected token: '-1'"),
    ("SELECT Id FROM Lead l m", "MALFORMED_QUERY", 23, "unexpected token: 'm'"),
    ("SELECT Id FROM Lead LIMIT 1 WHERE Id = null", "MALFORMED_QUERY", 29, "unexpected token: 'WHERE'"),
    ("SELECT Id FROM Lead WHERE Name = foo", "MALFORMED_QUERY", 34, "unexpected token: 'foo'"),
    ("SELECT Id FROM Lead WHERE Id IN ()", "MALFORMED_QUERY", 34, "unexpected token: ')'"),
    ("SELECT Id FROM Lead USING SCOPE team", "MALFORMED_QUERY", 33, "Using Scope: 'team' is not supported for Lead"),
    ("SELECT FOO(Id) FROM Lead", "MALFORMED_QUERY", 11, "unexpected token: '('"),
    ("SELECT Id FROM Lead WHERE Id = :x", "MALFORMED_QUERY", 32, "Bind variables only allowed in Apex code"),
    ("SELECT Id FROM Lead WHERE Id IN :x", "MALFORMED_QUERY", 33, "Bind variables only allowed in Apex code"),
    ("SELECT Id FROM Lead LIMIT :x", "MALFORMED_QUERY", 27, "Bind variables only allowed in Apex code"),
    # Names
    ("SELECT Bacon__c FROM Account LIMIT 2", "INVALID_FIELD", 8, f"No such column 'Bacon__c' on entity 'Account'{COLUMN_HINT}"),
    ("SELECT Id FROM account WHERE nope = 1", "INVALID_FIELD", 30, f"No such column 'nope' on entity 'Account'{COLUMN_HINT}"),
    ("SELECT Id FROM Lead ORDER BY Nope", "INVALID_FIELD", 30, f"No such column 'Nope' on entity 'Lead'{COLUMN_HINT}"),
    ("SELECT Account.Nope FROM Contact", "INVALID_FIELD", 8, f"No such column 'Nope' on entity 'Account'{COLUMN_HINT}"),
    ("SELECT Owner.Company FROM Lead", "INVALID_FIELD", 8, f"No such column 'Company' on entity 'Name'{COLUMN_HINT}"),
    ("SELECT Nope.Name FROM Lead", "INVALID_FIELD", 8, f"Didn't understand relationship 'Nope'{PARENT_HINT}"),
    ("SELECT Account.Nope.Id FROM Contact", "INVALID_FIELD", 8, f"Didn't understand relationship 'Nope'{PARENT_HINT}"),
    ("SELECT Name FROM InvalidObject", "INVALID_TYPE", 18, f"sObject type 'InvalidObject'{OBJECT_HINT}"),
    ("SELECT (SELECT Id FROM Nopes) FROM Account", "INVALID_TYPE", 24, f"Didn't understand relationship 'Nopes'{CHILD_HINT}"),
    ("SELECT Name n FROM Lead", "MALFORMED_QUERY", 13, "only aggregate expressions use field aliasing"),
    ("SELECT Status, toLabel(Status) FROM Lead", "MALFORMED_QUERY", 16, "duplicate alias: Status"),
    # Types of literals
    (
        "SELECT Id FROM Lead WHERE CreatedDate = '2024-01-01'", "INVALID_FIELD", 27,
        "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
    ),
    (
        "SELECT Id FROM Lead WHERE CreatedDate > 2024-01-01", "INVALID_FIELD", 27,
        "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
    ),
    (
        "SELECT Id FROM Task WHERE ActivityDate = 2024-01-01T00:00:00Z", "INVALID_FIELD", 27,
        "value of filter criterion for field 'ActivityDate' must be of type date and should not be enclosed in quotes",
    ),
    (
        "SELECT Id FROM Task WHERE CallDurationInSeconds = '5'", "INVALID_FIELD", 27,
        "value of filter criterion for field 'CallDurationInSeconds' must be of type int and should not be enclosed in"
        " quotes",
    ),
    (
        "SELECT Id FROM Account WHERE AnnualRevenue IN (1, '5')", "INVALID_FIELD", 30,
        "value of filter criterion for field 'AnnualRevenue' must be of type double and should not be enclosed in"
        " quotes",
    ),
    (
        "SELECT Id FROM Lead WHERE IsConverted = 'true'", "INVALID_FIELD", 27,
        "value of filter criterion for field 'IsConverted' must be of type boolean and should not be enclosed in quotes",
    ),
    (
        "SELECT Id FROM Lead WHERE Name = 5", "INVALID_FIELD", 27,
        "value of filter criterion for field 'Name' must be of type string and should be enclosed in quotes",
    ),
    (
        "SELECT Id FROM Lead WHERE Name LIKE null", "INVALID_FIELD", 27,
        "value of filter criterion for field 'Name' must be of type string and should be enclosed in quotes",
    ),
    ("SELECT Id FROM Task WHERE ActivityDate = 2024-02-30", "MALFORMED_QUERY", 42, "Invalid date: 2024-02-30"),
    ("SELECT Id FROM Lead WHERE CreatedDate < 2024-01-01T25:00:00Z", "MALFORMED_QUERY", 41, "Invalid dateTime: 2024-01-01T25:00:00Z"),
    ("SELECT Id FROM Lead WHERE CreatedDate = LAST_N_YEARS:9999", "MALFORMED_QUERY", 41, "Invalid dateTime: LAST_N_YEARS:9999"),
    # Operators
    ("SELECT Id FROM Lead WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", 27, "invalid ID field: abc"),
    ("SELECT Id FROM Lead WHERE OwnerId IN ('00Q8d000004XyZaAAA')", "INVALID_QUERY_FILTER_OPERATOR", 27, "invalid ID field: 00Q8d000004XyZaAAA"),
    ("SELECT Id FROM Lead WHERE Id LIKE '00Q%'", "INVALID_QUERY_FILTER_OPERATOR", 27, "invalid operator on id field"),
    ("SELECT Id FROM Lead WHERE CreatedDate LIKE '2024%'", "INVALID_QUERY_FILTER_OPERATOR", 27, "invalid operator on datetime field"),
    ("SELECT Id FROM Lead WHERE IsConverted > FALSE", "INVALID_QUERY_FILTER_OPERATOR", 27, "invalid operator on boolean field"),
    ("SELECT Id FROM Lead WHERE Name INCLUDES ('x')", "INVALID_QUERY_FILTER_OPERATOR", 27, "includes operator only valid on multipicklist field"),
    ("SELECT Id FROM Lead WHERE Name EXCLUDES ('x')", "INVALID_QUERY_FILTER_OPERATOR", 27, "excludes operator only valid on multipicklist field"),
    # Fields that cannot be filtered, sorted, grouped
    ("SELECT Id FROM Task WHERE Description = 'x'", "INVALID_FIELD", 27, "field 'Description' can not be filtered in a query call"),
    ("SELECT Id FROM Task ORDER BY Description", "INVALID_FIELD", 30, "field 'Description' can not be sorted in a query call"),
    ("SELECT COUNT(Id) FROM Task GROUP BY Description", "INVALID_FIELD", 37, "field 'Description' can not be grouped in a query call"),
    ("SELECT COUNT(Id) FROM Task GROUP BY CreatedDate", "INVALID_FIELD", 37, "field 'CreatedDate' can not be grouped in a query call"),
    ("SELECT Id FROM Account WHERE BillingAddress = 'x'", "INVALID_FIELD", 30, "Address fields can only be filtered using Distance expressions"),
    # Aggregates
    ("SELECT Name, COUNT(Id) FROM Lead", "MALFORMED_QUERY", 8, "Field must be grouped or aggregated: Name"),
    ("SELECT Name FROM Lead GROUP BY Company", "MALFORMED_QUERY", 8, "Field must be grouped or aggregated: Name"),
    ("SELECT Company FROM Lead GROUP BY Company HAVING Name = 'x'", "MALFORMED_QUERY", 50, "Field must be grouped or aggregated: Name"),
    ("SELECT Company FROM Lead GROUP BY Company ORDER BY Name", "MALFORMED_QUERY", 52, "Ordered field must be grouped or aggregated: Name"),
    ("SELECT COUNT(Company) FROM Lead GROUP BY Company", "MALFORMED_QUERY", 8, "Grouped field should not be aggregated: Company"),
    ("SELECT SUM(Name) FROM Lead", "MALFORMED_QUERY", 8, "field Name does not support aggregate operator SUM"),
    ("SELECT COUNT(IsConverted) FROM Lead", "MALFORMED_QUERY", 8, "field IsConverted does not support aggregate operator COUNT"),
    ("SELECT MAX(Description) FROM Task", "MALFORMED_QUERY", 8, "field Description does not support aggregate operator MAX"),
    ("SELECT COUNT(Id) n, MAX(Name) n FROM Lead", "MALFORMED_QUERY", 21, "duplicate alias: n"),
    ("SELECT COUNT(), Id FROM Lead", "MALFORMED_QUERY", 8, "COUNT() must be the only selected item; use COUNT(Id)"),
    ("SELECT Id FROM Lead WHERE COUNT(Id) > 1", "MALFORMED_QUERY", 32, "unexpected token: '('"),
    ("SELECT Id FROM Lead ORDER BY COUNT(Id)", "MALFORMED_QUERY", 30, "Ordered field must be grouped or aggregated: COUNT(Id)"),
    ("SELECT DAY_ONLY(CreatedDate) FROM Lead", "MALFORMED_QUERY", 8, "Field must be grouped or aggregated: DAY_ONLY(CreatedDate)"),
    ("SELECT HOUR_IN_DAY(ActivityDate), COUNT(Id) FROM Task", "INVALID_FIELD", 8, "field ActivityDate of type date cannot be used with HOUR_IN_DAY"),
    ("SELECT (SELECT COUNT(Id) FROM Contacts) FROM Account", "MALFORMED_QUERY", 16, "only root queries support aggregate expressions"),
    ("SELECT COUNT(Id), (SELECT Id FROM Contacts) FROM Account", "MALFORMED_QUERY", 8, "only root queries support aggregate expressions"),
    ("SELECT Company FROM Lead GROUP BY Company HAVING Company IN (SELECT Id FROM Task)", "MALFORMED_QUERY", 50, "Semi-joins are only supported in WHERE clauses"),
    ("SELECT DAY_ONLY(convertTimezone(ActivityDate)) FROM Task", "INVALID_FIELD", 17, "field ActivityDate of type date cannot be used with convertTimezone"),
    ("SELECT convertCurrency(Name) FROM Account", "INVALID_FIELD", 8, "field Name of type string cannot be used with convertCurrency"),
    ("SELECT FOO() FROM Lead", "MALFORMED_QUERY", 11, "unexpected token: '('"),
    # Sub-selects
    (
        "SELECT Id FROM Lead WHERE Id IN (SELECT Id FROM Lead)", "MALFORMED_QUERY", 27,
        "The inner and outer selects should not be on the same object type",
    ),
    (
        "SELECT Id FROM Lead WHERE Id IN (SELECT Id FROM Contact)", "MALFORMED_QUERY", 27,
        "The selected field 'Id' in the subquery and the left operand field in the where expression in the outer query"
        " 'Id' should point to the same object type",
    ),
    (
        "SELECT Id FROM Lead WHERE Name IN (SELECT Id FROM Task)", "MALFORMED_QUERY", 27,
        "semi join sub selects can only query id fields, cannot use: 'Name'",
    ),
    (
        "SELECT Id FROM Lead WHERE Id IN (SELECT Subject FROM Task)", "MALFORMED_QUERY", 41,
        "semi join sub selects can only query id fields, cannot use: 'Subject'",
    ),
    (
        "SELECT Id FROM Contact WHERE Account.Id IN (SELECT Id FROM Account)", "MALFORMED_QUERY", 30,
        "semi join sub-selects cannot use relationship fields: 'Account.Id'",
    ),
    (
        "SELECT Id FROM Account WHERE Id IN (SELECT ReportsTo.AccountId FROM Contact)", "MALFORMED_QUERY", 44,
        "semi join sub-selects cannot use relationship fields: 'ReportsTo.AccountId'",
    ),
    (
        "SELECT Id FROM Lead WHERE Name = 'x' OR Id IN (SELECT WhoId FROM Task)", "MALFORMED_QUERY", 41,
        "Semi join sub-selects are not allowed with the 'OR' operator",
    ),
    (
        "SELECT Id FROM Lead WHERE NOT Id IN (SELECT WhoId FROM Task)", "MALFORMED_QUERY", 31,
        "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions",
    ),
    (
        "SELECT Id FROM Lead WHERE Id IN (SELECT WhoId, Id FROM Task)", "MALFORMED_QUERY", 41,
        "Semi join sub-selects must select exactly one field",
    ),
    (
        "SELECT Id FROM Lead WHERE Id IN (SELECT WhoId FROM Task LIMIT 1)", "MALFORMED_QUERY", 41,
        "Semi join sub-selects can only have a WHERE clause",
    ),
    # FIELDS, OFFSET
    ("SELECT FIELDS(ALL) FROM Lead", "MALFORMED_QUERY", 8, "The SOQL FIELDS function must have a LIMIT of at most 200"),
    ("SELECT FIELDS(CUSTOM) FROM Lead LIMIT 201", "MALFORMED_QUERY", 8, "The SOQL FIELDS function must have a LIMIT of at most 200"),
    ("SELECT FIELDS(SOME) FROM Lead LIMIT 1", "MALFORMED_QUERY", 8, "unexpected token: 'FIELDS(SOME)'"),
    ("SELECT Id FROM Lead OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", None, "Maximum SOQL offset allowed is 2000"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "code", "column", "reason"), CASES, ids=[case[0][:60] for case in CASES])
def test_refused(org: Any, query: str, code: str, column: int | None, reason: str) -> None:
    refused = refusal(org, query)
    assert refused.error_code == code
    if column is None:
        assert refused.message == reason
    else:
        head, caret, where, told = refused.message[1:].split("\n")
        assert query[column - 1 :].startswith(head[len(caret) - 1 :].split(" ", maxsplit=1)[0])
        assert caret.strip() == "^"
        assert where == f"ERROR at Row:1:Column:{column}"
        assert told == reason


def test_two_grouped_fields_of_one_name_need_an_alias(org: Any) -> None:
    query = "SELECT Owner.Name, Account.Name{} FROM Contact GROUP BY Owner.Name, Account.Name"
    assert refusal(org, query.format("")).message.endswith("duplicate alias: Name")
    assert set(org.groups(query.format(" a"))[0]) == {"attributes", "Name", "a"}


def test_the_picture_of_a_short_query_is_the_whole_query(org: Any) -> None:
    assert refusal(org, "SELECT Bacon__c FROM Account LIMIT 2").message == (
        "\nSELECT Bacon__c FROM Account LIMIT 2\n       ^\nERROR at Row:1:Column:8\n"
        f"No such column 'Bacon__c' on entity 'Account'{COLUMN_HINT}"
    )


def test_the_picture_of_a_long_query_is_a_window_of_whole_words(org: Any) -> None:
    assert refusal(org, "SELECT a.Id, a.Name FROM Account a WHERE Idd='00111000002zYnu'").message.startswith(
        "\na.Id, a.Name FROM Account a WHERE Idd='00111000002zYnu'\n"
        "                                  ^\nERROR at Row:1:Column:42\nNo such column 'Idd'"
    )
    names = ", ".join(["Name"] * 20)
    picture = refusal(org, f"SELECT {names}, Nope, {names} FROM Lead").message.split("\n")
    assert picture[1] == ("Name, Name, Name, Name, Name, Name, Nope, Name, Name, Name, Name, Name,")
    assert picture[2].index("^") == picture[1].index("Nope")
    assert picture[3] == "ERROR at Row:1:Column:128"


def test_rows_are_counted_from_one_and_columns_within_the_row(org: Any) -> None:
    assert refusal(org, "SELECT Id\nFROM Lead\nWHERE  Nope = 'x'\nLIMIT 1").message == (
        f"\nWHERE  Nope = 'x'\n       ^\nERROR at Row:3:Column:8\nNo such column 'Nope' on entity 'Lead'{COLUMN_HINT}"
    )


def test_the_lexer_points_one_to_the_left(org: Any) -> None:
    assert refusal(org, "select Id from Account where id = $sfid").message == (
        "\nselect Id from Account where id = $sfid\n                                 ^\n"
        "ERROR at Row:1:Column:34\nline 1:34 no viable alternative at character '$'"
    )
    assert refusal(org, "SELECT Id FROM Lead WHERE Name = 'open").message.endswith(
        "ERROR at Row:1:Column:38\nline 1:38 mismatched character '<EOF>' expecting '''"
    )
    assert refusal(org, r"SELECT Id FROM Lead WHERE Name = 'a\qb'").message.endswith(
        "line 1:36 no viable alternative at character 'q'"
    )


@pytest.mark.parametrize("chain", ["a = 1 AND b = 2 OR c = 3", "a = 1 OR b = 2 AND c = 3"])
def test_and_and_or_do_not_mix(org: Any, chain: str) -> None:
    refused = refusal(org, f"SELECT Id FROM Lead WHERE {chain}")
    assert refused.error_code == "MALFORMED_QUERY"
    assert refused.message.endswith(f"unexpected token: '{chain.split()[7]}'")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT HasOptedOutOfEmail FROM Contact",
        "SELECT Id FROM Contact WHERE HasOptedOutOfEmail = true",
        "SELECT Id FROM Contact ORDER BY HasOptedOutOfEmail",
        "SELECT (SELECT HasOptedOutOfEmail FROM Contacts) FROM Account",
    ],
)
def test_a_hidden_field_does_not_exist(org: Any, query: str) -> None:
    org.access = Access(hidden=frozenset({("Contact", "HasOptedOutOfEmail")}))
    refused = refusal(org, query)
    assert refused.error_code == "INVALID_FIELD"
    assert "No such column 'HasOptedOutOfEmail' on entity 'Contact'" in refused.message


def test_a_hidden_lookup_has_no_relationship(org: Any) -> None:
    org.access = Access(hidden=frozenset({("Contact", "AccountId")}))
    assert "relationship 'Account' in field path" in refusal(org, "SELECT Account.Name FROM Contact").message
    child = refusal(org, "SELECT (SELECT Id FROM Contacts) FROM Account")
    assert (child.error_code, "relationship 'Contacts'" in child.message) == ("INVALID_TYPE", True)
