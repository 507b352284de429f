"""Task: calls, e-mails, to-dos and their reminders."""

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

STATUSES = ("Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred")
PRIORITIES = ("High", "Normal", "Low")
TYPES = ("Call", "Email", "Meeting", "Other")
SUBTYPES = ("Task", "Email", "ListEmail", "Call", "Cadence", "LinkedIn")
SUBJECTS = ("Call", "Email", "Send Letter", "Send Quote", "Other")
CALL_TYPES = ("Internal", "Inbound", "Outbound")
RECURRENCE_TYPES = (
    "RecursDaily",
    "RecursEveryWeekday",
    "RecursMonthly",
    "RecursMonthlyNth",
    "RecursWeekly",
    "RecursYearly",
    "RecursYearlyNth",
)
WEEKS = ("First", "Second", "Third", "Fourth", "Last")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def task(*, custom_fields: bool = True) -> SObject:
    """The Task object in the column order of a full read."""
    subject = picklist("Subject", SUBJECTS, kind="combobox")
    fields = [
        record_id("Activity ID"),
        reference("WhoId", "Contact", "Lead", label="Name ID", child="Tasks", cascade_delete=True),
        reference(
            "WhatId",
            "Account",
            "Campaign",
            "Opportunity",
            label="Related To ID",
            child="Tasks",
            cascade_delete=True,
        ),
        replace(subject, name_field=True),
        date("ActivityDate", label="Due Date Only"),
        picklist("Status", STATUSES, default="Not Started", required=True),
        picklist("Priority", PRIORITIES, default="Normal", required=True),
        read_only(boolean("IsHighPriority", label="High Priority")),
        owner("Group", "User", label="Assigned To ID"),
        textarea("Description", 32000),
        picklist("Type", TYPES),
        is_deleted(),
        read_only(reference("AccountId", "Account", label="Account ID")),
        read_only(boolean("IsClosed", label="Closed")),
        *audit(),
        read_only(boolean("IsArchived", label="Archived")),
        integer("CallDurationInSeconds", label="Call Duration", permissionable=False),
        picklist("CallType", CALL_TYPES, length=40, permissionable=False),
        text("CallDisposition", 255, label="Call Result", permissionable=False),
        text("CallObject", 255, label="Call Object Identifier", permissionable=False),
        datetime("ReminderDateTime", label="Reminder Date/Time", permissionable=False),
        boolean("IsReminderSet", label="Reminder Set", permissionable=False),
        read_only(reference("RecurrenceActivityId", "Task", child="RecurringTasks")),
        replace(boolean("IsRecurrence", label="Create Recurring Series of Tasks"), updateable=False),
        date("RecurrenceStartDateOnly", label="Recurrence Start", permissionable=False),
        date("RecurrenceEndDateOnly", label="Recurrence End", permissionable=False),
        text("RecurrenceTimeZoneSidKey", 40, label="Recurrence Time Zone", permissionable=False),
        picklist("RecurrenceType", RECURRENCE_TYPES, length=40, permissionable=False),
        integer("RecurrenceInterval", digits=9, permissionable=False),
        integer("RecurrenceDayOfWeekMask", digits=9, permissionable=False),
        integer("RecurrenceDayOfMonth", digits=9, permissionable=False),
        picklist("RecurrenceInstance", WEEKS, length=40, permissionable=False),
        picklist("RecurrenceMonthOfYear", MONTHS, length=40, permissionable=False),
        picklist(
            "RecurrenceRegeneratedType",
            ("RecurrenceRegenerateAfterDueDate", "RecurrenceRegenerateAfterToday", "RecurrenceRegenerated"),
            length=40,
            permissionable=False,
        ),
        replace(
            picklist("TaskSubtype", SUBTYPES, default="Task", length=40, restricted_picklist=True),
            updateable=False,
            permissionable=False,
        ),
        read_only(datetime("CompletedDateTime", label="Completed Date/Time")),
        *(activity_custom_fields() if custom_fields else ()),
    ]
    return SObject(
        name="Task",
        label="Task",
        label_plural="Tasks",
        key_prefix="00T",
        fields=named(fields),
        activity=True,
        feed_enabled=True,
    )
