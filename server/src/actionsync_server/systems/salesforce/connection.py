"""The way to one Salesforce org as one user: session, usage, and the shapes of a call."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from actionsync_server.clock import Clock
from actionsync_server.model.errors import System, SystemFailure
from actionsync_server.systems.call_counter import CallLedger
from actionsync_server.systems.calls import Calls, Rules
from actionsync_server.systems.failures import UNREADABLE, CallFailed, Failure, FailureKind
from actionsync_server.systems.http import Answer, Http, Request, address
from actionsync_server.systems.pace import PaceLimiter
from actionsync_server.systems.salesforce.answers import by_code, reader, usage_of
from actionsync_server.systems.salesforce.codes import FREE_CODES, SLOWING_CODES, quota_returns
from actionsync_server.systems.salesforce.login import KeepRefreshToken, Login
from actionsync_server.systems.salesforce.types import SalesforceLogin
from actionsync_server.systems.tokens import Token, Tokens

#: The version of the API that this client was written for; orgs keep offering old versions for years.
API = "/services/data/v60.0"

#: Salesforce limits calls per day and long calls at once (5 in developer orgs), not calls per second. The window is
#: there so that a loop gone wild cannot spend the day's calls within minutes.
AT_ONCE = 5
CALLS_PER_WINDOW = 500
WINDOW_SECONDS = 20.0

#: Change events carry this name as their origin, so that our own changes can be told from other people's.
CLIENT_NAME = "actionsync"

RULES = Rules(
    system=System.SALESFORCE,
    free_codes=FREE_CODES,
    slowing_codes=SLOWING_CODES,
    quota_returns=quota_returns,
    day_codes=frozenset({"REQUEST_LIMIT_EXCEEDED"}),
)

T = TypeVar("T")


def pace_limiter(clock: Clock) -> PaceLimiter:
    """Return a limiter for one org."""
    return PaceLimiter(clock, calls=CALLS_PER_WINDOW, seconds=WINDOW_SECONDS, at_once=AT_ONCE)


class _User(msgspec.Struct):
    user_id: str
    organization_id: str = ""


class Connection:
    """Calls to one org as one user. The session travels in the Authorization header and nowhere else."""

    def __init__(
        self,
        login: SalesforceLogin,
        http: Http,
        pace: PaceLimiter,
        *,
        origin: str,
        clock: Clock,
        rng: random.Random,
        allow_plain_http: bool,
        keep: KeepRefreshToken | None,
        ledger: CallLedger | None = None,
    ) -> None:
        self.clock = clock
        self.calls = Calls(http, pace, clock, rng=rng, rules=RULES, ledger=ledger)
        self.login = Login(login, self.calls, origin=origin, clock=clock, allow_plain_http=allow_plain_http, keep=keep)
        self.tokens = Tokens(clock, self.login.fetch_token)
        self.usage: tuple[int, int] | None = None
        self._organization_id = ""

    async def get(
        self, path: str, query: Mapping[str, str] | None = None, *, kind: type[T], seconds: float = 130.0
    ) -> T:
        """Read `path`, which begins with a slash and holds no host."""

        def build(token: Token) -> Request:
            return Request("GET", address(token.origin, path, query), self._headers(token), seconds=seconds)

        return await self.calls.make(self.tokens, build, reader(kind, self._heard))

    async def send(
        self, method: str, path: str, body: Any, *, kind: type[T], repeatable: bool, seconds: float = 130.0
    ) -> T:
        """Write, or read by POST; None is no body. `repeatable` says that doing it twice does no harm."""
        content = b"" if body is None else msgspec.json.encode(body)

        def build(token: Token) -> Request:
            headers = self._headers(token) | {"Content-Type": "application/json"}
            return Request(method, address(token.origin, path), headers, body=content, seconds=seconds)

        return await self.calls.make(self.tokens, build, reader(kind, self._heard), repeatable=repeatable)

    async def user_id(self) -> str:
        """Return the id of the user whose session this is, asked of Salesforce; not charged."""
        return (await self._user()).user_id

    async def organization_id(self) -> str:
        """Return the id of the org, asked of Salesforce once; not charged."""
        if not self._organization_id:
            self._organization_id = (await self._user()).organization_id
        return self._organization_id

    async def _user(self) -> _User:
        def build(token: Token) -> Request:
            return Request("GET", address(token.origin, "/services/oauth2/userinfo"), self._headers(token))

        def read(answer: Answer) -> _User:
            if answer.status == 403:
                # This call says in plain text what the others say with 401.
                raise CallFailed(by_code("INVALID_SESSION_ID", ""))
            return reader(_User, self._heard)(answer)

        return await self.calls.make(self.tokens, build, read, charged=False)

    async def renew_session(self) -> None:
        """Put a new session in the place of the present one."""
        self.tokens.reject(await self.tokens.current())
        await self.tokens.current()

    def unreadable(self, what: str, *, repeatable: bool) -> SystemFailure:
        """Return the error of an answer that does not fit the request."""
        failure = Failure(FailureKind.UNKNOWN, f"the answer does not fit ({what})", code=UNREADABLE)
        return self.calls.error(failure, repeatable=repeatable)

    def _heard(self, answer: Answer) -> None:
        told = usage_of(answer)
        if told is not None:
            self.usage = told
            self.calls.ledger.heard(*told)

    def _headers(self, token: Token) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token.value}",
            "Accept": "application/json",
            "Sforce-Call-Options": f"client={CLIENT_NAME}",
        }
