"""The way to one Marketo subscription: login, token, and the three shapes of a call."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from actionsync_server.clock import SECOND, Clock
from actionsync_server.model.errors import System
from actionsync_server.model.settings import Pace
from actionsync_server.systems.call_counter import CallLedger
from actionsync_server.systems.calls import Calls, Rules
from actionsync_server.systems.failures import CallFailed, Failure, FailureKind
from actionsync_server.systems.http import Answer, Http, Request, address, origin_of
from actionsync_server.systems.marketo.answers import Reply, by_code, by_status, decoded, read_reply, unreadable
from actionsync_server.systems.marketo.codes import FREE_CODES, SLOWING_CODES, next_central_midnight
from actionsync_server.systems.marketo.types import MarketoLogin
from actionsync_server.systems.pace import PaceLimiter
from actionsync_server.systems.tokens import Token, Tokens

#: Calls per window and at once. Adobe advises half of what the subscription has, because others share it.
PACES = {Pace.POLITE: (50, 5), Pace.FULL: (100, 10)}
WINDOW_SECONDS = 20.0

#: Marketo takes addresses up to 8 KB; longer ones travel as POST with `_method=GET`. The margin is for the host.
LONGEST_ADDRESS = 7_500
#: Marketo takes JSON bodies up to 1 MB.
LARGEST_BODY = 1_000_000

RULES = Rules(
    system=System.MARKETO,
    free_codes=FREE_CODES,
    slowing_codes=SLOWING_CODES,
    quota_returns=next_central_midnight,
    day_codes=frozenset({"607"}),
)

T = TypeVar("T")

_FORM = "application/x-www-form-urlencoded"


def marketo_origin(base_url: str, *, allow_plain_http: bool) -> str:
    """Return the origin of a subscription; the `/rest` and `/identity` that Marketo's admin page shows are dropped."""
    return origin_of(base_url, allow_plain_http=allow_plain_http, drop_paths=frozenset({"/rest", "/identity"}))


def pace_limiter(clock: Clock, pace: Pace) -> PaceLimiter:
    """Return a limiter for one subscription."""
    calls, at_once = PACES[pace]
    return PaceLimiter(clock, calls=calls, seconds=WINDOW_SECONDS, at_once=at_once)


class _TokenAnswer(msgspec.Struct):
    access_token: str = ""
    expires_in: float = 0.0
    error: str = ""
    error_description: str = ""


class Connection:
    """Calls to one subscription under one login. The token travels in the Authorization header and nowhere else."""

    def __init__(
        self,
        login: MarketoLogin,
        http: Http,
        pace: PaceLimiter,
        *,
        origin: str,
        clock: Clock,
        rng: random.Random,
        ledger: CallLedger | None = None,
    ) -> None:
        self._login = login
        self.origin = origin
        self.clock = clock
        self.calls = Calls(http, pace, clock, rng=rng, rules=RULES, ledger=ledger)
        self.tokens = Tokens(clock, self._fetch_token)

    async def get(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        kind: type[T],
        permission: str,
        seconds: float = 70.0,
        urgent: bool = False,
    ) -> Reply[T]:
        """Read rows of a `kind`. A query too long for an address is sent as a form."""
        query = query or {}

        def build(token: Token) -> Request:
            url = address(self.origin, path, query)
            if len(str(url)) <= LONGEST_ADDRESS:
                return Request("GET", url, self._headers(token), seconds=seconds)
            return Request(
                "POST",
                address(self.origin, path, {"_method": "GET"}),
                self._headers(token) | {"Content-Type": _FORM},
                body=urlencode(query, quote_via=quote).encode(),
                seconds=seconds,
            )

        return await self.calls.make(self.tokens, build, _reader(kind, permission), urgent=urgent)

    async def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        kind: type[T],
        permission: str,
        repeatable: bool,
        seconds: float = 70.0,
    ) -> Reply[T]:
        """Write: JSON, or nothing at all. `repeatable` says that doing it twice does no harm."""
        content = b"" if body is None else msgspec.json.encode(body)
        if len(content) > LARGEST_BODY:
            raise self.calls.error(by_code("413", ""), repeatable=repeatable)
        url = address(self.origin, path)

        def build(token: Token) -> Request:
            headers = self._headers(token) | {"Content-Type": "application/json"}
            return Request("POST", url, headers, body=content, seconds=seconds)

        return await self.calls.make(self.tokens, build, _reader(kind, permission), repeatable=repeatable)

    def file_request(self, path: str, token: Token, *, first_byte: int) -> Request:
        """Return the request of a file from `first_byte` on. Never compressed: positions count bytes of the file."""
        headers = self._headers(token) | {"Accept": "text/csv", "Accept-Encoding": "identity"}
        if first_byte:
            headers["Range"] = f"bytes={first_byte}-"
        return Request("GET", address(self.origin, path), headers)

    def _headers(self, token: Token) -> dict[str, str]:
        return {"Authorization": f"Bearer {token.value}", "Accept": "application/json"}

    async def _fetch_token(self) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._login.client_id,
            "client_secret": self._login.client_secret,
        }
        # By form, so that the secret stays out of addresses and of the logs that keep them.
        request = Request(
            "POST",
            address(self.origin, "/identity/oauth/token"),
            {"Content-Type": _FORM, "Accept": "application/json"},
            body=urlencode(form).encode(),
        )

        async def attempt() -> Token:
            began = self.clock.now()
            read = read_token(await self.calls.http.send(request))
            return dataclasses.replace(
                read, origin=self.origin, fetch_time=began, end_time=began + (read.end_time or 0)
            )

        return await self.calls.make_without_token(attempt)


def read_token(answer: Answer) -> Token:
    """Return the token of an identity answer; its `end_time` is still the life that is left."""
    if not answer.is_json or answer.status >= 500:
        raise by_status(answer.status)
    read: _TokenAnswer = decoded(answer.body, _TokenAnswer)
    if answer.status == 200 and read.access_token:
        return Token(read.access_token, end_time=round(read.expires_in * SECOND))
    if read.error and answer.status in (400, 401, 403):
        failure = by_code(read.error, read.error_description)
        # Whatever the word, an identity service that says no leaves nothing to do but to connect again.
        raise CallFailed(dataclasses.replace(failure, kind=FailureKind.LOGIN))
    if answer.status == 200:
        raise unreadable("no token in it")
    raise by_status(answer.status)


def _reader(kind: type[T], permission: str) -> Callable[[Answer], Reply[T]]:
    def read(answer: Answer) -> Reply[T]:
        try:
            return read_reply(answer, kind)
        except CallFailed as failed:
            raise CallFailed(name_permission(failed.failure, permission)) from failed

    return read


def name_permission(failure: Failure, permission: str) -> Failure:
    """Add to an `Access denied` which permission the call needs: Marketo does not say it."""
    if failure.code != "603":
        return failure
    return dataclasses.replace(
        failure,
        message=f"{failure.message}; this call needs the permission '{permission}'",
        metadata={"permission": permission},
    )
