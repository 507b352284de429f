"""What the platform does by itself as time passes: it empties the recycle bin and archives old activities.

Nothing runs in the background: whoever is about to answer a call asks to catch up with the clock first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from actionsync_simulators.salesforce.gateway.times import parse_wire
from actionsync_simulators.salesforce.rows.recycle_bin import KEPT_FOR, purge_overdue

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.state import Org

ARCHIVED_AFTER = timedelta(days=365)
NIGHT = timedelta(days=1)

_OLD_TASKS = """
UPDATE "Task" SET IsArchived = 1
WHERE IsArchived = 0 AND IsClosed = 1 AND coalesce(ActivityDate, substr(CreatedDate, 1, 10)) < ?
"""
_OLD_EVENTS = 'UPDATE "Event" SET IsArchived = 1 WHERE IsArchived = 0 AND substr(EndDateTime, 1, 10) < ?'


class Upkeep:
    """Knows when there is something to do next, so that asking costs nothing."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._next_purge: datetime | None = None
        self._next_night: datetime | None = None

    def reload(self) -> None:
        """Look afresh: the database has been restored."""
        self._next_purge = self._next_night = None

    def catch_up(self) -> None:
        """Do what is due. Not inside a transaction, whose end might take it back."""
        now = self._org.clock.now()
        if self._next_purge is None or now >= self._next_purge:
            oldest = purge_overdue(self._org)
            # What is deleted from now on stays for as long as this.
            self._next_purge = (now if oldest is None else parse_wire(oldest)) + KEPT_FOR
        if self._next_night is None:
            self._next_night = _after_midnight(now)
        elif now >= self._next_night:
            self._next_night = _after_midnight(now)
            before = (now - ARCHIVED_AFTER).date().isoformat()
            with self._org.database.transaction():
                for statement in (_OLD_TASKS, _OLD_EVENTS):
                    self._org.database.execute(statement, (before,))


def _after_midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + NIGHT
