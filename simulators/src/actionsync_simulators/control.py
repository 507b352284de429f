"""The control plane `/_sim`, the same on both simulators: reset, clock, journal, faults, limits, snapshots.

Control calls are JSON over HTTP. They are never charged, journalled or faulted. Bad input is answered with
HTTP 400 and `{"error": …, "hint": …}`. What only one of the simulators has comes from its `control_routes`.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import parse_qsl

import orjson

from actionsync_simulators.clock import Clock
from actionsync_simulators.connections import Receive, Scope, Send
from actionsync_simulators.control_clock import read_clock, set_clock
from actionsync_simulators.control_error import ControlError
from actionsync_simulators.database import Database
from actionsync_simulators.faults import FaultPlan, FaultSpecError
from actionsync_simulators.journal import Journal
from actionsync_simulators.switches import current

log = logging.getLogger(__name__)

__all__ = ["PREFIX", "Control", "ControlError", "ControlRoute", "Simulator"]

PREFIX = "/_sim"
SNAPSHOTS_KEPT = 16
BODY_LIMIT = 1 << 20

ControlRoute = Callable[[dict[str, Any]], Any | Awaitable[Any]]
"""A control call of one simulator: takes JSON body and query as one dict, returns what JSON can hold."""


class Simulator(Protocol):
    """What the control plane needs of a simulator; the application object has all of it.

    `control_routes` maps (method, path below /_sim without a leading slash) to the call. A simulator with
    state outside its database may also have `after_restore()`, called when a snapshot has been restored.
    """

    name: str
    clock: Clock
    faults: FaultPlan
    journal: Journal
    database: Database
    control_routes: dict[tuple[str, str], ControlRoute]

    @property
    def switches(self) -> Any:
        """The dataclass of the switches in force."""

    def reset(self) -> None:
        """Go back to the seed: rows, counters, tokens."""

    def limits(self) -> dict[str, Any]:
        """Return the limits in force and what is used of them."""

    def set_limits(self, changes: dict[str, Any]) -> None:
        """Change limits; raises ControlError for a name or value that is not one."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document of the API beside the control plane."""


class Control:
    """Answers everything below `/_sim` for one simulator."""

    def __init__(self) -> None:
        self._snapshots: dict[str, bytes] = {}
        self._issued = 0
        self._routes: dict[tuple[str, str], Callable[[Simulator, dict[str, Any]], Any]] = {
            ("GET", ""): self._index,
            ("POST", "reset"): self._reset,
            ("GET", "clock"): lambda simulator, _: read_clock(simulator.clock),
            ("POST", "clock"): lambda simulator, arguments: set_clock(simulator.clock, arguments),
            ("GET", "journal"): _journal,
            ("GET", "journal/counts"): _journal_counts,
            ("DELETE", "journal"): _clear_journal,
            ("GET", "faults"): _faults,
            ("POST", "faults"): _add_faults,
            ("DELETE", "faults"): _clear_faults,
            ("GET", "limits"): _limits,
            ("POST", "limits"): _set_limits,
            ("POST", "snapshot"): self._snapshot,
            ("POST", "restore"): self._restore,
            ("GET", "switches"): lambda simulator, _: {"switches": current(simulator.switches)},
            ("GET", "openapi.json"): lambda simulator, _: simulator.openapi(),
        }

    async def handle(self, simulator: Simulator, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one control call."""
        method = str(scope["method"]).upper()
        path = str(scope["path"]).removeprefix(PREFIX).strip("/")
        try:
            arguments = await _arguments(method, scope, receive)
            status, answer = 200, await self._answer(simulator, method, path, arguments)
        except (ControlError, FaultSpecError) as problem:
            status, answer = 400, {"error": str(problem), "hint": problem.hint}
        except _NoRoute as problem:
            status, answer = problem.status, {"error": str(problem), "hint": "see GET /_sim"}
        except Exception as problem:
            log.exception("control call %s %s/%s failed", method, PREFIX, path)
            status, answer = 500, {"error": f"{type(problem).__name__}: {problem}", "hint": "a bug in the simulator"}
        body = orjson.dumps(answer, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)
        headers = [
            (b"content-type", b"application/json;charset=UTF-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, simulator: Simulator, method: str, path: str, arguments: dict[str, Any]) -> Any:
        own = simulator.control_routes.get((method, path))
        if own is not None:
            result = own(arguments)
        else:
            shared = self._routes.get((method, path))
            if shared is None:
                raise self._no_route(simulator, method, path)
            result = shared(simulator, arguments)
        return await result if inspect.isawaitable(result) else result

    def _no_route(self, simulator: Simulator, method: str, path: str) -> _NoRoute:
        verbs = sorted({verb for verb, at in [*self._routes, *simulator.control_routes] if at == path})
        if verbs:
            return _NoRoute(405, f"{method} is not a call of {PREFIX}/{path}: use {', '.join(verbs)}")
        return _NoRoute(404, f"there is no {PREFIX}/{path} on {simulator.name}")

    def _index(self, simulator: Simulator, _: dict[str, Any]) -> dict[str, Any]:
        calls = sorted({*self._routes, *simulator.control_routes}, key=lambda route: (route[1], route[0]))
        return {
            "simulator": simulator.name,
            "now": simulator.clock.now(),
            "frozen": simulator.clock.frozen,
            "calls": [f"{method} {PREFIX}{'/' if path else ''}{path}" for method, path in calls],
            "snapshots": list(self._snapshots),
            "faults": len(simulator.faults.list()),
        }

    def _reset(self, simulator: Simulator, _: dict[str, Any]) -> dict[str, Any]:
        simulator.reset()
        simulator.faults.clear()
        simulator.journal.clear()
        return {"reset": True, "simulator": simulator.name}

    def _snapshot(self, simulator: Simulator, _: dict[str, Any]) -> dict[str, Any]:
        image = simulator.database.snapshot()
        self._issued += 1
        snapshot_id = f"snapshot-{self._issued}"
        self._snapshots[snapshot_id] = image
        while len(self._snapshots) > SNAPSHOTS_KEPT:
            del self._snapshots[next(iter(self._snapshots))]
        return {"id": snapshot_id, "bytes": len(image)}

    def _restore(self, simulator: Simulator, arguments: dict[str, Any]) -> dict[str, Any]:
        snapshot_id = arguments.get("id")
        image = self._snapshots.get(snapshot_id) if isinstance(snapshot_id, str) else None
        if image is None:
            raise ControlError(
                f"there is no snapshot {snapshot_id!r}",
                hint=f"the last {SNAPSHOTS_KEPT} are kept: {', '.join(self._snapshots) or 'none yet'}",
            )
        simulator.database.restore(image)
        after_restore = getattr(simulator, "after_restore", None)
        if after_restore is not None:
            after_restore()
        return {"restored": snapshot_id}


class _NoRoute(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def _arguments(method: str, scope: Scope, receive: Receive) -> dict[str, Any]:
    chunks = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        chunks += message.get("body", b"")
        if len(chunks) > BODY_LIMIT:
            raise ControlError("the body is larger than 1 MiB", hint="send less")
        if not message.get("more_body", False):
            break
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))
    if method == "GET" or not chunks.strip():
        return dict(query)
    try:
        body = orjson.loads(bytes(chunks))
    except orjson.JSONDecodeError as problem:
        raise ControlError(f"the body is not JSON: {problem}", hint="send a JSON object") from None
    if isinstance(body, list):
        return {**query, "list": body}
    if not isinstance(body, dict):
        raise ControlError("the body is not a JSON object", hint="send a JSON object")
    return {**query, **body}


def _journal(simulator: Simulator, arguments: dict[str, Any]) -> dict[str, Any]:
    entries = simulator.journal.entries(
        path=arguments.get("path"),
        method=arguments.get("method"),
        since=_whole(arguments, "since", default=0),
        limit=_whole(arguments, "limit", default=1_000),
    )
    return {"entries": entries, "counts": simulator.journal.counts()}


def _whole(arguments: dict[str, Any], name: str, *, default: int) -> int:
    value = arguments.get(name, default)
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise ControlError(f"{name} is {value!r}", hint=f"{name} is a whole number from 0 up")
    return number


def _journal_counts(simulator: Simulator, _: dict[str, Any]) -> dict[str, Any]:
    return simulator.journal.counts()


def _clear_journal(simulator: Simulator, _: dict[str, Any]) -> dict[str, Any]:
    simulator.journal.clear()
    return {"cleared": True}


def _faults(simulator: Simulator, _: dict[str, Any]) -> dict[str, Any]:
    return {"faults": simulator.faults.list()}


def _add_faults(simulator: Simulator, arguments: dict[str, Any]) -> dict[str, Any]:
    specs = arguments.get("list")
    if specs is None:
        return {"id": simulator.faults.add(arguments)}
    # All or none: a list with a mistake in it must not leave half a plan behind.
    checker = FaultPlan()
    for spec in specs:
        checker.add(spec)
    return {"ids": [simulator.faults.add(spec) for spec in specs]}


def _clear_faults(simulator: Simulator, arguments: dict[str, Any]) -> dict[str, Any]:
    fault_id = arguments.get("id")
    try:
        simulator.faults.clear(fault_id)
    except KeyError:
        raise ControlError(f"there is no fault {fault_id!r}", hint="see GET /_sim/faults") from None
    return {"cleared": fault_id or "all"}


def _limits(simulator: Simulator, _: dict[str, Any]) -> dict[str, Any]:
    return simulator.limits()


def _set_limits(simulator: Simulator, arguments: dict[str, Any]) -> dict[str, Any]:
    simulator.set_limits(arguments)
    return simulator.limits()
