"""Objects that describe the org itself: Organization, record types, and the lists behind three picklists."""

from __future__ import annotations

from actionsync_simulators.salesforce.schema.fields import (
    audit,
    boolean,
    datetime,
    integer,
    is_deleted,
    named,
    owner,
    person_name,
    picklist,
    read_only,
    record_id,
    reference,
    text,
)
from actionsync_simulators.salesforce.schema.model import Field, SObject
from actionsync_simulators.salesforce.schema.read_only import read_only_object

EDITIONS = ("Developer Edition", "Professional Edition", "Enterprise Edition", "Unlimited Edition")


def organization() -> SObject:
    """The Organization object: exactly one row."""
    return read_only_object(
        "Organization",
        "Organization",
        "Organizations",
        "00D",
        [
            record_id("Organization ID"),
            text("Name", 80, name_field=True, required=True),
            text("Division", 80),
            text("Country", 80),
            picklist("DefaultLocaleSidKey", ("en_US",), length=40),
            picklist("TimeZoneSidKey", ("America/Los_Angeles",), length=40),
            picklist("LanguageLocaleKey", ("en_US",), length=40),
            picklist("OrganizationType", EDITIONS, length=40),
            text("NamespacePrefix", 15),
            text("InstanceName", 5),
            boolean("IsSandbox"),
            datetime("TrialExpirationDate"),
            *audit(),
        ],
    )


def record_type() -> SObject:
    """The RecordType object."""
    return read_only_object(
        "RecordType",
        "Record Type",
        "Record Types",
        "012",
        [
            record_id("Record Type ID"),
            text("Name", 80, required=True, name_field=True),
            text("DeveloperName", 80, required=True),
            text("NamespacePrefix", 15),
            text("Description", 255),
            picklist("SobjectType", ("Account", "Contact", "Lead", "Opportunity", "Task"), length=40),
            boolean("IsActive", label="Active"),
            *audit(),
        ],
    )


def _status_object(name: str, label: str, plural: str, prefix: str, flag: Field) -> SObject:
    return read_only_object(
        name,
        label,
        plural,
        prefix,
        [
            record_id(f"{label} ID"),
            text("MasterLabel", 255, name_field=True),
            text("ApiName", 255, label="API Name"),
            integer("SortOrder", digits=9),
            boolean("IsDefault", label="Default"),
            flag,
            *audit(),
        ],
    )


def task_status() -> SObject:
    """TaskStatus: the values of Task.Status and which of them close a task."""
    return _status_object(
        "TaskStatus", "Task Status Value", "Task Status Value", "01T", boolean("IsClosed", label="Closed")
    )


def task_priority() -> SObject:
    """TaskPriority: the values of Task.Priority and which of them are high."""
    return _status_object(
        "TaskPriority",
        "Task Priority Value",
        "Task Priority Value",
        "01R",
        boolean("IsHighPriority", label="High Priority"),
    )


def lead_status() -> SObject:
    """LeadStatus: the values of Lead.Status and which of them a conversion may use."""
    return _status_object(
        "LeadStatus",
        "Lead Status Value",
        "Lead Status Value",
        "01J",
        boolean("IsConverted"),
    )


def individual() -> SObject:
    """The Individual object: data privacy preferences of a person."""
    fields = [
        record_id("Individual ID"),
        owner("User"),
        is_deleted(),
        *person_name(),
        boolean("HasOptedOutTracking", label="Don't Track"),
        boolean("HasOptedOutSolicit", label="Don't Market"),
        *audit(),
        read_only(datetime("LastViewedDate")),
        read_only(reference("MasterRecordId", "Individual", label="Master Record ID")),
    ]
    return SObject(
        name="Individual",
        label="Individual",
        label_plural="Individuals",
        key_prefix="0PK",
        fields=named(fields),
        feed_enabled=True,
        mru_enabled=True,
    )
