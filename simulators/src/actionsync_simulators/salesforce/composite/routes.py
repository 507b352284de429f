"""The calls that are made of calls."""

from __future__ import annotations

from actionsync_simulators.salesforce.composite import composite
from actionsync_simulators.salesforce.gateway.route import Route, route

ROUTES: tuple[Route, ...] = (
    route("GET", "composite", composite.index),
    route("POST", "composite", composite.composite, runs_calls=True),
    route("POST", "composite/batch", composite.batch, runs_calls=True),
)
