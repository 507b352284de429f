"""The calls for smart campaigns, of the lead database and of the asset API."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param, Schema
from actionsync_simulators.marketo.assets.request import PAGING, WINDOW
from actionsync_simulators.marketo.campaigns import assets, rest
from actionsync_simulators.marketo.gateway.parameters import PAGE, TEXT, WHOLE, record
from actionsync_simulators.marketo.gateway.route import (
    EXECUTE_CAMPAIGN,
    READ_ASSET,
    READ_CAMPAIGN,
    WRITE_ASSET,
    WRITE_CAMPAIGN,
    Route,
    get,
    post,
)

REST = "/rest/v1"
ASSET = "/rest/asset/v1"
RUN = (EXECUTE_CAMPAIGN, WRITE_CAMPAIGN)
BATCH = Param("campaignId", "integer", required=True, description="id of a batch campaign", example="1100")
TRIGGERED = Param("campaignId", "integer", required=True, description="id of a trigger campaign", example="1130")
CAMPAIGN_ID = Param("id", "integer", required=True, description="id of a smart campaign", example="1100")
NEW_PARENT = Param("folder", "json", required=True, description="Parent", example='{"id":401,"type":"Folder"}')
DESCRIPTION = Param("description", description="At most 2000 characters")

_TOKENS: Schema = {"type": "array", "maxItems": 100, "items": record("name", name=TEXT, value=TEXT)}
_LEADS: Schema = {"type": "array", "minItems": 1, "maxItems": 100, "items": record("id", id=WHOLE)}
_REQUEST = record("input", input=record("leads", leads=_LEADS, tokens=_TOKENS))
_SCHEDULE = record(
    input=record(runAt={"type": "string", "format": "date-time"}, cloneToProgramName=TEXT, tokens=_TOKENS)
)

ROUTES: tuple[Route, ...] = (
    get(
        f"{REST}/campaigns.json",
        READ_CAMPAIGN,
        rest.browse,
        params=(
            Param("id", "integers"),
            Param("name", "strings"),
            Param("programName", "strings"),
            Param("workspaceName", "strings"),
            Param("isTriggerable", "boolean", description="Only what campaigns/{id}/trigger accepts"),
            *PAGE,
        ),
        errors=("1001", "1003"),
        behaviours=(Behaviour("campaigns-token-alone", "Only nextPageToken tells of more; there is no moreResult"),),
    ),
    get(f"{REST}/campaigns/{{campaignId}}.json", READ_CAMPAIGN, rest.by_id, params=(BATCH,), errors=("1001", "1013")),
    post(
        f"{REST}/campaigns/{{campaignId}}/trigger.json",
        RUN,
        rest.request,
        params=(TRIGGERED,),
        schema=_REQUEST,
        errors=("1001", "1002", "1003", "1004", "1013"),
        behaviours=(
            Behaviour("request-runs-flow", "Each person gets an activity 47 and goes through the flow at once"),
            Behaviour("request-all-or-none", "One unknown person, and the campaign runs for nobody"),
            Behaviour(
                "campaign-tokens", "Given tokens replace those of the campaign's place for this run; others do not"
            ),
            Behaviour("campaign-once", "With qualification rule once, nobody goes through a campaign twice"),
            Behaviour("campaign-permissions", "Execute Campaign is enough, and so is Read-Write Campaign"),
        ),
    ),
    post(
        f"{REST}/campaigns/{{campaignId}}/schedule.json",
        RUN,
        rest.schedule,
        params=(BATCH,),
        schema=_SCHEDULE,
        errors=("1001", "1003", "1013", "1020", "1042"),
        behaviours=(
            Behaviour("schedule-five-minutes", "Without runAt, or with an earlier one, it runs in five minutes"),
            Behaviour("schedule-runs", "When its time comes, the flow runs on whoever is in the audience then"),
            Behaviour("schedule-clones", "cloneToProgramName schedules the campaign in a clone of its program"),
        ),
    ),
    get(
        f"{ASSET}/smartCampaigns.json",
        READ_ASSET,
        assets.browse,
        params=(
            Param(
                "folder", "json", description='`{"id":1001,"type":"Program"}`', example='{"id":1001,"type":"Program"}'
            ),
            Param("isActive", "boolean", description="Only active ones"),
            *PAGING,
            *WINDOW,
        ),
        errors=("704", "709", "1001"),
    ),
    post(
        f"{ASSET}/smartCampaigns.json",
        WRITE_ASSET,
        assets.create,
        body="form",
        params=(Param("name", required=True, description="At most 255 characters"), NEW_PARENT, DESCRIPTION),
        errors=("701", "709", "710", "711", "1001"),
    ),
    get(
        f"{ASSET}/smartCampaign/byName.json",
        READ_ASSET,
        assets.by_name,
        params=(Param("name", required=True, description="Exact name", example="Ask For A Call"),),
        errors=("701",),
    ),
    get(f"{ASSET}/smartCampaign/{{id}}.json", READ_ASSET, assets.by_id, params=(CAMPAIGN_ID,), errors=("702", "1001")),
    post(
        f"{ASSET}/smartCampaign/{{id}}.json",
        WRITE_ASSET,
        assets.update,
        body="form",
        params=(CAMPAIGN_ID, Param("name", description="At most 255 characters"), DESCRIPTION),
        errors=("701", "702", "709", "1001"),
    ),
    post(
        f"{ASSET}/smartCampaign/{{id}}/clone.json",
        WRITE_ASSET,
        assets.clone,
        body="form",
        params=(CAMPAIGN_ID, Param("name", required=True), NEW_PARENT, DESCRIPTION),
        errors=("701", "702", "709", "710", "711", "1001"),
        behaviours=(Behaviour("campaign-clone-inactive", "A clone has type, audience and flow, and is not active"),),
    ),
    post(
        f"{ASSET}/smartCampaign/{{id}}/delete.json",
        WRITE_ASSET,
        assets.delete,
        params=(CAMPAIGN_ID,),
        body="any",
        errors=("702", "709", "1001"),
    ),
    post(
        f"{ASSET}/smartCampaign/{{id}}/activate.json",
        WRITE_ASSET,
        assets.activate,
        params=(CAMPAIGN_ID,),
        body="any",
        errors=("702", "709", "1001"),
        behaviours=(Behaviour("activate-needs-trigger", "Only a campaign with trigger and flow can be activated"),),
    ),
    post(
        f"{ASSET}/smartCampaign/{{id}}/deactivate.json",
        WRITE_ASSET,
        assets.deactivate,
        params=(CAMPAIGN_ID,),
        body="any",
        errors=("702", "709", "1001"),
    ),
)
