"""A request and a response as the handlers see them: no ASGI, so that composite can run handlers too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error, json_parser_error
from actionsync_simulators.salesforce.schema import Access


class _NoBody:
    """The absence of a response body (a JSON null is a body)."""

    def __repr__(self) -> str:
        return "NO_BODY"


NO_BODY: Final = _NoBody()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the user whose session it is, what the user may see, and the client id of the call options."""

    user_id: str
    username: str
    access: Access
    client: str = ""


@dataclass(slots=True)
class Request:
    """One call. `segments` are the decoded parts of the path; `headers` have lower-case names.

    `version` is the API version of the path without the `v` ("60.0"), `base_url` the scheme and host the client used.
    `all_or_none` is set on the parts of a composite call that succeeds or fails as a whole. `wants_xml` when the
    path ends in `.xml`.
    """

    method: str
    path: str
    segments: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    version: str = ""
    caller: Caller | None = None
    parsed_body: Any = field(default=NO_BODY)
    all_or_none: bool = False
    wants_xml: bool = False

    @property
    def user(self) -> Caller:
        """The caller of a call that has been authenticated."""
        if self.caller is None:
            raise RuntimeError(f"{self.method} {self.path} was handled without a session")
        return self.caller

    @property
    def version_number(self) -> float:
        """The API version as a number, for behaviour that changed over time."""
        return float(self.version)

    @property
    def data_url(self) -> str:
        """`/services/data/vXX.0`, the start of every URL in the answers."""
        return f"/services/data/v{self.version}"

    def json(self) -> Any:
        """The JSON body. Raises 415 for another content type and 400 for broken JSON."""
        if self.parsed_body is not NO_BODY:
            return self.parsed_body
        content_type = self.headers.get("content-type", "")
        if content_type.partition(";")[0].strip().lower() not in ("application/json", "text/json"):
            raise api_error(
                "UNSUPPORTED_MEDIA_TYPE", f"The content type {content_type or 'none'} is not supported here."
            )
        try:
            self.parsed_body = orjson.loads(self.body)
        except orjson.JSONDecodeError as problem:
            raise json_parser_error(_parse_problem(self.body, problem)) from None
        return self.parsed_body

    def json_object(self) -> dict[str, Any]:
        """The JSON body, which must be an object."""
        body = self.json()
        if not isinstance(body, dict):
            raise json_parser_error(
                "The request body must be a JSON object. Found an array or a plain value at [line:1, column:1]"
            )
        return body


@dataclass(slots=True)
class Response:
    """One answer; `payload` is turned into JSON unless it is text, bytes or NO_BODY. `code` is that of an error.

    `later` waits for the rest of the answer, outside of the call's work: time may pass meanwhile.
    """

    status: int
    payload: Any = NO_BODY
    headers: list[tuple[str, str]] = field(default_factory=list)
    code: str | None = None
    content_type: str = "application/json;charset=UTF-8"
    later: Callable[[], Awaitable[Response]] | None = None


def is_whole(text: str) -> bool:
    """Whether a parameter is a whole number in plain digits."""
    return text.isascii() and text.isdigit()


def no_content() -> Response:
    """204: done, nothing to say."""
    return Response(204)


def error_response(error: ApiError) -> Response:
    """The answer to a refused call."""
    return Response(error.status, error.wire(), list(error.headers), code=error.code)


def _parse_problem(body: bytes, problem: orjson.JSONDecodeError) -> str:
    if not body.strip():
        return f"Unexpected end-of-input in VALUE_STRING at [line:1, column:{len(body) + 1}]"
    if problem.pos >= len(problem.doc):
        return f"Unexpected end-of-input at [line:{problem.lineno}, column:{problem.colno}]"
    character = problem.doc[problem.pos]
    return (
        f"Unexpected character ('{character}' (code {ord(character)})) at "
        f"[line:{problem.lineno}, column:{problem.colno}]"
    )
