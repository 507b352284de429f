"""What a selected value still needs after SQLite has read it: FORMAT() in the user's locale, compound fields.

The locale is en_US, the default of a new org.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import orjson

from actionsync_simulators.salesforce.schema.model import COMPOUND_TYPES
from actionsync_simulators.salesforce.soql import functions, plan

Renderer: TypeAlias = Callable[[Any], Any]
"""Makes the wire value of a stored value that is not null."""


def renderer(expression: plan.Expression, zone: str) -> Renderer | None:
    """What to do with the value of a selected expression; None when it is sent as it is stored."""
    if isinstance(expression, plan.Column):
        return orjson.loads if expression.type in COMPOUND_TYPES else None
    if expression.name != functions.FORMAT:
        return None
    argument = expression.argument
    scale = argument.field.scale
    match argument.type:
        case "datetime":
            return lambda stored: _moment(stored, ZoneInfo(zone))
        case "date":
            return lambda stored: _day(date.fromisoformat(stored))
        case "int":
            return lambda stored: f"{stored:,}"
        case "currency":
            return lambda stored: f"{'-' if stored < 0 else ''}${abs(stored):,.2f}"
        case "percent":
            return lambda stored: f"{_decimal(stored, scale)}%"
        case "double":
            return lambda stored: _decimal(stored, scale)
        case "boolean":
            return lambda stored: "true" if stored else "false"
        case _:
            return None


def _moment(stored: str, zone: ZoneInfo) -> str:
    local = datetime.fromisoformat(stored).astimezone(zone)
    half = "AM" if local.hour < 12 else "PM"
    return f"{_day(local.date())}, {local.hour % 12 or 12}:{local.minute:02d} {half}"


def _day(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _decimal(stored: float, scale: int) -> str:
    written = f"{stored:,.{scale}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
