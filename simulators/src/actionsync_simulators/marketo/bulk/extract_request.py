"""What a new export job may ask for. A checked request is plain JSON, kept with the job."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.bulk.delimited import FORMATS
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import parse_datetime, wire

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.subscription import Subscription

LEADS, ACTIVITIES = "leads", "activities"
LONGEST_RANGE = timedelta(days=31)
PRIMARY_VALUES_AT_MOST = 50
LEAD_FILTERS = (
    "createdAt",
    "updatedAt",
    "staticListName",
    "staticListId",
    "smartListName",
    "smartListId",
)
SOME_SUBSCRIPTIONS_ONLY = ("updatedAt", "smartListName", "smartListId")
ACTIVITY_FIELDS = (
    "marketoGUID",
    "leadId",
    "activityDate",
    "activityTypeId",
    "campaignId",
    "primaryAttributeValueId",
    "primaryAttributeValue",
    "attributes",
)
ACTION_RESULT = "actionResult"
PRIMARY_GROUPS = (frozenset({13, 22}), frozenset({104}), frozenset({24, 25}), frozenset({2}))
"""Types whose primary attribute can be filtered, in groups that share what the attribute is."""


def check_request(site: Subscription, call: Call, kind: str) -> dict[str, Any]:
    """Return the checked request of a create call: `format`, `fields`, `headers`, `filter`."""
    body = call.json_object()
    wanted = body.get("format") or "CSV"
    if not isinstance(wanted, str) or wanted.upper() not in FORMATS:
        raise invalid_data(f"Invalid format '{wanted}'")
    fields = _lead_fields(site, body) if kind == LEADS else _activity_fields(body)
    filters = body.get("filter")
    if not isinstance(filters, dict):
        raise invalid_data("filter must be an object")
    return {
        "format": wanted.upper(),
        "fields": fields,
        "headers": _headers(body.get("columnHeaderNames"), fields),
        "filter": _lead_filter(site, filters) if kind == LEADS else _activity_filter(filters),
        "partitions": sorted(call.partitions) if call.partitions is not None else None,
    }


def _lead_fields(site: Subscription, body: dict[str, Any]) -> list[str]:
    fields = body.get("fields")
    if not fields:
        raise api_error("1002", "fields")
    return _known_fields(fields, lambda name: name in site.fields)


def _activity_fields(body: dict[str, Any]) -> list[str]:
    fields = body.get("fields")
    if not fields:
        # Absent, null and [] are sent by clients and mean the same.
        return list(ACTIVITY_FIELDS)
    return _known_fields(fields, lambda name: name in ACTIVITY_FIELDS or name == ACTION_RESULT)


def _known_fields(fields: Any, known: Any) -> list[str]:
    if not isinstance(fields, list):
        raise invalid_data("fields must be an array")
    for name in fields:
        if not isinstance(name, str) or not known(name):
            raise invalid_data(f"Field '{name}' is not valid for this export")
    return fields


def _headers(renamed: Any, fields: list[str]) -> list[str]:
    if renamed is None:
        return fields
    if not isinstance(renamed, dict):
        raise invalid_data("columnHeaderNames must be an object")
    for name, header in renamed.items():
        if name not in fields or not isinstance(header, str):
            raise invalid_data(f"columnHeaderNames: '{name}' is not one of the exported fields")
    return [renamed.get(name, name) for name in fields]


def _lead_filter(site: Subscription, filters: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in filters.items() if value is not None}
    unknown = [name for name in given if name not in LEAD_FILTERS]
    if unknown:
        raise invalid_data(f"Unsupported filter type '{unknown[0]}'")
    if len(given) != 1:
        raise invalid_data(f"Exactly one filter is needed, one of {', '.join(LEAD_FILTERS)}")
    ((name, value),) = given.items()
    if name in SOME_SUBSCRIPTIONS_ONLY and site.switches.corona == "off":
        raise api_error("1035", name)
    if name in ("createdAt", "updatedAt"):
        return {name: _range(value)}
    if name in ("smartListName", "smartListId"):
        lists = site.smart_lists
        smart = lists.get(as_integer(value)) if name == "smartListId" else lists.by_name(str(value).strip())
        if smart is None:
            raise invalid_data(f"Smart list '{value}' not found")
        return {"smartListId": smart.id}
    column = "id" if name == "staticListId" else "name"
    key = as_integer(value) if column == "id" else str(value)
    list_id = site.database.value(
        f"SELECT id FROM static_lists WHERE {column} = ? ORDER BY id LIMIT 1",  # noqa: S608 - one of two names
        (key,),
    )
    if list_id is None:
        raise invalid_data(f"Static list '{value}' not found")
    return {"staticListId": list_id}


def _activity_filter(filters: dict[str, Any]) -> dict[str, Any]:
    unknown = set(filters) - {"createdAt", "activityTypeIds", "primaryAttributeValueIds", "primaryAttributeValues"}
    if unknown:
        raise invalid_data(f"Unsupported filter type '{sorted(unknown)[0]}'")
    if filters.get("createdAt") is None:
        raise invalid_data("The filter createdAt is needed")
    checked: dict[str, Any] = {"createdAt": _range(filters["createdAt"])}
    type_ids = _list(filters, "activityTypeIds", as_integer)
    if types.DELETE_LEAD in type_ids:
        raise invalid_data(f"Activity type {types.DELETE_LEAD} cannot be exported")
    if type_ids:
        checked["activityTypeIds"] = type_ids
    ids = _list(filters, "primaryAttributeValueIds", as_integer)
    names = _list(filters, "primaryAttributeValues", _name)
    if ids and names:
        raise invalid_data("primaryAttributeValueIds and primaryAttributeValues cannot be combined")
    if ids or names:
        if not type_ids or not any(group.issuperset(type_ids) for group in PRIMARY_GROUPS):
            raise invalid_data("A primary attribute filter needs activityTypeIds of one kind: 2, 13/22, 24/25 or 104")
        if len(ids) + len(names) > PRIMARY_VALUES_AT_MOST:
            raise invalid_data(f"At most {PRIMARY_VALUES_AT_MOST} primary attribute values are allowed")
        checked["primaryAttributeValueIds" if ids else "primaryAttributeValues"] = ids or names
    return checked


def _list(filters: dict[str, Any], name: str, read: Any) -> list[Any]:
    given = filters.get(name)
    if given is None:
        return []
    if not isinstance(given, list):
        raise invalid_data(f"{name} must be an array")
    return [read(value) for value in given]


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise api_error("1001", value, "string")
    return value


def _range(value: Any) -> list[str]:
    """Return the first and last second of a date filter, in wire format; both are inclusive."""
    if not isinstance(value, dict) or value.get("startAt") is None or value.get("endAt") is None:
        raise invalid_data("A date filter needs startAt and endAt")
    start, end = _moment(value["startAt"]), _moment(value["endAt"])
    if end < start:
        raise invalid_data("endAt is before startAt")
    if end - start > LONGEST_RANGE:
        raise invalid_data(f"The date range must not be longer than {LONGEST_RANGE.days} days")
    first = start if not start.microsecond else start + timedelta(seconds=1)
    return [wire(first), wire(end)]


def _moment(value: Any) -> datetime:
    try:
        return parse_datetime(value)
    except (ValueError, AttributeError, TypeError) as problem:
        raise api_error("1001", value, "datetime") from problem
