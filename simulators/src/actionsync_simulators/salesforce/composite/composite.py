"""Composite calls: several calls in one, with references between them (composite) or without (batch)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from actionsync_simulators.salesforce.about.resources import checked_version
from actionsync_simulators.salesforce.composite.references import InvalidReference, resolved
from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error, json_parser_error, not_found
from actionsync_simulators.salesforce.gateway.messages import NO_BODY, Request, Response, error_response
from actionsync_simulators.salesforce.state import Org

MOST_PARTS = 25
MOST_COSTLY_PARTS = 5
Dispatch = Callable[[Request, Sequence[str]], Response]

_REFERENCE_ID = re.compile(r"^[A-Za-z0-9_]+$")
_FORBIDDEN_HEADERS = frozenset({"accept", "authorization", "content-type"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"})
_ROLLED_BACK = "The transaction was rolled back since another operation in the same transaction failed."


class _RolledBack(Exception):
    """Everything is taken back because one part failed."""


def index(org: Org, request: Request) -> Response:
    """GET {base}/composite: the resources below it."""
    return Response(200, {name: f"{request.data_url}/composite/{name}" for name in ("batch", "sobjects")})


def composite(org: Org, request: Request, run: Dispatch) -> Response:
    """POST {base}/composite."""
    body = request.json_object()
    parts = _checked_parts(body.get("compositeRequest"))
    all_or_none = body.get("allOrNone", False) is True
    answers: list[dict[str, Any]] = []
    payloads: dict[str, Any] = {}
    failed_at: int | None = None
    try:
        # Without allOrNone each part is a transaction of its own, and publishes its own change events.
        with org.database.transaction() if all_or_none else nullcontext():
            for position, part in enumerate(parts):
                answer, ok = _run_part(org, request, part, payloads, run, all_or_none=all_or_none)
                answers.append(answer)
                if not ok and all_or_none:
                    failed_at = position
                    raise _RolledBack
    except _RolledBack:
        answers = [
            answers[failed_at] if position == failed_at else _halted(part, _ROLLED_BACK)
            for position, part in enumerate(parts)
            if failed_at is not None
        ]
    return Response(200, {"compositeResponse": answers})


def batch(org: Org, request: Request, run: Dispatch) -> Response:
    """POST {base}/composite/batch."""
    body = request.json_object()
    parts = body.get("batchRequests")
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise json_parser_error("batchRequests must be an array of objects at [line:1, column:1]")
    if len(parts) > MOST_PARTS:
        raise api_error("EXCEEDED_ID_LIMIT", f"Batch requests cannot have more than {MOST_PARTS} subrequests")
    results: list[dict[str, Any]] = []
    failed = False
    for part in parts:
        if failed and body.get("haltOnError") is True:
            halted = {"errorCode": "BATCH_PROCESSING_HALTED", "message": "Batch processing halted per request"}
            results.append({"statusCode": 412, "result": [halted]})
            continue
        url = str(part.get("url", ""))
        prefixed = url if url.startswith("/services/data/") else f"/services/data/{url.lstrip('/')}"
        response = _call(org, request, part.get("method"), prefixed, part.get("richInput"), {}, run)
        failed = failed or response.status >= 400
        results.append({"statusCode": response.status, "result": _payload(response)})
    return Response(200, {"hasErrors": failed, "results": results})


# Composite


def _checked_parts(parts: Any) -> list[dict[str, Any]]:
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise json_parser_error("compositeRequest must be an array of objects at [line:1, column:1]")
    if len(parts) > MOST_PARTS:
        raise api_error("EXCEEDED_ID_LIMIT", f"Composite requests cannot have more than {MOST_PARTS} subrequests")
    costly = sum(1 for part in parts if re.search(r"/(query|queryAll|composite/sobjects)\b", str(part.get("url"))))
    if costly > MOST_COSTLY_PARTS:
        raise api_error(
            "EXCEEDED_ID_LIMIT",
            f"Composite requests cannot have more than {MOST_COSTLY_PARTS} query or collections subrequests",
        )
    seen: set[str] = set()
    for part in parts:
        reference = part.get("referenceId")
        if not isinstance(reference, str) or not _REFERENCE_ID.match(reference):
            raise json_parser_error(f"Provided referenceId is not valid: {reference}")
        if reference in seen:
            raise json_parser_error(f"Duplicate ReferenceId provided: {reference}")
        seen.add(reference)
        headers = part.get("httpHeaders") or {}
        if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
            raise json_parser_error("httpHeaders must be an object of texts")
        forbidden = [name for name in headers if name.lower() in _FORBIDDEN_HEADERS]
        if forbidden:
            raise json_parser_error(f"Header {forbidden[0]} is not allowed in a subrequest")
    return parts


def _run_part(
    org: Org, request: Request, part: dict[str, Any], payloads: dict[str, Any], run: Dispatch, *, all_or_none: bool
) -> tuple[dict[str, Any], bool]:
    reference = part["referenceId"]
    try:
        url = resolved(part.get("url"), payloads)
        body = resolved(part.get("body"), payloads)
    except InvalidReference as problem:
        return _halted(part, str(problem)), False
    response = _call(
        org,
        request,
        part.get("method"),
        str(url),
        body,
        part.get("httpHeaders") or {},
        run,
        all_or_none=all_or_none,
    )
    payload = _payload(response)
    ok = response.status < 400
    if ok:
        payloads[reference] = payload
        if isinstance(payload, list):
            ok = not any(isinstance(row, dict) and row.get("success") is False for row in payload)
    headers = {name: value for name, value in response.headers if name in ("Location", "Allow")}
    return {
        "body": payload,
        "httpHeaders": headers,
        "httpStatusCode": response.status,
        "referenceId": reference,
    }, ok


def _halted(part: dict[str, Any], message: str) -> dict[str, Any]:
    return {
        "body": [{"errorCode": "PROCESSING_HALTED", "message": message}],
        "httpHeaders": {},
        "httpStatusCode": 400,
        "referenceId": part["referenceId"],
    }


# Both


def _call(
    org: Org,
    request: Request,
    method: Any,
    url: str,
    body: Any,
    headers: dict[str, str],
    run: Dispatch,
    *,
    all_or_none: bool = False,
) -> Response:
    path, _, query = url.partition("?")
    segments = tuple(unquote(segment) for segment in path.split("/") if segment)
    verb = str(method).upper()
    if segments[:2] != ("services", "data") or verb not in _METHODS or not _served_inside(segments):
        return error_response(not_found())
    try:
        version = checked_version(org, segments[2])
    except ApiError as error:
        return error_response(error)
    inner = Request(
        method=verb,
        path=path,
        segments=segments,
        query=dict(parse_qsl(query, keep_blank_values=True)),
        headers=_inherited(request) | {name.lower(): value for name, value in headers.items()},
        body=b"" if body is None else orjson.dumps(body),
        base_url=request.base_url,
        version=version,
        caller=request.caller,
        all_or_none=all_or_none,
    )
    return run(inner, segments[3:])


def _served_inside(segments: tuple[str, ...]) -> bool:
    rest = segments[3:]
    return bool(rest) and (rest[0] != "composite" or rest[1:2] == ("sobjects",))


def _inherited(request: Request) -> dict[str, str]:
    kept = {name: value for name, value in request.headers.items() if name.startswith("sforce-")}
    return kept | {"content-type": "application/json"}


def _payload(response: Response) -> Any:
    return None if response.payload is NO_BODY else response.payload
