"""Keeps the unsubscribes right while people come, change their address, and are merged."""

from __future__ import annotations

from collections.abc import Sequence

from actionsync_server.clock import Micros
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.model.errors import System
from actionsync_server.model.persons import Person, email_key
from actionsync_server.store.database import Transaction
from actionsync_server.store.unsubscribes import UnsubscribeWrites


class UnsubscribesFollowPeople:
    """Told of every change of people, in its transaction."""

    def __init__(self, recorder: UnsubscribeRecorder, lanes: DeliveryLanes) -> None:
        self._recorder = recorder
        self._lanes = lanes

    async def people_changed(
        self,
        transaction: Transaction,
        instance_id: str,
        *,
        created: Sequence[Person],
        changed: Sequence[tuple[Person, Person]],
        at: Micros,
    ) -> None:
        """Carry unsubscribes to new addresses, and push those that newcomers' addresses already have."""
        moved = [
            (before, after)
            for before, after in changed
            if email_key(before.fields.email) != email_key(after.fields.email)
        ]
        newcomers = [*created, *(after for _, after in moved)]
        former = {email_key(before.fields.email) for before, _ in moved}
        keys = (former | {email_key(person.fields.email) for person in newcomers}) - {""}
        if not keys:
            return
        writes = UnsubscribeWrites(transaction, instance_id)
        standing = await writes.recorded(keys)
        if not standing:
            return
        # A changed address must not silently end an opt-out: it stays until somebody confirms.
        carried = [
            (after.person_id, email_key(before.fields.email))
            for before, after in moved
            if email_key(before.fields.email) in standing and email_key(after.fields.email) not in standing
        ]
        await writes.carry(carried, at=at)
        events = await writes.latest_events(set(standing))
        pushed = await self._recorder.push(
            transaction,
            instance_id,
            [
                (events[email_key(person.fields.email)].event_id, person)
                for person in newcomers
                if email_key(person.fields.email) in standing
            ],
            at=at,
        )
        if pushed:
            self._lanes.wake(instance_id, System.SALESFORCE)

    async def people_merged(
        self, transaction: Transaction, instance_id: str, winner: Person, losers: Sequence[Person], *, at: Micros
    ) -> None:
        """Let the winner be unsubscribed if anybody was who is now the same person."""
        writes = UnsubscribeWrites(transaction, instance_id)
        own = email_key(winner.fields.email)
        others = [email_key(loser.fields.email) for loser in losers]
        standing = await writes.find([own, *others])
        if own in standing:
            return
        carried = [standing[key].email_key for key in others if key in standing]
        if carried:
            await writes.carry([(winner.person_id, carried[0])], at=at)
