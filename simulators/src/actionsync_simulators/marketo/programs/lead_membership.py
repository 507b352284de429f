"""Programs from the side of leads: the programs of a lead, the leads of a program, and their status there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.gateway.call import as_integer, skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import parse_datetime, wire
from actionsync_simulators.marketo.leads.read import reachable, requested_fields, shown
from actionsync_simulators.marketo.programs import members
from actionsync_simulators.marketo.programs.member_calls import SOURCE

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

COLUMNS = (
    ("id", "program_id"),
    ("progressionStatus", "status"),
    ("isExhausted", "is_exhausted"),
    ("acquiredBy", "acquired_by"),
    ("reachedSuccess", "reached_success"),
    ("membershipDate", "membership_date"),
    ("updatedAt", "updated_at"),
    ("stream", "track_name"),
    ("nurtureCadence", "nurture_cadence"),
)
"""Members of a membership on the wire, and their columns."""
MEMBERSHIP = ", ".join(f'{column} AS "of {name}"' for name, column in COLUMNS)
"""Named so that no field of a lead can have the same name."""
BOOLEANS = ("isExhausted", "acquiredBy", "reachedSuccess")


def programs_of_lead(site: Subscription, call: Call) -> Members:
    """GET leads/{id}/programMembership: pages of memberships, by program if `filterType` says so."""
    lead_id = _lead(site, call)
    conditions, params = window(call)
    filter_type = call.text("filterType")
    if filter_type is not None:
        if filter_type != "programId":
            raise api_error("1011", filter_type)
        ids = call.integers("filterValues")
        if not ids:
            raise api_error("1002", "filterValues")
        conditions.append(f"program_id IN ({', '.join('?' * len(ids))})")
        params += ids
    rows, more = _page(
        site,
        call,
        f"SELECT {MEMBERSHIP} FROM program_members WHERE lead_id = ? AND program_id > ?"  # noqa: S608 - own names
        f"{''.join(f' AND {one}' for one in conditions)} ORDER BY program_id LIMIT ?",
        lead_id,
        params,
    )
    return _answer(site, [_as_json(row) for row in rows], rows[-1]["of id"] if more else None)


def campaigns_of_lead(site: Subscription, call: Call) -> Members:
    """GET leads/{id}/smartCampaignMembership: pages of the smart campaigns that the lead has been through."""
    lead_id = _lead(site, call)
    conditions, params = window(call)
    rows, more = _page(
        site,
        call,
        "SELECT * FROM campaign_members WHERE lead_id = ? AND campaign_id > ?"  # noqa: S608 - own names
        f"{''.join(f' AND {one}' for one in conditions)} ORDER BY campaign_id LIMIT ?",
        lead_id,
        params,
    )
    result = [
        {"smartCampaignId": row["campaign_id"], "createdAt": row["created_at"], "updatedAt": row["updated_at"]}
        for row in rows
    ]
    return _answer(site, result, rows[-1]["campaign_id"] if more else None)


def leads_of_program(site: Subscription, call: Call) -> Members:
    """GET leads/programs/{id}: pages of leads, each with its `membership`; the token alone tells of more."""
    program = members.find_program(site, as_integer(call.arguments[0]))
    names, ecids = requested_fields(site, call)
    batch = call.batch_size()
    token = call.text("nextPageToken")
    after = site.paging.read(token).row if token else 0
    plan = site.leads.plan(names)
    rows = site.database.rows(
        f'SELECT joined.*, {plan.columns} FROM (SELECT {MEMBERSHIP}, lead_id AS "of lead" FROM program_members'  # noqa: S608
        ' WHERE program_id = ? AND lead_id > ?) AS joined JOIN leads ON leads.id = "of lead"'
        f' WHERE TRUE{reachable(call)} ORDER BY "of lead" LIMIT ?',
        (program["id"], after, batch + 1),
    )
    leads = shown(site, [plan.row(tuple(row)[len(COLUMNS) + 1 :]) for row in rows[:batch]], ecids=ecids)
    for lead, row in zip(leads, rows, strict=False):
        lead["membership"] = {**_as_json(row), "progressionStatusType": row["of progressionStatus"]}
    answer: Members = {"result": leads}
    if len(rows) > batch:
        answer["nextPageToken"] = site.paging.for_row(rows[batch - 1]["of lead"])
    return answer


def change_status(site: Subscription, call: Call) -> Members:
    """POST leads/programs/{id}/status: members move on to a status; whoever is no member is skipped."""
    program = members.find_program(site, as_integer(call.arguments[0]))
    name = call.json_object().get("status")
    if not name:
        raise api_error("1002", "status")
    status = members.status_named(site, program, name)
    result = []
    for lead_id in call.record_ids():
        try:
            if not site.leads.exists(lead_id):
                raise api_error("1004")
            if members.member(site, program["id"], lead_id) is None:
                raise ApiError("1013", "Membership not found")
            result.append({"id": lead_id, "status": members.advance(site, program, lead_id, status, reason=SOURCE)})
        except ApiError as error:
            result.append(skipped(error, id=lead_id))
    return {"result": result}


def window(call: Call) -> tuple[list[str], list[Any]]:
    """Return SQL conditions on `updated_at` and their parameters; 1001 for what is no date, 1003 when swapped."""
    conditions, params = [], []
    for name, sql in (("earliestUpdatedAt", "updated_at >= ?"), ("latestUpdatedAt", "updated_at <= ?")):
        text = call.text(name)
        if text is None:
            continue
        try:
            params.append(wire(parse_datetime(text)))
        except ValueError as problem:
            raise api_error("1001", text, "datetime") from problem
        conditions.append(sql)
    if params != sorted(params):
        raise invalid_data("earliestUpdatedAt must precede latestUpdatedAt")
    return conditions, params


def _lead(site: Subscription, call: Call) -> int:
    lead_id = as_integer(call.arguments[0])
    if not site.leads.exists(lead_id):
        raise ApiError("1004", f"Lead '{lead_id}' not found")
    return lead_id


def _page(
    site: Subscription, call: Call, query: str, lead_id: int, params: list[Any]
) -> tuple[list[sqlite3.Row], bool]:
    batch = call.batch_size()
    token = call.text("nextPageToken")
    after = site.paging.read(token).row if token else 0
    rows = site.database.rows(query, (lead_id, after, *params, batch + 1))
    return rows[:batch], len(rows) > batch


def _answer(site: Subscription, result: list[dict[str, Any]], next_after: int | None) -> Members:
    if next_after is None:
        return {"result": result, "moreResult": False}
    return {"result": result, "nextPageToken": site.paging.for_row(next_after), "moreResult": True}


def _as_json(row: sqlite3.Row) -> dict[str, Any]:
    values = {name: row[f"of {name}"] for name, _ in COLUMNS}
    values |= {name: bool(values[name]) for name in BOOLEANS}
    return {name: value for name, value in values.items() if value is not None}
