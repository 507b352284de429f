"""What was called: a ring of the latest requests with secrets taken out, and counters over all of them."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

CAPACITY = 5_000
"""Requests kept; older ones leave the ring, the counters keep counting them."""
BODY_BYTES = 16_384
"""Bytes of a request body that are kept."""
ROUTES_COUNTED = 2_000
"""Different routes with a counter of their own; what comes later counts as `(other)`."""
REDACTED = "[redacted]"

SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-sfdc-session"})
_HIDDEN_WORDS = (
    r"access_token|refresh_token|oauth_token|id_token|client_secret|password|newpassword|assertion"
    r"|client_assertion|code_verifier|sessionid|access[-_]?key"
)
_IN_JSON = re.compile(rf'("(?:{_HIDDEN_WORDS})"\s*:\s*)"(?:[^"\\]|\\.)*("|$)', re.IGNORECASE)
_IN_FORM = re.compile(rf"(?:(?<=^)|(?<=[&?;\s]))((?:{_HIDDEN_WORDS}|token|code)=)[^&\s]*", re.IGNORECASE)
_IN_XML = re.compile(rf"(<(?:\w+:)?(?:{_HIDDEN_WORDS})(?:\s[^>]*)?>)[^<]*", re.IGNORECASE)
_IN_MULTIPART = re.compile(rf'(name="(?:{_HIDDEN_WORDS})"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n)[^\r\n]*', re.IGNORECASE)
_ID_SEGMENT = re.compile(
    r"(?<=/)(?:\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?=\w*\d)\w{15}(?:\w{3})?|01g\w{12,18}-\d+)(?=/|\.json|$)"
)


@dataclass(frozen=True, slots=True)
class _Entry:
    seq: int
    at: datetime
    method: str
    path: str
    query: str
    headers: Any
    body: bytes
    body_bytes: int
    status: int
    code: str | None
    user: str | None


class Journal:
    """The requests of one simulator. Recording is cheap; secrets are taken out of all that is read."""

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        self._ring: deque[_Entry] = deque(maxlen=capacity)
        self._seq = 0
        self._counted_from = 1
        self._routes: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()
        self._users: Counter[str] = Counter()

    def record(
        self,
        *,
        method: str,
        path: str,
        query: str | bytes,
        headers: Mapping[str, str] | Iterable[tuple[Any, Any]],
        body: bytes,
        status: int,
        code: str | None,
        user: str | None,
        at: datetime,
    ) -> None:
        """Note one request; `code` is the vendor's error code, `user` whom it was charged to."""
        self._seq += 1
        self._ring.append(
            _Entry(
                self._seq,
                at,
                method,
                path,
                query.decode("latin-1") if isinstance(query, bytes) else query,
                headers,
                body if len(body) <= BODY_BYTES else body[:BODY_BYTES],
                len(body),
                status,
                code,
                user,
            )
        )
        route = f"{method} {route_of(path)}"
        if route not in self._routes and len(self._routes) >= ROUTES_COUNTED:
            route = "(other)"
        self._routes[route] += 1
        if code is not None:
            self._codes[code] += 1
        if user is not None:
            self._users[user] += 1

    def entries(
        self, *, path: str | None = None, method: str | None = None, since: int = 0, limit: int = 1_000
    ) -> list[dict[str, Any]]:
        """Return up to `limit` requests newer than sequence number `since`, oldest first, without secrets."""
        found: list[dict[str, Any]] = []
        for entry in self._ring:
            if entry.seq <= since:
                continue
            if method is not None and entry.method != method.upper():
                continue
            if path is not None and not fnmatchcase(entry.path, path):
                continue
            found.append(_readable(entry))
            if len(found) >= limit:
                break
        return found

    def counts(self) -> dict[str, Any]:
        """Return how many requests there were: in all, by route, by error code, by user."""
        return {
            "total": self._seq - self._counted_from + 1,
            "by_route": dict(self._routes.most_common()),
            "by_code": dict(self._codes.most_common()),
            "by_user": dict(self._users.most_common()),
            "kept": len(self._ring),
            "last_seq": self._seq,
        }

    def clear(self) -> None:
        """Forget requests and counters; the sequence numbers go on."""
        self._ring.clear()
        self._routes.clear()
        self._codes.clear()
        self._users.clear()
        self._counted_from = self._seq + 1


@lru_cache(maxsize=4_096)
def route_of(path: str) -> str:
    """Return the path with ids replaced, so that calls on different rows count as one route."""
    return _ID_SEGMENT.sub("{id}", path)


def redact(text: str) -> str:
    """Return the text (JSON, form, query, XML or multipart) with the values of secrets replaced."""
    text = _IN_JSON.sub(rf'\1"{REDACTED}\2', text)
    text = _IN_FORM.sub(rf"\g<1>{REDACTED}", text)
    text = _IN_XML.sub(rf"\g<1>{REDACTED}", text)
    return _IN_MULTIPART.sub(rf"\g<1>{REDACTED}", text)


def _readable(entry: _Entry) -> dict[str, Any]:
    pairs = entry.headers.items() if isinstance(entry.headers, Mapping) else entry.headers
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name = _text(raw_name).lower()
        headers[name] = REDACTED if name in SECRET_HEADERS else _text(raw_value)
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat().replace("+00:00", "Z"),
        "method": entry.method,
        "path": entry.path,
        "query": redact(entry.query),
        "headers": headers,
        "body": redact(entry.body.decode("utf-8", "replace")),
        "body_bytes": entry.body_bytes,
        "status": entry.status,
        "code": entry.code,
        "user": entry.user,
    }


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
