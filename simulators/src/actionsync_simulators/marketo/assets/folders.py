"""Folders: finding, browsing and changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.assets import places
from actionsync_simulators.marketo.assets.answer import found, missing
from actionsync_simulators.marketo.assets.request import (
    FOLDER,
    Place,
    broken_rule,
    kind_of_place,
    needed,
    needed_place,
    new_description,
    new_name,
    page,
    place,
)
from actionsync_simulators.marketo.assets.seeding import MARKETING_ACTIVITIES
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import api_error
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription

DEPTH = 2

_TREE = """
WITH RECURSIVE tree (id, type, depth, key) AS (
    SELECT id, type, 0, printf('%s%012d', type, id) FROM places WHERE {roots}
    UNION ALL
    SELECT places.id, places.type, depth + 1, key || printf('/%s%012d', places.type, places.id)
    FROM tree JOIN places ON places.parent_id = tree.id AND places.parent_type = tree.type WHERE depth < :depth)
SELECT places.* FROM tree JOIN places ON places.id = tree.id AND places.type = tree.type
"""
"""A place and what is below it, parents before their children."""


def by_id(site: Subscription, call: Call) -> Reply:
    """GET folder/{id}: `type` tells folders from programs."""
    row = places.find(site.database, _addressed(call, needed(call, "type")))
    return missing(site, call) if row is None else found(call, [places.as_json(site.database, row)])


def by_name(site: Subscription, call: Call) -> Reply:
    """GET folder/byName: every folder and program of exactly this name, below `root` where it is given."""
    conditions, params = ["places.name = :name"], {"name": needed(call, "name")}
    kind = call.text("type")
    if kind is not None:
        conditions.append("places.type = :type")
        params["type"] = kind_of_place(kind, "type")
    workspace = call.text("workSpace") or call.text("workspace")
    if workspace is not None:
        conditions.append("places.workspace = :workspace")
        params["workspace"] = workspace
    root = _root(call, kind)
    where = " AND ".join(conditions)
    if root is None:
        rows = site.database.rows(f"SELECT * FROM places WHERE {where} ORDER BY type, id", params)  # noqa: S608
    else:
        tree = _TREE.format(roots="id = :root AND type = :root_type")
        rows = site.database.rows(
            f"{tree} WHERE {where} ORDER BY key", {**params, "root": root.id, "root_type": root.type, "depth": 1_000}
        )
    return found(call, [places.as_json(site.database, row) for row in rows])


def _root(call: Call, kind: str | None) -> Place | None:
    """Return the place to search below; `root` is a number, with `type`, or JSON."""
    text = call.text("root")
    if text is None:
        return None
    if text.isdecimal():
        if kind is None:
            raise api_error("701", "type")
        return Place(as_integer(text), kind_of_place(kind, "type"))
    return place(call, "root")


def browse(site: Subscription, call: Call) -> Reply:
    """GET folders: `root` (without it every area) and what is below it, `maxDepth` levels deep.

    A bare number as root is a folder: clients exist that send it so.
    """
    root = _root(call, FOLDER)
    depth = call.integer("maxDepth")
    params: dict[str, Any] = {"depth": DEPTH if depth is None else max(depth, 0)}
    roots = "parent_id IS NULL"
    if root is not None:
        roots = "id = :root AND type = :root_type"
        params |= {"root": root.id, "root_type": root.type}
    workspace = call.text("workSpace") or call.text("workspace")
    where = ""
    if workspace is not None:
        where = "WHERE places.workspace = :workspace"
        params["workspace"] = workspace
    limit, offset = page(call)
    rows = site.database.rows(
        f"{_TREE.format(roots=roots)} {where} ORDER BY key LIMIT :limit OFFSET :offset",
        {**params, "limit": limit, "offset": offset},
    )
    return found(call, [places.as_json(site.database, row) for row in rows])


def content(site: Subscription, call: Call) -> Reply:
    """GET folder/{id}/content: id and kind of what lies directly in it."""
    at = _addressed(call, call.text("type") or FOLDER)
    if places.find(site.database, at) is None:
        return missing(site, call)
    limit, offset = page(call)
    return found(call, places.contents(site.database, at, limit=limit, offset=offset))


def create(site: Subscription, call: Call) -> Reply:
    """POST folders: a folder below another or below a program; what it holds follows from where it is."""
    name = new_name(call, required=True) or ""
    description = new_description(call)
    above = places.parent(site.database, needed_place(call, "parent"))
    kind = _kind_below(above)
    _check_free(site, name, places.place_of(above))
    now = wire(call.now)
    cursor = site.database.execute(
        "INSERT INTO folders (name, description, parent_id, parent_type, folder_type, workspace, created_at,"
        " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (name, description or "", above["id"], above["type"], kind, above["workspace"], now, now),
    )
    return _shown(site, call, Place(int(cursor.lastrowid or 0), FOLDER))


def update(site: Subscription, call: Call) -> Reply:
    """POST folder/{id}: name, description, archiving; programs have a call of their own."""
    row = _own_folder(site, call, "changed")
    name, description, archive = new_name(call, required=False), new_description(call), call.flag("isArchive")
    if name is not None and name != row["name"]:
        _check_free(site, name, Place(row["parent_id"], row["parent_type"]))
    site.database.execute(
        "UPDATE folders SET name = ifnull(?, name), description = ifnull(?, description),"
        " is_archive = ifnull(?, is_archive), updated_at = ? WHERE id = ?",
        (name, description, archive, wire(call.now), row["id"]),
    )
    return _shown(site, call, Place(row["id"], FOLDER))


def delete(site: Subscription, call: Call) -> Reply:
    """POST folder/{id}/delete: an empty folder that is not the system's own."""
    row = _own_folder(site, call, "deleted")
    if not places.is_empty(site.database, places.place_of(row)):
        raise broken_rule("Folder is not empty")
    site.database.execute("DELETE FROM folders WHERE id = ?", (row["id"],))
    site.database.execute("DELETE FROM folder_tokens WHERE folder_id = ? AND folder_type = ?", (row["id"], FOLDER))
    return found(call, [{"id": row["id"]}])


def _own_folder(site: Subscription, call: Call, verb: str) -> sqlite3.Row:
    """Return the folder that a write is for: 702 when it is not there, 709 when it is not the user's to change."""
    at = _addressed(call, call.text("type") or FOLDER)
    row = places.find(site.database, at)
    if row is None:
        raise api_error("702")
    if at.type != FOLDER:
        raise broken_rule(f"A program cannot be {verb} as a folder")
    if row["is_system"]:
        raise broken_rule(f"A system folder cannot be {verb}")
    return row


def _addressed(call: Call, kind: str) -> Place:
    return Place(as_integer(call.arguments[0]), kind_of_place(kind, "type"))


def _kind_below(above: sqlite3.Row) -> str:
    """Return what a folder below a place holds; 711 when there can be none."""
    if above["type"] != FOLDER:
        return places.MARKETING_FOLDER
    if above["folder_type"] != places.ZONE:
        kind: str = above["folder_type"]
        return kind
    if above["parent_id"] == MARKETING_ACTIVITIES:
        return places.MARKETING_FOLDER
    raise api_error("711")


def _check_free(site: Subscription, name: str, above: Place) -> None:
    taken = site.database.row(
        "SELECT 1 FROM places WHERE name = ? AND parent_id = ? AND parent_type = ?", (name, *above)
    )
    if taken is not None:
        raise broken_rule(f"Folder '{name}' already exists")


def _shown(site: Subscription, call: Call, at: Place) -> Reply:
    row = places.parent(site.database, at)
    return found(call, [places.as_json(site.database, row)])
