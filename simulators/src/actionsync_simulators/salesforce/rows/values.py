"""From JSON to the stored form of a value, field type by field type, and the refusals on the way."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error, json_parser_error, wrong_id_type
from actionsync_simulators.salesforce.gateway.ids import full_id, looks_like_id
from actionsync_simulators.salesforce.gateway.times import parse_date, parse_datetime, wire_datetime
from actionsync_simulators.salesforce.schema import Field

Stored = str | int | float | None

_EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z0-9-]{2,}$")


def stored_value(field: Field, value: Any, body: bytes = b"") -> Stored:
    """The stored form of a JSON value. Raises ApiError when the type or the shape of an id does not fit.

    `body` is the request body; it serves only to name a position in the error text.
    """
    if value is None:
        if field.type == "boolean":
            raise not_of_type(field, "null")
        return None
    reader = _READERS.get(field.type, _text)
    return reader(field, value, body)


def check_restricted(field: Field, value: Stored) -> None:
    """Refuse a value that a restricted picklist does not have."""
    if not field.restricted_picklist or value is None:
        return
    if not any(entry.active and entry.value == value for entry in field.picklist):
        raise api_error(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {value}",
            fields=[field.name],
        )


def check_size_and_form(field: Field, value: Stored) -> None:
    """Refuse text that is too long and addresses that are none."""
    if not isinstance(value, str):
        return
    if field.is_text and field.length and len(value) > field.length:
        raise api_error(
            "STRING_TOO_LONG",
            f"{field.label}: data value too large: {value} (max length={field.length})",
            fields=[field.name],
        )
    if field.type == "email" and not _EMAIL.match(value):
        raise api_error("INVALID_EMAIL_ADDRESS", f"{field.label}: invalid email address: {value}", fields=[field.name])


def _text(field: Field, value: Any, body: bytes) -> Stored:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise _cannot_read("String", field, value, body)


def _boolean(field: Field, value: Any, body: bytes) -> Stored:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return int(value.strip().lower() == "true")
    raise _cannot_read("boolean", field, value, body)


def _int(field: Field, value: Any, body: bytes) -> Stored:
    number = _number(field, value, body)
    if number is None:
        return None
    if number != int(number):
        raise _cannot_read("int", field, value, body)
    if field.digits and abs(number) >= 10**field.digits:
        raise _out_of_range(field, value)
    return int(number)


def _double(field: Field, value: Any, body: bytes) -> Stored:
    number = _number(field, value, body)
    if number is not None and field.precision and abs(number) >= 10 ** max(field.precision - field.scale, 0):
        raise _out_of_range(field, value)
    return number if number is None else round(number, field.scale) if field.scale else number


def _number(field: Field, value: Any, body: bytes) -> float | None:
    if isinstance(value, bool):
        raise _cannot_read("double", field, value, body)
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            return number
    raise _cannot_read("int" if field.type == "int" else "double", field, value, body)


def _date(field: Field, value: Any, body: bytes) -> Stored:
    if not isinstance(value, str):
        raise _cannot_read("date", field, value, body)
    if not value.strip():
        return None
    date = parse_date(value.strip())
    if date is None:
        raise not_of_type(field, value)
    return date


def _datetime(field: Field, value: Any, body: bytes) -> Stored:
    if not isinstance(value, str):
        raise _cannot_read("datetime", field, value, body)
    if not value.strip():
        return None
    moment = parse_datetime(value)
    if moment is None:
        raise not_of_type(field, value)
    return wire_datetime(moment)


def _reference(field: Field, value: Any, body: bytes) -> Stored:
    if not isinstance(value, str):
        raise _cannot_read("reference", field, value, body)
    text = value.strip()
    if not text:
        return None
    record_id = full_id(text)
    if record_id is None or not looks_like_id(text):
        raise wrong_id_type(field.label, text, field.name)
    return record_id


_READERS: dict[str, Callable[[Field, Any, bytes], Stored]] = {
    "boolean": _boolean,
    "int": _int,
    "double": _double,
    "currency": _double,
    "percent": _double,
    "date": _date,
    "datetime": _datetime,
    "reference": _reference,
    "id": _reference,
}


def not_of_type(field: Field, value: str) -> ApiError:
    """400 for a value that is not of the field's type."""
    return api_error(
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        f"{field.label}: value not of required type: {value}",
        fields=[field.name],
    )


def _out_of_range(field: Field, value: Any) -> ApiError:
    return api_error(
        "NUMBER_OUTSIDE_VALID_RANGE",
        f"{field.label}: value outside of valid range on numeric field: {value}",
        fields=[field.name],
    )


def _cannot_read(kind: str, field: Field, value: Any, body: bytes) -> ApiError:
    if isinstance(value, str):
        token, shown = "VALUE_STRING", value
    elif isinstance(value, bool):
        token, shown = f"VALUE_{str(value).upper()}", str(value).lower()
    elif isinstance(value, int | float):
        token, shown = ("VALUE_NUMBER_INT" if isinstance(value, int) else "VALUE_NUMBER_FLOAT"), str(value)
    else:
        token, shown = ("START_ARRAY" if isinstance(value, list) else "START_OBJECT"), ""
    position = body.find(f'"{field.name}"'.encode()) + len(field.name) + 4
    line = body.count(b"\n", 0, max(position, 0)) + 1
    column = max(position - (body.rfind(b"\n", 0, max(position, 0)) + 1), 1)
    return json_parser_error(
        f"Cannot deserialize instance of {kind} from {token} value {shown} or request may be missing"
        f" a required field at [line:{line}, column:{column}]"
    )
