"""The calls for opportunities and their roles."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour
from actionsync_simulators.marketo.crm_objects.routes import object_routes
from actionsync_simulators.marketo.gateway.route import READ_OPPORTUNITY, WRITE_OPPORTUNITY, Route
from actionsync_simulators.marketo.opportunities.kinds import OPPORTUNITY, ROLE

_PERMISSIONS = (READ_OPPORTUNITY, WRITE_OPPORTUNITY)

ROUTES: tuple[Route, ...] = (
    *object_routes(
        OPPORTUNITY,
        "/rest/v1/opportunities",
        word="opportunities",
        permissions=_PERMISSIONS,
        example=("dedupeFields", "006"),
        sync_errors=("718",),
        sync_behaviours=(
            Behaviour("opportunities-tell-their-people", "A changed opportunity leaves a 36 on everybody with a role."),
        ),
        delete_behaviours=(
            Behaviour("opportunities-take-roles-along", "The roles of a deleted opportunity go too, a 35 for each."),
        ),
    ),
    *object_routes(
        ROLE,
        "/rest/v1/opportunities/roles",
        word="opportunity-roles",
        permissions=_PERMISSIONS,
        example=("leadId", "1001"),
        sync_errors=("1004",),
        sync_behaviours=(
            Behaviour("opportunity-roles-leave-activities", "A new role leaves a 34 on its lead, a deleted one a 35."),
        ),
    ),
)
