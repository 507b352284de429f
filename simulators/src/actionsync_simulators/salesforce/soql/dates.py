"""Dates in queries: literals in storage form, and periods such as LAST_N_DAYS:7 as half-open ranges.

A period is reckoned in days of the running user's time zone. Weeks start on Sunday (the en_US calendar), and
the fiscal year is the calendar year, as in an org that never changed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from actionsync_simulators.salesforce.gateway.times import parse_date, parse_datetime, wire_datetime

_COUNTED = re.compile(r"(LAST|NEXT)_N_(\w+):(\d+)|N_(\w+)_AGO:(\d+)")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to but not including `end`, both in the storage form of the compared field."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moment a query runs at and the time zone its user lives in."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The current day where the user is."""
        return self.now.astimezone(self.zone).date()

    def period(self, literal: str, *, moments: bool) -> Period:
        """The range a date literal stands for: of moments (datetime fields) or of days (date fields).

        Raises ValueError when the range leaves the calendar.
        """
        try:
            start, end = period_of_days(literal.upper(), self.today)
        except OverflowError as problem:
            raise ValueError(literal) from problem
        if not moments:
            return Period(start.isoformat(), end.isoformat())
        return Period(self._midnight(start), self._midnight(end))

    def _midnight(self, day: date) -> str:
        return wire_datetime(datetime.combine(day, time(), self.zone))


def stored_date(literal: str) -> str:
    """A date literal in storage form. Raises ValueError for a day that does not exist."""
    day = parse_date(literal)
    if day is None:
        raise ValueError(literal)
    return day


def stored_datetime(literal: str) -> str:
    """A datetime literal in storage form, to the millisecond. Raises ValueError for no real moment."""
    moment = parse_datetime(literal)
    if moment is None:
        raise ValueError(literal)
    return wire_datetime(moment, milliseconds=True)


def local_moment(stored: str, zone: ZoneInfo) -> str:
    """A stored datetime as the clock on the user's wall shows it, in the same form without the zone."""
    moment = datetime.fromisoformat(stored).astimezone(zone)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises ValueError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as problem:
        raise ValueError(f"unknown time zone {name}") from problem


def utc(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError for one without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


def period_of_days(literal: str, today: date) -> tuple[date, date]:
    """First day and the day after the last one of a date literal in upper case.

    Raises OverflowError or ValueError when that leaves the calendar.
    """
    literal = literal.replace("_FISCAL_", "_")
    if literal in ("LAST_90_DAYS", "NEXT_90_DAYS"):
        literal = f"{literal[:4]}_N_DAYS:90"
    counted = _COUNTED.fullmatch(literal)
    if counted is None:
        return _named(literal, today)
    side, unit, count, ago_unit, ago_count = counted.groups()
    if side is None:
        start = _shift(ago_unit, _start_of(ago_unit, today), -int(ago_count))
        return start, _shift(ago_unit, start, 1)
    start = _start_of(unit, today)
    following = _shift(unit, start, 1)
    if side == "NEXT":
        return following, _shift(unit, following, int(count))
    # Only of days the current one is part of "the last n".
    return _shift(unit, start, -int(count)), following if unit == "DAYS" else start


def _named(literal: str, today: date) -> tuple[date, date]:
    days = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
    if literal in days:
        start = today + timedelta(days=days[literal])
        return start, start + _DAY
    side, unit = literal.split("_")
    units = f"{unit}S"
    start = _shift(units, _start_of(units, today), {"LAST": -1, "THIS": 0, "NEXT": 1}[side])
    return start, _shift(units, start, 1)


def _start_of(units: str, day: date) -> date:
    if units == "DAYS":
        return day
    if units == "WEEKS":
        return day - timedelta(days=day.isoweekday() % 7)
    if units == "MONTHS":
        return day.replace(day=1)
    if units == "QUARTERS":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return date(day.year, 1, 1)


def _shift(units: str, start: date, count: int) -> date:
    """The start of the unit that lies `count` units after the one that starts here."""
    if units in ("DAYS", "WEEKS"):
        return start + timedelta(days=count * (1 if units == "DAYS" else 7))
    months = start.year * 12 + start.month - 1 + count * {"MONTHS": 1, "QUARTERS": 3, "YEARS": 12}[units]
    return date(months // 12, months % 12 + 1, 1)
