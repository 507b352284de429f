"""The demo's steps, in the order in which a customer meets them. Each one reads its figures back from the systems."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from actionsync.v1 import activity_log_pb2, common_pb2, person_sync_pb2, unsubscribe_check_pb2
from demo.processes import Running
from demo.report import Report
from demo.sample_activities import API_NAMES, TASK_TYPES, all_eight
from demo.service import SELLER, Service, set_up
from demo.systems import Marketo, Salesforce, install_package
from demo.two_way import TwoWay
from demo.waiting import wait_for
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

PEOPLE = "people here"
ACTIVITIES = "activities in Marketo"
TASKS = "Tasks in Salesforce"
CHECKS = "checks before a send"
EDIT = "an edit in Salesforce"
CALLS = "API calls"
NEW_TITLE = "Chief Demo Officer"
_OWNED = "Owner.Type = 'User'"


class Flow:
    """One run of the demo against running systems."""

    def __init__(self, running: Running, report: Report, console: Console) -> None:
        self._running = running
        self._report = report
        self._console = console
        self._marketo = Marketo(running.simulators)
        self._salesforce = Salesforce(running.simulators)
        self._service: Service | None = None

    def run(self) -> None:
        """Go through all steps."""
        install_package(self._running.simulators)
        seller = self._salesforce.query(
            "SELECT Id, Email FROM User WHERE IsActive = true AND UserType = 'Standard' ORDER BY Id LIMIT 1"
        )[0]
        service = self._service = set_up(self._running, seller_email=seller["Email"], seller_salesforce_id=seller["Id"])
        try:
            self._copy_people(service)
            permit, person = self._check_sends(service)
            self._log_activities(service, person, permit)
            two_way = TwoWay(service, self._salesforce, self._report, self._console)
            two_way.look(person, own=len(API_NAMES))
            two_way.remind(person)
            two_way.unsubscribe(person)
            self._follow_an_edit(service)
            self._count_calls(service)
        finally:
            service.close()

    def _copy_people(self, service: Service) -> None:
        started = service.persons.StartInitialSync(person_sync_pb2.StartInitialSyncRequest()).initial_sync
        watch = person_sync_pb2.WatchInitialSyncRequest(initial_sync_id=started.initial_sync_id)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), console=self._console, transient=True) as progress:
            bar = progress.add_task("people from Marketo", total=None)
            for message in service.persons.WatchInitialSync(watch, timeout=600):
                sync = message.initial_sync
                total = sync.expected_count if sync.HasField("expected_count") else None
                progress.update(bar, completed=sync.processed_count, total=total, description=_describe(sync))
        if sync.state != person_sync_pb2.INITIAL_SYNC_STATE_SUCCEEDED:
            raise RuntimeError(f"the initial sync ended as {sync}")
        leads = self._salesforce.count(f"SELECT COUNT() FROM Lead WHERE IsConverted = false AND {_OWNED}")
        contacts = self._salesforce.count("SELECT COUNT() FROM Contact")
        queued = self._salesforce.count("SELECT COUNT() FROM Lead WHERE IsConverted = false AND Owner.Type = 'Queue'")
        status = service.persons.GetSyncStatus(person_sync_pb2.GetSyncStatusRequest())
        counts = {row.qualification: row.person_count for row in status.counts}
        skipped = {row.reason: row.person_count for row in sync.skipped}
        add = self._report.add
        add(
            PEOPLE,
            "owned leads and contacts",
            counts.get(person_sync_pb2.QUALIFICATION_QUALIFIED, 0),
            expected=leads + contacts,
            source="GetSyncStatus, SOQL",
        )
        add(
            PEOPLE,
            "left out: owned by a queue",
            skipped.get(person_sync_pb2.SKIP_REASON_OWNED_BY_QUEUE, 0),
            expected=queued,
            source="GetInitialSync, SOQL",
        )
        for reason, name in (
            (person_sync_pb2.SKIP_REASON_NOT_IN_SALESFORCE, "left out: only in Marketo"),
            (person_sync_pb2.SKIP_REASON_DELETED_IN_SALESFORCE, "left out: deleted in Salesforce"),
            (person_sync_pb2.SKIP_REASON_NO_OWNER, "left out: no owner"),
        ):
            add(PEOPLE, name, skipped.get(reason, 0), source="GetInitialSync")
        add(
            PEOPLE,
            "read from Marketo in all",
            sync.processed_count,
            expected=counts.get(person_sync_pb2.QUALIFICATION_QUALIFIED, 0) + sum(skipped.values()),
            source="GetInitialSync",
        )

    def _check_sends(self, service: Service) -> tuple[str, person_sync_pb2.Person]:
        """Ask for an unsubscribed and a subscribed recipient; return the permit and the subscribed person."""
        opted_out = self._a_person(service, opted_out=True)
        subscribed = self._a_person(service, opted_out=False)
        request = unsubscribe_check_pb2.AuthorizeSendRequest(
            recipients=[
                unsubscribe_check_pb2.Recipient(email=person.email, person_id=person.person_id)
                for person in (opted_out, subscribed)
            ],
            user_id=SELLER,
            channel=unsubscribe_check_pb2.CHANNEL_WEB_APP,
        )
        answer = service.check.AuthorizeSend(request)
        decisions = [
            unsubscribe_check_pb2.Decision.Name(result.verdict.decision).removeprefix("DECISION_")
            for result in answer.results
        ]
        source = "AuthorizeSend"
        self._report.add(CHECKS, "unsubscribed recipient", decisions[0], expected="MUST_NOT_SEND", source=source)
        self._report.add(CHECKS, "subscribed recipient", decisions[1], expected="MAY_SEND", source=source)
        return answer.send_permit, subscribed

    def _a_person(self, service: Service, *, opted_out: bool) -> person_sync_pb2.Person:
        """Return a contact's person here whose address is, or is not, opted out in Marketo on any of its people."""
        flag = "true" if opted_out else "false"
        contacts = self._salesforce.query(
            f"SELECT Id, Email FROM Contact WHERE HasOptedOutOfEmail = {flag} AND Email != null ORDER BY Id LIMIT 20"
        )
        for contact in contacts:
            leads = self._marketo.get(
                "/rest/v1/leads.json", filterType="email", filterValues=contact["Email"], fields="id,unsubscribed"
            )["result"]
            if any(lead["unsubscribed"] for lead in leads) == opted_out:
                key = person_sync_pb2.PersonKey(salesforce_id=contact["Id"])
                return service.persons.GetPerson(person_sync_pb2.GetPersonRequest(key=key)).person
        raise RuntimeError(f"no contact with HasOptedOutOfEmail = {flag} is known to Marketo")

    def _log_activities(self, service: Service, person: person_sync_pb2.Person, permit: str) -> None:
        contents = all_eight(person.person_id, permit=permit, now=int(time.time()))
        request = activity_log_pb2.BatchLogActivitiesRequest(contents=contents)
        results = service.activities.BatchLogActivities(request).results
        ids = [result.logged.activity.activity_id for result in results]
        self._report.add(
            CHECKS,
            "the send's permit",
            activity_log_pb2.PermitState.Name(results[0].logged.activity.permit_state).removeprefix("PERMIT_STATE_"),
            expected="VALID",
            source="BatchLogActivities",
        )
        with self._console.status("activities on their way to Marketo and Salesforce …"):
            wait_for("every delivery to end", lambda: not self._open_deliveries(service))
        since = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
        types = self._marketo.custom_types()
        wanted = [types[name] for name in API_NAMES]
        rows = self._marketo.activities(wanted, since)
        for name, activity_id in zip(API_NAMES, ids, strict=True):
            found = [
                row
                for row in rows
                if row["activityTypeId"] == types[name]
                and row["leadId"] == person.marketo_id
                and {"name": "Actions Activity ID", "value": activity_id} in row["attributes"]
            ]
            self._report.add(ACTIVITIES, name, len(found), expected=1, source="activities.json")
        quoted = ", ".join(f"'{activity_id}'" for activity_id in ids)
        tasks = self._salesforce.query(
            "SELECT Id, Subject, Type, Status, WhoId, ActionSync_Id__c, MSE_Viewed__c, MSE_Clicked__c, MSE_Replied__c"
            f" FROM Task WHERE ActionSync_Id__c IN ({quoted})"
        )
        mail = next(task for task in tasks if task["ActionSync_Id__c"] == ids[0])
        by_activity = {task["ActionSync_Id__c"]: task for task in tasks}
        for name, activity_id in zip(API_NAMES, ids, strict=True):
            if name in TASK_TYPES:
                task = by_activity.pop(activity_id, None)
                shown = "no Task" if task is None else _task(task["Type"], task["Status"])
                expected = _task(TASK_TYPES[name], "Completed")
                self._report.add(TASKS, name, shown, expected=expected, source="SOQL")
        marks = [mark for mark in ("Viewed", "Clicked", "Replied") if mail[f"MSE_{mark}__c"]]
        self._report.add(
            TASKS, "marks on the mail's Task", ", ".join(marks), expected="Viewed, Clicked, Replied", source="SOQL"
        )
        on_contact = sum(task["WhoId"] == person.salesforce_contact_id for task in tasks)
        self._report.add(TASKS, "on the person's contact", on_contact, expected=len(TASK_TYPES), source="SOQL")
        self._report.add(TASKS, "of activities that make no Task", len(by_activity), expected=0, source="SOQL")

    def _open_deliveries(self, service: Service) -> bool:
        open_states = [
            common_pb2.DELIVERY_STATE_PENDING,
            common_pb2.DELIVERY_STATE_DELIVERING,
            common_pb2.DELIVERY_STATE_UNKNOWN,
            common_pb2.DELIVERY_STATE_RETRYING,
            common_pb2.DELIVERY_STATE_WAITING,
        ]
        request = activity_log_pb2.ListDeliveriesRequest(states=open_states, page_size=1)
        return bool(service.activities.ListDeliveries(request).deliveries)

    def _follow_an_edit(self, service: Service) -> None:
        lead = self._salesforce.query(
            f"SELECT Id FROM Lead WHERE IsConverted = false AND {_OWNED} ORDER BY Id DESC LIMIT 1"
        )[0]
        self._salesforce.update("Lead", lead["Id"], {"Title": NEW_TITLE})
        key = person_sync_pb2.PersonKey(salesforce_id=lead["Id"])
        began = time.monotonic()

        def title() -> str:
            return service.persons.GetPerson(person_sync_pb2.GetPersonRequest(key=key)).person.title

        with self._console.status("an edit on its way from Salesforce through Marketo …"):
            wait_for("the edit to arrive", lambda: title() == NEW_TITLE)
        took = time.monotonic() - began
        self._report.add(EDIT, "title of the person here", title(), expected=NEW_TITLE, source="GetPerson")
        self._report.add(EDIT, "seconds on the way", round(took, 1), source="clock")

    def _count_calls(self, service: Service) -> None:
        status = service.persons.GetSyncStatus(person_sync_pb2.GetSyncStatusRequest())
        own = {quota.system: quota.own_call_count for quota in status.quotas}
        self._report.add(CALLS, "Marketo, by the server", own.get(common_pb2.SYSTEM_MARKETO, 0), source="GetSyncStatus")
        self._report.add(CALLS, "Marketo, by everybody", self._marketo.calls_today(), source="stats/usage.json")
        self._report.add(CALLS, "Salesforce, by everybody", self._salesforce.calls_today(), source="limits")


def _task(kind: str | None, status: str) -> str:
    return f"{kind or 'no Type'}, {status}"


def _describe(sync: person_sync_pb2.InitialSync) -> str:
    if sync.state == person_sync_pb2.INITIAL_SYNC_STATE_WAITING:
        return f"waiting: {sync.wait_reason}"
    return "people from Marketo"
