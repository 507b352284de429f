"""For which flow the calls to Marketo and Salesforce count that an RPC makes."""

from __future__ import annotations

from actionsync_server.model.quotas import Flow

_OF_METHOD = {"/actionsync.v1.ActivityLog/LoadSmartGrid": Flow.GRID}
_OF_SERVICE = {
    "PersonSync": Flow.PEOPLE,
    "ActivityLog": Flow.ACTIVITIES,
    "UnsubscribeCheck": Flow.UNSUBSCRIBES,
    "ReminderTasks": Flow.REMINDERS,
    # What a person asks for to find out what is wrong works to the last call.
    "Connections": Flow.PREFLIGHT,
    "SyncSettings": Flow.PREFLIGHT,
}


def flow_of(path: str) -> Flow:
    """Return the flow of an RPC's path. Checks before a send count by themselves, as they share their calls."""
    service = path.split("/")[1].rpartition(".")[2]
    return _OF_METHOD.get(path) or _OF_SERVICE.get(service, Flow.OTHER)
