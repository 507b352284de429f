"""Verbs: HEAD answers as GET without the body, other verbs are refused with those that there are."""

from __future__ import annotations

from typing import Any

import pytest

PATHS = [
    "sobjects",
    "sobjects/Lead",
    "sobjects/Lead/describe",
    "sobjects/Lead/{lead}",
    "sobjects/Lead/Id/{lead}",
    "query?q=SELECT Id FROM Lead",
    "limits",
    "recent",
    "composite/sobjects/Lead?ids={lead}&fields=Id",
]


@pytest.mark.asyncio
@pytest.mark.parametrize("path", PATHS)
async def test_head_answers_as_get_without_the_body(api: Any, path: str) -> None:
    path = path.replace("{lead}", await api.create("Lead", LastName="L", Company="C"))
    got, head = await api("GET", path), await api("HEAD", path)
    assert (head.status, head.body) == (200, "")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert abs(int(head.headers["Content-Length"]) - int(got.headers["Content-Length"])) <= 1


@pytest.mark.asyncio
async def test_head_of_what_is_not_there(api: Any) -> None:
    head = await api("HEAD", "sobjects/Lead/00Q8d000000zzzz")
    assert (head.status, head.body) == (404, "")
    assert (await api("HEAD", "composite/tree/Task")).status == 405


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "verbs"),
    [
        ("sobjects", "HEAD,GET"),
        ("sobjects/Lead", "HEAD,GET,POST"),
        ("sobjects/Lead/00Q8d000000zzzz", "HEAD,GET,PATCH,DELETE"),
        ("sobjects/Lead/Email/x", "HEAD,GET,PATCH,DELETE"),
        ("composite/sobjects", "POST,PATCH,DELETE"),
        ("composite/tree/Lead", "POST"),
    ],
)
@pytest.mark.parametrize("verb", ["OPTIONS", "PUT"])
async def test_other_verbs_are_refused_with_those_there_are(api: Any, path: str, verbs: str, verb: str) -> None:
    answer = await api(verb, path)
    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
    assert answer.error["message"] == f"HTTP Method '{verb}' not allowed. Allowed are {verbs}"
    assert answer.headers["Allow"] == verbs


@pytest.mark.asyncio
@pytest.mark.parametrize("verb", ["PATCH", "patch", "DELETE", "GET"])
async def test_a_post_stands_for_any_verb(api: Any, verb: str) -> None:
    lead = await api.create("Lead", LastName="L", Company="C")
    body = {"Title": "x"} if verb.upper() == "PATCH" else None
    answer = await api("POST", f"sobjects/Lead/{lead}?_HttpMethod={verb}", body)
    assert answer.status == (200 if verb == "GET" else 204)
    plain = await api("GET", f"sobjects/Lead/{lead}?_HttpMethod=DELETE")
    assert plain.status == (404 if verb == "DELETE" else 200)
