"""Managed subscriptions: the org itself remembers how far a subscriber got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.state import Org

_SETTING = "managed_subscriptions"
KEY_PREFIX = "18x"


@dataclass(frozen=True, slots=True)
class ManagedSubscription:
    """One of them. `position` is what was committed last; None where nothing has been.

    `earliest`: without a committed place it begins with the oldest event, else with the next one.
    """

    id: str
    developer_name: str
    topic: str
    earliest: bool = False
    running: bool = True
    position: int | None = None

    def plain(self) -> dict[str, Any]:
        """As the settings and the control plane hold it."""
        return {
            "id": self.id,
            "developer_name": self.developer_name,
            "topic": self.topic,
            "earliest": self.earliest,
            "running": self.running,
            "position": self.position,
        }


def managed_subscriptions(org: Org) -> list[ManagedSubscription]:
    """All of them."""
    return [ManagedSubscription(**plain) for plain in org.setting(_SETTING) or []]


def keep_managed_subscription(org: Org, subscription: ManagedSubscription) -> None:
    """Add one, or replace that of the same id."""
    others = [each for each in managed_subscriptions(org) if each.id != subscription.id]
    org.save_setting(_SETTING, [each.plain() for each in [*others, subscription]])
