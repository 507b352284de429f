"""Describe and describe2 of leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription


def describe(site: Subscription, _: Call) -> Members:
    """GET leads/describe: every field, with attribute id and REST and SOAP names."""
    return {"result": [field.describe() for field in site.fields.visible()]}


def describe2(site: Subscription, _: Call) -> Members:
    """GET leads/describe2: every field, and which of them filter leads."""
    return {
        "result": [
            {
                "name": "API Lead",
                "searchableFields": [[name] for name in site.fields.filter_types()],
                "fields": [field.describe2() for field in site.fields.visible()],
            }
        ]
    }
