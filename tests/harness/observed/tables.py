"""What each simulator declares, in one place for the tests that need it."""

from __future__ import annotations

from actionsync_simulators.marketo.gateway import every_call as marketo_gateway
from actionsync_simulators.marketo.routes import ROUTES as MARKETO_ROUTES
from actionsync_simulators.salesforce.bulk.v1.routes import ROUTES as CLASSIC
from actionsync_simulators.salesforce.gateway import every_call as salesforce_gateway
from actionsync_simulators.salesforce.routes import ROUTES as SALESFORCE_ROUTES

from harness.observed.gaps import Declared

MARKETO = Declared((*marketo_gateway.TOKEN_CALLS, *MARKETO_ROUTES), marketo_gateway.ERRORS)
SALESFORCE = Declared(
    (*salesforce_gateway.STANDING_CALLS, *SALESFORCE_ROUTES, *CLASSIC),
    {**salesforce_gateway.ERRORS, **salesforce_gateway.CLASSIC_ERRORS},
)
