"""The objects of the Tooling API, defined as those of the org are, so that SOQL and describe work on them too."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from actionsync_simulators.salesforce.schema import Field, Schema, SObject
from actionsync_simulators.salesforce.schema.fields import (
    boolean,
    integer,
    number,
    picklist,
    record_id,
    reference,
    text,
    textarea,
)
from actionsync_simulators.salesforce.schema.read_only import read_only_object

FLAGS = (
    "IsQueryable",
    "IsSearchable",
    "IsTriggerable",
    "IsReplicateable",
    "IsRetrieveable",
    "IsLayoutable",
    "IsCustomSetting",
    "IsCustomizable",
)


@cache
def tooling_schema() -> Schema:
    """All objects of the Tooling API that are served."""
    return Schema([_entity_definition(), _field_definition(), _custom_object(), _custom_field(), *_code()])


def _object(name: str, label: str, prefix: str, fields: list[Field]) -> SObject:
    return read_only_object(name, label, f"{label}s", prefix, fields)


def _entity_definition() -> SObject:
    fields = [
        record_id("Entity Definition ID"),
        text("DurableId", 255),
        text("QualifiedApiName", 70, name_field=True),
        text("DeveloperName", 40),
        text("NamespacePrefix", 15),
        text("MasterLabel", 40),
        text("Label", 80),
        text("PluralLabel", 80),
        text("KeyPrefix", 3),
        *(boolean(flag) for flag in FLAGS),
    ]
    return _object("EntityDefinition", "Entity Definition", "4ie", fields)


def _entity(*, child: str) -> Field:
    """The object something belongs to: an API name, not a record id."""
    lookup = reference("EntityDefinitionId", "EntityDefinition", child=child)
    return replace(lookup, type="string", length=255)


def _field_definition() -> SObject:
    fields = [
        record_id("Field Definition ID"),
        text("DurableId", 255),
        text("QualifiedApiName", 70, name_field=True),
        _entity(child="Fields"),
        text("DeveloperName", 40),
        text("NamespacePrefix", 15),
        text("MasterLabel", 40),
        text("Label", 80),
        text("DataType", 255),
        text("RelationshipName", 80),
        integer("Length", digits=9),
        integer("Precision", digits=9),
        integer("Scale", digits=9),
        boolean("IsNillable"),
        boolean("IsIndexed"),
        boolean("IsCompound"),
        boolean("IsNameField"),
        boolean("IsCalculated"),
        boolean("IsPolymorphicForeignKey"),
    ]
    return _object("FieldDefinition", "Field Definition", "4fe", fields)


def _custom_object() -> SObject:
    fields = [
        record_id("Custom Object Definition ID"),
        text("DeveloperName", 80, name_field=True),
        text("NamespacePrefix", 15),
        textarea("Description", 1000),
        picklist("ManageableState", ("unmanaged", "installed"), length=40),
    ]
    return _object("CustomObject", "Custom Object Definition", "01I", fields)


def _custom_field() -> SObject:
    fields = [
        record_id("Custom Field Definition ID"),
        text("DeveloperName", 80, name_field=True),
        text("NamespacePrefix", 15),
        text("TableEnumOrId", 40),
        _entity(child="CustomFields"),
        text("InlineHelpText", 510),
        integer("Length", digits=9),
        integer("Precision", digits=9),
        integer("Scale", digits=9),
        picklist("ManageableState", ("unmanaged", "installed"), length=40),
    ]
    return _object("CustomField", "Custom Field Definition", "00N", fields)


def _code() -> list[SObject]:
    """Classes and triggers: an org without code of its own has none of them."""
    return [
        _object(name, label, prefix, [record_id(f"{label} ID"), text("Name", 255, name_field=True), *_of_code()])
        for name, label, prefix in (("ApexClass", "Apex Class", "01p"), ("ApexTrigger", "Apex Trigger", "01q"))
    ]


def _of_code() -> list[Field]:
    return [
        text("NamespacePrefix", 15),
        number("ApiVersion", precision=18, scale=1),
        picklist("Status", ("Inactive", "Active", "Deleted"), length=40),
        boolean("IsValid"),
        textarea("Body", 1_000_000),
        integer("LengthWithoutComments", digits=9),
    ]
