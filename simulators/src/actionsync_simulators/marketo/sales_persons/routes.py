"""The calls for sales persons."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour
from actionsync_simulators.marketo.crm_objects.routes import object_routes
from actionsync_simulators.marketo.gateway.route import READ_SALES_PERSON, WRITE_SALES_PERSON, Route
from actionsync_simulators.marketo.sales_persons.kind import SALES_PERSON

ROUTES: tuple[Route, ...] = object_routes(
    SALES_PERSON,
    "/rest/v1/salespersons",
    word="sales-persons",
    permissions=(READ_SALES_PERSON, WRITE_SALES_PERSON),
    example=("id", "1"),
    delete_errors=("1022",),
    sync_behaviours=(
        Behaviour("sales-persons-keep-their-email", "The e-mail of a sales person does not change once it is there."),
    ),
    delete_behaviours=(
        Behaviour("sales-persons-in-use-stay", "One that a lead or a deleted company names is skipped with 1022."),
    ),
)
