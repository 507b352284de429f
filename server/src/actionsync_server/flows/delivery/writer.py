"""What a round asks of the writer of one system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from actionsync_server.clock import Micros
from actionsync_server.flows.delivery.lanes import Block
from actionsync_server.flows.delivery.outcomes import Outcome
from actionsync_server.model.deliveries import Delivery

Written = list[tuple[Delivery, Outcome]]


class Writer(Protocol):
    """Writes deliveries of one lane. It answers for each one; only what nobody foresaw is raised."""

    #: Most deliveries in one round.
    lot_size: int
    #: Whether two deliveries of one person may not share a round, because each may fail on its own.
    one_per_person: bool
    #: How long after a lost answer a look says anything.
    first_look: Micros

    async def block(self) -> Block | None:
        """Return why nothing could be written now, without asking the system."""
        ...

    async def write(self, deliveries: Sequence[Delivery]) -> Written:
        """Write claimed deliveries, given in order of creation."""
        ...

    async def look_up(self, deliveries: Sequence[Delivery]) -> Written:
        """Find out what became of deliveries whose answer was lost. Nothing is written."""
        ...
