"""Reads answers of the Marketo simulator."""

from __future__ import annotations

from collections.abc import Iterator

from actionsync_simulators.endpoint import key
from actionsync_simulators.marketo.app import MarketoSimulator
from actionsync_simulators.marketo.gateway.every_call import TOKEN_CALLS
from actionsync_simulators.marketo.gateway.incoming import effective, read_head
from actionsync_simulators.marketo.gateway.paths import PathTable, normalise
from actionsync_simulators.marketo.routes import ROUTES

from harness.observed.answers import Exchange, Seen, codes_in

_PATHS = PathTable((route.method, route.path, route) for route in ROUTES)
_TOKEN_PATH = "/identity/oauth/token"


def read(simulator: MarketoSimulator, exchange: Exchange) -> Iterator[Seen]:
    """Yield what an answer shows."""
    call = _call_of(simulator, exchange)
    document = exchange.document
    if exchange.status in (413, 414) and not exchange.is_json:
        yield Seen(None, codes=frozenset({str(exchange.status)}))
    elif not exchange.is_json:
        refused = exchange.status >= 400
        yield Seen(call, success=not refused, codes=frozenset({str(exchange.status)} if refused else ()))
    elif not isinstance(document, dict):
        return
    elif "success" not in document:
        error = document.get("error")
        yield Seen(call, success=error is None, codes=frozenset({str(error)} if error else ()))
    elif not document["success"]:
        yield Seen(call, codes=frozenset(str(error["code"]) for error in document["errors"]))
    else:
        rows = document.get("result")
        skipped = isinstance(rows, list) and rows and all(_is_skipped(row) for row in rows)
        yield Seen(call, success=not skipped, codes=frozenset(codes_in(rows, lists=("reasons", "errors"), key="code")))


def _is_skipped(row: object) -> bool:
    return isinstance(row, dict) and (row.get("status") == "skipped" or bool(row.get("reasons")))


def _call_of(simulator: MarketoSimulator, exchange: Exchange) -> str | None:
    request = read_head(exchange.scope)
    request.body = bytes(exchange.request_body)
    method, _ = effective(request)
    segments = normalise(request.raw_path, collapse_double_slash=simulator.switches.collapse_double_slash == "on")
    if segments is None:
        return None
    if "/" + "/".join(segments) == _TOKEN_PATH:
        return next((key(one) for one in TOKEN_CALLS if one.method == method), None)
    found = _PATHS.find(segments)
    route = None if found is None else found[0].get(method)
    return None if route is None else key(route)
