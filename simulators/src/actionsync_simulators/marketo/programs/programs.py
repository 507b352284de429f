"""Programs as assets: finding them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.assets.answer import asset_time, found, missing, url
from actionsync_simulators.marketo.assets.places import PROGRAM_URL_CODES
from actionsync_simulators.marketo.assets.request import FOLDER, Place, needed, page, where, window
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import api_error

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription

STATUSES = ("on", "off", "locked", "unlocked")
FILTERS = {"id": "id", "programId": "id", "folderId": "folder_id", "workspace": "workspace"}


def browse(site: Subscription, call: Call) -> Reply:
    """GET programs: pages, filtered by status, one filter type and time of change; without tags and costs."""
    conditions, params = window(call)
    status = call.text("status")
    if status is not None:
        if status.lower() not in STATUSES:
            raise api_error("1001", status, f"status: {', '.join(STATUSES)}")
        conditions, params = [*conditions, "status = ?"], [*params, status.lower()]
    filter_type = call.text("filterType")
    if filter_type is not None:
        values: list[Any] = _filter_values(call, filter_type)
        marks = ", ".join("?" * len(values))
        conditions, params = [*conditions, f"{FILTERS[filter_type]} IN ({marks})"], [*params, *values]
        if filter_type == "folderId":
            conditions, params = [*conditions, "folder_type = ?"], [*params, FOLDER]
    limit, offset = page(call)
    rows = site.database.rows(
        f"SELECT * FROM programs {where(conditions)} ORDER BY id LIMIT ? OFFSET ?",  # noqa: S608 - own names
        (*params, limit, offset),
    )
    return found(call, [as_json(site, row) for row in rows])


def _filter_values(call: Call, filter_type: str) -> list[Any]:
    if filter_type not in FILTERS:
        raise api_error("1001", filter_type, f"filterType: {', '.join(FILTERS)}")
    values: list[Any] = call.many("filterValues") if filter_type == "workspace" else call.integers("filterValues")
    if not values:
        raise api_error("701", "filterValues")
    return values


def by_id(site: Subscription, call: Call) -> Reply:
    """GET program/{id}: with tags and costs."""
    row = site.database.row("SELECT * FROM programs WHERE id = ?", (as_integer(call.arguments[0]),))
    return missing(site, call) if row is None else found(call, [as_json(site, row, tags=True, costs=True)])


def by_name(site: Subscription, call: Call) -> Reply:
    """GET program/byName: tags and costs when they are asked for."""
    name, tags, costs = needed(call, "name"), bool(call.flag("includeTags")), bool(call.flag("includeCosts"))
    rows = site.database.rows("SELECT * FROM programs WHERE name = ? COLLATE BINARY", (name,))
    return found(call, [as_json(site, row, tags=tags, costs=costs) for row in rows])


def by_tag(site: Subscription, call: Call) -> Reply:
    """GET program/byTag: programs that bear a tag with this value."""
    limit, offset = page(call)
    rows = site.database.rows(
        "SELECT * FROM programs WHERE EXISTS (SELECT 1 FROM json_each(ifnull(programs.tags, '[]'))"
        " WHERE json_extract(value, '$.tagType') = ? AND json_extract(value, '$.tagValue') = ?)"
        " ORDER BY id LIMIT ? OFFSET ?",
        (needed(call, "tagType"), needed(call, "tagValue"), limit, offset),
    )
    return found(call, [as_json(site, row, tags=True) for row in rows])


def place_of(row: sqlite3.Row) -> Place:
    """Return where a program lies."""
    return Place(row["folder_id"], row["folder_type"])


def as_json(site: Subscription, row: sqlite3.Row, *, tags: bool = False, costs: bool = False) -> dict[str, Any]:
    """Return a program as the program calls show it."""
    place = site.database.row("SELECT name, folder_type FROM places WHERE id = ? AND type = ?", place_of(row))
    kind = site.database.value("SELECT folder_type FROM places WHERE id = ? AND type = 'Program'", (row["id"],))
    members: dict[str, Any] = {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"] or "",
        "createdAt": asset_time(row["created_at"]),
        "updatedAt": asset_time(row["updated_at"]),
        "url": url(PROGRAM_URL_CODES.get(kind, "PG"), row["id"]),
        "type": row["type"],
        "channel": row["channel"],
        "folder": {
            "type": row["folder_type"],
            "value": row["folder_id"],
            "folderName": place["name"] if place is not None else None,
        },
        "status": row["status"],
        "workspace": row["workspace"],
        "headStart": bool(row["head_start"]),
    }
    for name, column in (("startDate", "start_date"), ("endDate", "end_date")):
        if row[column] is not None:
            members[name] = asset_time(row[column])
    if tags:
        members["tags"] = orjson.loads(row["tags"]) if row["tags"] else None
    if costs:
        members["costs"] = orjson.loads(row["costs"]) if row["costs"] else None
    return members
