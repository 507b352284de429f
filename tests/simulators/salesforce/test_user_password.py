"""Passwords of single users, and the logins they are good for."""

from __future__ import annotations

from typing import Any

import pytest

TOKEN = "/services/oauth2/token"
USERNAME = "marketo.sync@simulator.example"
NO_USER = "0058d000000zzzz"


async def user_id(api: Any) -> str:
    return str((await api.soql(f"SELECT Id FROM User WHERE Username = '{USERNAME}'"))[0]["Id"])


async def log_in(api: Any, password: str) -> int:
    form = {"grant_type": "password", "client_id": "simulator-client", "client_secret": "simulator-secret"}
    login = {"username": USERNAME, "password": password}
    answer = await api("POST", TOKEN, data=form | login, headers={"Authorization": ""})
    return int(answer.status)


@pytest.mark.asyncio
@pytest.mark.behaviour("passwords-work")
async def test_a_password_is_set_and_reset(api: Any) -> None:
    path = f"sobjects/User/{await user_id(api)}/password"
    assert (await api("GET", path)).body == {"isExpired": False}
    assert (await api("GET", path.replace("User", "user"))).body == {"isExpired": False}
    assert (await api("POST", path, {"NewPassword": "correct horse 1"})).status == 204
    assert await log_in(api, "correct horse 1") == 200
    assert await log_in(api, "correct horse 1simulatortoken") == 200
    assert await log_in(api, "simulator-password") == 400
    snapshot = (await api.control("POST", "snapshot"))["id"]
    answer = await api("DELETE", path)
    assert list(answer.body) == ["NewPassword"]
    assert await log_in(api, answer.body["NewPassword"]) == 200
    assert (await api("DELETE", path)).body != answer.body
    assert await log_in(api, "correct horse 1") == 400
    await api.control("POST", "restore", id=snapshot)
    assert await log_in(api, "correct horse 1") == 200


@pytest.mark.asyncio
@pytest.mark.parametrize("password", ["short1", "letters only", "1234567890", ""])
async def test_weak_passwords(api: Any, password: str) -> None:
    answer = await api("POST", f"sobjects/User/{await user_id(api)}/password", {"NewPassword": password})
    assert (answer.status, answer.code) == (400, "INVALID_NEW_PASSWORD")


@pytest.mark.asyncio
async def test_users_and_bodies_that_are_none(api: Any) -> None:
    for method, body in (("GET", None), ("POST", {"NewPassword": "correct horse 1"}), ("DELETE", None)):
        assert (await api(method, f"sobjects/User/{NO_USER}/password", body)).code == "NOT_FOUND"
        assert (await api(method, "sobjects/User/00Q8d000000zzzz/password", body)).code == "MALFORMED_ID"
    path = f"sobjects/User/{await user_id(api)}/password"
    assert (await api("POST", path, {"NewPassword": 1})).code == "JSON_PARSER_ERROR"
    assert (await api("PATCH", path, {})).status == 405
