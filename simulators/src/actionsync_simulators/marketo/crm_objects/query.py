"""Describe a kind of object, and get its records by one of their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.crm_objects.access import check_read
from actionsync_simulators.marketo.crm_objects.definition import ObjectField, ObjectKind
from actionsync_simulators.marketo.fields.catalogue import INTEGER_TYPES
from actionsync_simulators.marketo.fields.values import to_json
from actionsync_simulators.marketo.gateway.call import as_integer, unique, within_limit
from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

ID_FIELD, DEDUPE_FIELDS = "idField", "dedupeFields"
"""Aliases for the key fields of an object."""
DEFINED_AT = "2025-01-15T09:00:00Z"
"""When the objects were defined: before everything that a subscription holds."""


def describe(kind: ObjectKind, site: Subscription) -> Members:
    """GET …/describe: keys, search keys and fields."""
    check_read(site)
    row = {
        "name": kind.name,
        **kind.about,
        "createdAt": DEFINED_AT,
        "updatedAt": DEFINED_AT,
        "idField": kind.id_field,
        "dedupeFields": list(kind.dedupe_fields),
        "searchableFields": [list(names) for names in kind.searchable],
        "fields": [one.describe() for one in kind.fields.values()],
    }
    return {"result": [row]}


def get_records(kind: ObjectKind, site: Subscription, call: Call) -> Members:
    """GET …: the records with one of the given keys, in the order they were made, in pages of up to 300."""
    check_read(site)
    key = _key(kind, call.required("filterType"))
    asked = unique(call.many("fields"))
    names = _requested(kind, asked)
    condition, keys = _condition(call, key)
    batch = call.batch_size()
    token = call.text("nextPageToken")
    after = site.paging.read(token).row if token else 0
    columns = ", ".join(kind.fields[name].column for name in names)
    rows = site.database.rows(
        f"SELECT {columns}, {kind.row_key} FROM {kind.table}"  # noqa: S608 - names of the definition
        f" WHERE {condition} AND {kind.row_key} > ? ORDER BY {kind.row_key} LIMIT ?",
        (keys, after, batch + 1),
    )
    result = []
    for seq, row in enumerate(rows[:batch]):
        values = ((name, to_json(kind.fields[name], value)) for name, value in zip(names, row, strict=False))
        # A field that was asked for is there even when it is empty.
        result.append({"seq": seq} | {name: value for name, value in values if asked or value is not None})
    if len(rows) <= batch:
        return {"result": result}
    return {"result": result, "nextPageToken": site.paging.for_row(rows[batch - 1][-1]), "moreResult": True}


def _key(kind: ObjectKind, filter_type: str) -> tuple[ObjectField, ...]:
    """Return the fields that a filter type stands for; 1011 when records are not found by it."""
    aliases = {ID_FIELD: (kind.id_field,), DEDUPE_FIELDS: kind.dedupe_fields}
    names = aliases.get(filter_type, (filter_type,))
    if names not in (*aliases.values(), *kind.searchable):
        raise api_error("1011", filter_type)
    return tuple(kind.fields[name] for name in names)


def _requested(kind: ObjectKind, asked: list[str]) -> list[str]:
    if not asked:
        return kind.shown_by_default()
    names = [kind.id_field]
    for name in asked:
        one = kind.by_any_case(name)
        if one is None:
            raise api_error("1006", name)
        names.append(one.name)
    return unique(names)


def _condition(call: Call, key: tuple[ObjectField, ...]) -> tuple[str, str]:
    """Return the SQL condition for a key and its one parameter, a JSON list.

    A compound key comes as `input` of a tunnelled JSON body, a single one as `filterValues` or in the same way.
    """
    columns = ", ".join(one.column for one in key)
    if call.has_json and "input" in call.json_object():
        records = call.input_records()
        keys = [[_compared(one, _member(record, one)) for one in key] for record in records]
        chosen = ", ".join(f"value ->> {position}" for position in range(len(key)))
        return f"({columns}) IN (SELECT {chosen} FROM json_each(?))", orjson.dumps(keys).decode()  # noqa: S608
    if len(key) > 1:
        raise api_error("1002", "input")
    values = unique(call.many("filterValues"))
    if not values:
        raise api_error("1002", "filterValues")
    within_limit(values, "filterValues", limit=call.limits.records_per_call)
    compared = [_compared(key[0], value) for value in values]
    return f"{columns} IN (SELECT value FROM json_each(?))", orjson.dumps(compared).decode()  # noqa: S608


def _member(record: dict[str, Any], one: ObjectField) -> Any:
    value = record.get(one.name)
    if value is None or value == "":
        raise invalid_data(f"Value for key field '{one.name}' not found")
    return value


def _compared(one: ObjectField, value: Any) -> Any:
    """Return a key value as the column holds it; 1001 when it cannot be one."""
    return as_integer(value) if one.data_type in INTEGER_TYPES else str(value).strip()
