"""Upsert of up to 200 rows of one object by external id in one call."""

from __future__ import annotations

from collections import Counter
from typing import Any

from actionsync_simulators.salesforce.describe.objects import sobject_of_path
from actionsync_simulators.salesforce.gateway.errors import api_error, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.rows.lookup import key_field
from actionsync_simulators.salesforce.rows.upsert import compared_key, upsert_one_of_many
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
    counted = Counter(compared_key(field, key) for key in keys if key is not None)
    write = write_of(org, request)
    saves: list[tuple[Save, dict[str, Any]]] = []
    for record, key in zip(records, keys, strict=True):
        known: dict[str, Any] = {"created": False}
        repeated = key is not None and counted[compared_key(field, key)] > 1
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
        result = upsert_one_of_many(
            org, write, sobject, field=field, key=key, record=record, repeated=repeated, known=known
        )
        return {"id": result.id, "created": result.created}

    return save


def _take_key(record: dict[str, Any], field: Field) -> Any:
    for name in list(record):
        if name.lower() == field.name.lower():
            return record.pop(name)
    return None
