"""Keeps the unsubscribes right while people come, change their address, and are merged."""

from __future__ import annotations

from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.people.applying import PeopleChange, PeopleMerge
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.model.errors import System
from actionsync_server.model.persons import email_key
from actionsync_server.store.database import Transaction
from actionsync_server.store.unsubscribes import UnsubscribeWrites


class UnsubscribesFollowPeople:
    """Told of every change of people, in its transaction."""

    def __init__(self, recorder: UnsubscribeRecorder, lanes: DeliveryLanes) -> None:
        self._recorder = recorder
        self._lanes = lanes

    async def people_changed(self, transaction: Transaction, change: PeopleChange) -> None:
        """Carry unsubscribes to new addresses, and push those that newcomers' addresses already have."""
        moved = [
            (before, after)
            for before, after in change.changed
            if email_key(before.fields.email) != email_key(after.fields.email)
        ]
        newcomers = [*change.created, *(after for _, after in moved)]
        former = {email_key(before.fields.email) for before, _ in moved}
        keys = (former | {email_key(person.fields.email) for person in newcomers}) - {""}
        if not keys:
            return
        writes = UnsubscribeWrites(transaction, change.instance_id)
        standing = await writes.recorded(keys)
        if not standing:
            return
        # A changed address must not silently end an opt-out: it stays until somebody confirms.
        carried = [
            (after.person_id, email_key(before.fields.email))
            for before, after in moved
            if email_key(before.fields.email) in standing and email_key(after.fields.email) not in standing
        ]
        await writes.carry(carried, at=change.at)
        events = await writes.latest_events(set(standing))
        pushed = await self._recorder.push(
            transaction,
            change.instance_id,
            [
                (events[email_key(person.fields.email)].event_id, person)
                for person in newcomers
                if email_key(person.fields.email) in standing
            ],
            at=change.at,
        )
        if pushed:
            self._lanes.wake(change.instance_id, System.SALESFORCE)

    async def people_merged(self, transaction: Transaction, merge: PeopleMerge) -> None:
        """Let the winner be unsubscribed if anybody was who is now the same person."""
        writes = UnsubscribeWrites(transaction, merge.instance_id)
        own = email_key(merge.winner.fields.email)
        others = [email_key(loser.fields.email) for loser in merge.losers]
        standing = await writes.find([own, *others])
        if own in standing:
            return
        carried = [standing[key].email_key for key in others if key in standing]
        if carried:
            await writes.carry([(merge.winner.person_id, carried[0])], at=merge.at)
