"""The incremental sync: reads three feeds for ever and applies what really differs.

    lead changes    13 fields + ownership, and new leads     every 90 s
    deleted leads                                            every 10 min
    activities 23 (owner changed) and 32 (merged)            every 10 min

A row only says whom to look at: the person is read again, whole, and compared. Rows, their cursor and the marketoGUIDs
of what was applied are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actionsync_server.clock import HOUR, SECOND, Clock, Micros
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.people import feed_places
from actionsync_server.flows.people.applying import PERSON_LIMIT_ALERT, PeopleApplier, held_count, living_count
from actionsync_server.flows.people.failures import failure_of, note, wait_after
from actionsync_server.flows.people.feed_places import LookBack, Start
from actionsync_server.flows.people.feed_rows import MERGE, OWNER_CHANGE, Work
from actionsync_server.flows.people.reading import LeadReading
from actionsync_server.flows.people.usage import CallUsage
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.errors import LoginRefused, NotConnected, NotPrepared, QuotaExhausted, Refused
from actionsync_server.model.settings import Settings
from actionsync_server.store.alerts import Alerts, AlertWrites
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.initial_syncs import InitialSyncs
from actionsync_server.store.person_writes import PersonWrites, over_limit_ids
from actionsync_server.store.persons import Persons
from actionsync_server.store.sync_cursors import Cursor, Feed, SyncCursors, SyncCursorWrites
from actionsync_server.systems.marketo import FeedPage, FeedRow, Marketo

#: Where there is nothing to do until somebody wakes the worker.
IDLE: Micros = HOUR
#: A row may be visible a little before the lead it speaks of reads back changed; so it is looked at once more.
SETTLE: Micros = 60 * SECOND
#: People read, and thereby applied, at once.
_BATCH = 300
#: Pages read before what they ask for is applied, also when that is little.
_PAGES_PER_BATCH = 20
#: Marketo's code for a paging token that it does not take (any more).
_BAD_TOKEN = "1003"  # noqa: S105


@dataclass(slots=True)
class _Trouble:
    failure_count: int
    retry_time: Micros


class IncrementalSync:
    """The feeds of every instance."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        reading: LeadReading,
        applier: PeopleApplier,
        usage: CallUsage,
    ) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._settings = settings
        self._reading = reading
        self._applier = applier
        self._usage = usage
        self._trouble: dict[tuple[str, Feed], _Trouble] = {}
        self._look_backs: dict[tuple[str, Feed], LookBack] = {}

    def forget_trouble(self, instance_id: str) -> None:
        """Try again at once: somebody changed something, for example connected anew."""
        for feed in Feed:
            self._trouble.pop((instance_id, feed), None)

    async def step(self, instance_id: str) -> float:
        """Read the feeds that are due; return the seconds until it is worth looking again."""
        cursors = await SyncCursors(self._database, instance_id).all()
        if not cursors:
            return IDLE / SECOND
        settings = await self._settings.get(instance_id)
        # Merges before deletions: of somebody who was merged into another both may tell.
        for cursor in sorted(cursors.values(), key=lambda one: one.feed is Feed.DELETED_LEADS):
            if self._due_time(instance_id, cursor, settings) > self._clock.now():
                continue
            try:
                await self._poll(instance_id, cursor, settings)
                if cursor.feed is Feed.LEAD_CHANGES:
                    await self._fill_room(instance_id, settings)
            except Exception as error:
                # Without a login or calls no feed can be read; anything else may concern this one alone.
                everything = isinstance(error, NotConnected | LoginRefused | QuotaExhausted)
                await self._failed(instance_id, list(cursors) if everything else [cursor.feed], error)
                if everything:
                    break
            else:
                self._trouble.pop((instance_id, cursor.feed), None)
        await self._usage.store(instance_id)
        cursors = await SyncCursors(self._database, instance_id).all()
        due = min(self._due_time(instance_id, cursor, settings) for cursor in cursors.values())
        return max(due - self._clock.now(), 0) / SECOND

    def _due_time(self, instance_id: str, cursor: Cursor, settings: Settings) -> Micros:
        trouble = self._trouble.get((instance_id, cursor.feed))
        if trouble is not None:
            return trouble.retry_time
        if cursor.progress is not None:
            return 0
        people = settings.people
        every = people.lead_changes_interval if cursor.feed is Feed.LEAD_CHANGES else people.other_feeds_interval
        # Before the first reading the load reads everybody anyway, so there is no hurry.
        return (cursor.last_poll_time or cursor.cursor_time) + every

    async def _poll(self, instance_id: str, cursor: Cursor, settings: Settings) -> None:
        """Read one feed to its end and apply it, in batches."""
        marketo = await self._registry.marketo(instance_id)
        now = self._clock.now()
        key = (instance_id, cursor.feed)
        start = feed_places.choose_start(cursor, now=now, look_back=self._look_backs.get(key))
        began = start.time if cursor.progress is not None else now
        cursor, page = await self._first_page(instance_id, marketo, cursor, start)
        page_count = 1
        while True:
            rows = list(page.rows)
            pages_of_batch = 1
            while page.more and pages_of_batch < _PAGES_PER_BATCH and len({row.lead_id for row in rows}) < _BATCH:
                page = await self._page(instance_id, marketo, cursor.feed, page.next_token)
                rows += page.rows
                pages_of_batch += 1
            page_count += pages_of_batch - 1
            if page.more:
                read_up_to = max((row.activity_time for row in rows), default=cursor.cursor_time)
                cursor = feed_places.under_way(cursor, began=began, token=page.next_token, read_up_to=read_up_to)
            else:
                cursor = feed_places.finished(cursor, began=began, now=self._clock.now(), token=page.next_token)
            await self._apply(instance_id, cursor, rows, settings)
            if not page.more:
                break
            page = await self._page(instance_id, marketo, cursor.feed, page.next_token)
            page_count += 1
        if start.goes_back:
            self._look_backs[key] = LookBack(began, page_count)

    async def _first_page(
        self, instance_id: str, marketo: Marketo, cursor: Cursor, start: Start
    ) -> tuple[Cursor, FeedPage]:
        token = start.token
        if token:
            try:
                return cursor, await self._page(instance_id, marketo, cursor.feed, token)
            except Refused as error:
                if error.system_code != _BAD_TOKEN:
                    raise
            # Tokens of a place live a day, those of a date for ever: go back far enough to miss nothing.
            fresh = await marketo.paging_token(start.time - feed_places.OVERLAP)
        else:
            fresh = await marketo.paging_token(start.time)
            cursor = feed_places.with_token(cursor, start, fresh)
        return cursor, await self._page(instance_id, marketo, cursor.feed, fresh)

    async def _page(self, instance_id: str, marketo: Marketo, feed: Feed, token: str) -> FeedPage:
        if feed is Feed.DELETED_LEADS:
            return await marketo.deleted_leads(token)
        if feed is Feed.OWNER_CHANGES_AND_MERGES:
            return await marketo.activities(token, (OWNER_CHANGE, MERGE))
        fields = await self._reading.fields(instance_id)
        return await marketo.lead_changes(token, fields.watched)

    async def _apply(self, instance_id: str, cursor: Cursor, rows: Sequence[FeedRow], settings: Settings) -> None:
        """Apply what is new in these rows and move the cursor, in one transaction."""
        seen = await SyncCursors(self._database, instance_id).seen([row.marketo_guid for row in rows])
        news = [row for row in rows if row.marketo_guid not in seen]
        asked = Work()
        asked.add(news)
        read = await self._reading.fetch(instance_id, list(asked.changed))
        # Where there is little room, the winner of a merge takes the place of the loser.
        winners = {winner_id for winner_id, _ in asked.merges}
        people = sorted(read, key=lambda one: one.marketo_id not in winners)
        now = self._clock.now()
        settled = [row.marketo_guid for row in news if row.activity_time <= now - SETTLE]

        async def work(transaction: Transaction) -> None:
            if asked.touched and await InitialSyncs(transaction, instance_id).open() is not None:
                await PersonWrites(transaction, instance_id).touch(asked.touched)
            if people:
                await self._applier.apply(
                    transaction,
                    instance_id,
                    people,
                    person_limit=settings.people.person_limit,
                    leaving=await living_count(PersonWrites(transaction, instance_id), asked.leaving),
                )
            for winner_id, loser_ids in asked.merges:
                await self._applier.merge(transaction, instance_id, winner_id, loser_ids)
            if asked.deleted:
                await self._applier.delete(transaction, instance_id, list(asked.deleted))
            cursors = SyncCursorWrites(transaction, instance_id)
            await cursors.mark_seen(settled, at=now)
            # A reading goes back to the oldest mark at most; the marks of all feeds are about equally old.
            await cursors.prune_seen(min(mark.time for mark in cursor.marks) - HOUR)
            await cursors.put(cursor)

        await self._database.write(work)

    async def _fill_room(self, instance_id: str, settings: Settings) -> None:
        """Copy people who were over the limit, as far as there is room now."""
        waiting = await over_limit_ids(self._database, instance_id, count=_BATCH)
        if not waiting:
            await self._end_limit_alert(instance_id)
            return
        room = settings.people.person_limit - await held_count(Persons(self._database, instance_id))
        chosen = waiting[: max(room, 0)]
        if not chosen:
            return
        people = await self._reading.fetch(instance_id, chosen)

        async def work(transaction: Transaction) -> None:
            await self._applier.apply(transaction, instance_id, people, person_limit=settings.people.person_limit)
            gone = set(chosen) - {person.marketo_id for person in people}
            await PersonWrites(transaction, instance_id).drop_over_limit(sorted(gone))

        await self._database.write(work)

    async def _end_limit_alert(self, instance_id: str) -> None:
        """Nobody is left out any more."""
        if all(alert.name != PERSON_LIMIT_ALERT for alert in await Alerts(self._database, instance_id).list()):
            return

        async def work(transaction: Transaction) -> None:
            await AlertWrites(transaction, instance_id).clear(PERSON_LIMIT_ALERT)

        await self._database.write(work)

    async def _failed(self, instance_id: str, feeds: Sequence[Feed], error: Exception) -> None:
        """Take note of a failure, for people and for the next try."""
        await note(error, instance_id, registry=self._registry, what="feed_failed")
        if isinstance(error, Refused | NotPrepared):
            self._reading.forget_fields(instance_id)
        now = self._clock.now()
        for feed in feeds:
            trouble = self._trouble.setdefault((instance_id, feed), _Trouble(0, 0))
            trouble.failure_count += 1
            trouble.retry_time = now + wait_after(error, failure_count=trouble.failure_count, now=now)
        failure = failure_of(error)

        async def work(transaction: Transaction) -> None:
            cursors = SyncCursorWrites(transaction, instance_id)
            stored = await cursors.all()
            for feed in feeds:
                if stored[feed].error != failure:
                    await cursors.put(replace(stored[feed], error=failure))

        await self._database.write(work)
