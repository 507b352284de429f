"""What calls of the asset API give: pages, time windows, texts that must not be blank, parents as JSON in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from actionsync_simulators.endpoint import Param
from actionsync_simulators.marketo.assets.loose_json import read_loose_json
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error
from actionsync_simulators.marketo.gateway.times import parse_datetime, wire

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.subscription import Subscription

PAGE, LARGEST_PAGE = 20, 200
NAME_LENGTH, DESCRIPTION_LENGTH = 255, 2_000
FOLDER, PROGRAM = "Folder", "Program"
VERSIONS = ("approved", "draft")
_KINDS = {"folder": FOLDER, "program": PROGRAM}

PAGING = (
    Param("offset", "integer", description="Rows to pass over; below 0 counts as 0"),
    Param("maxReturn", "integer", description="Rows at most: 20 unless given, clamped to 1 to 200"),
)
WINDOW = (
    Param("earliestUpdatedAt", "datetime", description="Only what changed at this time or later"),
    Param("latestUpdatedAt", "datetime", description="Only what changed at this time or earlier"),
)


class Place(NamedTuple):
    """A parent of assets. Ids of folders and of programs are separate series."""

    id: int
    type: str


def broken_rule(message: str) -> ApiError:
    """Build a 709, whose message says which rule."""
    return ApiError("709", message)


def page(call: Call) -> tuple[int, int]:
    """Return limit and offset, clamped to what is allowed; 1001 when one is no integer."""
    limit, offset = call.integer("maxReturn"), call.integer("offset")
    return PAGE if limit is None else min(max(limit, 1), LARGEST_PAGE), max(offset or 0, 0)


def window(call: Call) -> tuple[list[str], list[Any]]:
    """Return SQL conditions on `updated_at` and their parameters; 704 for what is no date, 709 when swapped."""
    earliest, latest = _moment(call, "earliestUpdatedAt"), _moment(call, "latestUpdatedAt")
    if earliest is not None and latest is not None and earliest > latest:
        raise broken_rule("earliestUpdatedAt must precede latestUpdatedAt")
    bounds = (("updated_at >= ?", earliest), ("updated_at <= ?", latest))
    return [sql for sql, value in bounds if value is not None], [value for _, value in bounds if value is not None]


def _moment(call: Call, name: str) -> str | None:
    text = call.text(name)
    if text is None:
        return None
    try:
        return wire(parse_datetime(text))
    except ValueError as problem:
        raise api_error("704") from problem


def needed(call: Call, name: str) -> str:
    """Return a text parameter; 701 when it is absent or blank."""
    value = call.text(name)
    if value is None:
        raise api_error("701", name)
    return value


def given(call: Call, name: str) -> str | None:
    """Return a text parameter as given, a blank one too; None when it is absent."""
    values = call.params.get(name)
    return values[-1].strip() if values else None


def new_name(call: Call, *, required: bool) -> str | None:
    """Return `name`; 701 when it is blank (or, if `required`, absent), 709 when it is too long."""
    if not required and given(call, "name") is None:
        return None
    name = needed(call, "name")
    if len(name) > NAME_LENGTH:
        raise broken_rule(f"Name must not exceed {NAME_LENGTH} characters")
    return name


def new_description(call: Call) -> str | None:
    """Return `description` as given, None when it is absent; 709 when it is too long."""
    description = given(call, "description")
    if description is not None and len(description) > DESCRIPTION_LENGTH:
        raise broken_rule(f"Description must not exceed {DESCRIPTION_LENGTH} characters")
    return description


def kind_of_place(text: str, name: str) -> str:
    """Return `Folder` or `Program`, written in any case; 1001 for anything else."""
    kind = _KINDS.get(text.lower())
    if kind is None:
        raise api_error("1001", text, f"{name}: Folder or Program")
    return kind


def loose_json(text: str, name: str) -> Any:
    """Return what a parameter holds that is JSON as text, strict or loose; 1001 when it is neither."""
    try:
        return read_loose_json(text)
    except ValueError as problem:
        raise api_error("1001", text, name) from problem


def place(call: Call, name: str) -> Place | None:
    """Return a parent given as JSON text, `{"id":13,"type":"Folder"}`, or None; 1001 when it is none.

    Clients exist that send single quotes or bare words, and the real service takes them: so does this.
    """
    text = call.text(name)
    if text is None:
        return None
    members = loose_json(text, name)
    if not isinstance(members, dict) or "id" not in members or not isinstance(members.get("type"), str):
        raise api_error("1001", text, name)
    return Place(as_integer(members["id"]), kind_of_place(members["type"], name))


def needed_place(call: Call, name: str) -> Place:
    """Return a parent; 701 when it is absent or blank, 1001 when it is none."""
    needed(call, name)
    found = place(call, name)
    if found is None:
        raise api_error("701", name)
    return found


def status_filter(call: Call) -> str | None:
    """Return `status`, approved or draft in any case, or None; 1001 for anything else."""
    status = call.text("status")
    if status is None:
        return None
    if status.lower() not in VERSIONS:
        raise api_error("1001", status, "status: approved or draft")
    return status.lower()


def where(conditions: list[str]) -> str:
    """Return the WHERE clause of some conditions, nothing for none."""
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def page_of(table: str, site: Subscription, call: Call, *, also: tuple[str, ...] = ()) -> list[sqlite3.Row]:
    """Return the rows that a browsing call asks for, by `folder` and time of change; `also` are SQL conditions."""
    conditions, params = window(call)
    conditions += also
    folder = place(call, "folder")
    if folder is not None:
        conditions += ("folder_id = ?", "folder_type = ?")
        params += folder
    limit, offset = page(call)
    return site.database.rows(
        f"SELECT * FROM {table} {where(conditions)} ORDER BY id LIMIT ? OFFSET ?",  # noqa: S608 - own names
        (*params, limit, offset),
    )
