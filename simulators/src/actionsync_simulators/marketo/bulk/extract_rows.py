"""The rows of an export file, read in steps of bounded work so that a million of them never block the loop."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.activities.query import kept_since
from actionsync_simulators.marketo.activities.types import DELETE_LEAD, NEW_LEAD, RETENTION_90
from actionsync_simulators.marketo.bulk.delimited import LineWriter, separator
from actionsync_simulators.marketo.bulk.extract_columns import STEP, lead_column, within_partitions
from actionsync_simulators.marketo.bulk.extract_members import member_steps
from actionsync_simulators.marketo.bulk.extract_request import ACTION_RESULT, LEADS, MEMBERS
from actionsync_simulators.marketo.gateway.times import epoch_seconds, parse_datetime
from actionsync_simulators.marketo.leads.rows import CHANGED

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

LAST_ROW = 2**63 - 1

ACTIVITY_EXPRESSIONS = {
    "marketoGUID": "id",
    "leadId": "lead_id",
    "activityDate": "strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch')",
    "activityTypeId": "type_id",
    "campaignId": "ifnull(campaign_id, 'null')",
    "primaryAttributeValueId": "ifnull(asset_id, 'null')",
    "primaryAttributeValue": "ifnull(asset, 'null')",
    # Never `null`: clients take it for an object.
    "attributes": "ifnull(attributes, '{}')",
    ACTION_RESULT: "'succeeded'",
}


def file_blocks(site: Subscription, kind: str, request: dict[str, Any]) -> Iterator[tuple[bytes, int]]:
    """Yield blocks of the file, each with its number of rows; the first one holds the header and no row."""
    writer = LineWriter(separator(request["format"], ssv=site.switches.ssv_separator))
    yield writer.block([request["headers"]]), 0
    steps = {LEADS: _lead_steps, MEMBERS: member_steps}.get(kind, _activity_steps)
    for rows in steps(site, request):
        yield writer.block(rows), len(rows)


def _lead_steps(site: Subscription, request: dict[str, Any]) -> Iterator[list[Any]]:
    """Walk over the ids, so that a lead that changes meanwhile is neither missed nor doubled."""
    fields = [site.fields[name] for name in request["fields"]]
    columns = ", ".join(lead_column(field) for field in fields)
    condition, params = _lead_condition(request["filter"])
    reach, names = within_partitions(request["partitions"])
    params |= names
    query = f"SELECT {columns} FROM leads WHERE {condition} AND {reach}"  # noqa: S608 - columns of the catalogue
    if "smartListId" in request["filter"]:
        yield from _read_members(
            site, query, params, array("q", site.smart_lists.members(request["filter"]["smartListId"]))
        )
        return
    if "staticListId" in request["filter"]:
        yield from _member_steps(site, query, params)
        return
    last = site.database.value("SELECT max(id) FROM leads") or 0
    for first in range(0, last, STEP):
        bounds = {"first": first, "last": min(first + STEP, last)}
        yield site.database.rows(f"{query} AND id > :first AND id <= :last ORDER BY id", params | bounds)


def _member_steps(site: Subscription, query: str, params: dict[str, Any]) -> Iterator[list[Any]]:
    """Note who is on the list when processing starts, then read them."""
    members = array("q")
    while True:
        rows = site.database.rows(
            "SELECT lead_id FROM list_members WHERE list_id = :list_id AND lead_id > :last"
            " ORDER BY lead_id LIMIT :step",
            params | {"last": members[-1] if members else 0, "step": 10 * STEP},
        )
        members.extend(row[0] for row in rows)
        if len(rows) < 10 * STEP:
            break
        yield []
    yield from _read_members(site, query, params, members)


def _read_members(site: Subscription, query: str, params: dict[str, Any], members: array[int]) -> Iterator[list[Any]]:
    for at in range(0, len(members), STEP):
        keys = {"ids": orjson.dumps(members[at : at + STEP].tolist()).decode()}
        yield site.database.rows(
            f"{query} AND id IN (SELECT value FROM json_each(:ids)) ORDER BY id",  # noqa: S608
            params | keys,
        )


def _lead_condition(filters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if "staticListId" in filters:
        return "TRUE", {"list_id": filters["staticListId"]}
    if "smartListId" in filters:
        return "TRUE", {}
    # `updatedAt` means the last change of any field, not the visible time of that name.
    ((name, (start, end)),) = filters.items()
    column = '"createdAt"' if name == "createdAt" else CHANGED
    return f"+{column} >= :start AND +{column} <= :end", {"start": start, "end": end}


def _activity_steps(site: Subscription, request: dict[str, Any]) -> Iterator[list[Any]]:
    """Walk over the log by date and id in the window."""
    filters = request["filter"]
    columns = ", ".join(ACTIVITY_EXPRESSIONS[name] for name in request["fields"])
    conditions = [f"type_id <> {DELETE_LEAD}", "(visible_at IS NULL OR visible_at <= :now)", _kept(site)]
    params: dict[str, Any] = {"now": site.clock.now().timestamp()}
    for name, column in (
        ("activityTypeIds", "type_id"),
        ("primaryAttributeValueIds", "asset_id"),
        ("primaryAttributeValues", "asset"),
    ):
        if name in filters:
            conditions.append(f"{column} IN (SELECT value FROM json_each(:{name}))")  # noqa: S608
            params[name] = orjson.dumps(filters[name]).decode()
    start, end = (epoch_seconds(parse_datetime(text)) for text in filters["createdAt"])
    query = (
        f"SELECT {columns} FROM activities INDEXED BY activities_at WHERE {' AND '.join(conditions)}"  # noqa: S608
        " AND at >= :at AND (at > :at OR id > :row) AND at <= :last_at AND (at < :last_at OR id <= :last_row)"
        " ORDER BY at, id"
    )
    at, row = start, 0
    while True:
        place = {"at": at, "row": row}
        edge = site.database.row(
            "SELECT at, id FROM activities INDEXED BY activities_at WHERE at >= :at AND (at > :at OR id > :row)"
            " AND at <= :end ORDER BY at, id LIMIT 1 OFFSET :step",
            place | {"end": end, "step": STEP - 1},
        )
        last_at, last_row = edge or (end, LAST_ROW)
        yield site.database.rows(query, params | place | {"last_at": last_at, "last_row": last_row})
        if edge is None:
            return
        at, row = last_at, last_row


def _kept(site: Subscription) -> str:
    """Return the SQL for rows within their retention."""
    if site.switches.retention == "off":
        return "TRUE"
    days, others = kept_since(site, min(RETENTION_90)), kept_since(site, 0)
    kept_days = ", ".join(str(type_id) for type_id in sorted(RETENTION_90))
    return (
        f"CASE WHEN type_id = {NEW_LEAD} THEN 1 WHEN type_id IN ({kept_days}) THEN at >= {days} ELSE at >= {others} END"
    )
