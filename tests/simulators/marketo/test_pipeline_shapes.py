"""Every shape of path, method, parameter and body that means the same call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from actionsync_simulators.marketo.gateway.unserved import UNSERVED

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json; charset=utf-8"}
LEADS = "/rest/v1/leads.json"


def ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer.result]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/rest/../bulk/v1/leads/export.json",
        "/bulk/v1/./leads/export.json",
        "/rest/v1/../../bulk/v1/leads/export.json",
        "/../bulk/v1/leads/export.json",
        "/rest/%2e%2e/bulk/v1/leads/export.json",
    ],
)
async def test_dot_segments_are_resolved_before_routing(api: Any, path: str) -> None:
    assert (await api.get(path)).result == []


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["//rest/v1/leads/describe.json", "/rest//v1/leads/describe.json"])
async def test_a_doubled_slash_is_unknown_unless_collapsed(make_api: Callable[..., Any], path: str) -> None:
    assert (await make_api().get(path)).code == "610"
    assert (await make_api(collapse_double_slash="on").get(path)).code is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/rest/v1/nothing.json",
        "/rest/v1/leads",
        "/rest/v1/Leads.json",
        "/bulk/v2/leads/export.json",
        "/rest/v1/lead/.json",
        "/rest/v1/lead/1/2.json",
        "/",
        "/identity/oauth/token.json",
    ],
)
async def test_an_unknown_path_answers_610(api: Any, path: str) -> None:
    assert (await api.get(path)).code == "610"


@pytest.mark.asyncio
@pytest.mark.parametrize(("method", "path"), UNSERVED[::7])
async def test_a_known_path_that_is_not_served_answers_703(api: Any, method: str, path: str) -> None:
    answer = await api.request(method, path.replace("{}", "1"))
    assert (answer.code, answer.status) == ("703", 200)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", LEADS),
        ("HEAD", LEADS),
        ("DELETE", "/rest/v1/leads/describe.json"),
        ("DELETE", "/rest/v1/campaigns.json"),
    ],
)
async def test_a_known_path_with_another_method_answers_605(api: Any, method: str, path: str) -> None:
    answer = await api.request(method, path)
    if method == "HEAD":
        assert (answer.status, answer.body) == (200, b"")
    else:
        assert (answer.code, answer.message) == ("605", f"HTTP Method '{method}' not supported")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "body", "headers"),
    [
        ("_method=GET&filterType=id&filterValues=1001,1002", b"", {}),
        ("_method=GET", b"filterType=id&filterValues=1001,1002", FORM),
        ("", b"_method=GET&filterType=id&filterValues=1001%2C1002", FORM),
        ("", b"_method=GET&filterType=id&filterValues=1001&filterValues=1002", FORM),
        ("filterType=id", b"_method=get&filterValues=1001,1002", FORM),
        ("filterType=email", b"_method=GET&filterType=id&filterValues=1001,1002", FORM),
        ("filterType=id&filterValues=1001", b"_method=GET&filterValues=1002", FORM),
        ("_method=GET", b'{"filterType":"id","filterValues":[1001,1002]}', JSON),
        ("_method=GET", b'{"filterType":"id","filterValues":"1001,1002"}', JSON),
        ("", b'{"_method":"GET","filterType":"id","filterValues":["1001","1002"]}', JSON),
    ],
)
async def test_a_get_is_tunnelled_through_post_in_every_shape(
    seeded: Any, query: str, body: bytes, headers: dict[str, str]
) -> None:
    assert ids(await seeded.request("POST", LEADS, query=query, body=body, headers=headers)) == [1001, 1002]


@pytest.mark.asyncio
@pytest.mark.parametrize("fields", ["fields=email,phone", "fields=email&fields=phone", "fields=email%2Cphone"])
async def test_multi_value_parameters_come_in_three_shapes(seeded: Any, fields: str) -> None:
    answer = await seeded.request("GET", "/rest/v1/lead/1001.json", query=fields)
    assert list(answer.result[0]) == ["id", "email", "phone"]


@pytest.mark.asyncio
async def test_delete_is_tunnelled_and_post_as_method_is_noise(seeded: Any) -> None:
    body = b'{"input":[{"id":1001}]}'
    deleted = await seeded.request("POST", LEADS, query="_method=DELETE", body=body, headers=JSON)
    assert deleted.result == [{"id": 1001, "status": "deleted"}]
    noise = b'{"_method":"POST","input":[{"email":"noise@example.com"}]}'
    assert (await seeded.request("POST", LEADS, body=noise, headers=JSON)).result[0]["status"] == "created"
    job = (
        await seeded.post("/bulk/v1/leads/export/create.json", {"fields": ["id"], "filter": {"staticListId": 1001}})
    ).result[0]["exportId"]
    enqueued = await seeded.form(f"/bulk/v1/leads/export/{job}/enqueue.json", _method="POST")
    assert enqueued.result[0]["status"] == "Queued"


@pytest.mark.asyncio
async def test_an_unknown_tunnelled_method_answers_605(api: Any) -> None:
    assert (await api.request("POST", LEADS, query="_method=PUT")).code == "605"


@pytest.mark.asyncio
async def test_a_get_may_carry_a_body_and_a_delete_too(seeded: Any) -> None:
    described = await seeded.request("GET", "/rest/v1/leads/describe.json", body=b"_method=GET", headers=FORM)
    assert described.code is None
    assert (await seeded.request("GET", "/rest/v1/leads/describe.json", body=b"\x00", headers={})).code is None
    removed = await seeded.delete("/rest/v1/lists/1002/leads.json", {"input": [{"id": 1001}]})
    assert removed.result == [{"id": 1001, "status": "removed"}]


@pytest.mark.asyncio
async def test_unknown_parameters_and_top_level_members_are_ignored(seeded: Any) -> None:
    assert (await seeded.get("/rest/v1/leads/describe.json", batchSize=300, other="x")).code is None
    rows = await seeded.sync({"email": "stray@example.com"}, **{"asyncProcessing ": False, "other": 1})
    assert rows[0]["status"] == "created"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("method", "query", "body", "content_type", "code"),
    [
        ("POST", "", b'{"input":[]}', "text/plain", "612"),
        ("POST", "", b'{"input":[]}', "", "612"),
        ("POST", "", b"input=1", "application/x-www-form-urlencoded", "612"),
        ("POST", "_method=GET", b"x", "text/plain", "612"),
        ("DELETE", "", b"<a/>", "application/xml", "612"),
        ("POST", "", b"{", "application/json", "609"),
        ("POST", "", b"[1]", "application/json", "609"),
        ("POST", "", b'{"a":"\xff"}', "application/json", "609"),
        ("POST", "_method=GET", b"{", "application/json", "609"),
        ("POST", "", b"", "text/plain", "1002"),
        ("POST", "", b"", "application/json", "1002"),
    ],
)
async def test_content_type_and_syntax_of_json_bodies(
    api: Any, method: str, query: str, body: bytes, content_type: str, code: str
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    assert (await api.request(method, LEADS, query=query, body=body, headers=headers)).code == code


@pytest.mark.asyncio
@pytest.mark.parametrize("headers", [{}, FORM, JSON, {"content-type": "text/plain"}])
async def test_endpoints_without_a_body_take_any_or_no_content_type(seeded: Any, headers: dict[str, str]) -> None:
    answer = await seeded.request(
        "POST", "/rest/v1/leads/1001/merge.json", query="leadIds=1002", body=b"", headers=headers
    )
    assert answer.json == {"requestId": answer.json["requestId"], "success": True}
