"""The demo's two-way steps and the grid: an unsubscribe, a reminder there and back, what the panel shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from actionsync.v1 import activity_log_pb2, person_sync_pb2, reminder_tasks_pb2, sync_settings_pb2
from actionsync.v1 import unsubscribe_check_pb2 as check_pb2
from actionsync.v1.common_pb2 import Freshness
from demo.report import Report
from demo.service import SELLER, Service
from demo.systems import Salesforce
from demo.waiting import wait_for
from rich.console import Console

UNSUBSCRIBES = "an unsubscribe"
REMINDERS = "a reminder"
GRID = "the Smart Grid"
ALERTS = "what needs somebody"
Task = reminder_tasks_pb2.ReminderTask


class TwoWay:
    """Steps after the activities; each reads its figures back from the other side."""

    def __init__(self, service: Service, salesforce: Salesforce, report: Report, console: Console) -> None:
        self._service = service
        self._salesforce = salesforce
        self._report = report
        self._console = console

    def unsubscribe(self, person: person_sync_pb2.Person) -> None:
        """Record an unsubscribe and find it in Salesforce."""
        self._service.check.RecordUnsubscribe(
            check_pb2.RecordUnsubscribeRequest(
                person_id=person.person_id, source=check_pb2.UNSUBSCRIBE_SOURCE_CLICKED_LINK, reason="Too many mails"
            )
        )
        soql = f"SELECT HasOptedOutOfEmail FROM Contact WHERE Id = '{person.salesforce_contact_id}'"

        def opted_out() -> bool:
            value: bool = self._salesforce.query(soql)[0]["HasOptedOutOfEmail"]
            return value

        with self._console.status("an unsubscribe on its way to Salesforce …"):
            wait_for("the unsubscribe to arrive in Salesforce", opted_out)
        self._report.add(UNSUBSCRIBES, "Email Opt Out of the contact", opted_out(), expected=True, source="SOQL")
        request = check_pb2.CheckUnsubscribeRequest(email=person.email)
        reason = self._service.check.CheckUnsubscribe(request).verdict.reason
        shown = check_pb2.VerdictReason.Name(reason).removeprefix("VERDICT_REASON_")
        self._report.add(
            UNSUBSCRIBES, "the next check", shown, expected="BLOCKED_SALES_UNSUBSCRIBE", source="CheckUnsubscribe"
        )

    def remind(self, person: person_sync_pb2.Person) -> None:
        """Make a reminder, find its Task, complete it in Salesforce and find it done here."""
        due = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
        wanted = Task(
            user_id=SELLER, person_id=person.person_id, kind=Task.KIND_CALL, name="Call about the demo", due_date=due
        )
        made = self._service.reminders.CreateReminderTask(
            reminder_tasks_pb2.CreateReminderTaskRequest(reminder_task=wanted)
        ).reminder_task
        request = reminder_tasks_pb2.GetReminderTaskRequest(reminder_task_id=made.reminder_task_id)

        def here() -> Task:
            return self._service.reminders.GetReminderTask(request).reminder_task

        with self._console.status("a reminder on its way to Salesforce and back …"):
            wait_for("the reminder's Task", lambda: bool(here().salesforce_task_id))
            task_id = here().salesforce_task_id
            task = self._salesforce.query(f"SELECT Subject, Status, Type FROM Task WHERE Id = '{task_id}'")[0]
            self._report.add(REMINDERS, "its Task", task["Status"], expected="Not Started", source="SOQL")
            self._report.add(REMINDERS, "Type of the Task", task["Type"] or "none", expected="none", source="SOQL")
            self._salesforce.update("Task", task_id, {"Status": "Completed"})
            wait_for("the reminder to be done here", lambda: here().state == Task.STATE_COMPLETED)
        state = Task.State.Name(here().state).removeprefix("STATE_")
        self._report.add(
            REMINDERS, "completed in Salesforce, here", state, expected="COMPLETED", source="GetReminderTask"
        )

    def look(self, person: person_sync_pb2.Person, *, own: int) -> None:
        """Load the grid of a person live: our own activities, and what Marketo knows beside them."""
        answer = self._service.activities.LoadSmartGrid(
            activity_log_pb2.LoadSmartGridRequest(person_id=person.person_id, freshness=Freshness(live=True)),
            timeout=60,
        )
        ours = sum("Actions Activity ID" in row.attributes for row in answer.rows)
        self._report.add(GRID, "our own activities", ours, expected=own, source="LoadSmartGrid")
        self._report.add(GRID, "Marketo's beside them", len(answer.rows) - ours, source="LoadSmartGrid")
        alerts = self._service.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest()).alerts
        shown = ", ".join(alert.name for alert in alerts) or "none"
        self._report.add(ALERTS, "alerts", shown, expected="none", source="ListAlerts")
