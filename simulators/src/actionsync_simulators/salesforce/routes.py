"""The route table below /services/data/vXX.0: which resource answers which path, and with which verbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from actionsync_simulators.salesforce import (
    composite,
    describe,
    query,
    replication,
    resources,
    row_resources,
    search,
    sobject_collections,
    upsert_collection,
)
from actionsync_simulators.salesforce.errors import ApiError, method_not_allowed, not_found
from actionsync_simulators.salesforce.messages import Request, Response, error_response
from actionsync_simulators.salesforce.state import Org

Handler = Callable[..., Response]

JSON_SUFFIX_DEPTH = 3
"""Paths up to this depth may end in `.json`; deeper ones end in the value of an external id, which is left alone."""


@dataclass(frozen=True, slots=True)
class Route:
    """A path pattern (`*` stands for any one segment) and its handlers by verb."""

    pattern: tuple[str, ...]
    handlers: dict[str, Handler]

    def match(self, segments: Sequence[str]) -> list[str] | None:
        """The segments under the stars, or None when the path is another."""
        found: list[str] = []
        for expected, given in zip(self.pattern, segments, strict=True):
            if expected == "*":
                found.append(given)
            elif expected != given:
                return None
        return found

    @property
    def verbs(self) -> list[str]:
        """The verbs of the resource as a 405 lists them."""
        return ["HEAD", *self.handlers] if "GET" in self.handlers else list(self.handlers)


def _route(path: str, **handlers: Handler) -> Route:
    return Route(tuple(path.split("/")) if path else (), handlers)


class Routes:
    """Finds and runs the handler of a call. Composite resources run their parts through the same table."""

    def __init__(self, org: Org) -> None:
        self._org = org
        run = self.dispatch
        table = [
            _route("", GET=resources.resources),
            _route("limits", GET=resources.limits),
            _route("limits/recordCount", GET=resources.record_count),
            _route("recent", GET=resources.recent),
            _route("sobjects", GET=describe.describe_global),
            _route("sobjects/*", GET=describe.basic_information, POST=row_resources.create_row),
            _route("sobjects/*/describe", GET=describe.describe_object),
            _route("sobjects/*/updated", GET=replication.updated),
            _route("sobjects/*/deleted", GET=replication.deleted),
            _route("sobjects/*/Id", POST=row_resources.create_row),
            _route(
                "sobjects/*/*",
                GET=row_resources.read_row,
                PATCH=row_resources.update_row,
                DELETE=row_resources.delete_row,
            ),
            _route(
                "sobjects/*/*/*",
                GET=row_resources.read_by_external_id,
                PATCH=row_resources.upsert_row,
                DELETE=row_resources.delete_by_external_id,
            ),
            _route("search", GET=search.search),
            _route("parameterizedSearch", GET=search.parameterized_search, POST=search.parameterized_search_by_body),
            _route("query", GET=query.query),
            _route("queryAll", GET=query.query_all),
            _route("query/*", GET=query.next_page),
            _route("queryAll/*", GET=query.next_page),
            _route("composite", GET=composite.index, POST=_with(run, composite.composite)),
            _route("composite/batch", POST=_with(run, composite.batch)),
            _route(
                "composite/sobjects",
                POST=sobject_collections.create_rows,
                PATCH=sobject_collections.update_rows,
                DELETE=sobject_collections.delete_rows,
            ),
            _route(
                "composite/sobjects/*",
                GET=sobject_collections.retrieve,
                POST=sobject_collections.retrieve_by_body,
            ),
            _route("composite/sobjects/*/*", PATCH=upsert_collection.upsert_rows),
        ]
        self._by_length: dict[int, list[Route]] = {}
        for route in table:
            self._by_length.setdefault(len(route.pattern), []).append(route)

    def dispatch(self, request: Request, segments: Sequence[str]) -> Response:
        """Run the handler of a call; `segments` are those after the version. A refusal becomes its answer."""
        if segments and segments[-1].endswith(".json") and len(segments) <= JSON_SUFFIX_DEPTH:
            segments = [*segments[:-1], segments[-1].removesuffix(".json")]
        try:
            handler, arguments = self._find(request.method, segments)
            return handler(self._org, request, *arguments)
        except ApiError as error:
            return error_response(error)

    def _find(self, method: str, segments: Sequence[str]) -> tuple[Handler, list[str]]:
        for route in self._by_length.get(len(segments), ()):
            arguments = route.match(segments)
            if arguments is None:
                continue
            handler = route.handlers.get("GET" if method == "HEAD" else method)
            if handler is None:
                raise method_not_allowed(method, route.verbs)
            return handler, arguments
        raise not_found()


def _with(run: Callable[[Request, Sequence[str]], Response], handler: Handler) -> Handler:
    def bound(org: Org, request: Request, *arguments: Any) -> Response:
        return handler(org, request, run, *arguments)

    return bound
