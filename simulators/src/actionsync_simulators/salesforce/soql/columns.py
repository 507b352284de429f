"""What `columns=true` answers: the selected columns, described instead of read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actionsync_simulators.salesforce.schema.model import NUMBER_TYPES, TEXT_TYPES
from actionsync_simulators.salesforce.soql import plan

_APEX_TYPES = {
    "id": "Id",
    "reference": "Id",
    "boolean": "Boolean",
    "int": "Integer",
    "double": "Double",
    "currency": "Double",
    "percent": "Double",
    "date": "Date",
    "datetime": "Datetime",
    "time": "Time",
    "address": "Address",
    "location": "Location",
}

Metadata = dict[str, Any]


def describe(outputs: Sequence[plan.Output], *, depth: int = 0) -> list[Metadata]:
    """One entry per selected item; parents and child queries carry theirs in `joinColumns`."""
    described: list[Metadata] = []
    parents: dict[str, list[plan.Value]] = {}
    for output in outputs:
        if isinstance(output, plan.Children):
            inner = describe(output.plan.outputs)
            described.append(_entry(output.key, output.key, aggregate=True, join_columns=inner))
        elif isinstance(output, plan.TypeOf):
            inner = [entry for variant in output.variants for entry in describe(variant.values, depth=1)]
            described.append(_entry(output.key, output.key, foreign_key=output.lookup.name, join_columns=inner))
        elif len(output.steps) == depth:
            described.append(_value(output))
        else:
            step = output.steps[depth]
            if step.name not in parents:
                described.append(_entry(step.name, step.name, foreign_key=step.lookup.name))
            parents.setdefault(step.name, []).append(output)
    for entry in described:
        values = parents.get(entry["columnName"])
        if values is not None and entry["foreignKeyName"] is not None:
            entry["joinColumns"] = describe(values, depth=depth + 1)
    return described


def _value(value: plan.Value) -> Metadata:
    expression = value.expression
    field = expression.field
    function = isinstance(expression, plan.Function)
    shown = value.key
    if isinstance(expression, plan.Function):
        shown = f"{expression.name.lower()}({field.name})"
    return _entry(
        value.key,
        shown,
        type_=expression.type,
        aggregate=function,
        custom=field.custom,
        insertable=field.createable and not function,
        updatable=field.updateable and not function,
    )


def _entry(
    name: str,
    shown: str,
    *,
    type_: str | None = None,
    aggregate: bool = False,
    custom: bool = False,
    foreign_key: str | None = None,
    insertable: bool = False,
    updatable: bool = False,
    join_columns: list[Metadata] | None = None,
) -> Metadata:
    return {
        "aggregate": aggregate,
        "apexType": None if type_ is None else _APEX_TYPES.get(type_, "String"),
        "booleanType": type_ == "boolean",
        "columnName": name,
        "custom": custom,
        "displayName": shown,
        "foreignKeyName": foreign_key,
        "insertable": insertable,
        "joinColumns": join_columns or [],
        "numberType": type_ == "int" or type_ in NUMBER_TYPES,
        "textType": type_ in TEXT_TYPES,
        "updatable": updatable,
    }
