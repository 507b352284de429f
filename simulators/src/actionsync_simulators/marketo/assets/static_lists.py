"""The definitions of static lists. Their members are the lead database's matter, and the rows are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.assets import places
from actionsync_simulators.marketo.assets.answer import asset_time, found, missing, url
from actionsync_simulators.marketo.assets.request import (
    broken_rule,
    needed,
    needed_place,
    new_description,
    new_name,
    page_of,
)
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import api_error
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription

IN_USE = (
    (
        "an export",
        """SELECT 1 FROM export_jobs WHERE status IN ('Created', 'Queued', 'Processing')
        AND json_extract(request, '$.filter.staticListId') = :id""",
    ),
    (
        "a smart campaign",
        """SELECT 1 FROM campaigns WHERE json_extract(audience, '$.staticListId') = :id OR EXISTS (
        SELECT 1 FROM json_each(campaigns.flow) WHERE json_extract(value, '$.listId') = :id)""",
    ),
)
"""Who may be using a list, and how to find out."""


def browse(site: Subscription, call: Call) -> Reply:
    """GET staticLists: pages, filtered by parent and time of change."""
    return found(call, [_as_json(row) for row in page_of("static_lists", site, call)])


def by_id(site: Subscription, call: Call) -> Reply:
    """GET staticList/{id}."""
    row = _row(site, call)
    return missing(site, call) if row is None else found(call, [_as_json(row)])


def by_name(site: Subscription, call: Call) -> Reply:
    """GET staticList/byName: the list of exactly this name."""
    rows = site.database.rows("SELECT * FROM static_lists WHERE name = ?", (needed(call, "name"),))
    return found(call, [_as_json(row) for row in rows])


def create(site: Subscription, call: Call) -> Reply:
    """POST staticLists: in a list folder, a program, or a folder of a program."""
    name = new_name(call, required=True) or ""
    description = new_description(call)
    wanted = needed_place(call, "folder")
    above = places.parent(site.database, wanted)
    program = places.program_above(site.database, above)
    if program is None and above["folder_type"] != places.LIST_FOLDER:
        raise api_error("711")
    _check_free(site, name)
    now = wire(call.now)
    cursor = site.database.execute(
        "INSERT INTO static_lists (name, description, program_name, workspace_name, folder_id, folder_type, created_at,"
        " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (name, description or None, program["name"] if program else None, above["workspace"], *wanted, now, now),
    )
    return _shown(site, call, int(cursor.lastrowid or 0))


def update(site: Subscription, call: Call) -> Reply:
    """POST staticList/{id}: name and description."""
    row = _existing(site, call)
    name, description = new_name(call, required=False), new_description(call)
    if name is not None and name != row["name"]:
        _check_free(site, name)
    site.database.execute(
        "UPDATE static_lists SET name = ifnull(?, name), description = ifnull(?, description), updated_at = ?"
        " WHERE id = ?",
        (name, description, wire(call.now), row["id"]),
    )
    return _shown(site, call, row["id"])


def delete(site: Subscription, call: Call) -> Reply:
    """POST staticList/{id}/delete: members go with it; 709 while something uses it."""
    row = _existing(site, call)
    if site.imports.busy_with(row["id"]):
        raise broken_rule("Static list is in use by an import")
    for user, question in IN_USE:
        if site.database.row(question, {"id": row["id"]}) is not None:
            raise broken_rule(f"Static list is in use by {user}")
    if site.smart_lists.user_of("list", row["id"]) is not None:
        raise broken_rule("Static list is in use by a smart list")
    site.database.execute("DELETE FROM list_members WHERE list_id = ?", (row["id"],))
    site.database.execute("DELETE FROM static_lists WHERE id = ?", (row["id"],))
    return found(call, [{"id": row["id"]}])


def _row(site: Subscription, call: Call) -> sqlite3.Row | None:
    return site.database.row("SELECT * FROM static_lists WHERE id = ?", (as_integer(call.arguments[0]),))


def _existing(site: Subscription, call: Call) -> sqlite3.Row:
    row = _row(site, call)
    if row is None:
        raise api_error("702")
    return row


def _check_free(site: Subscription, name: str) -> None:
    if site.database.row("SELECT 1 FROM static_lists WHERE name = ?", (name,)) is not None:
        raise broken_rule(f"Static list '{name}' already exists")


def _shown(site: Subscription, call: Call, list_id: int) -> Reply:
    rows = site.database.rows("SELECT * FROM static_lists WHERE id = ?", (list_id,))
    return found(call, [_as_json(row) for row in rows])


def _as_json(row: sqlite3.Row) -> dict[str, Any]:
    members = {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "createdAt": asset_time(row["created_at"]),
        "updatedAt": asset_time(row["updated_at"]),
        "folder": {"id": row["folder_id"], "type": row["folder_type"]},
        "computedUrl": url("ST", row["id"]),
    }
    return {name: value for name, value in members.items() if value is not None}
