"""Makes a program again under another name, with what lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.assets.request import FOLDER, PROGRAM, Place, broken_rule
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.database import Database
    from actionsync_simulators.marketo.subscription import Subscription

COPIED = {
    "emails": (
        "name, description, subject, from_name, from_email, reply_email, pre_header, operational, status, template,"
        " workspace"
    ),
    "campaigns": (
        "name, description, type, qualification, communication_limit, trigger, audience, flow, workspace,"
        " smart_list_id, flow_id"
    ),
}
"""Tables of assets that a clone brings along, and the columns that are the same in it. Campaigns start inactive."""


def clone_program(site: Subscription, row: sqlite3.Row, *, name: str, description: str | None, place: Place) -> int:
    """Clone a program to a place and return the id of the clone; 709 when it holds what cannot be cloned.

    Members are not taken along. The name must be free.
    """
    database, now = site.database, wire(site.clock.now())
    cursor = database.execute(
        "INSERT INTO programs (name, description, type, channel, status, folder_id, folder_type, start_date, end_date,"
        " head_start, tags, costs, workspace, created_at, updated_at) SELECT ?, ifnull(?, description), type, channel,"
        " CASE type WHEN 'Email' THEN 'unlocked' WHEN 'Engagement' THEN 'off' ELSE '' END, ?, ?, start_date, end_date,"
        " head_start, tags, costs, workspace, ?, ? FROM programs WHERE id = ?",
        (name, description, *place, now, now, row["id"]),
    )
    program_id = int(cursor.lastrowid or 0)
    _clone_contents(database, Place(row["id"], PROGRAM), Place(program_id, PROGRAM), program_id=program_id, now=now)
    return program_id


def _clone_contents(database: Database, source: Place, target: Place, *, program_id: int, now: str) -> None:
    # Static lists and programs cannot come along; the real service refuses the clone then.
    for table, what in (("static_lists", "static lists"), ("programs", "programs")):
        if database.row(f"SELECT 1 FROM {table} WHERE folder_id = ? AND folder_type = ?", source) is not None:  # noqa: S608
            raise broken_rule(f"A program with {what} cannot be cloned")
    database.execute(
        "INSERT INTO folder_tokens (folder_id, folder_type, name, type, value)"
        " SELECT ?, ?, name, type, value FROM folder_tokens WHERE folder_id = ? AND folder_type = ?",
        (*target, *source),
    )
    for table, columns in COPIED.items():
        database.execute(
            f"INSERT INTO {table} ({columns}, folder_id, folder_type, created_at, updated_at)"  # noqa: S608 - own names
            f" SELECT {columns}, ?, ?, ?, ? FROM {table} WHERE folder_id = ? AND folder_type = ? ORDER BY id",
            (*target, now, now, *source),
        )
    database.execute(
        "UPDATE campaigns SET program_id = ?, flow_id = id, smart_list_id = id + 2000"
        " WHERE folder_id = ? AND folder_type = ?",
        (program_id, *target),
    )
    for folder in database.rows("SELECT * FROM folders WHERE parent_id = ? AND parent_type = ?", source):
        cursor = database.execute(
            "INSERT INTO folders (name, description, parent_id, parent_type, folder_type, workspace, created_at,"
            " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (folder["name"], folder["description"], *target, folder["folder_type"], folder["workspace"], now, now),
        )
        _clone_contents(
            database,
            Place(folder["id"], FOLDER),
            Place(int(cursor.lastrowid or 0), FOLDER),
            program_id=program_id,
            now=now,
        )
