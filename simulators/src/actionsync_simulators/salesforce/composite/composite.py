"""Composite calls: several calls in one, with references between them (composite) or without (batch)."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import Any

from actionsync_simulators.salesforce.composite.parts import (
    ROLLED_BACK,
    Dispatch,
    Part,
    RolledBack,
    call,
    check_parts,
    halted,
    listed_parts,
    payload_of,
    run_part,
)
from actionsync_simulators.salesforce.gateway.errors import api_error, json_parser_error
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org

MOST_PARTS = 25
MOST_COSTLY_PARTS = 5
RESOURCES = ("batch", "graph", "sobjects", "tree")


def index(org: Org, request: Request) -> Response:
    """GET {base}/composite: the resources below it."""
    return Response(200, {name: f"{request.data_url}/composite/{name}" for name in RESOURCES})


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
                answer, ok = run_part(org, request, part, payloads, run, all_or_none=all_or_none)
                answers.append(answer)
                if not ok and all_or_none:
                    failed_at = position
                    raise RolledBack
    except RolledBack:
        answers = [
            answers[failed_at] if position == failed_at else halted(part, ROLLED_BACK)
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
            skipped = {"errorCode": "BATCH_PROCESSING_HALTED", "message": "Batch processing halted per request"}
            results.append({"statusCode": 412, "result": [skipped]})
            continue
        url = str(part.get("url", ""))
        prefixed = url if url.startswith("/services/data/") else f"/services/data/{url.lstrip('/')}"
        response = call(org, request, part.get("method"), prefixed, part.get("richInput"), {}, run)
        failed = failed or response.status >= 400
        results.append({"statusCode": response.status, "result": payload_of(response)})
    return Response(200, {"hasErrors": failed, "results": results})


def _checked_parts(given: Any) -> list[Part]:
    parts = listed_parts(given)
    if len(parts) > MOST_PARTS:
        raise api_error("EXCEEDED_ID_LIMIT", f"Composite requests cannot have more than {MOST_PARTS} subrequests")
    costly = sum(1 for part in parts if re.search(r"/(query|queryAll|composite/sobjects)\b", str(part.get("url"))))
    if costly > MOST_COSTLY_PARTS:
        raise api_error(
            "EXCEEDED_ID_LIMIT",
            f"Composite requests cannot have more than {MOST_COSTLY_PARTS} query or collections subrequests",
        )
    check_parts(parts)
    return parts
