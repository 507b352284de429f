"""Smart campaigns in the lead database API: finding, requesting and scheduling them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.activities.types import REQUEST_CAMPAIGN
from actionsync_simulators.marketo.gateway.call import as_integer, within_limit
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import parse_datetime
from actionsync_simulators.marketo.programs.cloning import clone_program
from actionsync_simulators.marketo.programs.members import find_program
from actionsync_simulators.marketo.programs.programs import place_of

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

LEADS_PER_REQUEST = TOKENS_PER_CALL = 100
CLONES_A_DAY = 20
EARLIEST, LATEST = timedelta(minutes=5), timedelta(days=2 * 365)
"""When a scheduled campaign may run, counted from the call."""
API_SOURCE = "Web Service API"
TOKEN_NAME = re.compile(r"\{\{my\.([^{}]+)\}\}")
FILTERS = {"name": "campaigns.name", "programName": "programs.name", "workspaceName": "campaigns.workspace"}
REQUESTABLE = (
    "campaigns.is_active AND json_extract(trigger, '$.type') = 'campaignIsRequested'"
    f" AND json_extract(trigger, '$.source') = '{API_SOURCE}'"
)
CAMPAIGNS = (
    "SELECT campaigns.*, programs.name AS program_name FROM campaigns LEFT JOIN programs ON programs.id = program_id"
)


def browse(site: Subscription, call: Call) -> Members:
    """GET campaigns: filtered by id, name, program, workspace; the token alone tells of more pages."""
    batch = call.batch_size()
    token = call.text("nextPageToken")
    conditions, params = ["campaigns.id > ?"], [site.paging.read(token).row if token else 0]
    wanted: list[tuple[str, list[Any]]] = [("campaigns.id", call.integers("id"))]
    wanted += [(column, call.many(name)) for name, column in FILTERS.items()]
    for column, values in wanted:
        if values:
            conditions.append(f"{column} IN ({', '.join('?' * len(values))})")
            params += values
    if call.flag("isTriggerable"):
        conditions.append(REQUESTABLE)
    rows = site.database.rows(
        f"{CAMPAIGNS} WHERE {' AND '.join(conditions)} ORDER BY campaigns.id LIMIT ?", (*params, batch + 1)
    )
    answer: Members = {"result": [_as_json(row) for row in rows[:batch]]}
    if len(rows) > batch:
        answer["nextPageToken"] = site.paging.for_row(rows[batch - 1]["id"])
    return answer


def by_id(site: Subscription, call: Call) -> Members:
    """GET campaigns/{id}: one campaign, or 1013."""
    return {"result": [_as_json(_campaign(site, call))]}


def request(site: Subscription, call: Call) -> Members:
    """POST campaigns/{id}/trigger: up to 100 people go through an active campaign that may be requested.

    Nobody does when one of them is unknown (1004).
    """
    campaign = _campaign(site, call)
    members = _input(call)
    if not members.get("leads"):
        raise api_error("1002", "leads")
    leads = members["leads"]
    if not isinstance(leads, list) or not all(isinstance(one, dict) for one in leads):
        raise invalid_data("leads must be an array of objects")
    within_limit(leads, "leads", limit=LEADS_PER_REQUEST)
    tokens = _tokens(members)
    if campaign["type"] != "trigger":
        raise invalid_data(f"Campaign {campaign['id']} is not a trigger campaign")
    if site.database.row(f"SELECT 1 FROM campaigns WHERE id = ? AND {REQUESTABLE}", (campaign["id"],)) is None:  # noqa: S608
        raise invalid_data(f"Campaign {campaign['id']} is not active, or cannot be requested by {API_SOURCE}")
    lead_ids = []
    for one in leads:
        if one.get("id") is None:
            raise api_error("1002", "id")
        lead_ids.append(as_integer(one["id"]))
        if not site.leads.exists(lead_ids[-1]):
            raise ApiError("1004", f"Lead '{lead_ids[-1]}' not found")
    for lead_id in lead_ids:
        site.recorder.add(
            lead_id,
            REQUEST_CAMPAIGN,
            asset_id=campaign["id"],
            asset=campaign["name"],
            campaign_id=campaign["id"],
            attributes={"Source": API_SOURCE},
        )
    site.campaign_runs.request(campaign, lead_ids, tokens)
    return {"result": [{"id": campaign["id"]}]}


def schedule(site: Subscription, call: Call) -> Members:
    """POST campaigns/{id}/schedule: a batch campaign, or its clone in a cloned program, runs later."""
    campaign = _campaign(site, call)
    members = _input(call, required=False)
    tokens = _tokens(members)
    run_at = _run_at(members.get("runAt"), call.now)
    if campaign["type"] != "batch":
        raise invalid_data(f"Campaign {campaign['id']} is not a batch campaign")
    name = members.get("cloneToProgramName")
    if name is not None:
        campaign = _cloned(site, campaign, name)
    site.campaign_runs.schedule(campaign["id"], run_at.timestamp(), tokens)
    return {"result": [{"id": campaign["id"]}]}


def _campaign(site: Subscription, call: Call) -> sqlite3.Row:
    campaign_id = as_integer(call.arguments[0])
    row = site.database.row(f"{CAMPAIGNS} WHERE campaigns.id = ?", (campaign_id,))
    if row is None:
        raise ApiError("1013", f"Campaign {campaign_id} not found")
    return row


def _input(call: Call, *, required: bool = True) -> dict[str, Any]:
    """Return `input` of the body, an object here; 1002 when it is needed and missing, 1003 when it is none."""
    members = call.json_object().get("input")
    if members is None:
        if required:
            raise api_error("1002", "input")
        return {}
    if not isinstance(members, dict):
        raise invalid_data("input must be an object")
    return members


def _tokens(members: dict[str, Any]) -> dict[str, str]:
    """Return the values of My Tokens by name; 1003 for more than 100, or for one that is none."""
    given = members.get("tokens") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise invalid_data("tokens must be an array of objects")
    within_limit(given, "tokens", limit=TOKENS_PER_CALL)
    tokens = {}
    for one in given:
        match = TOKEN_NAME.fullmatch(str(one.get("name")))
        if match is None:
            raise invalid_data(f"Invalid token name '{one.get('name')}', expected '{{{{my.name}}}}'")
        value = one.get("value")
        tokens[match.group(1)] = "" if value is None else str(value)
    return tokens


def _run_at(text: Any, now: datetime) -> datetime:
    """Return when a campaign is to run: in five minutes at the soonest; 1001 for no date, 1042 for one too far off."""
    if text is None:
        return now + EARLIEST
    try:
        moment = parse_datetime(str(text))
    except ValueError as problem:
        raise api_error("1001", text, "datetime") from problem
    if moment > now + LATEST:
        raise api_error("1042")
    return max(moment.astimezone(UTC), now + EARLIEST)


def _cloned(site: Subscription, campaign: sqlite3.Row, name: Any) -> sqlite3.Row:
    """Clone the program of a campaign and return the campaign in the clone; 1020 for the 21st of a Central day."""
    if not isinstance(name, str) or not name.strip():
        raise api_error("1001", name, "string")
    if campaign["program_id"] is None:
        raise invalid_data(f"Campaign {campaign['id']} is in no program that could be cloned")
    day = site.quota.today().date.isoformat()
    if site.database.value("SELECT count(*) FROM program_clones WHERE day = ?", (day,)) >= CLONES_A_DAY:
        raise api_error("1020")
    program = find_program(site, campaign["program_id"])
    if site.database.row("SELECT 1 FROM programs WHERE name = ?", (name.strip(),)) is not None:
        raise invalid_data(f"Program '{name.strip()}' already exists")
    try:
        clone = clone_program(site, program, name=name.strip(), description=None, place=place_of(program))
    except ApiError as error:
        raise invalid_data(error.message) from error
    site.database.execute("INSERT INTO program_clones VALUES (?, ?)", (day, clone))
    row = site.database.row(f"{CAMPAIGNS} WHERE program_id = ? AND campaigns.name = ?", (clone, campaign["name"]))
    if row is None:
        raise LookupError(f"the clone of program {program['id']} has no campaign {campaign['name']!r}")
    return row


def is_requestable(row: sqlite3.Row) -> bool:
    """Tell whether a campaign can be requested through the API."""
    trigger = orjson.loads(row["trigger"] or "{}")
    return bool(row["is_active"]) and trigger.get("source") == API_SOURCE


def _as_json(row: sqlite3.Row) -> dict[str, Any]:
    members = {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "type": row["type"],
        "programName": row["program_name"],
        "programId": row["program_id"],
        "workspaceName": row["workspace"],
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
        "active": bool(row["is_active"]),
    }
    return {name: value for name, value in members.items() if value is not None}
