"""Segmentations and their segments, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.assets.answer import asset_time, found, missing, url
from actionsync_simulators.marketo.assets.request import page, status_filter
from actionsync_simulators.marketo.gateway.call import as_integer

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription


def segmentations(site: Subscription, call: Call) -> Reply:
    """GET segmentation: all of them; only `offset` of the paging parameters counts."""
    _, offset = page(call)
    rows = site.database.rows(
        "SELECT * FROM segmentations WHERE ?1 IS NULL OR status = ?1 ORDER BY id LIMIT -1 OFFSET ?2",
        (status_filter(call), offset),
    )
    return found(
        call,
        [
            {
                "id": row["id"],
                "name": row["name"],
                "description": row["description"],
                "createdAt": asset_time(row["created_at"]),
                "updatedAt": asset_time(row["updated_at"]),
                "url": url("SG", row["id"]),
                "folder": {"type": "Folder", "value": row["folder_id"]},
                "status": row["status"],
                "workspace": row["workspace"],
            }
            for row in rows
        ],
    )


def segments(site: Subscription, call: Call) -> Reply:
    """GET segmentation/{id}/segments: the segments in their order, which is the order they are tried in."""
    row = site.database.row("SELECT * FROM segmentations WHERE id = ?", (as_integer(call.arguments[0]),))
    if row is None:
        return missing(site, call)
    if status_filter(call) not in (None, row["status"]):
        return found(call, [])
    limit, offset = page(call)
    rows = site.database.rows(
        "SELECT * FROM segments WHERE segmentation_id = ? ORDER BY id LIMIT ? OFFSET ?", (row["id"], limit, offset)
    )
    return found(
        call,
        [
            {
                "id": one["id"],
                "name": one["name"],
                "description": one["description"],
                "createdAt": asset_time(one["created_at"]),
                "updatedAt": asset_time(one["updated_at"]),
                "url": url("SL", one["id"]),
                "status": row["status"],
                "segmentationId": row["id"],
            }
            for one in rows
        ],
    )
