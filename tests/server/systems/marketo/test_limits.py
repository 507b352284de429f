"""Marketo's limits, ours and everybody's: F8."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from actionsync_server.model.errors import QuotaExhausted
from actionsync_server.model.settings import Pace

pytestmark = pytest.mark.asyncio


async def test_a_burst_keeps_the_polite_pace(marketo: Any, stub: Any, finish: Any, clock: Any) -> None:
    times: list[int] = []
    answer = stub._answer

    def timed(seen: Any) -> Any:
        times.append(clock.now())
        return answer(seen)

    stub._answer = timed
    stub.result({"total": 1})
    await finish(asyncio.gather(*(marketo.usage_today() for _ in range(120))))
    assert len(times) == 121  # and one login, which is no call of the quota but one to the system
    assert all(later - earlier >= 20_000_000 for earlier, later in zip(times, times[50:], strict=False))


async def test_the_pace_can_be_changed(marketo: Any, stub: Any, finish: Any, clock: Any) -> None:
    began = clock.now()
    marketo.set_pace(Pace.FULL)
    stub.result({"total": 1})
    await marketo.usage_today()
    await asyncio.gather(*(marketo.usage_today() for _ in range(98)))
    assert clock.now() == began
    marketo.set_pace(Pace.POLITE)
    await finish(marketo.usage_today())
    assert clock.now() - began >= 20_000_000


async def test_too_much_is_everybodys_business(marketo: Any, stub: Any, finish: Any, clock: Any) -> None:
    """606 holds every call of the connection, not only the one that met it."""
    times: list[int] = []
    answer = stub._answer

    def timed(seen: Any) -> Any:
        times.append(clock.now())
        return answer(seen)

    stub.result({"total": 1})
    await marketo.usage_today()
    stub._script.clear()
    stub.error("606", "Max rate limit '100' exceeded with in '20' secs").result({"total": 1})
    stub._answer = timed
    first = asyncio.create_task(marketo.usage_today())
    await clock.settle()
    second = asyncio.create_task(marketo.usage_today())
    await finish(asyncio.gather(first, second))
    assert len(times) == 3
    assert min(times[1:]) - times[0] >= 2_000_000


async def test_a_day_that_is_spent(systems: Any, clock: Any) -> None:
    await systems.control("marketo", "limits", {"calls_per_day": 5, "enforce": True})
    for _ in range(5):
        await systems.marketo.describe_fields()
    with pytest.raises(QuotaExhausted) as caught:
        await systems.marketo.describe_fields()
    assert caught.value.system_code == "607"
    await clock.advance((caught.value.until - clock.now()) / 1e6)
    assert await systems.marketo.describe_fields()
