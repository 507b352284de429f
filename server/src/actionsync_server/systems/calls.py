"""The way of every call: token, turn, exchange, judgement, and repeating where that is safe."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from actionsync_server.clock import Clock, Micros
from actionsync_server.model.errors import System, SystemFailure
from actionsync_server.systems.call_counter import CallCounter, CallLedger, present_flow
from actionsync_server.systems.failures import HELD_BACK, CallFailed, Failure, FailureKind
from actionsync_server.systems.http import Answer, Http, Request
from actionsync_server.systems.pace import PaceLimiter
from actionsync_server.systems.retries import Retries
from actionsync_server.systems.tokens import Token, Tokens

log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rules:
    """What differs between the systems: which codes are not charged, which slow everybody, when a quota comes back,
    which say that the day's calls are spent (and not, say, those of exports)."""

    system: System
    free_codes: frozenset[str]
    slowing_codes: frozenset[str]
    quota_returns: Callable[[Micros], Micros]
    day_codes: frozenset[str]


class Calls:
    """Makes the calls of one connection.

    `repeatable` calls (reads, upserts) are repeated within a bounded budget while the system is busy or silent. The
    others are sent once: after a lost answer only the caller can find out whether they were carried out. A refused
    token is no such case, because then nothing was carried out: both kinds are repeated once with a new one.
    """

    def __init__(
        self,
        http: Http,
        pace: PaceLimiter,
        clock: Clock,
        *,
        rng: random.Random,
        rules: Rules,
        ledger: CallLedger | None = None,
    ) -> None:
        self.http = http
        self.pace = pace
        self.clock = clock
        self.counter = CallCounter()
        self.ledger = ledger if ledger is not None else CallLedger(clock)
        self.rules = rules
        self._rng = rng

    def retries(self) -> Retries:
        """Return the budget of one call."""
        return Retries(self.clock, self._rng)

    async def make(
        self,
        tokens: Tokens,
        build: Callable[[Token], Request],
        read: Callable[[Answer], T],
        *,
        repeatable: bool = True,
        urgent: bool = False,
        charged: bool = True,
    ) -> T:
        """Return `read` of the answer to the request that `build` makes of a token. `read` raises CallFailed.

        Raises the SystemFailure family; OutcomeUnknown only where the call is not `repeatable`.
        """
        retries = self.retries()
        renewed = False
        while True:
            if charged and not self.ledger.may_call():
                raise self.error(_held_back(), repeatable=repeatable)
            token = await tokens.current()
            try:
                return await self._once(build(token), read, urgent=urgent, charged=charged)
            except CallFailed as failed:
                failure = failed.failure
            if failure.code in self.rules.day_codes and failure.kind is FailureKind.QUOTA:
                self.ledger.spent(until=self.rules.quota_returns(self.clock.now()))
            if failure.kind is FailureKind.TOKEN and not renewed:
                renewed = True
                tokens.reject(token)
                continue
            if not await self.wait_to_repeat(failure, retries, repeatable=repeatable):
                raise self.error(failure, repeatable=repeatable)

    async def make_without_token(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Repeat `attempt`, a call to the system's login, within the budget; it is paced but not charged."""
        retries = self.retries()
        while True:
            try:
                async with self.pace.turn():
                    return await attempt()
            except CallFailed as failed:
                failure = failed.failure
            if not await self.wait_to_repeat(failure, retries, repeatable=True):
                raise self.error(failure, repeatable=True)

    async def wait_to_repeat(self, failure: Failure, retries: Retries, *, repeatable: bool) -> bool:
        """Wait as the failure asks and return True, or return False at once when the call must not be repeated."""
        delay = retries.delay(failure)
        if failure.code in self.rules.slowing_codes:
            self.pace.hold(delay if delay is not None else failure.retry_after)
        if not repeatable or delay is None:
            return False
        log.info(
            "call_repeated", system=self.rules.system.name, code=failure.code, kind=failure.kind.value, seconds=delay
        )
        await self.clock.sleep(delay)
        return True

    def charge(self, failure: Failure | None = None) -> None:
        """Count a call unless the system does not charge it."""
        if failure is None or (failure.sent and failure.code not in self.rules.free_codes):
            self.counter.add()
            self.ledger.add()

    def error(self, failure: Failure, *, repeatable: bool) -> SystemFailure:
        """Return the exception for the caller."""
        until = self.rules.quota_returns(self.clock.now())
        return failure.error(self.rules.system, repeatable=repeatable, until=until)

    async def _once(self, request: Request, read: Callable[[Answer], T], *, urgent: bool, charged: bool) -> T:
        async with self.pace.turn(urgent=urgent):
            try:
                result = read(await self.http.send(request))
            except CallFailed as failed:
                if charged:
                    self.charge(failed.failure)
                raise
            except asyncio.CancelledError:
                # The caller gave up on a call that is on its way: the system may charge it.
                if charged:
                    self.charge()
                raise
        if charged:
            self.charge()
            self.ledger.answered()
        return result


def _held_back() -> Failure:
    """Return the failure of a call that is not made because few are left."""
    what = present_flow().label.replace("_", " ")
    return Failure(
        FailureKind.QUOTA, f"few calls are left for today; those for {what} wait", code=HELD_BACK, sent=False
    )
