"""The rows of the Tooling API, read off the schema of the org: as a user sees it, in a database of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from actionsync_simulators.database import Database, quoted
from actionsync_simulators.salesforce.events.event_schema import field_id
from actionsync_simulators.salesforce.gateway.ids import full_id
from actionsync_simulators.salesforce.schema import Access, Field, Schema, SObject
from actionsync_simulators.salesforce.schema.ddl import needs_index, schema_sql
from actionsync_simulators.salesforce.tooling.objects import tooling_schema

ACTIVITY = "Activity"
"""Custom fields of tasks and events are defined on this."""

_PLAIN_TYPES = {
    "boolean": "Checkbox",
    "date": "Date",
    "datetime": "Date/Time",
    "time": "Time",
    "email": "Email",
    "phone": "Phone",
    "url": "URL",
    "picklist": "Picklist",
    "combobox": "Picklist",
    "multipicklist": "Picklist (Multi-Select)",
    "address": "Address",
    "location": "Geolocation",
    "id": "Lookup()",
}
_NUMBERS = {"double": "Number", "currency": "Currency", "percent": "Percent"}
LONG_AREA = 256


@lru_cache(maxsize=8)
def tooling_database(schema: Schema, access: Access) -> Database:
    """The rows that describe a schema as far as a user sees it; a schema never changes, so they are made once."""
    database = Database(schema_sql(tooling_schema()))
    with database.transaction():
        for sobject in schema:
            _insert(database, "EntityDefinition", [_entity(sobject)])
            _insert(database, "FieldDefinition", (_field(sobject, each) for each in access.fields(sobject)))
        _insert(database, "CustomField", _custom_fields(schema, access))
        _insert(database, "CustomObject", (_custom_object(each) for each in schema if each.custom))
    return database


def _insert(database: Database, name: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        columns = ", ".join(map(quoted, row))
        marks = ", ".join("?" * len(row))
        statement = f"INSERT INTO {quoted(name)} ({columns}) VALUES ({marks})"  # noqa: S608 - names of the schema
        database.execute(statement, list(row.values()))


def _entity(sobject: SObject) -> dict[str, Any]:
    return {
        "Id": sobject.name,
        "DurableId": sobject.name,
        "QualifiedApiName": sobject.name,
        "DeveloperName": sobject.name.removesuffix("__c"),
        "MasterLabel": sobject.label,
        "Label": sobject.label,
        "PluralLabel": sobject.label_plural,
        "KeyPrefix": sobject.key_prefix,
        "IsQueryable": 1,
        "IsSearchable": int(sobject.searchable),
        "IsTriggerable": int(sobject.triggerable),
        "IsReplicateable": int(sobject.replicateable),
        "IsRetrieveable": 1,
        "IsLayoutable": int(sobject.layoutable),
        "IsCustomSetting": 0,
        "IsCustomizable": int(sobject.layoutable),
    }


def _field(sobject: SObject, field: Field) -> dict[str, Any]:
    last = field_id(_owner(sobject), field.name) if field.custom else field.name
    durable = f"{sobject.name}.{last}"
    return {
        "Id": durable,
        "DurableId": durable,
        "QualifiedApiName": field.name,
        "EntityDefinitionId": sobject.name,
        "DeveloperName": field.name.removesuffix("__c"),
        "MasterLabel": field.label,
        "Label": field.label,
        "DataType": data_type(field),
        "RelationshipName": field.relationship_name,
        "Length": field.length,
        "Precision": field.precision,
        "Scale": field.scale,
        "IsNillable": int(field.nillable),
        "IsIndexed": int(field.type == "id" or needs_index(field)),
        "IsCompound": int(not field.stored or field.extra_type_info == "personname"),
        "IsNameField": int(field.name_field),
        "IsCalculated": int(field.calculated),
        "IsPolymorphicForeignKey": int(field.polymorphic),
    }


def data_type(field: Field) -> str:
    """The type of a field in the words of the setup pages, such as `Text(80)` or `Lookup(User)`."""
    if field.extra_type_info == "personname":
        return "Name"
    if field.type == "reference":
        return f"Lookup({','.join(field.reference_to)})"
    if field.type == "int":
        return f"Number({field.digits}, 0)"
    if field.type in _NUMBERS:
        return f"{_NUMBERS[field.type]}({field.precision - field.scale}, {field.scale})"
    if field.type == "textarea":
        return f"{'Long Text Area' if field.length >= LONG_AREA else 'Text Area'}({field.length})"
    if field.type in _PLAIN_TYPES:
        return _PLAIN_TYPES[field.type]
    marks = " (External ID)" if field.external_id else ""
    if field.unique:
        marks += f" (Unique Case {'Sensitive' if field.case_sensitive else 'Insensitive'})"
    return f"Text({field.length}){marks}"


def _custom_fields(schema: Schema, access: Access) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, str]] = set()
    for sobject in schema:
        owner = _owner(sobject)
        for field in access.fields(sobject):
            if not field.custom or (owner, field.name) in seen:
                continue
            seen.add((owner, field.name))
            yield {
                "Id": full_id(field_id(owner, field.name)),
                "DeveloperName": field.name.removesuffix("__c"),
                "TableEnumOrId": owner,
                "EntityDefinitionId": owner,
                "InlineHelpText": field.inline_help_text,
                "Length": field.length,
                "Precision": field.precision,
                "Scale": field.scale,
                "ManageableState": "unmanaged",
            }


def _custom_object(sobject: SObject) -> dict[str, Any]:
    return {
        "Id": full_id(field_id("CustomObject", sobject.name).replace("00N", "01I", 1)),
        "DeveloperName": sobject.name.removesuffix("__c"),
        "ManageableState": "unmanaged",
    }


def _owner(sobject: SObject) -> str:
    return ACTIVITY if sobject.activity else sobject.name
