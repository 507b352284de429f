"""Who may call what: the one table method → roles. What is not in it is denied.

The table in the server's README is made from this one; a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping

from actionsync_server.model.directory import Role
from actionsync_server.rpc.methods import METHODS

_OPERATOR = frozenset({Role.OPERATOR})
_ADMIN = frozenset({Role.ADMIN})
_BACK_END = frozenset({Role.ADMIN, Role.SERVICE})
_EVERYBODY = frozenset({Role.ADMIN, Role.USER, Role.SERVICE})

_BY_SERVICE: Mapping[str, Mapping[str, frozenset[Role]]] = {
    "PersonSync": {
        "PreviewInitialSync": _ADMIN,
        "StartInitialSync": _ADMIN,
        "GetInitialSync": _EVERYBODY,
        "ListInitialSyncs": _EVERYBODY,
        "PauseInitialSync": _ADMIN,
        "ResumeInitialSync": _ADMIN,
        "CancelInitialSync": _ADMIN,
        "WatchInitialSync": _EVERYBODY,
        "GetSyncStatus": _EVERYBODY,
        "GetPerson": _EVERYBODY,
        "BatchGetPersons": _EVERYBODY,
        "ListPersons": _EVERYBODY,
        "WatchPersons": _EVERYBODY,
        "ListSyncedFields": _EVERYBODY,
        "ExplainPerson": _EVERYBODY,
        "ErasePerson": _ADMIN,
    },
    "ActivityLog": {
        "LogActivity": _EVERYBODY,
        "BatchLogActivities": _EVERYBODY,
        "GetActivity": _EVERYBODY,
        "ListActivities": _EVERYBODY,
        "ListActivityTypes": _EVERYBODY,
        "LoadSmartGrid": _EVERYBODY,
        "ListDeliveries": _EVERYBODY,
        "GetDelivery": _EVERYBODY,
        "RetryDeliveries": _BACK_END,
        "DiscardDeliveries": _ADMIN,
    },
    "UnsubscribeCheck": {
        "CheckUnsubscribe": _EVERYBODY,
        "BatchCheckUnsubscribes": _EVERYBODY,
        "AuthorizeSend": _EVERYBODY,
        "RecordUnsubscribe": _EVERYBODY,
        "ListUnsubscribes": _EVERYBODY,
        "RemoveUnsubscribe": _ADMIN,
        "ListUnsubscribeHistory": _EVERYBODY,
        "WatchUnsubscribes": _EVERYBODY,
    },
    # A user's own: the handlers see to it that a user touches nobody else's.
    "ReminderTasks": {
        "CreateReminderTask": _EVERYBODY,
        "GetReminderTask": _EVERYBODY,
        "ListReminderTasks": _EVERYBODY,
        "UpdateReminderTask": _EVERYBODY,
        "CompleteReminderTask": _EVERYBODY,
        "ReopenReminderTask": _EVERYBODY,
        "DeleteReminderTask": _EVERYBODY,
        "WatchReminderTasks": _EVERYBODY,
    },
    "SyncSettings": {
        "GetSettings": _EVERYBODY,
        "UpdateSettings": _ADMIN,
        "ListSettingsChanges": _ADMIN,
        "ListAlerts": _ADMIN,
    },
    "Connections": {
        "ConnectMarketo": _ADMIN,
        # Users their own, services any user's, admins the instance's too: the handler tells them apart.
        "ConnectSalesforce": _EVERYBODY,
        "CheckConnection": _EVERYBODY,
        "ListConnections": _ADMIN,
        "Disconnect": _EVERYBODY,
    },
    "Directory": {
        "CreateInstance": _OPERATOR,
        "ListInstances": _OPERATOR,
        "UpsertUser": _ADMIN,
        "RemoveUser": _ADMIN,
        "ListUsers": _ADMIN,
    },
}

#: Roles that may call a method, by its path.
ALLOWED: Mapping[str, frozenset[Role]] = {
    f"/actionsync.v1.{service}/{name}": roles
    for service, methods in _BY_SERVICE.items()
    for name, roles in methods.items()
}


def is_allowed(role: Role, path: str) -> bool:
    """Tell whether a role may call a method; an unknown method is denied."""
    return role in ALLOWED.get(path, frozenset())


def readme_table() -> str:
    """Return the table as the README shows it, in the order of the contract."""
    columns = (Role.OPERATOR, Role.ADMIN, Role.USER, Role.SERVICE)
    lines = [
        "| Method | " + " | ".join(role.name.lower() for role in columns) + " |",
        "| --- | --- | --- | --- | --- |",
    ]
    for path, method in METHODS.items():
        marks = ["yes" if is_allowed(role, path) else "" for role in columns]
        service = method.service.rsplit(".", 1)[-1]
        lines.append(f"| `{service}.{method.name}` | " + " | ".join(marks) + " |")
    return "\n".join(lines)
