"""From a checked plan of rows to SQL: one statement for the keys, one per level for the records, one for a count.

Only parameters carry values, and only names of the schema become identifiers. The keys of a page, like every list,
are one parameter holding a JSON array, so that a statement's text does not depend on how many there are.
"""

from __future__ import annotations

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.schema.model import COMPOUND_TYPES, Field
from actionsync_simulators.salesforce.soql import plan
from actionsync_simulators.salesforce.soql.clauses import (
    limit_clause,
    order_clause,
    renderers,
    statement,
    where_clause,
    writer_of,
)
from actionsync_simulators.salesforce.soql.compile_conditions import SqlWriter, in_list
from actionsync_simulators.salesforce.soql.pages import ChildPage, Page, Shape, Statement
from actionsync_simulators.salesforce.soql.tables import Binder


class Compiler:
    """Compiles plans for one user: what may be seen of polymorphic parents, and in which time zone."""

    def __init__(self, *, access: Access, zone: str) -> None:
        self.access = access
        self.zone = zone

    def keys(self, query: plan.QueryPlan) -> Statement:
        """The ids of all matching rows, in order."""
        binder, writer = self._writer(query)
        selected = f'SELECT {writer.tables.alias}."Id"'
        where, order = where_clause(query, writer), order_clause(query, writer)
        return statement(binder, writer, selected, where, order, limit_clause(query, binder))

    def count(self, query: plan.QueryPlan) -> Statement:
        """How many rows match."""
        binder, writer = self._writer(query)
        where = where_clause(query, writer)
        limit = limit_clause(query, binder)
        if not limit:
            return statement(binder, writer, "SELECT COUNT(*)", where)
        inner = statement(binder, writer, "SELECT 1", where, limit)
        counting = f"SELECT COUNT(*) FROM ({inner.sql})"  # noqa: S608 - made here, values are bound
        return Statement(counting, inner.params, inner.calls)

    def page(self, query: plan.QueryPlan) -> Page:
        """The records of given keys."""
        binder, writer = self._writer(query, reserved=1)
        alias = writer.tables.alias
        columns, shape = self._columns(query, writer)
        where = "WHERE " + in_list(f'{alias}."Id"', "?1")
        return Page(statement(binder, writer, f"SELECT {', '.join(columns)}", where), shape, self._child_pages(query))

    def _child_page(self, children: plan.Children) -> ChildPage:
        query = children.plan
        binder, writer = self._writer(query, reserved=1)
        alias, lookup = writer.tables.alias, quoted(children.lookup.name)
        columns, shape = self._columns(query, writer)
        chosen = in_list(f"{alias}.{lookup}", "?1")
        where, order = where_clause(query, writer, chosen), order_clause(query, writer)
        columns.append(f"{alias}.{lookup}")
        page = Page(
            statement(binder, writer, f"SELECT {', '.join(columns)}", where, order), shape, self._child_pages(query)
        )
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
        choices: list[plan.TypeOf] = []
        above: dict[str, list[plan.Value]] = {}
        for output in outputs:
            if isinstance(output, plan.Children):
                names.append(output.key)
                columns.append("NULL")
            elif isinstance(output, plan.TypeOf):
                names.append(output.key)
                columns.append("NULL")
                choices.append(output)
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
        variants = [
            (choice.key, tuple(self._variant(each, writer, columns) for each in choice.variants)) for choice in choices
        ]
        return Shape(
            types=types,
            start=start,
            names=tuple(names),
            booleans=tuple(value.key for value in own if value.expression.type == "boolean"),
            rendered=renderers(own, self.zone),
            parents=tuple(parents),
            variants=tuple(variants),
        )

    def _variant(self, variant: plan.Variant, writer: SqlWriter, columns: list[str]) -> Shape:
        types = _types(variant.step) if variant.named else variant.step.targets[0].name
        return self._level(list(variant.values), (variant.step,), types, writer, columns)

    def _selected(self, expression: plan.Expression, writer: SqlWriter) -> str:
        if isinstance(expression, plan.Column) and expression.type in COMPOUND_TYPES:
            return self._compound(expression, writer)
        return writer.expression(expression)

    def _compound(self, column: plan.Column, writer: SqlWriter) -> str:
        """A compound field as a JSON object of its parts, null when all of them are."""
        parts = [
            (compound_key(part, column.field), writer.tables.field(column.steps, part))
            for part in self.access.fields(column.owner)
            if part.compound_field_name == column.field.name
        ]
        if not parts:
            return "NULL"
        empty = " AND ".join(f"{sql} IS NULL" for _, sql in parts)
        members = ", ".join(f"'{key}', {sql}" for key, sql in sorted(parts))
        return f"CASE WHEN {empty} THEN NULL ELSE json_object({members}) END"

    def _writer(self, query: plan.QueryPlan, *, reserved: int = 0) -> tuple[Binder, SqlWriter]:
        binder = Binder(reserved=reserved)
        return binder, writer_of(query, binder, self.access, zone=self.zone)


def compound_key(part: Field, compound: Field) -> str:
    """The key of a part in its compound value: MailingPostalCode of MailingAddress is postalCode."""
    prefix = compound.name.removesuffix("Address")
    name = part.name.removeprefix(prefix)
    return name[:1].lower() + name[1:]


def _types(step: plan.Step) -> dict[str, str] | str:
    if len(step.lookup.reference_to) > 1:
        return {target.key_prefix: target.name for target in step.targets}
    return step.targets[0].name
