"""Makes the clients of connections."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

import aiohttp

from actionsync_server.clock import Clock
from actionsync_server.model.settings import Pace
from actionsync_server.systems.marketo import Marketo, MarketoLogin
from actionsync_server.systems.salesforce import Salesforce, SalesforceLogin

__all__ = ["MarketoLogin", "SalesforceLogin", "SystemClients"]


class SystemClients:
    """Makes Marketo and Salesforce clients that share one HTTP session."""

    def __init__(
        self, session: aiohttp.ClientSession, clock: Clock, rng: random.Random, *, allow_plain_http: bool = False
    ) -> None:
        self._session = session
        self._clock = clock
        self._rng = rng
        self._allow_plain_http = allow_plain_http

    def marketo(self, login: MarketoLogin, *, pace: Pace = Pace.POLITE) -> Marketo:
        """Return a client of one Marketo subscription. Raises InvalidInput for a base URL that is not allowed."""
        raise NotImplementedError

    def salesforce(
        self, login: SalesforceLogin, *, on_refresh_token: Callable[[str], Awaitable[None]] | None = None
    ) -> Salesforce:
        """Return a client of one Salesforce user. `on_refresh_token` must keep a refresh token that replaced ours."""
        raise NotImplementedError
