"""What can be filtered: activities by the names that people know them by, their attributes, person fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from actionsync_simulators.marketo.smart_lists.definition import CAMPAIGN_ID, PRIMARY, PRIMARY_ID, Kind
from actionsync_simulators.marketo.smart_lists.operators import kind_of

if TYPE_CHECKING:
    from actionsync_simulators.marketo.custom_activities.store import CustomType
    from actionsync_simulators.marketo.subscription import Subscription

FILTER_NAMES = {
    "Visit Webpage": "Visited Web Page",
    "Fill Out Form": "Filled Out Form",
    "Click Link": "Clicked Link on Web Page",
    "Send Email": "Was Sent Email",
    "Email Delivered": "Was Delivered Email",
    "Unsubscribe Email": "Unsubscribed from Email",
    "Open Email": "Opened Email",
    "Click Email": "Clicked Link in Email",
    "New Lead": "Lead was Created",
    "Change Data Value": "Data Value Changed",
    "Change Score": "Score was Changed",
    "Change Owner": "Owner was Changed",
    "Add to List": "Added to List",
    "Remove from List": "Removed from List",
    "Merge Leads": "Lead was Merged",
    "Send Sales Email": "Was Sent Sales Email",
    "Open Sales Email": "Opened Sales Email",
    "Click Sales Email": "Clicked Link in Sales Email",
    "Receive Sales Email": "Received Sales Email",
    "Add to Sales Campaign": "Added to Sales Campaign",
    "Interesting Moment": "Had Interesting Moment",
    "Change Status in Progression": "Program Status was Changed",
}
"""Names of types' filters, by name of the type, where they differ. Others are called as their type is."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute that can be constrained; `key` is what a stored constraint calls it."""

    key: str
    name: str
    kind: Kind
    primary: bool = False


@dataclass(frozen=True, slots=True)
class FilteredActivity:
    """One activity type as a filter."""

    type_id: int
    name: str
    """Of the filter."""
    names: frozenset[str]
    """Every name it can be called by, without case."""
    attributes: tuple[Attribute, ...]
    api_names: dict[str, str]
    """Display name by apiName (without case), of a custom type."""

    def attribute(self, given: str) -> Attribute | None:
        """Return the attribute of a display name, apiName or key, in any case."""
        wanted = given.casefold()
        wanted = self.api_names.get(wanted, wanted).casefold()
        for one in self.attributes:
            if wanted in (one.name.casefold(), one.key.casefold()):
                return one
        return None


def activities(site: Subscription) -> list[FilteredActivity]:
    """Return every activity type that can be filtered: the native ones and the approved custom ones."""
    found = [
        _made(
            native.id,
            FILTER_NAMES.get(native.name, native.name),
            names=[native.name],
            primary=Attribute(PRIMARY, native.primary[0], "text", primary=True) if native.primary else None,
            attributes=[Attribute(name, name, kind_of(data_type)) for name, data_type in native.attributes],
        )
        for native in site.types
    ]
    return found + [_custom(one) for one in site.custom_types if one.approved is not None]


def _custom(custom: CustomType) -> FilteredActivity:
    version = custom.approved
    if version is None or version.primary is None:
        raise ValueError(f"custom type {custom.api_name} is not approved")
    primary = version.primary
    return _made(
        custom.id,
        version.filter_name,
        # A custom type that has a native one's name can be called by the name of its filter, too.
        names=[version.name, custom.api_name, FILTER_NAMES.get(version.name, version.name)],
        primary=Attribute(PRIMARY, primary.name, kind_of(primary.data_type), primary=True),
        attributes=[Attribute(one.name, one.name, kind_of(one.data_type)) for one in version.attributes],
        api_names={one.api_name.casefold(): one.name for one in version.every_attribute()},
    )


def _made(
    type_id: int,
    name: str,
    *,
    names: list[str],
    primary: Attribute | None,
    attributes: list[Attribute],
    api_names: dict[str, str] | None = None,
) -> FilteredActivity:
    columns = [Attribute(PRIMARY_ID, PRIMARY_ID, "number"), Attribute(CAMPAIGN_ID, CAMPAIGN_ID, "number")]
    return FilteredActivity(
        type_id,
        name,
        frozenset(one.casefold() for one in (name, *names)),
        (*([primary] if primary else []), *attributes, *columns),
        api_names or {},
    )


def activity(site: Subscription, given: object) -> FilteredActivity:
    """Return the activity of a type id or of any of its names; LookupError when there is none, or more than one."""
    known = activities(site)
    if isinstance(given, int) or str(given).isdecimal():
        found = [one for one in known if one.type_id == int(str(given))]
    else:
        found = [one for one in known if str(given).casefold() in one.names]
    if not found:
        raise LookupError(f"there is no activity {given!r}")
    if len(found) > 1:
        raise LookupError(f"{given!r} is the name of several activities: use an id, {[one.type_id for one in found]}")
    return found[0]
