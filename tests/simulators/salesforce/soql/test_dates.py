"""Date literals: what range each stands for, in the user's time zone, and how each operator reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from actionsync_simulators.salesforce.soql.dates import Calendar, period_of_days, zone_named

FRIDAY = date(2024, 3, 15)


@pytest.mark.parametrize(
    ("literal", "start", "end"),
    [
        ("YESTERDAY", "2024-03-14", "2024-03-15"),
        ("TODAY", "2024-03-15", "2024-03-16"),
        ("TOMORROW", "2024-03-16", "2024-03-17"),
        ("LAST_WEEK", "2024-03-03", "2024-03-10"),
        ("THIS_WEEK", "2024-03-10", "2024-03-17"),
        ("NEXT_WEEK", "2024-03-17", "2024-03-24"),
        ("LAST_MONTH", "2024-02-01", "2024-03-01"),
        ("THIS_MONTH", "2024-03-01", "2024-04-01"),
        ("NEXT_MONTH", "2024-04-01", "2024-05-01"),
        ("LAST_90_DAYS", "2023-12-16", "2024-03-16"),
        ("NEXT_90_DAYS", "2024-03-16", "2024-06-14"),
        ("LAST_QUARTER", "2023-10-01", "2024-01-01"),
        ("THIS_QUARTER", "2024-01-01", "2024-04-01"),
        ("NEXT_QUARTER", "2024-04-01", "2024-07-01"),
        ("LAST_YEAR", "2023-01-01", "2024-01-01"),
        ("THIS_YEAR", "2024-01-01", "2025-01-01"),
        ("NEXT_YEAR", "2025-01-01", "2026-01-01"),
        ("THIS_FISCAL_QUARTER", "2024-01-01", "2024-04-01"),
        ("LAST_FISCAL_YEAR", "2023-01-01", "2024-01-01"),
        ("LAST_N_DAYS:0", "2024-03-15", "2024-03-16"),
        ("LAST_N_DAYS:1", "2024-03-14", "2024-03-16"),
        ("NEXT_N_DAYS:2", "2024-03-16", "2024-03-18"),
        ("N_DAYS_AGO:2", "2024-03-13", "2024-03-14"),
        ("LAST_N_WEEKS:2", "2024-02-25", "2024-03-10"),
        ("NEXT_N_WEEKS:1", "2024-03-17", "2024-03-24"),
        ("N_WEEKS_AGO:1", "2024-03-03", "2024-03-10"),
        ("LAST_N_MONTHS:3", "2023-12-01", "2024-03-01"),
        ("NEXT_N_MONTHS:10", "2024-04-01", "2025-02-01"),
        ("N_MONTHS_AGO:14", "2023-01-01", "2023-02-01"),
        ("LAST_N_QUARTERS:5", "2022-10-01", "2024-01-01"),
        ("NEXT_N_QUARTERS:1", "2024-04-01", "2024-07-01"),
        ("N_QUARTERS_AGO:1", "2023-10-01", "2024-01-01"),
        ("LAST_N_YEARS:2", "2022-01-01", "2024-01-01"),
        ("NEXT_N_YEARS:1", "2025-01-01", "2026-01-01"),
        ("N_YEARS_AGO:3", "2021-01-01", "2022-01-01"),
        ("NEXT_N_FISCAL_QUARTERS:2", "2024-04-01", "2024-10-01"),
        ("N_FISCAL_YEARS_AGO:1", "2023-01-01", "2024-01-01"),
    ],
)
def test_periods(literal: str, start: str, end: str) -> None:
    assert period_of_days(literal, FRIDAY) == (date.fromisoformat(start), date.fromisoformat(end))


def test_a_week_starts_on_sunday() -> None:
    sunday = date(2024, 3, 10)
    assert period_of_days("THIS_WEEK", sunday) == (sunday, date(2024, 3, 17))
    assert period_of_days("THIS_WEEK", date(2024, 3, 9)) == (date(2024, 3, 3), sunday)


def test_days_are_those_of_the_users_zone() -> None:
    night = datetime(2024, 3, 11, 5, 30, tzinfo=UTC)  # Sunday 22:30 in Los Angeles, the day summer time starts
    calendar = Calendar(night, zone_named("America/Los_Angeles"))
    assert calendar.today == date(2024, 3, 10)
    today = calendar.period("today", moments=True)
    assert (today.start, today.end) == ("2024-03-10T08:00:00.000+0000", "2024-03-11T07:00:00.000+0000")
    assert calendar.period("TODAY", moments=False).start == "2024-03-10"
    assert Calendar(night, zone_named("Asia/Tokyo")).today == date(2024, 3, 11)


# Task reminders lie at 07:30 UTC of March 11 to 15: half past midnight in Los Angeles on the same days. Now is
# March 15.
@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("= YESTERDAY", [14]),
        ("!= YESTERDAY", [11, 12, 13, 15]),
        ("< YESTERDAY", [11, 12, 13]),
        ("<= YESTERDAY", [11, 12, 13, 14]),
        ("> YESTERDAY", [15]),
        (">= YESTERDAY", [14, 15]),
        ("IN (TODAY, N_DAYS_AGO:3)", [12, 15]),
        ("NOT IN (TODAY, N_DAYS_AGO:3)", [11, 13, 14]),
        ("= LAST_N_DAYS:2", [13, 14, 15]),
        ("= LAST_WEEK", []),
    ],
)
def test_operators_read_a_period_as_a_half_open_range(org: Any, test: str, expected: list[int]) -> None:
    for field in ("ReminderDateTime", "ActivityDate"):
        found = org.values(f"SELECT {field} FROM Task WHERE {field} {test} ORDER BY {field}")
        assert [int(value[8:10]) for value in found] == expected


def test_the_zone_decides_which_day_a_moment_belongs_to(org: Any) -> None:
    query = "SELECT ReminderDateTime FROM Task WHERE ReminderDateTime = TODAY"
    assert org.values(query) == ["2024-03-15T07:30:00.000+0000"]
    org.timezone = "Pacific/Honolulu"
    assert org.values(query) == []
    assert org.values(query.replace("TODAY", "YESTERDAY")) == ["2024-03-15T07:30:00.000+0000"]


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-11T07:30:00Z",
        "2024-03-11T07:30:00.000Z",
        "2024-03-11T07:30:00.0009Z",
        "2024-03-11T08:30:00+01:00",
        "2024-03-11T08:30:00 01:00",
        "2024-03-11T08:30:00 0100",
        "2024-03-11T00:30:00-0700",
        "2024-03-10T23:30:00.000-08:00",
    ],
)
def test_ways_to_write_one_moment(org: Any, written: str) -> None:
    assert org.values(f"SELECT Subject FROM Task WHERE ReminderDateTime = {written}") == ["Call"]
    assert org.count(f"SELECT COUNT() FROM Task WHERE ReminderDateTime > {written}") == 4
    assert org.count(f"SELECT COUNT() FROM Task WHERE ReminderDateTime IN ({written}, null)") == 1


def test_a_null_moment_matches_no_range(org: Any) -> None:
    org.database.execute("UPDATE Task SET ReminderDateTime = NULL, ActivityDate = NULL WHERE Subject = 'Call'")
    assert org.count("SELECT COUNT() FROM Task WHERE ReminderDateTime = THIS_YEAR") == 4
    assert org.values("SELECT Subject FROM Task WHERE ReminderDateTime != THIS_YEAR") == ["Call"]
    assert org.values("SELECT Subject FROM Task WHERE NOT ActivityDate >= THIS_YEAR") == ["Call"]
