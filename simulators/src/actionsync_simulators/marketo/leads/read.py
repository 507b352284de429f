"""Get lead by id, and get leads by filter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.fields.catalogue import CRM_ID_FIELDS, INTEGER_TYPES
from actionsync_simulators.marketo.fields.standard import DEFAULT_FIELDS
from actionsync_simulators.marketo.gateway.call import as_integer, unique, within_limit
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.leads.rows import COOKIES

if TYPE_CHECKING:
    from actionsync_simulators.marketo.fields.catalogue import LeadField
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.leads.partitions import Reach
    from actionsync_simulators.marketo.subscription import Subscription

ECIDS = "ecids"
"""Pseudo-field of Audience Sharing, which the subscription does not have: it reads null."""
COOKIE = re.compile(r"_mch-[A-Za-z0-9.\-]+-\d+-\d+")


def by_id(site: Subscription, call: Call) -> Members:
    """GET lead/{id}: one lead, or 1004."""
    lead_id = as_integer(call.arguments[0])
    names, ecids = requested_fields(site, call)
    plan = site.leads.plan(names)
    row = site.database.row(
        f"SELECT {plan.columns} FROM leads WHERE id = ?{reachable(call)}",  # noqa: S608 - columns of the catalogue
        (lead_id,),
    )
    if row is None:
        raise _not_found(lead_id)
    return {"result": shown(site, [plan.row(row)], ecids=ecids)}


def by_filter(site: Subscription, call: Call) -> Members:
    """GET leads: equality on one field; pages of up to 300 in the order of ids."""
    filter_type = call.required("filterType")
    values = unique(call.many("filterValues"))
    if not values:
        raise api_error("1002", "filterValues")
    within_limit(values, "filterValues", limit=call.limits.records_per_call)
    field = site.fields.get(filter_type)
    if field is None or not site.fields.is_filter_type(filter_type):
        raise api_error("1011", filter_type)
    names, ecids = requested_fields(site, call)
    batch = call.batch_size()
    token = call.text("nextPageToken")
    after = site.paging.read(token).row if token else 0
    condition, keys = match(field, values)
    condition += reachable(call)
    plan = site.leads.plan(names)
    rows = site.database.rows(
        f"SELECT {plan.columns} FROM leads WHERE {condition} AND id > ? ORDER BY id LIMIT ?",  # noqa: S608
        (keys, after, batch + 1),
    )
    more, most = len(rows) > batch, call.limits.filter_matches
    if more or after or len(rows) > most:
        counted = site.database.value(
            f"SELECT count(*) FROM (SELECT 1 FROM leads WHERE {condition} LIMIT ?)",  # noqa: S608
            (keys, most + 1),
        )
        if counted > most:
            raise invalid_data("Too many results match the filter")
    result = shown(site, [plan.row(row) for row in rows[:batch]], ecids=ecids)
    if not more:
        return {"result": result}
    return {"result": result, "nextPageToken": site.paging.for_row(result[-1]["id"]), "moreResult": True}


def requested_fields(site: Subscription, call: Call) -> tuple[list[str], bool]:
    """Return the fields to read, `id` always among them, and whether `ecids` was asked for; 1006 for an unknown one."""
    asked = unique(call.many("fields"))
    if not asked:
        return list(DEFAULT_FIELDS), False
    names = [name for name in asked if name != ECIDS]
    for name in names:
        if name not in site.fields:
            raise api_error("1006", name)
    if "id" not in names:
        names.insert(0, "id")
    return names, ECIDS in asked


def shown(site: Subscription, leads: list[dict[str, Any]], *, ecids: bool) -> list[dict[str, Any]]:
    """Return the leads as a read shows them."""
    if site.switches.read_lag:
        site.leads.show_old(leads)
    if ecids:
        for lead in leads:
            lead[ECIDS] = None
    return leads


def match(field: LeadField, values: list[str]) -> tuple[str, str]:
    """Return the SQL condition for a field and its one parameter, a JSON list; 1001 or 1012 for an impossible value.

    Text compares without case; Salesforce ids with case, on the first 15 characters.
    """
    listed = "SELECT value FROM json_each(?)"
    keys: list[Any] = values
    if field.name == COOKIES:
        keys = [cookie_of(value) for value in values]
        condition = f"id IN (SELECT lead_id FROM lead_cookies WHERE cookie IN ({listed}))"  # noqa: S608
    elif field.data_type in INTEGER_TYPES:
        keys = [as_integer(value) for value in values]
        condition = f"{field.column} IN ({listed})"
    elif field.name in CRM_ID_FIELDS:
        keys = [value[:15] for value in values]
        condition = f"{field.column} IS NOT NULL AND substr({field.column}, 1, 15) IN ({listed})"
    else:
        condition = f"{field.column} IS NOT NULL AND {field.column} IN ({listed})"
    return condition, orjson.dumps(keys).decode()


def reachable(reach: Reach) -> str:
    """Return the SQL that keeps a user inside the partitions it may reach."""
    if reach.partitions is None:
        return ""
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in sorted(reach.partitions))
    return f' AND "leadPartitionId" IN (SELECT id FROM partitions WHERE name IN ({names}))'  # noqa: S608 - quoted


def is_there(site: Subscription, reach: Reach, lead_id: int) -> bool:
    """Tell whether a lead is there for this user (deleted and merged-away ones are for nobody)."""
    query = f"SELECT 1 FROM leads WHERE id = ?{reachable(reach)}"  # noqa: S608 - quoted partition names
    return site.database.row(query, (lead_id,)) is not None


def check_there(site: Subscription, reach: Reach, lead_id: int) -> None:
    """Refuse (1004) a call for a lead that is not there for this user."""
    if not is_there(site, reach, lead_id):
        raise _not_found(lead_id)


def _not_found(lead_id: int) -> ApiError:
    return ApiError("1004", f"Lead '{lead_id}' not found")


def cookie_of(value: str) -> str:
    """Return the bare cookie; the form `id:<munchkin>&token:<cookie>` is accepted too. 1012 when it is none."""
    bare = value.rpartition("token:")[2]
    if COOKIE.fullmatch(bare) is None:
        raise api_error("1012", value)
    return bare
