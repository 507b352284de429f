"""Channels with their progression statuses, and tag types: what programs are made with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.assets.answer import asset_time, found
from actionsync_simulators.marketo.assets.request import page
from actionsync_simulators.marketo.gateway.errors import api_error

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription


def channels(site: Subscription, call: Call) -> Reply:
    """GET channels: every channel with its statuses."""
    limit, offset = page(call)
    rows = site.database.rows("SELECT * FROM channels ORDER BY id LIMIT ? OFFSET ?", (limit, offset))
    return found(call, [_channel(site, row) for row in rows])


def channel_by_name(site: Subscription, call: Call) -> Reply:
    """GET channel/byName: the parameter is written `name` by some and `Name` by others."""
    rows = site.database.rows("SELECT * FROM channels WHERE name = ?", (_name(call),))
    return found(call, [_channel(site, row) for row in rows])


def tag_types(site: Subscription, call: Call) -> Reply:
    """GET tagTypes: names and the program types they are for, without their values."""
    limit, offset = page(call)
    rows = site.database.rows("SELECT * FROM tag_types ORDER BY id LIMIT ? OFFSET ?", (limit, offset))
    return found(call, [_tag_type(row) for row in rows])


def tag_type_by_name(site: Subscription, call: Call) -> Reply:
    """GET tagType/byName: one tag type with its allowed values."""
    rows = site.database.rows("SELECT * FROM tag_types WHERE name = ?", (_name(call),))
    return found(
        call,
        [_tag_type(row) | {"allowableValues": f"[{', '.join(orjson.loads(row['allowed_values']))}]"} for row in rows],
    )


def _name(call: Call) -> str:
    name = call.text("name") or call.text("Name")
    if name is None:
        raise api_error("701", "name")
    return name


def _channel(site: Subscription, row: sqlite3.Row) -> dict[str, Any]:
    statuses = site.database.rows("SELECT * FROM progression_statuses WHERE channel_id = ? ORDER BY step", (row["id"],))
    return {
        "id": row["id"],
        "name": row["name"],
        "applicableProgramType": row["applicable_program_type"],
        "progressionStatuses": [
            {
                "name": one["name"],
                "step": one["step"],
                "description": None,
                "hidden": False,
                "success": bool(one["success"]),
            }
            for one in statuses
        ],
        "createdAt": asset_time(row["created_at"]),
        "updatedAt": asset_time(row["updated_at"]),
    }


def _tag_type(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "tagType": row["name"],
        "applicableProgramTypes": f"[{','.join(orjson.loads(row['applicable_types']))}]",
        "required": bool(row["required"]),
    }
