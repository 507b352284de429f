"""The calls for objects and their fields."""

from __future__ import annotations

from actionsync_simulators.salesforce.describe import objects
from actionsync_simulators.salesforce.gateway.route import Route, route

ROUTES: tuple[Route, ...] = (
    route("GET", "sobjects", objects.describe_global),
    route("GET", "sobjects/{object}", objects.basic_information),
    route("GET", "sobjects/{object}/describe", objects.describe_object),
)
