"""Reminder tasks, and how one and its Salesforce Task come to say the same (F5).

    ours, theirs, what both said when they last met ──meet──▶ what we take over, and what we write

Only what changed since the last meeting travels. Where both sides changed a field, the later change wins and a tie goes
to Salesforce; completing wins a tie against opening again. Values that we cannot express (In Progress, Low) are never
taken and never overwritten as long as our own value stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from actionsync_server.clock import SECOND, Micros
from actionsync_server.model.errors import System
from actionsync_server.model.subject_template import SubjectValues, render, uses


class ReminderKind(Enum):
    """What kind of action it reminds of; the numbers are the contract's."""

    EMAIL = 1
    CALL = 2
    IN_MAIL = 3
    CUSTOM = 4


class ReminderState(Enum):
    """Whether it is done; the numbers are the contract's."""

    OPEN = 1
    COMPLETED = 2
    DELETED = 3


class ReminderPriority(Enum):
    """How urgent it is; the numbers are the contract's."""

    NORMAL = 1
    HIGH = 2


@dataclass(frozen=True, slots=True)
class ReminderTask:
    """A reminder for a seller. `synced` ones meet Salesforce; `activity_id` is of the activity by which it was done."""

    reminder_task_id: str
    user_id: str
    person_id: str  # "" where it is about nobody
    kind: ReminderKind
    name: str
    details: str
    due_date: str  # YYYY-MM-DD, or ""
    priority: ReminderPriority
    state: ReminderState
    origin: System
    synced: bool
    revision: int
    create_time: Micros
    update_time: Micros
    activity_id: str = ""
    change_times: Mapping[str, Micros] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskLink:
    """A reminder task and its Salesforce Task, with what both said when they last met."""

    reminder_task_id: str
    salesforce_task_id: str
    salesforce_subject: str
    synced_values: Mapping[str, str]
    synced_modstamp: Micros = 0


#: The fields that travel both ways; the name travels to Salesforce alone.
TWO_WAY = ("state", "priority", "due_date", "details")

_WORDS = {
    ReminderKind.EMAIL: "Email",
    ReminderKind.CALL: "Call",
    ReminderKind.IN_MAIL: "InMail",
    ReminderKind.CUSTOM: "Custom",
}
_STATUS = {ReminderState.OPEN.name: "Not Started", ReminderState.COMPLETED.name: "Completed"}
_OUR_STATE = {status: state for state, status in _STATUS.items()}
_PRIORITY = {ReminderPriority.NORMAL.name: "Normal", ReminderPriority.HIGH.name: "High"}
_OUR_PRIORITY = {theirs: ours for ours, theirs in _PRIORITY.items()}


def values_of(task: ReminderTask) -> dict[str, str]:
    """Return what a task says, field by field, as links keep it."""
    return {
        "name": task.name,
        "state": task.state.name,
        "priority": task.priority.name,
        "due_date": task.due_date,
        "details": task.details,
    }


def read_record(record: Mapping[str, Any]) -> dict[str, str]:
    """Return what a Salesforce Task says in our words; what we have no word for is left out."""
    found = {
        "due_date": record.get("ActivityDate") or "",
        "details": record.get("Description") or "",
    }
    state, priority = _OUR_STATE.get(record.get("Status") or ""), _OUR_PRIORITY.get(record.get("Priority") or "")
    return found | ({"state": state} if state else {}) | ({"priority": priority} if priority else {})


def subject_of(task: ReminderTask, template: str) -> str:
    """Return the Subject of a task's Salesforce Task."""
    return render(template, SubjectValues(activity_type=_WORDS[task.kind], activity_subject=task.name))


def new_record(task: ReminderTask, *, template: str, who_id: str, owner_id: str) -> dict[str, Any]:
    """Return the record of a new Salesforce Task. A reminder never gets a Type."""
    record = {"Subject": subject_of(task, template), "WhoId": who_id, "OwnerId": owner_id}
    record |= _record(values_of(task), TWO_WAY)
    return {name: value for name, value in record.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Meeting:
    """What comes of a meeting: our fields that take Salesforce's value, and the record of what Salesforce takes."""

    taken: Mapping[str, str]
    written: Mapping[str, Any]
    synced_values: Mapping[str, str]


def meet(
    task: ReminderTask, link: TaskLink, record: Mapping[str, Any], *, changed_at: Micros, template: str
) -> Meeting:
    """Compare a task with its Salesforce Task, which last changed at `changed_at`.

    Salesforce tells whole seconds, so times are compared by the second.
    """
    ours, theirs, before = values_of(task), read_record(record), link.synced_values
    taken: dict[str, str] = {}
    given: list[str] = []
    for name in TWO_WAY:
        mine, other = ours[name], theirs.get(name)
        we_changed = mine != before.get(name, mine if other is None else other)
        they_changed = other is not None and other != before.get(name, other)
        if other == mine or not (we_changed or they_changed):
            continue
        if they_changed and other is not None and (not we_changed or _they_win(task, name, other, changed_at)):
            taken[name] = other
        elif we_changed:
            given.append(name)
    written = _record(ours, given)
    renamed = ours["name"] != before.get("name", ours["name"])
    if renamed and uses(template, "activity_subject"):
        written["Subject"] = subject_of(task, template)
    agreed = {name: theirs.get(name, before.get(name, ours[name])) for name in TWO_WAY}
    agreed |= {name: ours[name] for name in given} | {"name": ours["name"]}
    return Meeting(taken, written, agreed)


def _they_win(task: ReminderTask, name: str, other: str, changed_at: Micros) -> bool:
    mine_at = task.change_times.get(name, task.create_time) // SECOND
    theirs_at = changed_at // SECOND
    if mine_at == theirs_at and name == "state":
        return other == ReminderState.COMPLETED.name
    return theirs_at >= mine_at


def _record(values: Mapping[str, str], names: Any) -> dict[str, Any]:
    spelt: dict[str, Any] = {
        "state": ("Status", _STATUS.get(values["state"])),
        "priority": ("Priority", _PRIORITY[values["priority"]]),
        "due_date": ("ActivityDate", values["due_date"] or None),
        "details": ("Description", values["details"] or None),
    }
    return dict(spelt[name] for name in names if name in spelt)
