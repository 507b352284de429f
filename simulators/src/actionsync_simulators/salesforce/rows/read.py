"""From stored rows to the records of the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.schema import Access, Field, SObject

MOST_OBJECTS = 256
_ADDRESS_PARTS = ("City", "Country", "GeocodeAccuracy", "Latitude", "Longitude", "PostalCode", "State", "Street")
_ADDRESS_MEMBERS = tuple(part[0].lower() + part[1:] for part in _ADDRESS_PARTS)
_NOTHING = [None] * len(_ADDRESS_PARTS)


def attributes(object_name: str, record_id: str, version: str) -> dict[str, str]:
    """The `attributes` member of a record."""
    return {"type": object_name, "url": f"/services/data/v{version}/sobjects/{object_name}/{record_id}"}


Part = tuple[str, Literal["as it is", "boolean", "address"]]
"""A member of a record: its name, and how its value comes from the row."""


def wire_record(sobject: SObject, row: Mapping[str, Any], *, parts: Iterable[Part], version: str) -> dict[str, Any]:
    """A record with the given members after its attributes."""
    record: dict[str, Any] = {"attributes": attributes(sobject.name, row["Id"], version)}
    for name, kind in parts:
        if kind == "as it is":
            record[name] = row[name]
        elif kind == "boolean":
            record[name] = bool(row[name])
        else:
            record[name] = _address(name.removesuffix("Address"), row)
    return record


def parts_of(fields: Iterable[Field]) -> tuple[Part, ...]:
    """What a record with these fields is made of."""
    return tuple((field.name, _kind(field)) for field in fields)


@lru_cache(maxsize=MOST_OBJECTS)
def all_parts(sobject: SObject, access: Access) -> tuple[Part, ...]:
    """What a record with every field is made of that the user sees."""
    return parts_of(access.fields(sobject))


def _kind(field: Field) -> Literal["as it is", "boolean", "address"]:
    if field.type == "boolean":
        return "boolean"
    return "address" if field.type == "address" else "as it is"


def named_fields(access: Access, sobject: SObject, names: Iterable[str]) -> list[Field]:
    """The fields of those names, Id first and once each. Raises INVALID_FIELD for a name that is none."""
    chosen = {"Id": sobject.fields["Id"]}
    for name in names:
        field = access.field(sobject, name.strip())
        if field is None:
            raise api_error(
                "INVALID_FIELD",
                f"No such column '{name.strip()}' on entity '{sobject.name}'. If you are attempting to use a custom"
                " field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the"
                " describe call for the appropriate names.",
            )
        chosen[field.name] = field
    return list(chosen.values())


def _address(prefix: str, row: Mapping[str, Any]) -> dict[str, Any] | None:
    values = [row[prefix + part] for part in _ADDRESS_PARTS]
    return None if values == _NOTHING else dict(zip(_ADDRESS_MEMBERS, values, strict=True))
