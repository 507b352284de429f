"""The clauses that every compiled statement is put together from."""

from __future__ import annotations

from collections.abc import Sequence

from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.soql import plan
from actionsync_simulators.salesforce.soql.compile_conditions import SqlWriter, deleted_filter, led_by_index
from actionsync_simulators.salesforce.soql.formats import Renderer, renderer
from actionsync_simulators.salesforce.soql.pages import Statement
from actionsync_simulators.salesforce.soql.tables import Binder, Tables


def writer_of(
    query: plan.QueryPlan, binder: Binder, access: Access, *, zone: str, absent: frozenset[str] = frozenset()
) -> SqlWriter:
    """What writes one SELECT over the queried object; `absent` as `SqlWriter` has it."""
    tables = Tables(query.source, binder, access)
    return SqlWriter(tables, binder, zone=zone, include_deleted=query.include_deleted, absent=absent)


def where_clause(query: plan.QueryPlan, writer: SqlWriter, *more: str) -> str:
    """WHERE with the condition of the query, and without deleted rows; empty when everything matches."""
    terms = [*more]
    if query.where is not None:
        terms.append(writer.condition(query.where))
    terms += deleted_filter(query.source, writer.tables.alias, include_deleted=query.include_deleted)
    return f"WHERE {' AND '.join(terms)}" if terms else ""


def order_clause(query: plan.QueryPlan, writer: SqlWriter) -> str:
    """The asked order; rows that are equal in it (or all, without one) come in the order of their ids.

    A plus keeps SQLite from walking the table by id, just to save a sort, when an index leads to the rows.
    """
    keys = [direction(sort, writer.comparable(sort.expression)) for sort in query.order]
    if not any(sort.expression.key == "Id" for sort in query.order):
        plus = "+" if not keys and query.where is not None and led_by_index(query.where) else ""
        keys.append(f'{plus}{writer.tables.alias}."Id"')
    return f"ORDER BY {', '.join(keys)}"


def direction(sort: plan.Sort, sql: str) -> str:
    """A term of ORDER BY."""
    return f"{sql} {'DESC' if sort.descending else 'ASC'} NULLS {'LAST' if sort.nulls_last else 'FIRST'}"


def limit_clause(query: plan.QueryPlan, binder: Binder) -> str:
    """LIMIT and OFFSET; empty without either."""
    if query.limit is None and query.offset is None:
        return ""
    limit = -1 if query.limit is None else query.limit
    return f"LIMIT {binder.bind(limit)} OFFSET {binder.bind(query.offset or 0)}"


def statement(binder: Binder, writer: SqlWriter, selected: str, *clauses: str) -> Statement:
    """A whole SELECT; clauses that are empty are left out."""
    parts = [selected, writer.tables.from_sql(), *(clause for clause in clauses if clause)]
    return Statement(" ".join(parts), tuple(binder.values), frozenset(writer.sql_functions))


def renderers(values: Sequence[plan.Value], zone: str) -> tuple[tuple[str, Renderer], ...]:
    """The keys of the values that need more than SQLite gives, and what they need."""
    found = ((value.key, renderer(value.expression, zone)) for value in values)
    return tuple((key, render) for key, render in found if render is not None)
