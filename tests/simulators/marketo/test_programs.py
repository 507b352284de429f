"""Programs as assets: finding, creating, changing, cloning, approving and deleting them; channels and tags."""

from __future__ import annotations

import json
from typing import Any

import pytest

ASSET = "/rest/asset/v1"
PROGRAMS, BY_NAME, BY_TAG = f"{ASSET}/programs.json", f"{ASSET}/program/byName.json", f"{ASSET}/program/byTag.json"
FOLDER = json.dumps({"id": 401, "type": "Folder"})
NEW = {"name": "Summer", "folder": FOLDER, "type": "Default", "channel": "Operational"}


def program(program_id: int | str, call: str = "") -> str:
    return f"{ASSET}/program/{program_id}{call}.json"


async def ids(api: Any, path: str = PROGRAMS, **params: Any) -> list[int]:
    return [row["id"] for row in (await api.get(path, **params)).json.get("result", [])]


@pytest.mark.asyncio
@pytest.mark.behaviour("programs-without-tags")
async def test_programs_as_the_vendor_shows_them(seeded: Any) -> None:
    rows = (await seeded.get(PROGRAMS)).result
    assert rows[0] == {
        "id": 1001,
        "name": "Monthly Newsletter",
        "description": "One mail a month",
        "createdAt": "2026-06-27T12:00:00Z+0000",
        "updatedAt": "2026-06-27T12:00:00Z+0000",
        "url": "https://app.simulator.example/#NP1001A1",
        "type": "Engagement",
        "channel": "Nurture",
        "folder": {"type": "Folder", "value": 401, "folderName": "Active Programs"},
        "status": "on",
        "workspace": "Default",
        "headStart": False,
    }
    assert {row["type"] for row in rows} == {"Default", "Event", "Event with Webinar", "Email", "Engagement"}
    assert all("tags" not in row for row in rows)
    (event,) = (await seeded.get(program(1004))).result
    assert event["tags"] == [{"tagType": "Region", "tagValue": "Europe"}]
    assert (event["costs"], event["startDate"]) == (None, "2026-12-24T12:00:00Z+0000")


@pytest.mark.asyncio
async def test_programs_by_filter_status_window_and_page(seeded: Any) -> None:
    assert await ids(seeded, status="on") == [1001]
    assert await ids(seeded, status="Unlocked") == [1002]
    assert await ids(seeded, status="locked") == []
    assert await ids(seeded, filterType="id", filterValues="1002,1004,9") == [1002, 1004]
    assert await ids(seeded, filterType="programId", filterValues=1003) == [1003]
    assert await ids(seeded, filterType="folderId", filterValues=402) == [1004, 1005]
    assert await ids(seeded, filterType="workspace", filterValues="Default", maxReturn=2, offset=4) == [1005, 1006]
    assert await ids(seeded, earliestUpdatedAt="2026-06-28T00:00:00Z") == []
    assert await ids(seeded, latestUpdatedAt="2026-06-28T00:00:00-05:00", maxReturn=1) == [1001]
    assert await ids(seeded, BY_TAG, tagType="Region", tagValue="Europe") == [1004]
    assert await ids(seeded, BY_TAG, tagType="Region", tagValue="Americas") == []


@pytest.mark.asyncio
async def test_a_program_by_name_has_tags_and_costs_when_asked(seeded: Any) -> None:
    (row,) = (await seeded.get(BY_NAME, name="User Conference")).result
    assert "tags" not in row
    assert "costs" not in row
    (row,) = (await seeded.get(BY_NAME, name="User Conference", includeTags="true", includeCosts="True")).result
    assert (len(row["tags"]), row["costs"]) == (1, None)
    assert await ids(seeded, BY_NAME, name="user conference") == []


@pytest.mark.asyncio
async def test_create_change_and_delete_a_program(seeded: Any) -> None:
    costs = json.dumps([{"startDate": "2026-01-01", "cost": 2000}])
    tags = json.dumps([{"tagType": "Region", "tagValue": "Americas"}])
    (made,) = (await seeded.form(PROGRAMS, **NEW, description="d", costs=costs, tags=tags)).result
    assert (made["id"], made["status"], made["type"]) == (1007, "", "Default")
    assert made["costs"] == json.loads(costs)
    assert made["tags"] == json.loads(tags)
    more = json.dumps([{"startDate": "2026-02-01", "cost": 5}])
    (changed,) = (await seeded.form(program(1007), name="Sommer", costs=more)).result
    assert (changed["name"], changed["description"], len(changed["costs"])) == ("Sommer", "d", 2)
    (changed,) = (await seeded.form(program(1007), costs=more, costsDestructiveUpdate="true")).result
    assert changed["costs"] == json.loads(more)
    (changed,) = (await seeded.form(program(1007), costsDestructiveUpdate="true")).result
    assert (changed["costs"], changed["tags"]) == (None, json.loads(tags))
    assert (await seeded.post(program(1007, "/delete"))).result == [{"id": 1007}]
    assert (await seeded.get(program(1007))).code == "702"
    assert (await seeded.post(program(1001, "/delete"))).code == "709"


@pytest.mark.asyncio
@pytest.mark.behaviour("program-renamed")
async def test_a_renamed_program_is_renamed_for_its_lists(seeded: Any) -> None:
    await seeded.form(program(1001), name="Weekly Newsletter")
    assert (await seeded.get("/rest/v1/lists/1002.json")).result[0]["programName"] == "Weekly Newsletter"
    assert (await seeded.get("/rest/v1/lists.json", programName="Monthly Newsletter")).result == []


@pytest.mark.asyncio
async def test_an_email_program_is_approved_when_it_has_both_dates(seeded: Any) -> None:
    assert (await seeded.post(program(1002, "/approve"))).code == "709"
    assert (await seeded.post(program(1002, "/unapprove"))).code == "709"
    await seeded.form(program(1002), startDate="2026-12-01T15:00:00.000Z", endDate="2026-12-02T15:00:00.000Z")
    assert (await seeded.post(program(1002, "/approve"))).result == [{"id": 1002}]
    assert await ids(seeded, status="locked") == [1002]
    assert (await seeded.post(program(1002, "/approve"))).code == "709"
    assert (await seeded.post(program(1002, "/unapprove"))).result == [{"id": 1002}]
    assert await ids(seeded, status="unlocked") == [1002]


@pytest.mark.asyncio
@pytest.mark.behaviour("clone-brings-along")
async def test_a_clone_has_what_its_source_has_but_no_members(seeded: Any) -> None:
    (inner,) = (await seeded.form(f"{ASSET}/folders.json", name="In", parent='{"id":1003,"type":"Program"}')).result
    await seeded.form(
        f"{ASSET}/folder/{inner['id']}/tokens.json", name="a", type="text", value="b", folderType="Folder"
    )
    (made,) = (await seeded.form(program(1003, "/clone"), name="Copy", folder=FOLDER)).result
    assert (made["channel"], made["description"]) == ("Web Content", "The form of the web site")
    content = (await seeded.get(f"{ASSET}/folder/{made['id']}/content.json", type="Program")).result
    assert [row["type"] for row in content] == ["Folder", "Email", "Smart Campaign"]
    (tokens,) = (await seeded.get(f"{ASSET}/folder/{content[0]['id']}/tokens.json")).result
    assert [(one["name"], one["value"]) for one in tokens["tokens"]] == [("a", "b")]
    members = "SELECT count(*) FROM program_members WHERE program_id = ?"
    assert seeded.simulator.database.value(members, (1003,)) > 0
    assert seeded.simulator.database.value(members, (made["id"],)) == 0


@pytest.mark.asyncio
async def test_a_program_with_static_lists_cannot_be_cloned(seeded: Any) -> None:
    before = await ids(seeded)
    assert (await seeded.form(program(1001, "/clone"), name="Copy", folder=FOLDER)).code == "709"
    assert await ids(seeded) == before


@pytest.mark.asyncio
@pytest.mark.behaviour("channel-fits-type")
@pytest.mark.parametrize(
    ("path", "form", "code"),
    [
        (PROGRAMS, NEW | {"name": ""}, "701"),
        (PROGRAMS, NEW | {"folder": ""}, "701"),
        (PROGRAMS, NEW | {"type": ""}, "701"),
        (PROGRAMS, NEW | {"channel": ""}, "701"),
        (PROGRAMS, NEW | {"type": "Party"}, "709"),
        (PROGRAMS, NEW | {"channel": "Webinar"}, "709"),
        (PROGRAMS, NEW | {"name": "spring launch"}, "709"),
        (PROGRAMS, NEW | {"folder": '{"id":999,"type":"Folder"}'}, "710"),
        (PROGRAMS, NEW | {"folder": '{"id":12,"type":"Folder"}'}, "711"),
        (PROGRAMS, NEW | {"folder": '{"id":1003,"type":"Program"}'}, "711"),
        (PROGRAMS, NEW | {"costs": "much"}, "1001"),
        (PROGRAMS, NEW | {"costs": "{}"}, "1001"),
        (PROGRAMS, NEW | {"tags": '[{"tagType":"Region","tagValue":"Mars"}]'}, "709"),
        (PROGRAMS, NEW | {"startDate": "2026-01-01"}, "709"),
        (PROGRAMS, NEW | {"type": "Email", "channel": "Email Send", "startDate": "soon"}, "704"),
        (program(999), {"name": "New"}, "702"),
        (program(1001), {"name": ""}, "701"),
        (program(1001), {"name": "Spring Launch"}, "709"),
        (program(1002), {"endDate": "soon"}, "704"),
        (program(1002), {"startDate": "2026-02-01", "endDate": "2026-01-01"}, "709"),
        (program(1002), {"costs": "much"}, "1001"),
        (program(1003, "/clone"), {"folder": FOLDER}, "701"),
        (program(999, "/clone"), {"name": "Copy", "folder": FOLDER}, "702"),
        (program(1003, "/clone"), {"name": "Spring Launch", "folder": FOLDER}, "709"),
        (program(1003, "/clone"), {"name": "Copy", "folder": '{"id":999,"type":"Folder"}'}, "710"),
        (program(1003, "/clone"), {"name": "Copy", "folder": '{"id":1001,"type":"Program"}'}, "711"),
        (program(1003, "/clone"), {"name": "Copy", "folder": "401"}, "1001"),
        (program(999, "/approve"), {}, "702"),
        (program(1001, "/approve"), {}, "709"),
        (program("x", "/approve"), {}, "1001"),
        (program(999, "/unapprove"), {}, "702"),
        (program("x", "/unapprove"), {}, "1001"),
        (program(999, "/delete"), {}, "702"),
        (program("x", "/delete"), {}, "1001"),
    ],
)
async def test_refused_writes(seeded: Any, path: str, form: dict[str, str], code: str) -> None:
    assert (await seeded.form(path, **form)).code == code


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        (PROGRAMS, {"filterType": "id"}, "701"),
        (PROGRAMS, {"filterType": "name", "filterValues": "x"}, "1001"),
        (PROGRAMS, {"status": "sleeping"}, "1001"),
        (PROGRAMS, {"earliestUpdatedAt": "x"}, "704"),
        (PROGRAMS, {"earliestUpdatedAt": "2026-02-01", "latestUpdatedAt": "2026-01-01"}, "709"),
        (program(999), {}, "702"),
        (program("x"), {}, "1001"),
        (BY_NAME, {}, "701"),
        (BY_NAME, {"name": "x", "includeTags": "perhaps"}, "1001"),
        (BY_TAG, {"tagType": "Region"}, "701"),
        (BY_TAG, {"tagType": "Region", "tagValue": "Europe", "offset": "x"}, "1001"),
        (f"{ASSET}/channels.json", {"offset": "x"}, "1001"),
        (f"{ASSET}/channel/byName.json", {}, "701"),
        (f"{ASSET}/tagTypes.json", {"maxReturn": "x"}, "1001"),
        (f"{ASSET}/tagType/byName.json", {}, "701"),
    ],
)
async def test_refused_reads(seeded: Any, path: str, params: dict[str, Any], code: str) -> None:
    assert (await seeded.get(path, **params)).code == code


@pytest.mark.asyncio
async def test_channels_list_their_statuses_by_step(api: Any) -> None:
    names = [row["name"] for row in (await api.get(f"{ASSET}/channels.json")).result]
    assert names == ["Operational", "Web Content", "Trade Show", "Webinar", "Nurture", "Email Send"]
    for spelling in ("name", "Name"):
        (row,) = (await api.get(f"{ASSET}/channel/byName.json", **{spelling: "Webinar"})).result
        statuses = row["progressionStatuses"]
        assert [(one["name"], one["step"], one["success"]) for one in statuses] == [
            ("Not in Program", 0, False),
            ("Invited", 10, False),
            ("Registered", 20, False),
            ("Attended", 30, True),
        ]
    assert row["applicableProgramType"] == "event-webinar"


@pytest.mark.asyncio
async def test_tag_types_tell_their_values_by_name_only(api: Any) -> None:
    (row,) = (await api.get(f"{ASSET}/tagTypes.json")).result
    assert row == {"tagType": "Region", "applicableProgramTypes": "[program,event]", "required": False}
    (row,) = (await api.get(f"{ASSET}/tagType/byName.json", name="Region")).result
    assert row["allowableValues"] == "[Europe, Americas]"
