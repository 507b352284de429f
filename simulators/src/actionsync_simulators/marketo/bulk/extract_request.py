"""What a new export job may ask for. A checked request is plain JSON, kept with the job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.bulk import extract_members
from actionsync_simulators.marketo.bulk.delimited import FORMATS
from actionsync_simulators.marketo.bulk.extract_checks import (
    date_range,
    headers,
    known_fields,
    listed,
    required_fields,
    text,
)
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.subscription import Subscription

LEADS, ACTIVITIES, MEMBERS = "leads", "activities", "program/members"
"""Kinds of object, as paths name them."""
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
    fields = _fields(site, body, kind)
    filters = body.get("filter")
    if not isinstance(filters, dict):
        raise invalid_data("filter must be an object")
    return {
        "format": wanted.upper(),
        "fields": fields,
        "headers": headers(body.get("columnHeaderNames"), fields),
        "filter": _filter(site, filters, kind),
        "partitions": sorted(call.partitions) if call.partitions is not None else None,
    }


def _fields(site: Subscription, body: dict[str, Any], kind: str) -> list[str]:
    if kind == MEMBERS:
        return extract_members.check_fields(site, body)
    if kind == LEADS:
        return required_fields(body, lambda name: name in site.fields)
    if not body.get("fields"):
        # Absent, null and [] are sent by clients and mean the same.
        return list(ACTIVITY_FIELDS)
    return known_fields(body["fields"], lambda name: name in ACTIVITY_FIELDS or name == ACTION_RESULT)


def _filter(site: Subscription, filters: dict[str, Any], kind: str) -> dict[str, Any]:
    if kind == MEMBERS:
        return extract_members.check_filter(site, filters)
    return _lead_filter(site, filters) if kind == LEADS else _activity_filter(filters)


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
        return {name: date_range(value)}
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
    checked: dict[str, Any] = {"createdAt": date_range(filters["createdAt"])}
    type_ids = listed(filters, "activityTypeIds", as_integer)
    if types.DELETE_LEAD in type_ids:
        raise invalid_data(f"Activity type {types.DELETE_LEAD} cannot be exported")
    if type_ids:
        checked["activityTypeIds"] = type_ids
    ids = listed(filters, "primaryAttributeValueIds", as_integer)
    names = listed(filters, "primaryAttributeValues", text)
    if ids and names:
        raise invalid_data("primaryAttributeValueIds and primaryAttributeValues cannot be combined")
    if ids or names:
        if not type_ids or not any(group.issuperset(type_ids) for group in PRIMARY_GROUPS):
            raise invalid_data("A primary attribute filter needs activityTypeIds of one kind: 2, 13/22, 24/25 or 104")
        if len(ids) + len(names) > PRIMARY_VALUES_AT_MOST:
            raise invalid_data(f"At most {PRIMARY_VALUES_AT_MOST} primary attribute values are allowed")
        checked["primaryAttributeValueIds" if ids else "primaryAttributeValues"] = ids or names
    return checked
