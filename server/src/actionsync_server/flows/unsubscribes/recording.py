"""Turns what was learned of an address into rows, history, change log and pushes, all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import OPEN_STATES, Delivery, DeliveryReason, DeliveryState, SubjectKind
from actionsync_server.model.errors import System
from actionsync_server.model.ids import Ids
from actionsync_server.model.persons import Person
from actionsync_server.model.unsubscribes import Unsubscribe, UnsubscribeEvent, UnsubscribeSource
from actionsync_server.store import changes
from actionsync_server.store.changes import ChangeKind, change_row
from actionsync_server.store.database import Transaction
from actionsync_server.store.deliveries import DeliveryWrites
from actionsync_server.store.persons import Persons
from actionsync_server.store.unsubscribes import UnsubscribeWrites

UNSUBSCRIBED, RESUBSCRIBED = 1, 2  # types of a change of this kind


@dataclass(frozen=True, slots=True)
class Recorded:
    """The unsubscribe of an address, whether it stood before, and the pushes that were added."""

    unsubscribe: Unsubscribe
    known: bool
    deliveries: Sequence[Delivery] = ()


class UnsubscribeRecorder:
    """Changes the unsubscribes of every instance."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    async def unsubscribe(
        self,
        transaction: Transaction,
        instance_id: str,
        key: str,
        *,
        source: UnsubscribeSource,
        reason: str,
        user_id: str,
        at: Micros,
        opted_out_ids: Collection[str] = (),
    ) -> Recorded:
        """Unsubscribe an address, if it is not so already, and push it to all its people.

        `opted_out_ids` are people of whom Salesforce says so itself: nothing is pushed for them.
        """
        writes = UnsubscribeWrites(transaction, instance_id)
        known = (await writes.recorded([key])).get(key)
        if known is not None:
            return Recorded(known, known=True)
        # The event has the id of what it began: deliveries name it, and the history is in order of these ids.
        unsubscribe = Unsubscribe(self._ids.make("u"), key, source, reason, user_id, at)
        event = UnsubscribeEvent(
            event_id=unsubscribe.unsubscribe_id,
            email_key=key,
            unsubscribed=True,
            source=source,
            reason=reason,
            consent="",
            user_id=user_id,
            event_time=at,
        )
        await writes.add(unsubscribe)
        people = (await Persons(transaction, instance_id).by_email([key])).get(key, [])
        told = [person for person in people if person.person_id not in opted_out_ids]
        added = await self._append(transaction, instance_id, event, told)
        return Recorded(unsubscribe, known=False, deliveries=added)

    async def resubscribe(
        self,
        transaction: Transaction,
        instance_id: str,
        key: str,
        *,
        reason: str,
        consent: str,
        user_id: str,
        at: Micros,
        push: bool,
    ) -> list[Delivery]:
        """Remove the unsubscribe of an address, with evidence; with `push` in Salesforce too."""
        writes = UnsubscribeWrites(transaction, instance_id)
        people = (await Persons(transaction, instance_id).by_email([key])).get(key, [])
        event = UnsubscribeEvent(
            event_id=self._ids.make("u"),
            email_key=key,
            unsubscribed=False,
            source=UnsubscribeSource.MANUAL,
            reason=reason,
            consent=consent,
            user_id=user_id,
            event_time=at,
        )
        await writes.remove(key)
        await writes.confirm(key, [person.person_id for person in people])
        return await self._append(transaction, instance_id, event, people if push else [])

    async def push(
        self, transaction: Transaction, instance_id: str, pairs: Iterable[tuple[str, Person]], *, at: Micros
    ) -> list[Delivery]:
        """Push events (by id) to people who have not got them, unless an earlier push of theirs is under way."""
        wanted = list(pairs)
        writes = DeliveryWrites(transaction, instance_id)
        busy = {
            one.person_id
            for one in await writes.of_people(
                [person.person_id for _, person in wanted], kind=SubjectKind.UNSUBSCRIBE, states=OPEN_STATES
            )
        }
        sequence = await writes.next_sequence()
        added = [
            self._delivery(event_id, person, sequence=sequence + place, at=at)
            for place, (event_id, person) in enumerate(
                (event_id, person) for event_id, person in wanted if person.person_id not in busy
            )
        ]
        await writes.add(added)
        return added

    async def _append(
        self,
        transaction: Transaction,
        instance_id: str,
        event: UnsubscribeEvent,
        people: Sequence[Person],
    ) -> list[Delivery]:
        await UnsubscribeWrites(transaction, instance_id).append(event)
        row = change_row(
            instance_id,
            ChangeKind.UNSUBSCRIBE,
            event.event_id,
            type=UNSUBSCRIBED if event.unsubscribed else RESUBSCRIBED,
            at=event.event_time,
        )
        await changes.record(transaction, [row])
        writes = DeliveryWrites(transaction, instance_id)
        sequence = await writes.next_sequence()
        added = [
            self._delivery(event.event_id, person, sequence=sequence + place, at=event.event_time)
            for place, person in enumerate(people)
        ]
        await writes.add(added)
        return added

    def _delivery(self, event_id: str, person: Person, *, sequence: int, at: Micros) -> Delivery:
        return Delivery(
            delivery_id=self._ids.make("d"),
            system=System.SALESFORCE,
            subject_kind=SubjectKind.UNSUBSCRIBE,
            subject_id=event_id,
            person_id=person.person_id,
            state=DeliveryState.PENDING,
            reason=DeliveryReason.NONE,
            attempt_count=0,
            due_time=at,
            error=None,
            external_id="",
            warnings=(),
            sequence=sequence,
            create_time=at,
            update_time=at,
        )
