"""Limits of ReminderTasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from actionsync_server.rpc.limits.shared import ID, LONG_TEXT, OPTIONAL_ID, PAGING, TOKEN
from actionsync_server.rpc.rules import Flag, Form, Ignored, Mask, Named, Nested, Rule, Text


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text  # not the other ISO forms, such as 2026-W10-1
    except ValueError:
        return False


_DATE_FORM = Form("a date, such as 2026-03-02", _is_date)
_WHICH = {"reminder_task_id": ID, "etag": OPTIONAL_ID}
_CHANGEABLE = frozenset({"name", "details", "due_date", "priority"})

LIMITS: Mapping[str, Mapping[str, Rule]] = {
    "ReminderTask": {
        "reminder_task_id": Ignored(),
        "user_id": ID,
        "person_id": OPTIONAL_ID,
        "kind": Named(required=True),
        "name": Text(1, 255),
        "details": LONG_TEXT,
        "due_date": Text(0, 10, _DATE_FORM),
        "priority": Named(),
        "state": Ignored(),
        "origin": Ignored(),
        "salesforce_subject": Ignored(),
        "salesforce_task_id": Ignored(),
        "delivery": Ignored(),
        "etag": OPTIONAL_ID,
        "create_time": Ignored(),
        "update_time": Ignored(),
    },
    "CreateReminderTaskRequest": {"reminder_task": Nested(required=True), "request_id": OPTIONAL_ID},
    "GetReminderTaskRequest": {"reminder_task_id": ID},
    "ListReminderTasksRequest": {
        **PAGING,
        "user_id": OPTIONAL_ID,
        "person_id": OPTIONAL_ID,
        "state": Named(),
        "due_soon": Flag(),
    },
    "UpdateReminderTaskRequest": {
        "reminder_task": Nested(required=True, masked_by="update_mask", always=_WHICH),
        "update_mask": Mask(of="reminder_task", only=_CHANGEABLE),
    },
    "CompleteReminderTaskRequest": _WHICH,
    "ReopenReminderTaskRequest": _WHICH,
    "DeleteReminderTaskRequest": _WHICH,
    "WatchReminderTasksRequest": {"resume_token": TOKEN, "user_id": OPTIONAL_ID},
}
