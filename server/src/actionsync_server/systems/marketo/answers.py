"""Reading Marketo's answers: HTTP 200 proves nothing, `success` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from actionsync_server.systems.failures import TOO_MANY_REQUESTS, UNREADABLE, CallFailed, Failure, FailureKind
from actionsync_server.systems.http import Answer
from actionsync_server.systems.marketo.codes import TABLE
from actionsync_server.systems.redaction import redact

T = TypeVar("T")


class Problem(msgspec.Struct):
    """One error of a response or of a row. Codes are strings of digits; a number is taken as well."""

    code: str | int = ""
    message: str = ""


class Envelope(msgspec.Struct, rename="camel"):
    """What every Marketo answer is wrapped in. Any member but `success` may be missing."""

    success: bool
    request_id: str = ""
    # Not optional: in a union with None msgspec takes Raw for None alone. Empty stands for a missing member.
    result: msgspec.Raw = msgspec.Raw(b"")
    errors: list[Problem] = []
    next_page_token: str | None = None
    more_result: bool | None = None


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """A success: its rows (none when `result` is missing), and where the next page is."""

    rows: list[T]
    next_page_token: str
    more: bool | None  # None where Marketo does not say it


def decoded(body: bytes, kind: Any) -> Any:
    """Return `body` as `kind`. Raises CallFailed for what is not that: the answer says nothing then."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise unreadable(type(problem).__name__) from problem


def unreadable(what: str) -> CallFailed:
    """Return the failure of an answer that makes no sense: whether the request was carried out is unknown."""
    return CallFailed(Failure(FailureKind.UNKNOWN, f"the answer cannot be read ({what})", code=UNREADABLE))


def read_reply(answer: Answer, kind: type[T]) -> Reply[T]:
    """Return a success with its rows as `kind`; raises CallFailed for everything else."""
    if answer.status >= 500 or not answer.is_json:
        raise by_status(answer.status)
    try:
        envelope: Envelope = decoded(answer.body, Envelope)
    except CallFailed:
        if answer.status != 200:
            raise by_status(answer.status) from None
        raise
    if not envelope.success:
        raise by_errors(envelope.errors)
    if answer.status != 200:
        raise by_status(answer.status)
    result = bytes(envelope.result)
    rows: list[T] | None = decoded(result, list[kind] | None) if result else None  # type: ignore[valid-type]
    return Reply(rows or [], envelope.next_page_token or "", envelope.more_result)


def by_errors(errors: list[Problem]) -> CallFailed:
    """Return the failure of `success: false`; without a reason we only know that nothing was carried out."""
    if not errors:
        return CallFailed(Failure(FailureKind.BUSY, "it failed without a reason"))
    return CallFailed(by_code(str(errors[0].code), errors[0].message))


def by_code(code: str, message: str) -> Failure:
    """Return the failure that a code stands for."""
    meaning = TABLE.find(code, message)
    return Failure(
        meaning.kind,
        f"{meaning.meaning} ({code}: {redact(message)})" if message else f"{meaning.meaning} ({code})",
        code=code,
        retry_after=meaning.retry_after,
    )


def by_status(status: int) -> CallFailed:
    """Return the failure of an answer without an envelope."""
    if status >= 500:
        return CallFailed(Failure(FailureKind.UNKNOWN, f"it answered with HTTP {status}", code=str(status)))
    if status == 429:
        return CallFailed(
            Failure(FailureKind.BUSY, "it answered with HTTP 429", code=TOO_MANY_REQUESTS, retry_after=2.0)
        )
    if 300 <= status < 400:
        return CallFailed(
            Failure(FailureKind.REFUSED, "it answers from another address; check the base URL", code=str(status))
        )
    if status >= 400:
        return CallFailed(by_code(str(status), ""))
    return unreadable(f"HTTP {status} without JSON")
