"""Asks Salesforce for changed Tasks: when the sync is turned on, and from then on again and again."""

from __future__ import annotations

import structlog

from actionsync_server.clock import DAY, MINUTE, SECOND, Clock, Micros, from_iso, to_iso
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.reminders.reading import FIELDS, ReminderReading
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.wakes import REMINDER_SYNC, Wakes
from actionsync_server.model.errors import NotConnected, System, SystemFailure
from actionsync_server.model.persons import salesforce_id
from actionsync_server.model.salesforce_tasks import EXTERNAL_ID_FIELD
from actionsync_server.model.settings import LogAs, ReminderMode, Settings
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.directory import Directory
from actionsync_server.store.salesforce_cursors import (
    SalesforceCursor,
    SalesforceCursors,
    SalesforceCursorWrites,
    SalesforceFeed,
)
from actionsync_server.systems.salesforce import Salesforce

log = structlog.get_logger(__name__)

#: How far back the first reading looks for changes, and for deletions (as long as Salesforce keeps deleted records).
FIRST_LOOK: Micros = DAY
DELETIONS_LOOK: Micros = 15 * DAY
RETRY_INTERVAL: Micros = 5 * MINUTE
#: Without the sync there is nothing to do until the settings change.
_IDLE_SECONDS = 3600.0
_USER_PAGE = 1000


class ReminderPoll:
    """Reads changed Tasks of every instance at their time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        reading: ReminderReading,
        wakes: Wakes,
    ) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._settings = settings
        self._reading = reading
        self._wakes = wakes

    async def step(self, instance_id: str) -> float:
        """Read what is due, or what was asked for; return after how many seconds to come again."""
        asked = self._wakes.take_asked(instance_id, REMINDER_SYNC)
        settings = await self._settings.get(instance_id)
        cursor = await SalesforceCursors(self._database, instance_id).get(SalesforceFeed.TASKS)
        if settings.reminders.mode is not ReminderMode.TWO_WAY:
            if cursor is not None:
                await self._drop(instance_id)  # turned on again it starts anew
            return _IDLE_SECONDS
        interval = settings.reminders.poll_interval
        now = self._clock.now()
        last = None if cursor is None else cursor.last_poll_time
        if last is not None and now < last + interval and not asked:
            return (last + interval - now) / SECOND
        try:
            client = await self._registry.salesforce(instance_id)
            if cursor is None:
                cursor = await self._activate(instance_id, client)
            await self._poll(instance_id, client, cursor, settings)
        except NotConnected:
            return RETRY_INTERVAL / SECOND
        except SystemFailure as failure:
            log.warning("reminder_poll_failed", instance_id=instance_id, code=failure.system_code)
            return RETRY_INTERVAL / SECOND
        return interval / SECOND

    async def _activate(self, instance_id: str, client: Salesforce) -> SalesforceCursor:
        """Apply the deletions of the last 15 days; changes of the last day are read by the first poll."""
        now = self._clock.now()
        rows = await client.query(
            f"SELECT Id FROM Task WHERE IsDeleted = true AND SystemModstamp >= {to_iso(now - DELETIONS_LOOK)}",  # noqa: S608 - no value of a caller
            include_deleted=True,
        )
        await self._reading.deleted(instance_id, [salesforce_id(row["Id"]) for row in rows])
        return SalesforceCursor(SalesforceFeed.TASKS, now - FIRST_LOOK)

    async def _poll(self, instance_id: str, client: Salesforce, cursor: SalesforceCursor, settings: Settings) -> None:
        now = self._clock.now()
        described = await client.describe("Task")
        fields = f"{FIELDS}, {EXTERNAL_ID_FIELD}" if EXTERNAL_ID_FIELD in described.fields else FIELDS
        rows = await client.query(
            f"SELECT {fields} FROM Task WHERE SystemModstamp >= {to_iso(cursor.mark_time)}"  # noqa: S608 - no value of a caller
            " ORDER BY SystemModstamp, Id",
            include_deleted=True,
        )
        stamps = {salesforce_id(row["Id"]): from_iso(row["SystemModstamp"]) for row in rows}
        # A second that was read while it lasted may bring more: its rows come again and say nothing new.
        owners = await self._owners(instance_id, settings)
        count = await self._reading.changed(
            instance_id, rows, owners=owners, template=settings.logging.subject_template
        )
        if count:
            log.info("reminders_read", instance_id=instance_id, task_count=count)
        mark = max(stamps.values(), default=cursor.mark_time)
        read = SalesforceCursor(SalesforceFeed.TASKS, mark, (), now)

        async def work(transaction: Transaction) -> None:
            await SalesforceCursorWrites(transaction, instance_id).put(read)

        await self._database.write(work)

    async def _owners(self, instance_id: str, settings: Settings) -> dict[str, str]:
        """Return the Salesforce users whose Tasks come in, and whose they are here: those of connected sellers."""
        directory = Directory(self._database, instance_id)
        connected = await self._registry.connected_users(instance_id, System.SALESFORCE)
        owners: dict[str, str] = {}
        after = ""
        while users := await directory.page(after=after, count=_USER_PAGE):
            for user in users:
                by_seller = settings.logging.log_as is LogAs.SELLER
                if user.salesforce_user_id and (not by_seller or user.user_id in connected):
                    owners[salesforce_id(user.salesforce_user_id)] = user.user_id
            after = users[-1].user_id
        return owners

    async def _drop(self, instance_id: str) -> None:
        async def work(transaction: Transaction) -> None:
            await SalesforceCursorWrites(transaction, instance_id).drop(SalesforceFeed.TASKS)

        await self._database.write(work)
