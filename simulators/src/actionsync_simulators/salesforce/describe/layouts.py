"""Page layouts: each object has one, the master layout, on which all fields stand in describe order."""

from __future__ import annotations

from typing import Any

from actionsync_simulators.salesforce.describe.field import describe_field
from actionsync_simulators.salesforce.describe.objects import MASTER_RECORD_TYPE, editable, sobject_of_path
from actionsync_simulators.salesforce.gateway.errors import not_found
from actionsync_simulators.salesforce.gateway.ids import full_id
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.schema import Access, Field, SObject
from actionsync_simulators.salesforce.state import Org
from actionsync_simulators.seed.salesforce_ids import salesforce_id

COLUMNS = 2
LAYOUT_PREFIX, SECTION_PREFIX = "00h", "01B"
COMPACT = "SYSTEM"
"""The compact layout of an object for which nobody has made one."""


def layouts(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/sobjects/{T}/describe/layouts."""
    sobject = _layoutable(org, object_name)
    layout_id = _id(org, LAYOUT_PREFIX, sobject)
    mapping = {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "layoutId": layout_id,
        "master": True,
        "name": "Master",
        "picklistsForRecordType": None,
        "recordTypeId": MASTER_RECORD_TYPE,
        "urls": {"layout": f"{_path(sobject, request)}/layouts/{MASTER_RECORD_TYPE}"},
    }
    return Response(
        200,
        {
            "layouts": [_layout(org, sobject, request.user.access)],
            "recordTypeMappings": [mapping],
            "recordTypeSelectorRequired": [False],
        },
    )


def layout(org: Org, request: Request, object_name: str, record_type: str) -> Response:
    """GET {base}/sobjects/{T}/describe/layouts/{recordTypeId}: the layout of the master record type."""
    sobject = _layoutable(org, object_name)
    if full_id(record_type) != MASTER_RECORD_TYPE:
        raise not_found()
    return Response(200, _layout(org, sobject, request.user.access))


def compact_layouts(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/sobjects/{T}/describe/compactLayouts: the system's own one, which shows the name."""
    sobject = _layoutable(org, object_name)
    access = request.user.access
    path = f"{_path(sobject, request)}/compactLayouts"
    compact = {
        "actions": [],
        "fieldItems": [_item(sobject, sobject.name_field, access)],
        "id": None,
        "imageItems": [],
        "label": "System Default",
        "name": COMPACT,
        "objectType": sobject.name,
    }
    mapping = {
        "available": True,
        "compactLayoutId": None,
        "compactLayoutName": COMPACT,
        "recordTypeId": MASTER_RECORD_TYPE,
        "recordTypeName": "Master",
        "urls": {"compactLayout": f"{path}/{MASTER_RECORD_TYPE}"},
    }
    return Response(
        200,
        {
            "compactLayouts": [compact],
            "defaultCompactLayoutId": None,
            "recordTypeCompactLayoutMappings": [mapping],
            "urls": {"primary": f"{path}/primary"},
        },
    )


def approval_layouts(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/sobjects/{T}/describe/approvalLayouts: no approval process is defined."""
    sobject_of_path(org, object_name)
    return Response(200, {"approvalLayouts": []})


def quick_actions(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/sobjects/{T}/quickActions: no action is defined."""
    sobject_of_path(org, object_name)
    return Response(200, [])


def _layoutable(org: Org, object_name: str) -> SObject:
    sobject = sobject_of_path(org, object_name)
    if not sobject.layoutable:
        raise not_found()
    return sobject


def _layout(org: Org, sobject: SObject, access: Access) -> dict[str, Any]:
    fields = [field for field in access.fields(sobject) if field.compound_field_name is None and field.type != "id"]
    written = [field for field in fields if field.createable or field.updateable]
    return {
        "buttonLayoutSection": None,
        "detailLayoutSections": [_section(org, sobject, fields, access)],
        "editLayoutSections": [_section(org, sobject, written, access)],
        "feedView": None,
        "highlightsPanelLayoutSection": None,
        "id": _id(org, LAYOUT_PREFIX, sobject),
        "multirowEditLayoutSections": [],
        "offlineLinks": [],
        "quickActionList": {"quickActionListItems": []},
        "relatedContent": None,
        "relatedLists": [],
        "saveOptions": [],
    }


def _section(org: Org, sobject: SObject, fields: list[Field], access: Access) -> dict[str, Any]:
    items = [_item(sobject, field, access) for field in fields]
    rows = [items[at : at + COLUMNS] for at in range(0, len(items), COLUMNS)]
    return {
        "collapsed": False,
        "columns": COLUMNS,
        "heading": f"{sobject.label} Information",
        "layoutRows": [{"layoutItems": row, "numItems": len(row)} for row in rows],
        "layoutSectionId": _id(org, SECTION_PREFIX, sobject),
        "parentLayoutId": _id(org, LAYOUT_PREFIX, sobject),
        "rows": len(rows),
        "tabOrder": "LeftToRight",
        "useCollapsibleSection": False,
        "useHeading": True,
    }


def _item(sobject: SObject, field: Field, access: Access) -> dict[str, Any]:
    described = describe_field(field, editable=editable(sobject, field, access))
    component = {"details": described, "displayLines": 1, "tabOrder": 1, "type": "Field", "value": field.name}
    return {
        "editableForNew": described["createable"],
        "editableForUpdate": described["updateable"],
        "label": field.label,
        "layoutComponents": [component],
        "placeholder": False,
        "required": field.required,
    }


def _path(sobject: SObject, request: Request) -> str:
    return f"{request.data_url}/sobjects/{sobject.name}/describe"


def _id(org: Org, prefix: str, sobject: SObject) -> str:
    position = next(at for at, each in enumerate(org.schema, 1) if each.name == sobject.name)
    return salesforce_id(prefix, position)
