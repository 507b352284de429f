"""Custom fields added while the org runs: from the JSON of a control call to a field of the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actionsync_simulators.salesforce.schema import fields as kinds
from actionsync_simulators.salesforce.schema.model import Field

_NAME = re.compile(r"^[A-Za-z](?:\w*[A-Za-z0-9])?__c$")
TYPES = (
    "text",
    "textarea",
    "url",
    "email",
    "phone",
    "checkbox",
    "number",
    "currency",
    "percent",
    "date",
    "datetime",
    "picklist",
    "lookup",
)
MEMBERS = frozenset(
    {
        "object",
        "name",
        "type",
        "label",
        "length",
        "precision",
        "scale",
        "values",
        "restricted",
        "external_id",
        "unique",
        "case_sensitive",
        "required",
        "reference_to",
    }
)


def custom_field(spec: Mapping[str, Any]) -> Field:
    """The field a spec describes.

    Members: name (`…__c`), type (one of TYPES), and as the type needs them label, length, precision, scale, values,
    restricted, external_id, unique, case_sensitive, required, reference_to. Raises ValueError naming what is wrong.
    """
    unknown = sorted(set(spec) - MEMBERS)
    if unknown:
        raise ValueError(f"unknown member {unknown[0]!r}; members are {', '.join(sorted(MEMBERS))}")
    name, kind = spec.get("name"), spec.get("type", "text")
    if not isinstance(name, str) or not _NAME.match(name) or "___" in name:
        raise ValueError(f"{name!r} is not the API name of a custom field (letters, digits, _, then __c)")
    label = spec.get("label")
    if label is not None and not isinstance(label, str):
        raise ValueError(f"label is {label!r}; it is a text")
    if kind == "text":
        return _text(name, label, spec)
    if kind == "textarea":
        return kinds.textarea(name, _whole(spec, "length", 32_000, 131_072), label=label)
    if kind == "url":
        return kinds.url(name, label=label)
    if kind == "email":
        return kinds.email(name, label=label)
    if kind == "phone":
        return kinds.phone(name, label=label)
    if kind == "checkbox":
        return kinds.boolean(name, label=label)
    if kind in ("number", "currency", "percent"):
        return _number(name, kind, label, spec)
    if kind == "date":
        return kinds.date(name, label=label)
    if kind == "datetime":
        return kinds.datetime(name, label=label)
    if kind == "picklist":
        return _picklist(name, label, spec)
    if kind == "lookup":
        target = spec.get("reference_to")
        if not isinstance(target, str):
            raise ValueError("a lookup needs reference_to, the name of an object")
        return kinds.reference(name, target, label=label)
    raise ValueError(f"unknown type {kind!r}; types are {', '.join(TYPES)}")


def _text(name: str, label: str | None, spec: Mapping[str, Any]) -> Field:
    external_id = bool(spec.get("external_id", False))
    return kinds.text(
        name,
        _whole(spec, "length", 255, 255),
        label=label,
        required=bool(spec.get("required", False)),
        external_id=external_id,
        id_lookup=external_id,
        unique=bool(spec.get("unique", False)),
        case_sensitive=bool(spec.get("case_sensitive", False)),
    )


def _number(name: str, kind: str, label: str | None, spec: Mapping[str, Any]) -> Field:
    external_id = bool(spec.get("external_id", False))
    return kinds.number(
        name,
        "double" if kind == "number" else kind,
        precision=_whole(spec, "precision", 18, 18),
        scale=_whole(spec, "scale", 0, 17, least=0),
        label=label,
        external_id=external_id,
        id_lookup=external_id,
        unique=bool(spec.get("unique", False)),
    )


def _picklist(name: str, label: str | None, spec: Mapping[str, Any]) -> Field:
    values = spec.get("values")
    if not isinstance(values, list) or not values or not all(isinstance(v, str) and v for v in values):
        raise ValueError("a picklist needs values, a list of texts")
    return kinds.picklist(name, values, label=label, restricted_picklist=bool(spec.get("restricted", False)))


def _whole(spec: Mapping[str, Any], member: str, default: int, most: int, *, least: int = 1) -> int:
    value = spec.get(member, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{member} is {value!r}; it is a whole number from {least} to {most}")
    return value
