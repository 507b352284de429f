"""Logging in to Salesforce: as the app's own user, or as a user who gave a refresh token."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import msgspec

from actionsync_server.clock import Clock
from actionsync_server.model.errors import InvalidInput
from actionsync_server.systems.calls import Calls
from actionsync_server.systems.failures import CallFailed, Failure, FailureKind
from actionsync_server.systems.http import Answer, Request, address, origin_of
from actionsync_server.systems.salesforce.answers import by_code, decoded, failure_of, unreadable
from actionsync_server.systems.salesforce.types import SalesforceLogin
from actionsync_server.systems.tokens import Token

KeepRefreshToken = Callable[[str], Awaitable[None]]


class _TokenAnswer(msgspec.Struct):
    access_token: str = ""
    instance_url: str = ""
    refresh_token: str = ""
    error: str = ""
    error_description: str = ""


class Login:
    """Exchanges one login for sessions.

    Where the org rotates refresh tokens, each exchange replaces ours: `keep` must store the new one before the session
    is used, or the login would be lost with this process. When storing fails, so does the exchange, and the next one
    uses the new token and stores its successor.
    """

    def __init__(
        self,
        login: SalesforceLogin,
        calls: Calls,
        *,
        origin: str,
        clock: Clock,
        allow_plain_http: bool,
        keep: KeepRefreshToken | None,
    ) -> None:
        self._login = login
        self._calls = calls
        self._origin = origin
        self._clock = clock
        self._allow_plain_http = allow_plain_http
        self._keep = keep

    @property
    def login(self) -> SalesforceLogin:
        """The login with the refresh token that is good now."""
        return self._login

    async def fetch_token(self) -> Token:
        """Return a new session. Raises LoginRefused, SystemBusy, and what `keep` raises."""
        token, refresh_token = await self._calls.make_without_token(self._attempt)
        if refresh_token and refresh_token != self._login.refresh_token and self._login.refresh_token:
            self._login = dataclasses.replace(self._login, refresh_token=refresh_token)
            if self._keep is not None:
                await self._keep(refresh_token)
        return token

    async def _attempt(self) -> tuple[Token, str]:
        form = {"client_id": self._login.client_id, "client_secret": self._login.client_secret}
        if self._login.refresh_token:
            form |= {"grant_type": "refresh_token", "refresh_token": self._login.refresh_token}
        else:
            form["grant_type"] = "client_credentials"
        request = Request(
            "POST",
            address(self._origin, "/services/oauth2/token"),
            {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            body=urlencode(form).encode(),
        )
        read = _read(await self._calls.http.send(request))
        token = Token(read.access_token, origin=self._instance(read.instance_url), fetch_time=self._clock.now())
        return token, read.refresh_token

    def _instance(self, url: str) -> str:
        """Return the origin where the session is good: Salesforce may send us to another host of its own."""
        if not url:
            return self._origin
        try:
            return origin_of(url, allow_plain_http=self._allow_plain_http)
        except InvalidInput as problem:
            raise CallFailed(Failure(FailureKind.REFUSED, f"its instance address {problem.message}")) from problem


def _read(answer: Answer) -> _TokenAnswer:
    if not answer.is_json or answer.status >= 500:
        raise CallFailed(failure_of(answer)) if answer.status != 200 else unreadable("it is not JSON")
    read: _TokenAnswer = decoded(answer.body, _TokenAnswer)
    if answer.status == 200 and read.access_token:
        return read
    if answer.status == 200:
        raise unreadable("no token in it")
    if not read.error:
        raise CallFailed(failure_of(answer))
    failure = by_code(read.error, read.error_description)
    kind = failure.kind if failure.kind is FailureKind.BUSY else FailureKind.LOGIN
    raise CallFailed(dataclasses.replace(failure, kind=kind))
