"""Conditional requests: If-Modified-Since and If-Unmodified-Since; for accounts If-Match and If-None-Match too."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from actionsync_simulators.salesforce.gateway.errors import api_error
from actionsync_simulators.salesforce.gateway.messages import Request
from actionsync_simulators.salesforce.gateway.times import parse_http_date

CHANGING = frozenset({"POST", "PATCH"})
CONDITIONS = frozenset({"if-match", "if-modified-since", "if-none-match", "if-unmodified-since"})
"""The headers that make a request conditional."""


def not_modified(request: Request, modified: datetime) -> bool:
    """Whether a GET may be answered with 304.

    Raises 412 when If-Unmodified-Since fails, and 400 for a header that is no date on POST or PATCH. Elsewhere a header
    that is no date is ignored.
    """
    second = modified.replace(microsecond=0)
    unmodified_since = _date(request, "if-unmodified-since")
    if unmodified_since is not None and second > unmodified_since:
        raise api_error("PRECONDITION_FAILED", "The resource has been modified since the given date.")
    modified_since = _date(request, "if-modified-since")
    return request.method == "GET" and modified_since is not None and second <= modified_since


def etag_of(row: Mapping[str, Any]) -> str:
    """The ETag of a row: another one whenever any of its values is."""
    return f'"{hashlib.blake2b(orjson.dumps(dict(row)), digest_size=16).hexdigest()}"'


def matches_etag(request: Request, etag: str) -> bool:
    """Whether a GET may be answered with 304. Raises 412 when the caller wants another state of the row."""
    wanted, unwanted = request.headers.get("if-match"), request.headers.get("if-none-match")
    if wanted is not None and not _names(wanted, etag):
        raise api_error("PRECONDITION_FAILED", "The resource is not in the state of the given ETag.")
    if unwanted is None or not _names(unwanted, etag):
        return False
    if request.method != "GET":
        raise api_error("PRECONDITION_FAILED", "The resource is in the state of the given ETag.")
    return True


def _names(header: str, etag: str) -> bool:
    given = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in given or etag in given


def _date(request: Request, header: str) -> datetime | None:
    text = request.headers.get(header)
    if text is None:
        return None
    moment = parse_http_date(text)
    if moment is None and request.method in CHANGING:
        raise api_error("INVALID_HEADER", f"The value of {header} is not a date: {text}")
    return moment
