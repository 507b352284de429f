"""The calls for companies."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour
from actionsync_simulators.marketo.companies.kind import COMPANY
from actionsync_simulators.marketo.crm_objects.routes import object_routes
from actionsync_simulators.marketo.gateway.route import READ_COMPANY, WRITE_COMPANY, Route

ROUTES: tuple[Route, ...] = object_routes(
    COMPANY,
    "/rest/v1/companies",
    word="companies",
    permissions=(READ_COMPANY, WRITE_COMPANY),
    example=("id", "1"),
    sync_behaviours=(
        Behaviour(
            "companies-share-their-values",
            "What is written into a company changes everybody who names it by externalCompanyId, a 13 for each value.",
        ),
    ),
    delete_behaviours=(
        Behaviour("companies-release-their-people", "People of a deleted company keep its values and lose the link."),
    ),
)
