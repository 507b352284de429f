"""One token for many calls, renewed in time: F7, P15."""

from __future__ import annotations

import asyncio

import pytest
from actionsync_server.clock import SECOND
from actionsync_server.model.errors import LoginRefused, System, SystemBusy
from actionsync_server.systems.tokens import Token, Tokens
from harness.clock import SharedClock

pytestmark = pytest.mark.asyncio


class Issuer:
    """Issues tokens as Marketo does: the same one until it is dead."""

    def __init__(self, clock: SharedClock, life: float = 3600) -> None:
        self.clock = clock
        self.life = round(life * SECOND)
        self.asked = 0
        self.born: int | None = None
        self.number = 0
        self.gate: asyncio.Event | None = None
        self.failure: Exception | None = None

    async def fetch(self) -> Token:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        now = self.clock.now()
        if self.born is None or now >= self.born + self.life:
            self.born, self.number = now, self.number + 1
        return Token(f"t{self.number}", fetch_time=now, end_time=self.born + self.life)


async def test_many_waiters_one_fetch(clock: SharedClock) -> None:
    issuer = Issuer(clock)
    issuer.gate = asyncio.Event()
    tokens = Tokens(clock, issuer.fetch)
    waiting = [asyncio.create_task(tokens.current()) for _ in range(20)]
    await clock.settle()
    issuer.gate.set()
    assert {token.value for token in await asyncio.gather(*waiting)} == {"t1"}
    assert issuer.asked == 1


async def test_a_waiter_that_gives_up_takes_nothing_from_the_others(clock: SharedClock) -> None:
    issuer = Issuer(clock)
    issuer.gate = asyncio.Event()
    tokens = Tokens(clock, issuer.fetch)
    first = asyncio.create_task(tokens.current())
    await clock.settle()
    second = asyncio.create_task(tokens.current())
    await clock.settle()
    first.cancel()
    await clock.settle()
    issuer.gate.set()
    assert (await second).value == "t1"
    assert issuer.asked == 1


async def test_a_failure_is_everybodys_and_not_kept(clock: SharedClock) -> None:
    issuer = Issuer(clock)
    issuer.gate = asyncio.Event()
    issuer.failure = LoginRefused(System.MARKETO, "no")
    tokens = Tokens(clock, issuer.fetch)
    waiting = [asyncio.create_task(tokens.current()) for _ in range(3)]
    await clock.settle()
    issuer.gate.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [LoginRefused] * 3
    assert issuer.asked == 1
    issuer.failure = None
    assert (await tokens.current()).value == "t1"


async def test_it_is_renewed_a_minute_before_its_end(clock: SharedClock) -> None:
    issuer = Issuer(clock)
    tokens = Tokens(clock, issuer.fetch)
    await tokens.current()
    await clock.advance(3539)
    await tokens.current()
    assert issuer.asked == 1
    await clock.advance(1)
    await tokens.current()
    assert issuer.asked == 2


async def test_a_dying_token_is_not_asked_for_at_every_call(clock: SharedClock) -> None:
    """Marketo repeats the same token until it is dead; asking again and again in its last minute helps nobody."""
    issuer = Issuer(clock)
    tokens = Tokens(clock, issuer.fetch)
    for _ in range(3600 * 2):
        token = await tokens.current()
        assert token.end_time is not None
        assert token.end_time > clock.now()
        await clock.advance(0.5)
    assert issuer.number == 1
    assert issuer.asked <= 12
    assert (await tokens.current()).value == "t2"


async def test_a_good_token_outlives_a_login_that_does_not_answer(clock: SharedClock) -> None:
    issuer = Issuer(clock)
    tokens = Tokens(clock, issuer.fetch)
    await tokens.current()
    issuer.failure = SystemBusy(System.MARKETO, "later")
    await clock.advance(3550)
    assert (await tokens.current()).value == "t1"
    await clock.advance(60)
    with pytest.raises(SystemBusy):
        await tokens.current()


async def test_only_the_refused_token_is_forgotten(clock: SharedClock) -> None:
    issuer = Issuer(clock)
    tokens = Tokens(clock, issuer.fetch)
    old = await tokens.current()
    issuer.born = None
    tokens.reject(old)
    new = await tokens.current()
    tokens.reject(old)
    assert (await tokens.current()) is new
    assert issuer.asked == 2


async def test_a_token_without_an_end_is_kept_until_it_is_refused(clock: SharedClock) -> None:
    asked = 0

    async def fetch() -> Token:
        nonlocal asked
        asked += 1
        return Token(f"s{asked}")

    tokens = Tokens(clock, fetch)
    first = await tokens.current()
    await clock.advance(86_400)
    assert await tokens.current() is first
    tokens.reject(first)
    assert (await tokens.current()).value == "s2"
