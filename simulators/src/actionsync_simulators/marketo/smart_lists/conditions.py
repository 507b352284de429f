"""One condition as SQL: an expression, an operator, bound values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Literal

import orjson

from actionsync_simulators.marketo.gateway.times import wire_seconds
from actionsync_simulators.marketo.smart_lists.definition import Condition, Kind
from actionsync_simulators.marketo.smart_lists.periods import period

TimeForm = Literal["seconds", "wire", "day"]
"""How a time is stored: whole epoch seconds, `…Z` text, or `YYYY-MM-DD`."""

SPELT_OUT = 20
"""So many tests are written one after the other; more of them go over a list, which is slower but never too deep."""

_COMPARE = {"greater than": ">", "less than": "<", "at least": ">=", "at most": "<="}


@dataclass(slots=True)
class Query:
    """Collects the bound values of one query, and holds what its conditions are seen from."""

    now: datetime
    zone: tzinfo
    params: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        """Bind a value and return its placeholder; lists become JSON for `json_each`."""
        if isinstance(value, list | tuple):
            value = orjson.dumps(value).decode()
        name = f"smart{len(self.params)}"
        self.params[name] = value
        return f":{name}"

    def each(self, values: list[Any] | tuple[Any, ...]) -> str:
        """Bind values and return a subquery with one of them in each row."""
        return f"(SELECT value FROM json_each({self.bind(values)}))"  # noqa: S608 - a placeholder


def condition_sql(query: Query, expression: str, kind: Kind, condition: Condition, *, form: TimeForm = "wire") -> str:
    """Return the SQL of a condition on an SQL expression that holds a value of a kind.

    Texts compare without case unless the expression has another collation. `is not` and its like match empty values.
    """
    if kind == "text":
        return _text(query, expression, condition)
    if kind == "number":
        return _number(query, expression, condition)
    if kind == "boolean":
        wanted = condition.values[0] is (condition.operator == "is")
        truth = f"ifnull(lower(CAST({expression} AS TEXT)), '') IN ('1', 'true')"
        return truth if wanted else f"NOT ({truth})"
    return _time(query, expression, condition, form=form)


def _text(query: Query, expression: str, condition: Condition) -> str:
    operator = condition.operator
    if operator.endswith("empty"):
        return f"ifnull({expression}, '') {'=' if operator == 'is empty' else '<>'} ''"
    positive = operator.removeprefix("not ").removesuffix(" not")
    if positive == "is":
        # The left side's collation decides, and a single value may use an index.
        one = len(condition.values) == 1
        test = f"= {query.bind(condition.values[0])}" if one else f"IN {query.each(condition.values)}"
        found = f"{expression} {test}"
    elif positive == "contains":
        found = _any(query, condition, lambda value: f"instr(lower({expression}), lower({value})) > 0")
    else:
        found = _any(
            query, condition, lambda value: f"lower(substr({expression}, 1, length({value}))) = lower({value})"
        )
    return found if positive == operator else f"NOT ifnull({found}, FALSE)"


def _any(query: Query, condition: Condition, test: Callable[[str], str]) -> str:
    """Return the SQL that a test on one value is true for any of the condition's values."""
    if len(condition.values) <= SPELT_OUT:
        return f"({' OR '.join(test(query.bind(one)) for one in condition.values)})"
    return f"EXISTS (SELECT 1 FROM json_each({query.bind(condition.values)}) AS given WHERE {test('given.value')})"  # noqa: S608


def _number(query: Query, expression: str, condition: Condition) -> str:
    operator, values = condition.operator, condition.values
    if operator.endswith("empty"):
        return f"{expression} IS {'NOT ' if operator == 'is not empty' else ''}NULL"
    if operator in _COMPARE:
        return f"{expression} {_COMPARE[operator]} {query.bind(values[0])}"
    if operator.endswith("between"):
        found = f"{expression} BETWEEN {query.bind(values[0])} AND {query.bind(values[1])}"
        return f"({found})" if operator == "between" else f"NOT ifnull({found}, FALSE)"
    found = f"{expression} IN {query.each(values)}"
    return found if operator == "is" else f"NOT ifnull({found}, FALSE)"


def _time(query: Query, expression: str, condition: Condition, *, form: TimeForm) -> str:
    operator = condition.operator
    if operator.endswith("empty"):
        return f"{expression} IS {'NOT ' if operator == 'is not empty' else ''}NULL"
    meant = period(condition, now=query.now, zone=query.zone, whole_days=form == "day")
    bounds: list[str] = []
    start, end = meant.days(query.zone) if form == "day" else meant.seconds()
    for bound, sign in ((start, ">="), (end, "<")):
        if bound is not None:
            value: Any = bound
            if form != "seconds":
                value = wire_seconds(bound) if isinstance(bound, int) else bound.isoformat()
            bounds.append(f"{expression} {sign} {query.bind(value)}")
    found = " AND ".join(bounds)
    return f"({found})" if operator != "is not" else f"NOT ifnull({found}, FALSE)"
