"""Exports of program members: what may be asked for, and the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.bulk.extract_checks import date_range, listed, required_fields, text
from actionsync_simulators.marketo.bulk.extract_columns import STEP, lead_column, within_partitions
from actionsync_simulators.marketo.fields.values import to_boolean
from actionsync_simulators.marketo.gateway.call import as_integer, unique
from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data
from actionsync_simulators.marketo.programs.member_fields import MEMBER_FIELDS, MEMBERS_AND_PROGRAMS, MemberField

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

PROGRAM_ID, PROGRAM_IDS = "programId", "programIds"
FILTERS = (PROGRAM_ID, PROGRAM_IDS, "isExhausted", "nurtureCadence", "statusNames", "updatedAt")
PROGRAMS_AT_MOST = 10
CADENCES = ("paus", "norm")


def check_fields(site: Subscription, body: dict[str, Any]) -> list[str]:
    """Return the fields: of members and of leads. An export of several programs begins with the program's id."""
    fields = required_fields(body, lambda name: name in MEMBER_FIELDS or name in site.fields)
    filters = body.get("filter")
    if isinstance(filters, dict) and filters.get(PROGRAM_IDS) is not None:
        return [PROGRAM_ID, *(name for name in fields if name != PROGRAM_ID)]
    return fields


def check_filter(site: Subscription, filters: dict[str, Any]) -> dict[str, Any]:
    """Return the checked filter: `programIds` always, the others where they are given; all must be met."""
    given = {name: value for name, value in filters.items() if value is not None}
    unknown = [name for name in given if name not in FILTERS]
    if unknown:
        raise invalid_data(f"Unsupported filter type '{unknown[0]}'")
    if (PROGRAM_ID in given) == (PROGRAM_IDS in given):
        raise invalid_data("Exactly one of programId and programIds is needed")
    if "updatedAt" in given and site.switches.corona == "off":
        raise api_error("1035", "updatedAt")
    checked: dict[str, Any] = {PROGRAM_IDS: _programs(site, given)}
    if "isExhausted" in given:
        checked["isExhausted"] = to_boolean(given["isExhausted"])
    if "nurtureCadence" in given:
        if given["nurtureCadence"] not in CADENCES:
            raise invalid_data(f"nurtureCadence must be one of {', '.join(CADENCES)}")
        checked["nurtureCadence"] = given["nurtureCadence"]
    if "statusNames" in given:
        checked["statusNames"] = _statuses(site, given, checked[PROGRAM_IDS])
    if "updatedAt" in given:
        checked["updatedAt"] = date_range(given["updatedAt"])
    return checked


def _programs(site: Subscription, given: dict[str, Any]) -> list[int]:
    ids = [as_integer(given[PROGRAM_ID])] if PROGRAM_ID in given else unique(listed(given, PROGRAM_IDS, as_integer))
    if not 1 <= len(ids) <= PROGRAMS_AT_MOST:
        raise invalid_data(f"programIds: {len(ids)} values given, 1 to {PROGRAMS_AT_MOST} allowed")
    for program_id in ids:
        if site.database.row("SELECT 1 FROM programs WHERE id = ?", (program_id,)) is None:
            raise invalid_data(f"Program '{program_id}' not found")
    return ids


def _statuses(site: Subscription, given: dict[str, Any], programs: list[int]) -> list[str]:
    """Return the status names; 1003 when none of the programs can have any of them."""
    names = listed(given, "statusNames", text)
    found = site.database.row(
        "SELECT 1 FROM programs JOIN channels ON channels.name = programs.channel"
        " JOIN progression_statuses AS status ON status.channel_id = channels.id"
        " WHERE programs.id IN (SELECT value FROM json_each(?)) AND status.name IN (SELECT value FROM json_each(?))",
        (orjson.dumps(programs).decode(), orjson.dumps(names).decode()),
    )
    if found is None:
        raise invalid_data(f"Program status '{', '.join(names)}' not found")
    return names


def member_steps(site: Subscription, request: dict[str, Any]) -> Iterator[list[Any]]:
    """Walk over the members of each program by the ids of their leads: those who were members at the start."""
    query, params = _query(site, request)
    last = site.database.value("SELECT max(id) FROM program_members") or 0
    for program_id in request["filter"][PROGRAM_IDS]:
        after = 0
        while True:
            edge = site.database.value(
                "SELECT lead_id FROM program_members WHERE program_id = ? AND lead_id > ?"
                " ORDER BY lead_id LIMIT 1 OFFSET ?",
                (program_id, after, STEP - 1),
            )
            place = {"program": program_id, "after": after, "edge": edge, "last": last}
            yield site.database.rows(query, params | place)
            if edge is None:
                break
            after = edge


def _query(site: Subscription, request: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the query of one step. Member fields get names of their own: some are those of lead fields."""
    inner, outer = ["program_members.lead_id AS member"], []
    for number, name in enumerate(request["fields"]):
        if name in MEMBER_FIELDS:
            inner.append(f"{_column(MEMBER_FIELDS[name])} AS member_{number}")
            outer.append(f"member_{number}")
        else:
            outer.append(lead_column(site.fields[name]))
    reach, params = within_partitions(request["partitions"])
    conditions = ["program_members.program_id = :program", "program_members.id <= :last"]
    conditions += ["program_members.lead_id > :after", "(:edge IS NULL OR program_members.lead_id <= :edge)"]
    filters = request["filter"]
    if "isExhausted" in filters:
        conditions.append("program_members.is_exhausted = :exhausted")
        params["exhausted"] = int(filters["isExhausted"])
    if "nurtureCadence" in filters:
        conditions.append("program_members.nurture_cadence = :cadence")
        params["cadence"] = filters["nurtureCadence"]
    if "statusNames" in filters:
        conditions.append("program_members.status COLLATE NOCASE IN (SELECT value FROM json_each(:statuses))")
        params["statuses"] = orjson.dumps(filters["statusNames"]).decode()
    if "updatedAt" in filters:
        conditions.append("program_members.updated_at BETWEEN :start AND :end")
        params["start"], params["end"] = filters["updatedAt"]
    members = f"SELECT {', '.join(inner)} FROM {MEMBERS_AND_PROGRAMS} WHERE {' AND '.join(conditions)}"  # noqa: S608
    people = f"({members}) JOIN leads ON leads.id = member WHERE {reach}"
    return f"SELECT {', '.join(outer)} FROM {people} ORDER BY member", params  # noqa: S608 - own names


def _column(field: MemberField) -> str:
    if field.data_type == "boolean":
        return f"CASE WHEN {field.sql} THEN 'true' ELSE 'false' END"
    return f"ifnull({field.sql}, 'null')"
