"""The token endpoint, and what a token is good for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

LEADS = "/rest/v1/leads.json"
DESCRIBE = "/rest/v1/leads/describe.json"


@pytest.mark.asyncio
async def test_a_fresh_token_has_the_recorded_shape(api: Any) -> None:
    answer = await api.identity()
    assert answer.status == 200
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[a-z]+", answer.json["access_token"])
    del answer.json["access_token"]
    rest = {name: value for name, value in answer.json.items() if name != "access_token"}
    assert rest == {"token_type": "bearer", "expires_in": 3600, "scope": "api-user@simulator.example"}
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")


@pytest.mark.asyncio
@pytest.mark.behaviour("token-reuse")
async def test_the_same_token_counts_down_and_a_new_one_comes_after_its_life(api: Any) -> None:
    first = (await api.identity()).json
    await api.advance(seconds=3_081.5)
    again = (await api.identity()).json
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 518)
    await api.advance(seconds=518.5)
    new = (await api.identity()).json
    assert new["access_token"] != first["access_token"]
    assert new["expires_in"] == 3600


@pytest.mark.asyncio
async def test_two_services_have_independent_tokens(api: Any) -> None:
    added = {"client_id": "second", "client_secret": "s", "user": "api-user@simulator.example"}
    await api.control("POST", "users", {**added, "permissions": ["Read-Only Lead"]})
    first = (await api.identity()).json
    await api.advance(seconds=100)
    second = (await api.identity(client_id="second", client_secret="s")).json
    assert second["access_token"] != first["access_token"]
    assert second["expires_in"] == 3600
    assert second["scope"] == first["scope"]


@pytest.mark.asyncio
@pytest.mark.parametrize("shape", ["get", "post query", "form", "mixed", "partner"])
@pytest.mark.behaviour("token-form")
async def test_credentials_come_in_the_query_the_form_or_both(api: Any, shape: str) -> None:
    grant = {"grant_type": "client_credentials", "client_id": "simulator-client"}
    secret = {"client_secret": "simulator-secret"}
    path = "/identity/oauth/token"
    if shape == "get":
        answer = await api.request("GET", path, query=urlencode(grant | secret), token=None)
    elif shape == "post query":
        answer = await api.request("POST", path, query=urlencode(grant | secret), token=None)
    elif shape == "form":
        answer = await api.form(path, **grant, **secret)
    elif shape == "mixed":
        answer = await api.form(path, query=urlencode(grant), **secret)
    else:
        answer = await api.identity(partner_id="p")
    assert answer.json["token_type"] == "bearer"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "status", "error", "description"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", "Bad client credentials"),
        ({"client_id": "who"}, 401, "unauthorized", "No client with requested id: who"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", "Unsupported grant type: password"),
        ({"grant_type": ""}, 400, "unsupported_grant_type", "Unsupported grant type: "),
        ({"client_id": ""}, 401, "unauthorized", "Full authentication is required to access this resource"),
        ({"client_secret": ""}, 401, "unauthorized", "Full authentication is required to access this resource"),
    ],
)
async def test_failures_are_real_statuses_with_an_oauth_body(
    api: Any, changes: dict[str, str], status: int, error: str, description: str
) -> None:
    answer = await api.identity(**changes)
    assert (answer.status, answer.json) == (status, {"error": error, "error_description": description})


@pytest.mark.asyncio
async def test_another_method_is_refused(api: Any) -> None:
    assert (await api.request("DELETE", "/identity/oauth/token", token=None)).status == 405


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("authorization", "code", "message"),
    [
        (None, "600", "Access token not specified"),
        ("", "600", "Access token not specified"),
        ("Bearer", "600", "Access token not specified"),
        ("Bearer ", "600", "Access token not specified"),
        ("Basic dXNlcjpwYXNz", "600", "Access token not specified"),
        ("Bearer nonsense", "601", "Access token invalid"),
    ],
)
async def test_a_call_without_a_good_token_fails_with_http_200(
    api: Any, authorization: str | None, code: str, message: str
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    answer = await api.request("GET", DESCRIBE, headers=headers, token=None)
    assert (answer.status, answer.code, answer.message) == (200, code, message)


@pytest.mark.asyncio
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_is_compared_without_case(api: Any, scheme: str) -> None:
    token = await api.log_in()
    answer = await api.request("GET", DESCRIBE, headers={"authorization": f"{scheme} {token}"}, token=None)
    assert answer.code is None


@pytest.mark.asyncio
async def test_a_token_past_its_life_is_602_and_a_new_one_works(api: Any) -> None:
    old = await api.log_in()
    await api.advance(seconds=3_600)
    answer = await api.get(DESCRIBE)
    assert (answer.code, answer.message) == ("602", "Access token expired")
    await api.log_in()
    assert (await api.get(DESCRIBE)).code is None
    assert (await api.request("GET", DESCRIBE, token=old)).code == "602"


@pytest.mark.asyncio
@pytest.mark.parametrize(("control", "count", "code"), [("expire", "expired", "602"), ("revoke", "revoked", "601")])
async def test_a_test_can_end_a_token_early(api: Any, control: str, count: str, code: str) -> None:
    old = await api.log_in()
    assert (await api.control("POST", f"tokens/{control}")).json == {count: 1}
    assert (await api.get(DESCRIBE)).code == code
    assert await api.log_in() != old
    assert (await api.get(DESCRIBE)).code is None


@pytest.mark.asyncio
async def test_a_query_token_counts_only_where_the_switch_lets_it(make_api: Callable[..., Any]) -> None:
    for rule, code in (("reject", "600"), ("accept", None), ("dated", "600")):
        api = make_api(query_token=rule)
        query = urlencode({"access_token": await api.log_in()})
        assert (await api.request("GET", DESCRIBE, query=query, token=None)).code == code, rule
        form = {"content-type": "application/x-www-form-urlencoded"}
        answer = await api.request("POST", DESCRIBE, query="_method=GET", body=query.encode(), headers=form, token=None)
        assert answer.code == code, rule


@pytest.mark.asyncio
async def test_the_header_wins_over_the_query_token(make_api: Callable[..., Any]) -> None:
    api = make_api(query_token="accept")
    query = urlencode({"access_token": await api.log_in()})
    assert (await api.request("GET", DESCRIBE, query=query, token="wrong")).code == "601"


@pytest.mark.asyncio
async def test_the_second_client_may_read_leads_and_nothing_else(seeded: Any) -> None:
    reader = type(seeded)(seeded.simulator, "simulator-client-read-only", "simulator-secret-read-only")
    allowed = ["/rest/v1/lead/1001.json", DESCRIBE, "/rest/v1/lists.json", "/rest/v1/stats/usage.json"]
    for path in allowed:
        assert (await reader.get(path)).code is None, path
    body = {"input": [{"email": "x@example.com"}]}
    refused = [
        await reader.post(LEADS, body),
        await reader.get("/rest/v1/activities/types.json"),
        await reader.get("/rest/v1/activities/external/types.json"),
        await reader.post("/rest/v1/activities/external.json", body),
        await reader.get("/rest/v1/leads/1001/listMembership.json"),
        await reader.post("/bulk/v1/activities/export/create.json", {}),
    ]
    assert [(answer.code, answer.message) for answer in refused] == [("603", "Access denied")] * len(refused)


@pytest.mark.asyncio
async def test_read_write_implies_read_only(api: Any) -> None:
    added = {"client_id": "w", "client_secret": "s", "user": "w@example.com", "permissions": ["Read-Write Activity"]}
    answer = await api.control("POST", "users", added)
    assert answer.json["permissions"] == ["Read-Only Activity", "Read-Write Activity"]
    writer = type(api)(api.simulator, "w", "s")
    assert (await writer.get("/rest/v1/activities/types.json")).code is None
    assert (await writer.get(DESCRIBE)).code == "603"


@pytest.mark.asyncio
async def test_an_address_that_is_not_on_the_allow_list_is_603(make_api: Callable[..., Any]) -> None:
    assert (await make_api(ip_allow_list=("198.51.100.7",)).get(DESCRIBE)).code == "603"
    assert (await make_api(ip_allow_list=("198.51.100.7", "127.0.0.1")).get(DESCRIBE)).code is None
