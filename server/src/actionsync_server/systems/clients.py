"""Makes the clients of connections."""

from __future__ import annotations

import random

import aiohttp

from actionsync_server.clock import Clock
from actionsync_server.model.settings import Pace
from actionsync_server.systems.call_counter import CallLedger
from actionsync_server.systems.http import Http, origin_of
from actionsync_server.systems.marketo import Marketo, MarketoLogin
from actionsync_server.systems.marketo import connection as marketo
from actionsync_server.systems.pace import PaceLimiter
from actionsync_server.systems.salesforce import Salesforce, SalesforceLogin
from actionsync_server.systems.salesforce import connection as salesforce
from actionsync_server.systems.salesforce.login import KeepRefreshToken

__all__ = ["MarketoLogin", "SalesforceLogin", "SystemClients"]


class SystemClients:
    """Makes Marketo and Salesforce clients that share one HTTP session.

    Limits belong to a subscription or org, not to a client, so clients of one address share their pace. The session
    should keep no cookies (aiohttp.DummyCookieJar): clients of different customers share it.
    """

    def __init__(
        self, session: aiohttp.ClientSession, clock: Clock, rng: random.Random, *, allow_plain_http: bool = False
    ) -> None:
        self._http = Http(session, clock)
        self._clock = clock
        self._rng = rng
        self._allow_plain_http = allow_plain_http
        self._paces: dict[str, PaceLimiter] = {}

    def new_ledger(self) -> CallLedger:
        """Return a ledger to give to every client whose calls count together."""
        return CallLedger(self._clock)

    def marketo(self, login: MarketoLogin, *, pace: Pace = Pace.POLITE, ledger: CallLedger | None = None) -> Marketo:
        """Return a client of one Marketo subscription; nothing is sent yet.

        Raises InvalidInput (field base_url) for an address that is none, and for plain http where it is not allowed.
        """
        origin = marketo.marketo_origin(login.base_url, allow_plain_http=self._allow_plain_http)
        limiter = self._paces.get(origin)
        if limiter is None:
            limiter = self._paces[origin] = marketo.pace_limiter(self._clock, pace)
        client = Marketo(
            marketo.Connection(
                login, self._http, limiter, origin=origin, clock=self._clock, rng=self._rng, ledger=ledger
            )
        )
        client.set_pace(pace)
        return client

    def salesforce(
        self,
        login: SalesforceLogin,
        *,
        on_refresh_token: KeepRefreshToken | None = None,
        ledger: CallLedger | None = None,
    ) -> Salesforce:
        """Return a client of one Salesforce user; nothing is sent yet.

        `on_refresh_token` is awaited with each refresh token that replaces ours and must have stored it when it
        returns. Raises InvalidInput as `marketo` does.
        """
        origin = origin_of(login.base_url, allow_plain_http=self._allow_plain_http)
        limiter = self._paces.get(origin)
        if limiter is None:
            limiter = self._paces[origin] = salesforce.pace_limiter(self._clock)
        return Salesforce(
            salesforce.Connection(
                login,
                self._http,
                limiter,
                origin=origin,
                clock=self._clock,
                rng=self._rng,
                allow_plain_http=self._allow_plain_http,
                keep=on_refresh_token,
                ledger=ledger,
            )
        )
