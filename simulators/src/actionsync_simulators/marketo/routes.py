"""Every path of the API in one table: method, path, permission, endpoint. What is known but not served answers 703."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from actionsync_simulators.marketo import (
    activities_feeds,
    activities_types,
    bulk_extract_calls,
    custom_activities_rows,
    custom_activities_types,
    describe,
    leads_associate,
    leads_delete,
    leads_memberships,
    leads_merge,
    leads_partitions,
    leads_read,
    leads_sync,
    lists,
    usage,
)
from actionsync_simulators.marketo.errors import api_error
from actionsync_simulators.marketo.routes_unserved import UNSERVED

if TYPE_CHECKING:
    from actionsync_simulators.marketo.call import Call
    from actionsync_simulators.marketo.envelope import Members, Reply
    from actionsync_simulators.marketo.subscription import Subscription

Handler = Callable[["Subscription", "Call"], "Members | Reply"]
Body = Literal["any", "json"]
"""`json`: a body must be JSON. `any`: the endpoint takes nothing from a body, whatever it is."""


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the API. Any one of `permissions` suffices; none means a valid token is enough."""

    method: str
    path: str
    handler: Handler
    permissions: tuple[str, ...] = ()
    body: Body = "any"
    served: bool = True


def _get(path: str, permission: str, handler: Handler) -> Route:
    return Route("GET", path, handler, (permission,) if permission else ())


def _post(path: str, permission: str, handler: Handler, *, body: Body = "json") -> Route:
    return Route("POST", path, handler, (permission,), body)


def _delete(path: str, permission: str, handler: Handler) -> Route:
    return Route("DELETE", path, handler, (permission,), "json")


def _not_served(_: Subscription, __: Call) -> Any:
    raise api_error("703")


READ_LEAD, WRITE_LEAD = "Read-Only Lead", "Read-Write Lead"
READ_ACTIVITY, WRITE_ACTIVITY = "Read-Only Activity", "Read-Write Activity"
READ_METADATA, WRITE_METADATA = "Read-Only Activity Metadata", "Read-Write Activity Metadata"
READ_ASSET = "Read-Only Asset"

LEADS = (
    _get("/rest/v1/lead/{}.json", READ_LEAD, leads_read.by_id),
    _get("/rest/v1/leads.json", READ_LEAD, leads_read.by_filter),
    _post("/rest/v1/leads.json", WRITE_LEAD, leads_sync.sync),
    _delete("/rest/v1/leads.json", WRITE_LEAD, leads_delete.delete),
    _post("/rest/v1/leads/delete.json", WRITE_LEAD, leads_delete.delete),
    _get("/rest/v1/leads/describe.json", READ_LEAD, describe.describe),
    _get("/rest/v1/leads/describe2.json", READ_LEAD, describe.describe2),
    _get("/rest/v1/leads/partitions.json", READ_LEAD, leads_partitions.partitions),
    _post("/rest/v1/leads/partitions.json", WRITE_LEAD, leads_partitions.change),
    _post("/rest/v1/leads/{}/merge.json", WRITE_LEAD, leads_merge.merge, body="any"),
    _post("/rest/v1/leads/{}/associate.json", WRITE_LEAD, leads_associate.associate, body="any"),
    _get("/rest/v1/leads/{}/listMembership.json", READ_ASSET, leads_memberships.lists_of_lead),
)

LISTS = (
    _get("/rest/v1/lists.json", READ_LEAD, lists.browse),
    _get("/rest/v1/lists/{}.json", READ_LEAD, lists.by_id),
    _get("/rest/v1/list/{}/leads.json", READ_LEAD, lists.members),
    _get("/rest/v1/lists/{}/leads.json", READ_LEAD, lists.members),
    _post("/rest/v1/list/{}/leads.json", WRITE_LEAD, lists.add),
    _post("/rest/v1/lists/{}/leads.json", WRITE_LEAD, lists.add),
    _delete("/rest/v1/list/{}/leads.json", WRITE_LEAD, lists.remove),
    _delete("/rest/v1/lists/{}/leads.json", WRITE_LEAD, lists.remove),
    _get("/rest/v1/lists/{}/leads/ismember.json", READ_LEAD, lists.is_member),
)

ACTIVITIES = (
    _get("/rest/v1/activities/types.json", READ_ACTIVITY, activities_types.types),
    _get("/rest/v1/activities/pagingtoken.json", READ_ACTIVITY, activities_feeds.paging_token),
    _get("/rest/v1/activities.json", READ_ACTIVITY, activities_feeds.activities),
    _get("/rest/v1/activities/leadchanges.json", READ_ACTIVITY, activities_feeds.lead_changes),
    _get("/rest/v1/activities/deletedleads.json", READ_ACTIVITY, activities_feeds.deleted_leads),
)

EXTERNAL = "/rest/v1/activities/external"
CUSTOM_ACTIVITIES = (
    _post(f"{EXTERNAL}.json", WRITE_ACTIVITY, custom_activities_rows.add),
    _get(f"{EXTERNAL}/types.json", READ_METADATA, custom_activities_types.types),
    _get(f"{EXTERNAL}/type/{{}}/describe.json", READ_METADATA, custom_activities_types.describe),
    _post(f"{EXTERNAL}/type.json", WRITE_METADATA, custom_activities_types.create),
    _post(f"{EXTERNAL}/type/{{}}.json", WRITE_METADATA, custom_activities_types.update),
    _post(f"{EXTERNAL}/type/{{}}/approve.json", WRITE_METADATA, custom_activities_types.approve, body="any"),
    _post(f"{EXTERNAL}/type/{{}}/discardDraft.json", WRITE_METADATA, custom_activities_types.discard_draft, body="any"),
    _post(f"{EXTERNAL}/type/{{}}/delete.json", WRITE_METADATA, custom_activities_types.delete, body="any"),
    _post(f"{EXTERNAL}/type/{{}}/attributes/create.json", WRITE_METADATA, custom_activities_types.create_attributes),
    _post(f"{EXTERNAL}/type/{{}}/attributes/update.json", WRITE_METADATA, custom_activities_types.update_attributes),
    _post(f"{EXTERNAL}/type/{{}}/attributes/delete.json", WRITE_METADATA, custom_activities_types.delete_attributes),
)


def _extract(kind: str, permission: str) -> tuple[Route, ...]:
    calls = bulk_extract_calls.ExtractCalls(kind)
    job = f"/bulk/v1/{kind}/export/{{}}"
    return (
        _post(f"/bulk/v1/{kind}/export/create.json", permission, calls.create),
        _post(f"{job}/enqueue.json", permission, calls.enqueue, body="any"),
        _post(f"{job}/cancel.json", permission, calls.cancel, body="any"),
        _get(f"{job}/status.json", permission, calls.status),
        _get(f"{job}/file.json", permission, calls.file),
        _get(f"/bulk/v1/{kind}/export.json", permission, calls.jobs),
    )


BULK = (*_extract("leads", READ_LEAD), *_extract("activities", READ_ACTIVITY))

USAGE = (
    _get("/rest/v1/stats/usage.json", "", usage.usage_today),
    _get("/rest/v1/stats/usage/last7days.json", "", usage.usage_last_7_days),
    _get("/rest/v1/stats/errors.json", "", usage.errors_today),
    _get("/rest/v1/stats/errors/last7days.json", "", usage.errors_last_7_days),
)

SERVED = (*LEADS, *LISTS, *ACTIVITIES, *CUSTOM_ACTIVITIES, *BULK, *USAGE)
ROUTES: tuple[Route, ...] = (
    *SERVED,
    *(Route(method, path, _not_served, served=False) for method, path in UNSERVED),
)
"""The whole table."""
