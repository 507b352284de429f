"""What changes in Salesforce arrives within seconds by change events, though the polls are far between.

Real processes on the machine's clock, since the Pub/Sub API is gRPC on a socket.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from actionsync.v1 import person_sync_pb2, reminder_tasks_pb2, sync_settings_pb2
from actionsync.v1 import unsubscribe_check_pb2 as check_pb2
from demo.processes import Running, start
from demo.service import SELLER, Service, set_up
from demo.systems import Salesforce
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
#: Far less than the polls are apart (a minute at the least), far more than an event takes.
PATIENCE_SECONDS = 40
Task = reminder_tasks_pb2.ReminderTask
TOPICS = {"/data/TaskChangeEvent", "/data/LeadChangeEvent", "/data/ContactChangeEvent"}


@dataclass(frozen=True, slots=True)
class Together:
    """Simulators and service, with people and a long time between polls."""

    running: Running
    service: Service
    salesforce: Salesforce

    def control(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(
            f"{self.running.simulators['salesforce']}/_sim/{path}", data=data, timeout=30
        ) as answer:
            return json.load(answer)

    def streams(self) -> list[dict[str, Any]]:
        """The streams that somebody has open."""
        found: list[dict[str, Any]] = self.control("streams")["streams"]
        return found

    def listened(self) -> set[str]:
        return {stream["topic"] for stream in self.streams()}

    def contact(self) -> dict[str, Any]:
        """Return a contact who has not opted out."""
        soql = "SELECT Id, Email FROM Contact WHERE Email != null AND HasOptedOutOfEmail = false ORDER BY Id LIMIT 1"
        return self.salesforce.query(soql)[0]

    def is_unsubscribed(self, email: str) -> bool:
        request = check_pb2.ListUnsubscribesRequest(query=email)
        return bool(self.service.check.ListUnsubscribes(request).unsubscribes)

    def reminder_in_salesforce(self, name: str) -> Task:
        """Make a reminder here and wait for its Task."""
        due = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
        wanted = Task(user_id=SELLER, kind=Task.KIND_CALL, name=name, due_date=due)
        made = self.service.reminders.CreateReminderTask(
            reminder_tasks_pb2.CreateReminderTaskRequest(reminder_task=wanted)
        ).reminder_task
        wait_for("the reminder's Task", lambda: bool(self.reminder(made).salesforce_task_id))
        return self.reminder(made)

    def reminder(self, task: Task) -> Task:
        request = reminder_tasks_pb2.GetReminderTaskRequest(reminder_task_id=task.reminder_task_id)
        return self.service.reminders.GetReminderTask(request).reminder_task

    def is_done(self, task: Task) -> bool:
        return self.reminder(task).state == Task.STATE_COMPLETED


def wait_for(what: str, found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not found():
        assert time.monotonic() < deadline, f"waited in vain for {what}"


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Together]:
    folder: Path = tmp_path_factory.mktemp("change-events")
    with start(people=100, native_sync_seconds=300, logs=folder, limits="off") as running:
        salesforce = Salesforce(running.simulators)
        seller = salesforce.query(
            "SELECT Id, Email FROM User WHERE IsActive = true AND UserType = 'Standard' ORDER BY Id LIMIT 1"
        )[0]
        service = set_up(running, seller_email=seller["Email"], seller_salesforce_id=seller["Id"])
        started = service.persons.StartInitialSync(person_sync_pb2.StartInitialSyncRequest()).initial_sync
        asked = person_sync_pb2.GetInitialSyncRequest(initial_sync_id=started.initial_sync_id)
        succeeded = person_sync_pb2.INITIAL_SYNC_STATE_SUCCEEDED
        wait_for("the people", lambda: service.persons.GetInitialSync(asked).initial_sync.state == succeeded)
        wanted = sync_settings_pb2.Settings()
        wanted.reminders.poll_interval.CopyFrom(Duration(seconds=86_400))
        wanted.unsubscribes.nightly_sync = True
        mask = FieldMask(paths=["reminders.poll_interval", "unsubscribes.nightly_sync"])
        service.settings.UpdateSettings(sync_settings_pb2.UpdateSettingsRequest(settings=wanted, update_mask=mask))
        found = Together(running, service, salesforce)
        wait_for("the streams", lambda: found.listened() == TOPICS)
        yield found
        service.close()


def test_a_task_completed_there_is_done_here_at_once(together: Together) -> None:
    task = together.reminder_in_salesforce("Call about the events")
    together.salesforce.update("Task", task.salesforce_task_id, {"Status": "Completed"})
    wait_for("the reminder to be done", lambda: together.is_done(task))


def test_an_opt_out_ticked_there_is_known_here_at_once(together: Together) -> None:
    # Two, one after the other: polls alone, a minute apart, could bring one of them in time.
    for _ in range(2):
        contact = together.contact()
        assert not together.is_unsubscribed(contact["Email"])
        together.salesforce.update("Contact", contact["Id"], {"HasOptedOutOfEmail": True})
        wait_for("the unsubscribe", partial(together.is_unsubscribed, contact["Email"]))


@pytest.mark.parametrize(
    "end", [{}, {"error": "service.auth.error"}, {"error": "subscription.fetch.replayid.corrupted"}]
)
def test_a_stream_that_is_cut_is_opened_again(together: Together, end: dict[str, str]) -> None:
    task = together.reminder_in_salesforce(f"Call about the end {end}")
    before = {stream["id"] for stream in together.streams()}
    assert together.control("streams/end", end)["ended"] == len(TOPICS)
    # It is changed while nobody may be listening.
    together.salesforce.update("Task", task.salesforce_task_id, {"Status": "Completed"})
    wait_for("the reminder to be done", lambda: together.is_done(task))
    wait_for("the streams", lambda: together.listened() == TOPICS)
    assert not before & {stream["id"] for stream in together.streams()}


def test_with_nothing_to_listen_for_the_streams_end(together: Together) -> None:
    off = sync_settings_pb2.Settings()
    off.unsubscribes.nightly_sync = False
    mask = FieldMask(paths=["unsubscribes.nightly_sync"])
    together.service.settings.UpdateSettings(sync_settings_pb2.UpdateSettingsRequest(settings=off, update_mask=mask))
    wait_for("the other streams to end", lambda: together.listened() == {"/data/TaskChangeEvent"})
