"""Every call below /services/data/vXX.0 in one table, from the tables of the packages, and what finds and runs one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from actionsync_simulators.salesforce.about.routes import ROUTES as ABOUT
from actionsync_simulators.salesforce.bulk.v2.routes import ROUTES as BULK
from actionsync_simulators.salesforce.composite.routes import ROUTES as COMPOSITE
from actionsync_simulators.salesforce.describe.routes import ROUTES as DESCRIBE
from actionsync_simulators.salesforce.events.routes import ROUTES as EVENTS
from actionsync_simulators.salesforce.gateway.errors import ApiError, method_not_allowed, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response, error_response
from actionsync_simulators.salesforce.gateway.route import Route
from actionsync_simulators.salesforce.query.routes import ROUTES as QUERY
from actionsync_simulators.salesforce.sobjects.routes import ROUTES as SOBJECTS
from actionsync_simulators.salesforce.state import Org
from actionsync_simulators.salesforce.tooling.routes import ROUTES as TOOLING

ROUTES: tuple[Route, ...] = (*ABOUT, *DESCRIBE, *SOBJECTS, *QUERY, *TOOLING, *COMPOSITE, *BULK, *EVENTS)
"""The whole table."""

JSON_SUFFIX_DEPTH = 3
"""Paths up to this depth may end in `.json`; deeper ones end in the value of an external id, which is left alone."""

OBJECT_PLACE = 1
"""Where below `sobjects` the name of an object stands; these names compare without case."""


@dataclass(slots=True)
class _Resource:
    """A path pattern (None stands for any one segment) and its calls by verb."""

    pattern: tuple[str | None, ...]
    calls: dict[str, Route] = field(default_factory=dict)

    def match(self, segments: Sequence[str]) -> list[str] | None:
        """The variable segments, or None when the path is another."""
        found: list[str] = []
        for place, (expected, given) in enumerate(zip(self.pattern, segments, strict=True)):
            if expected is None:
                found.append(given)
            elif expected != given and not (
                place == OBJECT_PLACE and self.pattern[0] == "sobjects" and expected.lower() == given.lower()
            ):
                return None
        return found

    @property
    def verbs(self) -> list[str]:
        """The verbs of the resource as a 405 lists them."""
        return ["HEAD", *self.calls] if "GET" in self.calls else list(self.calls)


class Routes:
    """Finds and runs the handler of a call. Composite resources run their parts through the same table."""

    def __init__(self, org: Org, table: Sequence[Route] = ROUTES) -> None:
        self._org = org
        self._by_start: dict[tuple[int, str | None], list[_Resource]] = {}
        resources: dict[tuple[str | None, ...], _Resource] = {}
        for route in table:
            parts = route.path.split("/") if route.path else []
            pattern = tuple(None if part.startswith("{") else part for part in parts)
            resource = resources.setdefault(pattern, _Resource(pattern))
            if route.method in resource.calls:
                raise ValueError(f"two routes for {route.method} {route.path}")
            resource.calls[route.method] = route
        for pattern, resource in resources.items():
            if pattern and pattern[0] is None:
                raise ValueError(f"a path begins with a variable: {pattern}")
            self._by_start.setdefault(_start(pattern), []).append(resource)
        for candidates in self._by_start.values():
            # What is written out comes before what stands for anything.
            candidates.sort(key=lambda one: [part is None for part in one.pattern])

    def dispatch(self, request: Request, segments: Sequence[str]) -> Response:
        """Run the handler of a call; `segments` are those after the version. A refusal becomes its answer."""
        if segments and segments[-1].endswith(".json") and len(segments) <= JSON_SUFFIX_DEPTH:
            segments = [*segments[:-1], segments[-1].removesuffix(".json")]
        try:
            route, arguments = self.find(request.method, segments)
            if route.runs_calls:
                return route.handler(self._org, request, self.dispatch, *arguments)
            return route.handler(self._org, request, *arguments)
        except ApiError as error:
            return error_response(error)

    def find(self, method: str, segments: Sequence[str]) -> tuple[Route, list[str]]:
        """The call of a verb on a path, and the variable segments. Raises 404 and 405."""
        for resource in self._by_start.get(_start(segments), ()):
            arguments = resource.match(segments)
            if arguments is None:
                continue
            route = resource.calls.get("GET" if method == "HEAD" else method)
            if route is None:
                raise method_not_allowed(method, resource.verbs)
            return route, arguments
        raise not_found()


def _start(path: Sequence[str | None]) -> tuple[int, str | None]:
    """By what paths are told apart first: their length, and where they begin."""
    return len(path), path[0] if path else None
