"""Tokens of Marketo: F7, P15, and where secrets may be seen."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from actionsync_server.model.errors import LoginRefused, Refused, SystemBusy

pytestmark = pytest.mark.asyncio


def login_answer(stub: Any, status: int, body: Any, kind: str = "application/json") -> None:
    scripted = type(stub).scripted
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    stub.login_answers.append(scripted(content, status, {"Content-Type": kind}))


async def test_the_secret_travels_in_a_form_and_the_token_in_a_header(marketo: Any, stub: Any) -> None:
    stub.result({"total": 1})
    await marketo.usage_today()
    login, call = stub.logins[0], stub.seen[0]
    assert (login.method, login.path, login.query) == ("POST", "/identity/oauth/token", {})
    assert login.form == {"grant_type": ["client_credentials"], "client_id": ["id"], "client_secret": ["s3cret"]}
    assert call.headers["authorization"] == "Bearer token-1"
    assert "token" not in json.dumps(call.query)


async def test_one_login_for_many_calls(marketo: Any, stub: Any) -> None:
    stub.result({"total": 1})
    await asyncio.gather(*(marketo.usage_today() for _ in range(5)))
    assert len(stub.logins) == 1


@pytest.mark.parametrize("code", ["600", "601", "602"])
async def test_a_refused_token_is_replaced_once_and_the_call_repeated(marketo: Any, stub: Any, code: str) -> None:
    stub.error(code, "Access token expired").result({"total": 5})
    assert await marketo.usage_today() == 5
    assert [seen.headers["authorization"] for seen in stub.seen] == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize("code", ["601", "602"])
async def test_a_second_refusal_is_for_people(marketo: Any, stub: Any, code: str) -> None:
    stub.error(code, "Access token invalid")
    with pytest.raises(LoginRefused) as caught:
        await marketo.usage_today()
    assert caught.value.system_code == code
    assert len(stub.seen) == len(stub.logins) == 2


async def test_a_wrong_secret_is_for_people(marketo: Any, stub: Any) -> None:
    login_answer(stub, 401, {"error": "invalid_client", "error_description": "Bad client credentials"})
    with pytest.raises(LoginRefused) as caught:
        await marketo.usage_today()
    assert caught.value.system_code == "invalid_client"
    assert len(stub.logins) == 1
    assert stub.seen == []


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (503, b"", "text/html"),
        (500, {"error": "server_error"}, "application/json"),
        (200, {"token_type": "bearer"}, "application/json"),
        (200, b"<html>", "text/html"),
    ],
)
async def test_a_login_that_stumbles_is_repeated(
    marketo: Any, stub: Any, finish: Any, status: int, body: Any, kind: str
) -> None:
    login_answer(stub, status, body, kind)
    stub.result({"total": 2})
    assert await finish(marketo.usage_today()) == 2
    assert len(stub.logins) == 2


async def test_a_login_that_never_answers(marketo: Any, stub: Any, finish: Any) -> None:
    for _ in range(6):
        login_answer(stub, 503, b"", "text/html")
    with pytest.raises(SystemBusy):
        await finish(marketo.usage_today())


async def test_an_address_that_is_not_marketo(marketo: Any, stub: Any) -> None:
    login_answer(stub, 404, b"not here", "text/plain")
    with pytest.raises(Refused):
        await marketo.usage_today()


async def test_the_token_dies_between_two_pages(systems: Any) -> None:
    """F7: the clock passes the token's end inside a page loop; nobody notices."""
    token = await systems.marketo.paging_token(0)
    pages = 0
    while True:
        page = await systems.marketo.lead_changes(token, ["sfdcLeadOwnerId", "company"])
        await systems.control("marketo", "tokens/expire" if pages % 2 else "tokens/revoke", {})
        token, pages = page.next_token, pages + 1
        if not page.more:
            break
    assert await systems.marketo.usage_today() > pages
    refused = [entry for entry in await systems.journal("marketo") if entry.get("code") in ("601", "602")]
    assert refused


async def test_logins_are_not_counted(marketo: Any, stub: Any) -> None:
    stub.result({"total": 1})
    await marketo.usage_today()
    assert marketo.calls.take() == 1
    assert marketo.calls.take() == 0
    assert marketo.calls.total == 1


async def test_free_codes_are_not_counted_and_others_are(marketo: Any, stub: Any, finish: Any) -> None:
    stub.error("602").error("604").error("608").error("606").result({"total": 1})
    await finish(marketo.usage_today())
    assert marketo.calls.pending == 2  # the 606, which may have been charged, and the success
