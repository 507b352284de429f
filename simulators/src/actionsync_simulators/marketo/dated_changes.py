"""Changes of the API that its documentation announces for a day: what was allowed before is refused from then on.

They follow the simulator's clock, so that a client can be tried on either side of a day. Where pages name different
days, or somebody wants one side whatever the day, a switch decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actionsync_simulators.clock import Clock
    from actionsync_simulators.marketo.switches import MarketoSwitches

EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
QUERY_TOKEN, MERGE_LIMIT, LARGE_LISTS, RUN_ID = "query-token", "merge-limit", "large-lists", "campaign-run-id"


@dataclass(frozen=True, slots=True)
class DatedChange:
    """One announced change. `days` are its days by value of the switch; `always` and `never` are values without one."""

    name: str
    text: str
    switch: str
    days: Mapping[str, date]
    always: str
    never: str

    def day(self, value: str) -> date | None:
        """Return the day on which it comes into force under a value of its switch, None without one."""
        return self.days.get(value)


DATED_CHANGES: tuple[DatedChange, ...] = (
    DatedChange(
        MERGE_LIMIT,
        "Merge Leads refuses more than 25 leadIds (1080); before, any number that fits into the call was merged",
        switch="merge_limit",
        days={"2026-03-31": date(2026, 3, 31), "2026-07-31": date(2026, 7, 31)},
        always="on",
        never="off",
    ),
    DatedChange(
        RUN_ID,
        "The attribute Campaign Run ID of an activity is a number; before, it could come as text in quotes",
        switch="campaign_run_id",
        days={"dated": date(2026, 8, 14)},
        always="number",
        never="quoted",
    ),
    DatedChange(
        QUERY_TOKEN,
        "The parameter access_token is ignored: a call without the Authorization header answers 600",
        switch="query_token",
        days={"dated": date(2026, 8, 31)},
        always="reject",
        never="accept",
    ),
    DatedChange(
        LARGE_LISTS,
        "Get Lead Activities and Get Lead Changes refuse a listId whose list has 10,000 members or more (1003)",
        switch="large_list_ban",
        days={"2026-09-30": date(2026, 9, 30), "2026-12-30": date(2026, 12, 30)},
        always="on",
        never="off",
    ),
)
"""Every change that is known, oldest first."""

_BY_NAME = {one.name: one for one in DATED_CHANGES}


class DatedChanges:
    """Tells which changes are in force, by the clock and the switches of one subscription."""

    def __init__(self, clock: Clock, switches: MarketoSwitches) -> None:
        self._clock = clock
        self._from = {one.name: _moment(one, getattr(switches, one.switch)) for one in DATED_CHANGES}
        self._values: dict[str, str] = {one.name: getattr(switches, one.switch) for one in DATED_CHANGES}

    def in_force(self, name: str) -> bool:
        """Tell whether a change is in force now. KeyError for a name that is none."""
        return self._clock.now() >= self._from[name]

    def describe(self) -> list[dict[str, Any]]:
        """Return every change with its day (None where the switch names none), its text and whether it is in force."""
        return [
            {
                "name": name,
                "date": one.day(self._values[name]),
                "text": one.text,
                "in_force": self.in_force(name),
                "switch": {one.switch: self._values[name]},
            }
            for name, one in _BY_NAME.items()
        ]


def _moment(change: DatedChange, value: str) -> datetime:
    """Return the beginning of the day (UTC), or a moment before or after all others."""
    day = change.day(value)
    if day is not None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if value not in (change.always, change.never):
        raise ValueError(
            f"{change.switch} is {value!r}: one of {change.always}, {change.never}, {', '.join(change.days)}"
        )
    return EVER if value == change.always else NEVER
