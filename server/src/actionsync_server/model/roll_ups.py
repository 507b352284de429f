"""The roll-up fields of Lead, Contact, Account and Opportunity: what happened last, and what of it an org can hold.

    activity ──facts──▶ {matter: [when, values…]} ──merged──▶ what a record shall say ──record──▶ fields to write

A matter only moves forward in time, whatever order things become known in. The tenth roll-up, the sales opt-out, is
written with the unsubscribes, which know whether that field is the chosen one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from actionsync_server.clock import SECOND, Micros, from_iso, to_iso
from actionsync_server.model import salesforce_tasks
from actionsync_server.model.activities import Activity, ActivityType, sales_campaign
from actionsync_server.model.persons import Person

#: Matter → [when, values…]. The parts of a fact stand in the order of `_FIELDS`.
Facts = dict[str, list[Any]]

SALES_ACTIVITY, SALES_ENGAGEMENT, REPLIED = "sales_activity", "sales_engagement", "replied"
CAMPAIGN, MARKETING = "campaign", "marketing"

#: Labels of the fields of each matter: first those that hold when it was, then those of its values.
_FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    SALES_ACTIVITY: (("last activity by sales",), ()),
    SALES_ENGAGEMENT: (("last sales engagement",), ()),
    REPLIED: (("last replied",), ()),
    CAMPAIGN: ((), ("current sales campaign",)),
    MARKETING: (
        ("last marketing engagement", "last marketing engagement date"),
        (
            "last marketing engagement desc",
            "last marketing engagement source",
            "last marketing engagement type",
        ),
    ),
}
_LABELS = frozenset(label for times, values in _FIELDS.values() for label in (*times, *values))
#: Labels of older and newer packages begin with the product's name.
_PREFIX = re.compile(r"^(mse|msc|msi|marketo sales|sales connect|sales insight actions)\b[\s:-]*")
_MATTERS = {
    ActivityType.SEND_SALES_EMAIL: (SALES_ACTIVITY,),
    ActivityType.RECEIVED_SALES_CALL: (SALES_ACTIVITY,),
    ActivityType.OPEN_SALES_EMAIL: (SALES_ENGAGEMENT,),
    ActivityType.CLICK_SALES_EMAIL: (SALES_ENGAGEMENT,),
    ActivityType.REPLIED_TO_SALES_EMAIL: (SALES_ENGAGEMENT, REPLIED),
}
#: Marketo's native types that count as an engagement with marketing, and what they are called.
MARKETING_TYPES: Mapping[int, str] = {
    1: "Visit Webpage",
    2: "Fill Out Form",
    3: "Click Link",
    10: "Open Email",
    11: "Click Email",
    46: "Interesting Moment",
}

#: The objects by the first letters of their ids.
OBJECTS: Mapping[str, str] = {"00Q": "Lead", "003": "Contact", "001": "Account", "006": "Opportunity"}


class Field(salesforce_tasks.Field, Protocol):
    """What a description tells of one field."""

    @property
    def label(self) -> str: ...  # noqa: D102


def facts_of(activity: Activity) -> Facts:
    """Return what an activity says about the records of its person; {} for nothing."""
    at = activity.content.activity_time
    campaign = sales_campaign(activity.content.detail)
    if activity.type is ActivityType.ADD_TO_SALES_CAMPAIGN and campaign is not None:
        return {CAMPAIGN: [at, campaign.name or campaign.sales_campaign_id]}
    if activity.type is ActivityType.REMOVED_FROM_SALES_CAMPAIGN:
        return {CAMPAIGN: [at, ""]}
    return {matter: [at] for matter in _MATTERS.get(activity.type, ())}


def marketing_fact(at: Micros, type_id: int, *, description: str, source: str) -> Facts:
    """Return what a row of Marketo's says."""
    return {MARKETING: [at, description, source, MARKETING_TYPES[type_id]]}


def merged(known: Mapping[str, list[Any]], new: Mapping[str, list[Any]]) -> Facts:
    """Return the later fact of each matter; of two of one instant the new one."""
    later = {matter: fact for matter, fact in new.items() if matter not in known or fact[0] >= known[matter][0]}
    return {**known, **later}


def records_of(person: Person) -> list[str]:
    """Return the Salesforce records that a person's roll-ups are on: contact, else lead; account; opportunity."""
    own = person.fields
    ids = (
        own.salesforce_contact_id or own.salesforce_lead_id,
        own.salesforce_account_id,
        own.salesforce_opportunity_id,
    )
    return [record_id for record_id in ids if record_id[:3] in OBJECTS]


def fields_by_label(description: Mapping[str, Field]) -> dict[str, str]:
    """Return the name of each roll-up field that is there and writable, by its label without the product's name."""
    found: dict[str, str] = {}
    for name, field in description.items():
        label = _PREFIX.sub("", " ".join(field.label.casefold().split()))
        if label in _LABELS and field.updateable and label not in found:
            found[label] = name
    return found


def record(
    facts: Mapping[str, list[Any]], description: Mapping[str, Field], present: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields that a record lacks of the facts. `present` is what it says now.

    Of a matter whose time the record holds already, or a later one, nothing is written: it only moves forward.
    """
    names = fields_by_label(description)
    wanted: dict[str, Any] = {}
    for matter, (at, *values) in sorted(facts.items()):
        times, texts = _FIELDS[matter]
        held = [_held(present.get(names[label])) for label in times if label in names]
        if any(one is not None and one >= at // SECOND for one in held):
            continue
        for label in times:
            if label in names:
                wanted[names[label]] = _time(at, description[names[label]])
        for label, value in zip(texts, values, strict=False):
            if label in names:
                name = names[label]
                text = _cut(str(value), description[name])
                if (present.get(name) or None) != text:
                    wanted[name] = text
    return wanted


def _held(value: Any) -> int | None:
    """Return the second that a date-time says, None for none. A date counts as its end."""
    if not value:
        return None
    text = str(value)
    return from_iso(text if "T" in text else f"{text}T23:59:59Z") // SECOND


def _time(at: Micros, field: Field) -> str:
    return to_iso(at)[:10] if field.type == "date" else to_iso(at)


def _cut(text: str, field: Field) -> str | None:
    return (text[: field.length] if 0 < field.length < len(text) else text) or None
