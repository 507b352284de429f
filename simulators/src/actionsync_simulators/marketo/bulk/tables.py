"""Tables of bulk jobs. Times are epoch seconds of the simulator's clock."""

from __future__ import annotations

BULK_TABLES = """
CREATE TABLE export_jobs (            -- `unseen`: no poll has seen it since it was enqueued
    id TEXT PRIMARY KEY, sequence INTEGER NOT NULL UNIQUE, object TEXT NOT NULL, user TEXT NOT NULL,
    request TEXT NOT NULL, format TEXT NOT NULL, status TEXT NOT NULL, unseen INTEGER NOT NULL DEFAULT 0,
    created_at REAL NOT NULL, queued_at REAL, started_at REAL, finished_at REAL, row_count INTEGER, size INTEGER,
    checksum TEXT, error TEXT);
CREATE TABLE import_jobs (            -- `content` is there until the job is finished; `position`: records read so far
    id INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL, list_id INTEGER, content BLOB, charset TEXT,
    status TEXT NOT NULL, unseen INTEGER NOT NULL DEFAULT 1, created_at REAL NOT NULL, queued_at REAL NOT NULL,
    started_at REAL, finished_at REAL, position INTEGER NOT NULL DEFAULT 0, imported INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, warned INTEGER NOT NULL DEFAULT 0, members INTEGER NOT NULL DEFAULT 0,
    message TEXT);
INSERT INTO sqlite_sequence (name, seq) VALUES ('import_jobs', 1000);
CREATE TABLE import_remarks (         -- lines of the failures and warnings files, in order
    id INTEGER PRIMARY KEY, batch_id INTEGER NOT NULL, kind TEXT NOT NULL, line TEXT NOT NULL);
CREATE INDEX import_remarks_batch ON import_remarks (batch_id, kind, id);
"""
