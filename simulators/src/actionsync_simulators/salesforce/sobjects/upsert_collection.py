"""Upsert of up to 200 rows of one object by external id in one call."""

from __future__ import annotations

from collections import Counter
from typing import Any

from actionsync_simulators.salesforce.describe.objects import sobject_of_path
from actionsync_simulators.salesforce.gateway.errors import api_error, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.rows.lookup import id_in_body, ids_by_key, key_field
from actionsync_simulators.salesforce.rows.upsert import upsert
from actionsync_simulators.salesforce.rows.values import stored_value
from actionsync_simulators.salesforce.rows.write import create
from actionsync_simulators.salesforce.rows.write_options import Write, write_of
from actionsync_simulators.salesforce.schema import Field, SObject
from actionsync_simulators.salesforce.sobjects.collections import Save, read_envelope, run_rows
from actionsync_simulators.salesforce.sobjects.rows import UPSERT_TELLS_CREATED
from actionsync_simulators.salesforce.state import Org


def upsert_rows(org: Org, request: Request, object_name: str, field_name: str) -> Response:
    """PATCH {base}/composite/sobjects/{T}/{ExtField}."""
    if request.version_number < UPSERT_TELLS_CREATED:
        raise not_found()
    sobject = sobject_of_path(org, object_name)
    field = key_field(request.user, sobject, field_name)
    records, all_or_none = read_envelope(request)
    for record in records:
        kind = record["attributes"]["type"]
        if kind.lower() != sobject.name.lower():
            raise api_error("INVALID_TYPE", f"Record type {kind} does not match the requested {sobject.name}")
    keys = [_take_key(record, field) for record in records]
    counted = Counter(_compared(field, key) for key in keys if key is not None)
    write = write_of(org, request)
    saves: list[tuple[Save, dict[str, Any]]] = []
    for record, key in zip(records, keys, strict=True):
        known: dict[str, Any] = {"created": False}
        repeated = key is not None and counted[_compared(field, key)] > 1
        save = _upserting(org, write, sobject, field=field, key=key, record=record, repeated=repeated, known=known)
        saves.append((save, known))
    return Response(200, run_rows(org, saves, all_or_none=all_or_none or request.all_or_none))


def _upserting(
    org: Org,
    write: Write,
    sobject: SObject,
    *,
    field: Field,
    key: Any,
    record: dict[str, Any],
    repeated: bool,
    known: dict[str, Any],
) -> Save:
    def save() -> dict[str, Any]:
        if any(name.lower() == "id" for name in record):
            raise api_error(
                "INVALID_FIELD",
                f"cannot specify Id when upserting by {field.name}",
                fields=["Id"],
            )
        if key is None and field.type == "id":
            return {"id": create(org, write, sobject, record), "created": True}
        stored = None if key is None else stored_value(field, key, write.body)
        if stored is None:
            raise api_error("MISSING_ARGUMENT", f"{field.name} not specified", fields=[field.name])
        if repeated:
            raise api_error("DUPLICATE_VALUE", f"Duplicate external id specified: {key}", fields=[field.name])
        matches = _matches(org, sobject, field, str(stored))
        if len(matches) > 1:
            raise api_error(
                "DUPLICATE_EXTERNAL_ID",
                f"{field.label}: more than one record found for external id field: [{', '.join(matches)}]",
                fields=[field.name],
            )
        if matches:
            known["id"] = matches[0]
        result = upsert(
            org,
            write,
            sobject,
            field=field,
            value=str(stored),
            matches=matches,
            record=record,
            missing_status=400,
        )
        return {"id": result.id, "created": result.created}

    return save


def _matches(org: Org, sobject: SObject, field: Field, value: str) -> list[str]:
    if field.type == "id":
        return [id_in_body(org, value)[1]]
    return ids_by_key(org, sobject, field, value)


def _take_key(record: dict[str, Any], field: Field) -> Any:
    for name in list(record):
        if name.lower() == field.name.lower():
            return record.pop(name)
    return None


def _compared(field: Field, key: Any) -> str:
    text = str(key).strip()
    return text if field.case_sensitive or field.type == "id" else text.lower()
