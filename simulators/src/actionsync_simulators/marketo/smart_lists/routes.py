"""The calls for smart lists."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.marketo.assets.request import PAGING, WINDOW
from actionsync_simulators.marketo.gateway.route import READ_ASSET, WRITE_ASSET, Route, get, post
from actionsync_simulators.marketo.smart_lists import calls

ID = Param("id", "integer", required=True, description="id of a smart list", example="2001")
RULES = Param("includeRules", "boolean", description="whether its rules come with it", example="true")
NAME = Param("name", required=True, description="name of a smart list", example="Visited Web Page in Past 7 Days")
FOLDER = Param("folder", "json", description="the folder or program that it lies in")

ROUTES: tuple[Route, ...] = (
    get(
        "/rest/asset/v1/smartLists.json",
        READ_ASSET,
        calls.browse,
        params=(FOLDER, *WINDOW, *PAGING),
        errors=("704", "709", "1001"),
        behaviours=(Behaviour("smart-lists-browse", "pages by offset, narrowed by place and by time of change"),),
    ),
    get(
        "/rest/asset/v1/smartList/byName.json",
        READ_ASSET,
        calls.by_name,
        params=(NAME,),
        errors=("701",),
        behaviours=(Behaviour("smart-list-by-name", "a name that none has is a success with a warning"),),
    ),
    get(
        "/rest/asset/v1/smartList/{id}.json",
        READ_ASSET,
        calls.by_id,
        params=(ID, RULES),
        errors=("702", "1001"),
        behaviours=(Behaviour("smart-list-rules", "includeRules adds filters with their operators and values"),),
    ),
    get(
        "/rest/asset/v1/smartCampaign/{campaignId}/smartList.json",
        READ_ASSET,
        calls.of_campaign,
        params=(
            Param("campaignId", "integer", required=True, description="id of a smart campaign", example="1130"),
            RULES,
        ),
        errors=("702", "1001"),
        behaviours=(Behaviour("campaign-smart-list", "its rules hold the trigger and the audience of the campaign"),),
    ),
    post(
        "/rest/asset/v1/smartList/{id}/clone.json",
        WRITE_ASSET,
        calls.clone,
        body="form",
        params=(
            ID,
            Param("name", required=True, description="of the copy", example="Copy of a smart list"),
            Param("folder", "json", required=True, description="where to put it", example='{"id":13,"type":"Folder"}'),
            Param("description", description="of the copy; without it that of the original"),
        ),
        errors=("701", "702", "709", "710", "711", "1001"),
        behaviours=(Behaviour("smart-list-clone", "the copy finds the same people"),),
    ),
    post(
        "/rest/asset/v1/smartList/{id}/delete.json",
        WRITE_ASSET,
        calls.delete,
        body="form",
        params=(ID,),
        errors=("702", "709", "1001"),
        behaviours=(
            Behaviour(
                "smart-list-in-use", "one that a smart list, a campaign or an unfinished export uses is kept: 709"
            ),
        ),
    ),
)
