"""The tree of folders and programs: what is where, and what a place holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.assets.answer import asset_time, url
from actionsync_simulators.marketo.assets.request import PROGRAM, Place
from actionsync_simulators.marketo.gateway.errors import api_error

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.database import Database

MARKETING_FOLDER, LIST_FOLDER, ZONE = "Marketing Folder", "List", "Zone"
HELD = (
    ("static_lists", "Static List"),
    ("smart_lists", "Smart List"),
    ("emails", "Email"),
    ("campaigns", "Smart Campaign"),
)
"""Tables of assets that lie in places, by `folder_id` and `folder_type`, and what the contents call names them."""
PROGRAM_URL_CODES = {"Email Batch Program": "EBP", "Nurture Program": "NP", "Marketing Event": "ME"}
_URL_CODES = {MARKETING_FOLDER: "MF", LIST_FOLDER: "ML", "Smart List": "SL"}


def find(database: Database, place: Place) -> sqlite3.Row | None:
    """Return the row of a place, or None."""
    return database.row("SELECT * FROM places WHERE id = ? AND type = ?", place)


def parent(database: Database, place: Place) -> sqlite3.Row:
    """Return the row of a place that something is to be put into; 710 when there is none."""
    row = find(database, place)
    if row is None:
        raise api_error("710")
    return row


def place_of(row: sqlite3.Row) -> Place:
    """Return which place a row of `places` is."""
    return Place(row["id"], row["type"])


def ancestry(database: Database, row: sqlite3.Row) -> list[sqlite3.Row]:
    """Return a place and all above it, the nearest first."""
    line = [row]
    while line[-1]["parent_id"] is not None:
        above = find(database, Place(line[-1]["parent_id"], line[-1]["parent_type"]))
        if above is None:
            raise LookupError(f"the parent of {line[-1]['name']!r} is not there")
        line.append(above)
    return line


def program_above(database: Database, row: sqlite3.Row) -> sqlite3.Row | None:
    """Return the program that a place is or lies in, the nearest one, or None."""
    return next((one for one in ancestry(database, row) if one["type"] == PROGRAM), None)


def is_empty(database: Database, place: Place) -> bool:
    """Tell whether nothing lies in a place."""
    return not contents(database, place, limit=1)


def contents(database: Database, place: Place, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """Return what lies directly in a place: `{id, type}`, places first."""
    parts = [
        "SELECT id, type AS kind, 0 AS turn FROM places WHERE parent_id = :id AND parent_type = :type",
        *(
            f"SELECT id, '{name}', {turn} FROM {table} WHERE folder_id = :id AND folder_type = :type"  # noqa: S608
            for turn, (table, name) in enumerate(HELD, start=1)
        ),
    ]
    rows = database.rows(
        f"{' UNION ALL '.join(parts)} ORDER BY turn, kind, id LIMIT :limit OFFSET :offset",
        {"id": place.id, "type": place.type, "limit": limit, "offset": offset},
    )
    return [{"id": row["id"], "type": row["kind"]} for row in rows]


def as_json(database: Database, row: sqlite3.Row) -> dict[str, Any]:
    """Return a place as the folder calls show it."""
    line = ancestry(database, row)
    above = None if row["parent_id"] is None else {"id": row["parent_id"], "type": row["parent_type"]}
    return {
        "name": row["name"],
        "description": row["description"],
        "createdAt": asset_time(row["created_at"]),
        "updatedAt": asset_time(row["updated_at"]),
        "url": _url(row),
        "folderId": {"id": row["id"], "type": row["type"]},
        "folderType": row["folder_type"],
        "parent": above,
        "path": "/" + "/".join(one["name"] for one in reversed(line)),
        "isArchive": bool(row["is_archive"]),
        "isSystem": bool(row["is_system"]),
        "accessZoneId": 1,
        "workspace": row["workspace"],
        "id": row["id"],
    }


def _url(row: sqlite3.Row) -> str | None:
    if row["type"] == PROGRAM:
        return url(PROGRAM_URL_CODES.get(row["folder_type"], "PG"), row["id"])
    code = _URL_CODES.get(row["folder_type"])
    if code is None:
        return None
    # The system's own list folders are the roots of their trees.
    return url(code, 0 if row["is_system"] else row["id"])
