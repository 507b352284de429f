"""The tables of the event bus: the log, the schemas its events were written with, and the counters."""

from __future__ import annotations

EVENTS_SQL = """
CREATE TABLE "sim_event" (
    replay INTEGER PRIMARY KEY,
    entity TEXT NOT NULL,
    standard INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    schema_id TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX "sim_event.entity" ON "sim_event" (entity, replay);
CREATE INDEX "sim_event.committed" ON "sim_event" (committed);
CREATE TABLE "sim_event_schema" (id TEXT PRIMARY KEY, entity TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE "sim_event_counter" (
    replay INTEGER NOT NULL,
    expired INTEGER NOT NULL,
    transactions INTEGER NOT NULL,
    commit_number INTEGER NOT NULL
);
INSERT INTO "sim_event_counter" VALUES (1000000, 999999, 0, 1100000000000);
"""
"""`standard` is 1 for events of the objects selected for the standard channel. An event without an entity is a mark of
time: a place in the log that was told to a subscriber who had nothing to receive. `committed` is in epoch milliseconds.
`expired` is the highest place that is no longer retained."""
