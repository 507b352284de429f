"""The calls for static lists and their members."""

from __future__ import annotations

from actionsync_simulators.marketo.gateway.route import READ_LEAD, WRITE_LEAD, Route, delete, get, post
from actionsync_simulators.marketo.lists import membership

ROUTES: tuple[Route, ...] = (
    get("/rest/v1/lists.json", READ_LEAD, membership.browse),
    get("/rest/v1/lists/{listId}.json", READ_LEAD, membership.by_id),
    get("/rest/v1/list/{listId}/leads.json", READ_LEAD, membership.members),
    get("/rest/v1/lists/{listId}/leads.json", READ_LEAD, membership.members),
    post("/rest/v1/list/{listId}/leads.json", WRITE_LEAD, membership.add),
    post("/rest/v1/lists/{listId}/leads.json", WRITE_LEAD, membership.add),
    delete("/rest/v1/list/{listId}/leads.json", WRITE_LEAD, membership.remove),
    delete("/rest/v1/lists/{listId}/leads.json", WRITE_LEAD, membership.remove),
    get("/rest/v1/lists/{listId}/leads/ismember.json", READ_LEAD, membership.is_member),
)
