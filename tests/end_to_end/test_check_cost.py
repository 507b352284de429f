"""What checks cost in Marketo calls, and what becomes of them when Marketo is slow or gone, by gRPC."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import pytest
from actionsync.v1 import sync_settings_pb2
from actionsync.v1 import unsubscribe_check_pb2 as contract
from actionsync.v1.common_pb2 import Freshness
from actionsync_client import Client, connect
from actionsync_server.clock import HOUR
from actionsync_server.model.directory import Actor, Role
from harness.world import INSTANCE, SELLER, World

LEADS = "/rest/v1/leads.json"
#: So many calls one caller may have open at once, by the server's default.
OPEN_CALLS = 200
pytestmark = pytest.mark.asyncio


async def turn_check_on(world: World) -> None:
    wanted = sync_settings_pb2.Settings(check=sync_settings_pb2.CheckSettings(enabled=True))
    await world.set(wanted, "check.enabled")


async def callers(world: World, opened: AsyncExitStack, count: int) -> list[Client]:
    """Open clients of callers of their own."""
    found = []
    for number in range(count):
        token = world.app.token(Actor(f"caller-{number}", INSTANCE, Role.SERVICE), valid_for=HOUR)
        found.append(await opened.enter_async_context(connect(world.app.address, token, deadline=30)))
    return found


async def check_one(client: Client, number: int, *, live: bool = False) -> contract.Verdict:
    """Check an address in one of two ways: alone, or as the only recipient of a mail."""
    email = f"many{number}@example.com"
    freshness = Freshness(live=True) if live else None
    if number % 2:
        request = contract.CheckUnsubscribeRequest(email=email, freshness=freshness)
        return (await client.unsubscribes.CheckUnsubscribe(request)).verdict
    answer = await client.unsubscribes.AuthorizeSend(
        contract.AuthorizeSendRequest(
            recipients=[contract.Recipient(email=email)],
            user_id=SELLER,
            channel=contract.CHANNEL_CAMPAIGN,
            freshness=freshness,
        )
    )
    return answer.results[0].verdict


async def test_a_thousand_checks_at_once_cost_four_calls(world: World) -> None:
    for number in range(0, 1000, 100):
        await world.marketo.create(email=f"many{number}@example.com", unsubscribed=True)
    await turn_check_on(world)
    async with AsyncExitStack() as opened:
        clients = await callers(world, opened, 1000 // OPEN_CALLS)
        before = await world.marketo.calls(LEADS)
        verdicts = await asyncio.gather(
            *(check_one(clients[number // OPEN_CALLS], number, live=number % 3 == 0) for number in range(1000))
        )
    assert await world.marketo.calls(LEADS) == before + 4
    assert Counter(verdict.decision for verdict in verdicts) == {
        contract.DECISION_MUST_NOT_SEND: 10,
        contract.DECISION_MAY_SEND: 990,
    }
    refused = [n for n, verdict in enumerate(verdicts) if verdict.decision == contract.DECISION_MUST_NOT_SEND]
    assert refused == list(range(0, 1000, 100))


async def test_a_call_that_fails_holds_every_mail_that_shared_it(world: World) -> None:
    await turn_check_on(world)
    await world.marketo.fault(LEADS, "error", times=1, error={"code": "607"})
    verdicts = await asyncio.gather(*(check_one(world.service, number) for number in range(50)))
    assert {verdict.decision for verdict in verdicts} == {contract.DECISION_CHECK_UNAVAILABLE}
    again = await asyncio.gather(*(check_one(world.service, number) for number in range(50)))
    assert {verdict.decision for verdict in again} == {contract.DECISION_MAY_SEND}
