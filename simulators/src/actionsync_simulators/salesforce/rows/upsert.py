"""Upsert by external id: insert where no live row has the value, update where one has, refuse where several have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.rows.lookup import id_in_body, ids_by_key
from actionsync_simulators.salesforce.rows.values import stored_value
from actionsync_simulators.salesforce.rows.write import create, update
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.schema import Field, SObject
from actionsync_simulators.salesforce.state import Org


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of an upsert."""

    id: str
    created: bool


def upsert(
    org: Org,
    write: Write,
    sobject: SObject,
    *,
    field: Field,
    value: str,
    matches: list[str],
    record: Mapping[str, Any],
    missing_status: int = 404,
) -> Upserted:
    """Insert or update one row; `matches` are the ids of the rows that have the value (at most one)."""
    if matches:
        update(
            org,
            write,
            sobject,
            matches[0],
            record,
            tolerate_unchanged=not org.switches.strict_create_only,
            fault_key=value,
            missing_status=missing_status,
        )
        return Upserted(matches[0], created=False)
    record_id = create(org, write, sobject, {**record, field.name: value}, fault_key=value)
    return Upserted(record_id, created=True)


def upsert_one_of_many(
    org: Org,
    write: Write,
    sobject: SObject,
    *,
    field: Field,
    key: Any,
    record: Mapping[str, Any],
    repeated: bool,
    known: dict[str, Any],
) -> Upserted:
    """Upsert a row of a collection or a bulk job by the value that it brings for the key field.

    `repeated`: the same value stands in another row too, which fails both. `known` receives the id of the row that
    will be updated, which a failed row still tells.
    """
    if any(name.lower() == "id" for name in record):
        raise api_error("INVALID_FIELD", f"cannot specify Id when upserting by {field.name}", fields=["Id"])
    if key is None and field.type == "id":
        return Upserted(create(org, write, sobject, record), created=True)
    stored = None if key is None else stored_value(field, key, write.body)
    if stored is None:
        raise api_error("MISSING_ARGUMENT", f"{field.name} not specified", fields=[field.name])
    if repeated:
        raise api_error("DUPLICATE_VALUE", f"Duplicate external id specified: {key}", fields=[field.name])
    value = str(stored)
    matches = [id_in_body(org, value)[1]] if field.type == "id" else ids_by_key(org, sobject, field, value)
    if len(matches) > 1:
        raise api_error(
            "DUPLICATE_EXTERNAL_ID",
            f"{field.label}: more than one record found for external id field: [{', '.join(matches)}]",
            fields=[field.name],
        )
    if matches:
        known["id"] = matches[0]
    return upsert(org, write, sobject, field=field, value=value, matches=matches, record=record, missing_status=400)


def compared_key(field: Field, key: Any) -> str:
    """The form in which two values of a key field are the same."""
    text = str(key).strip()
    return text if field.case_sensitive or field.type == "id" else text.lower()
