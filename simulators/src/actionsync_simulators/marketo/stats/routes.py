"""The calls for usage and error statistics."""

from __future__ import annotations

from actionsync_simulators.marketo.gateway.route import Route, get
from actionsync_simulators.marketo.stats import usage

ROUTES: tuple[Route, ...] = (
    get("/rest/v1/stats/usage.json", "", usage.usage_today),
    get("/rest/v1/stats/usage/last7days.json", "", usage.usage_last_7_days),
    get("/rest/v1/stats/errors.json", "", usage.errors_today),
    get("/rest/v1/stats/errors/last7days.json", "", usage.errors_last_7_days),
)
