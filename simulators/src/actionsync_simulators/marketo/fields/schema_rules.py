"""What may stand in the definition of a lead field: names, data types, and what can still be changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from actionsync_simulators.marketo.custom_activities.checks import display_name, required, text
from actionsync_simulators.marketo.fields.catalogue import FieldCatalogue, LeadField
from actionsync_simulators.marketo.fields.custom import Settings
from actionsync_simulators.marketo.fields.values import to_boolean
from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data

__all__ = ["changed", "check_free", "check_unchanged", "data_type", "display_name", "field_name", "required"]

FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")
DATA_TYPES = (
    "boolean",
    "currency",
    "date",
    "datetime",
    "email",
    "float",
    "integer",
    "percent",
    "phone",
    "score",
    "string",
    "url",
)
RESERVED = frozenset({"ecids", "membership", "mkttoken"})
"""Names that calls use beside those of fields."""


def field_name(value: str) -> str:
    """Return a field name; 1003 when it breaks the rule."""
    if FIELD_NAME.fullmatch(value) is None:
        raise invalid_data(f"Invalid name '{value}': a letter, then letters, digits and underscores")
    return value


def data_type(value: str) -> str:
    """Return a data type; 1003 for one that a custom field cannot have."""
    if value not in DATA_TYPES:
        raise invalid_data(f"Invalid dataType '{value}'")
    return value


def check_free(
    fields: FieldCatalogue, *, display_name: str, name: str | None = None, own: LeadField | None = None
) -> None:
    """Refuse (1017) a name or display name that another field has, in any case."""
    wanted, label = (name or "").casefold(), display_name.casefold()
    if wanted in RESERVED:
        raise api_error("1017")
    for one in fields:
        if own is not None and one.name == own.name:
            continue
        if one.name.casefold() == wanted or one.display_name.casefold() == label:
            raise api_error("1017")


def check_unchanged(record: Mapping[str, Any], now: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse (1003) another value for attributes that cannot be changed."""
    for name in names:
        if record.get(name) is not None and record[name] != now.get(name):
            raise invalid_data(f"Attribute '{name}' of this field cannot be changed")


def changed(old: Settings, record: Mapping[str, Any], *, api_created: bool) -> Settings:
    """Return the settings with what a record says of them; 1001 for a value of the wrong type."""
    members = dict(record)
    return Settings(
        text(members, "description") if "description" in record else old.description,
        _flag(record, "isHidden", old.hidden),
        _flag(record, "isHtmlEncodingInEmail", old.html_encoded),
        _flag(record, "isSensitive", old.sensitive),
        api_created,
    )


def _flag(record: Mapping[str, Any], name: str, default: bool) -> bool:
    value = record.get(name)
    return default if value is None else to_boolean(value)
