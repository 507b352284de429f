"""Planned faults: errors, lost connections, delays; and the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json; charset=utf-8"}
LEADS = "/rest/v1/leads.json"


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
