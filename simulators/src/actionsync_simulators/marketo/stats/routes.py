"""The calls for usage and error statistics."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour
from actionsync_simulators.marketo.gateway.route import Route, get
from actionsync_simulators.marketo.stats import usage

ROUTES: tuple[Route, ...] = (
    get(
        "/rest/v1/stats/usage.json",
        "",
        usage.usage_today,
        behaviours=(Behaviour("usage-counts-itself", "the call itself is counted, and every user is named"),),
    ),
    get(
        "/rest/v1/stats/usage/last7days.json",
        "",
        usage.usage_last_7_days,
        behaviours=(Behaviour("usage-seven-days", "seven rows, oldest first"),),
    ),
    get(
        "/rest/v1/stats/errors.json",
        "",
        usage.errors_today,
        behaviours=(Behaviour("errors-counted", "every code is counted, whether it costs a call or not"),),
    ),
    get("/rest/v1/stats/errors/last7days.json", "", usage.errors_last_7_days),
)
