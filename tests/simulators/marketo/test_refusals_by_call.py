"""Refusals of single calls by their input, one row per call and code: what the tests by subject leave out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

JSON = {"content-type": "application/json"}
BAD_TOKEN = "nextPageToken=nonsense"
TOO_MANY = "id=" + ",".join(str(number) for number in range(1, 302))
LISTS = ("/rest/v1/list", "/rest/v1/lists")
EXTERNAL = "/rest/v1/activities/external"
CONF = f"{EXTERNAL}/type/conf"
EXPORTS = "/bulk/v1/activities/export"
UNKNOWN_JOB = "00000000-0000-4000-8000-000000000000"


def attribute(**members: Any) -> dict[str, Any]:
    return {"attributes": [{"apiName": "other", "name": "Other", "dataType": "string", **members}]}


WHOLE_CALLS = [
    ("DELETE", "/rest/v1/leads.json", "id=x", None, "1001"),
    ("DELETE", "/rest/v1/leads.json", "", None, "1002"),
    ("DELETE", "/rest/v1/leads.json", TOO_MANY, None, "1003"),
    ("POST", "/rest/v1/leads/x/associate.json", "cookie=_mch-example.com-1-1", None, "1001"),
    ("GET", "/rest/v1/leads/x/listMembership.json", "", None, "1001"),
    ("GET", "/rest/v1/leads/1001/listMembership.json", BAD_TOKEN, None, "1003"),
    ("GET", "/rest/v1/lists.json", "id=x", None, "1001"),
    ("GET", "/rest/v1/lists.json", "batchSize=0", None, "1003"),
    ("GET", "/rest/v1/lists/x.json", "", None, "1001"),
    *(
        (method, f"{path}/{list_id}/leads.json", query, None, code)
        for path in LISTS
        for method, list_id, query, code in (
            ("GET", "x", "", "1001"),
            ("GET", "1001", BAD_TOKEN, "1003"),
            ("GET", "1001", "fields=nope", "1006"),
            ("GET", "9", "", "1013"),
            ("POST", "1001", "id=x", "1001"),
            ("POST", "1001", "", "1002"),
            ("POST", "1001", TOO_MANY, "1003"),
            ("POST", "9", "id=1001", "1013"),
            ("DELETE", "1001", "id=x", "1001"),
            ("DELETE", "1001", "", "1002"),
            ("DELETE", "1001", TOO_MANY, "1003"),
            ("DELETE", "9", "id=1001", "1013"),
        )
    ),
    ("GET", "/rest/v1/lists/1001/leads/ismember.json", "", None, "1002"),
    ("GET", "/rest/v1/lists/1001/leads/ismember.json", TOO_MANY, None, "1003"),
    ("GET", "/rest/v1/lists/9/leads/ismember.json", "id=1001", None, "1013"),
    ("GET", "/rest/v1/activities/leadchanges.json", "nextPageToken={token}&fields=email&leadIds=x", None, "1001"),
    ("GET", "/rest/v1/activities/leadchanges.json", "nextPageToken={token}&fields=email&listId=9", None, "1013"),
    ("GET", "/rest/v1/activities/deletedleads.json", "nextPageToken={token}&batchSize=x", None, "1001"),
    ("GET", f"{CONF}/describe.json", "draft=maybe", None, "1001"),
    ("POST", f"{CONF}.json", "", {"name": 1}, "1001"),
    ("POST", f"{CONF}.json", "", {"primaryAttribute": {"name": "P"}}, "1002"),
    ("POST", f"{CONF}.json", "", {"name": "!"}, "1003"),
    ("POST", f"{CONF}/attributes/create.json", "", attribute(description=1), "1001"),
    ("POST", f"{CONF}/attributes/update.json", "", {}, "1002"),
    ("POST", f"{CONF}/attributes/update.json", "", attribute(apiName="p", name="!"), "1003"),
    ("POST", f"{CONF}/attributes/update.json", "", attribute(apiName="p", isPrimary=False), "1028"),
    ("POST", f"{CONF}/attributes/delete.json", "", attribute(apiName=1), "1001"),
    ("POST", f"{CONF}/attributes/delete.json", "", {"attributes": {}, "x": 1}, "1002"),
    ("POST", f"{CONF}/attributes/delete.json", "", {"attributes": ["p"]}, "1003"),
    ("GET", "/bulk/v1/leads/export.json", "batchSize=x", None, "1001"),
    ("GET", f"{EXPORTS}.json", "batchSize=x", None, "1001"),
    ("GET", f"{EXPORTS}.json", "status=lost", None, "1003"),
]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("method", "path", "query", "body", "code"),
    WHOLE_CALLS,
    ids=[f"{method} {path} {code}" for method, path, _, _, code in WHOLE_CALLS],
)
async def test_a_call_is_refused_as_a_whole(
    seeded: Any, method: str, path: str, query: str, body: dict[str, Any] | None, code: str
) -> None:
    if path.startswith(CONF):
        await _conference(seeded)
    document = b"" if body is None else orjson.dumps(body)
    query = query.replace("{token}", await seeded.cursor())
    assert (await seeded.request(method, path, query=query, body=document, headers=JSON)).code == code


async def _conference(api: Any) -> None:
    """A type with a primary attribute and twenty others."""
    names = dict.fromkeys(("name", "triggerName", "filterName"), "Conference")
    await api.post(
        f"{EXTERNAL}/type.json", {**names, "apiName": "conf", "primaryAttribute": {"apiName": "p", "name": "P"}}
    )
    twenty = [{"apiName": f"a{number}", "name": f"A{number}", "dataType": "string"} for number in range(20)]
    assert (await api.post(f"{CONF}/attributes/create.json", {"attributes": twenty})).code is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_secret": ""}, 401, "unauthorized"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
    ],
)
async def test_a_token_request_by_form_is_refused(api: Any, changes: dict[str, str], status: int, error: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": api.client_id, "client_secret": api.client_secret}
    answer = await api.request(
        "POST",
        "/identity/oauth/token",
        body=urlencode(form | changes).encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
        token=None,
    )
    assert (answer.status, answer.json["error"]) == (status, error)


@pytest.mark.asyncio
async def test_moves_between_partitions_are_refused_one_by_one(make_api: Callable[..., Any]) -> None:
    api = make_api(partitions=("Default", "EU", "US"))
    lead_id = await api.create(email="home@example.com")
    user = {"client_id": "p", "client_secret": "s", "user": "p@example.com", "permissions": ["Read-Write Lead"]}
    await api.control("POST", "users", {**user, "partitions": ["EU"]})
    moves = [{"id": "x", "partitionName": "EU"}, {"id": lead_id, "partitionName": "EU"}]
    rows = (await type(api)(api.simulator, "p", "s").post("/rest/v1/leads/partitions.json", {"input": moves})).result
    assert [row["reasons"][0]["code"] for row in rows] == ["1001", "1008"]


@pytest.mark.asyncio
async def test_an_activity_job_is_refused_by_volume_queue_and_status(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, limits="vendor")
    body = {"filter": {"createdAt": {"startAt": "2026-11-01T00:00:00Z", "endAt": "2026-11-20T00:00:00Z"}}}
    job = f"{EXPORTS}/{(await api.post(f'{EXPORTS}/create.json', body)).result[0]['exportId']}"
    file, _ = await api.export(body, kind="activities")
    ranged = await api.request("GET", file, headers={"range": "bytes=999999999-"})
    assert ranged.status == 416
    assert (await api.post(file.replace("/file.json", "/cancel.json"))).code == "1003"
    api.simulator.set_limits({"export_bytes_today": 600 << 20})
    assert (await api.post(f"{job}/enqueue.json")).code == "1029"
    assert (await api.post(f"{EXPORTS}/create.json", body)).code == "1029"
