"""The two-way pass: whoever is opted out on either side is opted out on both. Nobody is ever opted in by it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.model.errors import System
from actionsync_server.model.persons import Person, email_key, salesforce_id
from actionsync_server.model.unsubscribes import UnsubscribeSource, opt_out_field
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.persons import Persons
from actionsync_server.store.unsubscribes import Unsubscribes, UnsubscribeWrites
from actionsync_server.systems.salesforce import Salesforce, quote

OBJECTS = ("Contact", "Lead")
_PAGE = 2_000
_ADDRESSES = 500
#: Ids in one query, so that it fits into a URL.
_IDS = 200


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one pass found and did."""

    unsubscribed_here: int
    pushed_people: int


class OptOutComparison:
    """Compares the unsubscribes of an instance with its Salesforce."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        recorder: UnsubscribeRecorder,
        lanes: DeliveryLanes,
    ) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._settings = settings
        self._recorder = recorder
        self._lanes = lanes

    async def run(self, instance_id: str) -> Comparison:
        """Make one pass. Raises NotConnected and the SystemFailure family; what was done until then stays done."""
        client = await self._registry.salesforce(instance_id)
        field = opt_out_field((await self._settings.get(instance_id)).unsubscribes)
        opted_out: set[str] = set()
        taken = 0
        for name in OBJECTS:
            asked_at = self._clock.now()
            async for ids in _opted_out(client, name, field):
                opted_out.update(ids)
                taken += await self.take(instance_id, ids, asked_at=asked_at)
                asked_at = self._clock.now()
        pushed = await self._push_missing(instance_id, opted_out)
        return Comparison(taken, pushed)

    async def take(self, instance_id: str, record_ids: Collection[str], *, asked_at: Micros) -> int:
        """Unsubscribe the addresses of people whose records are opted out; return how many were not so before.

        An address that changed here since Salesforce was asked is left to the next pass: the answer may be older.
        """
        found = await Persons(self._database, instance_id).many_by_salesforce_id(record_ids)
        people: dict[str, list[Person]] = {}
        for person in found.values():
            if key := email_key(person.fields.email):
                people.setdefault(key, []).append(person)
        known = await Unsubscribes(self._database, instance_id).recorded(list(people))
        new = {key: persons for key, persons in people.items() if key not in known}
        if not new:
            return 0
        at = self._clock.now()

        async def work(transaction: Transaction) -> int:
            events = await UnsubscribeWrites(transaction, instance_id).latest_events(list(new))
            count = 0
            for key, persons in new.items():
                if key in events and events[key].event_time >= asked_at:
                    continue
                recorded = await self._recorder.unsubscribe(
                    transaction,
                    instance_id,
                    key,
                    source=UnsubscribeSource.SALESFORCE_SYNC,
                    reason="",
                    user_id="",
                    at=at,
                    opted_out_ids={person.person_id for person in persons},
                )
                count += not recorded.known
            return count

        count = await self._database.write(work)
        if count:
            self._lanes.wake(instance_id, System.SALESFORCE)
        return count

    async def _push_missing(self, instance_id: str, opted_out: Collection[str]) -> int:
        """Push again what Salesforce does not have; return to how many people."""
        after, pushed = "", 0
        while True:
            unsubscribes = await Unsubscribes(self._database, instance_id).page(
                prefix="", after=after, count=_ADDRESSES
            )
            if not unsubscribes:
                break
            after = unsubscribes[-1].unsubscribe_id
            keys = [one.email_key for one in unsubscribes]

            async def work(transaction: Transaction, keys: Sequence[str] = keys) -> int:
                writes = UnsubscribeWrites(transaction, instance_id)
                standing = await writes.recorded(keys)
                events = await writes.latest_events(list(standing))
                people = await Persons(transaction, instance_id).by_email(list(standing))
                missing = [
                    (events[key].event_id, person)
                    for key, persons in people.items()
                    for person in persons
                    if not _has(person, opted_out)
                ]
                return len(await self._recorder.push(transaction, instance_id, missing, at=self._clock.now()))

            pushed += await self._database.write(work)
        if pushed:
            self._lanes.wake(instance_id, System.SALESFORCE)
        return pushed


async def opted_out_among(client: Salesforce, field: str, people: Iterable[Person]) -> set[str]:
    """Return the records of these people that Salesforce has opted out."""
    found: set[str] = set()
    for name in OBJECTS:
        ids = [record_id for person in people if (record_id := _record(person, name))]
        for start in range(0, len(ids), _IDS):
            listed = ", ".join(quote(one) for one in ids[start : start + _IDS])
            rows = await client.query(f"SELECT Id FROM {name} WHERE {field} = true AND Id IN ({listed})")  # noqa: S608 - quoted
            found.update(row["Id"] for row in rows)
    return found


async def _opted_out(client: Salesforce, name: str, field: str) -> AsyncIterator[list[str]]:
    """Yield the ids of all opted-out records of an object, page by page."""
    converted = " AND IsConverted = false" if name == "Lead" else ""
    last = ""
    while True:
        after = f" AND Id > {quote(last)}" if last else ""
        rows: list[dict[str, Any]] = await client.query(
            f"SELECT Id FROM {name} WHERE {field} = true{converted}{after} ORDER BY Id LIMIT {_PAGE}"  # noqa: S608 - quoted
        )
        if rows:
            yield [salesforce_id(row["Id"]) for row in rows]
            last = rows[-1]["Id"]
        if len(rows) < _PAGE:
            return


def _record(person: Person, name: str) -> str:
    contact, lead = person.fields.salesforce_contact_id, person.fields.salesforce_lead_id
    if name == "Contact":
        return contact
    return "" if contact else lead


def _has(person: Person, opted_out: Collection[str]) -> bool:
    """Tell whether Salesforce has this person opted out already. Who has no record yet waits for one."""
    record_id = person.fields.salesforce_contact_id or person.fields.salesforce_lead_id
    return bool(record_id) and record_id in opted_out
