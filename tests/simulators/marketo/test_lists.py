"""Static lists: reading, adding, removing and checking members; finding lists; the lists of a lead."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

LIST = "/rest/v1/lists/1003/leads.json"
JSON = {"content-type": "application/json"}
MISSING = {"status": "skipped", "reasons": [{"code": "1004", "message": "Lead not found"}]}


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [LIST, "/rest/v1/list/1003/leads.json"])
@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("id=1001&id=9&id=1002", None),
        ("id=1001,9,1002", None),
        ("", {"input": [{"id": 1001}, {"id": 9}, {"id": 1002}]}),
    ],
)
@pytest.mark.behaviour("list-is-member")
@pytest.mark.behaviour("list-add-again")
async def test_add_check_and_remove_in_every_shape(seeded: Any, path: str, query: str, body: Any) -> None:
    content = b"" if body is None else orjson.dumps(body)

    async def send(method: str, at: str, more: str = "") -> Any:
        joined = "&".join(part for part in (query, more) if part)
        return (await seeded.request(method, at, query=joined, body=content, headers=JSON)).result

    ids = [1001, 9, 1002]
    check = "/rest/v1/lists/1003/leads/ismember.json"
    rows = await send("GET" if not content else "POST", check, "_method=GET")
    assert [row["status"] for row in rows] == ["notmemberof", "skipped", "notmemberof"]
    for _ in range(2):
        rows = await send("POST", path)
        assert rows == [{"id": 1001, "status": "added"}, {"id": 9, **MISSING}, {"id": 1002, "status": "added"}]
    assert [row["id"] for row in (await seeded.get(path)).result] == [1001, 1002]
    rows = await send("POST", check, "_method=GET")
    assert [(row["id"], row["status"]) for row in rows] == list(
        zip(ids, ["memberof", "skipped", "memberof"], strict=True)
    )
    rows = await send("DELETE", path)
    assert rows == [{"id": 1001, "status": "removed"}, {"id": 9, **MISSING}, {"id": 1002, "status": "removed"}]
    rows = await send("POST", path, "_method=DELETE")
    assert rows[0] == {
        "id": 1001,
        "status": "skipped",
        "reasons": [{"code": "1015", "message": "Lead not in list"}],
    }
    assert [row["activityTypeId"] for row in await seeded.activities(24, 25)] == [24, 24, 25, 25]


@pytest.mark.asyncio
@pytest.mark.behaviour("list-rows")
async def test_membership_rows_carry_the_list(seeded: Any) -> None:
    await seeded.post("/rest/v1/lists/1002/leads.json", id=1002)
    await seeded.post(LIST, id=1002)
    in_program, alone = await seeded.activities(24)
    assert (in_program["primaryAttributeValueId"], in_program["primaryAttributeValue"]) == (
        1002,
        "Monthly Newsletter.Newsletter",
    )
    assert (alone["primaryAttributeValueId"], alone["primaryAttributeValue"]) == (1003, "Empty List")
    assert alone["attributes"] == [{"name": "Source", "value": "Web service API"}]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("method", "path", "params", "code"),
    [
        ("GET", "/rest/v1/lists/9/leads.json", {}, "1013"),
        ("GET", "/rest/v1/lists/x/leads.json", {}, "1001"),
        ("POST", "/rest/v1/lists/9/leads.json", {"id": 1001}, "1013"),
        ("POST", LIST, {}, "1002"),
        ("POST", LIST, {"id": "1&id=2"}, "1001"),
        ("DELETE", LIST, {"id": "1&id=2"}, "1001"),
        ("GET", "/rest/v1/lists/1003/leads/ismember.json", {"id": "1&id=2"}, "1001"),
        ("GET", LIST, {"fields": "nope"}, "1006"),
        ("GET", LIST, {"batchSize": 301}, "1003"),
        ("GET", LIST, {"nextPageToken": "x"}, "1003"),
        ("GET", "/rest/v1/lists/9.json", {}, "1013"),
    ],
)
async def test_refusals(seeded: Any, method: str, path: str, params: dict[str, Any], code: str) -> None:
    calls = {"GET": seeded.get, "POST": seeded.post, "DELETE": seeded.delete}
    assert (await calls[method](path, **params)).code == code


@pytest.mark.asyncio
async def test_over_300_ids_are_refused(seeded: Any) -> None:
    assert (await seeded.post(LIST, {"input": [{"id": number} for number in range(301)]})).code == "1003"


@pytest.mark.asyncio
@pytest.mark.behaviour("list-members-pages")
async def test_members_are_paged_by_token_alone(seeded: Any) -> None:
    path = "/rest/v1/lists/1002/leads.json"
    everyone = (await seeded.get(path)).result
    assert len(everyone) == 40
    assert set(everyone[0]) == {"id", "email", "updatedAt", "createdAt", "firstName", "lastName"}
    seen: list[dict[str, Any]] = []
    params: dict[str, Any] = {"batchSize": 15, "_method": "GET"}
    while True:
        answer = await seeded.form("/rest/v1/list/1002/leads.json", **params)
        assert "moreResult" not in answer.json
        seen += answer.result
        if "nextPageToken" not in answer.json:
            break
        params["nextPageToken"] = answer.json["nextPageToken"]
    assert seen == everyone
    (row, *_) = (await seeded.get(path, fields="phone", batchSize=1)).result
    assert list(row) == ["id", "phone"]


@pytest.mark.asyncio
@pytest.mark.behaviour("lists-browse")
async def test_lists_are_found_by_id_name_program_and_workspace(seeded: Any) -> None:
    path = "/rest/v1/lists.json"
    rows = (await seeded.get(path)).result
    assert [row["id"] for row in rows] == [1001, 1002, 1003]
    assert rows[1] == {
        "id": 1002,
        "name": "Newsletter",
        "description": "Every tenth person",
        "programName": "Monthly Newsletter",
        "workspaceId": 1,
        "workspaceName": "Default",
        "createdAt": "2026-11-24T12:00:00Z",
        "updatedAt": "2026-11-24T12:00:00Z",
    }
    assert "description" not in rows[2]
    assert "programName" not in rows[2]
    for params, found in (
        ({"id": "1001,1003"}, [1001, 1003]),
        ({"id": [1001, 1003]}, [1001, 1003]),
        ({"name": "Empty List"}, [1003]),
        ({"name": "Empty"}, []),
        ({"programName": "Monthly Newsletter"}, [1002]),
        ({"workspaceName": "Default"}, [1001, 1002, 1003]),
        ({"workspaceName": "Other"}, []),
        ({"id": 1001, "name": "Newsletter"}, []),
    ):
        assert [row["id"] for row in (await seeded.get(path, **params)).result] == found, params
    first = await seeded.get(path, batchSize=2)
    assert "moreResult" not in first.json
    second = await seeded.get(path, batchSize=2, nextPageToken=first.json["nextPageToken"])
    assert [row["id"] for row in second.result] == [1003]
    assert "nextPageToken" not in second.json
    assert (await seeded.get("/rest/v1/lists/1002.json")).result == [rows[1]]


@pytest.mark.asyncio
@pytest.mark.behaviour("lists-of-a-lead")
async def test_the_lists_of_a_lead(seeded: Any) -> None:
    await seeded.post(LIST, id=1001)
    path = "/rest/v1/leads/1001/listMembership.json"
    answer = await seeded.get(path, batchSize=1)
    first, token = answer.result, answer.json["nextPageToken"]
    assert answer.json["moreResult"] is True
    lists = [row["listId"] for row in first]
    while token:
        answer = await seeded.get(path, batchSize=1, nextPageToken=token)
        lists += [row["listId"] for row in answer.result]
        token = answer.json.get("nextPageToken")
    assert lists[-1] == 1003
    assert set(first[0]) == {"listId", "createdAt", "updatedAt"}
    assert (await seeded.get("/rest/v1/leads/9/listMembership.json")).code == "1004"
