"""Two-way reminders as pure rules: after any edits one meeting makes both sides agree, and the next is idle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from actionsync_server.clock import SECOND
from actionsync_server.flows.reminders.keeping import changed_task
from actionsync_server.flows.reminders.reading import _agreed, _times
from actionsync_server.model.errors import System
from actionsync_server.model.reminders import (
    Meeting,
    ReminderKind,
    ReminderPriority,
    ReminderState,
    ReminderTask,
    TaskLink,
    meet,
    read_record,
    values_of,
)
from hypothesis import given
from hypothesis import strategies as st

READ: dict[str, Any] = {"state": ReminderState.__getitem__, "priority": ReminderPriority.__getitem__}
TEMPLATE = "{{activity_type}}: {{activity_subject}}"
TASK = ReminderTask(
    reminder_task_id="t-1",
    user_id="seller-1",
    person_id="",
    kind=ReminderKind.CALL,
    name="Call Ann",
    details="",
    due_date="",
    priority=ReminderPriority.NORMAL,
    state=ReminderState.OPEN,
    origin=System.ACTIONSYNC,
    synced=True,
    revision=1,
    create_time=0,
    update_time=0,
)
RECORD: dict[str, Any] = {
    "Subject": "Call: Call Ann",
    "Status": "Not Started",
    "Priority": "Normal",
    "ActivityDate": None,
    "Description": None,
}
LINK = TaskLink("t-1", "00T000000000001AAA", "Call: Call Ann", values_of(TASK))

dates = st.sampled_from(["", "2026-03-02", "2026-03-09"])
texts = st.sampled_from(["", "Ask for Bo", "Ask for Cy"])
OURS = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from([ReminderState.OPEN, ReminderState.COMPLETED]),
        "priority": st.sampled_from(ReminderPriority),
        "due_date": dates,
        "details": texts,
        "name": st.sampled_from(["Call Ann", "Call Bob"]),
    },
)
THEIRS = st.fixed_dictionaries(
    {},
    optional={
        "Status": st.sampled_from(["Not Started", "In Progress", "Completed", "Deferred"]),
        "Priority": st.sampled_from(["Low", "Normal", "High"]),
        "ActivityDate": dates.map(lambda date: date or None),
        "Description": texts.map(lambda text: text or None),
        "Subject": st.sampled_from(["Call: Call Ann", "Mine now"]),
    },
)


class Sides:
    """Both sides of one link, with the clock of each edit."""

    def __init__(self) -> None:
        self.task, self.record, self.link = TASK, dict(RECORD), LINK
        self.now = 0
        self.changed_at = 0

    def edit_here(self, values: dict[str, Any]) -> None:
        self.now += SECOND
        changed = {name: value for name, value in values.items() if getattr(self.task, name) != value}
        if changed:
            self.task = changed_task(self.task, changed, at=self.now)

    def edit_there(self, values: dict[str, Any]) -> None:
        self.now += SECOND
        if values:
            self.record |= values
            self.changed_at = self.now

    def meet(self) -> Meeting:
        """Do what a writer does: take over, write, and note down what both say."""
        self.now += SECOND
        meeting = meet(self.task, self.link, self.record, changed_at=self.changed_at, template=TEMPLATE)
        if meeting.taken:
            values = {
                name: {"state": ReminderState.__getitem__, "priority": ReminderPriority.__getitem__}.get(name, str)(
                    text
                )
                for name, text in meeting.taken.items()
            }
            task = changed_task(self.task, values, at=self.now)
            self.task = replace(task, change_times=_times(task, values, self.changed_at))
        self.link = replace(self.link, synced_values=_agreed(self.link, meeting))
        if meeting.written:
            self.record |= meeting.written
            self.changed_at = self.now
            values_now = values_of(self.task)
            fields = {"state": "Status", "priority": "Priority", "due_date": "ActivityDate", "details": "Description"}
            taken = {name: values_now[name] for name, field in fields.items() if field in meeting.written}
            self.link = replace(
                self.link, synced_values=dict(self.link.synced_values) | taken | {"name": self.task.name}
            )
        return meeting


steps = st.lists(st.one_of(OURS.map(lambda v: ("here", v)), THEIRS.map(lambda v: ("there", v)), st.just(("meet", {}))))


@given(steps)
def test_one_meeting_makes_both_agree_and_the_next_is_idle(edits: list[tuple[str, dict[str, Any]]]) -> None:
    sides = Sides()
    for kind, values in edits:
        if kind == "here":
            sides.edit_here(values)
        elif kind == "there":
            sides.edit_there(values)
        else:
            sides.meet()
    sides.meet()
    theirs = read_record(sides.record)
    ours = values_of(sides.task)
    assert {name: ours[name] for name in theirs} == theirs
    again = sides.meet()
    assert (dict(again.taken), dict(again.written)) == ({}, {})


@given(THEIRS, THEIRS)
def test_values_without_a_word_here_are_never_overwritten(first: dict[str, Any], second: dict[str, Any]) -> None:
    sides = Sides()
    for values in (first, second):
        sides.edit_there(values)
        sides.edit_here({"details": "Mine"})
        before = dict(sides.record)
        sides.meet()
        if before["Status"] not in ("Not Started", "Completed"):
            assert sides.record["Status"] == before["Status"]
        if before["Priority"] == "Low":
            assert sides.record["Priority"] == "Low"


@given(st.lists(OURS, min_size=1))
def test_a_name_never_comes_from_salesforce(edits: list[dict[str, Any]]) -> None:
    sides = Sides()
    for values in edits:
        sides.edit_here(values)
        sides.edit_there({"Subject": "Something else"})
        name = sides.task.name
        sides.meet()
        assert sides.task.name == name


@pytest.mark.parametrize(
    ("ours", "theirs", "state"),
    [
        pytest.param(ReminderState.COMPLETED, "Not Started", ReminderState.COMPLETED, id="completed-here"),
        pytest.param(ReminderState.OPEN, "Completed", ReminderState.COMPLETED, id="completed-there"),
    ],
)
def test_completing_wins_a_tie_against_opening_again(ours: ReminderState, theirs: str, state: ReminderState) -> None:
    other = ReminderState.OPEN if ours is ReminderState.COMPLETED else ReminderState.COMPLETED
    task = changed_task(replace(TASK, state=other), {"state": ours}, at=5 * SECOND)
    before = dict(LINK.synced_values) | {"state": "NEITHER"}
    meeting = meet(
        task,
        replace(LINK, synced_values=before),
        RECORD | {"Status": theirs},
        changed_at=5 * SECOND,
        template=TEMPLATE,
    )
    taken = meeting.taken.get("state", ours.name)
    assert taken == state.name
