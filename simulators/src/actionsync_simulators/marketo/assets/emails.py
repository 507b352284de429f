"""Emails, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.assets.answer import asset_time, found, missing, url
from actionsync_simulators.marketo.assets.request import needed, page, place, status_filter, where, window
from actionsync_simulators.marketo.gateway.call import as_integer

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Reply
    from actionsync_simulators.marketo.subscription import Subscription


def emails(site: Subscription, call: Call) -> Reply:
    """GET emails: pages, filtered by status, parent and time of change."""
    limits, moments = window(call)
    conditions, values = _wanted(call)
    limit, offset = page(call)
    rows = site.database.rows(
        f"SELECT * FROM emails {where([*limits, *conditions])} ORDER BY id LIMIT ? OFFSET ?",  # noqa: S608
        (*moments, *values, limit, offset),
    )
    return found(call, [_as_json(row) for row in rows])


def by_id(site: Subscription, call: Call) -> Reply:
    """GET email/{id}."""
    conditions, params = _status(call)
    row = site.database.row(
        f"SELECT * FROM emails {where(['id = ?', *conditions])}",  # noqa: S608
        (as_integer(call.arguments[0]), *params),
    )
    return missing(site, call) if row is None else found(call, [_as_json(row)])


def by_name(site: Subscription, call: Call) -> Reply:
    """GET email/byName: every email of exactly this name, in the given parent if there is one."""
    conditions, params = _wanted(call)
    rows = site.database.rows(
        f"SELECT * FROM emails {where(['name = ?', *conditions])} ORDER BY id",  # noqa: S608
        (needed(call, "name"), *params),
    )
    return found(call, [_as_json(row) for row in rows])


def _status(call: Call) -> tuple[list[str], list[Any]]:
    status = status_filter(call)
    return ([], []) if status is None else (["status = ?"], [status])


def _wanted(call: Call) -> tuple[list[str], list[Any]]:
    conditions, params = _status(call)
    folder = place(call, "folder")
    if folder is None:
        return conditions, params
    return [*conditions, "folder_id = ?", "folder_type = ?"], [*params, *folder]


def _as_json(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"] or "",
        "createdAt": asset_time(row["created_at"]),
        "updatedAt": asset_time(row["updated_at"]),
        "url": url("EM", row["id"]),
        "subject": _text(row["subject"]),
        "fromName": _text(row["from_name"]),
        "fromEmail": _text(row["from_email"]),
        "replyEmail": _text(row["reply_email"]),
        "folder": {"type": row["folder_type"], "value": row["folder_id"]},
        "operational": bool(row["operational"]),
        "textOnly": False,
        "publishToMSI": False,
        "webView": True,
        "status": row["status"],
        "template": row["template"],
        "workspace": row["workspace"],
        "isOpenTrackingDisabled": False,
        "version": 2,
        "autoCopyToText": True,
        "ccFields": [],
        "preHeader": row["pre_header"],
    }


def _text(value: str) -> dict[str, str]:
    return {"type": "Text", "value": value}
