"""Smart campaigns in the asset API: finding, making, changing, switching on and off."""

from __future__ import annotations

import json
from typing import Any

import pytest

ASSET = "/rest/asset/v1"
CAMPAIGNS, BY_NAME = f"{ASSET}/smartCampaigns.json", f"{ASSET}/smartCampaign/byName.json"
FOLDER = json.dumps({"id": 401, "type": "Folder"})
CONTACT_US = json.dumps({"id": 1003, "type": "Program"})


def campaign(campaign_id: int | str, call: str = "") -> str:
    return f"{ASSET}/smartCampaign/{campaign_id}{call}.json"


@pytest.mark.asyncio
async def test_a_campaign_as_the_vendor_shows_it(seeded: Any) -> None:
    (row,) = (await seeded.get(campaign(1130))).result
    assert (await seeded.get(BY_NAME, name="Ask For A Call")).result == [row]
    assert row == {
        "id": 1130,
        "name": "Ask For A Call",
        "description": "Tells sales that somebody wants to be called",
        "createdAt": "2026-06-27T12:00:00Z+0000",
        "updatedAt": "2026-06-27T12:00:00Z+0000",
        "folder": {"id": 1003, "type": "Program"},
        "status": "Active",
        "type": "trigger",
        "isSystem": False,
        "isActive": True,
        "isRequestable": True,
        "isCommunicationLimitEnabled": True,
        "recurrence": {"weekdayOnly": False},
        "qualificationRuleType": "any",
        "workspace": "Default",
        "smartListId": 3130,
        "flowId": 1130,
        "computedUrl": "https://app.simulator.example/#SC1130A1",
        "parentProgramId": 1003,
    }


@pytest.mark.asyncio
async def test_browse_by_parent_activity_window_and_page(seeded: Any) -> None:
    async def ids(**params: Any) -> list[int]:
        return [row["id"] for row in (await seeded.get(CAMPAIGNS, **params)).json.get("result", [])]

    assert await ids() == [1010, 1100, 1130, 1131]
    assert await ids(folder=CONTACT_US) == [1130]
    assert await ids(isActive="true") == [1130]
    assert await ids(isActive="false", offset=1, maxReturn=2) == [1100, 1130]
    assert await ids(earliestUpdatedAt="2026-06-28") == []


@pytest.mark.asyncio
async def test_create_change_and_delete_a_campaign(seeded: Any) -> None:
    (made,) = (await seeded.form(CAMPAIGNS, name="New", folder=FOLDER, description="d")).result
    assert (made["status"], made["type"], made["isActive"]) == ("Never Run", "batch", False)
    assert (made["qualificationRuleType"], "parentProgramId" in made) == ("once", False)
    (changed,) = (await seeded.form(campaign(made["id"]), name="Newer")).result
    assert (changed["name"], changed["description"]) == ("Newer", "d")
    assert (await seeded.get(f"/rest/v1/campaigns/{made['id']}.json")).result[0]["name"] == "Newer"
    assert (await seeded.post(campaign(made["id"], "/delete"))).result == [{"id": made["id"]}]
    assert (await seeded.get(campaign(made["id"]))).code == "702"


@pytest.mark.asyncio
@pytest.mark.behaviour("activate-needs-trigger")
async def test_activation_decides_whether_a_campaign_can_be_requested(seeded: Any) -> None:
    lead = await seeded.create(email="a@a.example")
    body = {"input": {"leads": [{"id": lead}]}}
    assert (await seeded.post("/rest/v1/campaigns/1131/trigger.json", body)).code == "1003"
    assert (await seeded.post(campaign(1131, "/activate"))).result == [{"id": 1131}]
    assert (await seeded.post("/rest/v1/campaigns/1131/trigger.json", body)).code is None
    assert (await seeded.post(campaign(1131, "/activate"))).code == "709"
    assert (await seeded.get(campaign(1131))).result[0]["status"] == "Active"
    assert (await seeded.post(campaign(1131, "/delete"))).code == "709"
    assert (await seeded.post(campaign(1131, "/deactivate"))).result == [{"id": 1131}]
    assert (await seeded.post(campaign(1131, "/deactivate"))).code == "709"
    assert (await seeded.post("/rest/v1/campaigns/1131/trigger.json", body)).code == "1003"
    assert (await seeded.get(campaign(1131))).result[0]["status"] == "Inactive"
    assert (await seeded.post(campaign(1100, "/activate"))).code == "709"


@pytest.mark.asyncio
@pytest.mark.behaviour("campaign-clone-inactive")
async def test_a_clone_does_the_same_once_it_is_active(seeded: Any) -> None:
    program = json.dumps({"id": 1006, "type": "Program"})
    (made,) = (await seeded.form(campaign(1130, "/clone"), name="Copy", folder=program)).result
    assert (made["type"], made["isActive"], made["parentProgramId"]) == ("trigger", False, 1006)
    assert (made["description"], made["flowId"]) == ("Tells sales that somebody wants to be called", made["id"])
    lead = await seeded.create(email="a@a.example")
    await seeded.post(campaign(made["id"], "/activate"))
    await seeded.post(f"/rest/v1/campaigns/{made['id']}/trigger.json", {"input": {"leads": [{"id": lead}]}})
    assert [row["id"] for row in (await seeded.get("/rest/v1/lists/1003/leads.json")).result] == [lead]


@pytest.mark.asyncio
async def test_a_batch_campaign_that_ran_shows_it(seeded: Any) -> None:
    await seeded.post("/rest/v1/campaigns/1100/schedule.json")
    assert (await seeded.get(campaign(1100))).result[0]["status"] == "Never Run"
    await seeded.advance(minutes=5)
    assert (await seeded.get(campaign(1100))).result[0]["status"] == "Single Run"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "form", "code"),
    [
        (CAMPAIGNS, {"folder": FOLDER}, "701"),
        (CAMPAIGNS, {"name": "New"}, "701"),
        (CAMPAIGNS, {"name": "New", "folder": "401"}, "1001"),
        (CAMPAIGNS, {"name": "Ask For A Call", "folder": CONTACT_US}, "709"),
        (CAMPAIGNS, {"name": "New", "folder": '{"id":999,"type":"Folder"}'}, "710"),
        (CAMPAIGNS, {"name": "New", "folder": '{"id":12,"type":"Folder"}'}, "711"),
        (campaign(999), {"name": "New"}, "702"),
        (campaign("x"), {"name": "New"}, "1001"),
        (campaign(1130), {"name": ""}, "701"),
        (campaign(1130), {"name": "n" * 256}, "709"),
        (campaign(999, "/clone"), {"name": "Copy", "folder": FOLDER}, "702"),
        (campaign(1130, "/clone"), {"folder": FOLDER}, "701"),
        (campaign(1130, "/clone"), {"name": "Ask For A Call", "folder": CONTACT_US}, "709"),
        (campaign(1130, "/clone"), {"name": "Copy", "folder": '{"id":999,"type":"Folder"}'}, "710"),
        (campaign(1130, "/clone"), {"name": "Copy", "folder": '{"id":11,"type":"Folder"}'}, "711"),
        (campaign(1130, "/clone"), {"name": "Copy", "folder": "x"}, "1001"),
        (campaign(999, "/delete"), {}, "702"),
        (campaign(1010, "/delete"), {}, "709"),
        (campaign("x", "/delete"), {}, "1001"),
        (campaign(999, "/activate"), {}, "702"),
        (campaign("x", "/activate"), {}, "1001"),
        (campaign(999, "/deactivate"), {}, "702"),
        (campaign("x", "/deactivate"), {}, "1001"),
    ],
)
async def test_refused_writes(seeded: Any, path: str, form: dict[str, str], code: str) -> None:
    assert (await seeded.form(path, **form)).code == code


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        (CAMPAIGNS, {"folder": "x"}, "1001"),
        (CAMPAIGNS, {"latestUpdatedAt": "x"}, "704"),
        (CAMPAIGNS, {"earliestUpdatedAt": "2026-02-01", "latestUpdatedAt": "2026-01-01"}, "709"),
        (BY_NAME, {}, "701"),
        (campaign(999), {}, "702"),
        (campaign("x"), {}, "1001"),
    ],
)
async def test_refused_reads(seeded: Any, path: str, params: dict[str, Any], code: str) -> None:
    assert (await seeded.get(path, **params)).code == code
