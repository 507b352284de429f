"""Which static lists a lead is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.gateway.call import as_integer
from actionsync_simulators.marketo.leads.read import check_there

if TYPE_CHECKING:
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription


def lists_of_lead(site: Subscription, call: Call) -> Members:
    """GET leads/{id}/listMembership: pages of list ids with the time of joining."""
    lead_id = as_integer(call.arguments[0])
    check_there(site, call, lead_id)
    batch = call.batch_size()
    token = call.text("nextPageToken")
    after = site.paging.read(token).row if token else 0
    rows = site.database.rows(
        "SELECT list_id, created_at, updated_at FROM list_members WHERE lead_id = ? AND list_id > ?"
        " ORDER BY list_id LIMIT ?",
        (lead_id, after, batch + 1),
    )
    result = [
        {"listId": row["list_id"], "createdAt": row["created_at"], "updatedAt": row["updated_at"]}
        for row in rows[:batch]
    ]
    if len(rows) <= batch:
        return {"result": result, "moreResult": False}
    return {"result": result, "nextPageToken": site.paging.for_row(result[-1]["listId"]), "moreResult": True}
