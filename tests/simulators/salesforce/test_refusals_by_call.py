"""Refusals of single calls by their input, one row per call and code: what the tests by subject leave out."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

NO_ROW = "00Q8d000000zzzz"
MANY_IDS = ",".join([NO_ROW] * 201)
GROUPED = "SELECT LastName, count(Id) FROM Lead GROUP BY LastName"
LONG_AGO = {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}
TOKEN, REVOKE, INTROSPECT = (f"/services/oauth2/{name}" for name in ("token", "revoke", "introspect"))
APP = {"client_id": "simulator-client", "client_secret": "simulator-secret"}
NESTED = "Title = 'x'"
for level in range(60):
    NESTED = f"Title = 'x' {'AND' if level % 2 else 'OR'} ({NESTED})"


def queries(path: str) -> list[tuple[str, str, Any, str]]:
    texts = {
        "MALFORMED_QUERY": "SELEKT",
        "INVALID_FIELD": "SELECT Bacon__c FROM Lead",
        "INVALID_TYPE": "SELECT Id FROM Bacon",
        "INVALID_QUERY_FILTER_OPERATOR": "SELECT Id FROM Task WHERE WhoId = 'abc'",
        "NUMBER_OUTSIDE_VALID_RANGE": "SELECT Id FROM Lead LIMIT 1 OFFSET 2001",
        "QUERY_TOO_COMPLICATED": f"SELECT Id FROM Lead WHERE {NESTED}",
        "EXCEEDED_ID_LIMIT": GROUPED,
    }
    return [("GET", f"{path}?q={quote(text)}", None, code) for code, text in texts.items()]


CALLS: list[tuple[str, str, Any, str]] = [
    ("GET", "recent?limit=0", None, "INVALID_QUERY_SCOPE"),
    ("DELETE", "sobjects/Lead/{account}", None, "MALFORMED_ID"),
    ("GET", "sobjects/Lead/Id/{lead}?fields=Bacon__c", None, "INVALID_FIELD"),
    ("GET", "sobjects/Lead/Id/{account}", None, "MALFORMED_ID"),
    ("GET", "sobjects/Lead/Id/{gone}", None, "ENTITY_IS_DELETED"),
    ("DELETE", "sobjects/Lead/Id/{account}", None, "MALFORMED_ID"),
    ("DELETE", "sobjects/Lead/Id/{gone}", None, "ENTITY_IS_DELETED"),
    ("DELETE", "sobjects/Account/Id/{account}", None, "DELETE_FAILED"),
    ("DELETE", "sobjects/Lead/Id/{locked}", None, "UNABLE_TO_LOCK_ROW"),
    ("DELETE", "sobjects/Event/Id/{event}", None, "INSUFFICIENT_ACCESS_OR_READONLY"),
    ("POST", "composite/sobjects", {"records": [{"attributes": {"type": "TaskStatus"}}]}, "{not_open}"),
    (
        "PATCH",
        "composite/sobjects",
        {"records": [{"attributes": {"type": "TaskStatus"}, "Id": "{status}"}]},
        "{not_open}",
    ),
    ("PATCH", "composite/sobjects", {"records": [{"attributes": {"type": "Lead"}}] * 201}, "EXCEEDED_ID_LIMIT"),
    ("DELETE", "composite/sobjects", None, "REQUIRED_FIELD_MISSING"),
    ("DELETE", f"composite/sobjects?ids={MANY_IDS}", None, "EXCEEDED_ID_LIMIT"),
    ("DELETE", "composite/sobjects?ids=abc", None, "MALFORMED_ID"),
    ("DELETE", "composite/sobjects?ids={lead},{lead}", None, "DUPLICATE_VALUE"),
    ("DELETE", "composite/sobjects?ids={gone}", None, "ENTITY_IS_DELETED"),
    ("DELETE", "composite/sobjects?ids={account}", None, "DELETE_FAILED"),
    ("DELETE", "composite/sobjects?ids={locked}", None, "UNABLE_TO_LOCK_ROW"),
    ("DELETE", "composite/sobjects?ids={event}", None, "INSUFFICIENT_ACCESS_OR_READONLY"),
    ("POST", "composite/sobjects/Lead", {"ids": ["abc"], "fields": ["Id"]}, "MALFORMED_ID"),
    ("POST", "composite/sobjects/Lead", {"ids": ["{lead}"], "fields": ["Bacon__c"]}, "INVALID_FIELD"),
    *queries("query"),
    *queries("queryAll"),
    ("GET", "queryAll/nonsense", None, "INVALID_QUERY_LOCATOR"),
    ("GET", "search?q=FIND {x} RETURNING Lead(Bacon__c)", None, "INVALID_FIELD"),
    ("GET", "search?q=FIND {x} RETURNING Bacon", None, "INVALID_TYPE"),
    ("GET", "parameterizedSearch?q=x&sobject=Lead&fields=Bacon__c", None, "INVALID_FIELD"),
    ("GET", "parameterizedSearch?q=x&sobject=Bacon", None, "INVALID_TYPE"),
    (
        "POST",
        "parameterizedSearch",
        {"q": "x", "sobjects": [{"name": "Lead", "fields": ["Bacon__c"]}]},
        "INVALID_FIELD",
    ),
    ("POST", "parameterizedSearch", {"q": "x", "sobjects": [{"name": "Bacon"}]}, "INVALID_TYPE"),
]


async def prepared(api: Any) -> dict[str, str]:
    person = {"LastName": "L", "Company": "C"}
    made = {name: await api.create("Lead", **person) for name in ("lead", "gone", "locked")}
    await api("DELETE", f"sobjects/Lead/{made['gone']}")
    await api.control("POST", "rules", kind="lock", record=made["locked"])
    made["account"] = await api.create("Account", Name="A")
    won = {"StageName": "Closed Won", "CloseDate": "2024-01-01"}
    await api.create("Opportunity", Name="Won", AccountId=made["account"], **won)
    when = {"StartDateTime": "2024-02-01T10:00:00Z", "DurationInMinutes": 30}
    made["event"] = await api.create("Event", Subject="x", **when)
    await api.control("POST", "profile", object="Event", state="read_only")
    made["status"] = api.simulator.database.value('SELECT Id FROM "TaskStatus"')
    return {**made, "not_open": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"}


def filled(value: Any, rows: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: filled(each, rows) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, rows) for each in value]
    if isinstance(value, str):
        for name, row in rows.items():
            value = value.replace(f"{{{name}}}", row)
    return value


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("method", "path", "body", "code"), CALLS, ids=[f"{method} {path[:40]} {code}" for method, path, _, code in CALLS]
)
async def test_a_call_is_refused(api: Any, method: str, path: str, body: Any, code: str) -> None:
    rows = await prepared(api)
    if code == "EXCEEDED_ID_LIMIT" and "GROUP" in path:
        leads = [{"attributes": {"type": "Lead"}, "LastName": f"L{number}", "Company": "C"} for number in range(2001)]
        for at in range(0, len(leads), 200):
            await api("POST", "composite/sobjects", {"records": leads[at : at + 200]})
    answer = await api(method, filled(path, rows), filled(body, rows))
    seen = answer.code if answer.status >= 400 else answer.body[-1]["errors"][0]["statusCode"]
    assert seen == filled(code, rows)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path", ["sobjects", "sobjects/Lead/describe", "sobjects/Lead/{lead}", "sobjects/Lead/Id/{lead}"]
)
async def test_a_read_may_ask_for_what_is_unmodified(api: Any, path: str) -> None:
    path = filled(path, await prepared(api))
    answer = await api("GET", path, headers=LONG_AGO)
    assert (answer.status, answer.code) == (412, "PRECONDITION_FAILED")
    later = {"If-Modified-Since": "Wed, 31 Jan 2024 12:00:00 GMT"}
    assert (await api("GET", path, headers=later)).status == 304


@pytest.mark.asyncio
@pytest.mark.behaviour("query-position")
async def test_a_syntax_error_tells_where_it_is(api: Any) -> None:
    message = (await api("GET", "query?q=SELECT Id FROM Lead WHERE")).error["message"]
    assert "ERROR at Row:1:Column:" in message
    assert "\n" in message
    assert "^" in message


@pytest.mark.asyncio
async def test_the_token_call_by_get(anonymous: Any) -> None:
    async def asked(**form: str) -> Any:
        return await anonymous("GET", TOKEN, params=form)

    grant = {"grant_type": "client_credentials"}
    assert (await asked(**grant, **APP)).body["token_type"] == "Bearer"
    assert (await asked()).body["error"] == "invalid_request"
    assert (await asked(grant_type="x", **APP)).body["error"] == "unsupported_grant_type"
    assert (await asked(**grant, client_id="x", client_secret="x")).body["error"] == "invalid_client_id"
    assert (await asked(**grant, **APP | {"client_secret": "x"})).body["error"] == "invalid_client"
    assert (await asked(grant_type="refresh_token", refresh_token="x", **APP)).body["error"] == "invalid_grant"
    await anonymous.control("POST", "users", user="admin@simulator.example", active=False)
    assert (await asked(**grant, **APP)).body["error"] == "inactive_user"


@pytest.mark.asyncio
async def test_what_is_asked_about_tokens_is_checked(api: Any) -> None:
    assert (await api("POST", REVOKE, data={"token": "unknown"})).status == 400
    assert (await api("POST", INTROSPECT, data={"token": "x"})).body["error"] == "invalid_request"
    assert (await api("POST", INTROSPECT, data={"token": "x", **APP, "client_id": "x"})).body[
        "error"
    ] == "invalid_client_id"
    assert (await api("POST", "/services/oauth2/userinfo")).body["preferred_username"] == "admin@simulator.example"
    token = api.headers.pop("Authorization").removeprefix("Bearer ")
    assert (await api("POST", "/services/oauth2/userinfo")).status == 403
    assert (await api("GET", REVOKE, params={"token": token})).status == 200
