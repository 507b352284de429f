"""Reminders that fire: the popup shows once, and the task is no longer armed."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.rows.lookup import id_in_body
from actionsync_simulators.salesforce.rows.write import live_row, touch
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.state import Org

_DUE = """
SELECT 'Task' AS kind, Id, ReminderDateTime FROM "Task"
WHERE IsReminderSet = 1 AND IsClosed = 0 AND IsDeleted = 0 AND ReminderDateTime <= ?1
UNION ALL
SELECT 'Event', Id, ReminderDateTime FROM "Event"
WHERE IsReminderSet = 1 AND IsDeleted = 0 AND ReminderDateTime <= ?1
ORDER BY ReminderDateTime, Id
"""


def fire_reminder(org: Org, write: Write, task_id: str) -> None:
    """Fire the reminder of one task or event now, whatever its time. ReminderDateTime stays. Raises ApiError."""
    sobject, record_id = id_in_body(org, task_id)
    if not sobject.activity:
        raise api_error("INVALID_TYPE", f"{sobject.name} has no reminders", fields=())
    row = live_row(org, sobject, record_id)
    if not row["IsReminderSet"]:
        raise api_error("FIELD_INTEGRITY_EXCEPTION", "no reminder is set", fields=["IsReminderSet"])
    with org.database.transaction():
        touch(org, write, sobject, record_id, {"IsReminderSet": 0}, before=row)


def fire_due_reminders(org: Org, write: Write) -> list[str]:
    """Fire every reminder of events and open tasks whose time has come; returns their ids."""
    due = org.database.rows(_DUE, (write.now,))
    for row in due:
        # Each reminder fires by itself: a transaction, and an event, of its own.
        with org.database.transaction():
            touch(org, write, org.sobject(row["kind"]), row["Id"], {"IsReminderSet": 0})
    return [row["Id"] for row in due]
