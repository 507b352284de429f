"""Lets activities, deliveries and reminder tasks follow the people to whom they belong when Marketo merges them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actionsync_server.clock import Micros
from actionsync_server.flows.delivery.lanes import DeliveryLanes
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState
from actionsync_server.model.persons import Person
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
        """Do nothing: outreach names a person by our id, which no change of values touches."""

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


def _due(refused: Delivery, *, at: Micros) -> Delivery:
    return replace(
        refused, state=DeliveryState.PENDING, reason=DeliveryReason.NONE, error=None, due_time=at, update_time=at
    )
