"""A plain reading of smart lists over people in memory, to hold the compiled one against.

Dates are compared as days, which is enough where every moment is noon of its day, now included.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FIELDS = {
    "firstName": "text",
    "company": "text",
    "leadScore": "number",
    "annualRevenue": "number",
    "unsubscribed": "boolean",
    "dateOfBirth": "day",
    "mktoAcquisitionDate": "day",
}
ATTRIBUTES = {
    "Link": "text",
    "Campaign Run ID": "number",
    "Is Mobile Device": "boolean",
    "primaryAttributeValue": "text",
    "Template ID": "number",
    "Email Subject": "text",
}


@dataclass
class Did:
    """Something that a person did."""

    type_id: int
    at: datetime
    attributes: dict[str, Any]
    asset: str


@dataclass
class Person:
    """One person: field values, history, lists, and programs with the status in each."""

    id: int
    fields: dict[str, Any]
    did: list[Did] = field(default_factory=list)
    lists: set[int] = field(default_factory=set)
    programs: dict[int, str] = field(default_factory=dict)


def lower(text: str) -> str:
    """SQLite folds the case of ASCII letters only."""
    return "".join(one.lower() if one.isascii() else one for one in text)


def text_is(value: Any, operator: str, given: list[Any]) -> bool:
    """Tell whether a text meets a condition."""
    text = lower(value or "")
    wanted = [lower(one) for one in given]
    if operator == "is empty":
        return text == ""
    if operator == "is not empty":
        return text != ""
    tests = {
        "is": any(text == one for one in wanted),
        "contains": any(one in text for one in wanted),
        "starts with": any(text.startswith(one) for one in wanted),
    }
    negative = {"is not": "is", "not contains": "contains", "not starts with": "starts with"}
    return not tests[negative[operator]] if operator in negative else tests[operator]


def number_is(value: Any, operator: str, given: list[Any]) -> bool:
    """Tell whether a number meets a condition."""
    if operator == "is empty":
        return value is None
    if operator == "is not empty":
        return value is not None
    if value is None:
        return operator in ("is not", "not between")
    low, high = given[0], given[-1]
    outcomes: dict[str, bool] = {
        "is": value in given,
        "is not": value not in given,
        "greater than": value > low,
        "less than": value < low,
        "at least": value >= low,
        "at most": value <= low,
        "between": low <= value <= high,
        "not between": not low <= value <= high,
    }
    return outcomes[operator]


def day_is(day: date | None, operator: str, given: list[Any]) -> bool:
    """Compare days, which is enough: every moment of these histories is noon of its day, and so is now."""
    if operator in ("is empty", "is not empty"):
        return (day is None) == (operator == "is empty")
    if day is None:
        return operator == "is not"
    today = NOW.date()
    if operator.startswith("in past") or operator == "in future":
        span = int(given[0].split()[0]) * DAY
        if operator == "in past before":
            return day < today - span
        return today - span <= day <= today if operator == "in past" else today < day <= today + span
    if operator == "in time frame":
        return {
            "today": day == today,
            "yesterday": day == today - DAY,
            "this week": day.isocalendar()[:2] == today.isocalendar()[:2],
            "this month": (day.year, day.month) == (today.year, today.month),
            "last month": (day.year, day.month) == (2026, 10),
            "last year": day.year == 2025,
        }[given[0]]
    first, last = date.fromisoformat(given[0]), date.fromisoformat(given[-1])
    outcomes: dict[str, bool] = {
        "is": day == first,
        "is not": day != first,
        "before": day < first,
        "after": day > first,
        "on or before": day <= first,
        "on or after": day >= first,
        "between": first <= day <= last,
    }
    return outcomes[operator]


def value_is(kind: str, value: Any, condition: dict[str, Any]) -> bool:
    """Tell whether a value of a kind meets a condition."""
    operator, given = condition["operator"], condition["values"]
    if kind == "boolean":
        return bool(value) is (given[0] is (operator == "is"))
    if kind == "day":
        return day_is(value, operator, given)
    return text_is(value, operator, given) if kind == "text" else number_is(value, operator, given)


def did_it(did: Did, filter_: dict[str, Any]) -> bool:
    """Tell whether an activity counts for a filter."""
    if did.type_id != filter_["activity"] or (
        "date" in filter_ and not day_is(did.at.date(), **named(filter_["date"]))
    ):
        return False
    for constraint in filter_["constraints"]:
        name = constraint["attribute"]
        value = did.asset if name == "primaryAttributeValue" else did.attributes.get(name)
        if not value_is(ATTRIBUTES[name], value, constraint):
            return False
    return True


def named(condition: dict[str, Any]) -> dict[str, Any]:
    """Return a condition as arguments of the tests above."""
    return {"operator": condition["operator"], "given": condition["values"]}


def matches(person: Person, filter_: dict[str, Any]) -> bool:
    """Tell whether a person meets a filter."""
    if "field" in filter_:
        return value_is(FIELDS[filter_["field"]], person.fields.get(filter_["field"]), filter_)
    if "activity" in filter_:
        found = sum(did_it(did, filter_) for did in person.did) >= filter_["atLeast"]
    elif "list" in filter_:
        found = bool(person.lists & set(filter_["list"]))
    else:
        statuses = filter_.get("status") or list(person.programs.values())
        found = any(person.programs.get(one) in statuses for one in filter_["program"] if one in person.programs)
    return found is not filter_["not"]


def joined(person: Person, members: dict[str, Any]) -> bool:
    """Tell whether a person is on a list: its filters joined by all, any or a rule."""
    outcomes = [matches(person, one) for one in members["filters"]]
    if members["match"] == "all":
        return all(outcomes)
    if members["match"] == "any":
        return any(outcomes)
    words = members["rule"].replace("(", "( ").replace(")", " )").split()
    python = " ".join(str(outcomes[int(word) - 1]) if word.isdecimal() else word for word in words)
    return bool(eval(python))
