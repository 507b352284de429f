"""Who stops first when calls run low, and when they will be spent, as pure rules; and the ledger that counts them."""

from __future__ import annotations

import asyncio

import pytest
from actionsync_server.clock import DAY, HOUR, MINUTE
from actionsync_server.model.quotas import Flow, Reading, forecast, may_call
from actionsync_server.systems.call_counter import CallLedger, calling_for
from harness.clock import SharedClock
from hypothesis import given
from hypothesis import strategies as st

#: As the product's rules have it; what they do not name stands between.
ORDER = [
    Flow.UNSUBSCRIBES,
    Flow.CHECK,
    Flow.REMINDERS,
    Flow.TASKS,
    Flow.FIELD_UPDATES,
    Flow.ROLL_UPS,
    Flow.RECONCILE,
]


def test_the_less_urgent_stop_first() -> None:
    shares = [flow.reserve_from for flow in ORDER]
    assert shares == sorted(shares, reverse=True)
    assert list(Flow) == sorted(Flow, key=lambda flow: -flow.reserve_from)


@given(used=st.integers(0, 2_000), limit=st.integers(1, 1_000))
def test_whoever_may_call_so_may_everybody_more_urgent(used: int, limit: int) -> None:
    allowed = [may_call(flow, used=used, limit=limit) for flow in Flow]
    assert allowed == sorted(allowed, reverse=True)
    assert allowed[0]


def test_nothing_is_held_back_where_the_limit_is_unknown() -> None:
    assert all(may_call(flow, used=10**9, limit=None) for flow in Flow)


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([], None),
        ([Reading(0, 10)], None),
        ([Reading(0, 0), Reading(HOUR, 100)], HOUR + 9 * HOUR),
        ([Reading(0, 500), Reading(MINUTE, 600)], None),  # too soon to tell
        ([Reading(0, 500), Reading(HOUR, 500)], None),
        ([Reading(0, 900), Reading(HOUR, 1000)], HOUR),
        ([Reading(0, 0), Reading(HOUR, 10)], None),  # in 100 hours: another day
    ],
)
def test_a_forecast_goes_by_the_pace_of_the_last_hour(readings: list[Reading], expected: int | None) -> None:
    assert forecast(readings, limit=1000, day_end=DAY) == expected


def test_a_ledger_counts_by_flow_and_adds_ours_to_what_was_told(clock: SharedClock) -> None:
    ledger = CallLedger(clock)
    ledger.add()
    with calling_for(Flow.CHECK):
        ledger.add()
        ledger.add()
    assert ledger.used is None
    assert ledger.take() == {Flow.OTHER: 1, Flow.CHECK: 2}
    assert ledger.take() == {}
    ledger.heard(70)
    ledger.add()
    assert ledger.used == 71


@pytest.mark.asyncio
async def test_a_ledger_holds_back_the_less_urgent_until_somebody_asks_again(clock: SharedClock) -> None:
    ledger = CallLedger(clock)
    ledger.limit = 1000
    ledger.heard(955)

    async def allowed(flow: Flow) -> bool:
        with calling_for(flow):
            return await asyncio.create_task(_may_call(ledger))

    assert not await allowed(Flow.FIELD_UPDATES)
    assert await allowed(Flow.TASKS)
    assert await allowed(Flow.UNSUBSCRIBES)
    # What was told an hour ago is no reason any more: without calls nobody would ever hear anything else.
    await clock.advance(3_601)
    assert await allowed(Flow.FIELD_UPDATES)


async def _may_call(ledger: CallLedger) -> bool:
    return ledger.may_call()
