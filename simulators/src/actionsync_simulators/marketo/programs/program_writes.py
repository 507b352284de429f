"""Programs as assets: creating, changing, cloning, approving and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.assets import places
from actionsync_simulators.marketo.assets.answer import found
from actionsync_simulators.marketo.assets.request import (
    FOLDER,
    PROGRAM,
    Place,
    broken_rule,
    loose_json,
    needed,
    needed_place,
    new_description,
    new_name,
)
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import api_error
from actionsync_simulators.marketo.gateway.times import parse_datetime, wire
from actionsync_simulators.marketo.programs.cloning import clone_program
from actionsync_simulators.marketo.programs.programs import as_json

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription

CHANNEL_KINDS = {
    "Default": "program",
    "Event": "event",
    "Event with Webinar": "event-webinar",
    "Email": "email",
    "Engagement": "nurture",
}
"""Program types, and which channels they can have."""
FIRST_STATUS = {"Email": "unlocked", "Engagement": "off"}
DATED = ("Email", "Event", "Event with Webinar")


def create(site: Subscription, call: Call) -> Reply:
    """POST programs: in a marketing folder; type and channel must fit and stay as they are."""
    name = new_name(call, required=True) or ""
    description, kind, channel = new_description(call), needed(call, "type"), needed(call, "channel")
    if kind not in CHANNEL_KINDS:
        raise broken_rule(f"Invalid program type '{kind}'")
    applicable = site.database.value("SELECT applicable_program_type FROM channels WHERE name = ?", (channel,))
    if applicable != CHANNEL_KINDS[kind]:
        raise broken_rule(f"Channel '{channel}' is not one for programs of type {kind}")
    place = home(site, needed_place(call, "folder"))
    check_free(site, name)
    tags, costs, dates = _json_list(call, "tags"), _json_list(call, "costs"), _dates(call, kind)
    _check_tags(site, tags)
    now = wire(call.now)
    cursor = site.database.execute(
        "INSERT INTO programs (name, description, type, channel, status, folder_id, folder_type, start_date, end_date,"
        " tags, costs, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            name,
            description,
            kind,
            channel,
            FIRST_STATUS.get(kind, ""),
            *place,
            dates.get("startDate"),
            dates.get("endDate"),
            _stored(tags),
            _stored(costs),
            now,
            now,
        ),
    )
    return _shown(site, call, int(cursor.lastrowid or 0))


def update(site: Subscription, call: Call) -> Reply:
    """POST program/{id}: name, description, dates, tags and costs; costs are added unless they are to replace."""
    row = _existing(site, call)
    name, description = new_name(call, required=False), new_description(call)
    if name is not None and name.casefold() != row["name"].casefold():
        check_free(site, name)
    tags, costs, dates = _json_list(call, "tags"), _json_list(call, "costs"), _dates(call, row["type"])
    _check_tags(site, tags)
    if not call.flag("costsDestructiveUpdate"):
        costs = [*(orjson.loads(row["costs"]) if row["costs"] else []), *(costs or [])]
    site.database.execute(
        "UPDATE programs SET name = ifnull(?, name), description = ifnull(?, description), tags = ifnull(?, tags),"
        " costs = ?, start_date = ifnull(?, start_date), end_date = ifnull(?, end_date), updated_at = ? WHERE id = ?",
        (
            name,
            description,
            _stored(tags),
            _stored(costs),
            dates.get("startDate"),
            dates.get("endDate"),
            wire(call.now),
            row["id"],
        ),
    )
    if name is not None:
        site.database.execute("UPDATE static_lists SET program_name = ? WHERE program_name = ?", (name, row["name"]))
    return _shown(site, call, row["id"])


def clone(site: Subscription, call: Call) -> Reply:
    """POST program/{id}/clone: a new program with the folders, tokens, emails and smart campaigns of this one."""
    row = _existing(site, call)
    name = new_name(call, required=True) or ""
    description = new_description(call)
    wanted = needed_place(call, "folder")
    if wanted.type != FOLDER:
        raise api_error("711")
    place = home(site, wanted)
    check_free(site, name)
    return _shown(site, call, clone_program(site, row, name=name, description=description, place=place))


def approve(site: Subscription, call: Call) -> Reply:
    """POST program/{id}/approve: an email program with both dates is locked in."""
    row = _email_program(site, call)
    if row["status"] == "locked":
        raise broken_rule("Program is already approved")
    if row["start_date"] is None or row["end_date"] is None:
        raise broken_rule("Program needs a start date and an end date")
    return _set_status(site, call, row, "locked")


def unapprove(site: Subscription, call: Call) -> Reply:
    """POST program/{id}/unapprove."""
    row = _email_program(site, call)
    if row["status"] != "locked":
        raise broken_rule("Program is not approved")
    return _set_status(site, call, row, "unlocked")


def delete(site: Subscription, call: Call) -> Reply:
    """POST program/{id}/delete: an empty program; its members and tokens go with it."""
    row = _existing(site, call)
    if not places.is_empty(site.database, Place(row["id"], PROGRAM)):
        raise broken_rule("Program is not empty")
    for sql in (
        "DELETE FROM programs WHERE id = ?",
        "DELETE FROM program_members WHERE program_id = ?",
        "DELETE FROM folder_tokens WHERE folder_type = 'Program' AND folder_id = ?",
    ):
        site.database.execute(sql, (row["id"],))
    return found(call, [{"id": row["id"]}])


def home(site: Subscription, wanted: Place) -> Place:
    """Return where a program is to lie; 710 when that is not there, 711 when it cannot hold programs."""
    row = places.parent(site.database, wanted)
    nested = row["folder_type"] == "Nurture Program"
    if row["folder_type"] != places.MARKETING_FOLDER and not nested:
        raise api_error("711")
    return wanted


def check_free(site: Subscription, name: str) -> None:
    """Refuse (709) the name of another program."""
    if site.database.row("SELECT 1 FROM programs WHERE name = ?", (name,)) is not None:
        raise broken_rule(f"Program '{name}' already exists")


def _existing(site: Subscription, call: Call) -> sqlite3.Row:
    row = site.database.row("SELECT * FROM programs WHERE id = ?", (as_integer(call.arguments[0]),))
    if row is None:
        raise api_error("702")
    return row


def _email_program(site: Subscription, call: Call) -> sqlite3.Row:
    row = _existing(site, call)
    if row["type"] != "Email":
        raise broken_rule("Only email programs can be approved")
    return row


def _set_status(site: Subscription, call: Call, row: sqlite3.Row, status: str) -> Reply:
    site.database.execute(
        "UPDATE programs SET status = ?, updated_at = ? WHERE id = ?", (status, wire(call.now), row["id"])
    )
    return found(call, [{"id": row["id"]}])


def _json_list(call: Call, name: str) -> list[dict[str, Any]] | None:
    """Return a list of objects given as JSON text, None when it is absent; 1001 when it is none."""
    text = call.text(name)
    if text is None:
        return None
    rows = loose_json(text, name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise api_error("1001", text, name)
    return rows


def _check_tags(site: Subscription, tags: list[dict[str, Any]] | None) -> None:
    """Refuse (709) a tag that the subscription has not, or a value that it does not allow."""
    for tag in tags or []:
        allowed = site.database.value("SELECT allowed_values FROM tag_types WHERE name = ?", (tag.get("tagType"),))
        if allowed is None or tag.get("tagValue") not in orjson.loads(allowed):
            raise broken_rule(f"Invalid tag '{tag.get('tagType')}' with value '{tag.get('tagValue')}'")


def _dates(call: Call, kind: str) -> dict[str, str]:
    """Return start and end as given; 704 for what is no date, 709 for a type without them or for swapped ones."""
    dates: dict[str, str] = {}
    for name in ("startDate", "endDate"):
        text = call.text(name)
        if text is None:
            continue
        if kind not in DATED:
            raise broken_rule(f"Programs of type {kind} have no {name}")
        try:
            dates[name] = wire(parse_datetime(text))
        except ValueError as problem:
            raise api_error("704") from problem
    if len(dates) == 2 and dates["startDate"] > dates["endDate"]:
        raise broken_rule("startDate must precede endDate")
    return dates


def _stored(rows: list[dict[str, Any]] | None) -> str | None:
    return orjson.dumps(rows).decode() if rows else None


def _shown(site: Subscription, call: Call, program_id: int) -> Reply:
    rows = site.database.rows("SELECT * FROM programs WHERE id = ?", (program_id,))
    return found(call, [as_json(site, row, tags=True, costs=True) for row in rows])
