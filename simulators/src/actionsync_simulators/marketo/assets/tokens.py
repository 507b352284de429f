"""My Tokens of folders and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.assets import places
from actionsync_simulators.marketo.assets.answer import found, missing, url
from actionsync_simulators.marketo.assets.request import FOLDER, Place, broken_rule, given, kind_of_place, needed
from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.gateway.errors import api_error
from actionsync_simulators.marketo.gateway.times import parse_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription

TYPES = ("date", "number", "rich text", "score", "sfdc campaign", "text")
NAME_LENGTH = 50
LARGEST_SCORE = 2**31


def tokens(site: Subscription, call: Call) -> Reply:
    """GET folder/{id}/tokens: the tokens of one place, not those it inherits."""
    at = Place(as_integer(call.arguments[0]), kind_of_place(call.text("folderType") or FOLDER, "folderType"))
    if places.find(site.database, at) is None:
        return missing(site, call)
    return _shown(site, call, at)


def create(site: Subscription, call: Call) -> Reply:
    """POST folder/{id}/tokens: a new token, or new content for the one of this name."""
    at = _written(site, call)
    name, kind, value = needed(call, "name"), needed(call, "type"), given(call, "value")
    if value is None:
        raise api_error("701", "value")
    if len(name) > NAME_LENGTH:
        raise broken_rule(f"Token name must not exceed {NAME_LENGTH} characters")
    if kind not in TYPES:
        raise broken_rule(f"Invalid token type '{kind}'")
    _check_value(kind, value)
    site.database.execute(
        "INSERT INTO folder_tokens (folder_id, folder_type, name, type, value) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (folder_id, folder_type, name) DO UPDATE SET type = excluded.type, value = excluded.value",
        (*at, name, kind, value),
    )
    return _shown(site, call, at)


def delete(site: Subscription, call: Call) -> Reply:
    """POST folder/{id}/tokens/delete: by name and type."""
    at = _written(site, call)
    cursor = site.database.execute(
        "DELETE FROM folder_tokens WHERE folder_id = ? AND folder_type = ? AND name = ? AND type = ?",
        (*at, needed(call, "name"), needed(call, "type")),
    )
    if not cursor.rowcount:
        raise api_error("702")
    return found(call, [{"id": at.id}])


def values_for(site: Subscription, at: Place, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return the tokens that a campaign in this place knows, by name: its own before inherited ones.

    `overrides` replace values of known tokens; others have no effect.
    """
    row = places.find(site.database, at)
    known: dict[str, str] = {}
    for one in reversed(places.ancestry(site.database, row) if row is not None else []):
        known |= dict(_of(site, places.place_of(one)))
    return known | {name: value for name, value in overrides.items() if name in known}


def _of(site: Subscription, at: Place) -> list[tuple[str, str]]:
    rows = site.database.rows("SELECT name, value FROM folder_tokens WHERE folder_id = ? AND folder_type = ?", at)
    return [(row["name"], row["value"]) for row in rows]


def _written(site: Subscription, call: Call) -> Place:
    """Return the place whose tokens a write changes; 701 without `folderType`, 702 when the place is not there."""
    at = Place(as_integer(call.arguments[0]), kind_of_place(needed(call, "folderType"), "folderType"))
    if places.find(site.database, at) is None:
        raise api_error("702")
    return at


def _check_value(kind: str, value: str) -> None:
    """Refuse a value that is none of its type: 704 for a date, 709 for a number or score."""
    if kind == "date":
        try:
            parse_date(value)
        except ValueError as problem:
            raise api_error("704") from problem
    elif kind in ("number", "score"):
        try:
            number = float(value)
        except ValueError as problem:
            raise broken_rule(f"'{value}' is not a {kind}") from problem
        if kind == "score" and not (number.is_integer() and -LARGEST_SCORE <= number < LARGEST_SCORE):
            raise broken_rule(f"'{value}' is not a score")


def _shown(site: Subscription, call: Call, at: Place) -> Reply:
    rows = site.database.rows(
        "SELECT name, type, value FROM folder_tokens WHERE folder_id = ? AND folder_type = ? ORDER BY id", at
    )
    address = url("MF" if at.type == FOLDER else "PG", at.id, "C3")
    listed: list[dict[str, Any]] = [
        {"name": row["name"], "type": row["type"], "value": row["value"], "computedUrl": address} for row in rows
    ]
    return found(call, [{"folder": {"type": at.type, "value": at.id}, "tokens": listed}] if listed else [])
