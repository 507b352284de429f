"""The data model of the simulated org: field and object definitions, field-level security, tables."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.access import PROFILES, Access
from actionsync_simulators.salesforce.schema.model import (
    ChildRelationship,
    Field,
    PicklistValue,
    Schema,
    SObject,
)
from actionsync_simulators.salesforce.schema.org_schema import org_schema

__all__ = [
    "PROFILES",
    "Access",
    "ChildRelationship",
    "Field",
    "PicklistValue",
    "SObject",
    "Schema",
    "org_schema",
]
