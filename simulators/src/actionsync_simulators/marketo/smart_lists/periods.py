"""The time that a date condition means, seen from now: half open, from a first moment to before another."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from actionsync_simulators.marketo.gateway.times import parse_datetime
from actionsync_simulators.marketo.smart_lists.definition import Condition
from actionsync_simulators.marketo.smart_lists.operators import Span, is_day, parse_span

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
_FIXED = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": DAY, "week": 7 * DAY}


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open time; None is no bound. Aware datetimes."""

    start: datetime | None = None
    end: datetime | None = None

    def seconds(self) -> tuple[int | None, int | None]:
        """Return the bounds in whole epoch seconds: for a stored second s, start <= s < end."""
        return tuple(None if one is None else math.ceil(one.timestamp()) for one in (self.start, self.end))  # type: ignore[return-value]

    def days(self, zone: tzinfo) -> tuple[date | None, date | None]:
        """Return the bounds in calendar days of a zone; part of a day at the end counts as the whole of it."""
        start = None if self.start is None else self.start.astimezone(zone).date()
        if self.end is None:
            return start, None
        end = self.end.astimezone(zone)
        return start, end.date() if end.time() == time.min else end.date() + DAY


def period(condition: Condition, *, now: datetime, zone: tzinfo, whole_days: bool = False) -> Period:
    """Return the time of a condition with a date operator (`is not` is the complement of this, for the caller).

    `whole_days` is for fields that hold a day: everything is then rounded to days of the zone. A value that is a day
    means that whole day; a value with a time of day means that second.
    """
    values = [str(one) for one in condition.values]
    operator = condition.operator
    if operator == "in time frame":
        return _frame(values[0], now.astimezone(zone).date(), zone)
    if operator in ("in past", "in past before", "in future"):
        return _relative(operator, parse_span(values[0]), now=now, zone=zone, whole_days=whole_days)
    first = _moment(values[0], zone, whole_days=whole_days)
    last = _moment(values[-1], zone, whole_days=whole_days)
    return _ABSOLUTE[operator](first, last)


_ABSOLUTE: dict[str, Callable[[Period, Period], Period]] = {
    "is": lambda one, _: one,
    "is not": lambda one, _: one,
    "before": lambda one, _: Period(None, one.start),
    "after": lambda one, _: Period(one.end, None),
    "on or before": lambda one, _: Period(None, one.end),
    "on or after": lambda one, _: Period(one.start, None),
    "between": lambda one, other: Period(one.start, other.end),
}


def _moment(text: str, zone: tzinfo, *, whole_days: bool) -> Period:
    if is_day(text):
        day = date.fromisoformat(text)
    else:
        moment = parse_datetime(text)
        if not whole_days:
            return Period(moment, moment + SECOND)
        day = moment.astimezone(zone).date()
    return Period(_midnight(day, zone), _midnight(day + DAY, zone))


def _relative(operator: str, span: Span, *, now: datetime, zone: tzinfo, whole_days: bool) -> Period:
    if whole_days:
        today = now.astimezone(zone).date()
        midnight = _midnight(today, zone)
        if operator == "in future":
            return Period(_midnight(today + DAY, zone), _midnight(_shift(midnight, span, 1, zone).date() + DAY, zone))
        edge = _midnight(_shift(midnight, span, -1, zone).date(), zone)
        return Period(None, edge) if operator == "in past before" else Period(edge, _midnight(today + DAY, zone))
    just_after = now + timedelta.resolution
    if operator == "in future":
        return Period(just_after, _shift(now, span, 1, zone) + timedelta.resolution)
    edge = _shift(now, span, -1, zone)
    return Period(None, edge) if operator == "in past before" else Period(edge, just_after)


def _shift(moment: datetime, span: Span, sign: int, zone: tzinfo) -> datetime:
    """Go some calendar units on or back; a day that the month does not have becomes its last one."""
    fixed = _FIXED.get(span.unit)
    try:
        if fixed is not None:
            return (moment.astimezone(UTC) + sign * span.count * fixed).astimezone(zone)
        local = moment.astimezone(zone)
        months = local.year * 12 + local.month - 1 + sign * span.count * (12 if span.unit == "year" else 1)
        year, month = months // 12, months % 12 + 1
        return local.replace(year=year, month=month, day=min(local.day, calendar.monthrange(year, month)[1]))
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        return datetime.max.replace(tzinfo=UTC) - 2 * DAY if sign > 0 else datetime.min.replace(tzinfo=UTC) + 2 * DAY


def _frame(name: str, today: date, zone: tzinfo) -> Period:
    word, _, unit = name.partition(" ")
    if not unit:
        first = today if word == "today" else today - DAY
        last = first + DAY
    else:
        first, last = _unit(unit, today)
        if word == "last":
            first, last = _unit(unit, first - DAY)
    return Period(_midnight(first, zone), _midnight(last, zone))


def _unit(unit: str, day: date) -> tuple[date, date]:
    """Return the first day of the week (from Monday), month, quarter or year of a day, and the day after its last."""
    if unit == "week":
        first = day - day.weekday() * DAY
        return first, first + 7 * DAY
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    month = (day.month - 1) // months * months + 1
    first = day.replace(month=month, day=1)
    following = first.year * 12 + month - 1 + months
    return first, date(following // 12, following % 12 + 1, 1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)
