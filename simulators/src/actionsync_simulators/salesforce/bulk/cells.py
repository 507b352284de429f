"""From the text of a CSV cell or an XML element, or a JSON value, to what the checks of a row expect."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from actionsync_simulators.salesforce.rows.values import not_of_type
from actionsync_simulators.salesforce.schema import Field
from actionsync_simulators.salesforce.schema.model import NUMBER_TYPES

Convert = Callable[[Field, str], Any]

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def converter(field: Field) -> Convert | None:
    """What to do with text that is given for this field; None where the text is taken as it is."""
    if field.type == "boolean":
        return _boolean
    if field.type == "int":
        return _whole
    if field.type in NUMBER_TYPES:
        return _number
    return None


def typed_value(field: Field, value: Any) -> Any:
    """A JSON value as the field takes it. Raises INVALID_TYPE_ON_FIELD_IN_RECORD for one of another type."""
    if value is None:
        return None
    if isinstance(value, dict | list):
        raise not_of_type(field, str(value))
    convert = converter(field)
    if isinstance(value, str):
        return value if convert is None else convert(field, value)
    as_text = str(value).lower() if isinstance(value, bool) else str(value)
    if convert is None:
        return as_text
    if isinstance(value, bool) is not (field.type == "boolean"):
        raise not_of_type(field, as_text)
    return convert(field, as_text)


def _boolean(field: Field, text: str) -> bool:
    known = _BOOLEANS.get(text.strip().lower())
    if known is None:
        raise not_of_type(field, text)
    return known


def _whole(field: Field, text: str) -> float:
    number = _number(field, text)
    if number != int(number):
        raise not_of_type(field, text)
    return number


def _number(field: Field, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise not_of_type(field, text)
    return number
