"""The calls for versions, resources and limits."""

from __future__ import annotations

from actionsync_simulators.salesforce.about import resources
from actionsync_simulators.salesforce.gateway.route import Route, route

ROUTES: tuple[Route, ...] = (
    route("GET", "", resources.resources),
    route("GET", "limits", resources.limits),
    route("GET", "limits/recordCount", resources.record_count),
    route("GET", "recent", resources.recent),
)
