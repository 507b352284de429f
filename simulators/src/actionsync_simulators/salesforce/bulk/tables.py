"""The tables of bulk jobs; whatever a job was given and has produced lies here, so that snapshots bring it back.

bulk_job: all jobs. `kind` is the job type of the API (V2Ingest, V2Query, Classic); moments are wire form, except
`queued_at` and `started_at` (seconds). `position` counts the rows that have been worked on.
chunk_size, start_row: how a Classic query is split into chunks, if it is.
bulk_batch: the batches of Classic jobs. `first_id` and `last_id` bound the rows of one chunk of a split query.
bulk_content: what belongs to a job or a batch (`owner`), in parts of whole rows: what was uploaded (one part), rows of
results. `ends` holds the end of every row within `data`, as unsigned 32-bit numbers.
"""

from __future__ import annotations

BULK_SQL = """
CREATE TABLE "bulk_job" (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    operation TEXT NOT NULL,
    object TEXT NOT NULL,
    query TEXT,
    external_id_field TEXT,
    assignment_rule TEXT,
    concurrency TEXT NOT NULL DEFAULT 'Parallel',
    content_type TEXT NOT NULL DEFAULT 'CSV',
    column_delimiter TEXT NOT NULL DEFAULT 'COMMA',
    line_ending TEXT NOT NULL DEFAULT 'LF',
    chunk_size INTEGER,
    start_row TEXT,
    version TEXT NOT NULL,
    user_id TEXT NOT NULL,
    client TEXT NOT NULL,
    allow_duplicates INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL,
    queued_at REAL,
    started_at REAL,
    position INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    total_ms INTEGER NOT NULL DEFAULT 0,
    error TEXT
);
CREATE INDEX "bulk_job.created_at" ON "bulk_job" (created_at);
CREATE TABLE "bulk_batch" (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT,
    first_id TEXT,
    last_id TEXT,
    result_id TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL,
    queued_at REAL NOT NULL,
    started_at REAL,
    position INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    total_ms INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX "bulk_batch.job" ON "bulk_batch" (job);
CREATE TABLE "bulk_content" (
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    part INTEGER NOT NULL,
    first_row INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    ends BLOB NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (owner, kind, part)
);
"""
