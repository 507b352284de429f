"""Static lists: finding them, reading, adding, removing and checking their members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.gateway.call import as_integer, skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error
from actionsync_simulators.marketo.gateway.times import wire
from actionsync_simulators.marketo.leads.read import reachable, requested_fields, shown

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

FILTERS = {"name": "name", "programName": "program_name", "workspaceName": "workspace_name"}
SOURCE = "Web service API"


def browse(site: Subscription, call: Call) -> Members:
    """GET lists: filtered by `id`, `name`, `programName`, `workspaceName`; the token alone tells of more pages."""
    batch = call.batch_size()
    token = call.text("nextPageToken")
    conditions, params = ["id > ?"], [site.paging.read(token).row if token else 0]
    wanted: list[tuple[str, list[Any]]] = [("id", call.integers("id"))]
    wanted += [(column, call.many(name)) for name, column in FILTERS.items()]
    for column, values in wanted:
        if values:
            conditions.append(f"{column} IN ({', '.join('?' * len(values))})")
            params += values
    rows = site.database.rows(
        f"SELECT * FROM static_lists WHERE {' AND '.join(conditions)} ORDER BY id LIMIT ?",  # noqa: S608
        (*params, batch + 1),
    )
    answer: Members = {"result": [_as_json(row) for row in rows[:batch]]}
    if len(rows) > batch:
        answer["nextPageToken"] = site.paging.for_row(rows[batch - 1]["id"])
    return answer


def by_id(site: Subscription, call: Call) -> Members:
    """GET lists/{id}: one list, or 1013."""
    return {"result": [_as_json(find_list(site, as_integer(call.arguments[0])))]}


def members(site: Subscription, call: Call) -> Members:
    """GET lists/{id}/leads: pages of leads in the order of ids, without the limit of filter queries."""
    row = find_list(site, as_integer(call.arguments[0]))
    names, ecids = requested_fields(site, call)
    batch = call.batch_size()
    token = call.text("nextPageToken")
    after = site.paging.read(token).row if token else 0
    plan = site.leads.plan(names)
    rows = site.database.rows(
        f"SELECT {plan.columns} FROM list_members JOIN leads ON leads.id = list_members.lead_id"  # noqa: S608
        f" WHERE list_id = ? AND lead_id > ?{reachable(call)} ORDER BY lead_id LIMIT ?",
        (row["id"], after, batch + 1),
    )
    answer: Members = {"result": shown(site, [plan.row(one) for one in rows[:batch]], ecids=ecids)}
    if len(rows) > batch:
        answer["nextPageToken"] = site.paging.for_row(answer["result"][-1]["id"])
    return answer


def add(site: Subscription, call: Call) -> Members:
    """POST lists/{id}/leads: adding a member again is `added` and leaves no second activity."""

    def added(row: sqlite3.Row, lead_id: int) -> dict[str, Any]:
        put_on_list(site, row, lead_id)
        return {"id": lead_id, "status": "added"}

    return _each(site, call, added)


def remove(site: Subscription, call: Call) -> Members:
    """DELETE lists/{id}/leads: `removed`, or skipped with 1004 or 1015."""

    def removed(row: sqlite3.Row, lead_id: int) -> dict[str, Any]:
        if not take_off_list(site, row, lead_id):
            return skipped(api_error("1015"), id=lead_id)
        return {"id": lead_id, "status": "removed"}

    return _each(site, call, removed)


def is_member(site: Subscription, call: Call) -> Members:
    """GET lists/{id}/leads/ismember: `memberof` or `notmemberof` for each id."""

    def told(row: sqlite3.Row, lead_id: int) -> dict[str, Any]:
        found = site.database.row("SELECT 1 FROM list_members WHERE list_id = ? AND lead_id = ?", (row["id"], lead_id))
        return {"id": lead_id, "status": "notmemberof" if found is None else "memberof"}

    return _each(site, call, told)


def _each(site: Subscription, call: Call, act: Callable[[sqlite3.Row, int], dict[str, Any]]) -> Members:
    """Do this for the list and each person of the call; skipped with 1004 where there is no such person."""
    row = find_list(site, as_integer(call.arguments[0]))
    return {
        "result": [
            act(row, lead_id) if site.leads.exists(lead_id) else skipped(api_error("1004"), id=lead_id)
            for lead_id in call.record_ids()
        ]
    }


def find_list(site: Subscription, list_id: int) -> sqlite3.Row:
    """Return a static list; 1013 when there is none."""
    row = site.database.row("SELECT * FROM static_lists WHERE id = ?", (list_id,))
    if row is None:
        raise ApiError("1013", f"List {list_id} not found")
    return row


def put_on_list(
    site: Subscription, row: sqlite3.Row, lead_id: int, *, source: str = SOURCE, campaign_id: int | None = None
) -> None:
    """Make a lead a member of the list `row`; only a new member leaves an activity, which names the source."""
    now = wire(site.clock.now())
    cursor = site.database.execute(
        "INSERT OR IGNORE INTO list_members VALUES (?, ?, ?, ?)", (row["id"], lead_id, now, now)
    )
    if cursor.rowcount:
        _record(site, row, lead_id, types.ADD_TO_LIST, source=source, campaign_id=campaign_id)


def take_off_list(
    site: Subscription, row: sqlite3.Row, lead_id: int, *, source: str = SOURCE, campaign_id: int | None = None
) -> bool:
    """Take a lead off the list `row` and record it; tell whether it was on it."""
    cursor = site.database.execute("DELETE FROM list_members WHERE list_id = ? AND lead_id = ?", (row["id"], lead_id))
    if cursor.rowcount:
        _record(site, row, lead_id, types.REMOVE_FROM_LIST, source=source, campaign_id=campaign_id)
    return bool(cursor.rowcount)


def _record(
    site: Subscription, row: sqlite3.Row, lead_id: int, type_id: int, *, source: str, campaign_id: int | None
) -> None:
    name = f"{row['program_name']}.{row['name']}" if row["program_name"] else row["name"]
    site.recorder.add(
        lead_id, type_id, asset_id=row["id"], asset=name, attributes={"Source": source}, campaign_id=campaign_id
    )


def _as_json(row: sqlite3.Row) -> dict[str, Any]:
    members = {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "programName": row["program_name"],
        "workspaceId": row["workspace_id"],
        "workspaceName": row["workspace_name"],
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
    }
    return {name: value for name, value in members.items() if value is not None}
