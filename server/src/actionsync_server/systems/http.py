"""One exchange with a system: the only place that touches HTTP.

It says one of three things: an answer (whatever its status), nothing left our side (Failure BUSY, `sent` False), or
the answer was lost (Failure UNKNOWN). Redirects are never followed: the token must not travel to another host.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from actionsync_server.clock import Clock
from actionsync_server.model.errors import InvalidInput, Violation
from actionsync_server.systems.deadline import deadline
from actionsync_server.systems.failures import CONNECTION_LOST, TIMEOUT, CallFailed, Failure, FailureKind

CONNECT_SECONDS = 15.0
BLOCK_BYTES = 1 << 16

_SECRET_PARAMETERS = frozenset({"access_token", "refresh_token", "client_secret", "oauth_token"})


def origin_of(base_url: str, *, allow_plain_http: bool, drop_paths: frozenset[str] = frozenset()) -> str:
    """Return scheme, host and port of `base_url`; a path in `drop_paths` (people paste them) is left out.

    Raises InvalidInput for anything that is not the https address of a host; http only where it is allowed.
    """
    try:
        parts = urlsplit(base_url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as problem:
        raise _not_an_origin(str(problem)) from None
    if parts.scheme not in ("https", "http") or not host:
        raise _not_an_origin("must be an address such as https://example.my.salesforce.com")
    if parts.scheme == "http" and not allow_plain_http:
        raise _not_an_origin("must use https: plain http is for simulators and must be allowed in the configuration")
    if parts.username is not None or parts.query or parts.fragment:
        raise _not_an_origin("must not carry a user, a query or a fragment")
    if parts.path.rstrip("/") not in {"", *drop_paths}:
        raise _not_an_origin("must be the address of the host alone, without a path")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port is not None else "")


def _not_an_origin(why: str) -> InvalidInput:
    return InvalidInput([Violation("base_url", why)])


def address(origin: str, path: str, query: Mapping[str, str] | None = None) -> URL:
    """Return a URL; refuses to put a secret into it, because URLs end up in logs. `path` is encoded already."""
    if query and _SECRET_PARAMETERS & query.keys():
        raise ValueError("a secret does not belong into a URL")
    tail = f"?{urlencode(query, quote_via=quote)}" if query else ""
    return URL(f"{origin}{path}{tail}", encoded=True)


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `seconds` is how long its answer may take."""

    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | None = None
    seconds: float = 70.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, read to its end."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def is_json(self) -> bool:
        """Whether the body says that it is JSON; nothing else decides that."""
        return content_type(self.headers) == "application/json"


def content_type(headers: Mapping[str, str]) -> str:
    """Return the media type without its parameters, in lower case."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Stream:
    """An answer whose body is still on its way."""

    def __init__(self, response: aiohttp.ClientResponse, clock: Clock, seconds: float) -> None:
        self._response = response
        self._clock = clock
        self._seconds = seconds

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._response.status

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """The headers."""
        return self._response.headers

    async def blocks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it comes; each block must come within the time limit. Raises CallFailed when it breaks."""
        while True:
            with self._clock.busy(), _lost(self._seconds):
                async with deadline(self._clock, self._seconds):
                    block = await self._response.content.read(BLOCK_BYTES)
            if not block:
                return
            yield block

    async def answer(self) -> Answer:
        """Read the rest as an ordinary answer."""
        return Answer(self.status, self.headers, b"".join([block async for block in self.blocks()]))


class Http:
    """Exchanges over one session. The session belongs to the application, which also closes it."""

    def __init__(self, session: aiohttp.ClientSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def send(self, request: Request) -> Answer:
        """Return the answer. Raises CallFailed: not sent, or answer lost."""
        with self._clock.busy(), _lost(request.seconds):
            async with deadline(self._clock, request.seconds), await self._open(request) as response:
                return Answer(response.status, response.headers, await response.read())

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Stream]:
        """Open an answer whose body is read in blocks. Raises CallFailed: not sent, or answer lost."""
        with self._clock.busy(), _lost(request.seconds):
            async with deadline(self._clock, request.seconds):
                response = await self._open(request)
        try:
            yield Stream(response, self._clock, request.seconds)
        finally:
            # Also after a whole read: close, not release, since nobody knows here whether the body was read.
            response.close()

    async def _open(self, request: Request) -> aiohttp.ClientResponse:
        return await self._session.request(
            request.method,
            request.url,
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            # The time limit is on our clock; only the connection itself is given the machine's time.
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS),
        )


@contextmanager
def _lost(seconds: float) -> Iterator[None]:
    """Turn every way in which an exchange breaks into CallFailed."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as problem:
        raise CallFailed(
            Failure(FailureKind.BUSY, f"cannot be reached ({type(problem).__name__})", sent=False)
        ) from problem
    except TimeoutError as problem:
        raise CallFailed(
            Failure(FailureKind.UNKNOWN, f"did not answer within {seconds:g} seconds", code=TIMEOUT)
        ) from problem
    except (aiohttp.ClientError, OSError) as problem:
        raise CallFailed(
            Failure(FailureKind.UNKNOWN, f"the connection was lost ({type(problem).__name__})", code=CONNECTION_LOST)
        ) from problem
