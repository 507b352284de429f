"""From an aggregate query to SQL: one SELECT, or with ROLLUP and CUBE one for every kind of total."""

# ruff: noqa: S608 - SQL is made of parts made here, values are bound

from __future__ import annotations

from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.soql import plan
from actionsync_simulators.salesforce.soql.clauses import direction, renderers, where_clause, writer_of
from actionsync_simulators.salesforce.soql.compile_conditions import SqlWriter
from actionsync_simulators.salesforce.soql.pages import GroupPage, Statement
from actionsync_simulators.salesforce.soql.tables import Binder

MAX_GROUPS = 2_000
"""Groups an aggregate query may answer with."""


def group_page(query: plan.QueryPlan, access: Access, zone: str) -> GroupPage:
    """The groups of an aggregate query; one more than allowed, so that too many can be refused."""
    assert query.groups is not None
    values = [output for output in query.outputs if isinstance(output, plan.Value)]
    binder = Binder()
    sets = query.group_sets or (frozenset(range(len(query.groups))),)
    selects: list[str] = []
    functions: set[str] = set()
    for chosen in sets:
        absent = frozenset(group.key for position, group in enumerate(query.groups) if position not in chosen)
        writer = writer_of(query, binder, access, zone=zone, absent=absent)
        selects.append(_select(query, values, writer, subtotals=query.group_sets is not None))
        functions |= writer.sql_functions
    sorts = [direction(sort, f"s{position}") for position, sort in enumerate(query.order)]
    order = ", ".join([*sorts, *_natural_order(query)])
    limit = MAX_GROUPS + 1 if query.limit is None else min(query.limit, MAX_GROUPS + 1)
    columns = ", ".join(f"c{position}" for position in range(len(values)))
    sql = f"SELECT {columns} FROM ({' UNION ALL '.join(selects)})"
    sql += f" ORDER BY {order}" if order else ""
    sql += f" LIMIT {binder.bind(limit)} OFFSET {binder.bind(query.offset or 0)}"
    return GroupPage(
        Statement(sql, tuple(binder.values), frozenset(functions)),
        names=tuple(value.key for value in values),
        booleans=tuple(value.key for value in values if value.expression.type == "boolean"),
        rendered=renderers(values, zone),
    )


def _select(query: plan.QueryPlan, values: list[plan.Value], writer: SqlWriter, *, subtotals: bool) -> str:
    """The groups of one kind: the values as c0…, what they are sorted by as s0…, and the groups themselves as g0…."""
    assert query.groups is not None
    columns = [f"{_group_value(value.expression, writer)} AS c{n}" for n, value in enumerate(values)]
    columns += [f"{writer.comparable(sort.expression)} AS s{n}" for n, sort in enumerate(query.order)]
    grouped = [writer.comparable(group) for group in query.groups if group.key not in writer.absent]
    for n, group in enumerate(query.groups):
        columns.append(f"{writer.comparable(group)} AS g{n}, {int(group.key in writer.absent)} AS total{n}")
    where = where_clause(query, writer)
    having = "" if query.having is None else f"HAVING {writer.condition(query.having)}"
    if not grouped and subtotals:
        grouped = ["NULL"]
    parts = [f"SELECT {', '.join(columns)}", writer.tables.from_sql(), where]
    parts += [f"GROUP BY {', '.join(grouped)}" if grouped else "", having]
    return " ".join(part for part in parts if part)


def _natural_order(query: plan.QueryPlan) -> list[str]:
    """Groups come in the order of their values, each total behind what it is the total of."""
    return [term for n in range(len(query.groups or ())) for term in (f"total{n}", f"g{n}")]


def _group_value(expression: plan.Expression, writer: SqlWriter) -> str:
    """A selected value of a group; of text that differs only in case, the first in binary order."""
    sql = writer.expression(expression)
    ignores_case = isinstance(expression, plan.Column) and writer.comparable(expression) != sql
    return f"MIN({sql} COLLATE BINARY)" if ignores_case else sql
