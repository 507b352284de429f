"""The last engagement with marketing, from what Marketo knows of the people: asked for when a roll-up is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from actionsync_server.clock import Clock
from actionsync_server.flows.grid.reading import GridReading
from actionsync_server.model.errors import NotConnected, SystemFailure
from actionsync_server.model.grid import WINDOW
from actionsync_server.model.roll_ups import MARKETING_TYPES, Facts, marketing_fact, merged
from actionsync_server.store.database import Database
from actionsync_server.store.grid import Grid
from actionsync_server.store.roll_ups import RollUp

log = structlog.get_logger(__name__)


class MarketingEngagements:
    """Adds what marketing's people did to roll-ups."""

    def __init__(self, database: Database, clock: Clock, *, reading: GridReading) -> None:
        self._database = database
        self._clock = clock
        self._reading = reading

    async def added(self, instance_id: str, roll_ups: Sequence[RollUp]) -> list[RollUp]:
        """Return the roll-ups with the last engagement of their people; without news when Marketo cannot be asked."""
        ids = sorted({one.marketo_id for one in roll_ups if one.marketo_id})
        try:
            await self._reading.read(instance_id, ids)
        except* (NotConnected, SystemFailure) as failures:
            log.info("marketing_engagements_not_read", instance_id=instance_id, failure_count=len(failures.exceptions))
        found: dict[int, Facts] = {}
        for row in await Grid(self._database, instance_id).rows(ids, since=self._clock.now() - WINDOW):
            if row.type_id in MARKETING_TYPES:
                fact = marketing_fact(
                    row.activity_time,
                    row.type_id,
                    description=row.title,
                    source=row.attributes.get("Source", "Marketo"),
                )
                found[row.marketo_id] = merged(found.get(row.marketo_id, {}), fact)
        return [replace(one, wanted=merged(one.wanted, found.get(one.marketo_id, {}))) for one in roll_ups]
