"""The calls for objects and their fields."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.salesforce.describe import layouts, objects
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
    route("GET", "sobjects/{object}/describe/layouts", layouts.layouts, params=(OBJECT,)),
    route(
        "GET",
        "sobjects/{object}/describe/layouts/{record_type}",
        layouts.layout,
        params=(OBJECT, Param("record_type", required=True, example="012000000000000AAA")),
        behaviours=(Behaviour("layout-fields", "a layout shows the fields the caller sees, in describe order"),),
    ),
    route("GET", "sobjects/{object}/describe/compactLayouts", layouts.compact_layouts, params=(OBJECT,)),
    route("GET", "sobjects/{object}/describe/approvalLayouts", layouts.approval_layouts, params=(OBJECT,)),
    route("GET", "sobjects/{object}/quickActions", layouts.quick_actions, params=(OBJECT,)),
)
