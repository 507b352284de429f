"""The gateway's limits, which refusal comes first, and the envelope."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json; charset=utf-8"}
LEADS = "/rest/v1/leads.json"


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
    assert (await api.request("POST", "/bulk/v1/leads.json", body=too_long)).code == "613"
    assert (await api.request("POST", "/bulk/v1/leads.json", body=too_long * 10)).status == 413


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
