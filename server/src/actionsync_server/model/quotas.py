"""The calls that a system allows in a day: which flow makes them, which stops first when they run low, and when they
will be spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from actionsync_server.clock import HOUR, MINUTE, Micros

#: Share of the allowance at which somebody is told.
ALARM_SHARE = 0.8


class Flow(Enum):
    """What calls are made for, the most urgent first; when few calls are left, the last ones stop first.

    `reserve_from` is the share of a day's allowance from which on the flow makes no more calls: what is left then is
    for those before it. 1.0 never stops by itself.
    """

    UNSUBSCRIBES = ("unsubscribes", 1.0)
    PREFLIGHT = ("preflight", 1.0)  # a person connects or looks what is wrong
    CHECK = ("check", 1.0)
    REMINDERS = ("reminders", 0.98)
    TASKS = ("tasks", 0.97)
    ACTIVITIES = ("activities", 0.97)
    PEOPLE = ("people", 0.96)
    FIELD_UPDATES = ("field_updates", 0.95)
    GRID = ("grid", 0.92)
    ROLL_UPS = ("roll_ups", 0.9)
    RECONCILE = ("reconcile", 0.85)
    OTHER = ("other", 0.85)

    def __init__(self, label: str, reserve_from: float) -> None:
        self.label = label
        self.reserve_from = reserve_from


def may_call(flow: Flow, *, used: int, limit: int | None) -> bool:
    """Tell whether a flow may make one more call; nothing is held back where the limit is unknown."""
    return limit is None or used < limit * flow.reserve_from or flow.reserve_from >= 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """How many calls everybody had used at an instant."""

    time: Micros
    used: int


#: The pace of calls is that of about so long.
PACE_OVER: Micros = HOUR
#: Less time than this says nothing about a pace.
_SHORTEST: Micros = 5 * MINUTE


def forecast(readings: Sequence[Reading], *, limit: int | None, day_end: Micros | None) -> Micros | None:
    """Return when the allowance will be spent at the pace of the readings, oldest first.

    None where that is not to be expected before the day ends, or not to be told yet.
    """
    if limit is None or len(readings) < 2:
        return None
    first, last = readings[0], readings[-1]
    took, calls = last.time - first.time, last.used - first.used
    if last.used >= limit:
        return last.time
    if took < _SHORTEST or calls <= 0:
        return None
    spent = last.time + (limit - last.used) * took // calls
    return spent if day_end is None or spent < day_end else None


def readme_table() -> str:
    """Return the flows with the share of the allowance at which each stops, for the README."""
    lines = ["| Flow | Stops at |", "| --- | --- |"]
    for flow in Flow:
        stops = "never" if flow.reserve_from >= 1.0 else f"{flow.reserve_from:.0%}"
        lines.append(f"| `{flow.label}` | {stops} |")
    return "\n".join(lines)
