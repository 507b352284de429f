"""Associate a web cookie with a known lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.leads.read import check_there, cookie_of

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription


def associate(site: Subscription, call: Call) -> Members:
    """POST leads/{id}/associate?cookie=…: no `result` on success."""
    lead_id = as_integer(call.arguments[0])
    cookie = cookie_of(call.required("cookie"))
    check_there(site, call, lead_id)
    site.leads.add_cookie(lead_id, cookie)
    return {}
