"""What may stand in a custom activity type: names, data types, uniqueness."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.custom_activities.store import DATA_TYPES, Attribute, CustomType
from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

NAME = re.compile(r"(?=.*[^\W\d_])[\w ]{1,255}")
API_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,255}")


def required(members: dict[str, Any], name: str) -> str:
    """Return a text member; 1002 when it is missing or blank, 1001 when it is not text."""
    value = members.get(name)
    if value is None or value == "":
        raise api_error("1002", name)
    return text(members, name) or ""


def text(members: dict[str, Any], name: str) -> str | None:
    """Return an optional text member; 1001 when it is not text."""
    value = members.get(name)
    if value is not None and not isinstance(value, str):
        raise api_error("1001", value, "string")
    return value


def api_name(value: str) -> str:
    """Return an apiName; 1003 when it breaks the rule."""
    if API_NAME.fullmatch(value) is None:
        raise invalid_data(f"Invalid apiName '{value}': letters and digits only, at least one letter")
    return value


def display_name(value: str) -> str:
    """Return a name; 1003 when it breaks the rule."""
    if NAME.fullmatch(value) is None:
        raise invalid_data(f"Invalid name '{value}': letters, digits, spaces and underscores, at least one letter")
    return value


def data_type(value: str) -> str:
    """Return a data type; 1003 for an unknown one."""
    if value not in DATA_TYPES:
        raise invalid_data(f"Invalid dataType '{value}'")
    return value


def attribute(members: Any, *, type_required: bool) -> Attribute:
    """Read an attribute definition; the data type defaults to string where it may be left out."""
    if not isinstance(members, dict):
        raise invalid_data("An attribute must be an object")
    name, label = required(members, "apiName"), required(members, "name")
    kind = required(members, "dataType") if type_required else text(members, "dataType") or "string"
    return Attribute(api_name(name), display_name(label), data_type(kind), text(members, "description"))


def check_unique(
    site: Subscription,
    *,
    own: CustomType | None = None,
    name: str | None = None,
    trigger_name: str | None = None,
    filter_name: str | None = None,
) -> None:
    """Refuse (1017) names that another type has in any of its versions; `name` also against native types."""
    if name is not None and site.types.has_name(name):
        raise api_error("1017")
    for other in site.custom_types:
        if own is not None and other.id == own.id:
            continue
        for version in (other.approved, other.draft):
            if version is None:
                continue
            taken = (version.name, version.trigger_name, version.filter_name)
            for mine, theirs in zip((name, trigger_name, filter_name), taken, strict=True):
                if mine is not None and mine.casefold() == theirs.casefold():
                    raise api_error("1017")
