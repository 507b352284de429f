"""What a smart list asks for: filters, and how they are joined. Checked, ready to be compiled or stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import orjson

Kind = Literal["text", "number", "boolean", "date", "datetime"]
"""What a value is; it decides which operators there are and how they compare."""
Match = Literal["all", "any", "advanced"]
Group = Literal["list", "smart list", "program"]
Value = str | float | int | bool

PRIMARY = "primaryAttributeValue"
PRIMARY_ID = "primaryAttributeValueId"
CAMPAIGN_ID = "campaignId"


@dataclass(frozen=True, slots=True)
class Condition:
    """An operator with its values: any one of them may match, or for a negative operator none."""

    operator: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldFilter:
    """The value of a person field."""

    field: str
    kind: Kind
    condition: Condition


@dataclass(frozen=True, slots=True)
class Constraint:
    """The value of an activity's attribute: a display name, or one of the three columns every activity has."""

    attribute: str
    kind: Kind
    condition: Condition


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Somebody did (or, negated, did not do) something at least so many times, with constraints and a time frame."""

    type_id: int
    constraints: tuple[Constraint, ...] = ()
    date: Condition | None = None
    at_least: int = 1
    negated: bool = False


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Membership in any one of some lists, smart lists or programs; `statuses` narrows a program's members."""

    group: Group
    ids: tuple[int, ...]
    statuses: tuple[str, ...] = ()
    negated: bool = False


Filter = FieldFilter | ActivityFilter | MemberFilter


@dataclass(frozen=True, slots=True)
class Definition:
    """All of a smart list but its name. `rule` joins the filters by number and is there for `advanced` only."""

    match: Match
    filters: tuple[Filter, ...]
    rule: str | None = None

    def uses(self, group: Group, group_id: int) -> bool:
        """Tell whether a filter asks for membership in this list, smart list or program."""
        return any(isinstance(one, MemberFilter) and one.group == group and group_id in one.ids for one in self.filters)

    def uses_type(self, type_id: int) -> bool:
        """Tell whether a filter asks for activities of this type."""
        return any(isinstance(one, ActivityFilter) and one.type_id == type_id for one in self.filters)


_SORTS: dict[str, type[FieldFilter] | type[ActivityFilter] | type[MemberFilter]] = {
    "field": FieldFilter,
    "activity": ActivityFilter,
    "member": MemberFilter,
}


def to_text(definition: Definition) -> str:
    """Return the definition as JSON text, for its row."""
    filters = [
        {"sort": sort, **asdict(one)}
        for one in definition.filters
        for sort, made in _SORTS.items()
        if isinstance(one, made)
    ]
    return orjson.dumps({"match": definition.match, "rule": definition.rule, "filters": filters}).decode()


def from_text(text: str) -> Definition:
    """Read back what `to_text` wrote."""
    members = orjson.loads(text)
    return Definition(members["match"], tuple(_filter(one) for one in members["filters"]), members["rule"])


def _filter(members: dict[str, Any]) -> Filter:
    sort = members.pop("sort")
    if sort == "field":
        return FieldFilter(members["field"], members["kind"], _condition(members["condition"]))
    if sort == "member":
        return MemberFilter(members["group"], tuple(members["ids"]), tuple(members["statuses"]), members["negated"])
    return ActivityFilter(
        members["type_id"],
        tuple(
            Constraint(one["attribute"], one["kind"], _condition(one["condition"])) for one in members["constraints"]
        ),
        None if members["date"] is None else _condition(members["date"]),
        members["at_least"],
        members["negated"],
    )


def _condition(members: dict[str, Any]) -> Condition:
    return Condition(members["operator"], tuple(members["values"]))
