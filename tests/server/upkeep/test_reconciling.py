"""The nightly comparison in parts: it keeps to its calls, goes on where it stood, and never undoes what is newer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from actionsync_server.flows.upkeep import reconciling
from actionsync_server.flows.upkeep.reconciling import Reconciler
from actionsync_server.model.persons import MarketoPerson, Person
from actionsync_server.store.database import Transaction
from actionsync_server.store.person_writes import PersonWrites
from actionsync_server.store.persons import PersonFilter, Persons
from actionsync_server.store.reconciles import Reconcile, Reconciles
from harness.clock import START, SharedClock
from harness.world import INSTANCE, World

pytestmark = pytest.mark.asyncio
LEADS = "/rest/v1/leads.json"


async def everybody(world: World) -> list[Person]:
    return await Persons(world.app.database, INSTANCE).page(PersonFilter(qualification=None), after=None, count=1_000)


async def latest(world: World) -> Reconcile:
    found = await Reconciles(world.app.database, INSTANCE).latest()
    assert found is not None
    return found


@pytest.fixture
def at_night(world: World) -> Callable[[int], Reconciler]:
    """Return what makes the comparison of some night after the start: as after a restart, it knows the store only."""

    def of_night(number: int) -> Reconciler:
        wiring = world.app.wiring
        return Reconciler(
            world.app.database,
            SharedClock(START + timedelta(days=number)),
            ids=wiring.ids,
            registry=wiring.registry,
            settings=wiring.settings,
            reading=wiring.lead_reading,
            applier=wiring.people_applier,
            alerts=wiring.alerts,
        )

    return of_night


async def test_nothing_is_compared_by_day(world: World) -> None:
    seconds = await world.app.wiring.reconciler.step(INSTANCE)
    # It is 07:00 in Los Angeles.
    assert seconds == 20 * 3600
    assert await Reconciles(world.app.database, INSTANCE).latest() is None


async def test_a_night_costs_no_more_calls_than_it_may_and_the_next_one_goes_on(
    world: World, at_night: Callable[[int], Reconciler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "PAGE", 5)
    monkeypatch.setattr(reconciling, "CALLS_PER_NIGHT", 2)
    people = await everybody(world)
    await at_night(1).step(INSTANCE)
    first = await latest(world)
    assert (first.end_time, first.report.compared, first.report.call_count) == (None, 10, 2)
    again = await at_night(1).step(INSTANCE)
    assert await latest(world) == first
    assert again > 3600
    number = 2
    while (await latest(world)).end_time is None:
        await at_night(number).step(INSTANCE)
        number += 1
    ended = await latest(world)
    assert (ended.reconcile_id, ended.report.compared) == (first.reconcile_id, len(people))


async def test_after_a_failure_it_goes_on_with_the_page_that_failed(
    world: World, at_night: Callable[[int], Reconciler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "PAGE", 5)
    match = {"path": LEADS, "nth": 3}
    fault = {"match": match, "action": "error", "times": 1, "error": {"code": "1003"}}
    await world.marketo.control("POST", "faults", fault)
    assert await at_night(1).step(INSTANCE) < 3600
    assert (await latest(world)).report.compared == 10
    await at_night(1).step(INSTANCE)
    ended = await latest(world)
    assert ended.end_time is not None
    assert ended.report.compared == len(await everybody(world))


async def test_what_changed_while_marketo_was_asked_stays(
    world: World, at_night: Callable[[int], Reconciler], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, *_ = await everybody(world)
    fields = replace(person.fields, title="Newer")
    newer = replace(person, fields=fields, revision=person.revision + 1)
    reading = world.app.wiring.lead_reading
    ask = reading.fetch

    async def fetch(instance_id: str, marketo_ids: Sequence[int]) -> list[MarketoPerson]:
        found = await ask(instance_id, marketo_ids)

        async def change(transaction: Transaction) -> None:
            await PersonWrites(transaction, INSTANCE).update([(person, newer)])

        await world.app.database.write(change)
        return found

    monkeypatch.setattr(reading, "fetch", fetch)
    await at_night(1).step(INSTANCE)
    assert await Persons(world.app.database, INSTANCE).get(person.person_id) == newer
    assert (await latest(world)).report.changed == 0


@pytest.mark.parametrize(("gone", "withheld"), [(3, 0), (4, 4)])
async def test_few_are_believed_to_be_gone_and_many_are_not(
    world: World, at_night: Callable[[int], Reconciler], gone: int, withheld: int
) -> None:
    people: list[Any] = await everybody(world)
    assert len(people) < 40
    for person in people[:gone]:
        world.simulators.marketo.subscription.leads.remove(person.marketo_id)
    await at_night(1).step(INSTANCE)
    report = (await latest(world)).report
    assert (report.deleted, report.withheld) == (gone - withheld, withheld)
