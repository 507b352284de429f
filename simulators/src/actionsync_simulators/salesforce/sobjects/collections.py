"""Collections: up to 200 rows in one call, each with its own result, and retrieval of many rows by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeGuard

from actionsync_simulators.salesforce.describe.objects import sobject_of_path
from actionsync_simulators.salesforce.gateway.errors import (
    ApiError,
    ErrorItem,
    api_error,
    json_parser_error,
    malformed_id,
    not_found,
    too_many_records,
)
from actionsync_simulators.salesforce.gateway.ids import full_id, looks_like_id
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.rows.lookup import id_in_body
from actionsync_simulators.salesforce.rows.read import named_fields, parts_of, wire_record
from actionsync_simulators.salesforce.rows.write import create, delete, update
from actionsync_simulators.salesforce.rows.write_options import Write, write_of
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org

MOST_RECORDS = 200
MOST_RETRIEVED = 2000
MOST_CHUNKS = 10
ROLLED_BACK = ErrorItem(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
)

Save = Callable[[], dict[str, Any]]


@dataclass(slots=True)
class RowResult:
    """The result of one row: what it answers when it went well, and its error when it did not.

    `known` is what a failed row still tells: its id, or whether it would have been created.
    """

    answer: dict[str, Any]
    known: dict[str, Any]
    error: ApiError | None = None


class _RolledBack(Exception):
    """All rows are taken back because one failed."""


def create_rows(org: Org, request: Request) -> Response:
    """POST {base}/composite/sobjects."""
    records, all_or_none = _envelope(request)
    write = write_of(org, request)
    saves: list[tuple[Save, dict[str, Any]]] = [(_creating(org, write, record), {}) for record in records]
    return _run(org, request, saves, all_or_none=all_or_none)


def update_rows(org: Org, request: Request) -> Response:
    """PATCH {base}/composite/sobjects."""
    records, all_or_none = _envelope(request)
    write = write_of(org, request)
    ids = [_take_id(record) for record in records]
    twice = _repeated(ids)
    saves: list[tuple[Save, dict[str, Any]]] = []
    for record, given in zip(records, ids, strict=True):
        known = {} if given is None else {"id": _shown_id(given)}
        saves.append((_updating(org, write, record, given, repeated=_is_in(given, twice)), known))
    return _run(org, request, saves, all_or_none=all_or_none)


def delete_rows(org: Org, request: Request) -> Response:
    """DELETE {base}/composite/sobjects?ids=a,b[&allOrNone=true]."""
    ids = [each.strip() for each in request.query.get("ids", "").split(",") if each.strip()]
    if not ids:
        raise api_error("REQUIRED_FIELD_MISSING", "The ids parameter is required.", fields=["ids"])
    if len(ids) > MOST_RECORDS:
        raise too_many_records(MOST_RECORDS)
    write = write_of(org, request)
    twice = _repeated(ids)
    saves: list[tuple[Save, dict[str, Any]]] = [
        (_deleting(org, write, given, repeated=_is_in(given, twice)), {"id": _shown_id(given)}) for given in ids
    ]
    all_or_none = request.query.get("allOrNone", "false").lower() == "true"
    return _run(org, request, saves, all_or_none=all_or_none)


def retrieve(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/composite/sobjects/{T}?ids=a,b&fields=Id,Name."""
    ids = [each.strip() for each in request.query.get("ids", "").split(",") if each.strip()]
    names = [each.strip() for each in request.query.get("fields", "").split(",") if each.strip()]
    return _retrieved(org, request, object_name, ids, names)


def retrieve_by_body(org: Org, request: Request, object_name: str) -> Response:
    """POST {base}/composite/sobjects/{T} with {"ids": […], "fields": […]}."""
    body = request.json_object()
    ids, names = body.get("ids"), body.get("fields")
    if not _texts(ids) or not _texts(names):
        raise json_parser_error("ids and fields must be arrays of strings at [line:1, column:1]")
    return _retrieved(org, request, object_name, ids, names)


# One row each


def _creating(org: Org, write: Write, record: dict[str, Any]) -> Save:
    def save() -> dict[str, Any]:
        sobject = _type_of(org, record)
        if not sobject.createable:
            raise api_error("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be inserted", fields=())
        return {"id": create(org, write, sobject, record)}

    return save


def _updating(org: Org, write: Write, record: dict[str, Any], given: object, *, repeated: bool) -> Save:
    def save() -> dict[str, Any]:
        sobject = _type_of(org, record)
        if given is None:
            raise api_error("MISSING_ARGUMENT", "Id not specified in an update call", fields=["Id"])
        found, record_id = id_in_body(org, given)
        if found is not sobject:
            label = sobject.fields["Id"].label
            raise api_error("MALFORMED_ID", f"{label}: id value of incorrect type: {given}", fields=["Id"])
        if repeated:
            raise _twice(record_id)
        if not sobject.updateable:
            raise api_error("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be updated", fields=())
        update(org, write, sobject, record_id, record, fault_key=record_id, missing_status=400)
        return {"id": record_id}

    return save


def _deleting(org: Org, write: Write, given: str, *, repeated: bool) -> Save:
    def save() -> dict[str, Any]:
        sobject, record_id = id_in_body(org, given)
        if repeated:
            raise _twice(record_id)
        if not sobject.deletable:
            raise api_error("DELETE_FAILED", f"entity type {sobject.name} cannot be deleted", fields=())
        delete(org, write, sobject, record_id, missing_status=400)
        return {"id": record_id}

    return save


# All rows


def run_rows(org: Org, saves: Sequence[tuple[Save, dict[str, Any]]], *, all_or_none: bool) -> list[dict[str, Any]]:
    """Save rows one by one and return their results in order; with `all_or_none` one failure takes all back.

    A row that cannot even be read (JSON_PARSER_ERROR) fails the whole call.
    """
    results: list[RowResult] = []
    try:
        with org.database.transaction():
            for save, known in saves:
                results.append(_saved(org, save, known))
            if all_or_none and any(result.error is not None for result in results):
                raise _RolledBack
    except _RolledBack:
        for result in results:
            if result.error is None:
                result.error = ApiError(400, ROLLED_BACK)
                if "created" in result.answer:
                    result.known = {"created": False}
    return [_wire(result) for result in results]


def _saved(org: Org, save: Save, known: dict[str, Any]) -> RowResult:
    try:
        with org.database.transaction():
            return RowResult(answer=save(), known=known)
    except ApiError as error:
        if error.code == "JSON_PARSER_ERROR":
            raise
        return RowResult(answer={}, known=known, error=error)


def _wire(result: RowResult) -> dict[str, Any]:
    if result.error is None:
        created = {"created": result.answer["created"]} if "created" in result.answer else {}
        return {"id": result.answer["id"], "success": True, "errors": [], **created}
    errors = [item.row_wire() for item in result.error.items]
    known_id = {"id": result.known["id"]} if "id" in result.known else {}
    created = {"created": result.known["created"]} if "created" in result.known else {}
    return {**known_id, "success": False, "errors": errors, **created}


def _run(
    org: Org,
    request: Request,
    saves: Sequence[tuple[Save, dict[str, Any]]],
    *,
    all_or_none: bool,
) -> Response:
    return Response(200, run_rows(org, saves, all_or_none=all_or_none or request.all_or_none))


# Reading the envelope


def _envelope(request: Request) -> tuple[list[dict[str, Any]], bool]:
    records, all_or_none = read_envelope(request)
    chunks = [kind for kind, _ in groupby(_type_name(record) for record in records)]
    if len(chunks) > MOST_CHUNKS:
        raise api_error(
            "EXCEEDED_ID_LIMIT",
            f"record limit reached. cannot submit more than {MOST_CHUNKS} chunks of different types into this call",
        )
    return records, all_or_none


def read_envelope(request: Request) -> tuple[list[dict[str, Any]], bool]:
    """The records and allOrNone (null: false) of a collection body. Raises 400 when it is malformed or too long."""
    body = request.json_object()
    records, all_or_none = body.get("records"), body.get("allOrNone")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise json_parser_error("records must be an array of objects at [line:1, column:1]")
    if not isinstance(all_or_none, bool | None):
        raise json_parser_error("allOrNone must be a boolean at [line:1, column:1]")
    if len(records) > MOST_RECORDS:
        raise too_many_records(MOST_RECORDS)
    for record in records:
        _type_name(record)
    return [dict(record) for record in records], bool(all_or_none)


def _type_name(record: dict[str, Any]) -> str:
    attributes = record.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(name, str) or not name:
        raise json_parser_error("attributes.type is missing in a record at [line:1, column:1]")
    return name


def _type_of(org: Org, record: dict[str, Any]) -> SObject:
    name = _type_name(record)
    sobject = org.schema.object(name)
    if sobject is None:
        raise api_error("INVALID_TYPE", f"sObject type '{name}' is not supported.", fields=())
    return sobject


def _take_id(record: dict[str, Any]) -> Any:
    for name in list(record):
        if name.lower() == "id":
            return record.pop(name)
    return None


def _repeated(ids: Sequence[Any]) -> set[str]:
    """The ids that occur more than once, in whatever form."""
    counted = Counter(_shown_id(each) for each in ids if isinstance(each, str))
    return {each for each, times in counted.items() if times > 1}


def _is_in(given: object, ids: set[str]) -> bool:
    return isinstance(given, str) and _shown_id(given) in ids


def _shown_id(given: object) -> Any:
    return (full_id(given) or given) if isinstance(given, str) else given


def _twice(record_id: str) -> ApiError:
    return api_error("DUPLICATE_VALUE", f"Duplicate id specified: {record_id}", fields=("Id",))


def _texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _retrieved(org: Org, request: Request, object_name: str, ids: list[str], names: list[str]) -> Response:
    sobject = sobject_of_path(org, object_name)
    if not ids or not names:
        raise not_found("The ids and fields parameters are required")
    if len(ids) > MOST_RETRIEVED:
        raise too_many_records(MOST_RETRIEVED)
    parts = parts_of(named_fields(request.user.access, sobject, names))
    wanted = []
    for given in ids:
        record_id = full_id(given) if looks_like_id(given) else None
        if record_id is None:
            raise malformed_id(given)
        wanted.append(record_id)
    rows = org.rows(sobject, list(dict.fromkeys(wanted)))
    records = []
    for record_id in wanted:
        row = rows.get(record_id)
        live = row is not None and not row["IsDeleted"]
        records.append(wire_record(sobject, row, parts=parts, version=request.version) if live and row else None)
    return Response(200, records)
