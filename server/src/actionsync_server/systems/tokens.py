"""One access token for many calls: fetched once however many wait for it, renewed before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from actionsync_server.clock import SECOND, Clock, Micros
from actionsync_server.model.errors import SystemBusy

#: A token is renewed this long before its end, or at half of what is left of it when that is less: Marketo answers
#: with the same dying token until it is dead, and asking at every call would not make it younger.
MARGIN: Micros = 60 * SECOND


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, the origin it is good for, and when it ends (None: when the system says so)."""

    value: str = field(repr=False)
    origin: str = ""
    fetch_time: Micros = 0
    end_time: Micros | None = None

    @property
    def renew_time(self) -> Micros | None:
        """When a new one should be asked for."""
        if self.end_time is None:
            return None
        left = self.end_time - self.fetch_time
        return self.fetch_time + max(left - MARGIN, left // 2)


class Tokens:
    """Holds the token of one login.

    The fetch is a task of its own: a caller who gives up does not take the others' token with it, and a refresh token
    that was exchanged is kept even when nobody waits for the answer any more.
    """

    def __init__(self, clock: Clock, fetch: Callable[[], Awaitable[Token]]) -> None:
        self._clock = clock
        self._fetch = fetch
        self._token: Token | None = None
        self._fetching: asyncio.Task[Token] | None = None

    async def current(self) -> Token:
        """Return a token that is good, as far as we can know. Raises what the fetch raises."""
        token = self._token
        now = self._clock.now()
        if token is not None and (token.renew_time is None or now < token.renew_time):
            return token
        try:
            return await self._renewed()
        except SystemBusy:
            # The system's login does not answer; the old token is good for a while yet.
            if token is not None and token is self._token and token.end_time is not None and now < token.end_time:
                return token
            raise

    def reject(self, token: Token) -> None:
        """Forget `token`: the system did not accept it. A newer one stays."""
        if self._token is not None and self._token.value == token.value:
            self._token = None

    async def _renewed(self) -> Token:
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._run(), name="token")
            self._fetching.add_done_callback(_retrieve)
        return await asyncio.shield(self._fetching)

    async def _run(self) -> Token:
        try:
            self._token = await self._fetch()
            return self._token
        finally:
            self._fetching = None


def _retrieve(task: asyncio.Task[Token]) -> None:
    """Look at the outcome, so that a failure nobody waited for is not reported as forgotten."""
    if not task.cancelled():
        task.exception()
