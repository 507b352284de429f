"""The functions of SOQL: what they take, what they give, and the SQL of those that SQLite computes.

Date functions reckon in UTC unless their argument is converted with convertTimezone().
"""

from __future__ import annotations

from dataclasses import dataclass

from actionsync_simulators.salesforce.schema.model import NUMBER_TYPES, Field

COUNT, COUNT_DISTINCT = "COUNT", "COUNT_DISTINCT"
AGGREGATES = frozenset({COUNT, COUNT_DISTINCT, "MIN", "MAX", "SUM", "AVG"})

TO_LABEL, FORMAT, CONVERT_CURRENCY = "TOLABEL", "FORMAT", "CONVERTCURRENCY"
VALUE_FUNCTIONS = frozenset({TO_LABEL, FORMAT, CONVERT_CURRENCY})

CONVERT_TIMEZONE = "CONVERTTIMEZONE"
GROUPING = "GROUPING"
"""1 in a subtotal over all values of its argument, else 0."""
FIELDS = "FIELDS"


@dataclass(frozen=True, slots=True)
class DateFunction:
    """A function of a date (or only of a datetime): its result type and its SQL, with {x} for the argument."""

    sql: str
    type: str = "int"
    of_dates: bool = True

    def accepts(self, field: Field) -> bool:
        """Whether the field may be its argument."""
        return field.type == "datetime" or (self.of_dates and field.type == "date")


def _part(start: int, length: int) -> str:
    return f"CAST(substr({{x}}, {start}, {length}) AS INTEGER)"


def _strftime(code: str) -> str:
    return f"CAST(strftime('{code}', substr({{x}}, 1, 10)) AS INTEGER)"


_YEAR, _MONTH, _QUARTER = _part(1, 4), _part(6, 2), f"({_part(6, 2)} + 2) / 3"

DATE_FUNCTIONS: dict[str, DateFunction] = {
    "CALENDAR_YEAR": DateFunction(_YEAR),
    "CALENDAR_QUARTER": DateFunction(_QUARTER),
    "CALENDAR_MONTH": DateFunction(_MONTH),
    "FISCAL_YEAR": DateFunction(_YEAR),
    "FISCAL_QUARTER": DateFunction(_QUARTER),
    "FISCAL_MONTH": DateFunction(_MONTH),
    "DAY_IN_MONTH": DateFunction(_part(9, 2)),
    "DAY_IN_WEEK": DateFunction(f"{_strftime('%w')} + 1"),
    "DAY_IN_YEAR": DateFunction(_strftime("%j")),
    "WEEK_IN_MONTH": DateFunction(f"({_part(9, 2)} + 6) / 7"),
    "WEEK_IN_YEAR": DateFunction(f"({_strftime('%j')} + 6) / 7"),
    "HOUR_IN_DAY": DateFunction(_part(12, 2), of_dates=False),
    "DAY_ONLY": DateFunction("substr({x}, 1, 10)", type="date", of_dates=False),
}


def aggregate_type(name: str, field: Field) -> str | None:
    """The type of an aggregate of a field, or None where the field does not support it."""
    if not field.aggregatable or not field.stored or field.type in ("boolean", "multipicklist"):
        return None
    if name in (COUNT, COUNT_DISTINCT):
        return "int"
    number = field.type == "int" or field.type in NUMBER_TYPES
    if name in ("SUM", "AVG"):
        return ("double" if name == "AVG" else field.type) if number else None
    return field.type
