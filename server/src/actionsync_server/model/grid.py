"""The Smart Grid (F3): what of Marketo's and our own activity it shows, in which column, and week by week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

from actionsync_server.clock import DAY, Micros, from_datetime, to_datetime
from actionsync_server.model.activities import ActivityType
from actionsync_server.model.activity_types import TYPES

#: How far back the grid looks.
WINDOW: Micros = 90 * DAY
#: Beyond so many contacts an account is shown in part.
MOST_PEOPLE = 800
DEFAULT_ROWS = 300


class GridColumn(Enum):
    """A column; the numbers are the contract's."""

    EMAIL = 1
    CALL = 2
    INTERESTING_MOMENT = 3
    WEB = 4
    SALES_CAMPAIGN = 5


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row. `attributes` are Marketo's, by name."""

    person_id: str
    column: GridColumn
    type_name: str
    activity_time: Micros
    title: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GridWeek:
    """One week from Monday 00:00 UTC, with its rows by column."""

    start_time: Micros
    row_counts: tuple[int, ...]
    selected: bool


_EMAIL, _CALL, _WEB = GridColumn.EMAIL, GridColumn.CALL, GridColumn.WEB
#: Native types by id: these are the same in every subscription.
NATIVE: Mapping[int, GridColumn] = {
    1: _WEB,
    2: _WEB,
    3: _WEB,
    6: _EMAIL,
    7: _EMAIL,
    8: _EMAIL,
    9: _EMAIL,
    10: _EMAIL,
    11: _EMAIL,
    26: _CALL,
    27: _EMAIL,
    30: _CALL,
    46: GridColumn.INTERESTING_MOMENT,
}
#: Marketo's own sales activity types have ids that differ or are not known: they are found by name.
BY_NAME: Mapping[str, GridColumn] = {
    "Send Sales Email": _EMAIL,
    "Open Sales Email": _EMAIL,
    "Click Sales Email": _EMAIL,
    "Receive Sales Email": _EMAIL,
    "Replied to Sales Email": _EMAIL,
    "Sales Email Bounced": _EMAIL,
    "Received Sales Call": _CALL,
    "Add to Sales Campaign": GridColumn.SALES_CAMPAIGN,
    "Removed from Sales Campaign": GridColumn.SALES_CAMPAIGN,
}
_SALESFORCE_ACTIVITY = frozenset({26, 30})
_OWN: Mapping[ActivityType, GridColumn] = {
    ActivityType.SEND_SALES_EMAIL: _EMAIL,
    ActivityType.OPEN_SALES_EMAIL: _EMAIL,
    ActivityType.CLICK_SALES_EMAIL: _EMAIL,
    ActivityType.REPLIED_TO_SALES_EMAIL: _EMAIL,
    ActivityType.SALES_EMAIL_BOUNCED: _EMAIL,
    ActivityType.RECEIVED_SALES_CALL: _CALL,
    ActivityType.ADD_TO_SALES_CAMPAIGN: GridColumn.SALES_CAMPAIGN,
    ActivityType.REMOVED_FROM_SALES_CAMPAIGN: GridColumn.SALES_CAMPAIGN,
}
#: What tells most about a row, in order of preference.
_TITLES = ("Link", "Email Subject", "Sales Call Subject", "Sales Campaign Name")


def own_column(kind: ActivityType) -> GridColumn:
    """Return the column of one of the eight types."""
    return _OWN[kind]


def own_name(kind: ActivityType) -> str:
    """Return the canonical name of one of the eight types."""
    return TYPES[kind].name


def is_shown(type_id: int, attributes: Mapping[str, Any], title: str) -> bool:
    """Tell whether a row of Marketo's belongs into the grid: no bots, and of Salesforce's activity only calls."""
    if str(attributes.get("Is Bot Activity", "")).casefold() in ("true", "1"):
        return False
    if type_id in _SALESFORCE_ACTIVITY:
        is_task = str(attributes.get("Is Task", "")).casefold() in ("true", "1")
        return is_task and title.strip().casefold().startswith("call")
    return True


def title_of(attributes: Mapping[str, Any], primary: str | None) -> str:
    """Return what a row was about: its link, subject or outcome, else its primary value."""
    for name in _TITLES:
        if attributes.get(name):
            return str(attributes[name])
    return primary or ""


def texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Return attributes as texts; booleans as Marketo's files write them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in attributes.items()
        if value not in (None, "")
    }


def week_of(instant: Micros) -> Micros:
    """Return the Monday 00:00 UTC before or at an instant."""
    day = to_datetime(instant).replace(hour=0, minute=0, second=0, microsecond=0)
    return from_datetime(day - timedelta(days=day.weekday()))


def weeks(rows: Iterable[tuple[Micros, GridColumn]], *, now: Micros) -> list[GridWeek]:
    """Return the weeks of the window, newest first, the present one selected."""
    counts: dict[Micros, dict[GridColumn, int]] = {}
    start = week_of(now)
    while start > now - WINDOW - 7 * DAY:
        counts[start] = dict.fromkeys(GridColumn, 0)
        start -= 7 * DAY
    for instant, column in rows:
        week = counts.get(week_of(instant))
        if week is not None:
            week[column] += 1
    present = week_of(now)
    return [
        GridWeek(start, tuple(found[column] for column in GridColumn), selected=start == present)
        for start, found in counts.items()
    ]


def newest(rows: Sequence[GridRow], count: int) -> list[GridRow]:
    """Return the newest rows, newest first."""
    return sorted(rows, key=lambda row: (-row.activity_time, row.person_id, row.type_name))[:count]
