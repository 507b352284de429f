"""In whatever order merges, conversions and deletions are learned of, and in whatever portions: the end is the same."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.people.applying import PeopleApplier, PeopleFollower, living_count
from actionsync_server.flows.people.feed_rows import MERGE, Work
from actionsync_server.flows.people.merging import OutreachFollowsPeople
from actionsync_server.flows.unsubscribes.following import UnsubscribesFollowPeople
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.model.activities import Activity as StoredContent
from actionsync_server.model.activities import ActivityContent, CallStatus, ReceivedSalesCall, fingerprint
from actionsync_server.model.errors import System
from actionsync_server.model.ids import Ids
from actionsync_server.model.persons import MarketoPerson, PersonFields, Qualification
from actionsync_server.model.reminders import ReminderKind, ReminderPriority, ReminderState, ReminderTask
from actionsync_server.model.unsubscribes import UnsubscribeSource
from actionsync_server.store.activities import Activities, ActivityFilter, ActivityWrites, StoredActivity
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.migrations import migrate
from actionsync_server.store.person_merges import as_they_are_now
from actionsync_server.store.person_writes import PersonWrites
from actionsync_server.store.persons import PersonFilter, Persons
from actionsync_server.store.reminders import Reminders, ReminderWrites
from actionsync_server.store.unsubscribes import Unsubscribes
from actionsync_server.systems.marketo import FeedRow
from harness.clock import SharedClock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

INSTANCE = "acme"
OWNER = "005000000000009AAA"
PEOPLE = (1, 2, 3, 4, 5)
CHANGE, DELETION = 13, 37


@dataclass
class History:
    """What happened in Marketo, and what its feeds tell of it."""

    alive: dict[int, MarketoPerson]
    root: dict[int, int] = field(default_factory=lambda: {one: one for one in PEOPLE})
    rows: list[FeedRow] = field(default_factory=list)

    def tell(self, lead_id: int, type_id: int, **attributes: object) -> None:
        guid = f"g-{len(self.rows)}"
        self.rows.append(FeedRow(guid, lead_id, 0, type_id, [], dict(attributes), ""))

    def merge(self, winner: int, loser: int, *, told_as_deleted: bool) -> None:
        del self.alive[loser]
        self.root = {one: winner if top == loser else top for one, top in self.root.items()}
        self.tell(winner, MERGE, **{"Merge IDs": [loser]})
        if told_as_deleted:
            self.tell(loser, DELETION)

    def convert(self, one: int) -> None:
        lead = self.alive[one]
        contact = f"003000000000{one:03}AAA"
        self.alive[one] = replace(
            lead, record_type="Contact", fields=replace(lead.fields, salesforce_contact_id=contact)
        )
        self.tell(one, CHANGE)


def lead(one: int) -> MarketoPerson:
    fields = PersonFields(email=f"p{one}@example.com", salesforce_lead_id=f"00Q000000000{one:03}AAA")
    return MarketoPerson(one, fields, OWNER, "Lead", deleted_in_salesforce=False)


@st.composite
def histories(draw: st.DrawFn) -> History:
    history = History({one: lead(one) for one in PEOPLE})
    for _ in range(draw(st.integers(1, 6))):
        alive = sorted(history.alive)
        if len(alive) > 1 and draw(st.booleans()):
            winner, loser = draw(st.permutations(alive))[:2]
            history.merge(winner, loser, told_as_deleted=draw(st.booleans()))
        else:
            history.convert(draw(st.sampled_from(alive)))
    return history


@st.composite
def learned(draw: st.DrawFn) -> tuple[History, set[int], set[int], list[list[FeedRow]]]:
    """Return a history, who has no copy at first, who is unsubscribed, and the rows in portions of any order."""
    history = draw(histories())
    strangers = draw(st.sets(st.sampled_from(PEOPLE), max_size=2))
    unsubscribed = draw(st.sets(st.sampled_from(PEOPLE), max_size=2)) - strangers
    rows = draw(st.permutations(history.rows))
    portions: list[list[FeedRow]] = [[]]
    for row in rows:
        is_cut = draw(st.booleans())
        if portions[-1] and is_cut:
            portions.append([])
        portions[-1].append(row)
    # Who has no copy gets one when their row is read; of somebody alive there is always one, sooner or later.
    late = sorted(strangers & history.alive.keys())
    portions.extend([FeedRow(f"late-{one}", one, 0, CHANGE, [], {}, "")] for one in late)
    return history, strangers, unsubscribed, portions


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("merging") / "empty.sqlite"
    migrate(path)
    return path


@given(learned())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_comes_to_the_same_end(
    migrated: Path, case: tuple[History, set[int], set[int], list[list[FeedRow]]]
) -> None:
    shutil.copy(migrated, migrated.with_name("case.sqlite"))
    asyncio.run(_check(migrated.with_name("case.sqlite"), *case))


async def _check(
    path: Path, history: History, strangers: set[int], unsubscribed: set[int], portions: list[list[FeedRow]]
) -> None:
    database = await Database.open(path)
    try:
        clock = SharedClock()
        ids = Ids(clock, random.Random("ids"))
        recorder, lanes = UnsubscribeRecorder(ids), DeliveryLanes()
        followers: list[PeopleFollower] = [
            OutreachFollowsPeople(lanes),
            UnsubscribesFollowPeople(recorder, lanes),
        ]
        applier = PeopleApplier(ids, clock, followers=followers)
        known = [one for one in PEOPLE if one not in strangers]
        await _begin(database, applier, recorder, known, unsubscribed)
        for portion in portions:
            await _read(database, applier, history, portion)
        await _compare(database, history, known, unsubscribed)
    finally:
        await database.close()


async def _begin(
    database: Database,
    applier: PeopleApplier,
    recorder: UnsubscribeRecorder,
    known: Sequence[int],
    unsubscribed: set[int],
) -> None:
    """Copy people, with an activity and a reminder each."""

    async def work(transaction: Transaction) -> None:
        await applier.apply(transaction, INSTANCE, [lead(one) for one in known], person_limit=100)
        copies = await Persons(transaction, INSTANCE).many_by_marketo_id(known)
        for one, person in copies.items():
            call = ReceivedSalesCall(CallStatus.COMPLETED)
            content = ActivityContent(f"call-{one}", person.person_id, "seller-1", 1, call)
            stored = StoredActivity(StoredContent(f"a-{one}", content, None, 1), fingerprint(content))
            await ActivityWrites(transaction, INSTANCE).add([stored])
            await ReminderWrites(transaction, INSTANCE).add([_reminder(f"t-{one}", person.person_id)])
        for one in sorted(unsubscribed):
            address = lead(one).fields.email
            await recorder.unsubscribe(
                transaction, INSTANCE, address, source=UnsubscribeSource.MANUAL, reason="", user_id="", at=1
            )

    await database.write(work)


async def _read(database: Database, applier: PeopleApplier, history: History, rows: Sequence[FeedRow]) -> None:
    """Apply a portion as the incremental sync does: people are read as Marketo has them by now."""
    asked = Work()
    asked.add(rows)
    people = [history.alive[one] for one in asked.changed if one in history.alive]

    async def work(transaction: Transaction) -> None:
        leaving = await living_count(PersonWrites(transaction, INSTANCE), asked.leaving)
        await applier.apply(transaction, INSTANCE, people, person_limit=100, leaving=leaving)
        for winner, losers in asked.merges:
            await applier.merge(transaction, INSTANCE, winner, losers)
        await applier.delete(transaction, INSTANCE, list(asked.deleted))

    await database.write(work)


async def _compare(database: Database, history: History, known: Sequence[int], unsubscribed: set[int]) -> None:
    everybody = await Persons(database, INSTANCE).page(PersonFilter(qualification=None), after=None, count=100)
    copies = {person.marketo_id: person for person in everybody}
    living = {one for one, person in copies.items() if person.qualification is Qualification.QUALIFIED}
    assert living == set(history.alive)
    for one, now in history.alive.items():
        assert copies[one].fields == now.fields
    owners = {one: copies[history.root[one]].person_id for one in known}
    activities = await Activities(database, INSTANCE).page(ActivityFilter(), after=None, count=100)
    assert {one.activity_id: one.content.person_id for one in activities} == {
        f"a-{one}": owner for one, owner in owners.items()
    }
    reminders = await Reminders(database, INSTANCE).many([f"t-{one}" for one in known])
    assert {name: task.person_id for name, task in reminders.items()} == {
        f"t-{one}": owner for one, owner in owners.items()
    }
    meant = await as_they_are_now(database, INSTANCE, [copies[one].person_id for one in known])
    assert {one: meant[copies[one].person_id].person_id for one in known} == owners
    silent = {history.root[one] for one in unsubscribed}
    addresses = {one: person.fields.email for one, person in history.alive.items()}
    standing = await Unsubscribes(database, INSTANCE).find(list(addresses.values()))
    assert {one for one, address in addresses.items() if address in standing} == silent
    counts = await Persons(database, INSTANCE).counts()
    assert counts[Qualification.QUALIFIED] == len(living)
    assert counts[Qualification.DELETED] == len(copies) - len(living)


def _reminder(reminder_task_id: str, person_id: str) -> ReminderTask:
    return ReminderTask(
        reminder_task_id=reminder_task_id,
        user_id="seller-1",
        person_id=person_id,
        kind=ReminderKind.CALL,
        name="Call",
        details="",
        due_date="",
        priority=ReminderPriority.NORMAL,
        state=ReminderState.OPEN,
        origin=System.ACTIONSYNC,
        synced=False,
        revision=1,
        create_time=1,
        update_time=1,
    )
