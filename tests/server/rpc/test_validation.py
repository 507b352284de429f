"""What the table of limits refuses and lets through."""

# Enum fields take numbers here, unknown ones too; the stubs would have names.
# mypy: disable-error-code="arg-type, list-item"

from __future__ import annotations

from typing import Any

import pytest
from actionsync.v1.activity_log_pb2 import (
    ActivityContent,
    BatchLogActivitiesRequest,
    ListActivitiesRequest,
    LoadSmartGridRequest,
    LogActivityRequest,
    ReceivedSalesCall,
    SalesEmail,
    SalesTemplate,
    SendSalesEmail,
)
from actionsync.v1.common_pb2 import Freshness
from actionsync.v1.connections_pb2 import CheckConnectionRequest, ConnectMarketoRequest
from actionsync.v1.directory_pb2 import CreateInstanceRequest, UpsertUserRequest, User
from actionsync.v1.person_sync_pb2 import BatchGetPersonsRequest, GetPersonRequest, ListPersonsRequest, PersonKey
from actionsync.v1.reminder_tasks_pb2 import ReminderTask, UpdateReminderTaskRequest
from actionsync.v1.sync_settings_pb2 import CheckSettings, PeopleSettings, Settings, UpdateSettingsRequest
from actionsync.v1.unsubscribe_check_pb2 import (
    AuthorizeSendRequest,
    BatchCheckUnsubscribesRequest,
    CheckUnsubscribeRequest,
    Recipient,
    RecordUnsubscribeRequest,
)
from actionsync_server.model.errors import InvalidInput
from actionsync_server.rpc import validation
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

NOW = Timestamp(seconds=1_772_463_600)
ID = "x" * 64


def send(**changes: Any) -> ActivityContent:
    given = {
        "idempotency_key": "k-1",
        "person_id": "p-1",
        "user_id": "u-1",
        "activity_time": NOW,
        "send_sales_email": SendSalesEmail(email=SalesEmail(email_id="4711", subject="Hello")),
    }
    return ActivityContent(**{name: value for name, value in (given | changes).items() if value is not None})


def call(**changes: Any) -> ActivityContent:
    return send(send_sales_email=None, received_sales_call=ReceivedSalesCall(**{"call_status": 1} | changes))


def settings(*paths: str, **parts: Any) -> UpdateSettingsRequest:
    return UpdateSettingsRequest(settings=Settings(**parts), update_mask=FieldMask(paths=paths))


def reminder(*paths: str, **fields: Any) -> UpdateReminderTaskRequest:
    task = ReminderTask(**{"reminder_task_id": "t-1", **fields})
    return UpdateReminderTaskRequest(reminder_task=task, update_mask=FieldMask(paths=paths))


def user(**changes: Any) -> UpsertUserRequest:
    return UpsertUserRequest(user=User(**{"user_id": "u-1", "email": "a@b.c", "role": 3} | changes))


RIGHT: list[Message] = [
    LogActivityRequest(content=send()),
    LogActivityRequest(content=call(duration=Duration(seconds=86400))),
    LogActivityRequest(content=send(idempotency_key="€" * 255, person_id=ID)),
    ListPersonsRequest(page_size=2_000_000, view=2),
    ListActivitiesRequest(types=[0, 8], person_ids=["p-1"] * 100),
    GetPersonRequest(key=PersonKey(marketo_id=2**63 - 1)),
    GetPersonRequest(key=PersonKey(salesforce_id="00Q000000000001")),
    LoadSmartGridRequest(person_id="p-1", freshness=Freshness(max_age=Duration(seconds=300))),
    CheckUnsubscribeRequest(email=" Someone@Example.com "),
    RecordUnsubscribeRequest(email="a@b", source=1),
    settings("people.person_limit", people=PeopleSettings(person_limit=5)),
    settings("people.lead_changes_interval"),  # unset by name: back to the default
    settings("check", check=CheckSettings(blocked_domains=["example.com"])),
    reminder("name", "due_date", name="Call", due_date="2026-03-02"),
    reminder("due_date"),
    user(),
    user(time_zone="Europe/Berlin", salesforce_user_id="005000000000001AAA"),
    CreateInstanceRequest(instance_id="acme-1"),
    ConnectMarketoRequest(
        munchkin_id="123-ABC-456", client_id="i", client_secret="s", base_url="http://127.0.0.1:8081"
    ),
]

WRONG: list[tuple[Message, list[str]]] = [
    (LogActivityRequest(), ["content"]),
    (LogActivityRequest(content=send(idempotency_key="")), ["content.idempotency_key"]),
    (LogActivityRequest(content=send(idempotency_key="k" * 256)), ["content.idempotency_key"]),
    (LogActivityRequest(content=send(idempotency_key="a\0b")), ["content.idempotency_key"]),
    (LogActivityRequest(content=send(activity_time=None)), ["content.activity_time"]),
    (LogActivityRequest(content=send(activity_time=Timestamp(seconds=-1))), ["content.activity_time"]),
    (LogActivityRequest(content=send(activity_time=Timestamp(nanos=10**9))), ["content.activity_time"]),
    (LogActivityRequest(content=send(send_sales_email=None)), ["content.detail"]),
    (LogActivityRequest(content=send(send_sales_email=SendSalesEmail())), ["content.send_sales_email.email"]),
    (
        LogActivityRequest(content=send(send_sales_email=SendSalesEmail(email=SalesEmail(email_id="47a")))),
        ["content.send_sales_email.email.email_id"],
    ),
    (
        LogActivityRequest(
            content=send(send_sales_email=SendSalesEmail(email=SalesEmail(email_id="1", template=SalesTemplate())))
        ),
        ["content.send_sales_email.email.template.template_id"],
    ),
    (LogActivityRequest(content=call(call_status=0)), ["content.received_sales_call.call_status"]),
    (LogActivityRequest(content=call(call_status=9)), ["content.received_sales_call.call_status"]),
    (LogActivityRequest(content=call(duration=Duration(seconds=86401))), ["content.received_sales_call.duration"]),
    (LogActivityRequest(content=call(duration=Duration(nanos=-1))), ["content.received_sales_call.duration"]),
    (
        LogActivityRequest(content=call(duration=Duration(seconds=1, nanos=-1))),
        ["content.received_sales_call.duration"],
    ),
    (ListPersonsRequest(page_size=-1, page_token="t" * 1025, view=3), ["page_size", "page_token", "view"]),
    (ListActivitiesRequest(types=[1] * 9), ["types"]),
    (ListActivitiesRequest(types=[1, 9], user_ids=["u-1", ""]), ["user_ids[1]", "types[1]"]),
    (GetPersonRequest(key=PersonKey()), ["key.key"]),
    (GetPersonRequest(key=PersonKey(person_id="")), ["key.person_id"]),
    (GetPersonRequest(key=PersonKey(marketo_id=0)), ["key.marketo_id"]),
    (GetPersonRequest(key=PersonKey(salesforce_id="00Q0000000000012")), ["key.salesforce_id"]),
    (BatchGetPersonsRequest(), ["keys"]),
    (BatchGetPersonsRequest(keys=[PersonKey(marketo_id=1)] * 1001), ["keys"]),
    (LoadSmartGridRequest(freshness=Freshness(stored=False)), ["freshness.stored", "target"]),
    (CheckUnsubscribeRequest(email="nobody"), ["email"]),
    (CheckUnsubscribeRequest(email="a@b", freshness=Freshness(max_age=Duration(seconds=301))), ["freshness.max_age"]),
    (RecordUnsubscribeRequest(source=3), ["source", "subject"]),
    (AuthorizeSendRequest(recipients=[Recipient()], user_id="u-1"), ["channel"]),
    (settings(), ["update_mask"]),
    (UpdateSettingsRequest(update_mask=FieldMask(paths=["check"])), ["settings"]),
    (settings("etag"), ["update_mask"]),
    (settings("people.nothing", "check..", "people.pace.x"), ["update_mask"] * 3),
    (settings("people.person_limit"), ["settings.people.person_limit"]),
    (settings("people", people=PeopleSettings(person_limit=1)), ["settings.people.linkedin_field"]),
    (settings("check", check=CheckSettings(blocked_domains=["a", ""])), ["settings.check.blocked_domains[1]"]),
    (settings("marketo", etag="e" * 65), ["settings.etag"]),
    (reminder("user_id"), ["update_mask"]),
    (reminder("name"), ["reminder_task.name"]),
    (reminder("due_date", due_date="2026-02-30"), ["reminder_task.due_date"]),
    (reminder("details", reminder_task_id=""), ["reminder_task.reminder_task_id"]),
    (user(role=1), ["user.role"]),
    (user(time_zone="Europe/Nowhere"), ["user.time_zone"]),
    (user(time_zone="../../etc/passwd"), ["user.time_zone"]),
    (user(salesforce_user_id="005"), ["user.salesforce_user_id"]),
    (CreateInstanceRequest(instance_id="Acme"), ["instance_id"]),
    (CheckConnectionRequest(system=3), ["system"]),
    (
        ConnectMarketoRequest(munchkin_id="12-ABC-4567", base_url="ftp://x"),
        ["munchkin_id", "client_id", "client_secret", "base_url"],
    ),
]


def found(message: Message) -> list[str]:
    try:
        validation.check(message)
    except InvalidInput as error:
        return [violation.field for violation in error.violations]
    return []


@pytest.mark.parametrize("message", RIGHT, ids=lambda message: type(message).__name__)
def test_right(message: Message) -> None:
    assert found(message) == []


@pytest.mark.parametrize(("message", "fields"), WRONG, ids=lambda given: type(given).__name__)
def test_wrong(message: Message, fields: list[str]) -> None:
    assert sorted(found(message)) == sorted(fields)


def test_descriptions_say_what_would_be_right_and_never_repeat_the_value() -> None:
    with pytest.raises(InvalidInput) as raised:
        validation.check(CheckUnsubscribeRequest(email="x" * 321))
    assert raised.value.message == "email: has 321 characters; allowed: 3 to 320 characters"
    for message, _ in WRONG:
        with pytest.raises(InvalidInput) as raised:
            validation.check(message)
        assert all(violation.description for violation in raised.value.violations)
        assert "nobody" not in str(raised.value)


def test_items_with_outcomes_of_their_own_do_not_fail_the_call() -> None:
    batch = BatchLogActivitiesRequest(contents=[send(), send(user_id=""), ActivityContent()])
    assert found(batch) == []
    assert validation.item_violations(batch, "contents", 0) == []
    assert [v.field for v in validation.item_violations(batch, "contents", 1)] == ["contents[1].user_id"]
    assert {v.field for v in validation.item_violations(batch, "contents", 2)} == {
        "contents[2].idempotency_key",
        "contents[2].person_id",
        "contents[2].user_id",
        "contents[2].activity_time",
        "contents[2].detail",
    }
    addresses = BatchCheckUnsubscribesRequest(emails=["a@b.c", "", "x y@z"])
    assert found(addresses) == []
    faults = [[v.field for v in validation.item_violations(addresses, "emails", index)] for index in range(3)]
    assert faults == [[], ["emails[1]"], ["emails[2]"]]


def test_only_the_named_paths_of_a_message_are_checked() -> None:
    empty = Settings()
    assert validation.violations(empty, paths=["logging.log_emails"]) == []
    fields = [v.field for v in validation.violations(empty, prefix="settings.", paths=["logging"])]
    assert fields == ["settings.logging.subject_template"]
