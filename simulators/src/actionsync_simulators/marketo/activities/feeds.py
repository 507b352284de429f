"""The paging token call and the three feeds: activities, lead changes, deleted leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.activities.query import FeedFilter, Page, filled_page, scan_page
from actionsync_simulators.marketo.dated_changes import LARGE_LISTS, RUN_ID
from actionsync_simulators.marketo.gateway.call import unique, within_limit
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import parse_datetime, wire_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

TYPES_PER_CALL = 10
LEADS_PER_CALL = 30
LARGE_LIST = 10_000
CAMPAIGN_RUN_ID = "Campaign Run ID"
IN_CHANGE_ROWS = ("Old Value", "New Value")


def paging_token(site: Subscription, call: Call) -> Members:
    """GET activities/pagingtoken: a token for all three feeds that starts at a moment. No `result`."""
    since = call.required("sinceDatetime")
    try:
        moment = parse_datetime(since)
    except ValueError as problem:
        raise api_error("1001", since, "datetime") from problem
    return {"nextPageToken": site.paging.for_date(moment)}


def activities(site: Subscription, call: Call) -> Members:
    """GET activities: rows of up to ten types, oldest first."""
    token = call.required("nextPageToken")
    type_ids = unique(call.integers("activityTypeIds"))
    if not type_ids:
        raise api_error("1002", "activityTypeIds")
    within_limit(type_ids, "activityTypeIds", limit=TYPES_PER_CALL)
    asset_ids = unique(call.integers("assetIds"))
    if asset_ids and len(type_ids) > 1:
        raise invalid_data("assetIds needs a single activityTypeIds value")
    wanted = FeedFilter(type_ids, asset_ids=asset_ids, **_people(site, call))
    position, batch = site.paging.read(token), call.batch_size()
    if site.switches.sparse_pages:
        window = min(batch, site.switches.sparse_pages)
        page = scan_page(site, wanted, position, window=window)
    else:
        page = filled_page(site, wanted, position, batch=batch)
    return _answer(site, page, [_activity(site, row) for row in page.rows])


def lead_changes(site: Subscription, call: Call) -> Members:
    """GET activities/leadchanges: New Lead and Change Data Value rows; filtered by `fields` after the page is cut."""
    token = call.required("nextPageToken")
    names = unique(call.many("fields"))
    if not names:
        raise api_error("1002", "fields")
    attribute_ids = set()
    for name in names:
        field = site.fields.get(name)
        if field is None:
            raise api_error("1006", name)
        attribute_ids.add(field.id)
    wanted = FeedFilter([types.NEW_LEAD, types.CHANGE_DATA_VALUE], **_people(site, call))
    page = filled_page(site, wanted, site.paging.read(token), batch=call.batch_size())
    rows = [
        _change(site, row) for row in page.rows if row["type_id"] == types.NEW_LEAD or row["asset_id"] in attribute_ids
    ]
    return _answer(site, page, rows)


def deleted_leads(site: Subscription, call: Call) -> Members:
    """GET activities/deletedleads: Delete Lead rows. Merged-away leads are not among them."""
    token = call.required("nextPageToken")
    wanted = FeedFilter([types.DELETE_LEAD])
    page = filled_page(site, wanted, site.paging.read(token), batch=call.batch_size())
    return _answer(site, page, [_activity(site, row) for row in page.rows])


def _people(site: Subscription, call: Call) -> dict[str, Any]:
    """Read `leadIds` and `listId`."""
    lead_ids = within_limit(unique(call.integers("leadIds")), "leadIds", limit=LEADS_PER_CALL)
    list_id = call.integer("listId")
    if list_id is not None:
        if site.database.row("SELECT 1 FROM static_lists WHERE id = ?", (list_id,)) is None:
            raise ApiError("1013", f"List {list_id} not found")
        if site.dated_changes.in_force(LARGE_LISTS):
            size = site.database.value("SELECT count(*) FROM list_members WHERE list_id = ?", (list_id,))
            if size >= LARGE_LIST:
                raise invalid_data(f"List {list_id} has {size} members; a list of {LARGE_LIST} or more is not allowed")
    return {"lead_ids": lead_ids, "list_id": list_id}


def _answer(site: Subscription, page: Page, rows: list[dict[str, Any]]) -> Members:
    # Clients read both members unguarded, so they are there on every page.
    return {"result": rows, "nextPageToken": site.paging.for_position(page.end), "moreResult": page.more}


def _activity(site: Subscription, row: Any) -> dict[str, Any]:
    shown = _head(site, row)
    if row["campaign_id"] is not None:
        shown["campaignId"] = row["campaign_id"]
    if row["asset_id"] is not None:
        shown["primaryAttributeValueId"] = row["asset_id"]
    if row["asset"] is not None:
        shown["primaryAttributeValue"] = row["asset"]
    attributes = _attributes(row)
    if CAMPAIGN_RUN_ID in attributes and not site.dated_changes.in_force(RUN_ID):
        attributes[CAMPAIGN_RUN_ID] = f'"{attributes[CAMPAIGN_RUN_ID]}"'
    shown["attributes"] = _pairs(attributes.items())
    return shown


def _change(site: Subscription, row: Any) -> dict[str, Any]:
    shown = _head(site, row)
    attributes = _attributes(row)
    shown["fields"] = []
    if row["type_id"] == types.CHANGE_DATA_VALUE:
        field = site.fields.by_id(row["asset_id"])
        shown["fields"].append(
            {
                "id": row["asset_id"],
                "name": row["asset"] if field is None else field.name,
                "newValue": attributes.get("New Value"),
                "oldValue": attributes.get("Old Value"),
            }
        )
    others = [(name, value) for name, value in attributes.items() if name not in IN_CHANGE_ROWS]
    shown["attributes"] = _pairs([*others, ("Lead ID", row["lead_id"])])
    return shown


def _head(site: Subscription, row: Any) -> dict[str, Any]:
    head = {
        "id": row["id"],
        "marketoGUID": str(row["id"]),
        "leadId": row["lead_id"],
        "activityDate": wire_seconds(row["at"]),
        "activityTypeId": row["type_id"],
    }
    if site.switches.omit_activity_id == "on":
        del head["id"]
    return head


def _attributes(row: Any) -> dict[str, Any]:
    text = row["attributes"]
    return orjson.loads(text) if text else {}


def _pairs(attributes: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in attributes]
