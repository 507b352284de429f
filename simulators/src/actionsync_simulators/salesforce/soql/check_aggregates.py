"""Checks queries whose records are groups: aggregates, GROUP BY, HAVING, and the keys of the result."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.model import SObject
from actionsync_simulators.salesforce.soql import plan, tree
from actionsync_simulators.salesforce.soql.check_conditions import Conditions
from actionsync_simulators.salesforce.soql.check_expressions import Expressions, Place, is_aggregate
from actionsync_simulators.salesforce.soql.check_values import Values


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
    outputs = _outputs(selections, keys, expressions)
    having = None
    if grouping.having is not None:

        def resolve(written: tree.Expression) -> plan.Expression:
            expression = expressions.resolve(written, Place.HAVING)
            _require_group(written, expression, keys, expressions)
            return expression

        having = Conditions(text, values, resolve=resolve).check(grouping.having)
    order = []
    for each in node.order:
        expression = expressions.resolve(each.expression, Place.ORDER)
        if not is_aggregate(expression) and expression.key not in keys:
            reason = f"Ordered field must be grouped or aggregated: {each.expression.text}"
            raise expressions.error(each.expression.at, reason)
        order.append(plan.Sort(expression, each.descending, each.nulls_last))
    return plan.QueryPlan(
        source=source,
        outputs=outputs,
        where=where,
        order=tuple(order),
        limit=node.limit,
        offset=offset,
        groups=groups,
        having=having,
        include_deleted=include_deleted,
    )


def _outputs(selections: list[tree.Selection], keys: set[str], expressions: Expressions) -> tuple[plan.Output, ...]:
    outputs: dict[str, plan.Output] = {}
    unnamed = 0
    for item in selections:
        expression = expressions.resolve(item.expression, Place.SELECT)
        _require_group(item.expression, expression, keys, expressions)
        if is_aggregate(expression) and expression.column.key in keys:
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


def _require_group(
    written: tree.Expression, expression: plan.Expression, keys: set[str], expressions: Expressions
) -> None:
    if not is_aggregate(expression) and expression.key not in keys:
        reason = f"Field must be grouped or aggregated: {written.text}"
        raise expressions.error(written.at, reason)
