"""What callers do with unsubscribes: record, list, look at the history, and, as an admin, remove with evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actionsync_server.clock import Clock
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.unsubscribes.comparing import opted_out_among
from actionsync_server.flows.unsubscribes.recording import Recorded, UnsubscribeRecorder
from actionsync_server.flows.upkeep.suppression import Suppression
from actionsync_server.model.deliveries import Delivery, SubjectKind
from actionsync_server.model.errors import FailedPrecondition, NotConnected, NotFound, System
from actionsync_server.model.persons import email_key
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeEvent, UnsubscribeSource, opt_out_field
from actionsync_server.store.database import Database, Keep, Reader, Transaction
from actionsync_server.store.deliveries import Deliveries
from actionsync_server.store.person_merges import as_they_are_now
from actionsync_server.store.persons import Persons
from actionsync_server.store.unsubscribes import Unsubscribes


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of a removal: whether Salesforce still says opted out, and the writes to change that."""

    opted_out_in_salesforce: bool
    deliveries: Sequence[Delivery]


class UnsubscribesFlow:
    """Records, lists and removes unsubscribes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        recorder: UnsubscribeRecorder,
        lanes: DeliveryLanes,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        suppression: Suppression,
    ) -> None:
        self._database = database
        self._clock = clock
        self._recorder = recorder
        self._lanes = lanes
        self._registry = registry
        self._settings = settings
        self._suppression = suppression

    async def address_of(self, instance_id: str, person_id: str) -> str:
        """Return a person's present address; raises NotFound, or FailedPrecondition when there is none."""
        person = (await as_they_are_now(self._database, instance_id, [person_id])).get(person_id)
        if person is None:
            raise NotFound("person", person_id)
        if not person.fields.email:
            raise FailedPrecondition(
                f"person {person_id!r} has no email address; add one in Salesforce or Marketo first",
                reason="WRONG_STATE",
                metadata={"resource": "person", "id": person_id},
            )
        return person.fields.email

    async def record(
        self,
        instance_id: str,
        address: str,
        *,
        source: UnsubscribeSource,
        reason: str,
        user_id: str,
        keep: Keep[Recorded] | None = None,
    ) -> Recorded:
        """Record an unsubscribe and push it to Salesforce; one that stands already is returned.

        `keep` keeps what is answered in the same transaction.
        """
        at = self._clock.now()

        async def work(transaction: Transaction) -> Recorded:
            recorded = await self._recorder.unsubscribe(
                transaction, instance_id, email_key(address), source=source, reason=reason, user_id=user_id, at=at
            )
            if keep is not None:
                await keep(transaction, recorded)
            return recorded

        recorded = await self._database.write(work)
        self._lanes.wake(instance_id, System.SALESFORCE)
        return recorded

    async def remove(
        self,
        instance_id: str,
        address: str,
        *,
        reason: str,
        consent: str,
        user_id: str,
        everywhere: bool,
        keep: Keep[Removed] | None = None,
    ) -> Removed:
        """Remove an unsubscribe, here or in Salesforce too. Raises NotFound, or the SystemFailure of asking Salesforce.

        Where it is removed here alone, the caller is told whether the next two-way pass will bring it back.
        """
        key = email_key(address)
        if key not in await self._suppression.standing(self._database, instance_id, [key]):
            raise NotFound("unsubscribe", address)
        opted_out = await self._opted_out(instance_id, key)
        at = self._clock.now()

        async def work(transaction: Transaction) -> Removed:
            if key not in await self._suppression.standing(transaction, instance_id, [key]):
                raise NotFound("unsubscribe", address)
            await self._suppression.lift(transaction, instance_id, key)
            deliveries = await self._recorder.resubscribe(
                transaction,
                instance_id,
                key,
                reason=reason,
                consent=consent,
                user_id=user_id,
                at=at,
                push=everywhere,
            )
            removed = Removed(opted_out, deliveries)
            if keep is not None:
                await keep(transaction, removed)
            return removed

        removed = await self._database.write(work)
        self._lanes.wake(instance_id, System.SALESFORCE)
        return removed

    async def page(self, instance_id: str, *, prefix: str, after: str, count: int) -> list[Unsubscribe]:
        """Return a page of the unsubscribed addresses, oldest first."""
        return await Unsubscribes(self._database, instance_id).page(prefix=email_key(prefix), after=after, count=count)

    async def history(self, instance_id: str, address: str, *, after: str, count: int) -> list[UnsubscribeEvent]:
        """Return a page of what happened to an address, oldest first."""
        return await Unsubscribes(self._database, instance_id).history(email_key(address), after=after, count=count)

    async def events(self, instance_id: str, event_ids: Sequence[str]) -> dict[str, UnsubscribeEvent]:
        """Return the events that exist, by id."""
        return await Unsubscribes(self._database, instance_id).events(event_ids)

    async def pushes(
        self, instance_id: str, unsubscribes: Sequence[Unsubscribe], *, reader: Reader | None = None
    ) -> dict[str, list[Delivery]]:
        """Return the pushes of the last event of each unsubscribed address, by its unsubscribe's id."""
        reader = reader or self._database
        keys = [one.email_key for one in unsubscribes]
        events = await Unsubscribes(reader, instance_id).latest_events(keys)
        found = await Deliveries(reader, instance_id).of_subjects(
            SubjectKind.UNSUBSCRIBE, [event.event_id for event in events.values()]
        )
        return {
            one.unsubscribe_id: found.get(events[one.email_key].event_id, [])
            for one in unsubscribes
            if one.email_key in events
        }

    async def _opted_out(self, instance_id: str, key: str) -> bool:
        people = (await Persons(self._database, instance_id).by_email([key])).get(key, [])
        try:
            client = await self._registry.salesforce(instance_id)
        except NotConnected:
            return False
        field = opt_out_field((await self._settings.get(instance_id)).unsubscribes)
        return bool(await opted_out_among(client, field, people))
