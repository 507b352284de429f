"""Requests as no tidy client sends them: odd encodings, headers twice, bodies in pieces or cut off, random bytes."""

from __future__ import annotations

from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from actionsync_simulators.marketo.gateway.incoming import accepts_gzip
from actionsync_simulators.marketo.routes import ROUTES

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
LEADS = "/rest/v1/leads.json"
DESCRIBE = "/rest/v1/leads/describe.json"


async def raw(api: Any, method: str, path: bytes, *parts: Any, query: bytes = b"", headers: Any = ()) -> list[Any]:
    """Send a request message by message; returns the messages of the answer."""
    token = api.token or await api.log_in()
    sent: list[Any] = []
    waiting = list(parts) or [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": query,
        "headers": [(b"authorization", f"Bearer {token}".encode()), *headers],
        "client": ("127.0.0.1", 1),
    }
    await api.simulator(scope, receive, send)
    return sent


def piece(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.asyncio
@pytest.mark.parametrize("encoded", [True, False])
async def test_names_outside_ascii_come_encoded_or_raw(api: Any, encoded: bool) -> None:
    lead_id = await api.create(email="zoe@example.com", lastName="Zoë Ångström")
    site = api.simulator.subscription
    site.database.execute(
        "INSERT INTO static_lists (id, name, folder_id, folder_type, created_at, updated_at)"
        " VALUES (7, 'Zoë & Åse', 12, 'Folder', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"
    )
    name = quote("Zoë & Åse") if encoded else "Zoë %26 Åse"
    found = await api.request("POST", "/rest/v1/lists.json", body=f"_method=GET&name={name}".encode(), headers=FORM)
    assert [row["id"] for row in found.result] == [7]
    assert (await api.get(f"/rest/v1/lead/{lead_id}.json", fields="lastName")).result[0]["lastName"] == "Zoë Ångström"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/rest/v1/lead/%zz.json", "1001"),
        ("/rest/v1/lead/%.json", "1001"),
        ("/rest/v1/lead/%ff%fe.json", "1001"),
        ("/rest/v1/lead/%00.json", "1001"),
        ("/rest/v1/lead/1%2F2.json", "1001"),
        ("/rest/v1%2Flead/1.json", "610"),
        ("/rest/v1/leads.json/", "610"),
        ("/rest/v1/leads.json%20", "610"),
        ("/rest/v1/leads.jsoN", "610"),
        ("/rest/v1/..%2f..%2fbulk/v1/leads/export.json", "610"),
        ("/" + "../" * 300 + "rest/v1/lead/9.json", "1004"),
        ("/" + "a/" * 3_000 + "b.json", "610"),
    ],
)
async def test_malformed_paths_are_refused_in_the_envelope(api: Any, path: str, code: str) -> None:
    answer = await api.get(path)
    assert (answer.status, answer.code) == (200, code)


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["%", "a=%zz", "&&&", "=", "a;b=c", "filterType=%ff", "fields=%00", "\x00=1", "+"])
async def test_malformed_queries_are_no_trouble(api: Any, query: str) -> None:
    assert (await api.request("GET", DESCRIBE, query=query)).code is None
    assert (await api.request("GET", LEADS, query=query)).code == "1002"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"[]",
        b"1",
        b'"x"',
        b"null",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"input":' + b"[" * 5_000,
        b'{"a":"\\ud800"}',
    ],
)
async def test_bodies_that_are_no_json_object(api: Any, body: bytes) -> None:
    answer = await api.request("POST", LEADS, body=body, headers=JSON)
    assert (answer.status, answer.code) == (200, "609" if body else "1002")


@pytest.mark.asyncio
async def test_a_body_may_come_in_many_pieces(api: Any) -> None:
    body = b'{"input":[{"email":"pieces@example.com"}]}'
    parts = [piece(bytes([one])) for one in body]
    await raw(
        api,
        "POST",
        LEADS.encode(),
        *parts,
        piece(b"", more=False),
        headers=[(b"content-type", JSON["content-type"].encode())],
    )
    found = await api.get(LEADS, filterType="email", filterValues="pieces@example.com")
    assert len(found.result) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("parts", [[], [piece(b"_method=DELETE&id=1001")]])
async def test_a_request_that_is_cut_off_is_not_run(seeded: Any, parts: list[Any]) -> None:
    """What came of the body is a whole request by itself; yet the rest of it never came."""
    gone = {"type": "http.disconnect"}
    headers = [(b"content-type", FORM["content-type"].encode())]
    await seeded.log_in()
    before = len((await seeded.control("GET", "journal")).json["entries"])
    assert await raw(seeded, "POST", LEADS.encode(), *parts, gone, headers=headers) == []
    assert (await seeded.get("/rest/v1/lead/1001.json")).code is None
    assert len((await seeded.control("GET", "journal")).json["entries"]) == before + 1


@pytest.mark.asyncio
async def test_headers_given_twice(api: Any) -> None:
    """The last Authorization and Content-Type count; what a client accepts is added up."""
    twice = [(b"authorization", b"Bearer wrong")]
    sent = await raw(api, "GET", DESCRIBE.encode(), headers=twice)
    assert b'"601"' in sent[1]["body"]
    accepts = [(b"accept-encoding", b"br"), (b"accept-encoding", b"gzip")]
    sent = await raw(api, "GET", DESCRIBE.encode(), headers=accepts)
    assert (b"content-encoding", b"gzip") in sent[0]["headers"]


@pytest.mark.parametrize(
    ("accept", "allowed"),
    [
        ("", False),
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("deflate", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("gzip;q=0.5", True),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity, x-gzip", False),
        ("gzip;q=high", False),
    ],
)
def test_gzip_is_used_when_it_is_allowed(accept: str, allowed: bool) -> None:
    assert accepts_gzip(accept) is allowed


@pytest.mark.asyncio
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "TRACE", "CONNECT", "FETCH"])
async def test_other_verbs_are_605_on_a_known_path_and_610_elsewhere(api: Any, method: str) -> None:
    known, unknown = await api.request(method, LEADS), await api.request(method, "/rest/v1/none.json")
    if method == "HEAD":
        assert (known.body, unknown.body) == (b"", b"")
        assert int(known.headers["content-length"]) > 50
        counted = (await api.get("/rest/v1/stats/errors.json")).result[0]["errors"]
        assert counted == [{"errorCode": "605", "count": 1}, {"errorCode": "610", "count": 1}]
        return
    assert (known.status, known.code, known.message) == (200, "605", f"HTTP Method '{method}' not supported")
    assert (unknown.status, unknown.code) == (200, "610")
    assert (await api.request(method, "/identity/oauth/token")).status == 405


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(4))
async def test_random_requests_never_break_the_simulator(make_api: Any, seed: int) -> None:
    """No 611, which is the code of a failure that nobody foresaw, and always an envelope or a file."""
    random = Random(seed)
    api = make_api(people=True)
    values = ["1", "1001", "-1", "x", "", "9" * 30, "a,b", "true", "null", "%00", "2026-01-01", '{"id":1}', "ä", "[]"]
    names = ["id", "fields", "filterType", "filterValues", "batchSize", "nextPageToken", "_method", "listId", "name"]
    names += ["activityTypeIds", "sinceDatetime", "folder", "leadIds", "cookie", "offset", "maxReturn", "status"]
    bodies = [b"", b"{}", b"[]", b"{", b'{"input":[{}]}', b'{"input":[{"id":1001}]}', b'{"input":1}', b"\x00\xff"]
    bodies += [b'{"input":[{"email":"a@b.example","id":1}]}', b'{"filter":{},"fields":["id"]}', b"a=1&_method=GET"]
    types = ["", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/csv"]
    for route in random.sample(ROUTES, len(ROUTES)):
        path = "/".join(random.choice(["1", "1001", "x"]) if "{" in part else part for part in route.path.split("/"))
        path += "" if path.endswith(".json") else ".json"
        query = "&".join(f"{random.choice(names)}={random.choice(values)}" for _ in range(random.randrange(5)))
        headers = {"content-type": random.choice(types)}
        method = random.choice([route.method, route.method, "POST", "GET", "DELETE"])
        answer = await api.request(method, path, query=query, body=random.choice(bodies), headers=headers)
        assert answer.status in (200, 404), (method, path, query)
        if answer.status == 200 and answer.headers["content-type"].startswith("application/json"):
            assert answer.json["success"] or answer.code != "611", (method, path, query, answer.body)
