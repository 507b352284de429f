"""The same faults on every family of calls: rows, queries, collections, composite, bulk, logins, SOAP, CometD."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from actionsync_simulators.clock import Clock

TEXT_XML = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
LOGIN = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    '<login xmlns="urn:partner.soap.sforce.com"><username>admin@simulator.example</username>'
    "<password>simulator-password</password></login></e:Body></e:Envelope>"
)
TOKEN = {"grant_type": "client_credentials", "client_id": "simulator-client", "client_secret": "simulator-secret"}
HANDSHAKE = [{"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}]
TASK = {"attributes": {"type": "Task"}, "Subject": "x"}


@dataclass(frozen=True)
class Family:
    """A call, the path its faults are planned on, and how it words an error. `made` counts what the call leaves."""

    call: Callable[[Any], Awaitable[Any]]
    path: str
    form: str = "array"
    made: str | None = None


FAMILIES = {
    "a row, read": Family(
        lambda api: api("GET", f"sobjects/User/{api.simulator.org.api_user_id}"), "*/sobjects/User/*"
    ),
    "a row, written": Family(
        lambda api: api("POST", "sobjects/Task", {"Subject": "x"}), "*/sobjects/Task", made="Task"
    ),
    "an upsert": Family(
        lambda api: api("PATCH", "sobjects/Task/ActionSync_Id__c/a", {"Subject": "x"}), "*/sobjects/Task/*", made="Task"
    ),
    "what changed": Family(
        lambda api: api("GET", "sobjects/Task/updated?start=2024-01-31T11:00:00Z&end=2024-01-31T12:00:00Z"), "*/updated"
    ),
    "a query": Family(lambda api: api("GET", "query?q=SELECT Id FROM Lead"), "*/query"),
    "a search": Family(lambda api: api("GET", "search?q=FIND {ada}"), "*/search"),
    "a collection": Family(
        lambda api: api("POST", "composite/sobjects", {"records": [TASK, TASK]}), "*/composite/sobjects", made="Task"
    ),
    "a composite": Family(
        lambda api: api(
            "POST",
            "composite",
            {
                "compositeRequest": [
                    {
                        "method": "POST",
                        "url": "/services/data/v60.0/sobjects/Task",
                        "referenceId": "a",
                        "body": {"Subject": "x"},
                    }
                ]
            },
        ),
        "*/composite",
        made="Task",
    ),
    "a tree": Family(
        lambda api: api(
            "POST",
            "composite/tree/Task",
            {"records": [{"attributes": {"type": "Task", "referenceId": "a"}, "Subject": "x"}]},
        ),
        "*/composite/tree/*",
        made="Task",
    ),
    "a description": Family(lambda api: api("GET", "sobjects/Lead/describe"), "*/describe"),
    "a bulk job": Family(
        lambda api: api("POST", "jobs/ingest", {"object": "Task", "operation": "insert"}),
        "*/jobs/ingest",
        made="bulk_job",
    ),
    "a bulk query": Family(
        lambda api: api("POST", "jobs/query", {"operation": "query", "query": "SELECT Id FROM Lead"}),
        "*/jobs/query",
        made="bulk_job",
    ),
    "a classic job": Family(
        lambda api: api(
            "POST", "/services/async/60.0/job", {"object": "Task", "operation": "insert", "contentType": "CSV"}
        ),
        "*/async/*/job",
        form="exception",
        made="bulk_job",
    ),
    "a token": Family(
        lambda api: api("POST", "/services/oauth2/token", data=TOKEN, headers={"Authorization": ""}),
        "/services/oauth2/token",
        form="oauth",
    ),
    "userinfo": Family(lambda api: api("GET", "/services/oauth2/userinfo"), "/services/oauth2/userinfo", form="oauth"),
    "a SOAP login": Family(
        lambda api: api("POST", "/services/Soap/u/60.0", LOGIN, headers=TEXT_XML), "*/Soap/*", "soap"
    ),
    "a handshake": Family(lambda api: api("POST", "/cometd/60.0", HANDSHAKE), "/cometd/*"),
}
every_family = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


async def plan(api: Any, family: Family, action: str, **more: Any) -> None:
    await api.control("POST", "faults", match={"path": family.path}, action=action, **more)


def left(api: Any, family: Family) -> int:
    return int(api.simulator.database.value(f'SELECT count(*) FROM "{family.made or "Task"}"'))


def code_in(answer: Any, form: str) -> str:
    if form == "array":
        return str(answer.body[0]["errorCode"])
    if form == "oauth":
        return str(answer.body["error"])
    if form == "exception":
        return str(answer.body["exceptionCode"])
    _, _, rest = str(answer.body).partition("<faultcode>")
    return rest.partition("</faultcode>")[0].rpartition(":")[2]


@every_family
@pytest.mark.asyncio
async def test_an_error_in_the_words_of_the_family_once_and_with_nothing_done(api: Any, family: Family) -> None:
    before = left(api, family)
    await plan(api, family, "error", error={"code": "SERVER_UNAVAILABLE", "message": "Down.", "http_status": 503})
    answer = await family.call(api)
    assert answer.status == 503
    assert code_in(answer, family.form) == "SERVER_UNAVAILABLE"
    assert "Down." in str(answer.body)
    assert left(api, family) == before
    assert (await family.call(api)).status < 300


REFUSED_WITH = {"array": 401, "exception": 400, "oauth": 400, "soap": 500}
"""HTTP status of a session that is none, by the form of the errors."""


@every_family
@pytest.mark.asyncio
async def test_a_session_that_dies_in_mid_flow(api: Any, family: Family) -> None:
    """One refusal, and the same call succeeds for a client that logs in once more."""
    await plan(api, family, "error", error={"code": "INVALID_SESSION_ID"})
    answer = await family.call(api)
    assert answer.status == REFUSED_WITH[family.form]
    expected = "InvalidSessionId" if family.form == "exception" else "INVALID_SESSION_ID"
    assert code_in(answer, family.form) == expected
    await api.log_in()
    assert (await family.call(api)).status < 300


@every_family
@pytest.mark.asyncio
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_page_in_html_of_whatever_stands_in_front(api: Any, family: Family, status: int) -> None:
    before = left(api, family)
    await plan(api, family, "error", error={"code": str(status), "message": "<tired>"})
    answer = await family.call(api)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "text/html;charset=UTF-8"
    assert answer.body.startswith("<!DOCTYPE html>")
    assert "&lt;tired&gt;" in answer.body
    assert left(api, family) == before


@every_family
@pytest.mark.asyncio
@pytest.mark.parametrize(("action", "done"), [("drop_before", False), ("commit_then_drop", True), ("cut_answer", True)])
async def test_a_connection_that_breaks(api: Any, family: Family, action: str, done: bool) -> None:
    before = left(api, family)
    await plan(api, family, action)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await family.call(api)
    if family.made is not None:
        assert (left(api, family) > before) is done
    assert (await family.call(api)).status < 300


@every_family
@pytest.mark.asyncio
async def test_an_answer_that_comes_late(api: Any, clock: Clock, family: Family) -> None:
    await plan(api, family, "delay", seconds=120)
    call = asyncio.ensure_future(family.call(api))
    await clock.advance(timedelta(seconds=119))
    assert not call.done()
    await clock.advance(timedelta(seconds=1))
    assert (await call).status < 300


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "fault",
    [
        {"match": {"path": "/eventbus.v1.PubSub/*"}, "action": "cut_answer"},
        {"match": {"path": "/rows/Task/*"}, "action": "cut_answer"},
        {"match": {"path": "/rows/Task/*"}, "action": "commit_then_drop"},
    ],
)
async def test_faults_that_make_no_sense(api: Any, fault: dict[str, Any]) -> None:
    assert (await api("POST", "/_sim/faults", fault)).status == 400


ROWS: dict[str, Callable[[Any, str], Awaitable[Any]]] = {
    "a create": lambda api, _: api("POST", "sobjects/Task", {"Subject": "x"}),
    "an update": lambda api, task: api("PATCH", f"sobjects/Task/{task}", {"Subject": "x"}),
    "a delete": lambda api, task: api("DELETE", f"sobjects/Task/{task}"),
    "an upsert": lambda api, _: api("PATCH", "sobjects/Task/ActionSync_Id__c/a", {"Subject": "x"}),
    "a created collection": lambda api, _: api("POST", "composite/sobjects", {"records": [TASK]}),
    "an updated collection": lambda api, task: api("PATCH", "composite/sobjects", {"records": [{**TASK, "Id": task}]}),
    "a deleted collection": lambda api, task: api("DELETE", f"composite/sobjects?ids={task}"),
    "an upserted collection": lambda api, _: api(
        "PATCH", "composite/sobjects/Task/ActionSync_Id__c", {"records": [{**TASK, "ActionSync_Id__c": "a"}]}
    ),
    "a tree": lambda api, _: FAMILIES["a tree"].call(api),
    "a composite": lambda api, _: FAMILIES["a composite"].call(api),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
async def test_a_locked_row_in_every_call_that_writes_it(api: Any, row: Callable[[Any, str], Awaitable[Any]]) -> None:
    task = await api.create("Task", Subject="before")
    error = {"code": "UNABLE_TO_LOCK_ROW"}
    await api.control("POST", "faults", match={"path": "/rows/Task/*"}, action="error", error=error)
    refused = await row(api, task)
    assert "UNABLE_TO_LOCK_ROW" in str(refused.body)
    assert "unable to obtain exclusive access" in str(refused.body)
    assert await api.soql("SELECT Subject FROM Task WHERE Subject = 'x'") == []
    assert "UNABLE_TO_LOCK_ROW" not in str((await row(api, task)).body)
