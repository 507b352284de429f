"""The calls of the Tooling API."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.salesforce.describe.routes import NOT_CHANGED
from actionsync_simulators.salesforce.gateway.route import Route, route
from actionsync_simulators.salesforce.query import query as pages
from actionsync_simulators.salesforce.query.routes import LOCATOR, LOCATOR_ERRORS, SOQL_ERRORS
from actionsync_simulators.salesforce.tooling import calls

OBJECT = Param("object", required=True, description="name of an object of the Tooling API", example="FieldDefinition")
QUERY = (
    Param("q", description="SOQL; or in `explain`", example="SELECT QualifiedApiName FROM EntityDefinition LIMIT 3"),
    Param("explain", description="a query whose plan is wanted, or true"),
    Param("columns", "boolean", description="describe the columns instead"),
)

ROUTES: tuple[Route, ...] = (
    route("GET", "tooling", calls.resources),
    route(
        "GET",
        "tooling/query",
        calls.query,
        params=QUERY,
        errors=SOQL_ERRORS,
        behaviours=(
            Behaviour("tooling-fields", "EntityDefinition, FieldDefinition and CustomField tell what describe tells"),
        ),
    ),
    route("GET", "tooling/query/{locator}", pages.next_page, params=(LOCATOR,), errors=LOCATOR_ERRORS),
    route("GET", "tooling/sobjects", calls.describe_global, errors=NOT_CHANGED),
    route("GET", "tooling/sobjects/{object}", calls.basic_information, params=(OBJECT,)),
    route("GET", "tooling/sobjects/{object}/describe", calls.describe_object, params=(OBJECT,), errors=NOT_CHANGED),
    route(
        "GET",
        "tooling/sobjects/{object}/{id}",
        calls.read,
        params=(OBJECT, Param("id", required=True, description="id or durable id", example="Lead.Email")),
    ),
)
