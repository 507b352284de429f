"""What the coverage file of the Salesforce simulator is made of."""

from __future__ import annotations

from actionsync_simulators.coverage_document import Coverage
from actionsync_simulators.endpoint import Endpoint
from actionsync_simulators.salesforce.bulk.v1.routes import ROUTES as CLASSIC
from actionsync_simulators.salesforce.gateway.every_call import CLASSIC_ERRORS, ERRORS, STANDING_CALLS, errors_around
from actionsync_simulators.salesforce.gateway.route import Route
from actionsync_simulators.salesforce.routes import ROUTES
from actionsync_simulators.salesforce.soap.calls import SOAP


def coverage() -> Coverage:
    """Return what is served now."""
    return Coverage(
        title="Salesforce simulator: coverage",
        calls=(*STANDING_CALLS, *ROUTES, *CLASSIC),
        around={**ERRORS, **CLASSIC_ERRORS},
        around_call=errors_around,
        area=_area,
    )


def _area(call: Endpoint) -> str:
    """Return the part of the API: the package that a route's handler stands in."""
    if not isinstance(call, Route):
        if call.path.startswith(SOAP):
            return "soap"
        return "versions" if call.path == "/services/data" else "login"
    if call in CLASSIC:
        return "bulk 1.0, below /services/async"
    package = call.handler.__module__.split(".")[2]
    return "bulk 2.0" if package == "bulk" else package
