"""Values of fields: what a write accepts, how it is stored, how it is read back."""

from __future__ import annotations

import math
from typing import Any, Protocol

from actionsync_simulators.marketo.fields.catalogue import FLOAT_TYPES, INTEGER_TYPES, STRING_TYPES, LeadField
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import parse_date, parse_datetime, wire

TRUE_WORDS = frozenset({"true", "1", "yes"})
FALSE_WORDS = frozenset({"false", "0", "no"})


class TypedField(Protocol):
    """A field of a lead or of another object, as far as its values need it."""

    @property
    def name(self) -> str:
        """The REST name."""

    @property
    def data_type(self) -> str:
        """The data type as describe names it."""

    @property
    def length(self) -> int | None:
        """How many characters it holds, None without a limit."""


def to_stored(field: TypedField, value: Any, *, any_email: bool = False) -> Any:
    """Return a JSON value as it is stored; None and "" clear the field. 1001 for a wrong type, 1003 for a bad value.

    `any_email` lets an email address pass that is none.
    """
    if value is None or value == "":
        return None
    kind = field.data_type
    if kind in INTEGER_TYPES:
        return _integer(value, kind)
    if kind in FLOAT_TYPES:
        return _number(value, kind)
    if kind == "boolean":
        return int(to_boolean(value))
    if kind == "date" or kind == "datetime":
        return to_time(value, kind)
    return _string(field, value, any_email=any_email)


def from_crm(field: TypedField, value: Any) -> Any:
    """Return a JSON value of the native sync as it is stored; ValueError when it cannot be.

    Salesforce allows longer and odder texts than the public API does; the sync cuts and takes them.
    """
    if isinstance(value, str) and value and field.data_type in STRING_TYPES:
        return value[: field.length]
    try:
        return to_stored(field, value)
    except ApiError as problem:
        raise ValueError(f"{field.name}: {problem.message}") from problem


def to_boolean(value: Any) -> bool:
    """Read a boolean from JSON or text; 1001 otherwise."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise api_error("1001", value, "boolean")


def to_time(value: Any, kind: str) -> str:
    """Read a `date` or `datetime` and return it in wire format; 1001 otherwise."""
    try:
        if not isinstance(value, str):
            raise ValueError("not text")
        return parse_date(value) if kind == "date" else wire(parse_datetime(value))
    except ValueError as problem:
        raise api_error("1001", value, kind) from problem


def _integer(value: Any, kind: str) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and value.strip().lstrip("+-").isdecimal() and value.isascii():
        try:
            value = int(value)
        except ValueError as problem:
            raise api_error("1001", value, kind) from problem
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**31) <= value < 2**31:
        raise api_error("1001", value, kind)
    return value


def _number(value: Any, kind: str) -> float:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError("not a number")
        number = float(value)
    except ValueError as problem:
        raise api_error("1001", value, kind) from problem
    if not math.isfinite(number):
        raise api_error("1001", value, kind)
    return number


def _string(field: TypedField, value: Any, *, any_email: bool) -> str:
    if isinstance(value, bool):
        value = str(value).lower()
    if not isinstance(value, str | int | float):
        raise api_error("1001", value, field.data_type)
    text = str(value).strip() if field.data_type == "email" else str(value)
    if field.length is not None and len(text) > field.length:
        raise invalid_data(f"Value of field '{field.name}' is longer than {field.length} characters")
    if field.data_type == "email" and not any_email and not is_email(text):
        raise invalid_data(f"Invalid email address '{text}'")
    return text


def is_email(text: str) -> bool:
    """Tell whether a text passes for an email address: ASCII, with an at sign inside."""
    return text.isascii() and "@" in text.strip("@ ")


def to_json(field: TypedField, value: Any) -> Any:
    """Return a stored value as reads show it: booleans are never null."""
    return bool(value) if field.data_type == "boolean" else value


def csv_expression(field: LeadField) -> str:
    """Return the SQL expression for a field in an export file: empty is the word `null`, booleans are words."""
    if field.is_boolean:
        return f"CASE {field.column} WHEN 1 THEN 'true' ELSE 'false' END"
    if field.data_type in FLOAT_TYPES:
        whole = f"CAST(CAST({field.column} AS INTEGER) AS TEXT)"
        is_whole = f"{field.column} = CAST({field.column} AS INTEGER)"
        return f"CASE WHEN {field.column} IS NULL THEN 'null' WHEN {is_whole} THEN {whole} ELSE {field.column} END"
    return f"ifnull({field.column}, 'null')"
