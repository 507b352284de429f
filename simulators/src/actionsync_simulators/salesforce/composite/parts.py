"""What calls made of calls share: checking, running and answering their parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from actionsync_simulators.salesforce.about.resources import checked_version
from actionsync_simulators.salesforce.composite.references import InvalidReference, resolved
from actionsync_simulators.salesforce.gateway.errors import ApiError, json_parser_error, not_found
from actionsync_simulators.salesforce.gateway.messages import NO_BODY, Request, Response, error_response
from actionsync_simulators.salesforce.state import Org

Dispatch = Callable[[Request, Sequence[str]], Response]
Part = dict[str, Any]

_REFERENCE_ID = re.compile(r"^[A-Za-z0-9_]+$")
_FORBIDDEN_HEADERS = frozenset({"accept", "authorization", "content-type"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"})
ROLLED_BACK = "The transaction was rolled back since another operation in the same transaction failed."


class RolledBack(Exception):
    """Everything is taken back because one part failed."""


def listed_parts(parts: Any) -> list[Part]:
    """The parts of a body. Raises 400 where there are none."""
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise json_parser_error("compositeRequest must be an array of objects at [line:1, column:1]")
    return parts


def check_parts(parts: Sequence[Part]) -> None:
    """Refuse parts without a reference id of their own, and with headers that are not theirs to set."""
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


def run_part(
    org: Org, request: Request, part: dict[str, Any], payloads: dict[str, Any], run: Dispatch, *, all_or_none: bool
) -> tuple[dict[str, Any], bool]:
    """Run a part; returns its answer, and whether it went well. `payloads` are the answers so far, for references."""
    reference = part["referenceId"]
    try:
        url = resolved(part.get("url"), payloads)
        body = resolved(part.get("body"), payloads)
    except InvalidReference as problem:
        return halted(part, str(problem)), False
    response = call(
        org,
        request,
        part.get("method"),
        str(url),
        body,
        part.get("httpHeaders") or {},
        run,
        all_or_none=all_or_none,
    )
    payload = payload_of(response)
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


def halted(part: Part, message: str) -> dict[str, Any]:
    """The answer of a part that was not run, or was taken back."""
    return {
        "body": [{"errorCode": "PROCESSING_HALTED", "message": message}],
        "httpHeaders": {},
        "httpStatusCode": 400,
        "referenceId": part["referenceId"],
    }


def call(
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
    """Run one call as the caller of the whole."""
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


def payload_of(response: Response) -> Any:
    """The body of an answer, None without one."""
    return None if response.payload is NO_BODY else response.payload
