"""SOSL: one text searched for in several objects, the rows of each then read as a SOQL query reads them.

    FIND {Acme} IN NAME FIELDS RETURNING Contact(Id, Name), Lead(Id WHERE IsConverted = false LIMIT 5)

The index of a real org lags behind by seconds to minutes; here a row is found as soon as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from actionsync_simulators.database import Database
from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.schema.model import Field, Schema, SObject
from actionsync_simulators.salesforce.soql import errors, plan, tree
from actionsync_simulators.salesforce.soql.check import Checker
from actionsync_simulators.salesforce.soql.check_expressions import calls_aggregate
from actionsync_simulators.salesforce.soql.compile import Compiler
from actionsync_simulators.salesforce.soql.dates import Calendar, utc, zone_named
from actionsync_simulators.salesforce.soql.errors import SoqlError
from actionsync_simulators.salesforce.soql.parse import no_search_term, parse_search
from actionsync_simulators.salesforce.soql.query import Query, Record
from actionsync_simulators.salesforce.soql.search_terms import Terms, condition, parse_terms

MAX_RESULTS = 2_000
"""Records one search may answer with."""

SEARCHED_TYPES = frozenset({"string", "email", "phone", "url", "textarea", "combobox"})
"""The types of the fields that IN ALL FIELDS searches."""


def compile_search(text: str, *, schema: Schema, access: Access, now: datetime, timezone: str, user_id: str) -> Search:
    """Compile a SOSL text for one user at one moment; the arguments are those of `compile_query`.

    Raises SoqlError: MALFORMED_SEARCH for the search itself, and the errors of SOQL for what is to be returned.
    """
    node = parse_search(text)
    try:
        terms = parse_terms(node.terms)
    except ValueError:
        reason = f"Invalid search term: {node.terms}"
        raise SoqlError.at(text, node.at, errors.MALFORMED_SEARCH, reason) from None
    if terms is None:
        raise no_search_term()
    calendar = Calendar(utc(now), zone_named(timezone))
    checker = Checker(text, schema=schema, access=access, calendar=calendar, include_deleted=False, user_id=user_id)
    compiler = Compiler(access=access, zone=timezone)
    queries = []
    for query in _returned(text, node, schema, checker):
        fields = [field for field in access.fields(query.source) if _searched(field, node.group)]
        queries.append(_query(text, query, terms, fields, compiler))
    return Search(queries, limit=node.limit)


class Search:
    """One compiled search: a query for each object it returns."""

    def __init__(self, queries: list[Query], *, limit: int | None) -> None:
        self._queries = queries
        self._limit = MAX_RESULTS if limit is None else min(limit, MAX_RESULTS)

    def records(self, db: Database, *, version: str) -> list[Record]:
        """The found records in the order of the returned objects; `version` as in `Query.records`."""
        found: list[Record] = []
        for query in self._queries:
            keys = query.ids(db)[: self._limit - len(found)]
            found += query.records(db, keys, version=version)
        return found


def _returned(text: str, node: tree.Search, schema: Schema, checker: Checker) -> Iterator[plan.QueryPlan]:
    if not node.returning:
        for sobject in schema:
            if sobject.searchable:
                record_id = plan.Column((), sobject, sobject.fields["Id"])
                yield plan.QueryPlan(source=sobject, outputs=(plan.Value("Id", record_id),))
    for each in node.returning:
        for item in each.select:
            if isinstance(item, tree.Selection) and calls_aggregate(item.expression):
                reason = "Aggregate functions are not supported in a search"
                raise SoqlError.at(text, item.expression.at, errors.MALFORMED_SEARCH, reason)
        query = checker.query(each)
        if not query.source.searchable:
            reason = f"entity type {query.source.name} does not support search"
            raise SoqlError.at(text, each.source.at, errors.INVALID_TYPE, reason)
        yield query


def _query(text: str, query: plan.QueryPlan, terms: Terms, fields: list[Field], compiler: Compiler) -> Query:
    found = condition(terms, [_column(query.source, field) for field in fields])
    where = found if query.where is None else plan.AllOf((query.where, found))
    compiled = Query(text, replace(query, where=where), compiler)
    compiled.prepare()
    return compiled


def _column(source: SObject, field: Field) -> plan.Column:
    return plan.Column((), source, field)


def _searched(field: Field, group: str) -> bool:
    """Whether a group (NAME, EMAIL, PHONE, SIDEBAR, ALL) searches the field."""
    if group == "EMAIL":
        return field.type == "email"
    if group == "PHONE":
        return field.type == "phone"
    if group == "NAME":
        return field.name_field or (field.compound_field_name == "Name" and field.type == "string")
    return field.type in SEARCHED_TYPES
