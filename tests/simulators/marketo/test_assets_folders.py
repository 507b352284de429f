"""Folders of the asset API: finding, browsing, changing, and what lies in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

ASSET = "/rest/asset/v1"
FOLDERS, BY_NAME = f"{ASSET}/folders.json", f"{ASSET}/folder/byName.json"
WARNING = ["No assets found for the given search criteria."]


def parent(place_id: int, kind: str = "Folder") -> str:
    return json.dumps({"id": place_id, "type": kind})


def folder(folder_id: int, call: str = "") -> str:
    return f"{ASSET}/folder/{folder_id}{call}.json"


@pytest.mark.asyncio
@pytest.mark.behaviour("asset-times")
async def test_the_system_folder_of_lists_as_the_vendor_shows_it(api: Any) -> None:
    answer = (await api.get(BY_NAME, name="Group Lists")).json
    assert list(answer) == ["success", "errors", "requestId", "warnings", "result"]
    assert (answer["success"], answer["errors"], answer["warnings"]) == (True, [], [])
    (row,) = answer["result"]
    assert row.pop("createdAt") == row.pop("updatedAt") == "2026-11-24T12:00:00Z+0000"
    assert row == {
        "name": "Group Lists",
        "description": "",
        "url": "https://app.simulator.example/#ML0A1",
        "folderId": {"id": 12, "type": "Folder"},
        "folderType": "List",
        "parent": {"id": 5, "type": "Folder"},
        "path": "/Lead Database/Default/Group Lists",
        "isArchive": False,
        "isSystem": True,
        "accessZoneId": 1,
        "workspace": "Default",
        "id": 12,
    }


@pytest.mark.asyncio
async def test_every_area_has_its_system_folders(api: Any) -> None:
    for name in ("Group Smart Lists", "Marketing Activities", "Design Studio", "Lead Database", "Emails"):
        (row,) = (await api.get(BY_NAME, name=name)).result
        assert row["isSystem"] is True
    assert row["path"] == "/Design Studio/Default/Emails"


@pytest.mark.asyncio
@pytest.mark.behaviour("asset-nothing-found")
@pytest.mark.parametrize(
    ("path", "params"),
    [
        (BY_NAME, {"name": "group lists"}),
        (BY_NAME, {"name": "Group Lists", "type": "Program"}),
        (BY_NAME, {"name": "Group Lists", "workSpace": "Elsewhere"}),
        (BY_NAME, {"name": "Group Lists", "root": "14", "type": "Folder"}),
        (FOLDERS, {"offset": 1000}),
        (FOLDERS, {"root": parent(99)}),
        (FOLDERS, {"workSpace": "Elsewhere"}),
        (folder(13, "/content"), {"type": "Folder"}),
        (folder(12, "/tokens"), {}),
    ],
)
async def test_finding_nothing_is_a_success_with_a_warning(api: Any, path: str, params: dict[str, Any]) -> None:
    answer = (await api.get(path, **params)).json
    assert (answer["success"], answer["warnings"], "result" in answer) == (True, WARNING, False)


@pytest.mark.asyncio
@pytest.mark.behaviour("folders-by-name-all")
async def test_a_name_finds_every_folder_and_the_program_of_it(seeded: Any) -> None:
    assert [row["id"] for row in (await seeded.get(BY_NAME, name="Default")).result] == [2, 5, 15]
    below = (await seeded.get(BY_NAME, name="Default", root=parent(14))).result
    assert [row["path"] for row in below] == ["/Marketing Activities/Default"]
    (program,) = (await seeded.get(BY_NAME, name="Monthly Newsletter")).result
    assert program["folderId"] == {"id": 1001, "type": "Program"}
    assert program["folderType"] == "Nurture Program"
    assert program["path"] == "/Marketing Activities/Default/Active Programs/Monthly Newsletter"


@pytest.mark.asyncio
@pytest.mark.behaviour("folder-or-program")
async def test_the_type_tells_a_folder_from_a_program_of_the_same_id(seeded: Any) -> None:
    seeded.simulator.database.execute("UPDATE folders SET id = 1001 WHERE id = 404")
    assert (await seeded.get(folder(1001), type="folder")).result[0]["name"] == "Sales Lists"
    assert (await seeded.get(folder(1001), type="Program")).result[0]["name"] == "Monthly Newsletter"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        (BY_NAME, {}, "701"),
        (BY_NAME, {"name": " "}, "701"),
        (BY_NAME, {"name": "Default", "root": "14"}, "701"),
        (BY_NAME, {"name": "Default", "type": "Zone"}, "1001"),
        (folder(12), {}, "701"),
        (folder(999), {"type": "Folder"}, "702"),
        (folder(12), {"type": "Program"}, "702"),
        (folder(12), {"type": "Zone"}, "1001"),
        (folder(999, "/content"), {}, "702"),
        (folder(12, "/content"), {"type": "x"}, "1001"),
        (folder(999, "/tokens"), {}, "702"),
        (folder(12, "/tokens"), {"folderType": "x"}, "1001"),
        (FOLDERS, {"root": "x"}, "1001"),
        (FOLDERS, {"root": '{"id":"x","type":"Folder"}'}, "1001"),
        (FOLDERS, {"maxDepth": "x"}, "1001"),
    ],
)
async def test_refused_reads(api: Any, path: str, params: dict[str, Any], code: str) -> None:
    assert (await api.get(path, **params)).code == code


@pytest.mark.asyncio
async def test_a_missing_folder_warns_where_the_subscription_does(make_api: Any) -> None:
    answer = (await make_api(missing_asset="warning").get(folder(999), type="Folder")).json
    assert (answer["success"], answer["warnings"], "result" in answer) == (True, WARNING, False)


@pytest.mark.asyncio
@pytest.mark.behaviour("folders-depth")
@pytest.mark.behaviour("asset-page-clamped")
async def test_browsing_goes_down_from_the_root_level_by_level(seeded: Any) -> None:
    async def names(**params: Any) -> list[str]:
        return [row["name"] for row in (await seeded.get(FOLDERS, root=parent(14), **params)).result]

    assert await names(maxDepth=0) == ["Marketing Activities"]
    assert await names(maxDepth=1) == ["Marketing Activities", "Default"]
    two = ["Marketing Activities", "Default", "Active Programs", "Events", "Operational"]
    assert await names() == await names(maxDepth=2) == two
    deep = await names(maxDepth=9, maxReturn=500)
    assert deep[2:6] == ["Active Programs", "Monthly Newsletter", "Spring Launch", "Contact Us"]
    assert len(deep) == 11
    assert await names(maxDepth=9, maxReturn=0, offset=-3) == deep[:1]
    assert await names(maxDepth=9, maxReturn=4, offset=8) == deep[8:]
    assert len((await seeded.get(FOLDERS)).result) == 18
    assert len((await seeded.get(FOLDERS, maxReturn=5)).result) == 5


@pytest.mark.asyncio
@pytest.mark.behaviour("folder-kind-inherited")
async def test_create_change_fill_and_delete_a_folder(seeded: Any) -> None:
    answer = await seeded.form(FOLDERS, name="Summer", parent=parent(401), description="All of it")
    (made,) = answer.result
    assert made["id"] > 404
    assert (made["folderType"], made["isSystem"], made["description"]) == ("Marketing Folder", False, "All of it")
    assert made["path"] == "/Marketing Activities/Default/Active Programs/Summer"
    assert made["url"] == f"https://app.simulator.example/#MF{made['id']}A1"
    await seeded.advance(minutes=5)
    (changed,) = (await seeded.form(folder(made["id"]), name="Sommer", isArchive="true", type="Folder")).result
    assert (changed["name"], changed["isArchive"], changed["description"]) == ("Sommer", True, "All of it")
    assert (changed["createdAt"], changed["updatedAt"]) == (made["createdAt"], "2026-11-24T12:05:00Z+0000")
    assert (await seeded.get(folder(made["id"]), type="Folder")).result == [changed]
    inner = (await seeded.form(FOLDERS, name="Inner", parent=parent(made["id"]))).result[0]
    assert (await seeded.form(folder(made["id"], "/delete"))).code == "709"
    assert (await seeded.form(folder(inner["id"], "/delete"), type="Folder")).result == [{"id": inner["id"]}]
    assert (await seeded.post(folder(made["id"], "/delete"))).result == [{"id": made["id"]}]
    assert (await seeded.get(folder(made["id"]), type="Folder")).code == "702"


@pytest.mark.asyncio
@pytest.mark.behaviour("folder-kind-inherited")
@pytest.mark.parametrize(
    ("place", "kind"),
    [(parent(12), "List"), (parent(15), "Marketing Folder"), (parent(1001, "Program"), "Marketing Folder")],
)
async def test_what_a_folder_holds_follows_from_its_parent(seeded: Any, place: str, kind: str) -> None:
    assert (await seeded.form(FOLDERS, name="New", parent=place)).result[0]["folderType"] == kind


@pytest.mark.asyncio
@pytest.mark.behaviour("loose-parent")
@pytest.mark.parametrize("text", ["{'id': 12, 'type': Folder}", '{"type":"folder","id":"12"}', "{id:12,type:'FOLDER'}"])
async def test_a_parent_in_loose_json_is_understood(api: Any, text: str) -> None:
    assert (await api.form(FOLDERS, name="New", parent=text)).result[0]["parent"] == {"id": 12, "type": "Folder"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "form", "code"),
    [
        (FOLDERS, {"parent": parent(12)}, "701"),
        (FOLDERS, {"name": "New"}, "701"),
        (FOLDERS, {"name": "New", "parent": "12"}, "1001"),
        (FOLDERS, {"name": "New", "parent": '{"id":12}'}, "1001"),
        (FOLDERS, {"name": "New", "parent": parent(12, "Zone")}, "1001"),
        (FOLDERS, {"name": "New", "parent": parent(999)}, "710"),
        (FOLDERS, {"name": "New", "parent": parent(999, "Program")}, "710"),
        (FOLDERS, {"name": "New", "parent": parent(1)}, "711"),
        (FOLDERS, {"name": "New", "parent": parent(14)}, "711"),
        (FOLDERS, {"name": "Sales Lists", "parent": parent(12)}, "709"),
        (FOLDERS, {"name": "n" * 256, "parent": parent(12)}, "709"),
        (FOLDERS, {"name": "New", "description": "d" * 2001, "parent": parent(12)}, "709"),
        (folder(999), {"name": "New"}, "702"),
        (folder(12), {"name": "New"}, "709"),
        (folder(1001), {"name": "New", "type": "Program"}, "709"),
        (folder(404), {"name": " "}, "701"),
        (folder(402), {"name": "Operational"}, "709"),
        (folder(404), {"isArchive": "perhaps"}, "1001"),
        (folder(999, "/delete"), {}, "702"),
        (folder(13, "/delete"), {}, "709"),
        (folder(404, "/delete"), {}, "709"),
        (folder(1006, "/delete"), {"type": "Program"}, "709"),
        (folder(404, "/delete"), {"type": "Zone"}, "1001"),
    ],
)
async def test_refused_writes_change_nothing(seeded: Any, path: str, form: dict[str, str], code: str) -> None:
    before = seeded.simulator.database.rows("SELECT * FROM folders")
    assert (await seeded.form(path, **form)).code == code
    assert [tuple(row) for row in seeded.simulator.database.rows("SELECT * FROM folders")] == [
        tuple(row) for row in before
    ]


@pytest.mark.asyncio
async def test_contents_name_what_lies_directly_in_a_place(seeded: Any) -> None:
    programs = [{"id": number, "type": "Program"} for number in (1001, 1002, 1003)]
    assert (await seeded.get(folder(401, "/content"), type="Folder")).result == programs
    assert (await seeded.get(folder(401, "/content"), maxReturn=1, offset=1)).result == programs[1:2]
    assert (await seeded.get(folder(1001, "/content"), type="Program")).result == [
        {"id": 1002, "type": "Static List"},
        {"id": 1502, "type": "Email"},
        {"id": 1504, "type": "Email"},
        {"id": 1100, "type": "Smart Campaign"},
    ]


@pytest.mark.asyncio
async def test_reads_and_writes_need_their_permissions(seeded: Any) -> None:
    role = {"client_id": "c", "client_secret": "s", "user": "u@simulator.example"}
    await seeded.control("POST", "users", role | {"permissions": ["Read-Only Asset"]})
    seeded.client_id, seeded.client_secret, seeded.token = "c", "s", None
    assert (await seeded.get(folder(12), type="Folder")).code is None
    assert (await seeded.form(FOLDERS, name="New", parent=parent(12))).code == "603"
