"""Scheduled faults in domain words: which call, what happens to it, how often.

A spec is JSON: `{"match": {"method": "POST", "path": "/rest/v1/activities/*", "nth": 3}, "action": "error",
"error": {"code": "604", "message": "Request timed out"}, "times": 2}`.

`match.path` is a glob on the normalised path (`*` also crosses slashes); `match.nth` is the first matching
call the fault falls on (1 = the next); `times` is how many calls it falls on (default 1, null = until it is
removed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, cast, get_args

Action = Literal["error", "drop_before", "commit_then_drop", "cut_answer", "delay", "hide_rows"]
ACTIONS: tuple[str, ...] = get_args(Action)
SPEC_KEYS = frozenset({"match", "action", "times", "error", "seconds"})
MATCH_KEYS = frozenset({"method", "path", "nth"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class FaultSpecError(ValueError):
    """A fault that cannot be planned; `hint` says what would be accepted."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class FaultError:
    """The answer of an `error` fault; without `http_status` the vendor's own for the code is taken."""

    code: str
    message: str | None
    http_status: int | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call.

    error: the call is answered with `error` and not executed. drop_before: the connection is cut, nothing
    executed. commit_then_drop: executed, then the connection is cut. cut_answer: executed, then the connection is cut
    in the middle of the answer. delay: answered `seconds` (simulator
    time) later. hide_rows: rows written by this call stay invisible to reads for `seconds` of simulator
    time.
    """

    id: str
    action: Action
    error: FaultError | None = None
    seconds: float = 0.0

    @property
    def rows(self) -> float:
        """For hide_rows: how long the rows of this call stay invisible, in seconds."""
        return self.seconds


@dataclass(slots=True)
class _Planned:
    fault: Fault
    method: str | None
    path: str | None
    nth: int
    times: int | None
    seen: int = 0
    taken: int = 0

    def matches(self, method: str, path: str) -> bool:
        if self.method is not None and self.method != method:
            return False
        return self.path is None or fnmatchcase(path, self.path)

    @property
    def spent(self) -> bool:
        return self.times is not None and self.taken >= self.times

    @property
    def due(self) -> bool:
        return self.seen >= self.nth and not self.spent

    def describe(self) -> dict[str, Any]:
        fault = self.fault
        match = {"method": self.method, "path": self.path, "nth": self.nth}
        described: dict[str, Any] = {
            "id": fault.id,
            "match": {key: value for key, value in match.items() if value is not None},
            "action": fault.action,
            "times": self.times,
            "seen": self.seen,
            "taken": self.taken,
        }
        if fault.error is not None:
            described["error"] = {
                "code": fault.error.code,
                "message": fault.error.message,
                "http_status": fault.error.http_status,
            }
        if fault.action in ("delay", "hide_rows"):
            described["seconds"] = fault.seconds
        return described


class FaultPlan:
    """The faults of one simulator, in the order in which they were added."""

    def __init__(self) -> None:
        self._planned: dict[str, _Planned] = {}
        self._issued = 0

    def add(self, spec: Mapping[str, Any]) -> str:
        """Plan a fault and return its id. Raises FaultSpecError, and plans nothing, for a wrong spec."""
        if not isinstance(spec, Mapping):
            raise FaultSpecError("a fault is a JSON object", hint=f"members: {', '.join(sorted(SPEC_KEYS))}")
        _known(spec, SPEC_KEYS, where="fault")
        match = spec.get("match", {})
        if not isinstance(match, Mapping):
            raise FaultSpecError("match is a JSON object", hint=f"members: {', '.join(sorted(MATCH_KEYS))}")
        _known(match, MATCH_KEYS, where="match")
        action = spec.get("action")
        if action not in ACTIONS:
            raise FaultSpecError(f"unknown action {action!r}", hint=f"one of {', '.join(ACTIONS)}")
        times = spec.get("times", 1)
        planned = _Planned(
            fault=Fault(
                id=f"fault-{self._issued + 1}",
                action=cast("Action", action),
                error=_error(spec),
                seconds=_seconds(spec),
            ),
            method=_method(match.get("method")),
            path=_path(match.get("path")),
            nth=_count(match.get("nth", 1), "match.nth"),
            times=None if times is None else _count(times, "times"),
        )
        self._issued += 1
        self._planned[planned.fault.id] = planned
        return planned.fault.id

    def take(self, method: str, path: str) -> Fault | None:
        """Count this call against every matching fault and return the first one that falls on it, if any."""
        if not self._planned:
            return None
        chosen: _Planned | None = None
        for planned in self._planned.values():
            if not planned.matches(method, path):
                continue
            planned.seen += 1
            if chosen is None and planned.due:
                chosen = planned
        if chosen is None:
            return None
        chosen.taken += 1
        return chosen.fault

    def list(self) -> list[dict[str, Any]]:
        """Describe every planned fault with how often it was matched and taken; spent ones stay listed."""
        return [planned.describe() for planned in self._planned.values()]

    def clear(self, fault_id: str | None = None) -> None:
        """Remove one fault (KeyError if there is none with that id) or, without an id, all of them."""
        if fault_id is None:
            self._planned.clear()
        else:
            del self._planned[fault_id]


def _known(given: Mapping[str, Any], allowed: frozenset[str], *, where: str) -> None:
    unknown = sorted(set(given) - allowed)
    if unknown:
        raise FaultSpecError(f"unknown member {unknown[0]!r} in {where}", hint=f"members: {', '.join(sorted(allowed))}")


def _method(method: Any) -> str | None:
    if method is None:
        return None
    if not isinstance(method, str) or method.upper() not in METHODS:
        raise FaultSpecError(f"unknown method {method!r}", hint=f"one of {', '.join(sorted(METHODS))}")
    return method.upper()


def _path(path: Any) -> str | None:
    if path is None:
        return None
    if not isinstance(path, str) or not path:
        raise FaultSpecError("match.path is a glob on the path", hint="for example /rest/v1/activities/external*")
    return path


def _count(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise FaultSpecError(f"{name} is {value!r}", hint=f"{name} is a whole number from 1 up")
    return value


def _seconds(spec: Mapping[str, Any]) -> float:
    action = spec["action"]
    if action not in ("delay", "hide_rows"):
        if "seconds" in spec:
            raise FaultSpecError(f"{action} takes no seconds", hint="seconds belongs to delay and hide_rows")
        return 0.0
    seconds = spec.get("seconds")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 < seconds < 1e9:
        raise FaultSpecError(f"seconds is {seconds!r}", hint=f"{action} needs seconds greater than 0")
    return float(seconds)


def _error(spec: Mapping[str, Any]) -> FaultError | None:
    error = spec.get("error")
    if spec["action"] != "error":
        if error is not None:
            raise FaultSpecError(f"{spec['action']} takes no error", hint="error belongs to the error action")
        return None
    hint = 'error is {"code": "604", "message": "…", "http_status": 503}; code is required'
    if not isinstance(error, Mapping):
        raise FaultSpecError("the error action needs an error", hint=hint)
    _known(error, frozenset({"code", "message", "http_status"}), where="error")
    code, message, http_status = error.get("code"), error.get("message"), error.get("http_status")
    if isinstance(code, int) and not isinstance(code, bool):
        code = str(code)
    if not isinstance(code, str) or not code:
        raise FaultSpecError(f"error.code is {code!r}", hint=hint)
    if message is not None and not isinstance(message, str):
        raise FaultSpecError("error.message is not a text", hint=hint)
    if http_status is not None and (
        not isinstance(http_status, int) or isinstance(http_status, bool) or not 200 <= http_status <= 599
    ):
        raise FaultSpecError(f"error.http_status is {http_status!r}", hint="an HTTP status from 200 to 599")
    return FaultError(code=code, message=message, http_status=http_status)
