"""The rules of a smart list as the asset API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.types import REQUEST_CAMPAIGN
from actionsync_simulators.marketo.smart_lists import palette
from actionsync_simulators.marketo.smart_lists.definition import (
    ActivityFilter,
    Condition,
    Definition,
    FieldFilter,
    Filter,
    MemberFilter,
)
from actionsync_simulators.marketo.smart_lists.reading import GROUPS

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

DATE_OF_ACTIVITY, NUMBER_OF_TIMES = -101, -102
"""Attribute ids of what every activity filter can be narrowed by."""
MEMBER_OF = {"list": "Member of List", "smart list": "Member of Smart List", "program": "Member of Program"}


def rules(site: Subscription, definition: Definition, *, requested_by: str | None = None) -> dict[str, Any]:
    """Return `filterMatchType`, `triggers`, `filters` and, where there is one, the advanced rule.

    Only the list of a trigger campaign has a trigger: `requested_by` is the source that its request must come from.
    """
    shown: dict[str, Any] = {"filterMatchType": definition.match, "triggers": []}
    if requested_by is not None:
        shown["triggers"].append(_request(requested_by))
    if definition.rule is not None:
        shown["filterCustomRules"] = definition.rule
    known = {one.type_id: one for one in palette.activities(site)}
    shown["filters"] = [
        {"id": number, **_filter(site, one, known)} for number, one in enumerate(definition.filters, start=1)
    ]
    return shown


def _request(source: str) -> dict[str, Any]:
    condition = {"activityAttributeId": 1, "activityAttributeName": "Source", "isPrimary": True}
    return {
        "id": 1,
        "name": "Campaign is Requested",
        "ruleTypeId": REQUEST_CAMPAIGN,
        "ruleType": "Activity",
        "operator": "occurs",
        "conditions": [{**condition, **_values(Condition("is", (source,)))}],
    }


def _filter(site: Subscription, one: Filter, known: dict[int, palette.FilteredActivity]) -> dict[str, Any]:
    if isinstance(one, FieldFilter):
        field = site.fields[one.field]
        condition = {"activityAttributeId": field.id, "activityAttributeName": field.display_name, "isPrimary": True}
        return {
            "name": field.display_name,
            "ruleTypeId": field.id,
            "ruleType": "Person Attribute",
            "operator": one.condition.operator,
            "conditions": [{**condition, **_values(one.condition)}],
        }
    if isinstance(one, MemberFilter):
        return _member(site, one)
    return _activity(one, known.get(one.type_id))


def _activity(one: ActivityFilter, activity: palette.FilteredActivity | None) -> dict[str, Any]:
    names = [] if activity is None else [attribute.key for attribute in activity.attributes]
    conditions = []
    for constraint in one.constraints:
        found = None if activity is None else activity.attribute(constraint.attribute)
        conditions.append(
            {
                "activityAttributeId": names.index(constraint.attribute) + 1 if constraint.attribute in names else 0,
                "activityAttributeName": constraint.attribute if found is None else found.name,
                **_values(constraint.condition),
                "isPrimary": found is not None and found.primary,
            }
        )
    if one.date is not None:
        conditions.append(_extra(DATE_OF_ACTIVITY, "Date of Activity", one.date))
    if one.at_least > 1:
        conditions.append(_extra(NUMBER_OF_TIMES, "Min. Number of Times", Condition("at least", (one.at_least,))))
    name = f"Activity {one.type_id}" if activity is None else activity.name
    return {
        "name": f"Not {name}" if one.negated else name,
        "ruleTypeId": one.type_id,
        "ruleType": "Activity",
        "operator": "not occurs" if one.negated else "occurs",
        "conditions": conditions,
    }


def _extra(number: int, name: str, condition: Condition) -> dict[str, Any]:
    return {
        "activityAttributeId": number,
        "activityAttributeName": name,
        **_values(condition),
        "isPrimary": False,
    }


def _member(site: Subscription, one: MemberFilter) -> dict[str, Any]:
    table = next(table for group, table in GROUPS.values() if group == one.group)
    names = [
        site.database.value(f"SELECT name FROM {table} WHERE id = ?", (group_id,)) or str(group_id)  # noqa: S608
        for group_id in one.ids
    ]
    conditions = [
        {
            "activityAttributeId": 1,
            "activityAttributeName": one.group.title() + " Name",
            **_values(Condition("is", tuple(names))),
            "isPrimary": True,
        }
    ]
    if one.statuses:
        conditions.append(_extra(2, "Program Status", Condition("is", one.statuses)))
    return {
        "name": MEMBER_OF[one.group],
        "ruleTypeId": 0,
        "ruleType": "Membership",
        "operator": "not in" if one.negated else "in",
        "conditions": conditions,
    }


def _values(condition: Condition) -> dict[str, Any]:
    values = [str(one).lower() if isinstance(one, bool) else str(one) for one in condition.values]
    return {"operator": condition.operator, "values": values}
