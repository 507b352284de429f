"""The event log: what was published, in order, for 72 hours of simulator time; and who is told of news.

Everything lies in the database, so that it is snapshotted, restored and rolled back with the rows.
"""

# ruff: noqa: S608 - what is put into SQL is made of question marks

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from actionsync_simulators.clock import Clock
from actionsync_simulators.database import Database

EXPIRE_EVERY = 60_000
"""Milliseconds of simulator time between two looks, while publishing, for what need not be retained any more."""
MARK_OF_TIME = ""
"""The entity of a place in the log that holds no event."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be published; `fields` are JSON. `standard`: its object is selected for all subscribers."""

    entity: str
    schema_id: str
    header: Mapping[str, Any]
    fields: bytes
    standard: bool = True


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """A published event. `header` and `fields` carry names and epoch milliseconds; `header` is empty for a platform
    event."""

    replay: int
    entity: str
    schema_id: str
    committed: int
    header: dict[str, Any]
    fields: dict[str, Any]

    @property
    def event_id(self) -> str:
        """A stable UUID of the event."""
        return str(UUID(bytes=hashlib.blake2b(f"event:{self.replay}".encode(), digest_size=16).digest()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events a subscriber receives: those of these entities, or (None) of every selected object."""

    entities: tuple[str, ...] | None
    standard_only: bool = True

    def condition(self) -> tuple[str, tuple[Any, ...]]:
        """The WHERE part that finds them."""
        standard = " AND standard = 1" if self.standard_only else ""
        if self.entities is None:
            return f"entity <> ''{standard}", ()
        marks = ",".join("?" * len(self.entities))
        return f"entity IN ({marks}){standard}", self.entities


class EventLog:
    """Appends and reads events. Replay ids grow and have gaps; one is told to clients as eight bytes."""

    def __init__(self, *, database: Database, clock: Clock, seed: int, retention: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._seed = seed
        self._retention = retention
        self._bells: set[asyncio.Event] = set()
        self._kept_schemas: set[str] = set()
        self._expired_at = 0

    # Writing

    def next_transaction(self) -> tuple[str, int]:
        """Begin a transaction of events: its key and its commit number."""
        row = self._database.row(
            'UPDATE "sim_event_counter" SET transactions = transactions + 1,'
            " commit_number = commit_number + 1 + transactions * 7919 % 251 RETURNING transactions, commit_number"
        )
        if row is None:
            raise RuntimeError("the event counters are missing")
        key = hashlib.blake2b(f"{self._seed}:transaction:{row[0]}".encode(), digest_size=16).hexdigest()
        return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}", row[1]

    def append(self, events: Iterable[NewEvent]) -> list[int]:
        """Publish events in this order and wake every subscriber; returns their replay ids."""
        now = self.now()
        if now > self._expired_at + EXPIRE_EVERY:
            self.expire()
        replays: list[int] = []
        last = self.newest
        rows = []
        for event in events:
            last += _gap(last)
            body = b'{"header":%b,"fields":%b}' % (orjson.dumps(event.header), event.fields)
            rows.append((last, event.entity, int(event.standard), now, event.schema_id, body))
            replays.append(last)
        self._database.executemany('INSERT INTO "sim_event" VALUES (?, ?, ?, ?, ?, ?)', rows)
        self._database.execute('UPDATE "sim_event_counter" SET replay = ?', (last,))
        self.ring()
        return replays

    def keep_schema(self, schema_id: str, entity: str, text: str) -> None:
        """Remember a schema for as long as the org lives."""
        if schema_id in self._kept_schemas:
            return
        self._kept_schemas.add(schema_id)
        self._database.execute('INSERT OR IGNORE INTO "sim_event_schema" VALUES (?, ?, ?)', (schema_id, entity, text))

    def reload(self) -> None:
        """Forget what is known of the database: it has been restored or rolled back."""
        self._kept_schemas.clear()
        self._expired_at = 0

    def schema(self, schema_id: str) -> str | None:
        """The text of a schema that was used or shown before."""
        text: str | None = self._database.value('SELECT text FROM "sim_event_schema" WHERE id = ?', (schema_id,))
        return text

    def schema_entity(self, schema_id: str) -> str | None:
        """What a schema describes."""
        entity: str | None = self._database.value('SELECT entity FROM "sim_event_schema" WHERE id = ?', (schema_id,))
        return entity

    # Reading

    @property
    def newest(self) -> int:
        """The highest replay id given out so far."""
        return int(self._database.value('SELECT replay FROM "sim_event_counter"'))

    @property
    def expired(self) -> int:
        """The highest replay id that is no longer retained."""
        return int(self._database.value('SELECT expired FROM "sim_event_counter"'))

    def read(self, after: int, wanted: Wanted, *, limit: int) -> list[LoggedEvent]:
        """The next events after a replay id."""
        condition, params = wanted.condition()
        rows = self._database.rows(
            f'SELECT replay, entity, schema_id, committed, body FROM "sim_event" WHERE {condition} AND replay > ?'
            " ORDER BY replay LIMIT ?",
            (*params, after, limit),
        )
        events = []
        for row in rows:
            body = orjson.loads(row["body"])
            events.append(
                LoggedEvent(
                    row["replay"], row["entity"], row["schema_id"], row["committed"], body["header"], body["fields"]
                )
            )
        return events

    def retains(self, replay: int) -> bool:
        """Whether a subscription may go on from this replay id without missing anything."""
        self.expire()
        return self.expired < replay <= self.newest

    def mark_time(self) -> int:
        """A replay id of now for a subscriber who has nothing to receive, so that what it keeps does not grow old."""
        self.expire()
        newest, now = self.newest, self.now()
        row = self._database.row('SELECT committed FROM "sim_event" WHERE replay = ?', (newest,))
        if row is not None and row["committed"] == now:
            return newest
        place = newest + _gap(newest)
        self._database.execute('INSERT INTO "sim_event" VALUES (?, ?, 0, ?, ?, ?)', (place, MARK_OF_TIME, now, "", b""))
        self._database.execute('UPDATE "sim_event_counter" SET replay = ?', (place,))
        return place

    def expire(self) -> None:
        """Forget what is older than the retention."""
        self._expired_at = self.now()
        oldest = self._database.row('SELECT committed FROM "sim_event" ORDER BY replay LIMIT 1')
        limit = self.now() - self._retention // timedelta(milliseconds=1)
        if oldest is None or oldest["committed"] > limit:
            return
        highest = self._database.value('SELECT max(replay) FROM "sim_event" WHERE committed <= ?', (limit,))
        self.forget_up_to(highest)

    def forget_up_to(self, replay: int) -> None:
        """Forget everything up to a replay id, as if its time had come."""
        self._database.execute('DELETE FROM "sim_event" WHERE replay <= ?', (replay,))
        self._database.execute('UPDATE "sim_event_counter" SET expired = max(expired, ?)', (replay,))

    def counts(self) -> dict[str, int]:
        """How many retained events there are of each entity."""
        rows = self._database.rows(
            "SELECT entity, count(*) AS events FROM \"sim_event\" WHERE entity <> '' GROUP BY entity ORDER BY entity"
        )
        return {row["entity"]: row["events"] for row in rows}

    def now(self) -> int:
        """The present in epoch milliseconds."""
        return (self._clock.now() - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    # News

    def listen(self, bell: asyncio.Event) -> None:
        """Set this event whenever there is news."""
        self._bells.add(bell)

    def ignore(self, bell: asyncio.Event) -> None:
        """Stop that."""
        self._bells.discard(bell)

    def ring(self) -> None:
        """Tell everybody who listens to look again."""
        for bell in self._bells:
            bell.set()


def replay_bytes(replay: int) -> bytes:
    """A replay id as clients keep it."""
    return replay.to_bytes(8, "big")


def replay_number(given: bytes) -> int | None:
    """The replay id behind these bytes; None when they cannot be one."""
    return int.from_bytes(given, "big") if len(given) == 8 else None


def _gap(last: int) -> int:
    """How far the next replay id is from the last one: nobody shall count on them being neighbours."""
    return 1 + (last * 40_503 >> 7) % 5
