"""Graphs: many composite requests in one call; each graph is done as a whole or not at all, whatever the others do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import orjson

from actionsync_simulators.salesforce.composite.parts import (
    ROLLED_BACK,
    Dispatch,
    Part,
    RolledBack,
    check_parts,
    halted,
    listed_parts,
    run_part,
)
from actionsync_simulators.salesforce.composite.references import names_in
from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error, json_parser_error, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response, error_response
from actionsync_simulators.salesforce.state import Org

FIRST_VERSION = 50.0
MOST_GRAPHS = 75
MOST_NODES = 500
MOST_DEPTH = 15
MOST_KINDS = 15
"""Nodes are of one kind that have the same version, verb and object."""
MOST_FAILURES = 14
"""After one more failed graph the others are not tried."""

_GRAPH_ID = re.compile(r"^[A-Za-z0-9][^.]{0,38}$")
_NOT_ROWS = frozenset({"describe", "updated", "deleted", "listviews"})


def graph(org: Org, request: Request, run: Dispatch) -> Response:
    """POST {base}/composite/graph."""
    if request.version_number < FIRST_VERSION:
        raise not_found()
    graphs = _checked_graphs(request.json_object().get("graphs"))

    def run_row_call(inner: Request, segments: Sequence[str]) -> Response:
        return run(inner, segments) if _is_row_call(inner, segments) else error_response(not_found())

    answers: list[dict[str, Any]] = []
    failures = 0
    for graph_id, parts in graphs:
        if failures > MOST_FAILURES:
            answers.append(_answer(graph_id, [halted(part, _TOO_MANY_FAILURES) for part in parts], ok=False))
            continue
        responses, ok = _run_graph(org, request, parts, run_row_call)
        failures += not ok
        answers.append(_answer(graph_id, responses, ok=ok))
    return Response(200, {"graphs": answers})


_TOO_MANY_FAILURES = f"Processing was halted since more than {MOST_FAILURES} graphs failed."


def _run_graph(org: Org, request: Request, parts: Sequence[Part], run: Dispatch) -> tuple[list[dict[str, Any]], bool]:
    answers: list[dict[str, Any]] = []
    payloads: dict[str, Any] = {}
    try:
        with org.database.transaction():
            for part in parts:
                answer, ok = run_part(org, request, part, payloads, run, all_or_none=True)
                answers.append(answer)
                if not ok:
                    raise RolledBack
    except RolledBack:
        failed_at = len(answers) - 1
        return [
            answers[failed_at] if position == failed_at else halted(part, ROLLED_BACK)
            for position, part in enumerate(parts)
        ], False
    return answers, True


def _answer(graph_id: str, responses: list[dict[str, Any]], *, ok: bool) -> dict[str, Any]:
    return {"graphId": graph_id, "graphResponse": {"compositeResponse": responses}, "isSuccessful": ok}


# Checking


def _checked_graphs(graphs: Any) -> list[tuple[str, list[Part]]]:
    if not isinstance(graphs, list) or not graphs or not all(isinstance(each, dict) for each in graphs):
        raise json_parser_error("graphs must be an array of objects at [line:1, column:1]")
    if len(graphs) > MOST_GRAPHS:
        raise _too_many(f"{MOST_GRAPHS} graphs")
    checked: list[tuple[str, list[Part]]] = []
    for each in graphs:
        graph_id = each.get("graphId")
        if not isinstance(graph_id, str) or not _GRAPH_ID.match(graph_id):
            raise json_parser_error(f"Provided graphId is not valid: {graph_id}")
        if any(graph_id == other for other, _ in checked):
            raise json_parser_error(f"Duplicate graphId provided: {graph_id}")
        parts = listed_parts(each.get("compositeRequest"))
        check_parts(parts)
        checked.append((graph_id, parts))
    everything = [part for _, parts in checked for part in parts]
    if len(everything) > MOST_NODES:
        raise _too_many(f"{MOST_NODES} nodes")
    if len({_kind(part) for part in everything}) > MOST_KINDS:
        raise _too_many(f"{MOST_KINDS} different nodes")
    for _, parts in checked:
        if _depth(parts) > MOST_DEPTH:
            raise api_error("EXCEEDED_ID_LIMIT", f"A graph cannot be deeper than {MOST_DEPTH} nodes")
    return checked


def _too_many(what: str) -> ApiError:
    return api_error("EXCEEDED_ID_LIMIT", f"Composite graph requests cannot have more than {what}")


def _kind(part: Part) -> tuple[str, ...]:
    segments = [one.lower() for one in str(part.get("url")).partition("?")[0].split("/") if one]
    return (str(part.get("method")).upper(), *segments[2:5])


def _depth(parts: Sequence[Part]) -> int:
    """How many nodes stand in the longest line of references."""
    depths: dict[str, int] = {}
    for part in parts:
        named = names_in(orjson.dumps([part.get("url"), part.get("body")]).decode())
        depths[part["referenceId"]] = 1 + max((depths.get(name, 0) for name in named), default=0)
    return max(depths.values(), default=0)


def _is_row_call(request: Request, segments: Sequence[str]) -> bool:
    """Whether a node creates a row, or works on one by its id or external id. Graphs can do nothing else."""
    match list(segments):
        case ["sobjects", _]:
            return request.method == "POST"
        case ["sobjects", _, last]:
            return last not in _NOT_ROWS
        case ["sobjects", _, _, _]:
            return True
    return False
