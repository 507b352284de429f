"""The way of a call: which refusal comes first, every shape of path, method and body, and the gateway's limits."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json; charset=utf-8"}
LEADS = "/rest/v1/leads.json"


def ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer.result]


# --------------------------------------------------------------------------------------------------------- paths


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
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/rest/v1/campaigns.json"),
        ("POST", "/rest/v1/leads/push.json"),
        ("GET", "/rest/v1/leads/1001/programMembership.json"),
        ("GET", "/rest/asset/v1/folder/byName.json"),
        ("POST", "/bulk/v1/program/members/export/create.json"),
        ("GET", "/rest/v1/customobjects/car_c/describe.json"),
    ],
)
async def test_a_known_path_that_is_not_served_answers_703(api: Any, method: str, path: str) -> None:
    answer = await api.request(method, path)
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


# ----------------------------------------------------------------------------------------- methods, parameters, bodies


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


# ------------------------------------------------------------------------------------------------- gateway limits


@pytest.mark.asyncio
async def test_a_uri_over_8_kb_is_a_real_414(api: Any) -> None:
    path = "/rest/v1/leads.json"
    fits = "a=" + "x" * (8_192 - len(path) - 3)
    assert (await api.request("GET", path, query=fits)).status == 200
    too_long = await api.request("GET", path, query=fits + "x", token=None)
    assert (too_long.status, too_long.headers["content-type"]) == (414, "text/plain;charset=UTF-8")


@pytest.mark.asyncio
async def test_a_body_over_1_mb_is_a_real_413_and_10_mb_for_imports(api: Any) -> None:
    megabyte = 1 << 20
    fits, too_long = b" " * megabyte, b" " * (megabyte + 1)
    assert (await api.request("POST", LEADS, body=fits, headers=JSON)).code == "609"
    assert (await api.request("POST", LEADS, body=too_long, headers=JSON, token=None)).status == 413
    assert (await api.request("POST", "/bulk/v1/leads.json", body=too_long)).code == "703"
    assert (await api.request("POST", "/bulk/v1/leads.json", body=too_long * 10)).status == 413


# ---------------------------------------------------------------------------------------------------------- order


@pytest.mark.asyncio
async def test_each_refusal_comes_before_the_next(make_api: Callable[..., Any]) -> None:
    """One call that is wrong in every way; each mistake is mended in turn and the next refusal shows."""
    api = make_api(limits="vendor", people=True)
    simulator = api.simulator
    reader = type(api)(simulator, "simulator-client-read-only", "simulator-secret-read-only")
    await reader.log_in()
    wrong: dict[str, Any] = {"query": "x" * 9_000, "body": b"{" * (2 << 20), "headers": {"content-type": "a/b"}}

    async def send(method: str = "PATCH", path: str = "/nowhere", token: str | None = None) -> Any:
        return await reader.request(method, path, token=token, **wrong)

    assert (await send()).status == 414
    wrong["query"] = ""
    assert (await send()).status == 413
    wrong["body"] = b"{"
    assert (await send()).code == "610"
    assert (await send(path=LEADS)).code == "605"
    assert (await send("POST", LEADS)).code == "600"
    assert (await send("POST", LEADS, "unknown")).code == "601"
    await api.fault("error", error={"code": "608"})
    simulator.set_limits({"calls_at_once": 0, "calls_per_window": 0, "calls_per_day": 0})
    for code, mend in (
        ("608", {}),
        ("615", {"calls_at_once": 10}),
        ("606", {"calls_per_window": 100}),
        ("607", {"calls_per_day": 1_000}),
        ("603", {}),
    ):
        assert (await send("POST", LEADS, reader.token)).code == code
        simulator.set_limits(mend)
    full = await api.log_in()
    assert (await send("POST", LEADS, full)).code == "612"
    wrong["headers"] = JSON
    assert (await send("POST", LEADS, full)).code == "609"
    wrong["body"] = b"{}"
    assert (await send("POST", LEADS, full)).code == "1002"


@pytest.mark.asyncio
async def test_a_wrong_method_is_refused_before_the_token_is_looked_at(api: Any) -> None:
    assert (await api.request("PUT", LEADS, token=None)).code == "605"


# -------------------------------------------------------------------------------------------------------- envelope


@pytest.mark.asyncio
async def test_the_envelope_of_success_and_failure(seeded: Any) -> None:
    good, bad = await seeded.get("/rest/v1/lead/1001.json"), await seeded.get("/rest/v1/lead/1.json")
    assert list(good.json) == ["requestId", "result", "success"]
    assert bad.json == {
        "requestId": bad.json["requestId"],
        "success": False,
        "errors": [{"code": "1004", "message": "Lead '1' not found"}],
    }
    for answer in (good, bad):
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json;charset=UTF-8")
        prefix, _, milliseconds = answer.json["requestId"].partition("#")
        assert 2 <= len(prefix) <= 5
        assert int(prefix, 16) > 0
        at = datetime.fromtimestamp(int(milliseconds, 16) / 1000, UTC)
        assert at == seeded.simulator.clock.now()
    assert good.json["requestId"] != bad.json["requestId"]


@pytest.mark.asyncio
async def test_long_answers_are_compressed_when_the_client_asks(seeded: Any) -> None:
    path = "/rest/v1/leads/describe.json"
    plain = await seeded.get(path)
    assert "content-encoding" not in plain.headers
    packed = await seeded.request("GET", path, headers={"accept-encoding": "gzip, deflate"})
    assert packed.headers["content-encoding"] == "gzip"
    assert orjson.loads(gzip.decompress(packed.body))["result"] == plain.result
    short = await seeded.request("GET", "/rest/v1/lead/1001.json", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in short.headers
    refused = await seeded.request("GET", path, headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


@pytest.mark.asyncio
async def test_an_unexpected_error_is_a_611_that_costs_nothing_and_changes_nothing(
    seeded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = seeded.simulator.subscription
    before = seeded.simulator.limits()["used"]["calls_today"]

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(site.recorder, "new_lead", broken)
    answer = await seeded.post(LEADS, {"input": [{"email": "lost@example.com"}]})
    assert answer.code == "611"
    assert seeded.simulator.limits()["used"]["calls_today"] == before
    assert (await seeded.get(LEADS, filterType="email", filterValues="lost@example.com")).result == []
    assert (await seeded.get("/rest/v1/stats/errors.json")).result[0]["errors"] == [{"errorCode": "611", "count": 1}]


# ---------------------------------------------------------------------------------------------------------- faults


@pytest.mark.asyncio
async def test_faults_fall_on_normalised_paths_and_effective_methods(api: Any) -> None:
    await api.fault("error", "/bulk/v1/leads/export.json", method="GET", error={"code": "713"})
    answer = await api.request("POST", "/rest/../bulk/v1/leads/export.json", query="_method=GET")
    assert (answer.code, answer.message) == ("713", "Transient Error")
    assert (await api.get("/bulk/v1/leads/export.json")).code is None


@pytest.mark.asyncio
async def test_a_gateway_fault_is_a_real_status_without_envelope(api: Any) -> None:
    await api.fault("error", error={"code": "502", "http_status": 502})
    answer = await api.get(LEADS)
    assert (answer.status, answer.headers["content-type"]) == (502, "text/plain;charset=UTF-8")


@pytest.mark.asyncio
async def test_drop_before_executes_nothing_and_commit_then_drop_does(api: Any) -> None:
    record = {"email": "once@example.com"}
    for action, found in (("drop_before", 0), ("commit_then_drop", 1)):
        await api.fault(action, LEADS, method="POST")
        with pytest.raises(ConnectionResetError):
            await api.post(LEADS, {"input": [record]})
        rows = (await api.get(LEADS, filterType="email", filterValues="once@example.com")).result
        assert len(rows) == found, action


@pytest.mark.asyncio
async def test_a_delayed_call_waits_in_simulator_time_and_holds_its_place(make_api: Callable[..., Any]) -> None:
    api = make_api(limits="vendor")
    await api.log_in()
    api.simulator.set_limits({"calls_at_once": 2})
    await api.fault("delay", "/rest/v1/leads/*", seconds=30, times=2)
    async with asyncio.TaskGroup() as group:
        slow = [group.create_task(api.get("/rest/v1/leads/describe.json")) for _ in range(2)]
        await asyncio.sleep(0)
        refused = await api.get("/rest/v1/activities/types.json")
        assert (refused.code, refused.message) == ("615", "Concurrent access limit '2' reached")
        await api.advance(seconds=29)
        assert not any(task.done() for task in slow)
        await api.advance(seconds=1)
    assert [task.result().code for task in slow] == [None, None]
    assert (await api.get("/rest/v1/activities/types.json")).code is None


@pytest.mark.asyncio
async def test_a_client_that_gives_up_frees_its_place(make_api: Callable[..., Any]) -> None:
    api = make_api(limits="vendor")
    await api.log_in()
    api.simulator.set_limits({"calls_at_once": 1})
    await api.fault("delay", seconds=30)
    task = asyncio.create_task(api.get("/rest/v1/leads/describe.json"))
    await asyncio.sleep(0)
    assert (await api.get("/rest/v1/activities/types.json")).code == "615"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await api.get("/rest/v1/activities/types.json")).code is None


@pytest.mark.asyncio
async def test_a_faulted_identity_call_answers_in_its_own_shape(api: Any) -> None:
    await api.fault("error", "/identity/*", error={"code": "server_error", "message": "Down", "http_status": 503})
    answer = await api.identity()
    assert (answer.status, answer.json) == (503, {"error": "server_error", "error_description": "Down"})
    await api.fault("drop_before", "/identity/*")
    with pytest.raises(ConnectionResetError):
        await api.identity()
    assert (await api.identity()).status == 200


@pytest.mark.asyncio
async def test_the_journal_keeps_calls_without_secrets(api: Any) -> None:
    await api.request("POST", LEADS, query=urlencode({"_method": "GET", "access_token": "secret-one"}))
    entries = (await api.control("GET", "journal")).json["entries"]
    assert [entry["path"] for entry in entries] == ["/identity/oauth/token", LEADS]
    assert entries[1]["code"] == "1002"
    assert entries[1]["user"] == "api-user@simulator.example"
    for secret in ("secret-one", "simulator-secret", api.token):
        assert secret not in orjson.dumps(entries).decode()
