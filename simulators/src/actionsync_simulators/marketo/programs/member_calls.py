"""Program members: reading them, moving them on, changing their data, taking them out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.types import CHANGE_MEMBER_DATA
from actionsync_simulators.marketo.fields.values import to_boolean, to_stored
from actionsync_simulators.marketo.gateway.call import as_integer, unique, within_limit
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import parse_datetime, wire
from actionsync_simulators.marketo.programs import members
from actionsync_simulators.marketo.programs.member_fields import (
    DEFAULT_FIELDS,
    MEMBER_FIELDS,
    MEMBERS_AND_PROGRAMS,
    SEARCHABLE,
    as_json,
    columns,
    requested,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

LARGEST_PROGRAM = 100_000
"""Members that a filter other than `leadId` may have to look through."""
LONGEST_RANGE = timedelta(days=7)
SOURCE = "Web service API"


def read(site: Subscription, call: Call) -> Members:
    """GET programs/{id}/members: pages of members that match one filter."""
    program = members.find_program(site, as_integer(call.arguments[0]))
    condition, params = _filter(call)
    names = unique(["leadId", "programId", *call.many("fields")]) if call.many("fields") else list(DEFAULT_FIELDS)
    fields = requested(names)
    batch = call.batch_size()
    token = call.text("nextPageToken")
    after = site.paging.read(token).row if token else 0
    if call.text("filterType") != "leadId":
        _check_size(site, program["id"])
    rows = site.database.rows(
        f"SELECT program_members.lead_id, {columns(fields)} FROM {MEMBERS_AND_PROGRAMS}"  # noqa: S608 - own names
        f" WHERE program_id = ? AND {condition} AND lead_id > ? ORDER BY lead_id LIMIT ?",
        (program["id"], *params, after, batch + 1),
    )
    result = [{"seq": seq, **as_json(fields, tuple(row)[1:])} for seq, row in enumerate(rows[:batch])]
    if len(rows) <= batch:
        return {"result": result, "moreResult": False}
    return {"result": result, "nextPageToken": site.paging.for_row(rows[batch - 1][0]), "moreResult": True}


def _check_size(site: Subscription, program_id: int) -> None:
    size = site.database.value("SELECT count(*) FROM program_members WHERE program_id = ?", (program_id,))
    if size > LARGEST_PROGRAM:
        raise invalid_data(
            f"Total membership size: {size:,} exceeds the limit allowed {LARGEST_PROGRAM:,} for the filter"
        )


def _filter(call: Call) -> tuple[str, list[Any]]:
    """Return the SQL condition of the filter and its parameters; 1001, 1002, 1003 or 1011 for what is wrong with it."""
    name = call.required("filterType")
    if name == "updatedAt":
        return _range(call)
    if name not in SEARCHABLE:
        raise api_error("1011", name)
    values = unique(call.many("filterValues"))
    if not values:
        raise api_error("1002", "filterValues")
    within_limit(values, "filterValues", limit=call.limits.records_per_call)
    read_value: Callable[[str], Any] = {"leadId": as_integer, "reachedSuccess": to_boolean}.get(name, str)
    marks = ", ".join("?" * len(values))
    return f"{MEMBER_FIELDS[name].sql} COLLATE NOCASE IN ({marks})", [read_value(value) for value in values]


def _range(call: Call) -> tuple[str, list[Any]]:
    moments = []
    for name in ("startAt", "endAt"):
        text = call.required(name)
        try:
            moments.append(parse_datetime(text))
        except ValueError as problem:
            raise api_error("1001", text, "datetime") from problem
    start, end = moments
    if end < start:
        raise invalid_data("endAt is before startAt")
    if end - start > LONGEST_RANGE:
        raise invalid_data(f"The date range must not be longer than {LONGEST_RANGE.days} days")
    return f"{MEMBER_FIELDS['updatedAt'].sql} BETWEEN ? AND ?", [wire(start), wire(end)]


# ---------------------------------------------------------------------------------------------------------- writes


def change_status(site: Subscription, call: Call) -> Members:
    """POST programs/{id}/members/status: members move on to a status, others join with it."""
    program = members.find_program(site, as_integer(call.arguments[0]))
    name = call.json_object().get("statusName")
    if not name:
        raise api_error("1002", "statusName")
    status = members.status_named(site, program, name)

    def write(lead_id: int, _: dict[str, Any]) -> str:
        if not site.leads.exists(lead_id):
            raise api_error("1004")
        return members.advance(site, program, lead_id, status, reason=SOURCE)

    return _each(call, write)


def change_data(site: Subscription, call: Call) -> Members:
    """POST programs/{id}/members: writes the updateable fields of members; each change leaves an activity 123."""
    program = members.find_program(site, as_integer(call.arguments[0]))

    def write(lead_id: int, record: dict[str, Any]) -> str:
        row = _member(site, program, lead_id)
        values = {name: value for name, value in record.items() if name != "leadId"}
        for field in requested(list(values)):
            if not field.updateable:
                raise api_error("1006", field.name)
            _change(site, program, row, name=field.name, new=to_stored(field, values[field.name]))
        return "updated"

    return _each(call, write)


def _change(site: Subscription, program: sqlite3.Row, row: sqlite3.Row, *, name: str, new: Any) -> None:
    column = MEMBER_FIELDS[name].sql.removeprefix("program_members.")
    old = row[column]
    if old == new:
        return
    site.database.execute(
        f"UPDATE program_members SET {column} = ?, updated_at = ? WHERE id = ?",  # noqa: S608 - own names
        (new, wire(site.clock.now()), row["id"]),
    )
    site.recorder.add(
        row["lead_id"],
        CHANGE_MEMBER_DATA,
        asset_id=program["id"],
        asset=program["name"],
        attributes={"Attribute Name": name, "New Value": new, "Old Value": old, "Reason": SOURCE, "Source": SOURCE},
    )


def delete(site: Subscription, call: Call) -> Members:
    """POST programs/{id}/members/delete: the leads stay, their membership goes."""
    program = members.find_program(site, as_integer(call.arguments[0]))

    def write(lead_id: int, _: dict[str, Any]) -> str:
        _member(site, program, lead_id)
        members.leave(site, program["id"], lead_id)
        return "deleted"

    return _each(call, write)


def _member(site: Subscription, program: sqlite3.Row, lead_id: int) -> sqlite3.Row:
    row = members.member(site, program["id"], lead_id)
    if row is None:
        raise ApiError("1013", "Membership not found")
    return row


def _each(call: Call, write: Callable[[int, dict[str, Any]], str]) -> Members:
    """Write record by record; `result[i]` answers `input[i]`, refused ones are skipped with their reason."""
    result = []
    for seq, record in enumerate(call.input_records()):
        try:
            if record.get("leadId") is None:
                raise api_error("1002", "leadId")
            lead_id = as_integer(record["leadId"])
            result.append({"seq": seq, "status": write(lead_id, record), "leadId": lead_id})
        except ApiError as error:
            result.append({"seq": seq, "status": "skipped", "reasons": [error.as_json()]})
    return {"result": result}
