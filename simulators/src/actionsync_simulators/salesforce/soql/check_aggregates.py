"""Checks queries whose records are groups: aggregates, GROUP BY, HAVING, and the keys of the result."""

from __future__ import annotations

from itertools import combinations

from actionsync_simulators.salesforce.schema.model import SObject
from actionsync_simulators.salesforce.soql import functions, plan, tree
from actionsync_simulators.salesforce.soql.check_conditions import Conditions
from actionsync_simulators.salesforce.soql.check_expressions import Expressions, Place, is_aggregate
from actionsync_simulators.salesforce.soql.check_values import Values

MAX_SUBTOTALS = 3
"""Fields in one ROLLUP or CUBE."""


def aggregate_plan(
    text: str,
    node: tree.Statement,
    *,
    source: SObject,
    expressions: Expressions,
    values: Values,
    where: plan.Condition | None,
    offset: int | None,
    include_deleted: bool,
) -> plan.QueryPlan:
    """The plan of an aggregate query. Raises SoqlError for fields that are neither grouped nor aggregated."""
    grouping = node.grouping or tree.Grouping((), None)
    groups = tuple(expressions.resolve(item, Place.GROUP) for item in grouping.items)
    keys = {group.key for group in groups}
    selections = [item for item in node.select if isinstance(item, tree.Selection)]
    if grouping.subtotals is not None and len(groups) > MAX_SUBTOTALS:
        reason = f"{grouping.subtotals} is limited to {MAX_SUBTOTALS} fields"
        raise expressions.error(grouping.items[MAX_SUBTOTALS].at, reason)
    grouped = _Grouped(expressions, frozenset(keys), subtotals=grouping.subtotals is not None)
    outputs = _outputs(selections, grouped)
    having = None
    if grouping.having is not None:

        def resolve(written: tree.Expression) -> plan.Expression:
            expression = expressions.resolve(written, Place.HAVING)
            grouped.require(written, expression)
            return expression

        having = Conditions(text, values, resolve=resolve).check(grouping.having)
    order = []
    for each in node.order:
        expression = expressions.resolve(each.expression, Place.ORDER)
        grouped.require(each.expression, expression, used="Ordered field")
        order.append(plan.Sort(expression, each.descending, each.nulls_last))
    return plan.QueryPlan(
        source=source,
        outputs=outputs,
        where=where,
        order=tuple(order),
        limit=node.limit,
        offset=offset,
        groups=groups,
        group_sets=_group_sets(grouping.subtotals, len(groups)),
        having=having,
        include_deleted=include_deleted,
    )


class _Grouped:
    """What may be said of a group: its own fields, aggregates, and with subtotals GROUPING()."""

    def __init__(self, expressions: Expressions, keys: frozenset[str], *, subtotals: bool) -> None:
        self.expressions = expressions
        self.keys = keys
        self._subtotals = subtotals

    def require(self, written: tree.Expression, expression: plan.Expression, *, used: str = "Field") -> None:
        """Refuse what is neither (SoqlError)."""
        if isinstance(expression, plan.Function) and expression.name == functions.GROUPING:
            if not self._subtotals:
                raise self.expressions.error(written.at, "GROUPING() can only be used with GROUP BY ROLLUP or CUBE")
            expression = expression.argument
        if not is_aggregate(expression) and expression.key not in self.keys:
            raise self.expressions.error(written.at, f"{used} must be grouped or aggregated: {written.text}")


def _outputs(selections: list[tree.Selection], grouped: _Grouped) -> tuple[plan.Output, ...]:
    outputs: dict[str, plan.Output] = {}
    unnamed = 0
    expressions = grouped.expressions
    for item in selections:
        expression = expressions.resolve(item.expression, Place.SELECT)
        grouped.require(item.expression, expression)
        if is_aggregate(expression) and expression.column.key in grouped.keys:
            reason = f"Grouped field should not be aggregated: {expression.field.name}"
            raise expressions.error(item.expression.at, reason)
        if item.alias is not None:
            key = item.alias.text
        elif isinstance(expression, plan.Column):
            key = expression.field.name
        else:
            key = f"expr{unnamed}"
            unnamed += 1
        if key in outputs:
            raise expressions.error(item.expression.at, f"duplicate alias: {key}")
        outputs[key] = plan.Value(key, expression)
    return tuple(outputs.values())


def _group_sets(subtotals: str | None, count: int) -> tuple[frozenset[int], ...] | None:
    """The positions that each kind of row is grouped by: first all of them, last none."""
    if subtotals is None:
        return None
    if subtotals == "ROLLUP":
        return tuple(frozenset(range(size)) for size in range(count, -1, -1))
    return tuple(frozenset(chosen) for size in range(count, -1, -1) for chosen in combinations(range(count), size))
