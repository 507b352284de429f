"""Delete leads, in each of the shapes clients use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.gateway.call import skipped
from actionsync_simulators.marketo.gateway.errors import api_error
from actionsync_simulators.marketo.leads.read import is_there

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription


def delete(site: Subscription, call: Call) -> Members:
    """POST leads/delete or DELETE leads: one row per id, in order; an id given twice is gone the second time."""
    result = []
    for lead_id in call.record_ids():
        if not is_there(site, call, lead_id):
            result.append(skipped(api_error("1004"), id=lead_id))
        else:
            site.leads.delete(lead_id)
            result.append({"id": lead_id, "status": "deleted"})
    return {"result": result}
