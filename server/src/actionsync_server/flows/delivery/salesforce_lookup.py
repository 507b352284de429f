"""What was written to Salesforce with an unknown outcome, and by no key that would keep it from being written twice."""

from __future__ import annotations

from collections.abc import Sequence

from actionsync_server.clock import Clock
from actionsync_server.flows.delivery.outcomes import again, unknown
from actionsync_server.flows.delivery.writer import Written
from actionsync_server.model.deliveries import LOOKUP_DELAYS, Delivery
from actionsync_server.store.database import Database
from actionsync_server.store.deliveries import Deliveries


async def again_when_a_look_says_something(
    database: Database, clock: Clock, instance_id: str, deliveries: Sequence[Delivery]
) -> Written:
    """Let them be written again, by a writer that looks first, once a lost request cannot be carried out any more."""
    now = clock.now()
    ends = await Deliveries(database, instance_id).last_attempt_ends([one.delivery_id for one in deliveries])
    written: Written = []
    for delivery in deliveries:
        due = ends.get(delivery.delivery_id, now) + LOOKUP_DELAYS[0]
        written.append((delivery, again(now) if due <= now else unknown(None, due=due).not_attempted()))
    return written
