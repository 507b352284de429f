"""Event: meetings in the calendar. Shares its custom fields with Task."""

from __future__ import annotations

from dataclasses import replace

from actionsync_simulators.salesforce.schema.activity_fields import activity_custom_fields
from actionsync_simulators.salesforce.schema.fields import (
    audit,
    boolean,
    date,
    datetime,
    integer,
    is_deleted,
    named,
    owner,
    picklist,
    read_only,
    record_id,
    reference,
    text,
    textarea,
)
from actionsync_simulators.salesforce.schema.model import SObject


def event(*, custom_fields: bool = True) -> SObject:
    """The Event object."""
    subject = picklist("Subject", ("Call", "Email", "Meeting", "Send Letter/Quote", "Other"), kind="combobox")
    fields = [
        record_id("Activity ID"),
        reference("WhoId", "Contact", "Lead", label="Name ID", child="Events", cascade_delete=True),
        reference(
            "WhatId",
            "Account",
            "Campaign",
            "Opportunity",
            label="Related To ID",
            child="Events",
            cascade_delete=True,
        ),
        replace(subject, name_field=True),
        text("Location", 255),
        boolean("IsAllDayEvent", label="All-Day Event", permissionable=False),
        datetime("ActivityDateTime", label="Due Date Time"),
        date("ActivityDate", label="Due Date Only"),
        integer("DurationInMinutes", label="Duration"),
        datetime("StartDateTime", label="Start Date Time"),
        datetime("EndDateTime", label="End Date Time"),
        textarea("Description", 32000),
        read_only(reference("AccountId", "Account", label="Account ID")),
        owner("User", label="Assigned To ID"),
        picklist("Type", ("Call", "Email", "Meeting", "Other")),
        boolean("IsPrivate", label="Private"),
        picklist("ShowAs", ("Busy", "OutOfOffice", "Free"), default="Busy", length=40, label="Show Time As"),
        is_deleted(),
        *audit(),
        read_only(boolean("IsArchived", label="Archived")),
        datetime("ReminderDateTime", label="Reminder Date/Time", permissionable=False),
        boolean("IsReminderSet", label="Reminder Set", permissionable=False),
        replace(
            picklist("EventSubtype", ("Event",), default="Event", length=40, restricted_picklist=True),
            updateable=False,
            permissionable=False,
        ),
        *(activity_custom_fields() if custom_fields else ()),
    ]
    return SObject(
        name="Event",
        label="Event",
        label_plural="Events",
        key_prefix="00U",
        fields=named(fields),
        activity=True,
        feed_enabled=True,
    )
