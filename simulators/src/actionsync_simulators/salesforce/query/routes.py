"""The calls for SOQL and SOSL."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.route import Route, route
from actionsync_simulators.salesforce.query import query, search

ROUTES: tuple[Route, ...] = (
    route("GET", "query", query.query),
    route("GET", "queryAll", query.query_all),
    route("GET", "query/{locator}", query.next_page),
    route("GET", "queryAll/{locator}", query.next_page),
    route("GET", "search", search.search),
    route("GET", "parameterizedSearch", search.parameterized_search),
    route("POST", "parameterizedSearch", search.parameterized_search_by_body),
)
