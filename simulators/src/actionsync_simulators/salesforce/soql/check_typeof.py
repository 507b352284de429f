"""Checks TYPEOF: fields of a polymorphic parent that depend on which object it is."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.model import Schema, SObject
from actionsync_simulators.salesforce.soql import errors, plan, tree
from actionsync_simulators.salesforce.soql.check_expressions import Expressions
from actionsync_simulators.salesforce.soql.paths import name_object


def type_of(node: tree.TypeOf, schema: Schema, expressions: Expressions) -> plan.TypeOf:
    """The checked TYPEOF. Raises SoqlError for a parent that is none, or only ever one object, and for its fields."""
    step = expressions.parent(node.path)
    if len(step.lookup.reference_to) < 2:
        raise expressions.error(node.at, f"TYPEOF is only allowed on a polymorphic relationship: {node.path.text}")
    left = list(step.targets)
    variants = []
    for written in node.variants:
        if written.object is None:
            if left:
                rest = plan.Step(step.lookup, tuple(left))
                values = _values(written, rest, name_object(schema), expressions)
                variants.append(plan.Variant(rest, values, named=True))
            continue
        target = _target(written.object, step, schema, expressions)
        if target not in left:
            raise expressions.error(written.object.at, f"TYPEOF names {target.name} more than once")
        left.remove(target)
        narrow = plan.Step(step.lookup, (target,))
        variants.append(plan.Variant(narrow, _values(written, narrow, target, expressions), named=False))
    return plan.TypeOf(step.name, step.lookup, tuple(variants))


def _target(name: tree.Name, step: plan.Step, schema: Schema, expressions: Expressions) -> SObject:
    target = schema.object(name.text)
    if target is None:
        raise expressions.error(name.at, errors.unsupported_object(name.text), errors.INVALID_TYPE)
    if target not in step.targets:
        raise expressions.error(name.at, f"{target.name} is not a type of the relationship {step.name}")
    return target


def _values(
    written: tree.Variant, step: plan.Step, target: SObject, expressions: Expressions
) -> tuple[plan.Value, ...]:
    values: dict[str, plan.Value] = {}
    for path in written.fields:
        column = expressions.column_of(path, step, target)
        value = plan.Value(column.field.name, column, column.steps)
        values.setdefault(value.path, value)
    return tuple(values.values())
