"""Every fault on every family of calls: identity, Lead Database, assets, bulk; and storms in the middle of a flow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

IDENTITY = "/identity/oauth/token"
REST = "/rest/v1/leads/describe.json"
ASSET = "/rest/asset/v1/smartLists.json"
BULK = "/bulk/v1/leads/export.json"
FAMILIES = (REST, ASSET, BULK)
STORM = ("502", "601", "602", "604", "606", "607", "608", "611", "615", "713", "719")


async def answered(api: Any, path: str) -> Any:
    return await (api.identity() if path == IDENTITY else api.get(path))


@pytest.mark.asyncio
@pytest.mark.parametrize("path", FAMILIES)
@pytest.mark.parametrize("code", STORM)
async def test_a_storm_of_an_error_passes(make_api: Callable[..., Any], path: str, code: str) -> None:
    api = make_api(people=True)
    await api.fault("error", path, error={"code": code}, times=3, nth=2)
    codes = [(await api.get(path)).code for _ in range(5)]
    assert codes == [None, code, code, code, None]
    errors = (await api.get("/rest/v1/stats/errors.json")).result[0]["errors"]
    assert errors == [{"errorCode": code, "count": 3}]


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [IDENTITY, *FAMILIES])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_gateway_trouble_is_a_real_status_everywhere(seeded: Any, path: str, status: int) -> None:
    words = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
    await seeded.fault("error", path, error={"code": str(status), "http_status": status})
    answer = await answered(seeded, path)
    assert (answer.status, answer.body.decode()) == (status, words[status])
    assert answer.headers["content-type"].startswith("text/plain")
    assert (await answered(seeded, path)).status == 200


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [IDENTITY, *FAMILIES])
async def test_a_connection_is_cut_before_or_after(seeded: Any, path: str) -> None:
    for action in ("drop_before", "commit_then_drop", "cut_answer"):
        await seeded.fault(action, path)
        with pytest.raises(ConnectionResetError):
            await answered(seeded, path)
        assert (await answered(seeded, path)).status == 200


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("code", "status", "description"),
    [
        ("invalid_client", 401, "Bad client credentials"),
        ("unauthorized", 401, "Full authentication is required to access this resource"),
        ("unsupported_grant_type", 400, "Unsupported grant type: client_credentials"),
    ],
)
async def test_identity_errors_in_the_words_of_oauth(api: Any, code: str, status: int, description: str) -> None:
    await api.fault("error", IDENTITY, error={"code": code})
    answer = await api.identity()
    assert (answer.status, answer.json) == (status, {"error": code, "error_description": description})


@pytest.mark.asyncio
async def test_writes_that_lose_their_answer_are_done_on_every_family(seeded: Any) -> None:
    """Commit, then no answer: the lead, the smart list and the export job are there."""
    await seeded.fault("commit_then_drop", "/rest/v1/leads.json", method="POST")
    with pytest.raises(ConnectionResetError):
        await seeded.sync({"email": "lost@example.com"})
    found = await seeded.get("/rest/v1/leads.json", filterType="email", filterValues="lost@example.com")
    assert len(found.result) == 1
    await seeded.fault("commit_then_drop", "/rest/asset/v1/smartList/*")
    with pytest.raises(ConnectionResetError):
        await seeded.form("/rest/asset/v1/smartList/2001/clone.json", name="Lost", folder='{"id":13,"type":"Folder"}')
    assert (await seeded.get("/rest/asset/v1/smartList/byName.json", name="Lost")).result[0]["name"] == "Lost"
    await seeded.fault("commit_then_drop", "/bulk/v1/leads/export/create.json")
    with pytest.raises(ConnectionResetError):
        await seeded.post("/bulk/v1/leads/export/create.json", {"fields": ["id"], "filter": {"smartListId": 2001}})
    assert len((await seeded.get(BULK)).result) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(("control", "code"), [("expire", "602"), ("revoke", "601")])
async def test_a_token_that_ends_in_the_middle_of_a_flow(seeded: Any, control: str, code: str) -> None:
    """Pages of a list, with the token gone between them: a new token goes on with the same page token."""
    params: dict[str, Any] = {"batchSize": 100}
    first = await seeded.get("/rest/v1/lists/1001/leads.json", **params)
    params["nextPageToken"] = first.json["nextPageToken"]
    await seeded.control("POST", f"tokens/{control}")
    for path in FAMILIES:
        assert (await seeded.get(path)).code == code
    assert (await seeded.get("/rest/v1/lists/1001/leads.json", **params)).code == code
    await seeded.log_in()
    second = await seeded.get("/rest/v1/lists/1001/leads.json", **params)
    assert second.result[0]["id"] > first.result[-1]["id"]


@pytest.mark.asyncio
async def test_a_completed_export_whose_file_is_gone(seeded: Any) -> None:
    path, status = await seeded.export({"fields": ["id"], "filter": {"staticListId": 1001}})
    await seeded.fault("error", "/bulk/v1/leads/export/*/file.json", error={"code": "404", "http_status": 404})
    gone = await seeded.get(path)
    assert (gone.status, gone.body, gone.headers["content-type"]) == (404, b"Not Found", "text/plain;charset=UTF-8")
    job = path.removesuffix("/file.json")
    assert (await seeded.get(f"{job}/status.json")).result[0]["status"] == "Completed"
    assert len((await seeded.get(path)).body) == status["fileSize"]


@pytest.mark.asyncio
async def test_rows_of_one_call_are_hidden_from_feeds_exports_and_smart_lists(api: Any) -> None:
    await api.log_in()
    since = await api.cursor()
    await api.fault("hide_rows", "/rest/v1/leads.json", seconds=60)
    lead_id = await api.create(email="a@example.com", leadScore=5)
    window = {"startAt": "2026-11-24T00:00:00Z", "endAt": "2026-11-25T00:00:00Z"}
    body = {"filter": {"createdAt": window}}

    async def seen() -> list[int]:
        rows = await api.activities(12, 13, 22, token=since)
        text = await api.exported(body, kind="activities")
        return [len(rows), len(text.splitlines()) - 1, len(await api.people_of({"activity": 12}))]

    assert await seen() == [0, 0, 0]
    await api.advance(seconds=60)
    rows, exported, found = await seen()
    assert rows == exported > 0
    assert found == 1
    assert (await api.get(f"/rest/v1/lead/{lead_id}.json")).code is None


@pytest.mark.asyncio
async def test_a_delay_holds_the_answer_on_every_family(seeded: Any) -> None:
    clock = seeded.simulator.clock
    await seeded.log_in()
    for path in (IDENTITY, *FAMILIES):
        await seeded.fault("delay", path, seconds=30)
    before = clock.now()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(answered(seeded, path)) for path in (IDENTITY, *FAMILIES)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in tasks)
        await seeded.advance(seconds=30)
    assert [task.result().status for task in tasks] == [200] * 4
    assert (clock.now() - before).total_seconds() >= 30
