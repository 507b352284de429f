"""Checks whole queries: the select list, child queries, semi-joins, grouping, order and limits.

Turns the tree of one query text into a `QueryPlan`. Of several things that are wrong, the first one found is reported.
"""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.schema.model import Field, Schema, SObject
from actionsync_simulators.salesforce.soql import errors, functions, plan, tree
from actionsync_simulators.salesforce.soql.check_aggregates import aggregate_plan
from actionsync_simulators.salesforce.soql.check_conditions import Conditions
from actionsync_simulators.salesforce.soql.check_expressions import Expressions, Place, calls_aggregate
from actionsync_simulators.salesforce.soql.check_typeof import type_of
from actionsync_simulators.salesforce.soql.check_values import ID_TYPES, Values
from actionsync_simulators.salesforce.soql.dates import Calendar
from actionsync_simulators.salesforce.soql.errors import SoqlError
from actionsync_simulators.salesforce.soql.paths import Paths

MAX_CHILD_QUERIES = 20
MAX_CHILD_LEVELS = 4
"""Levels of child queries below the outermost query."""
MAX_SEMI_JOINS = 2
MAX_OFFSET = 2_000
MAX_LIMIT = 2**31 - 1
MAX_FIELDS_LIMIT = 200
"""The highest LIMIT of a query that selects FIELDS(ALL) or FIELDS(CUSTOM)."""


class Checker:
    """Checks one query text on behalf of one user."""

    def __init__(
        self,
        text: str,
        *,
        schema: Schema,
        access: Access,
        calendar: Calendar,
        include_deleted: bool,
        user_id: str,
    ) -> None:
        self._text = text
        self._schema = schema
        self._access = access
        self._include_deleted = include_deleted
        self._user_id = user_id
        self._paths = Paths(text, schema=schema, access=access)
        self._values = Values(text, calendar)
        self._semi_joins = 0
        self._child_queries = 0

    def query(self, node: tree.Statement) -> plan.QueryPlan:
        """The plan of the outermost query. Raises SoqlError for everything the platform refuses."""
        source = self._object(node.source)
        self._check_limit(node)
        self._include_deleted = self._include_deleted or node.all_rows
        expressions = Expressions(self._text, self._paths, source, node)
        self._check_parents(node, expressions)
        if self._counts_rows(node):
            return self._count(node, source, expressions)
        selected = [item for item in node.select if isinstance(item, tree.Selection)]
        if node.grouping is None and not any(calls_aggregate(item.expression) for item in selected):
            return self._rows(node, source, expressions, level=0)
        if len(selected) < len(node.select):
            raise self._error(node.at, "only root queries support aggregate expressions")
        return aggregate_plan(
            self._text,
            node,
            source=source,
            expressions=expressions,
            values=self._values,
            where=self._where(node, expressions, source),
            offset=self._offset(node),
            include_deleted=self._include_deleted,
        )

    def _rows(self, node: tree.Statement, source: SObject, expressions: Expressions, *, level: int) -> plan.QueryPlan:
        outputs: dict[str, plan.Output] = {}
        chosen: dict[str, int] = {}
        for item in node.select:
            if isinstance(item, tree.Statement):
                children = self._children(item, source, expressions, level=level + 1)
                outputs.setdefault(children.key, children)
                continue
            if isinstance(item, tree.TypeOf):
                parent = type_of(item, self._schema, expressions)
                if outputs.setdefault(parent.path, parent) is not parent:
                    raise self._error(item.at, f"duplicate TYPEOF: {parent.key}")
                chosen[parent.key] = item.at
                continue
            for value in self._selected(item, node, source, expressions):
                known = outputs.setdefault(value.path, value)
                if isinstance(known, plan.Value) and known.expression.key != value.expression.key:
                    raise self._error(item.expression.at, f"duplicate alias: {value.key}")
        for output in outputs.values():
            if isinstance(output, plan.Value) and output.steps and output.steps[0].name in chosen:
                name = output.steps[0].name
                raise self._error(chosen[name], f"{name} is selected by TYPEOF and by path")
        return plan.QueryPlan(
            source=source,
            outputs=tuple(outputs.values()),
            where=self._where(node, expressions, source),
            order=self._order(node, expressions),
            limit=node.limit,
            offset=self._offset(node),
            locks="UPDATE" in node.purposes,
            include_deleted=self._include_deleted,
        )

    def _order(self, node: tree.Statement, expressions: Expressions) -> tuple[plan.Sort, ...]:
        order = []
        for each in node.order:
            expression = expressions.resolve(each.expression, Place.ORDER)
            if isinstance(expression, plan.Function):
                reason = f"Ordered field must be grouped or aggregated: {each.expression.text}"
                raise self._error(each.expression.at, reason)
            order.append(plan.Sort(expression, each.descending, each.nulls_last))
        return tuple(order)

    def _selected(
        self, item: tree.Selection, node: tree.Statement, source: SObject, expressions: Expressions
    ) -> list[plan.Value]:
        written = item.expression
        if isinstance(written, tree.Path):
            if item.alias is not None:
                raise self._error(item.alias.at, "only aggregate expressions use field aliasing")
            column = expressions.column(written, Place.SELECT)
            return [plan.Value(column.field.name, column, column.steps)]
        if written.name.text.upper() == functions.FIELDS:
            chosen = self._fields(written, node, source)
            return [plan.Value(field.name, plan.Column((), source, field)) for field in chosen]
        expression = expressions.resolve(written, Place.SELECT)
        assert isinstance(expression, plan.Function)
        if expression.name in functions.DATE_FUNCTIONS or expression.name == functions.GROUPING:
            raise self._error(written.at, f"Field must be grouped or aggregated: {written.text}")
        if item.alias is not None:
            return [plan.Value(item.alias.text, expression)]
        return [plan.Value(expression.field.name, expression, expression.column.steps)]

    def _fields(self, call: tree.Call, node: tree.Statement, source: SObject) -> list[Field]:
        which = call.argument.text.upper() if isinstance(call.argument, tree.Path) else ""
        if which not in ("ALL", "STANDARD", "CUSTOM"):
            raise self._error(call.at, f"unexpected token: '{call.text}'")
        if which != "STANDARD" and (node.limit is None or node.limit > MAX_FIELDS_LIMIT):
            reason = f"The SOQL FIELDS function must have a LIMIT of at most {MAX_FIELDS_LIMIT}"
            raise self._error(call.at, reason)
        visible = self._access.fields(source)
        return [field for field in visible if which == "ALL" or field.custom == (which == "CUSTOM")]

    def _children(
        self, node: tree.Statement, parent: SObject, expressions: Expressions, *, level: int
    ) -> plan.Children:
        self._child_queries += 1
        if self._child_queries > MAX_CHILD_QUERIES:
            raise self._error(node.at, f"Maximum number of child queries is {MAX_CHILD_QUERIES}")
        if level > MAX_CHILD_LEVELS:
            raise self._error(node.at, f"Maximum number of child query levels is {MAX_CHILD_LEVELS}")
        relationship = parent.child_relationship(node.source.text)
        child = None if relationship is None else self._schema.object(relationship.child_object)
        if relationship is None or child is None or not self._access.visible(child.name, relationship.field):
            reason = errors.unknown_children(node.source.text)
            raise self._error(node.source.at, reason, errors.INVALID_TYPE)
        if node.grouping is not None or any(
            isinstance(item, tree.Selection) and calls_aggregate(item.expression) for item in node.select
        ):
            raise self._error(node.at, "only root queries support aggregate expressions")
        if node.scope or node.access_mode or node.purposes or node.all_rows:
            raise self._error(node.at, "USING, WITH, FOR and ALL ROWS are only allowed in root queries")
        self._check_limit(node)
        assert relationship.relationship_name is not None
        return plan.Children(
            key=relationship.relationship_name,
            lookup=child.fields[relationship.field],
            plan=self._rows(node, child, expressions.inside(child, node), level=level),
        )

    def _counts_rows(self, node: tree.Statement) -> bool:
        counts = [
            item.expression
            for item in node.select
            if isinstance(item, tree.Selection)
            and isinstance(item.expression, tree.Call)
            and item.expression.argument is None
            and item.expression.name.text.upper() == functions.COUNT
        ]
        if counts and (len(node.select) > 1 or node.grouping is not None):
            raise self._error(counts[0].at, "COUNT() must be the only selected item; use COUNT(Id)")
        return bool(counts)

    def _count(self, node: tree.Statement, source: SObject, expressions: Expressions) -> plan.QueryPlan:
        where = self._where(node, expressions, source)
        self._order(node, expressions)
        return plan.QueryPlan(
            source=source,
            outputs=(),
            where=where,
            limit=node.limit,
            offset=self._offset(node),
            counts_rows=True,
            include_deleted=self._include_deleted,
        )

    def _where(
        self, node: tree.Statement, expressions: Expressions, source: SObject, *, inner: bool = False
    ) -> plan.Condition | None:
        def semi_join(written: tree.SemiJoin, left: plan.Expression) -> plan.InSelect:
            if inner:
                raise self._error(written.left.at, "Nesting of semi join sub-selects is not supported")
            return self._semi_join(written, left, source, expressions)

        def resolve(written: tree.Expression) -> plan.Expression:
            return expressions.resolve(written, Place.WHERE)

        scope = self._scope(node.scope, source)
        if node.where is None:
            return scope
        where = Conditions(self._text, self._values, resolve=resolve, semi_join=semi_join).check(node.where)
        return where if scope is None else plan.AllOf((where, scope))

    def _scope(self, scope: tree.Name | None, source: SObject) -> plan.Condition | None:
        """USING SCOPE: everything, or what the running user owns."""
        if scope is None or scope.text.lower() == "everything":
            return None
        owner = self._access.field(source, "OwnerId")
        if scope.text.lower() != "mine" or owner is None:
            raise self._error(scope.at, f"Using Scope: '{scope.text}' is not supported for {source.name}")
        return plan.Compare(plan.Column((), source, owner), "=", self._user_id)

    def _semi_join(
        self, node: tree.SemiJoin, left: plan.Expression, source: SObject, expressions: Expressions
    ) -> plan.InSelect:
        at = node.left.at
        self._semi_joins += 1
        if self._semi_joins > MAX_SEMI_JOINS:
            raise self._error(at, f"Maximum {MAX_SEMI_JOINS} semi join sub-selects are allowed")
        query = node.query
        inner_source = self._object(query.source)
        if inner_source is source:
            raise self._error(at, "The inner and outer selects should not be on the same object type")
        clauses = (query.scope, query.grouping, query.order, query.access_mode, query.purposes, query.all_rows)
        if any(clauses) or query.limit is not None or query.offset is not None:
            raise self._error(query.at, "Semi join sub-selects can only have a WHERE clause")
        item = query.select[0]
        if len(query.select) > 1 or not isinstance(item, tree.Selection) or isinstance(item.expression, tree.Call):
            raise self._error(query.at, "Semi join sub-selects must select exactly one field")
        inner = expressions.inside(inner_source, query)
        selected = inner.column(item.expression, Place.SELECT)
        for operand, place in ((left, at), (selected, query.at)):
            if operand.type not in ID_TYPES:
                reason = f"semi join sub selects can only query id fields, cannot use: '{operand.field.name}'"
                raise self._error(place, reason)
            if operand.column.steps:
                reason = f"semi join sub-selects cannot use relationship fields: '{operand.key}'"
                raise self._error(place, reason)
        if not _points_at(left).intersection(_points_at(selected)):
            reason = (
                f"The selected field '{selected.field.name}' in the subquery and the left operand field in the where"
                f" expression in the outer query '{left.field.name}' should point to the same object type"
            )
            raise self._error(at, reason)
        where = self._where(query, inner, inner_source, inner=True)
        return plan.InSelect(left, selected, inner_source, where)

    def _object(self, name: tree.Name) -> SObject:
        found = self._schema.object(name.text)
        if found is None:
            raise self._error(name.at, errors.unsupported_object(name.text), errors.INVALID_TYPE)
        return found

    def _check_parents(self, node: tree.Statement, expressions: Expressions) -> None:
        for named in node.parents:
            expressions.column(tree.Path((*named.path.names, tree.Name("Id", named.path.at))), Place.SELECT)

    def _check_limit(self, node: tree.Statement) -> None:
        if node.limit is not None and node.limit > MAX_LIMIT:
            raise SoqlError(errors.NUMBER_OUTSIDE_VALID_RANGE, f"LIMIT is at most {MAX_LIMIT}: {node.limit}")

    def _offset(self, node: tree.Statement) -> int | None:
        if node.offset is not None and node.offset > MAX_OFFSET:
            raise SoqlError(errors.NUMBER_OUTSIDE_VALID_RANGE, f"Maximum SOQL offset allowed is {MAX_OFFSET}")
        return node.offset

    def _error(self, at: int, reason: str, code: str = errors.MALFORMED_QUERY) -> SoqlError:
        return SoqlError.at(self._text, at, code, reason)


def _points_at(expression: plan.Expression) -> frozenset[str]:
    """The objects whose ids an id or reference of a queried object holds."""
    if isinstance(expression, plan.Column) and expression.type == "id":
        return frozenset({expression.owner.name})
    return frozenset(expression.field.reference_to)
