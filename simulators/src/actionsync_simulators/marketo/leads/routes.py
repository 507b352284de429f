"""The calls for people."""

from __future__ import annotations

from actionsync_simulators.marketo.fields import describe
from actionsync_simulators.marketo.gateway.route import READ_ASSET, READ_LEAD, WRITE_LEAD, Route, delete, get, post
from actionsync_simulators.marketo.leads import associate, memberships, merge, partitions, read, sync
from actionsync_simulators.marketo.leads import delete as deletion

ROUTES: tuple[Route, ...] = (
    get("/rest/v1/lead/{leadId}.json", READ_LEAD, read.by_id),
    get("/rest/v1/leads.json", READ_LEAD, read.by_filter),
    post("/rest/v1/leads.json", WRITE_LEAD, sync.sync),
    delete("/rest/v1/leads.json", WRITE_LEAD, deletion.delete),
    post("/rest/v1/leads/delete.json", WRITE_LEAD, deletion.delete),
    get("/rest/v1/leads/describe.json", READ_LEAD, describe.describe),
    get("/rest/v1/leads/describe2.json", READ_LEAD, describe.describe2),
    get("/rest/v1/leads/partitions.json", READ_LEAD, partitions.partitions),
    post("/rest/v1/leads/partitions.json", WRITE_LEAD, partitions.change),
    post("/rest/v1/leads/{leadId}/merge.json", WRITE_LEAD, merge.merge, body="any"),
    post("/rest/v1/leads/{leadId}/associate.json", WRITE_LEAD, associate.associate, body="any"),
    get("/rest/v1/leads/{leadId}/listMembership.json", READ_ASSET, memberships.lists_of_lead),
)
