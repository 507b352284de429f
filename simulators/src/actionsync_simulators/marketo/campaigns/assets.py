"""Smart campaigns in the asset API: finding, making, changing, switching on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.assets import places
from actionsync_simulators.marketo.assets.answer import asset_time, found, missing, url
from actionsync_simulators.marketo.assets.request import (
    Place,
    broken_rule,
    needed,
    needed_place,
    new_description,
    new_name,
    page_of,
)
from actionsync_simulators.marketo.assets.seeding import MARKETING_DEFAULT
from actionsync_simulators.marketo.campaigns.rest import is_requestable
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import api_error
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription


def browse(site: Subscription, call: Call) -> Reply:
    """GET smartCampaigns: pages, filtered by parent, time of change, and to active ones."""
    active = ("is_active",) if call.flag("isActive") else ()
    return found(call, [_as_json(row) for row in page_of("campaigns", site, call, also=active)])


def by_id(site: Subscription, call: Call) -> Reply:
    """GET smartCampaign/{id}."""
    row = _row(site, call)
    return missing(site, call) if row is None else found(call, [_as_json(row)])


def by_name(site: Subscription, call: Call) -> Reply:
    """GET smartCampaign/byName: the campaigns of exactly this name."""
    rows = site.database.rows("SELECT * FROM campaigns WHERE name = ? ORDER BY id", (needed(call, "name"),))
    return found(call, [_as_json(row) for row in rows])


def create(site: Subscription, call: Call) -> Reply:
    """POST smartCampaigns: an empty batch campaign; trigger, audience and flow are made in the user interface."""
    name = new_name(call, required=True) or ""
    description = new_description(call)
    wanted = needed_place(call, "folder")
    program_id = home(site, wanted, name)
    campaign_id = insert(site, name=name, description=description, at=wanted, program_id=program_id)
    return _shown(site, call, campaign_id)


def update(site: Subscription, call: Call) -> Reply:
    """POST smartCampaign/{id}: name and description."""
    row = _existing(site, call)
    name, description = new_name(call, required=False), new_description(call)
    if name is not None and name != row["name"]:
        _check_free(site, name, Place(row["folder_id"], row["folder_type"]))
    site.database.execute(
        "UPDATE campaigns SET name = ifnull(?, name), description = ifnull(?, description), updated_at = ?"
        " WHERE id = ?",
        (name, description, wire(call.now), row["id"]),
    )
    return _shown(site, call, row["id"])


def clone(site: Subscription, call: Call) -> Reply:
    """POST smartCampaign/{id}/clone: the same campaign elsewhere, not active."""
    row = _existing(site, call)
    name = new_name(call, required=True) or ""
    description = new_description(call)
    wanted = needed_place(call, "folder")
    program_id = home(site, wanted, name)
    campaign_id = insert(
        site,
        name=name,
        description=row["description"] if description is None else description,
        at=wanted,
        program_id=program_id,
        like=row,
    )
    return _shown(site, call, campaign_id)


def delete(site: Subscription, call: Call) -> Reply:
    """POST smartCampaign/{id}/delete: not an active one, nor the system's own."""
    row = _existing(site, call)
    if row["is_active"] or row["is_system"]:
        raise broken_rule("An active or a system smart campaign cannot be deleted")
    for sql in ("DELETE FROM campaigns WHERE id = ?", "DELETE FROM campaign_members WHERE campaign_id = ?"):
        site.database.execute(sql, (row["id"],))
    return found(call, [{"id": row["id"]}])


def activate(site: Subscription, call: Call) -> Reply:
    """POST smartCampaign/{id}/activate: needs a trigger and a flow."""
    row = _existing(site, call)
    if row["is_active"]:
        raise broken_rule("Smart campaign is already active")
    if row["trigger"] is None or not orjson.loads(row["flow"]):
        raise broken_rule("Smart campaign needs at least one trigger and one flow step")
    return _switch(site, call, row["id"], on=True)


def deactivate(site: Subscription, call: Call) -> Reply:
    """POST smartCampaign/{id}/deactivate: only an active one."""
    row = _existing(site, call)
    if not row["is_active"]:
        raise broken_rule("Smart campaign is not active")
    return _switch(site, call, row["id"], on=False)


def _switch(site: Subscription, call: Call, campaign_id: int, *, on: bool) -> Reply:
    site.database.execute(
        "UPDATE campaigns SET is_active = ?, updated_at = ? WHERE id = ?", (on, wire(call.now), campaign_id)
    )
    return found(call, [{"id": campaign_id}])


def home(site: Subscription, wanted: Place, name: str) -> int | None:
    """Return the program that a campaign in this place belongs to, or None.

    710 when the place is not there, 711 when it cannot hold campaigns, 709 when it has one of this name.
    """
    row = places.parent(site.database, wanted)
    program = places.program_above(site.database, row)
    if program is None and row["folder_type"] != places.MARKETING_FOLDER and row["id"] != MARKETING_DEFAULT:
        raise api_error("711")
    _check_free(site, name, wanted)
    return None if program is None else int(program["id"])


def _check_free(site: Subscription, name: str, at: Place) -> None:
    taken = site.database.row(
        "SELECT 1 FROM campaigns WHERE name = ? AND folder_id = ? AND folder_type = ?", (name, *at)
    )
    if taken is not None:
        raise broken_rule(f"Smart campaign '{name}' already exists")


def insert(
    site: Subscription,
    *,
    name: str,
    description: str | None,
    at: Place,
    program_id: int | None,
    like: sqlite3.Row | None = None,
) -> int:
    """Add an inactive campaign and return its id: empty, or with type, trigger, audience and flow `like` another."""
    now = wire(site.clock.now())
    model = ("batch", "once", None, None, "[]")
    if like is not None:
        model = (like["type"], like["qualification"], like["trigger"], like["audience"], like["flow"])
    cursor = site.database.execute(
        "INSERT INTO campaigns (name, description, folder_id, folder_type, program_id, type, qualification, trigger,"
        " audience, flow, smart_list_id, flow_id, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
        (name, description, *at, program_id, *model, now, now),
    )
    campaign_id = int(cursor.lastrowid or 0)
    site.database.execute("UPDATE campaigns SET flow_id = id, smart_list_id = id + 2000 WHERE id = ?", (campaign_id,))
    return campaign_id


def _row(site: Subscription, call: Call) -> sqlite3.Row | None:
    return site.database.row("SELECT * FROM campaigns WHERE id = ?", (as_integer(call.arguments[0]),))


def _existing(site: Subscription, call: Call) -> sqlite3.Row:
    row = _row(site, call)
    if row is None:
        raise api_error("702")
    return row


def _shown(site: Subscription, call: Call, campaign_id: int) -> Reply:
    rows = site.database.rows("SELECT * FROM campaigns WHERE id = ?", (campaign_id,))
    return found(call, [_as_json(row) for row in rows])


def _status(row: sqlite3.Row) -> str:
    if row["type"] == "trigger":
        return "Active" if row["is_active"] else "Inactive"
    return "Single Run" if row["has_run"] else "Never Run"


def _as_json(row: sqlite3.Row) -> dict[str, Any]:
    members = {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"] or "",
        "createdAt": asset_time(row["created_at"]),
        "updatedAt": asset_time(row["updated_at"]),
        "folder": {"id": row["folder_id"], "type": row["folder_type"]},
        "status": _status(row),
        "type": row["type"],
        "isSystem": bool(row["is_system"]),
        "isActive": bool(row["is_active"]),
        "isRequestable": is_requestable(row),
        "isCommunicationLimitEnabled": bool(row["communication_limit"]),
        "recurrence": {"weekdayOnly": False},
        "qualificationRuleType": row["qualification"],
        "workspace": row["workspace"],
        "smartListId": row["smart_list_id"],
        "flowId": row["flow_id"],
        "computedUrl": url("SC", row["id"]),
    }
    if row["program_id"] is not None:
        members["parentProgramId"] = row["program_id"]
    return members
