"""Reads answers of the Salesforce simulator; the parts of composite calls count for the calls that they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from actionsync_simulators.endpoint import key
from actionsync_simulators.salesforce.bulk.v1.routes import ROUTES as CLASSIC
from actionsync_simulators.salesforce.gateway.every_call import STANDING_CALLS
from actionsync_simulators.salesforce.routes import JSON_SUFFIX_DEPTH, ROUTES

from harness.observed.answers import Exchange, Seen, codes_in

HALTED = frozenset({"PROCESSING_HALTED", "BATCH_PROCESSING_HALTED"})
_DATA, _CLASSIC = ("services", "data"), ("services", "async")
_IN_XML = re.compile(rb"<(?:\w+:)?(?:exceptionCode|errorCode|statusCode|error)>(\w+)</")
_IN_FORM = re.compile(rb"^error=(\w+)&")
_NO_BODY = frozenset({300, 304})
"""Statuses that say that nothing is answered, and why."""

Pattern = tuple[str, ...]


def _patterns() -> dict[int, list[tuple[Pattern, dict[str, str]]]]:
    """The calls by the length of their path, literal ones first: (pattern, key by verb)."""
    calls: dict[Pattern, dict[str, str]] = {}
    for below, table in ((_DATA, ROUTES), (_CLASSIC, CLASSIC)):
        for route in table:
            parts = [*below, "{version}", *(route.path.split("/") if route.path else ())]
            calls.setdefault(tuple(parts), {})[route.method] = key(route)
    for standing in STANDING_CALLS:
        parts = standing.path.strip("/").split("/")
        calls.setdefault(tuple(parts), {})[standing.method] = key(standing)
    by_length: dict[int, list[tuple[Pattern, dict[str, str]]]] = {}
    for pattern, verbs in calls.items():
        by_length.setdefault(len(pattern), []).append((pattern, verbs))
    for candidates in by_length.values():
        candidates.sort(key=lambda one: [part.startswith("{") for part in one[0]])
    return by_length


_CALLS = _patterns()


def read(_: object, exchange: Exchange) -> Iterator[Seen]:
    """Yield what an answer shows, for the call and for its parts."""
    method, segments = _target(exchange)
    call = _find(method, segments)
    document = exchange.document
    if tuple(segments[:2]) == _CLASSIC and isinstance(document, list):
        document = None
    codes = _codes(document)
    refused = exchange.status >= 400
    # Results of a batch: what its rows were refused for is no refusal of this call.
    of_rows = tuple(segments[:2]) == _CLASSIC and not refused
    if not exchange.is_json and not of_rows:
        text = exchange.plain_body
        codes |= {code.decode() for code in (*_IN_XML.findall(text), *_IN_FORM.findall(text))}
    if exchange.status in _NO_BODY or (refused and not codes and not exchange.is_json):
        codes = {str(exchange.status)}
    body = _request_document(exchange) if isinstance(document, dict) else None
    parts = list(_parts(document, body))
    halted = {code for _, _, part in parts for code in _codes(part) & HALTED}
    yield Seen(call, success=exchange.status < 300 and not _all_failed(document), codes=frozenset(codes | halted))
    for verb, url, part in parts:
        yield _part(verb, url, part)


def _part(verb: str, url: str, part: Any) -> Seen:
    codes = _codes(part)
    call = _find(verb, [unquote(one) for one in url.partition("?")[0].split("/") if one])
    if codes & HALTED:
        return Seen(None)
    return Seen(call, success=not codes, codes=frozenset(codes))


def _parts(document: Any, body: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield verb, URL and answer of each part of a composite, batch or graph call."""
    if not isinstance(document, dict) or not isinstance(body, dict):
        return
    for graph, asked in zip(document.get("graphs") or (), body.get("graphs") or (), strict=False):
        yield from _parts(graph.get("graphResponse"), asked)
    answered = document.get("compositeResponse")
    if isinstance(answered, list):
        wanted = {one.get("referenceId"): one for one in body.get("compositeRequest") or ()}
        for one in answered:
            part = wanted.get(one["referenceId"], {})
            yield str(part.get("method")).upper(), str(part.get("url")), one["body"]
    requests = body.get("batchRequests")
    if isinstance(requests, list):
        for part, one in zip(requests, document.get("results") or (), strict=False):
            url = str(part.get("url", ""))
            whole = url if url.startswith("/services/data/") else f"/services/data/{url.lstrip('/')}"
            yield str(part.get("method")).upper(), whole, one["result"]


def _codes(document: Any) -> set[str]:
    if isinstance(document, dict):
        for name in ("error", "exceptionCode"):
            if isinstance(document.get(name), str):
                return {document[name]}
        return codes_in([document, *_list(document.get("results"))], lists=("errors",), key="statusCode")
    if not isinstance(document, list):
        return set()
    whole = {str(one["errorCode"]) for one in document if isinstance(one, dict) and "errorCode" in one}
    return whole | codes_in(document, lists=("errors",), key="statusCode")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _all_failed(document: Any) -> bool:
    rows = document if isinstance(document, list) else []
    return bool(rows) and all(isinstance(row, dict) and row.get("success") is False for row in rows)


def _request_document(exchange: Exchange) -> Any:
    try:
        return orjson.loads(bytes(exchange.request_body))
    except orjson.JSONDecodeError:
        return None


def _target(exchange: Exchange) -> tuple[str, list[str]]:
    scope = exchange.scope
    raw: bytes = scope.get("raw_path") or str(scope["path"]).encode()
    method = str(scope["method"])
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    if method == "POST":
        method = query.get("_HttpMethod", method).upper()
    return method, [unquote(part.decode("latin-1")) for part in raw.partition(b"?")[0].split(b"/") if part]


def _find(method: str, segments: Sequence[str]) -> str | None:
    deep = len(_DATA) + 1
    if segments and deep < len(segments) <= deep + JSON_SUFFIX_DEPTH:
        segments = [*segments[:-1], segments[-1].removesuffix(".json").removesuffix(".xml")]
    for pattern, verbs in _CALLS.get(len(segments), ()):
        if all(part.startswith("{") or part == given for part, given in zip(pattern, segments, strict=True)):
            return verbs.get("GET" if method == "HEAD" else method)
    return None
