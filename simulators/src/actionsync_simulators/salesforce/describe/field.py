"""One field of a describe, with every key the vendor sends."""

from __future__ import annotations

from typing import Any

from actionsync_simulators.salesforce.schema import Field, PicklistValue

_SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "time": "xsd:time",
    "base64": "xsd:base64Binary",
    "address": "urn:address",
    "location": "urn:location",
    "anyType": "xsd:anyType",
}
_NO_LENGTH = frozenset({"boolean", "int", "double", "currency", "percent", "date", "datetime", "address", "location"})


def describe_field(field: Field, *, editable: bool) -> dict[str, Any]:
    """One field with every key the vendor sends."""
    length = 0 if field.type in _NO_LENGTH else field.length
    is_id = field.type in ("id", "reference")
    return {
        "aggregatable": field.aggregatable,
        "aiPredictionField": False,
        "autoNumber": False,
        "byteLength": length if is_id else length * 3,
        "calculated": field.calculated,
        "calculatedFormula": None,
        "cascadeDelete": False,  # true for master-detail only; children say it in childRelationships
        "caseSensitive": field.case_sensitive,
        "compoundFieldName": field.compound_field_name,
        "controllerName": None,
        "createable": field.createable and editable,
        "custom": field.custom,
        "defaultValue": bool(field.default) if field.type == "boolean" else None,
        "defaultValueFormula": None,
        "defaultedOnCreate": field.defaulted_on_create,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "digits": field.digits,
        "displayLocationInDecimal": False,
        "encrypted": False,
        "externalId": field.external_id,
        "extraTypeInfo": field.extra_type_info,
        "filterable": field.filterable,
        "filteredLookupInfo": None,
        "formulaTreatNullNumberAsZero": False,
        "groupable": field.groupable,
        "highScaleNumber": False,
        "htmlFormatted": False,
        "idLookup": field.id_lookup,
        "inlineHelpText": field.inline_help_text,
        "label": field.label,
        "length": length,
        "mask": None,
        "maskType": None,
        "name": field.name,
        "nameField": field.name_field,
        "namePointing": field.name_pointing,
        "nillable": field.nillable,
        "permissionable": field.permissionable,
        "picklistValues": [_picklist_value(entry) for entry in field.picklist],
        "polymorphicForeignKey": field.polymorphic,
        "precision": field.precision,
        "queryByDistance": field.query_by_distance,
        "referenceTargetField": None,
        "referenceTo": list(field.reference_to),
        "relationshipName": field.relationship_name,
        "relationshipOrder": None,
        "restrictedDelete": False,
        "restrictedPicklist": field.restricted_picklist,
        "scale": field.scale,
        "searchPrefilterable": field.type == "reference",
        "soapType": _SOAP_TYPES.get(field.type, "xsd:string"),
        "sortable": field.sortable,
        "type": field.type,
        "unique": field.unique,
        "updateable": field.updateable and editable,
        "writeRequiresMasterRead": False,
    }


def _picklist_value(entry: PicklistValue) -> dict[str, Any]:
    return {
        "active": entry.active,
        "defaultValue": entry.default,
        "label": entry.label,
        "validFor": None,
        "value": entry.value,
    }
