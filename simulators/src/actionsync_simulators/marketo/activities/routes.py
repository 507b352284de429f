"""The calls for the activity history."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.marketo.activities import feeds, types
from actionsync_simulators.marketo.gateway.parameters import PAGE
from actionsync_simulators.marketo.gateway.route import READ_ACTIVITY, Route, get

FEED: tuple[Param, ...] = (
    Param("nextPageToken", required=True, description="of the paging token call, or of the page before"),
    PAGE[0],
)
PEOPLE: tuple[Param, ...] = (
    Param("leadIds", "integers", description="only rows of these leads, at most 30"),
    Param("listId", "integer", description="only rows of the members of this static list"),
)

ROUTES: tuple[Route, ...] = (
    get(
        "/rest/v1/activities/types.json",
        READ_ACTIVITY,
        types.types,
        behaviours=(Behaviour("types-in-one-answer", "native and approved custom types, with their attributes"),),
    ),
    get(
        "/rest/v1/activities/pagingtoken.json",
        READ_ACTIVITY,
        feeds.paging_token,
        params=(Param("sinceDatetime", "datetime", required=True, example="2026-11-01T00:00:00Z"),),
        errors=("1001", "1002"),
        behaviours=(
            Behaviour("token-without-result", "the answer has a token and no result"),
            Behaviour("token-plus-as-space", "a plus sign that arrived as a space is a plus"),
            Behaviour("token-for-all-feeds", "one date token serves all three feeds and never expires"),
        ),
    ),
    get(
        "/rest/v1/activities.json",
        READ_ACTIVITY,
        feeds.activities,
        params=(
            Param("activityTypeIds", "integers", required=True, description="1 to 10 types", example="12,13"),
            Param("assetIds", "integers", description="only rows about these assets; needs a single type"),
            *FEED,
            *PEOPLE,
        ),
        errors=("1001", "1002", "1003", "1013"),
        behaviours=(
            Behaviour("feed-order", "rows come by date, then id, across types"),
            Behaviour("feed-one-second", "many rows of one second are paged without loss or repetition"),
            Behaviour("feed-empty-page", "an empty page still has result, token and moreResult"),
            Behaviour("feed-cursor", "the last token is the cursor of the next poll"),
            Behaviour("feed-sparse-pages", "switch: short and empty pages with moreResult true"),
            Behaviour("feed-filters", "rows may be filtered by lead, list and asset"),
            Behaviour("feed-large-list", "switch: lists of 10,000 members or more are refused"),
            Behaviour("feed-left-out", "members without a value are left out"),
            Behaviour("feed-deprecated-id", "switches: the numeric id can be left out, and be large"),
            Behaviour("feed-late-rows", "switch and fault: rows become visible behind a cursor that has passed"),
            Behaviour("feed-retention", "rows are gone after 14 days, 90 days or 25 months, by type"),
        ),
    ),
    get(
        "/rest/v1/activities/leadchanges.json",
        READ_ACTIVITY,
        feeds.lead_changes,
        params=(
            Param("fields", "strings", required=True, description="lead fields by REST name", example="firstName"),
            *FEED,
            *PEOPLE,
        ),
        errors=("1001", "1002", "1003", "1006", "1013"),
        behaviours=(
            Behaviour("changes-names-and-values", "REST names with old and new value as text"),
            Behaviour("changes-cut-first", "the filter by field applies after the page is cut"),
        ),
    ),
    get(
        "/rest/v1/activities/deletedleads.json",
        READ_ACTIVITY,
        feeds.deleted_leads,
        params=FEED,
        errors=("1001", "1002", "1003"),
    ),
)
