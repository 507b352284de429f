"""Sends generated calls to a simulator in memory and holds every answer to its OpenAPI document.

One event loop serves all calls of a run, so that what a call leaves running (an export, an import) ends before the
next one. A call must be answered in seconds, never with a server error, in the documented form; and a refused call
must leave the database as it was, byte for byte.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import requests
import schemathesis
from schemathesis.checks import load_all_checks
from schemathesis.config import (
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

ORIGIN = "http://simulator.example"
ANSWER_SECONDS = 10.0
EXAMPLES = 8
"""Generated calls per operation, beside the examples of the document and the values at the edges of its schemas."""

CONFORMANCE = [status_code_conformance, content_type_conformance, response_schema_conformance]


def operations(document: dict[str, Any]) -> Any:
    """Return the schema whose `parametrize` makes one test per call; the same calls on every run."""
    load_all_checks()
    generation = GenerationConfig(
        deterministic=True, max_examples=EXAMPLES, no_shrink=True, with_security_parameters=False, database="none"
    )
    phases = PhasesConfig(
        examples=ExamplesPhaseConfig(),
        coverage=CoveragePhaseConfig(unexpected_methods=set()),
        fuzzing=FuzzingPhaseConfig(),
    )
    project = ProjectConfig(generation=generation, phases=phases)
    config = SchemathesisConfig(seed=1, projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_dict(document, config=config)


class Fuzzed:
    """One simulator under fire.

    `prepare` makes of the seed what calls can meet, and returns the token. `refused` tells from status and JSON body
    whether a call was refused. `known` are names of parameters and members with values that mean something here: two
    calls out of three get them, since what is generated freely rarely finds a record.
    """

    def __init__(
        self,
        simulator: Any,
        *,
        prepare: Callable[[Fuzzed], str],
        refused: Callable[[int, Any], bool],
        known: Mapping[str, Sequence[Any]],
    ) -> None:
        self.simulator = simulator
        self.known = {name: list(values) for name, values in known.items()}
        self._prepare = prepare
        self._refused = refused
        self._calls = 0
        self._loop = asyncio.new_event_loop()
        self._operation = ""
        self._token = ""

    def close(self) -> None:
        """Stop what waits for a later time, and end the loop."""
        self._loop.run_until_complete(self._stop())
        self._loop.close()

    async def _stop(self) -> None:
        waiting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def check(self, case: Case[Any]) -> None:
        """Send a generated call and check its answer. Every operation begins with the seed."""
        if case.operation.label != self._operation:
            self._operation = case.operation.label
            self.simulator.reset()
            self._token = self._prepare(self)
        self._calls += 1
        if self._calls % 3:
            case.path_parameters = self._grounded(case.path_parameters)
            case.query = self._grounded(case.query)
            case.body = self._grounded(case.body)
        kwargs = case.as_transport_kwargs(
            base_url=ORIGIN, headers={"Authorization": f"Bearer {self._token}", "Accept-Encoding": "identity"}
        )
        kwargs.pop("cookies", None)
        request = requests.Request(**kwargs).prepare()
        before = self.simulator.database.snapshot()
        answer = self.send(request)
        assert answer.status_code < 500, f"{case.as_curl_command()}\n{answer.content!r}"
        case.validate_response(answer, checks=CONFORMANCE)
        document = answer.json() if "json" in answer.headers.get("content-type", [""])[0] else None
        if self._refused(answer.status_code, document):
            changed = self.simulator.database.snapshot() != before
            assert not changed, f"a refused call changed something: {case.as_curl_command()}\n{answer.content!r}"

    def _grounded(self, value: Any) -> Any:
        """Return the value with what is known in the place of members of these names, at any depth."""
        if isinstance(value, list):
            return [self._grounded(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {
            name: self.known[name][self._calls // 3 % len(self.known[name])]
            if name in self.known
            else self._grounded(one)
            for name, one in value.items()
        }

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Send one call of the test's own and return its JSON; options are those of `requests`."""
        answer = self.send(requests.Request(method, ORIGIN + path, **options).prepare())
        assert answer.status_code < 300, answer.content
        return answer.json() if answer.content else None

    def send(self, request: requests.PreparedRequest) -> Response:
        """Send one prepared request and wait for what it sets going."""
        answer = self._loop.run_until_complete(asyncio.wait_for(self._send(request), ANSWER_SECONDS))
        # Until nothing is busy any more: the clock stands still meanwhile.
        self._loop.run_until_complete(self.simulator.clock.advance(timedelta(0)))
        return answer

    async def _send(self, request: requests.PreparedRequest) -> Response:
        url = (request.url or "").removeprefix(ORIGIN)
        path, _, query = url.partition("?")
        body = request.body or b""
        parts = [body.encode() if isinstance(body, str) else body]
        scope = {
            "type": "http",
            "method": request.method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [_header(name, value) for name, value in request.headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("simulator.example", 80),
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": parts.pop() if parts else b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.simulator(scope, receive, send)
        headers: dict[str, list[str]] = {}
        for name, value in sent[0]["headers"]:
            headers.setdefault(name.decode(), []).append(value.decode("latin-1"))
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return Response(sent[0]["status"], headers, content, request, 0.0, verify=False)


def _header(name: str, value: str | bytes) -> tuple[bytes, bytes]:
    return name.lower().encode(), value if isinstance(value, bytes) else value.encode("latin-1")
