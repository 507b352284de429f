"""The calls for objects and their fields."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.salesforce.describe import objects
from actionsync_simulators.salesforce.gateway.route import Route, route

OBJECT = Param("object", required=True, description="name of an object, in any case", example="Task")
NOT_CHANGED = ("304", "PRECONDITION_FAILED")

ROUTES: tuple[Route, ...] = (
    route("GET", "sobjects", objects.describe_global, errors=NOT_CHANGED),
    route("GET", "sobjects/{object}", objects.basic_information, params=(OBJECT,)),
    route(
        "GET",
        "sobjects/{object}/describe",
        objects.describe_object,
        params=(OBJECT,),
        errors=NOT_CHANGED,
        behaviours=(Behaviour("describe-hides", "a field that is hidden from the caller is not described"),),
    ),
)
