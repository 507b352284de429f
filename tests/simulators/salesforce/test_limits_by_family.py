"""What a call costs on each family, how each of them says that nothing is left, and every limit that can be set."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.salesforce.gateway.limits import CHANGEABLE, OTHER_LIMITS

TEXT_XML = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
TASK = {"attributes": {"type": "Task"}, "Subject": "x"}
TOKEN = {"grant_type": "client_credentials", "client_id": "simulator-client", "client_secret": "simulator-secret"}
TOTAL, CONCURRENT = "TotalRequests Limit exceeded.", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."

Call = Callable[[Any], Awaitable[Any]]


async def soap(api: Any) -> Any:
    token = api.headers["Authorization"].removeprefix("Bearer ")
    header = f'<e:Header><SessionHeader xmlns="urn:x"><sessionId>{token}</sessionId></SessionHeader></e:Header>'
    body = '<e:Body><getServerTimestamp xmlns="urn:partner.soap.sforce.com"/></e:Body>'
    envelope = f'<e:Envelope xmlns:e="{ENVELOPE}">{header}{body}</e:Envelope>'
    return await api("POST", "/services/Soap/u/60.0", envelope, headers=TEXT_XML)


COUNTED: dict[str, Call] = {
    "a row": lambda api: api("POST", "sobjects/Task", {"Subject": "x"}),
    "a query": lambda api: api("GET", "query?q=SELECT Id FROM Lead"),
    "200 rows": lambda api: api("POST", "composite/sobjects", {"records": [TASK] * 200}),
    "a composite of 25": lambda api: api(
        "POST",
        "composite",
        {
            "compositeRequest": [
                {"method": "GET", "url": "/services/data/v60.0/limits", "referenceId": f"r{n}"} for n in range(25)
            ]
        },
    ),
    "a batch of 25": lambda api: api(
        "POST", "composite/batch", {"batchRequests": [{"method": "GET", "url": "v60.0/limits"}] * 25}
    ),
    "a bulk job": lambda api: api("POST", "jobs/ingest", {"object": "Task", "operation": "insert"}),
    "a classic job": lambda api: api(
        "POST", "/services/async/60.0/job", {"object": "Task", "operation": "insert", "contentType": "CSV"}
    ),
    "SOAP": soap,
}
FREE: dict[str, Call] = {
    "a token": lambda api: api("POST", "/services/oauth2/token", data=TOKEN, headers={"Authorization": ""}),
    "userinfo": lambda api: api("GET", "/services/oauth2/userinfo"),
    "identity": lambda api: api("GET", f"/id/{api.simulator.org.organization_id}/{api.simulator.org.api_user_id}"),
    "the versions": lambda api: api("GET", "/services/data"),
}


def text_of(answer: Any) -> str:
    return str(answer.body)


@pytest.mark.asyncio
@pytest.mark.parametrize(("call", "cost"), [(c, 1) for c in COUNTED.values()] + [(c, 0) for c in FREE.values()],
                         ids=[*COUNTED, *FREE])  # fmt: skip
async def test_what_a_call_costs(api: Any, call: Call, cost: int) -> None:
    before = api.simulator.org.limits.used
    assert (await call(api)).status < 300
    assert api.simulator.org.limits.used == before + cost


@pytest.mark.asyncio
@pytest.mark.parametrize("call", COUNTED.values(), ids=COUNTED)
async def test_nothing_left_for_today(api: Any, call: Call) -> None:
    await api.control("POST", "limits", DailyApiRequests={"Max": 100, "Remaining": 1})
    assert (await call(api)).status < 300
    refused = await call(api)
    assert refused.status in (400, 403, 500)
    assert TOTAL in text_of(refused)
    assert api.simulator.org.limits.used == 100


@pytest.mark.asyncio
@pytest.mark.parametrize("call", COUNTED.values(), ids=COUNTED)
async def test_too_many_at_once(api: Any, clock: Clock, call: Call) -> None:
    await api.control("POST", "limits", concurrent_max=1)
    await api.control("POST", "faults", match={"path": "*/describe"}, action="delay", seconds=60)
    async with asyncio.TaskGroup() as group:
        group.create_task(api("GET", "sobjects/Task/describe"))
        await clock.advance(timedelta(seconds=30))
        refused = await call(api)
        await clock.advance(timedelta(seconds=30))
    assert CONCURRENT in text_of(refused)
    assert (await call(api)).status < 300


@pytest.mark.asyncio
@pytest.mark.parametrize("call", FREE.values(), ids=FREE)
async def test_what_is_free_works_when_nothing_is_left(api: Any, call: Call) -> None:
    await api.control("POST", "limits", DailyApiRequests={"Remaining": 0})
    assert (await call(api)).status == 200


@pytest.mark.asyncio
@pytest.mark.parametrize("name", sorted(CHANGEABLE))
async def test_every_limit_can_be_set_and_seen(api: Any, name: str) -> None:
    shown = await api.control("POST", "limits", **{name: {"Max": 500, "Remaining": 200}})
    assert shown["resources"][name] == {"Max": 500, "Remaining": 200}
    spent = int(name == "DailyApiRequests")
    assert (await api("GET", "limits")).body[name] == {"Max": 500, "Remaining": 200 - spent}
    await api.control("POST", "limits", **{name: {"Max": 100}})
    assert (await api.control("GET", "limits"))["resources"][name]["Remaining"] == 0
    await api.control("POST", "reset")
    expected = OTHER_LIMITS.get(name, 125_000)
    assert (await api.control("GET", "limits"))["resources"][name] == {"Max": expected, "Remaining": expected}


@pytest.mark.asyncio
@pytest.mark.parametrize("change", [{"Max": -1}, {"Remaining": "x"}, {}, {"Used": 1}, 5])
@pytest.mark.parametrize("name", ["DailyApiRequests", "DailyBulkApiBatches"])
async def test_bad_changes(api: Any, name: str, change: Any) -> None:
    assert (await api("POST", "/_sim/limits", {name: change})).status == 400


@pytest.mark.asyncio
async def test_what_was_used_comes_back_little_by_little(api: Any, clock: Clock) -> None:
    await api("GET", "limits")
    await clock.advance(timedelta(hours=12))
    await api.log_in()
    for _ in range(2):
        await api("GET", "limits")
    await clock.advance(timedelta(hours=12))
    await api.log_in()
    # The first of the three calls is 24 hours old.
    assert (await api("GET", "limits")).headers["Sforce-Limit-Info"] == "api-usage=3/125000"
    await clock.advance(timedelta(hours=24))
    await api.log_in()
    assert (await api("GET", "limits")).headers["Sforce-Limit-Info"] == "api-usage=1/125000"


@pytest.mark.asyncio
async def test_answers_of_the_data_api_tell_of_the_use_and_no_others_do(api: Any) -> None:
    for path in ("limits", "sobjects", "sobjects/Nothing", "jobs/ingest", "/services/data"):
        told = (await api("GET", path)).headers["Sforce-Limit-Info"]
        assert told == api.simulator.org.limits.usage_header
    for call in (FREE["userinfo"], FREE["identity"], COUNTED["a classic job"]):
        assert "Sforce-Limit-Info" not in (await call(api)).headers
