"""The calls for SOQL and SOSL."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.salesforce.gateway.route import Route, route
from actionsync_simulators.salesforce.query import query, search

QUERY = (
    Param("q", description="SOQL; or in `explain`", example="SELECT Id, Name FROM Lead LIMIT 3"),
    Param("explain", description="a query whose plan is wanted, or true"),
    Param("columns", "boolean", description="describe the columns instead"),
)
LOCATOR = Param("locator", required=True, description="last part of nextRecordsUrl")
LOCATOR_ERRORS = ("INVALID_QUERY_LOCATOR",)
SOQL_ERRORS = (
    "MALFORMED_QUERY",
    "INVALID_FIELD",
    "INVALID_TYPE",
    "INVALID_QUERY_FILTER_OPERATOR",
    "NUMBER_OUTSIDE_VALID_RANGE",
    "QUERY_TOO_COMPLICATED",
)
QUERY_ERRORS = (*SOQL_ERRORS, "EXCEEDED_ID_LIMIT", "UNABLE_TO_LOCK_ROW")
SEARCH_ERRORS = ("MALFORMED_SEARCH", "INVALID_FIELD", "INVALID_TYPE")
TEXT: Schema = {"type": "string"}
SEARCH: Schema = {
    "type": "object",
    "properties": {
        "q": TEXT,
        "in": {"enum": sorted(search.GROUPS)},
        "fields": {"type": ["string", "array"]},
        "sobjects": {
            "type": "array",
            "items": {"type": "object", "properties": {"name": TEXT, "limit": {"type": "integer"}, "where": TEXT}},
        },
        "overallLimit": {"type": "integer"},
        "defaultLimit": {"type": "integer"},
    },
    "required": ["q"],
}

ROUTES: tuple[Route, ...] = (
    route(
        "GET",
        "query",
        query.query,
        params=QUERY,
        errors=QUERY_ERRORS,
        behaviours=(
            Behaviour("query-position", "a syntax error tells line and column, with a caret below the text"),
            Behaviour("query-pages", "more rows than the batch come in pages, by nextRecordsUrl"),
            Behaviour("query-for-update", "FOR UPDATE is refused while another transaction holds a row that matches"),
            Behaviour("query-typeof", "TYPEOF reads fields of a polymorphic parent by the object it is"),
            Behaviour("query-subtotals", "GROUP BY ROLLUP and CUBE add totals, which GROUPING() tells apart"),
            Behaviour("query-text-case", "text compares without regard to case, also outside ASCII"),
        ),
    ),
    route(
        "GET",
        "queryAll",
        query.query_all,
        params=QUERY,
        errors=QUERY_ERRORS,
        behaviours=(Behaviour("query-all-deleted", "deleted rows and merge losers are found too"),),
    ),
    route(
        "GET",
        "query/{locator}",
        query.next_page,
        params=(LOCATOR,),
        errors=LOCATOR_ERRORS,
        behaviours=(Behaviour("locator-life", "a locator ends after its time (switch), and for other users"),),
    ),
    route("GET", "queryAll/{locator}", query.next_page, params=(LOCATOR,), errors=LOCATOR_ERRORS),
    route(
        "GET",
        "search",
        search.search,
        params=(Param("q", required=True, example="FIND {Engines} RETURNING Lead(Id)"),),
        errors=SEARCH_ERRORS,
    ),
    route(
        "GET",
        "parameterizedSearch",
        search.parameterized_search,
        params=(
            Param("q", required=True, example="Engines"),
            Param("sobject", "strings", description="objects to search"),
            Param("fields", "strings", description="fields to read"),
            Param("in", description="ALL, NAME, EMAIL, PHONE or SIDEBAR"),
            Param("overallLimit", "integer"),
            Param("defaultLimit", "integer"),
        ),
        errors=SEARCH_ERRORS,
    ),
    route("POST", "parameterizedSearch", search.parameterized_search_by_body, schema=SEARCH, errors=SEARCH_ERRORS),
)
