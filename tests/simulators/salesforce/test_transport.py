"""Paths, versions, verbs, encodings and headers of the HTTP surface."""

from __future__ import annotations

import gzip
from typing import Any
from urllib.parse import quote

import orjson
import pytest

JSON = "application/json;charset=UTF-8"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    ["sobjects", "sobjects/", "sobjects/task/describe/", "query?q=SELECT Id FROM Task", "query/?q=SELECT Id FROM Task"],
)
async def test_paths_work_with_and_without_a_trailing_slash_and_in_any_object_casing(api: Any, path: str) -> None:
    assert (await api("GET", path)).status == 200


@pytest.mark.asyncio
async def test_the_output_has_the_casing_of_the_schema(api: Any) -> None:
    lead = (await api.soql("SELECT Id FROM Lead LIMIT 1"))[0]["Id"]
    record = await api.read("LEAD", lead, "lastname", "id")
    assert set(record) == {"attributes", "Id", "LastName"}
    assert record["attributes"] == {"type": "Lead", "url": f"/services/data/v60.0/sobjects/Lead/{lead}"}


@pytest.mark.asyncio
async def test_versions_need_no_session_and_ascend(anonymous: Any) -> None:
    answer = await anonymous("GET", "/services/data")
    versions = answer.body
    assert answer.status == 200
    assert [each["version"] for each in versions] == [f"{n}.0" for n in range(31, 67)]
    labels = {each["version"]: each["label"] for each in versions}
    assert labels["50.0"] == "Winter '21"
    assert labels["58.0"] == "Summer '23"
    assert labels["65.0"] == "Winter '26"
    assert versions[-1] == {"label": "Spring '26", "url": "/services/data/v66.0", "version": "66.0"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/services/data/v30.0/sobjects", 410, "UNSUPPORTED_API_VERSION"),
        ("/services/data/v67.0/sobjects", 404, "NOT_FOUND"),
        ("/services/data/v60/sobjects", 404, "NOT_FOUND"),
        ("/services/data/60.0/sobjects", 404, "NOT_FOUND"),
        ("nowhere", 404, "NOT_FOUND"),
        ("sobjects/Nothing", 404, "NOT_FOUND"),
        ("sobjects/Nothing/describe", 404, "NOT_FOUND"),
        ("/services/nowhere", 404, "NOT_FOUND"),
    ],
)
async def test_what_is_not_there(api: Any, path: str, status: int, code: str) -> None:
    answer = await api("GET", path)
    assert answer.status == status
    assert answer.code == code
    assert list(answer.error) == (["errorCode", "message"] if code == "NOT_FOUND" else ["message", "errorCode"])


@pytest.mark.asyncio
@pytest.mark.parametrize("version", ["31.0", "66.0"])
async def test_the_first_and_the_last_version_are_served(api: Any, version: str) -> None:
    api.version = version
    assert (await api("GET", "sobjects")).status == 200


@pytest.mark.asyncio
async def test_a_wrong_verb_names_the_right_ones(api: Any) -> None:
    answer = await api("DELETE", f"sobjects/User/{api.simulator.org.api_user_id}")
    assert answer.status == 405
    assert answer.body == [
        {"errorCode": "METHOD_NOT_ALLOWED", "message": "HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET,PATCH"}
    ]
    assert answer.headers["Allow"] == "HEAD,GET,PATCH"
    assert (await api("PUT", "sobjects/Task/00T8d0000000001EAA")).headers["Allow"] == "HEAD,GET,PATCH,DELETE"
    assert (await api("POST", "query", {})).headers["Allow"] == "HEAD,GET"


@pytest.mark.asyncio
async def test_a_post_can_stand_for_another_verb(api: Any) -> None:
    task = await api.create("Task", Subject="Call")
    answer = await api("POST", f"sobjects/Task/{task}?_HttpMethod=PATCH", {"Subject": "Email"})
    assert answer.status == 204
    assert (await api.read("Task", task))["Subject"] == "Email"


@pytest.mark.asyncio
@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
async def test_another_content_type_is_refused(api: Any, content_type: str) -> None:
    answer = await api("POST", "sobjects/Task", b"{}", headers={"Content-Type": content_type})
    assert (answer.status, answer.code) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.asyncio
@pytest.mark.parametrize("body", [b"{", b"", b"[1", b'{"Subject": x}', b"nonsense", b"[]", b'"text"'])
async def test_broken_json_is_refused(api: Any, body: bytes) -> None:
    answer = await api("POST", "sobjects/Task", body, headers={"Content-Type": "application/json; charset=utf-8"})
    assert (answer.status, answer.code) == (400, "JSON_PARSER_ERROR")
    assert "line:1" in answer.error["message"]


@pytest.mark.asyncio
async def test_request_bodies_may_be_gzipped(api: Any) -> None:
    body = gzip.compress(orjson.dumps({"Subject": "Zipped"}))
    answer = await api("POST", "sobjects/Task", body, headers={"Content-Encoding": "gzip"})
    assert answer.status == 201
    assert (await api.read("Task", answer.body["id"]))["Subject"] == "Zipped"


@pytest.mark.asyncio
@pytest.mark.parametrize("body", [b"not gzip", gzip.compress(b'{"Subject": "x"}')[:-9]])
async def test_broken_gzip_is_refused(api: Any, body: bytes) -> None:
    answer = await api("POST", "sobjects/Task", body, headers={"Content-Encoding": "gzip"})
    assert (answer.status, answer.code) == (400, "JSON_PARSER_ERROR")


@pytest.mark.asyncio
async def test_answers_are_gzipped_when_asked(api: Any) -> None:
    plain = await api("GET", "sobjects/Task/describe")
    zipped = await api("GET", "sobjects/Task/describe", headers={"Accept-Encoding": "gzip, deflate"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.body == plain.body
    assert int(zipped.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 4


@pytest.mark.asyncio
async def test_response_headers(api: Any) -> None:
    answer = await api("GET", "limits")
    assert answer.headers["Content-Type"] == JSON
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=1/125000"
    assert answer.headers["Cache-Control"] == "no-cache,must-revalidate,max-age=0,no-store,private"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for absent in ("Retry-After", "RateLimit-Limit"):
        assert absent not in answer.headers


@pytest.mark.asyncio
async def test_204_has_neither_body_nor_content_type_but_the_usage(api: Any) -> None:
    task = await api.create("Task", Subject="Call")
    answer = await api("PATCH", f"sobjects/Task/{task}", {"Subject": "Email"})
    assert (answer.status, answer.body) == (204, "")
    assert "Content-Type" not in answer.headers
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=2/125000"


@pytest.mark.asyncio
async def test_a_created_row_has_a_location(api: Any) -> None:
    answer = await api("POST", "sobjects/task/", {"Subject": "Call"})
    assert list(answer.body) == ["id", "success", "errors"]
    assert answer.headers["Location"] == f"/services/data/v60.0/sobjects/Task/{answer.body['id']}"
    assert (await api("POST", "sobjects/Task/Id", {"Subject": "Call"})).status == 201


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "form",
    [
        {"headers": {"Authorization": "Bearer {token}"}},
        {"headers": {"Authorization": "OAuth {token}"}},
        {"headers": {"authorization": "bearer {token}"}},
        {"headers": {"X-SFDC-SESSION": "{token}"}},
        {"params": {"oauth_token": "{token}"}},
    ],
)
async def test_every_way_to_send_the_token(anonymous: Any, form: dict[str, dict[str, str]]) -> None:
    await anonymous.log_in()
    token = anonymous.headers.pop("Authorization").removeprefix("Bearer ")
    options = {where: {k: v.replace("{token}", token) for k, v in what.items()} for where, what in form.items()}
    assert (await anonymous("GET", "limits", **options)).status == 200


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "INVALID_SESSION_ID"),
        ({"Authorization": "Bearer 00D8d0000000001!nothing"}, "INVALID_SESSION_ID"),
        ({"Authorization": "Bearer"}, "INVALID_SESSION_ID"),
        ({"Authorization": "Basic dXNlcjpwdw=="}, "INVALID_AUTH_HEADER"),
    ],
)
async def test_without_a_session_the_answer_is_an_array_with_401(
    anonymous: Any, headers: dict[str, str], code: str
) -> None:
    answer = await anonymous("GET", "sobjects", headers=headers)
    assert (answer.status, answer.code) == (401, code)
    if code == "INVALID_SESSION_ID":
        assert answer.body == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


@pytest.mark.asyncio
async def test_a_long_uri_is_refused_and_a_long_query_goes_through_composite(api: Any) -> None:
    query = "SELECT Id FROM Task WHERE Subject IN (" + ",".join(f"'{n:04}'" for n in range(3000)) + ")"
    assert (await api("GET", "query", params={"q": query})).status == 414
    assert (await api("GET", "limits", headers={"X-Long": "x" * 17000})).status == 431
    part = {"method": "GET", "url": f"/services/data/v60.0/query?q={quote(query)}", "referenceId": "long"}
    answer = await api("POST", "composite", {"compositeRequest": [part]})
    assert answer.body["compositeResponse"][0]["httpStatusCode"] == 200


@pytest.mark.asyncio
async def test_the_list_of_resources(api: Any) -> None:
    answer = await api("GET", "/services/data/v60.0/")
    assert answer.body["sobjects"] == "/services/data/v60.0/sobjects"
    assert answer.body["identity"].endswith(f"/id/{api.simulator.org.organization_id}/{api.simulator.org.api_user_id}")
    assert {"tooling", "query", "queryAll", "composite", "limits", "search", "jobs"} <= set(answer.body)


@pytest.mark.asyncio
async def test_recent_items_and_record_counts(api: Any) -> None:
    lead = await api.create("Lead", LastName="Lovelace", Company="Engines")
    recent = (await api("GET", "recent?limit=3")).body
    assert recent[0] == {
        "attributes": {"type": "Lead", "url": f"/services/data/v60.0/sobjects/Lead/{lead}"},
        "Id": lead,
        "Name": "Lovelace",
    }
    assert len(recent) == 3
    counts = (await api("GET", "limits/recordCount?sObjects=Account,Task,Nothing")).body
    assert counts == {"sObjects": [{"count": 2, "name": "Account"}, {"count": 0, "name": "Task"}]}
