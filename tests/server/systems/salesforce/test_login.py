"""Sessions of Salesforce: F7, rotation of refresh tokens, and where secrets may be seen."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from actionsync_server.model.errors import LoginRefused, Refused, SystemBusy
from actionsync_server.systems.clients import SalesforceLogin

pytestmark = pytest.mark.asyncio

ORIGIN = "http://127.0.0.1:8082"


def login_answer(stub: Any, status: int, body: Any) -> None:
    stub.login_answers.append(stub.scripted(json.dumps(body).encode(), status, {"Content-Type": "application/json"}))


def session(number: int, **more: Any) -> dict[str, Any]:
    return {"access_token": f"00D!{number}", "instance_url": ORIGIN, "token_type": "Bearer", "issued_at": "1"} | more


EXPIRED = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


async def test_a_call_on_the_wire(salesforce: Any, stub: Any) -> None:
    stub.then({"totalSize": 0, "done": True, "records": []})
    await salesforce.query("SELECT Id FROM Task WHERE Subject = 'a b+c&d'")
    login, call = stub.logins[0], stub.seen[0]
    assert (login.method, login.path, login.query) == ("POST", "/services/oauth2/token", {})
    assert login.form == {"grant_type": ["client_credentials"], "client_id": ["id"], "client_secret": ["s3cret"]}
    assert call.path == "/services/data/v60.0/query"
    assert call.query == {"q": ["SELECT Id FROM Task WHERE Subject = 'a b+c&d'"]}
    assert call.headers["authorization"] == "Bearer token-1"
    assert call.headers["sforce-call-options"] == "client=actionsync"


async def test_the_session_is_good_at_the_instance(clients: Any, stub: Any) -> None:
    login_answer(stub, 200, session(1, instance_url="http://na1.example:9999/"))
    stub.then({"records": []})
    await clients.salesforce(SalesforceLogin(ORIGIN, "id", "s")).query("SELECT Id FROM Task")
    assert stub.seen[0].headers["host"] == "na1.example:9999"


@pytest.mark.parametrize("url", ["ftp://x.example", "http://user@x.example", "http://x.example/path"])
async def test_an_instance_that_is_none(salesforce: Any, stub: Any, url: str) -> None:
    login_answer(stub, 200, session(1, instance_url=url))
    with pytest.raises(Refused):
        await salesforce.whoami()
    assert stub.seen == []


async def test_an_expired_session_is_renewed_once_and_the_call_repeated(salesforce: Any, stub: Any) -> None:
    """Also a create: it was not carried out."""
    stub.then(EXPIRED, status=401).then([{"id": "00T8d000001AbcDEAS", "success": True, "errors": []}])
    (row,) = await salesforce.create("Task", [{"Subject": "x"}])
    assert row.success
    assert [seen.headers["authorization"] for seen in stub.seen] == ["Bearer token-1", "Bearer token-2"]


async def test_a_session_that_is_never_good(salesforce: Any, stub: Any) -> None:
    stub.then(EXPIRED, status=401)
    with pytest.raises(LoginRefused) as caught:
        await salesforce.query("SELECT Id FROM Task")
    assert caught.value.system_code == "INVALID_SESSION_ID"
    assert len(stub.logins) == len(stub.seen) == 2


@pytest.mark.parametrize(
    ("status", "error", "description"),
    [
        (400, "invalid_grant", "expired access/refresh token"),
        (400, "invalid_grant", "ip restricted"),
        (400, "invalid_client_id", "client identifier invalid"),
        (401, "invalid_client", "invalid client credentials"),
        (400, "inactive_user", "user is inactive"),
        (400, "unsupported_grant_type", "grant type not supported"),
        (400, "something_new", "of which we never heard"),
    ],
)
async def test_a_refused_login_is_for_people(
    salesforce: Any, stub: Any, status: int, error: str, description: str
) -> None:
    login_answer(stub, status, {"error": error, "error_description": description})
    with pytest.raises(LoginRefused) as caught:
        await salesforce.whoami()
    assert caught.value.system_code == error
    assert len(stub.logins) == 1


async def test_too_many_logins_are_waited_for(salesforce: Any, stub: Any) -> None:
    login_answer(stub, 400, {"error": "rate_limit_exceeded", "error_description": "too many"})
    with pytest.raises(SystemBusy) as caught:
        await salesforce.whoami()
    assert not isinstance(caught.value, LoginRefused)


async def test_a_login_that_stumbles_is_repeated(salesforce: Any, stub: Any, finish: Any) -> None:
    login_answer(stub, 503, [{"errorCode": "SERVER_UNAVAILABLE", "message": "Server is busy."}])
    stub.then({"user_id": "0058d000000Usr1AAC"})
    assert await finish(salesforce.whoami()) == "0058d000000Usr1AAC"


async def test_a_rotated_refresh_token_is_kept_before_it_is_used(clients: Any, stub: Any) -> None:
    order: list[str] = []

    async def keep(token: str) -> None:
        assert stub.seen == []
        order.append(token)

    client = clients.salesforce(SalesforceLogin(ORIGIN, "id", "s", "r-0"), on_refresh_token=keep)
    login_answer(stub, 200, session(1, refresh_token="r-1"))
    stub.then({"records": []})
    await client.query("SELECT Id FROM Task")
    assert order == ["r-1"]
    assert stub.logins[0].form["grant_type"] == ["refresh_token"]
    assert stub.logins[0].form["refresh_token"] == ["r-0"]
    assert client.login.refresh_token == "r-1"
    stub._script.clear()
    stub.then(EXPIRED, status=401).then({"records": []})
    await client.query("SELECT Id FROM Task")
    assert stub.logins[1].form["refresh_token"] == ["r-1"]


async def test_a_rotated_token_that_could_not_be_stored_is_stored_next_time(clients: Any, stub: Any) -> None:
    stored: list[str] = []

    async def keep(token: str) -> None:
        if token == "r-1":
            raise OSError("the disk is full")
        stored.append(token)

    client = clients.salesforce(SalesforceLogin(ORIGIN, "id", "s", "r-0"), on_refresh_token=keep)
    login_answer(stub, 200, session(1, refresh_token="r-1"))
    login_answer(stub, 200, session(2, refresh_token="r-2"))
    stub.then({"records": []})
    with pytest.raises(OSError, match="full"):
        await client.query("SELECT Id FROM Task")
    await client.query("SELECT Id FROM Task")
    assert stub.logins[1].form["refresh_token"] == ["r-1"]
    assert stored == ["r-2"]


async def test_a_rotated_token_is_kept_although_the_caller_left(clients: Any, stub: Any, clock: Any) -> None:
    stored: list[str] = []

    async def keep(token: str) -> None:
        stored.append(token)

    client = clients.salesforce(SalesforceLogin(ORIGIN, "id", "s", "r-0"), on_refresh_token=keep)
    login_answer(stub, 200, session(1, refresh_token="r-1"))
    stub.login_answers[0].seconds = 5.0
    caller = asyncio.create_task(client.query("SELECT Id FROM Task"))
    await clock.settle()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await clock.advance(10)
    assert stored == ["r-1"]


async def test_secrets_are_not_shown(stub: Any) -> None:
    shown = repr(SalesforceLogin(ORIGIN, "id", "s3cret", "r-0"))
    assert "s3cret" not in shown
    assert "r-0" not in shown


@pytest.mark.parametrize("control", ["tokens/expire", "tokens/revoke"])
async def test_the_simulated_org_ends_sessions(systems: Any, control: str) -> None:
    first = await systems.salesforce.whoami()
    await systems.salesforce.query("SELECT Id FROM User")
    await systems.control("salesforce", control, {})
    assert await systems.salesforce.query("SELECT Id FROM User")
    await systems.control("salesforce", control, {})
    assert await systems.salesforce.whoami() == first


async def test_the_simulated_org_knows_refresh_tokens(systems: Any) -> None:
    login = SalesforceLogin(ORIGIN, "simulator-client", "simulator-secret", "simulator-refresh-token")
    client = systems.clients.salesforce(login)
    assert (await client.whoami()).startswith("005")
    wrong = systems.clients.salesforce(SalesforceLogin(ORIGIN, "simulator-client", "simulator-secret", "wrong"))
    with pytest.raises(LoginRefused):
        await wrong.whoami()
