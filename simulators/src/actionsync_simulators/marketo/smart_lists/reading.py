"""Reads the definition of a smart list as people write it (JSON), and checks it against what the subscription has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from actionsync_simulators.marketo.smart_lists import palette
from actionsync_simulators.marketo.smart_lists.definition import (
    ActivityFilter,
    Condition,
    Constraint,
    Definition,
    FieldFilter,
    Filter,
    Group,
    Match,
    MemberFilter,
)
from actionsync_simulators.marketo.smart_lists.operators import kind_of, read_condition
from actionsync_simulators.marketo.smart_lists.rule import RuleError, parse_rule

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

FILTERS_AT_MOST = 50
GROUPS: dict[str, tuple[Group, str]] = {
    "list": ("list", "static_lists"),
    "smartList": ("smart list", "smart_lists"),
    "program": ("program", "programs"),
}
"""Member of a filter, what it means, and its table."""
_CONDITION = {"operator", "value", "values"}
_ACTIVITY = {"activity", "constraints", "date", "atLeast", "not"}
_COUNT_LIMIT = 1_000_000


class DefinitionError(ValueError):
    """A definition that cannot be used."""


def read_definition(site: Subscription, members: Mapping[str, Any]) -> Definition:
    """Return the checked definition of `match`, `rule` and `filters`; DefinitionError says what is wrong with it."""
    given = members.get("filters")
    if not isinstance(given, list) or not 1 <= len(given) <= FILTERS_AT_MOST:
        raise DefinitionError(f"filters is an array of 1 to {FILTERS_AT_MOST} filters")
    filters = []
    for number, one in enumerate(given, start=1):
        try:
            filters.append(_filter(site, one))
        except (LookupError, ValueError) as problem:
            raise DefinitionError(f"filter {number}: {problem.args[0]}") from None
    rule = members.get("rule")
    match = str(members.get("match", "advanced" if rule else "all")).lower()
    if match not in ("all", "any", "advanced"):
        raise DefinitionError(f"match is {match!r}, and not all, any or advanced")
    if (match == "advanced") != (rule is not None):
        raise DefinitionError("a rule belongs to match advanced, and to no other")
    if rule is not None:
        try:
            parse_rule(str(rule), filters=len(filters))
        except RuleError as problem:
            raise DefinitionError(f"rule: {problem}") from None
    return Definition(cast("Match", match), tuple(filters), None if rule is None else str(rule))


def _filter(site: Subscription, members: Any) -> Filter:
    if not isinstance(members, dict):
        raise ValueError("not an object")
    sorts = [one for one in ("field", "activity", *GROUPS) if one in members]
    if len(sorts) != 1:
        raise ValueError(f"exactly one of field, activity, {', '.join(GROUPS)} says what it is about")
    if sorts == ["field"]:
        return _field(site, members)
    return _activity(site, members) if sorts == ["activity"] else _member(site, members, sorts[0])


def _field(site: Subscription, members: dict[str, Any]) -> FieldFilter:
    _only(members, {"field"} | _CONDITION)
    given = str(members["field"])
    field = site.fields.get(given)
    if field is None:
        field = next((one for one in site.fields if one.display_name.casefold() == given.casefold()), None)
    if field is None:
        raise LookupError(f"there is no person field {given!r}")
    kind = kind_of(field.data_type)
    return FieldFilter(field.name, kind, _condition(kind, members))


def _activity(site: Subscription, members: dict[str, Any]) -> ActivityFilter:
    _only(members, _ACTIVITY)
    found = palette.activity(site, members["activity"])
    constraints = []
    for one in _array(members.get("constraints"), "constraints"):
        if not isinstance(one, dict):
            raise ValueError("a constraint is an object")
        _only(one, {"attribute"} | _CONDITION)
        attribute = found.attribute(str(one.get("attribute")))
        if attribute is None or '"' in attribute.key:
            raise LookupError(f"{found.name} has no attribute {one.get('attribute')!r}")
        constraints.append(Constraint(attribute.key, attribute.kind, _condition(attribute.kind, one)))
    date = members.get("date")
    if date is not None:
        if not isinstance(date, dict):
            raise ValueError("date is an object with operator and values")
        _only(date, _CONDITION)
        date = _condition("datetime", date)
        if date.operator.endswith("empty"):
            raise ValueError("the date of an activity is never empty")
    at_least = members.get("atLeast", 1)
    if type(at_least) is not int or not 1 <= at_least <= _COUNT_LIMIT:
        raise ValueError("atLeast is a whole number from 1 up")
    return ActivityFilter(found.type_id, tuple(constraints), date, at_least, _negated(members))


def _member(site: Subscription, members: dict[str, Any], sort: str) -> MemberFilter:
    _only(members, {sort, "not"} | ({"status"} if sort == "program" else set()))
    group, table = GROUPS[sort]
    given = members[sort] if isinstance(members[sort], list) else [members[sort]]
    if not given:
        raise ValueError(f"{sort} is empty")
    ids = []
    for one in given:
        column = "id" if isinstance(one, int) else "name"
        found = site.database.value(f"SELECT id FROM {table} WHERE {column} = ? ORDER BY id LIMIT 1", (one,))  # noqa: S608
        if found is None:
            raise LookupError(f"there is no {group} {one!r}")
        ids.append(int(found))
    statuses = members.get("status", [])
    statuses = statuses if isinstance(statuses, list) else [statuses]
    return MemberFilter(group, tuple(ids), tuple(str(one) for one in statuses), _negated(members))


def _condition(kind: Any, members: dict[str, Any]) -> Condition:
    if "operator" not in members:
        raise ValueError("operator is missing")
    if "value" in members and "values" in members:
        raise ValueError("value and values are the same: give one of them")
    return read_condition(kind, members["operator"], members.get("values", members.get("value")))


def _negated(members: dict[str, Any]) -> bool:
    value = members.get("not", False)
    if not isinstance(value, bool):
        raise ValueError("not is true or false")
    return value


def _array(value: Any, name: str) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise ValueError(f"{name} is an array")
    return value or []


def _only(members: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(members) - known)
    if unknown:
        raise ValueError(f"{unknown[0]!r} means nothing here: {', '.join(sorted(known))}")
