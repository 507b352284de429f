"""Which objects publish change events, and which topics there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from actionsync_simulators.salesforce.events.event_schema import change_event_name
from actionsync_simulators.salesforce.events.log import Wanted
from actionsync_simulators.salesforce.schema import SObject

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.state import Org

CAPABLE = frozenset(
    {
        "Account",
        "Campaign",
        "CampaignMember",
        "Contact",
        "Event",
        "Individual",
        "Lead",
        "Opportunity",
        "OpportunityContactRole",
        "Task",
        "User",
    }
)
"""Standard objects that have change events; custom objects all have."""
ALL_EVENTS = "/data/ChangeEvents"
_SELECTED, _CHANNELS, _PLATFORM = "change_event_objects", "change_event_channels", "platform_events"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that can be subscribed to. `entity` is the one object or platform event it is about, if it is one."""

    name: str
    kind: Literal["object", "channel", "platform"]
    wanted: Wanted
    entity: str | None = None


class Selection:
    """What the org publishes: a setting made through `/_sim`, kept with the rows."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self.reload()

    def reload(self) -> None:
        """Read the settings again, after the database has been restored."""
        setting = self._org.setting
        selected = setting(_SELECTED)
        self.selected: frozenset[str] = frozenset(
            self._org.switches.change_event_objects if selected is None else selected
        )
        self.channels: dict[str, tuple[str, ...]] = {
            name: tuple(members) for name, members in (setting(_CHANNELS) or {}).items()
        }
        self.platform_events: dict[str, dict[str, str]] = setting(_PLATFORM) or {}
        self.captured: frozenset[str] = self.selected.union(*self.channels.values())

    def select(self, names: Sequence[str]) -> None:
        """Select exactly these objects for the standard channel."""
        self._org.save_setting(_SELECTED, sorted(names))
        self.reload()

    def set_channel(self, name: str, members: Sequence[str]) -> None:
        """Make a custom channel (`Name__chn`) of these objects; without members it goes away."""
        channels: dict[str, list[str]] = {other: list(each) for other, each in self.channels.items() if other != name}
        if members:
            channels[name] = sorted(members)
        self._org.save_setting(_CHANNELS, channels)
        self.reload()

    def define_platform_event(self, name: str, fields: Mapping[str, str]) -> None:
        """Define a platform event (`Name__e`): field name → "text", "checkbox", "number" or "datetime"."""
        self._org.save_setting(_PLATFORM, {**self.platform_events, name: dict(fields)})
        self.reload()

    def topic(self, name: str) -> Topic | None:
        """The topic of that name, or None."""
        if name == ALL_EVENTS:
            return Topic(name, "channel", Wanted(None))
        if name.startswith("/event/"):
            event = name.removeprefix("/event/")
            if event in self.platform_events:
                return Topic(name, "platform", Wanted((event,)), event)
            return None
        if not name.startswith("/data/"):
            return None
        rest = name.removeprefix("/data/")
        if rest in self.channels:
            return Topic(name, "channel", Wanted(self.channels[rest], standard_only=False))
        found = next(
            (each for each in self._org.schema if can_publish(each) and change_event_name(each.name) == rest), None
        )
        return None if found is None else Topic(name, "object", Wanted((found.name,)), found.name)


def can_publish(sobject: SObject) -> bool:
    """Whether an object has change events at all."""
    return sobject.name in CAPABLE or sobject.custom
