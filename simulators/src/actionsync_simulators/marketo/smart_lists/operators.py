"""The operators of conditions: which there are for what kind of value, and how many values each takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from actionsync_simulators.marketo.gateway.times import parse_datetime
from actionsync_simulators.marketo.smart_lists.definition import Condition, Kind, Value

VALUES_AT_MOST = 300
_NONE, _ONE, _TWO, _SOME = (0, 0), (1, 1), (2, 2), (1, VALUES_AT_MOST)
_EMPTY = {"is empty": _NONE, "is not empty": _NONE}
_TIMES = {
    "is": _ONE,
    "is not": _ONE,
    "before": _ONE,
    "after": _ONE,
    "on or before": _ONE,
    "on or after": _ONE,
    "between": _TWO,
    "in past": _ONE,
    "in past before": _ONE,
    "in future": _ONE,
    "in time frame": _ONE,
    **_EMPTY,
}
OPERATORS: dict[Kind, dict[str, tuple[int, int]]] = {
    "text": {
        "is": _SOME,
        "is not": _SOME,
        "contains": _SOME,
        "not contains": _SOME,
        "starts with": _SOME,
        "not starts with": _SOME,
        **_EMPTY,
    },
    "number": {
        "is": _SOME,
        "is not": _SOME,
        "greater than": _ONE,
        "less than": _ONE,
        "at least": _ONE,
        "at most": _ONE,
        "between": _TWO,
        "not between": _TWO,
        **_EMPTY,
    },
    "boolean": {"is": _ONE, "is not": _ONE},
    "date": _TIMES,
    "datetime": _TIMES,
}
"""By kind: the operators, each with the least and the greatest number of its values."""

TIME_FRAMES = (
    "today",
    "yesterday",
    "this week",
    "last week",
    "this month",
    "last month",
    "this quarter",
    "last quarter",
    "this year",
    "last year",
)
UNITS = ("minute", "hour", "day", "week", "month", "year")
_SPAN = re.compile(rf"(\d{{1,5}}) ({'|'.join(UNITS)})s?", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("integer", "score", "reference", "float", "percent", "currency"), "number"),
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in calendar units."""

    count: int
    unit: str


def kind_of(data_type: str) -> Kind:
    """Return the kind of values of a field's or attribute's data type."""
    return KINDS.get(data_type.lower(), "text")


def parse_span(text: str) -> Span:
    """Read `7 days`; ValueError otherwise."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no length of time: a number and one of {', '.join(f'{one}s' for one in UNITS)}")
    return Span(int(match[1]), match[2].lower())


def is_day(text: str) -> bool:
    """Tell whether a moment is given as a whole day."""
    return _DAY.fullmatch(text) is not None


def read_condition(kind: Kind, operator: Any, values: Any) -> Condition:
    """Check an operator and its values against a kind; ValueError says what is wrong."""
    known = OPERATORS[kind]
    word = " ".join(str(operator).lower().split())
    if word not in known:
        raise ValueError(f"{operator!r} is no operator for a {kind}: one of {', '.join(known)}")
    given = values if isinstance(values, list) else [] if values is None else [values]
    least, most = known[word]
    if not least <= len(given) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise ValueError(f"{word!r} takes {wanted} value(s), not {len(given)}")
    return Condition(word, tuple(_value(kind, word, one) for one in given))


def _value(kind: Kind, operator: str, value: Any) -> Value:
    if kind == "boolean":
        if not isinstance(value, bool):
            raise ValueError(f"{value!r} is neither true nor false")
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{value!r} is no {kind}")
    if kind == "number":
        return _number(value)
    text = str(value).strip()
    if not text:
        raise ValueError("a value is blank: use 'is empty'")
    if kind == "text":
        return text
    if operator in ("in past", "in past before", "in future"):
        parse_span(text)
    elif operator == "in time frame":
        text = text.lower()
        if text not in TIME_FRAMES:
            raise ValueError(f"{value!r} is no time frame: one of {', '.join(TIME_FRAMES)}")
    else:
        parse_datetime(text)
    return text


def _number(value: str | float) -> float | int:
    try:
        number = float(value)
    except ValueError:
        raise ValueError(f"{value!r} is no number") from None
    if not -(2.0**63) <= number < 2.0**63:
        raise ValueError(f"{value!r} is no number that can be compared")
    return int(value) if isinstance(value, int) else int(number) if number.is_integer() else number
