"""Reads what Marketo knows of people into our store: the first time 90 days back, later only what came since.

A person's rows may become visible late, so each reading begins a little before the last one; rows are told apart by
their Marketo guid. Our own eight types are not read back: they are in our store already, and sooner.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from actionsync_server.clock import DAY, MINUTE, Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.model.grid import BY_NAME, NATIVE, WINDOW, GridColumn, is_shown, texts, title_of
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.grid import Grid, GridWrites, StoredRow
from actionsync_server.systems.marketo import Marketo

#: Rows become visible up to so much later than they happened.
OVERLAP: Micros = 15 * MINUTE
#: Which types a subscription has changes seldom.
_TYPES_AGE: Micros = DAY
_LEADS_PER_CALL = 30
_TYPES_PER_CALL = 10
#: Readings at the same time; the client keeps its own bounds for all flows together.
_AT_ONCE = 4

GridTypes = Mapping[int, tuple[str, GridColumn]]
"""Type id → name and column."""


class GridReading:
    """Reads the activity of people of every instance."""

    def __init__(self, database: Database, clock: Clock, *, registry: ConnectionRegistry) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._types: dict[str, tuple[Micros, GridTypes]] = {}

    async def types(self, instance_id: str) -> GridTypes:
        """Return the types that the grid shows, as this subscription has them. Raises as `read` does."""
        now = self._clock.now()
        known = self._types.get(instance_id)
        if known is not None and now < known[0] + _TYPES_AGE:
            return known[1]
        client = await self._registry.marketo(instance_id)
        found: dict[int, tuple[str, GridColumn]] = {}
        for one in await client.activity_types():
            column = NATIVE.get(one.type_id) or (BY_NAME.get(one.name) if not one.api_name else None)
            if column is not None:
                found[one.type_id] = (one.name, column)
        self._types[instance_id] = now, found
        return found

    def known_types(self, instance_id: str) -> GridTypes:
        """Return the types as last read, however long ago; without a reading those that never differ."""
        known = self._types.get(instance_id)
        return known[1] if known is not None else {one: ("", column) for one, column in NATIVE.items()}

    async def read(self, instance_id: str, marketo_ids: Sequence[int]) -> None:
        """Read what is new about people. Raises NotConnected and the SystemFailure family."""
        client = await self._registry.marketo(instance_id)
        types = await self.types(instance_id)
        known = await Grid(self._database, instance_id).read_times(marketo_ids)
        # Together go those that were read at about the same time: a call has one beginning for all its people.
        ordered = sorted(marketo_ids, key=lambda one: known.get(one, 0))
        groups = [ordered[start : start + _LEADS_PER_CALL] for start in range(0, len(ordered), _LEADS_PER_CALL)]
        now = self._clock.now()
        starts = [max(min(known.get(one, 0) for one in group) - OVERLAP, now - WINDOW) for group in groups]
        # People whom nobody looked at yet all begin at the same instant: one token serves them all.
        tokens = {start: await client.paging_token(start) for start in dict.fromkeys(starts)}
        turns = asyncio.Semaphore(_AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            for group, start in zip(groups, starts, strict=True):
                tasks.create_task(
                    self._read_group(instance_id, client, types, group, token=tokens[start], now=now, turns=turns)
                )

    async def _read_group(
        self,
        instance_id: str,
        client: Marketo,
        types: GridTypes,
        group: Sequence[int],
        *,
        token: str,
        now: Micros,
        turns: asyncio.Semaphore,
    ) -> None:
        numbers = sorted(types)
        lots = [numbers[place : place + _TYPES_PER_CALL] for place in range(0, len(numbers), _TYPES_PER_CALL)]
        async with asyncio.TaskGroup() as tasks:
            readings = [tasks.create_task(_feed(client, token, lot, group, turns)) for lot in lots]
        rows = [row for reading in readings for row in reading.result()]

        async def work(transaction: Transaction) -> None:
            await GridWrites(transaction, instance_id).read(group, rows, read_time=now, keep_from=now - WINDOW)

        await self._database.write(work)


async def _feed(
    client: Marketo, token: str, type_ids: Sequence[int], lead_ids: Sequence[int], turns: asyncio.Semaphore
) -> list[StoredRow]:
    """Read a feed to its end; pages may be short or empty although more follow."""
    rows: list[StoredRow] = []
    more = True
    while more:
        async with turns:
            page = await client.activities(token, type_ids, lead_ids)
        token, more = page.next_token, page.more
        for row in page.rows:
            title = title_of(row.attributes, row.primary_value)
            if is_shown(row.type_id, row.attributes, title):
                rows.append(
                    StoredRow(
                        row.marketo_guid, row.lead_id, row.type_id, row.activity_time, title, texts(row.attributes)
                    )
                )
    return rows
