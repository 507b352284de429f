"""The smart lists that a subscription begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription

_SEED: tuple[dict[str, Any], ...] = (
    {
        "name": "Visited Web Page in Past 7 Days",
        "description": "Who looked at a page lately",
        "filters": [{"activity": "Visited Web Page", "date": {"operator": "in past", "value": "7 days"}}],
    },
    {
        "name": "Engaged and Reachable",
        "description": "Opened or clicked lately, and may be written to",
        "rule": "1 and (2 or 3)",
        "filters": [
            {"field": "unsubscribed", "operator": "is", "value": False},
            {"activity": "Opened Email", "date": {"operator": "in past", "value": "30 days"}},
            {"activity": "Had Interesting Moment", "atLeast": 2},
        ],
    },
    {
        "name": "On the Newsletter List, not Opened",
        "filters": [{"list": "Newsletter"}, {"activity": "Opened Email", "not": True}],
    },
)
_CRM: dict[str, Any] = {
    "name": "Owned by a Seller",
    "filters": [{"field": "sfdcLeadOwnerId", "operator": "starts with", "value": "005"}],
}
_SALES: dict[str, Any] = {
    "name": "Was Sent Sales Email in Past 7 Days",
    "filters": [{"activity": "Was Sent Sales Email", "date": {"operator": "in past", "value": "7 days"}}],
}


def seed_smart_lists(site: Subscription, *, at: str) -> None:
    """Fill the table; `at` is the wire time they were made at. Their lists and types must be there."""
    seeds = [*_SEED]
    if site.switches.crm == "salesforce":
        seeds.append(_CRM)
    if site.adobe_actions:
        seeds.append(_SALES)
    for one in seeds:
        site.smart_lists.define(one)
    site.database.execute("UPDATE smart_lists SET created_at = ?, updated_at = ?", (at, at))
