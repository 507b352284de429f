"""Tasks and events: who and what they may name, what is derived, and what they do to their parents."""

from __future__ import annotations

from datetime import timedelta

from actionsync_simulators.salesforce.gateway.errors import api_error, required_missing
from actionsync_simulators.salesforce.gateway.times import parse_wire, wire_datetime
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.rules import last_activity
from actionsync_simulators.salesforce.rules.object_rules import ObjectRules
from actionsync_simulators.salesforce.state import Org, Row

LEAD, CONTACT, ACCOUNT, OPPORTUNITY = "00Q", "003", "001", "006"

SERIES_FIELDS = ("RecurrenceStartDateOnly", "RecurrenceEndDateOnly", "RecurrenceType")
"""What a recurring series of tasks cannot be without."""

_FLAGS = (
    'SELECT (SELECT IsClosed FROM "TaskStatus" WHERE ApiName = ?1),'
    ' (SELECT IsHighPriority FROM "TaskPriority" WHERE ApiName = ?2)'
)
"""Whether a status is closed and a priority high; null for one that the org does not know."""


class _ActivityRules(ObjectRules):
    """What tasks and events share: the rules about Who and What, and the account they belong to."""

    def before_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Refuse forbidden combinations of Who and What; derive the account."""
        who, what = row["WhoId"], row["WhatId"]
        if who is not None and who.startswith(LEAD):
            if what is not None:
                raise api_error(
                    "FIELD_INTEGRITY_EXCEPTION",
                    "WhatId: Related To must be blank when Name is a lead",
                    fields=["WhoId", "WhatId"],
                )
            self._check_converted(org, old, who)
        if old is None or (who, what) != (old["WhoId"], old["WhatId"]):
            row["AccountId"] = account_of(org, who, what)

    def _check_converted(self, org: Org, old: Row | None, who: str) -> None:
        if org.switches.new_tasks_on_converted_leads or (old is not None and old["WhoId"] == who):
            return
        if org.database.value('SELECT IsConverted FROM "Lead" WHERE Id = ?', (who,)):
            raise api_error("CANNOT_UPDATE_CONVERTED_LEAD", fields=["WhoId"])

    def after_delete(self, org: Org, write: Write, row: Row) -> None:
        """The activity no longer counts for its parents."""
        last_activity.recompute(org, last_activity.parents_of(row))


class TaskRules(_ActivityRules):
    """Derived flags of a task, and the last activity date of its parents."""

    def before_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Check Who and What and a series; derive IsClosed, IsHighPriority and CompletedDateTime."""
        super().before_save(org, write, old, row)
        if row["IsRecurrence"]:
            _check_series(row)
        was_closed = bool(old is not None and old["IsClosed"])
        flags = org.database.rows(_FLAGS, (row["Status"], row["Priority"]))[0]
        row["IsClosed"], row["IsHighPriority"] = int(flags[0] or 0), int(flags[1] or 0)
        if row["IsClosed"] and not was_closed:
            row["CompletedDateTime"] = write.now
        elif not row["IsClosed"]:
            row["CompletedDateTime"] = None
            row["IsArchived"] = 0

    def locks(self, old: Row | None, row: Row) -> set[str]:
        """A new task locks its parents only while it is open and has a due date; any other write always does."""
        if old is None:
            open_and_due = row["Status"] != "Completed" and row["ActivityDate"] is not None
            return last_activity.parents_of(row) if open_and_due else set()
        return {row["Id"]} | last_activity.parents_of(old) | last_activity.parents_of(row)

    def after_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Bring the last activity date of the parents up to date."""
        if old is None:
            if row["IsClosed"]:
                last_activity.move_forward(org, row)
            return
        watched = ("IsClosed", "ActivityDate", *last_activity.PARENT_FIELDS)
        if any(old[name] != row[name] for name in watched):
            last_activity.recompute(org, last_activity.parents_of(old) | last_activity.parents_of(row))


class EventRules(_ActivityRules):
    """The times of an event, given in either of the two ways, and the last activity date of its parents."""

    def before_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Check Who and What; work out the missing one of start, end and duration."""
        super().before_save(org, write, old, row)
        start = row["StartDateTime"]
        if start is None or (old is not None and old["ActivityDateTime"] != row["ActivityDateTime"]):
            start = row["ActivityDateTime"]
        if start is None and row["ActivityDate"] is not None:
            start = f"{row['ActivityDate']}T00:00:00.000+0000"
        if start is None:
            raise required_missing(["ActivityDateTime", "DurationInMinutes"])
        minutes = row["DurationInMinutes"]
        if row["EndDateTime"] is not None and (minutes is None or old is None):
            minutes = int((parse_wire(row["EndDateTime"]) - parse_wire(start)).total_seconds() // 60)
        if minutes is None:
            minutes = 1440 if row["IsAllDayEvent"] else None
        if minutes is None:
            raise required_missing(["DurationInMinutes"])
        if minutes < 0:
            raise api_error(
                "FIELD_INTEGRITY_EXCEPTION", "Event duration can not be negative", fields=["DurationInMinutes"]
            )
        row["StartDateTime"] = row["ActivityDateTime"] = start
        row["DurationInMinutes"] = minutes
        row["EndDateTime"] = wire_datetime(parse_wire(start) + timedelta(minutes=minutes))
        row["ActivityDate"] = start[:10]

    def after_save(self, org: Org, write: Write, old: Row | None, row: Row) -> None:
        """Bring the last activity date of the parents up to date."""
        if old is None:
            last_activity.move_forward(org, row)
        else:
            last_activity.recompute(org, last_activity.parents_of(old) | last_activity.parents_of(row))


def _check_series(row: Row) -> None:
    """A series says when it runs and how it repeats; a due date is for each of its tasks, not for itself."""
    missing = [name for name in SERIES_FIELDS if row[name] is None]
    if missing:
        raise required_missing(missing)
    if row["ActivityDate"] is not None:
        raise api_error(
            "FIELD_INTEGRITY_EXCEPTION",
            "Due Date Only: a recurring series of tasks has no due date of its own",
            fields=["ActivityDate"],
        )
    if row["RecurrenceEndDateOnly"] < row["RecurrenceStartDateOnly"]:
        raise api_error(
            "FIELD_INTEGRITY_EXCEPTION",
            "Recurrence End: the end of a series cannot be before its start",
            fields=["RecurrenceEndDateOnly"],
        )


def account_of(org: Org, who: str | None, what: str | None) -> str | None:
    """The account an activity belongs to: that of its What where it has one, else that of its contact."""
    account: str | None = None
    if what is not None and what.startswith(ACCOUNT):
        account = what
    elif what is not None and what.startswith(OPPORTUNITY):
        account = org.database.value('SELECT AccountId FROM "Opportunity" WHERE Id = ?', (what,))
    elif who is not None and who.startswith(CONTACT):
        account = org.database.value('SELECT AccountId FROM "Contact" WHERE Id = ?', (who,))
    return account
