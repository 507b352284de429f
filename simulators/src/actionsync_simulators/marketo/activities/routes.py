"""The calls for the activity history."""

from __future__ import annotations

from actionsync_simulators.marketo.activities import feeds, types
from actionsync_simulators.marketo.gateway.route import READ_ACTIVITY, Route, get

ROUTES: tuple[Route, ...] = (
    get("/rest/v1/activities/types.json", READ_ACTIVITY, types.types),
    get("/rest/v1/activities/pagingtoken.json", READ_ACTIVITY, feeds.paging_token),
    get("/rest/v1/activities.json", READ_ACTIVITY, feeds.activities),
    get("/rest/v1/activities/leadchanges.json", READ_ACTIVITY, feeds.lead_changes),
    get("/rest/v1/activities/deletedleads.json", READ_ACTIVITY, feeds.deleted_leads),
)
