"""The resources of single rows: create, read, update, delete, and the same by external id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionsync_simulators.salesforce.describe.objects import sobject_of_path
from actionsync_simulators.salesforce.gateway.conditional import CONDITIONS, etag_of, matches_etag, not_modified
from actionsync_simulators.salesforce.gateway.errors import api_error, method_not_allowed, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response, no_content
from actionsync_simulators.salesforce.gateway.times import parse_wire
from actionsync_simulators.salesforce.rows.lookup import id_in_path, ids_by_key, key_field, readable_row
from actionsync_simulators.salesforce.rows.read import all_parts, named_fields, parts_of, wire_record
from actionsync_simulators.salesforce.rows.upsert import upsert
from actionsync_simulators.salesforce.rows.write import create, delete, update
from actionsync_simulators.salesforce.rows.write_options import write_of
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org, Row

UPSERT_TELLS_CREATED = 46.0
"""From this version on the answer to an upsert says whether the row was created."""

WITH_ETAG = frozenset({"Account"})
"""Objects whose rows have an ETag."""


def create_row(org: Org, request: Request, object_name: str) -> Response:
    """POST {base}/sobjects/{T}."""
    sobject = sobject_of_path(org, object_name)
    if not sobject.createable:
        raise method_not_allowed("POST", ["HEAD", "GET"])
    record = request.json_object()
    with org.database.transaction():
        record_id = create(org, write_of(org, request), sobject, record)
    return _saved(request, sobject, record_id, status=201)


def read_row(org: Org, request: Request, object_name: str, record_id: str) -> Response:
    """GET {base}/sobjects/{T}/{id}[?fields=A,B]."""
    sobject = sobject_of_path(org, object_name)
    return _read(org, request, sobject, id_in_path(sobject, record_id))


def update_row(org: Org, request: Request, object_name: str, record_id: str) -> Response:
    """PATCH {base}/sobjects/{T}/{id}."""
    sobject = sobject_of_path(org, object_name)
    if not sobject.updateable:
        raise method_not_allowed("PATCH", _row_verbs(sobject))
    full_id = id_in_path(sobject, record_id)
    record = request.json_object()
    _refuse_id(record)
    _check_precondition(org, request, sobject, full_id)
    with org.database.transaction():
        update(org, write_of(org, request), sobject, full_id, record)
    return no_content()


def delete_row(org: Org, request: Request, object_name: str, record_id: str) -> Response:
    """DELETE {base}/sobjects/{T}/{id}."""
    sobject = sobject_of_path(org, object_name)
    if not sobject.deletable:
        raise method_not_allowed("DELETE", _row_verbs(sobject))
    full_id = id_in_path(sobject, record_id)
    with org.database.transaction():
        delete(org, write_of(org, request), sobject, full_id)
    return no_content()


def read_by_external_id(org: Org, request: Request, object_name: str, field_name: str, value: str) -> Response:
    """GET {base}/sobjects/{T}/{ExtField}/{value}."""
    sobject = sobject_of_path(org, object_name)
    found = _matches(org, request, sobject, field_name, value)
    if len(found) > 1:
        return _several(request, sobject, found)
    if not found:
        raise not_found()
    return _read(org, request, sobject, found[0])


def upsert_row(org: Org, request: Request, object_name: str, field_name: str, value: str) -> Response:
    """PATCH {base}/sobjects/{T}/{ExtField}/{value}[?updateOnly=true]."""
    sobject = sobject_of_path(org, object_name)
    field = key_field(request.user, sobject, field_name)
    record = request.json_object()
    _refuse_id(record)
    if any(name.lower() == field.name.lower() for name in record):
        message = f"The {field.name} field should not be specified in the sobject data."
        raise api_error("INVALID_FIELD", message, fields=[field.name])
    found = ids_by_key(org, sobject, field, value)
    if len(found) > 1:
        return _several(request, sobject, found)
    if not found and (request.query.get("updateOnly", "").lower() == "true" or field.type == "id"):
        raise not_found()
    with org.database.transaction():
        result = upsert(
            org,
            write_of(org, request),
            sobject,
            field=field,
            value=value,
            matches=found,
            record=record,
        )
    if request.version_number < UPSERT_TELLS_CREATED:
        return _saved(request, sobject, result.id, status=201) if result.created else no_content()
    return _saved(request, sobject, result.id, status=201 if result.created else 200, created=result.created)


def delete_by_external_id(org: Org, request: Request, object_name: str, field_name: str, value: str) -> Response:
    """DELETE {base}/sobjects/{T}/{ExtField}/{value}."""
    sobject = sobject_of_path(org, object_name)
    found = _matches(org, request, sobject, field_name, value)
    if len(found) > 1:
        return _several(request, sobject, found)
    if not found:
        raise not_found()
    return delete_row(org, request, sobject.name, found[0])


def _matches(org: Org, request: Request, sobject: SObject, field_name: str, value: str) -> list[str]:
    return ids_by_key(org, sobject, key_field(request.user, sobject, field_name), value)


def _read(org: Org, request: Request, sobject: SObject, record_id: str) -> Response:
    row = readable_row(org, sobject, record_id)
    headers: list[tuple[str, str]] = []
    if sobject.name in WITH_ETAG:
        headers.append(("ETag", etag_of(row)))
        if matches_etag(request, headers[0][1]):
            return Response(304, headers=headers)
    if "LastModifiedDate" in row and not_modified(request, parse_wire(row["LastModifiedDate"])):
        return Response(304, headers=headers)
    access = request.user.access
    names = request.query.get("fields")
    parts = all_parts(sobject, access) if names is None else parts_of(named_fields(access, sobject, names.split(",")))
    return Response(200, wire_record(sobject, row, parts=parts, version=request.version), headers)


def _check_precondition(org: Org, request: Request, sobject: SObject, record_id: str) -> None:
    if CONDITIONS.isdisjoint(request.headers):
        return
    row: Row | None = org.row(sobject, record_id)
    if row is not None and sobject.name in WITH_ETAG:
        matches_etag(request, etag_of(row))
    if row is not None and "LastModifiedDate" in row:
        not_modified(request, parse_wire(row["LastModifiedDate"]))


def _saved(request: Request, sobject: SObject, record_id: str, *, status: int, created: bool | None = None) -> Response:
    payload: dict[str, Any] = {"id": record_id, "success": True, "errors": []}
    if created is not None:
        payload["created"] = created
    location = f"{request.data_url}/sobjects/{sobject.name}/{record_id}"
    return Response(status, payload, [("Location", location)] if status == 201 else [])


def _several(request: Request, sobject: SObject, ids: list[str]) -> Response:
    return Response(300, [f"{request.data_url}/sobjects/{sobject.name}/{each}" for each in ids])


def _refuse_id(record: Mapping[str, Any]) -> None:
    if any(name.lower() == "id" for name in record):
        raise api_error("INVALID_FIELD", "The Id field should not be specified in the sobject data.", fields=["Id"])


def _row_verbs(sobject: SObject) -> list[str]:
    changing = [("PATCH", sobject.updateable), ("DELETE", sobject.deletable)]
    return ["HEAD", "GET", *(verb for verb, open_to in changing if open_to)]
