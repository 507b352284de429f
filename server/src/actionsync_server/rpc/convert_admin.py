"""Model to contract and back, for settings, connections and users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from enum import Enum
from typing import Any, get_type_hints

from actionsync.v1 import connections_pb2, directory_pb2, sync_settings_pb2
from google.protobuf.message import Message

from actionsync_server.clock import Micros
from actionsync_server.flows.settings import VersionedSettings
from actionsync_server.model.connections import Connection, Finding
from actionsync_server.model.directory import Instance, Role, User
from actionsync_server.model.errors import InvalidInput, Violation
from actionsync_server.model.settings import Settings
from actionsync_server.model.settings_paths import SECTIONS
from actionsync_server.rpc import convert
from actionsync_server.store.alerts import Alert
from actionsync_server.store.settings import RecordedChange


def user(message: directory_pb2.User, *, now: Micros) -> User:
    """Read a user to be stored."""
    return User(
        user_id=message.user_id,
        email=message.email.strip(),
        display_name=message.display_name,
        salesforce_user_id=message.salesforce_user_id,
        role=Role(message.role),
        time_zone=message.time_zone,
        bcc_logging=message.bcc_logging,
        create_time=now,
    )


def user_message(stored: User) -> directory_pb2.User:
    """Write a user."""
    return directory_pb2.User(
        user_id=stored.user_id,
        email=stored.email,
        display_name=stored.display_name,
        salesforce_user_id=stored.salesforce_user_id,
        role=convert.number(stored.role),
        time_zone=stored.time_zone,
        bcc_logging=stored.bcc_logging,
        create_time=convert.timestamp(stored.create_time),
    )


def instance_message(stored: Instance) -> directory_pb2.Instance:
    """Write an instance."""
    return directory_pb2.Instance(
        instance_id=stored.instance_id,
        display_name=stored.display_name,
        create_time=convert.timestamp(stored.create_time),
    )


def connection_message(stored: Connection) -> connections_pb2.Connection:
    """Write a connection; the model holds no secret that could slip in."""
    return connections_pb2.Connection(
        system=convert.number(stored.system),
        user_id=stored.user_id,
        base_url=stored.base_url,
        client_id=stored.client_id,
        account_id=stored.account_id,
        connect_user_id=stored.connect_user_id,
        connect_time=convert.timestamp(stored.connect_time),
        login_refused=stored.login_refused,
    )


def finding_messages(findings: Sequence[Finding]) -> list[connections_pb2.Finding]:
    """Write what a preflight found."""
    return [
        connections_pb2.Finding(
            severity=convert.number(finding.severity),
            subject=finding.subject,
            message=finding.message,
            next_step=finding.next_step,
            owner=convert.number(finding.owner),
        )
        for finding in findings
    ]


def alert_message(alert: Alert) -> sync_settings_pb2.Alert:
    """Write an alert."""
    return sync_settings_pb2.Alert(
        name=alert.name,
        message=alert.message,
        next_step=alert.next_step,
        owner=convert.number(alert.owner),
        start_time=convert.timestamp(alert.start_time),
        system=convert.number(alert.system),
    )


def settings_change_message(recorded: RecordedChange) -> sync_settings_pb2.SettingsChange:
    """Write one entry of the settings' history."""
    change = recorded.change
    return sync_settings_pb2.SettingsChange(
        path=change.path,
        old_value=change.old_value,
        new_value=change.new_value,
        user_id=recorded.user_id,
        change_time=convert.timestamp(recorded.change_time),
    )


def settings_message(stored: VersionedSettings) -> sync_settings_pb2.Settings:
    """Write the settings. Sections and names are the same in the model and in the contract."""
    message = sync_settings_pb2.Settings(etag=stored.etag)
    for section in SECTIONS:
        _write_section(getattr(message, section), getattr(stored.settings, section))
    return message


def _write_section(message: Message, section: Any) -> None:
    # An empty section is present too: a reader sees that it was sent.
    message.SetInParent()
    for one in fields(section):
        value = getattr(section, one.name)
        if isinstance(value, tuple):
            getattr(message, one.name).extend(value)
        elif _is_span(message, one.name):
            getattr(message, one.name).CopyFrom(convert.duration(value))
        else:
            setattr(message, one.name, convert.number(value) if isinstance(value, Enum) else value)


def settings(message: sync_settings_pb2.Settings) -> Settings:
    """Read wanted settings; what the message leaves unset has no meaning unless the mask names it."""
    default = Settings()
    return Settings(
        **{section: _read_section(getattr(message, section), getattr(default, section)) for section in SECTIONS}
    )


def _read_section(message: Message, default: Any) -> Any:
    kinds = get_type_hints(type(default))
    values: dict[str, Any] = {}
    for one in fields(default):
        value, kind = getattr(message, one.name), kinds[one.name]
        if isinstance(kind, type) and issubclass(kind, Enum):
            values[one.name] = convert.enum(kind, value, unspecified=getattr(default, one.name))
        elif _is_span(message, one.name):
            values[one.name] = convert.micros(value)
        elif isinstance(getattr(default, one.name), tuple):
            values[one.name] = tuple(value)
        else:
            values[one.name] = value
    return type(default)(**values)


def _is_span(message: Message, name: str) -> bool:
    kind = message.DESCRIPTOR.fields_by_name[name].message_type
    return kind is not None and kind.full_name == "google.protobuf.Duration"


def mask_paths(paths: Sequence[str]) -> list[str]:
    """Return the paths of a mask; raises InvalidInput for an empty one, which would change nothing silently."""
    if not paths:
        raise InvalidInput([Violation("update_mask", "name at least one setting, for example logging.log_emails")])
    return list(paths)
