"""Lets activities, deliveries and reminder tasks follow the people to whom they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actionsync_server.clock import Micros
from actionsync_server.flows.delivery.lanes import DeliveryLanes
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

    async def people_changed(
        self,
        transaction: Transaction,
        instance_id: str,
        *,
        created: Sequence[Person],
        changed: Sequence[tuple[Person, Person]],
        at: Micros,
    ) -> None:
        """Let go on what waited because a person's Salesforce record was deleted, and who has one again."""
        back = [after.person_id for before, after in changed if _is_deleted(before) and not _is_deleted(after)]
        if not back:
            return
        writes = DeliveryWrites(transaction, instance_id)
        waiting = await writes.of_people(back, kind=SubjectKind.ACTIVITY, states=[DeliveryState.WAITING])
        due = [one for one in waiting if one.reason is DeliveryReason.NOT_QUALIFIED]
        await writes.move([Move(one, _due(one, at=at)) for one in due])
        self._lanes.wake(instance_id, System.SALESFORCE)

    async def people_merged(
        self, transaction: Transaction, instance_id: str, winner: Person, losers: Sequence[Person], *, at: Micros
    ) -> None:
        """Hand everything to the winner.

        What Marketo refused between the merge and our learning of it, because the lead was gone, is tried again.
        """
        outreach = PersonOutreach(transaction, instance_id)
        ids = [loser.person_id for loser in losers]
        refused = await outreach.refused_as_gone(ids)
        await outreach.hand_over(ids, winner.person_id, at=at)
        again = [one for one in refused if one.error is not None and one.error.code == _NO_SUCH_LEAD]
        moves = [Move(one, _due(one, at=at)) for one in again]
        await DeliveryWrites(transaction, instance_id).move(moves)
        self._lanes.wake(instance_id)


def _is_deleted(person: Person) -> bool:
    return person.qualification_reason is SkipReason.DELETED_IN_SALESFORCE


def _due(held: Delivery, *, at: Micros) -> Delivery:
    return replace(
        held, state=DeliveryState.PENDING, reason=DeliveryReason.NONE, error=None, due_time=at, update_time=at
    )
