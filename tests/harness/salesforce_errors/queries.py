"""What is wrong with a query."""

from __future__ import annotations

from harness.salesforce_errors.case import Case

NESTED = "Title = 'x'"
for level in range(60):
    NESTED = f"Title = 'x' {'AND' if level % 2 else 'OR'} ({NESTED})"

QUERIES = [
    Case("query without text", "GET", "query", None, 400, "MALFORMED_QUERY", "A query string has to be specified"),
    Case("empty query", "GET", "query?q=", None, 400, "MALFORMED_QUERY", "SOQL statements cannot be empty or null"),
    Case(
        "syntax of a query",
        "GET",
        "query?q=SELEKT Id FROM Task",
        None,
        400,
        "MALFORMED_QUERY",
        "unexpected token: SELEKT",
    ),
    Case("object of a query", "GET", "query?q=SELECT Id FROM ScratchOrgInfo limit 1", None, 400, "INVALID_TYPE", None),
    Case("field of a query", "GET", "query?q=SELECT Bacon__c FROM Task", None, 400, "INVALID_FIELD", None),
    Case(
        "id in a query",
        "GET",
        "query?q=SELECT Id FROM Task WHERE WhoId = 'abc'",
        None,
        400,
        "INVALID_QUERY_FILTER_OPERATOR",
        None,
    ),
    Case(
        "locator", "GET", "query/01g8d0000000001AAA-2000", None, 400, "INVALID_QUERY_LOCATOR", "invalid query locator"
    ),
    Case(
        "locator without offset", "GET", "query/nonsense", None, 400, "INVALID_QUERY_LOCATOR", "invalid query locator"
    ),
    Case(
        "conditions nested too deep",
        "GET",
        f"query?q=SELECT Id FROM Lead WHERE {NESTED}",
        None,
        400,
        "QUERY_TOO_COMPLICATED",
        None,
    ),
    Case(
        "an offset too far",
        "GET",
        "query?q=SELECT Id FROM Lead LIMIT 1 OFFSET 2001",
        None,
        400,
        "NUMBER_OUTSIDE_VALID_RANGE",
        "Maximum SOQL offset allowed is 2000",
    ),
    Case(
        "a search without a term",
        "GET",
        "search?q=FIND ada",
        None,
        400,
        "MALFORMED_SEARCH",
        "No search term found. The search term must be enclosed in braces.",
    ),
]
