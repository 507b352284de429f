"""From stored rows to the records of the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.schema import Access, Field, SObject

_ADDRESS_PARTS = ("City", "Country", "GeocodeAccuracy", "Latitude", "Longitude", "PostalCode", "State", "Street")


def attributes(object_name: str, record_id: str, version: str) -> dict[str, str]:
    """The `attributes` member of a record."""
    return {"type": object_name, "url": f"/services/data/v{version}/sobjects/{object_name}/{record_id}"}


def wire_record(sobject: SObject, row: Mapping[str, Any], *, fields: Iterable[Field], version: str) -> dict[str, Any]:
    """A record with the given fields."""
    record: dict[str, Any] = {"attributes": attributes(sobject.name, row["Id"], version)}
    for field in fields:
        record[field.name] = wire_value(field, row)
    return record


def wire_value(field: Field, row: Mapping[str, Any]) -> Any:
    """The JSON value of one field of a row."""
    kind = field.type
    if kind == "boolean":
        return bool(row[field.name])
    if kind == "address":
        return _address(field.name.removesuffix("Address"), row)
    return row[field.name]


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
    values = {part[0].lower() + part[1:]: row[f"{prefix}{part}"] for part in _ADDRESS_PARTS}
    return values if any(value is not None for value in values.values()) else None
