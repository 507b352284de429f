"""Checks that the requests of all kinds of export share: fields, headers, lists, dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import parse_datetime, wire

LONGEST_RANGE = timedelta(days=31)


def required_fields(body: dict[str, Any], known: Callable[[str], bool]) -> list[str]:
    """Return `fields`; 1002 without any, 1003 for an unknown one."""
    if not body.get("fields"):
        raise api_error("1002", "fields")
    return known_fields(body["fields"], known)


def known_fields(fields: Any, known: Callable[[str], bool]) -> list[str]:
    """Return the names of fields; 1003 for an unknown one."""
    if not isinstance(fields, list):
        raise invalid_data("fields must be an array")
    for name in fields:
        if not isinstance(name, str) or not known(name):
            raise invalid_data(f"Field '{name}' is not valid for this export")
    return fields


def headers(renamed: Any, fields: list[str]) -> list[str]:
    """Return the first line of the file; 1003 when `columnHeaderNames` renames what is not exported."""
    if renamed is None:
        return fields
    if not isinstance(renamed, dict):
        raise invalid_data("columnHeaderNames must be an object")
    for name, header in renamed.items():
        if name not in fields or not isinstance(header, str):
            raise invalid_data(f"columnHeaderNames: '{name}' is not one of the exported fields")
    return [renamed.get(name, name) for name in fields]


def listed(filters: dict[str, Any], name: str, read: Callable[[Any], Any]) -> list[Any]:
    """Return the values of an array filter, none when it is absent; 1003 when it is no array."""
    given = filters.get(name)
    if given is None:
        return []
    if not isinstance(given, list):
        raise invalid_data(f"{name} must be an array")
    return [read(value) for value in given]


def text(value: Any) -> str:
    """Return a text; 1001 when it is none."""
    if not isinstance(value, str):
        raise api_error("1001", value, "string")
    return value


def date_range(value: Any) -> list[str]:
    """Return the first and last second of a date filter, in wire format; both are inclusive."""
    if not isinstance(value, dict) or value.get("startAt") is None or value.get("endAt") is None:
        raise invalid_data("A date filter needs startAt and endAt")
    start, end = _moment(value["startAt"]), _moment(value["endAt"])
    if end < start:
        raise invalid_data("endAt is before startAt")
    if end - start > LONGEST_RANGE:
        raise invalid_data(f"The date range must not be longer than {LONGEST_RANGE.days} days")
    first = start if not start.microsecond else start + timedelta(seconds=1)
    return [wire(first), wire(end)]


def _moment(value: Any) -> datetime:
    try:
        return parse_datetime(value)
    except (ValueError, AttributeError, TypeError) as problem:
        raise api_error("1001", value, "datetime") from problem
