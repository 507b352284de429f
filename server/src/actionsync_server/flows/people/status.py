"""How current our copy is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.people.usage import CallUsage
from actionsync_server.model.errors import NotConnected
from actionsync_server.model.initial_syncs import InitialSync
from actionsync_server.model.persons import Qualification
from actionsync_server.store.database import Database
from actionsync_server.store.initial_syncs import InitialSyncs
from actionsync_server.store.person_writes import over_limit_count
from actionsync_server.store.persons import Persons
from actionsync_server.store.quota_usage import QuotaUsage
from actionsync_server.store.sync_cursors import Cursor, SyncCursors


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """The state of the people flow at `time`."""

    time: Micros
    initial_sync: InitialSync | None
    feeds: tuple[Cursor, ...]
    counts: dict[Qualification, int]
    over_limit_count: int
    quotas: tuple[QuotaUsage, ...]
    incremental_running: bool


class PeopleStatus:
    """The state of the people flow of every instance."""

    def __init__(self, database: Database, clock: Clock, *, registry: ConnectionRegistry, usage: CallUsage) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._usage = usage

    async def get(self, instance_id: str) -> SyncStatus:
        """Return how things stand; no system is asked."""
        database = self._database
        await self._usage.store(instance_id)  # the clients' own counters are part of the answer
        cursors = await SyncCursors(database, instance_id).all()
        return SyncStatus(
            time=self._clock.now(),
            initial_sync=await InitialSyncs(database, instance_id).latest(),
            feeds=tuple(cursors.values()),
            counts=await Persons(database, instance_id).counts(),
            over_limit_count=await over_limit_count(database, instance_id),
            quotas=tuple(await self._usage.today(instance_id)),
            incremental_running=bool(cursors) and await self._can_read(instance_id, cursors.values()),
        )

    async def _can_read(self, instance_id: str, cursors: Iterable[Cursor]) -> bool:
        """Tell whether the feeds are read: connected, and the login is taken."""
        try:
            await self._registry.marketo(instance_id)
        except NotConnected:
            return False
        return not any(cursor.error is not None and cursor.error.reason == "LOGIN_REFUSED" for cursor in cursors)
