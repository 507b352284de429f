"""The five calls of one kind of object."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.marketo.crm_objects import delete, query, sync
from actionsync_simulators.marketo.crm_objects.definition import ObjectKind
from actionsync_simulators.marketo.fields.catalogue import FLOAT_TYPES, INTEGER_TYPES
from actionsync_simulators.marketo.gateway.envelope import Members
from actionsync_simulators.marketo.gateway.quota import RECORDS_PER_CALL
from actionsync_simulators.marketo.gateway.route import Route, get, post

READ_ERRORS = ("1001", "1002", "1003", "1006", "1011", "1018")
SYNC_ERRORS = ("1001", "1002", "1003", "1006", "1013", "1017", "1018", "1036")
DELETE_ERRORS = ("1001", "1002", "1003", "1013", "1018")


def object_routes(
    kind: ObjectKind,
    path: str,
    *,
    word: str,
    permissions: tuple[str, str],
    example: tuple[str, str],
    sync_errors: tuple[str, ...] = (),
    delete_errors: tuple[str, ...] = (),
    sync_behaviours: tuple[Behaviour, ...] = (),
    delete_behaviours: tuple[Behaviour, ...] = (),
) -> tuple[Route, ...]:
    """Return the routes below `path`. `word` begins the names of behaviours, `example` is a filter that finds seed."""
    read, write = permissions
    return (
        get(f"{path}/describe.json", read, _describe(kind), errors=("1018",)),
        get(
            f"{path}.json",
            read,
            partial(query.get_records, kind),
            params=_filters(kind, example),
            errors=READ_ERRORS,
            behaviours=_read_behaviours(kind, word),
        ),
        post(
            f"{path}.json",
            write,
            partial(sync.sync, kind),
            schema=_sync_schema(kind),
            errors=(*SYNC_ERRORS, *sync_errors),
            behaviours=(
                Behaviour(f"{word}-sync-is-by-record", "Each record has a row with its `seq`; one refused stops none."),
                *sync_behaviours,
            ),
        ),
        post(
            f"{path}/delete.json",
            write,
            partial(delete.delete, kind),
            schema=_delete_schema(kind),
            errors=(*DELETE_ERRORS, *delete_errors),
            behaviours=delete_behaviours,
        ),
    )


def _describe(kind: ObjectKind) -> Any:
    def describe(site: Any, _: Any) -> Members:
        return query.describe(kind, site)

    return describe


def _filters(kind: ObjectKind, example: tuple[str, str]) -> tuple[Param, ...]:
    return (
        Param("filterType", required=True, example=example[0], description="A search key, idField or dedupeFields"),
        Param("filterValues", "strings", example=example[1], description="Up to 300 values of a key of one field"),
        Param("fields", "strings", example=kind.id_field),
        Param("batchSize", "integer", example="10", description="1 to 300, default 300"),
        Param("nextPageToken"),
    )


def _read_behaviours(kind: ObjectKind, word: str) -> tuple[Behaviour, ...]:
    behaviours = [
        Behaviour(f"{word}-pages", "Pages of up to 300; moreResult and nextPageToken only when there is more."),
        Behaviour(f"{word}-key-aliases", "filterType idField and dedupeFields stand for the key fields of describe."),
    ]
    if len(kind.dedupe_fields) > 1:
        text = "A key of several fields is asked for as `input` of a JSON body, by POST with _method=GET."
        behaviours.append(Behaviour(f"{word}-compound-key", text))
    return tuple(behaviours)


def _sync_schema(kind: ObjectKind) -> Schema:
    written = {one.name: _json_type(one.data_type) for one in kind.fields.values()}
    return {
        "type": "object",
        "required": ["input"],
        "properties": {
            "action": {"enum": [sync.UPSERT, sync.CREATE_ONLY, sync.UPDATE_ONLY]},
            "dedupeBy": {"enum": [query.DEDUPE_FIELDS, query.ID_FIELD]},
            "input": _records(written),
        },
    }


def _delete_schema(kind: ObjectKind) -> Schema:
    keys = {name: _json_type(kind.fields[name].data_type) for name in (kind.id_field, *kind.dedupe_fields)}
    return {
        "type": "object",
        "required": ["input"],
        "properties": {"deleteBy": {"enum": [query.DEDUPE_FIELDS, query.ID_FIELD]}, "input": _records(keys)},
    }


def _records(properties: Mapping[str, Any]) -> Schema:
    record = {"type": "object", "properties": properties}
    return {"type": "array", "minItems": 1, "maxItems": RECORDS_PER_CALL, "items": record}


def _json_type(data_type: str) -> dict[str, Any]:
    if data_type in INTEGER_TYPES:
        return {"type": ["integer", "null"]}
    if data_type in FLOAT_TYPES:
        return {"type": ["number", "null"]}
    return {"type": ["boolean" if data_type == "boolean" else "string", "null"]}
