"""The actionsync service as the demo uses it: plain generated stubs and a token, as any other team would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import grpc
from actionsync.v1 import (
    activity_log_pb2_grpc,
    connections_pb2,
    connections_pb2_grpc,
    directory_pb2,
    directory_pb2_grpc,
    person_sync_pb2_grpc,
    reminder_tasks_pb2_grpc,
    sync_settings_pb2,
    sync_settings_pb2_grpc,
    unsubscribe_check_pb2_grpc,
)
from actionsync.v1.common_pb2 import ROLE_USER
from demo.processes import Running, token
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

INSTANCE = "demo"
SELLER = "seller-1"
#: The fastest that the settings allow, so that the demo is short.
POLL_SECONDS = 5
REMINDER_POLL_SECONDS = 10


class _Bearer(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Adds the token, and a deadline to unary calls."""

    def __init__(self, secret: str) -> None:
        self._metadata = (("authorization", f"Bearer {secret}"),)

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        return continuation(_Details(details.method, details.timeout or 30, self._metadata), request)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        return continuation(_Details(details.method, details.timeout, self._metadata), request)


@dataclass(frozen=True, slots=True)
class _Details(grpc.ClientCallDetails):
    method: str
    timeout: float | None
    metadata: tuple[tuple[str, str], ...]
    credentials: None = None
    wait_for_ready: None = None
    compression: None = None


class Service:
    """Every stub, for one token."""

    def __init__(self, address: str, secret: str) -> None:
        self._channel = grpc.insecure_channel(address)
        channel = grpc.intercept_channel(self._channel, _Bearer(secret))
        self.persons = person_sync_pb2_grpc.PersonSyncStub(channel)
        self.activities = activity_log_pb2_grpc.ActivityLogStub(channel)
        self.check = unsubscribe_check_pb2_grpc.UnsubscribeCheckStub(channel)
        self.reminders = reminder_tasks_pb2_grpc.ReminderTasksStub(channel)
        self.settings = sync_settings_pb2_grpc.SyncSettingsStub(channel)
        self.connections = connections_pb2_grpc.ConnectionsStub(channel)
        self.directory = directory_pb2_grpc.DirectoryStub(channel)

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


def set_up(running: Running, *, seller_email: str, seller_salesforce_id: str) -> Service:
    """Create an instance with one seller, connect it to both systems, turn logging and the check on."""
    operator = Service(running.address, token(running.data, role="operator", user="demo"))
    operator.directory.CreateInstance(directory_pb2.CreateInstanceRequest(instance_id=INSTANCE, display_name="Demo"))
    operator.close()
    admin = Service(running.address, token(running.data, role="admin", user="admin-1", instance=INSTANCE))
    admin.directory.UpsertUser(
        directory_pb2.UpsertUserRequest(
            user=directory_pb2.User(
                user_id=SELLER, email=seller_email, salesforce_user_id=seller_salesforce_id, role=ROLE_USER
            )
        )
    )
    ready = running.simulators
    admin.connections.ConnectMarketo(
        connections_pb2.ConnectMarketoRequest(
            munchkin_id=ready["munchkin_id"],
            client_id=ready["client_id"],
            client_secret=ready["client_secret"],
            base_url=ready["marketo"],
        )
    )
    admin.connections.ConnectSalesforce(
        connections_pb2.ConnectSalesforceRequest(
            base_url=ready["salesforce"],
            client_id=ready["client_id"],
            client_secret=ready["client_secret"],
            pubsub_address=ready["pubsub"] or "",
        )
    )
    wanted = sync_settings_pb2.Settings()
    wanted.logging.log_emails = wanted.logging.log_replies = wanted.logging.log_calls = True
    wanted.logging.log_as = sync_settings_pb2.LoggingSettings.LOG_AS_INTEGRATION_USER
    wanted.check.enabled = True
    wanted.people.lead_changes_interval.CopyFrom(Duration(seconds=POLL_SECONDS))
    # Nobody else uses this Marketo; the polite pace would leave the half of its rate to others.
    wanted.people.pace = sync_settings_pb2.PeopleSettings.PACE_FULL
    mask = ["logging.log_emails", "logging.log_replies", "logging.log_calls", "logging.log_as"]
    mask += ["check.enabled", "people.lead_changes_interval", "people.pace"]
    wanted.reminders.mode = sync_settings_pb2.ReminderSettings.MODE_TWO_WAY
    wanted.reminders.poll_interval.CopyFrom(Duration(seconds=REMINDER_POLL_SECONDS))
    mask += ["reminders.mode", "reminders.poll_interval"]
    admin.settings.UpdateSettings(
        sync_settings_pb2.UpdateSettingsRequest(settings=wanted, update_mask=FieldMask(paths=mask))
    )
    return admin
