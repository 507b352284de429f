"""Reading Salesforce's answers: statuses are honest here, errors are arrays of objects."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from actionsync_server.systems.failures import TOO_MANY_REQUESTS, UNREADABLE, CallFailed, Failure, FailureKind
from actionsync_server.systems.http import Answer
from actionsync_server.systems.redaction import redact
from actionsync_server.systems.salesforce.codes import TABLE

T = TypeVar("T")

_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")


class Problem(msgspec.Struct, rename="camel"):
    """One error of a request."""

    error_code: str = ""
    message: str = ""
    fields: list[str] | None = None


def decoded(body: bytes, kind: Any) -> Any:
    """Return `body` as `kind`. Raises CallFailed for what is not that: the answer says nothing then."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise unreadable(type(problem).__name__) from problem


def unreadable(what: str) -> CallFailed:
    """Return the failure of an answer that makes no sense: whether the request was carried out is unknown."""
    return CallFailed(Failure(FailureKind.UNKNOWN, f"the answer cannot be read ({what})", code=UNREADABLE))


def reader(kind: type[T], heard: Callable[[Answer], None]) -> Callable[[Answer], T]:
    """Return what reads a success as `kind` and raises CallFailed for everything else; `heard` sees every answer."""

    def read(answer: Answer) -> T:
        heard(answer)
        if not 200 <= answer.status < 300:
            raise CallFailed(failure_of(answer))
        if not answer.is_json:
            raise unreadable("it is not JSON")
        result: T = decoded(answer.body, kind)
        return result

    return read


def failure_of(answer: Answer) -> Failure:
    """Return what an answer other than a success says."""
    problem = _problem(answer)
    if answer.status == 401:
        # Whatever the words: the session is gone, and nothing was carried out.
        return by_code("INVALID_SESSION_ID", problem.message)
    if answer.status >= 500:
        code = problem.error_code or str(answer.status)
        meaning = TABLE.find(code, problem.message)
        words = f"{code}: {redact(problem.message)}" if problem.message else code
        return Failure(
            FailureKind.UNKNOWN,
            f"it answered with HTTP {answer.status} ({words})",
            code=code,
            retry_after=meaning.retry_after,
        )
    if answer.status == 429:
        return Failure(FailureKind.BUSY, "it answered with HTTP 429", code=TOO_MANY_REQUESTS, retry_after=2.0)
    if 300 <= answer.status < 400:
        return Failure(
            FailureKind.REFUSED, "it answers from another address; check the base URL", code=str(answer.status)
        )
    if problem.error_code:
        return by_code(problem.error_code, problem.message)
    return Failure(FailureKind.REFUSED, f"it answered with HTTP {answer.status}", code=str(answer.status))


def by_code(code: str, message: str) -> Failure:
    """Return the failure that a code stands for."""
    meaning = TABLE.find(code, message)
    words = f"{code}: {redact(message)}" if message else code
    return Failure(meaning.kind, f"{meaning.meaning} ({words})", code=code, retry_after=meaning.retry_after)


def usage_of(answer: Answer) -> tuple[int, int] | None:
    """Return used and allowed calls as an answer's header says, None where it does not."""
    found = _USAGE.search(answer.headers.get("Sforce-Limit-Info", ""))
    return (int(found[1]), int(found[2])) if found else None


def _problem(answer: Answer) -> Problem:
    if answer.is_json:
        try:
            problems = msgspec.json.decode(answer.body, type=list[Problem])
        except msgspec.MsgspecError:
            return Problem()  # an error without our shape is still told by its status
        if problems:
            return problems[0]
    return Problem()
