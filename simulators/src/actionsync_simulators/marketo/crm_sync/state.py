"""How far the sync has come, kept in Marketo's database so that reset, snapshot and restore bring it along."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from actionsync_simulators.database import Database

OBJECTS = ("Lead", "Contact", "Account", "Opportunity", "OpportunityContactRole")

_TABLE = "CREATE TABLE IF NOT EXISTS crm_sync_state (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"


class StateReplaced(Exception):
    """The state was reset or restored while a cycle was under way: what the cycle knows is no longer true."""


@dataclass(slots=True)
class SyncState:
    """How far it has come.

    `watermarks` hold for each object the second from which it is read next, `cursor` is the place in the opt-out
    changes made in Marketo, `pending` are those of them that Salesforce does not have yet. `stamp` counts savings.
    """

    watermarks: dict[str, datetime]
    cursor: int
    pending: dict[int, bool] = field(default_factory=dict)
    stamp: int = 0


class StateStore:
    """Loads and saves the state. In a database that has none yet, everything begins at `start` and `cursor`."""

    def __init__(self, database: Database, *, start: datetime, cursor: int) -> None:
        self._database = database
        self._start = start.replace(microsecond=0)
        self._cursor = cursor

    def load(self) -> SyncState:
        """Return the state as it was saved last, or the initial one."""
        saved = self._saved()
        if saved is None:
            return SyncState(dict.fromkeys(OBJECTS, self._start), self._cursor)
        return SyncState(
            {name: datetime.fromisoformat(text) for name, text in saved["watermarks"].items()},
            saved["cursor"],
            {int(lead_id): flag for lead_id, flag in saved["pending"].items()},
            saved["stamp"],
        )

    def save(self, state: SyncState) -> None:
        """Keep the state; part of the caller's transaction.

        Raises StateReplaced when another one was put in its place since it was loaded or saved last.
        """
        saved = self._saved()
        if (0 if saved is None else saved["stamp"]) != state.stamp:
            raise StateReplaced("the state of the sync was reset or restored under way")
        state.stamp += 1
        value = {
            "watermarks": {name: moment.isoformat() for name, moment in state.watermarks.items()},
            "cursor": state.cursor,
            "pending": {str(lead_id): flag for lead_id, flag in state.pending.items()},
            "stamp": state.stamp,
        }
        self._database.execute(
            "INSERT INTO crm_sync_state VALUES ('state', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (orjson.dumps(value),),
        )

    def _saved(self) -> dict[str, Any] | None:
        self._database.execute(_TABLE)
        value = self._database.value("SELECT value FROM crm_sync_state WHERE name = 'state'")
        saved: dict[str, Any] | None = None if value is None else orjson.loads(value)
        return saved
