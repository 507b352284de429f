"""Lets activities, deliveries and reminder tasks follow the people to whom they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actionsync_server.clock import Micros
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.flows.people.applying import PeopleChange, PeopleMerge
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState, SubjectKind
from actionsync_server.model.errors import System
from actionsync_server.model.persons import Person, SkipReason
from actionsync_server.store.database import Transaction
from actionsync_server.store.deliveries import DeliveryWrites, Move
from actionsync_server.store.person_outreach import PersonOutreach

#: Marketo's code for a row about a lead that it does not have: nothing of it was stored.
_NO_SUCH_LEAD = "1004"


class OutreachFollowsPeople:
    """Told of every change of people, in its transaction."""

    def __init__(self, lanes: DeliveryLanes) -> None:
        self._lanes = lanes

    async def people_changed(self, transaction: Transaction, change: PeopleChange) -> None:
        """Let go on what waited because a person's Salesforce record was deleted, and who has one again."""
        back = [after.person_id for before, after in change.changed if _is_deleted(before) and not _is_deleted(after)]
        if back:
            await _let_go(transaction, change.instance_id, back, at=change.at)
            self._lanes.wake(change.instance_id, System.SALESFORCE)

    async def people_merged(self, transaction: Transaction, merge: PeopleMerge) -> None:
        """Hand everything to the winner.

        What Marketo refused between the merge and our learning of it, because the lead was gone, is tried again.
        """
        outreach = PersonOutreach(transaction, merge.instance_id)
        ids = [loser.person_id for loser in merge.losers]
        refused = await outreach.refused_as_gone(ids)
        await outreach.hand_over(ids, merge.winner.person_id, at=merge.at)
        again = [one for one in refused if one.error is not None and one.error.code == _NO_SUCH_LEAD]
        moves = [Move(one, _due(one, at=merge.at)) for one in again]
        await DeliveryWrites(transaction, merge.instance_id).move(moves)
        if not _is_deleted(merge.winner):
            await _let_go(transaction, merge.instance_id, [merge.winner.person_id], at=merge.at)
        self._lanes.wake(merge.instance_id)


async def _let_go(transaction: Transaction, instance_id: str, person_ids: Sequence[str], *, at: Micros) -> None:
    """Make due what waits for people to have a Salesforce record again."""
    writes = DeliveryWrites(transaction, instance_id)
    waiting = await writes.of_people(person_ids, kind=SubjectKind.ACTIVITY, states=[DeliveryState.WAITING])
    due = [one for one in waiting if one.reason is DeliveryReason.NOT_QUALIFIED]
    await writes.move([Move(one, _due(one, at=at)) for one in due])


def _is_deleted(person: Person) -> bool:
    return person.qualification_reason is SkipReason.DELETED_IN_SALESFORCE


def _due(held: Delivery, *, at: Micros) -> Delivery:
    return replace(
        held, state=DeliveryState.PENDING, reason=DeliveryReason.NONE, error=None, due_time=at, update_time=at
    )
