"""From a checked plan to SQL: one statement for the keys, one per level for the records, one for a count or groups.

Only parameters carry values, and only names of the schema become identifiers. The keys of a page, like every list,
are one parameter holding a JSON array, so that a statement's text does not depend on how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass

from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.schema.ddl import quoted
from actionsync_simulators.salesforce.schema.model import COMPOUND_TYPES, Field
from actionsync_simulators.salesforce.soql import plan
from actionsync_simulators.salesforce.soql.compile_conditions import SqlWriter, deleted_filter, in_list, led_by_index
from actionsync_simulators.salesforce.soql.formats import Renderer, renderer
from actionsync_simulators.salesforce.soql.tables import Binder, Tables

MAX_GROUPS = 2_000
"""Groups an aggregate query may answer with."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL, its parameters, and the functions of `sql_functions` that it calls."""

    sql: str
    params: tuple[plan.Scalar, ...]
    calls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shape:
    """How one row becomes one wire record.

    From column `start` on, the row has one column per name. The first is the record's id, from which its attributes
    are made; that of a parent is the parent's id, and that of a child query is null.
    """

    types: dict[str, str] | str
    """The record's object; for a polymorphic parent the objects by key prefix."""
    start: int
    names: tuple[str, ...]
    booleans: tuple[str, ...]
    rendered: tuple[tuple[str, Renderer], ...]
    parents: tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The statement that reads records by their keys (?1: a JSON array of ids), and what belongs to each record."""

    statement: Statement
    shape: Shape
    children: tuple[ChildPage, ...]


@dataclass(frozen=True, slots=True)
class ChildPage:
    """A page of child rows: ?1 holds the parents' ids, and the last column says which parent a row belongs to."""

    name: str
    page: Page
    limit: int | None
    offset: int


@dataclass(frozen=True, slots=True)
class GroupPage:
    """The statement of an aggregate query, and the keys of its columns."""

    statement: Statement
    names: tuple[str, ...]
    booleans: tuple[str, ...]
    rendered: tuple[tuple[str, Renderer], ...]


class Compiler:
    """Compiles plans for one user: what may be seen of polymorphic parents, and in which time zone."""

    def __init__(self, *, access: Access, zone: str) -> None:
        self._access = access
        self._zone = zone

    def keys(self, query: plan.QueryPlan) -> Statement:
        """The ids of all matching rows, in order."""
        binder, writer = self._writer(query)
        selected = f'SELECT {writer.tables.alias}."Id"'
        where, order = self._where(query, writer), self._order(query, writer)
        return self._statement(query, binder, writer, selected, [where, order], limited=True)

    def count(self, query: plan.QueryPlan) -> Statement:
        """How many rows match."""
        binder, writer = self._writer(query)
        where = self._where(query, writer)
        if query.limit is None and query.offset is None:
            return self._statement(query, binder, writer, "SELECT COUNT(*)", [where])
        inner = self._statement(query, binder, writer, "SELECT 1", [where], limited=True)
        counting = f"SELECT COUNT(*) FROM ({inner.sql})"  # noqa: S608 - made here, values are bound
        return Statement(counting, inner.params, inner.calls)

    def page(self, query: plan.QueryPlan) -> Page:
        """The records of given keys."""
        binder, writer = self._writer(query, reserved=1)
        alias = writer.tables.alias
        columns, shape = self._columns(query, writer)
        where = "WHERE " + in_list(f'{alias}."Id"', "?1")
        statement = self._statement(query, binder, writer, f"SELECT {', '.join(columns)}", [where])
        return Page(statement, shape, self._child_pages(query))

    def groups(self, query: plan.QueryPlan) -> GroupPage:
        """The groups of an aggregate query; one more than allowed, so that too many can be refused."""
        assert query.groups is not None
        binder, writer = self._writer(query)
        values = [output for output in query.outputs if isinstance(output, plan.Value)]
        columns = [self._group_value(value.expression, writer) for value in values]
        clauses = [self._where(query, writer)]
        grouped = [writer.collated(group) for group in query.groups]
        if grouped:
            clauses.append(f"GROUP BY {', '.join(grouped)}")
        if query.having is not None:
            clauses.append(f"HAVING {writer.condition(query.having)}")
        order = [self._sort(sort, writer) for sort in query.order] + grouped
        if order:
            clauses.append(f"ORDER BY {', '.join(order)}")
        limit = MAX_GROUPS + 1 if query.limit is None else min(query.limit, MAX_GROUPS + 1)
        clauses.append(f"LIMIT {binder.bind(limit)} OFFSET {binder.bind(query.offset or 0)}")
        statement = self._statement(query, binder, writer, f"SELECT {', '.join(columns)}", clauses)
        return GroupPage(
            statement,
            names=tuple(value.key for value in values),
            booleans=tuple(value.key for value in values if value.expression.type == "boolean"),
            rendered=self._renderers(values),
        )

    def _child_page(self, children: plan.Children) -> ChildPage:
        query = children.plan
        binder, writer = self._writer(query, reserved=1)
        alias, lookup = writer.tables.alias, quoted(children.lookup.name)
        columns, shape = self._columns(query, writer)
        chosen = in_list(f"{alias}.{lookup}", "?1")
        where, order = self._where(query, writer, chosen), self._order(query, writer)
        columns.append(f"{alias}.{lookup}")
        statement = self._statement(query, binder, writer, f"SELECT {', '.join(columns)}", [where, order])
        page = Page(statement, shape, self._child_pages(query))
        return ChildPage(children.key, page, query.limit, query.offset or 0)

    def _child_pages(self, query: plan.QueryPlan) -> tuple[ChildPage, ...]:
        return tuple(self._child_page(output) for output in query.outputs if isinstance(output, plan.Children))

    def _columns(self, query: plan.QueryPlan, writer: SqlWriter) -> tuple[list[str], Shape]:
        columns: list[str] = []
        shape = self._level(query.outputs, (), query.source.name, writer, columns)
        return columns, shape

    def _level(
        self,
        outputs: tuple[plan.Output, ...] | list[plan.Value],
        steps: tuple[plan.Step, ...],
        types: dict[str, str] | str,
        writer: SqlWriter,
        columns: list[str],
    ) -> Shape:
        """Append the columns of one record, then those of its parents, and describe them."""
        start, depth = len(columns), len(steps)
        names = ["attributes"]
        columns.append(writer.tables.record_id(steps))
        own: list[plan.Value] = []
        above: dict[str, list[plan.Value]] = {}
        for output in outputs:
            if isinstance(output, plan.Children):
                names.append(output.key)
                columns.append("NULL")
            elif len(output.steps) == depth:
                own.append(output)
                names.append(output.key)
                columns.append(self._selected(output.expression, writer))
            else:
                step = output.steps[depth]
                if step.name not in above:
                    names.append(step.name)
                    columns.append(writer.tables.record_id((*steps, step)))
                above.setdefault(step.name, []).append(output)
        parents = []
        for name, values in above.items():
            step = values[0].steps[depth]
            parents.append((name, self._level(values, (*steps, step), _types(step), writer, columns)))
        return Shape(
            types=types,
            start=start,
            names=tuple(names),
            booleans=tuple(value.key for value in own if value.expression.type == "boolean"),
            rendered=self._renderers(own),
            parents=tuple(parents),
        )

    def _selected(self, expression: plan.Expression, writer: SqlWriter) -> str:
        if isinstance(expression, plan.Column) and expression.type in COMPOUND_TYPES:
            return self._compound(expression, writer)
        return writer.expression(expression)

    def _compound(self, column: plan.Column, writer: SqlWriter) -> str:
        """A compound field as a JSON object of its parts, null when all of them are."""
        parts = [
            (compound_key(part, column.field), writer.tables.field(column.steps, part))
            for part in self._access.fields(column.owner)
            if part.compound_field_name == column.field.name
        ]
        if not parts:
            return "NULL"
        empty = " AND ".join(f"{sql} IS NULL" for _, sql in parts)
        members = ", ".join(f"'{key}', {sql}" for key, sql in sorted(parts))
        return f"CASE WHEN {empty} THEN NULL ELSE json_object({members}) END"

    def _group_value(self, expression: plan.Expression, writer: SqlWriter) -> str:
        """A selected value of a group; of text that differs only in case, the first in binary order."""
        sql = writer.expression(expression)
        collated = isinstance(expression, plan.Column) and writer.collated(expression) != sql
        return f"MIN({sql} COLLATE BINARY)" if collated else sql

    def _renderers(self, values: list[plan.Value]) -> tuple[tuple[str, Renderer], ...]:
        found = ((value.key, renderer(value.expression, self._zone)) for value in values)
        return tuple((key, render) for key, render in found if render is not None)

    def _writer(self, query: plan.QueryPlan, *, reserved: int = 0) -> tuple[Binder, SqlWriter]:
        binder = Binder(reserved=reserved)
        tables = Tables(query.source, binder, self._access)
        writer = SqlWriter(tables, binder, zone=self._zone, include_deleted=query.include_deleted)
        return binder, writer

    def _where(self, query: plan.QueryPlan, writer: SqlWriter, *more: str) -> str:
        terms = [*more]
        if query.where is not None:
            terms.append(writer.condition(query.where))
        terms += deleted_filter(query.source, writer.tables.alias, include_deleted=query.include_deleted)
        return f"WHERE {' AND '.join(terms)}" if terms else ""

    def _order(self, query: plan.QueryPlan, writer: SqlWriter) -> str:
        """The asked order; rows that are equal in it (or all, without one) come in the order of their ids.

        A plus keeps SQLite from walking the table by id, just to save a sort, when an index leads to the rows.
        """
        keys = [self._sort(sort, writer) for sort in query.order]
        if not any(sort.expression.key == "Id" for sort in query.order):
            plus = "+" if not keys and query.where is not None and led_by_index(query.where) else ""
            keys.append(f'{plus}{writer.tables.alias}."Id"')
        return f"ORDER BY {', '.join(keys)}"

    def _sort(self, sort: plan.Sort, writer: SqlWriter) -> str:
        direction, nulls = ("DESC" if sort.descending else "ASC"), ("LAST" if sort.nulls_last else "FIRST")
        return f"{writer.collated(sort.expression)} {direction} NULLS {nulls}"

    def _statement(
        self,
        query: plan.QueryPlan,
        binder: Binder,
        writer: SqlWriter,
        selected: str,
        clauses: list[str],
        *,
        limited: bool = False,
    ) -> Statement:
        parts = [selected, writer.tables.from_sql(), *(clause for clause in clauses if clause)]
        if limited and (query.limit is not None or query.offset is not None):
            limit = -1 if query.limit is None else query.limit
            parts.append(f"LIMIT {binder.bind(limit)} OFFSET {binder.bind(query.offset or 0)}")
        return Statement(" ".join(parts), tuple(binder.values), frozenset(writer.sql_functions))


def compound_key(part: Field, compound: Field) -> str:
    """The key of a part in its compound value: MailingPostalCode of MailingAddress is postalCode."""
    prefix = compound.name.removesuffix("Address")
    name = part.name.removeprefix(prefix)
    return name[:1].lower() + name[1:]


def _types(step: plan.Step) -> dict[str, str] | str:
    if len(step.lookup.reference_to) > 1:
        return {target.key_prefix: target.name for target in step.targets}
    return step.targets[0].name
