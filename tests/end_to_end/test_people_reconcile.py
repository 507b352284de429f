"""The nightly comparison with Marketo: what drifted is repaired, and it can be read what was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from actionsync.v1 import person_sync_pb2 as contract
from actionsync.v1 import sync_settings_pb2
from actionsync_server.app.gauges import Gauges
from actionsync_server.flows.upkeep.reconciling import WITHHELD_ALERT
from actionsync_server.store.reconciles import Reconcile, Reconciles
from google.protobuf.duration_pb2 import Duration
from harness.world import INSTANCE, World, open_world

pytestmark = pytest.mark.asyncio
Person = contract.Person

#: From the start of these tests to the night in this time zone, and a night later; the feeds sleep meanwhile.
ZONE, NIGHT, DAY = "Asia/Magadan", 2 * 3600, 86_400
LEADS = "/rest/v1/leads.json"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A connected instance in a small world, with everybody copied."""
    async with open_world(tmp_path, people=30, native_sync_seconds=10 * DAY) as opened:
        await opened.connect()
        await opened.add_seller()
        day = Duration(seconds=DAY)
        await opened.set(
            sync_settings_pb2.Settings(
                people=sync_settings_pb2.PeopleSettings(lead_changes_interval=day, other_feeds_interval=day),
                unsubscribes=sync_settings_pb2.UnsubscribeSettings(nightly_time_zone=ZONE),
            ),
            "people.lead_changes_interval",
            "people.other_feeds_interval",
            "unsubscribes.nightly_time_zone",
        )
        await opened.sync_people()
        yield opened


async def people(world: World, **wanted: Any) -> list[Person]:
    request = contract.ListPersonsRequest(page_size=100, **wanted)
    return list((await world.user.persons.ListPersons(request)).persons)


async def get(world: World, person: Person) -> Person:
    request = contract.GetPersonRequest(key=contract.PersonKey(person_id=person.person_id))
    return (await world.user.persons.GetPerson(request)).person


async def told(world: World, person: Person) -> list[str]:
    """Return what is told of the life of a person."""
    request = contract.ExplainPersonRequest(key=contract.PersonKey(person_id=person.person_id))
    return [event.description for event in (await world.user.persons.ExplainPerson(request)).events]


async def last(world: World) -> Reconcile | None:
    return await Reconciles(world.app.database, INSTANCE).latest_finished()


def drift(world: World, person: Person, **values: Any) -> None:
    """Change a person in Marketo without any row of a feed: as after a fault, or a restored backup."""
    sets = ", ".join(f'"{name}" = ?' for name in values)
    world.simulators.marketo.database.execute(
        f"UPDATE leads SET {sets} WHERE id = ?", (*values.values(), person.marketo_id)
    )


def vanish(world: World, *gone: Person) -> None:
    """Remove people from Marketo without any row of a feed: as when the row was not read within its 14 days."""
    for person in gone:
        world.simulators.marketo.subscription.leads.remove(person.marketo_id)


async def test_fields_and_owners_that_drifted_are_repaired(world: World) -> None:
    titled, orphaned, *others = await people(world)
    drift(world, titled, title="Drifted", phone=None)
    drift(world, orphaned, sfdcLeadOwnerId=None)
    assert await get(world, titled) == titled
    await world.advance(NIGHT)
    after = await get(world, titled)
    assert (after.title, after.phone, after.revision) == ("Drifted", "", titled.revision + 1)
    assert (await get(world, orphaned)).qualification == contract.QUALIFICATION_NOT_QUALIFIED
    assert (await told(world, titled))[1:] == [
        "changed in Marketo: title, phone by the nightly comparison with Marketo"
    ]
    reconcile = await last(world)
    assert reconcile is not None
    report = reconcile.report
    assert (report.compared, report.changed, report.deleted) == (len(others) + 2, 2, 0)
    assert [await get(world, one) for one in others] == others


async def test_a_deletion_that_no_feed_told_of_is_found(world: World) -> None:
    gone, *_ = await people(world)
    vanish(world, gone)
    await world.advance(NIGHT)
    assert (await get(world, gone)).qualification == contract.QUALIFICATION_DELETED
    assert "found out by the nightly comparison" in (await told(world, gone))[1]
    reconcile = await last(world)
    assert reconcile is not None
    assert reconcile.report.deleted == 1


async def test_many_at_once_are_not_believed_to_be_gone(world: World) -> None:
    before = await people(world)
    vanish(world, *before[:10])
    await world.advance(NIGHT)
    assert [one.person_id for one in await people(world)] == [one.person_id for one in before]
    assert WITHHELD_ALERT in {alert.name for alert in await world.app.alerts.list(INSTANCE)}


async def test_a_comparison_that_fails_goes_on_later(world: World) -> None:
    titled, *_ = await people(world)
    drift(world, titled, title="Drifted")
    await world.marketo.fault(LEADS, "error", times=20, error={"code": "611"})
    await world.advance(NIGHT)
    assert (await get(world, titled)).title == "Drifted"


async def test_nobody_is_touched_by_a_comparison_that_finds_nothing(world: World) -> None:
    before = await people(world)
    await world.advance(NIGHT)
    assert await people(world) == before
    reconcile = await last(world)
    assert reconcile is not None
    assert (reconcile.report.compared, reconcile.report.changed) == (len(before), 0)


async def test_metrics_tell_what_the_last_one_found(world: World) -> None:
    titled, *others = await people(world)
    drift(world, titled, title="Drifted")
    await world.advance(NIGHT)
    await Gauges(world.app.database, world.clock, world.app.metrics, usage=world.app.wiring.usage.today).refresh()
    text = world.app.metrics.text().decode()
    assert f'actionsync_compared_people{{instance="{INSTANCE}",outcome="changed"}} 1.0' in text
    assert f'actionsync_compared_people{{instance="{INSTANCE}",outcome="compared"}} {len(others) + 1}.0' in text
    assert f'actionsync_comparison_age_seconds{{instance="{INSTANCE}"}}' in text
