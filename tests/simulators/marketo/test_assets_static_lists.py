"""Definitions of static lists in the asset API, and that the lead database sees the same lists."""

from __future__ import annotations

import json
from typing import Any

import pytest

ASSET = "/rest/asset/v1"
LISTS, BY_NAME = f"{ASSET}/staticLists.json", f"{ASSET}/staticList/byName.json"
GROUP_LISTS = json.dumps({"id": 12, "type": "Folder"})
NEWSLETTER = json.dumps({"id": 1001, "type": "Program"})


def static_list(list_id: int | str, call: str = "") -> str:
    return f"{ASSET}/staticList/{list_id}{call}.json"


@pytest.mark.asyncio
@pytest.mark.behaviour("asset-times")
async def test_a_list_by_id_and_by_name(seeded: Any) -> None:
    (row,) = (await seeded.get(static_list(1002))).result
    assert (await seeded.get(BY_NAME, name="Newsletter")).result == [row]
    assert row == {
        "id": 1002,
        "name": "Newsletter",
        "description": "Every tenth person",
        "createdAt": "2026-11-24T12:00:00Z+0000",
        "updatedAt": "2026-11-24T12:00:00Z+0000",
        "folder": {"id": 1001, "type": "Program"},
        "computedUrl": "https://app.simulator.example/#ST1002A1",
    }


@pytest.mark.asyncio
async def test_browse_by_parent_window_and_page(seeded: Any) -> None:
    async def ids(**params: Any) -> list[int]:
        document = (await seeded.get(LISTS, **params)).json
        return [row["id"] for row in document.get("result", [])]

    assert await ids() == [1001, 1002, 1003]
    assert await ids(folder=GROUP_LISTS) == [1003]
    assert await ids(folder=NEWSLETTER) == [1002]
    assert await ids(maxReturn=1, offset=1) == [1002]
    await seeded.advance(minutes=1)
    await seeded.form(static_list(1002), description="Changed")
    assert await ids(earliestUpdatedAt="2026-11-24T12:00:30Z") == [1002]
    assert await ids(latestUpdatedAt="2026-11-24T12:00:30+00:00") == [1001, 1003]
    assert await ids(earliestUpdatedAt="2026-11-25T00:00:00Z") == []


@pytest.mark.asyncio
@pytest.mark.behaviour("list-of-program")
async def test_a_list_made_here_is_a_list_of_the_lead_database(seeded: Any) -> None:
    (made,) = (await seeded.form(LISTS, name="Guests", folder=NEWSLETTER, description="Invited")).result
    assert made["folder"] == {"id": 1001, "type": "Program"}
    (seen,) = (await seeded.get("/rest/v1/lists.json", programName="Monthly Newsletter", name="Guests")).result
    assert (seen["id"], seen["programName"], seen["workspaceName"]) == (made["id"], "Monthly Newsletter", "Default")
    path = f"/rest/v1/lists/{made['id']}/leads.json"
    await seeded.post(path, {"input": [{"id": 1001}]})
    (row,) = await seeded.activities(24)
    assert (row["primaryAttributeValueId"], row["primaryAttributeValue"]) == (made["id"], "Monthly Newsletter.Guests")
    (changed,) = (await seeded.form(static_list(made["id"]), name="Visitors")).result
    assert (changed["name"], changed["description"]) == ("Visitors", "Invited")
    assert (await seeded.get(f"/rest/v1/lists/{made['id']}.json")).result[0]["name"] == "Visitors"
    assert (await seeded.post(static_list(made["id"], "/delete"))).result == [{"id": made["id"]}]
    assert (await seeded.get(path)).code == "1013"
    assert seeded.simulator.database.value("SELECT count(*) FROM list_members WHERE list_id = ?", (made["id"],)) == 0


@pytest.mark.asyncio
@pytest.mark.behaviour("list-of-program")
async def test_a_list_in_a_folder_of_a_program_belongs_to_the_program(seeded: Any) -> None:
    (inner,) = (await seeded.form(f"{ASSET}/folders.json", name="Lists", parent=NEWSLETTER)).result
    place = json.dumps(inner["folderId"])
    (made,) = (await seeded.form(LISTS, name="Guests", folder=place)).result
    assert (await seeded.get(f"/rest/v1/lists/{made['id']}.json")).result[0]["programName"] == "Monthly Newsletter"


@pytest.mark.asyncio
async def test_an_id_is_never_used_again(seeded: Any) -> None:
    (first,) = (await seeded.form(LISTS, name="One", folder=GROUP_LISTS)).result
    await seeded.post(static_list(first["id"], "/delete"))
    (second,) = (await seeded.form(LISTS, name="One", folder=GROUP_LISTS)).result
    assert second["id"] > first["id"]


@pytest.mark.asyncio
@pytest.mark.behaviour("loose-parent")
async def test_a_parent_in_loose_json(seeded: Any) -> None:
    (made,) = (await seeded.form(LISTS, name="One", folder="{'id': 1001, 'type': Program}")).result
    assert made["folder"] == {"id": 1001, "type": "Program"}


@pytest.mark.asyncio
@pytest.mark.behaviour("list-in-use")
async def test_a_list_in_use_stays(seeded: Any) -> None:
    (job,) = (
        await seeded.post("/bulk/v1/leads/export/create.json", {"fields": ["id"], "filter": {"staticListId": 1001}})
    ).result
    assert job["status"] == "Created"
    answer = await seeded.post(static_list(1001, "/delete"))
    assert (answer.code, answer.message) == ("709", "Static list is in use by an export")
    await seeded.post(f"/bulk/v1/leads/export/{job['exportId']}/cancel.json")
    (made,) = (await seeded.form(LISTS, name="Used", folder=GROUP_LISTS)).result
    await seeded.upload("email\na@a.example\n", format="csv", listId=made["id"])
    answer = await seeded.post(static_list(made["id"], "/delete"))
    assert (answer.code, answer.message) == ("709", "Static list is in use by an import")
    await seeded.advance(seconds=5)
    await seeded.control("POST", "smart-lists", {"name": "Users", "filters": [{"list": made["id"]}]})
    answer = await seeded.post(static_list(made["id"], "/delete"))
    assert (answer.code, answer.message) == ("709", "Static list is in use by a smart list")
    for list_id in (1002, 1003):
        answer = await seeded.post(static_list(list_id, "/delete"))
        assert (answer.code, answer.message) == ("709", "Static list is in use by a smart campaign")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "form", "code"),
    [
        (LISTS, {"folder": GROUP_LISTS}, "701"),
        (LISTS, {"name": "One"}, "701"),
        (LISTS, {"name": "One", "folder": "Group Lists"}, "1001"),
        (LISTS, {"name": "Newsletter", "folder": GROUP_LISTS}, "709"),
        (LISTS, {"name": "n" * 256, "folder": GROUP_LISTS}, "709"),
        (LISTS, {"name": "One", "folder": '{"id":999,"type":"Folder"}'}, "710"),
        (LISTS, {"name": "One", "folder": '{"id":12,"type":"Program"}'}, "710"),
        (LISTS, {"name": "One", "folder": '{"id":11,"type":"Folder"}'}, "711"),
        (LISTS, {"name": "One", "folder": '{"id":5,"type":"Folder"}'}, "711"),
        (LISTS, {"name": "One", "folder": '{"id":401,"type":"Folder"}'}, "711"),
        (static_list(999), {"name": "One"}, "702"),
        (static_list(1001), {"name": ""}, "701"),
        (static_list(1001), {"name": "Newsletter"}, "709"),
        (static_list(1001), {"description": "d" * 2001}, "709"),
        (static_list(999, "/delete"), {}, "702"),
        (static_list("x"), {"name": "One"}, "1001"),
        (static_list("x", "/delete"), {}, "1001"),
    ],
)
async def test_refused_writes(seeded: Any, path: str, form: dict[str, str], code: str) -> None:
    assert (await seeded.form(path, **form)).code == code


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        (static_list(999), {}, "702"),
        (f"{ASSET}/staticList/x.json", {}, "1001"),
        (BY_NAME, {}, "701"),
        (LISTS, {"folder": "12"}, "1001"),
        (LISTS, {"maxReturn": "x"}, "1001"),
        (LISTS, {"earliestUpdatedAt": "yesterday"}, "704"),
        (LISTS, {"earliestUpdatedAt": "2026-02-01", "latestUpdatedAt": "2026-01-01"}, "709"),
    ],
)
async def test_refused_reads(seeded: Any, path: str, params: dict[str, Any], code: str) -> None:
    assert (await seeded.get(path, **params)).code == code
