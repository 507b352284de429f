"""Describe: global, basic and full, all read from the schema through the caller's field-level security."""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from functools import lru_cache
from typing import Any

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.describe.field import describe_field
from actionsync_simulators.salesforce.gateway.conditional import not_modified
from actionsync_simulators.salesforce.gateway.errors import not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.rows.read import attributes
from actionsync_simulators.salesforce.schema import Access, Field, SObject
from actionsync_simulators.salesforce.state import Org

MASTER_RECORD_TYPE = "012000000000000AAA"


def describe_global(org: Org, request: Request) -> Response:
    """GET {base}/sobjects."""
    if not_modified(request, org.described_at):
        return Response(304)
    summaries = [summary(sobject, request.user.access, request.version) for sobject in org.schema]
    return Response(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": summaries})


def basic_information(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/sobjects/{T}: the summary and the rows of the object that were modified last."""
    sobject = sobject_of_path(org, object_name)
    name = sobject.name_field.name
    ordering = "LastModifiedDate DESC, " if "LastModifiedDate" in sobject.fields else ""
    items = [
        {
            "attributes": attributes(sobject.name, row["Id"], request.version),
            "Id": row["Id"],
            **({} if name == "Id" else {name: row[name]}),
        }
        for row in org.database.rows(
            f"SELECT Id, {quoted(name)} FROM {quoted(sobject.name)} WHERE IsDeleted = 0"
            f" ORDER BY {ordering}Id DESC LIMIT 5"
        )
    ]
    described = summary(sobject, request.user.access, request.version)
    return Response(200, {"objectDescribe": described, "recentItems": items})


def describe_object(org: Org, request: Request, object_name: str) -> Response:
    """GET {base}/sobjects/{T}/describe."""
    sobject = sobject_of_path(org, object_name)
    if not_modified(request, org.described_at):
        return Response(304)
    return Response(200, full_describe(sobject, request.user.access, request.version))


def sobject_of_path(org: Org, object_name: str) -> SObject:
    """The object a path names. Raises 404 NOT_FOUND for an unknown one."""
    sobject = org.schema.object(object_name)
    if sobject is None:
        raise not_found()
    return sobject


def summary(sobject: SObject, access: Access, version: str) -> dict[str, Any]:
    """One entry of describeGlobal."""
    path = f"/services/data/v{version}/sobjects/{sobject.name}"
    writable = sobject.name not in access.read_only_objects
    urls = {
        "rowTemplate": f"{path}/{{ID}}",
        "defaultValues": f"{path}/defaultValues?recordTypeId&fields",
        "describe": f"{path}/describe",
        "sobject": path,
    }
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": sobject.createable and writable,
        "custom": sobject.custom,
        "customSetting": False,
        "deepCloneable": False,
        "deletable": sobject.deletable and writable,
        "deprecatedAndHidden": False,
        "feedEnabled": sobject.feed_enabled,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": sobject.key_prefix,
        "label": sobject.label,
        "labelPlural": sobject.label_plural,
        "layoutable": sobject.layoutable,
        "mergeable": sobject.mergeable,
        "mruEnabled": sobject.mru_enabled,
        "name": sobject.name,
        "queryable": True,
        "replicateable": sobject.replicateable,
        "retrieveable": True,
        "searchable": sobject.searchable,
        "triggerable": sobject.triggerable,
        "undeletable": sobject.undeletable,
        "updateable": sobject.updateable and writable,
        "urls": urls,
    }


@lru_cache(maxsize=256)
def full_describe(sobject: SObject, access: Access, version: str) -> dict[str, Any]:
    """The whole describe of one object; the order of the keys is the vendor's."""
    described = {
        "actionOverrides": [],
        "childRelationships": [
            {
                "cascadeDelete": relation.cascade_delete,
                "childSObject": relation.child_object,
                "deprecatedAndHidden": False,
                "field": relation.field,
                "junctionIdListNames": [],
                "junctionReferenceTo": [],
                "relationshipName": relation.relationship_name,
                "restrictedDelete": False,
            }
            for relation in sobject.child_relationships
        ],
        "compactLayoutable": sobject.layoutable,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "fields": [
            describe_field(field, editable=editable(sobject, field, access)) for field in access.fields(sobject)
        ],
        "implementedBy": None,
        "implementsInterfaces": None,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [_master_record_type(sobject, version)],
        "searchLayoutable": sobject.layoutable,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": _scopes(sobject),
        **summary(sobject, access, version),
    }
    described["urls"] = described["urls"] | {
        "approvalLayouts": f"/services/data/v{version}/sobjects/{sobject.name}/describe/approvalLayouts",
        "compactLayouts": f"/services/data/v{version}/sobjects/{sobject.name}/describe/compactLayouts",
        "layouts": f"/services/data/v{version}/sobjects/{sobject.name}/describe/layouts",
    }
    return dict(sorted(described.items(), key=lambda item: _position(item[0])))


def editable(sobject: SObject, field: Field, access: Access) -> bool:
    """Whether the user may write the field at all."""
    return sobject.name not in access.read_only_objects and access.editable(sobject.name, field.name)


def _master_record_type(sobject: SObject, version: str) -> dict[str, Any]:
    path = f"/services/data/v{version}/sobjects/{sobject.name}/describe/layouts/{MASTER_RECORD_TYPE}"
    return {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "master": True,
        "name": "Master",
        "recordTypeId": MASTER_RECORD_TYPE,
        "urls": {"layout": path},
    }


def _scopes(sobject: SObject) -> list[dict[str, str]]:
    scopes = [{"label": f"All {sobject.label_plural.lower()}", "name": "everything"}]
    if "OwnerId" in sobject.fields:
        scopes.append({"label": f"My {sobject.label_plural.lower()}", "name": "mine"})
    return scopes


_KEY_ORDER = [
    "actionOverrides",
    "activateable",
    "associateEntityType",
    "associateParentEntity",
    "childRelationships",
    "compactLayoutable",
    "createable",
    "custom",
    "customSetting",
    "deepCloneable",
    "defaultImplementation",
    "deletable",
    "deprecatedAndHidden",
    "extendedBy",
    "extendsInterfaces",
    "feedEnabled",
    "fields",
    "hasSubtypes",
    "implementedBy",
    "implementsInterfaces",
    "isInterface",
    "isSubtype",
    "keyPrefix",
    "label",
    "labelPlural",
    "layoutable",
    "listviewable",
    "lookupLayoutable",
    "mergeable",
    "mruEnabled",
    "name",
    "namedLayoutInfos",
    "networkScopeFieldName",
    "queryable",
    "recordTypeInfos",
    "replicateable",
    "retrieveable",
    "searchLayoutable",
    "searchable",
    "sobjectDescribeOption",
    "supportedScopes",
    "triggerable",
    "undeletable",
    "updateable",
    "urls",
]
_POSITIONS = {name: position for position, name in enumerate(_KEY_ORDER)}


def _position(name: str) -> int:
    return _POSITIONS[name]
