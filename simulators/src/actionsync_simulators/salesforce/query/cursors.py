"""Query cursors behind locators: a snapshot of matching keys that can be read on from any offset."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from actionsync_simulators.clock import Clock
from actionsync_simulators.database import Database
from actionsync_simulators.salesforce.schema import Schema

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.soql import Query

MOST_PER_USER = 10


@dataclass(frozen=True, slots=True)
class Source:
    """What is queried: objects and their rows; `root` is where they lie below the data URL (`/tooling`, or empty)."""

    schema: Schema
    database: Database
    root: str = ""


@dataclass(slots=True)
class Cursor:
    """An open query: the compiled query and the keys it matched when it was first run."""

    id: str
    user_id: str
    source: Source
    query: Query
    keys: list[Any]
    batch: int
    opened_at: datetime


class Cursors:
    """The open cursors of all users; each user has at most ten, the oldest goes first."""

    def __init__(self, *, clock: Clock, lifetime: timedelta) -> None:
        self._clock = clock
        self.lifetime = lifetime
        self._cursors: OrderedDict[str, Cursor] = OrderedDict()

    def clear(self) -> None:
        """Close every cursor."""
        self._cursors.clear()

    def open(
        self, cursor_id: str, *, user_id: str, source: Source, query: Query, keys: list[Any], batch: int
    ) -> Cursor:
        """Keep a query open under an id."""
        own = [c.id for c in self._cursors.values() if c.user_id == user_id]
        for oldest in own[: max(len(own) - MOST_PER_USER + 1, 0)]:
            del self._cursors[oldest]
        cursor = Cursor(cursor_id, user_id, source, query, keys, batch, self._clock.now())
        self._cursors[cursor_id] = cursor
        return cursor

    def find(self, cursor_id: str, *, user_id: str) -> Cursor | None:
        """An open cursor of this user, in its 15- or 18-character form; None if it is unknown or too old."""
        cursor = next((c for c in self._cursors.values() if c.id[:15] == cursor_id[:15]), None)
        if cursor is None or cursor.user_id != user_id:
            return None
        if cursor.opened_at + self.lifetime <= self._clock.now():
            del self._cursors[cursor.id]
            return None
        return cursor
