"""The calls for versions, resources and limits."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.salesforce.about import appearance, resources
from actionsync_simulators.salesforce.gateway.route import Route, route

ROUTES: tuple[Route, ...] = (
    route("GET", "", resources.resources),
    route(
        "GET",
        "limits",
        resources.limits,
        behaviours=(Behaviour("limits-count", "each limit with its maximum and what remains of it"),),
    ),
    route(
        "GET",
        "limits/recordCount",
        resources.record_count,
        params=(Param("sObjects", "strings", description="only these objects", example="Lead,Task"),),
    ),
    route(
        "GET",
        "recent",
        resources.recent,
        params=(Param("limit", "integer", description="1 to 2,000; 200 unless given"),),
        errors=("INVALID_QUERY_SCOPE",),
    ),
    route("GET", "tabs", appearance.tabs),
    route("GET", "theme", appearance.theme),
    route("GET", "quickActions", appearance.quick_actions),
)
