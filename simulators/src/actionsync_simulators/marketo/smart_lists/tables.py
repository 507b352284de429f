"""Table of smart lists. Times are wire times (`…Z`); `definition` is the JSON of a checked definition."""

from __future__ import annotations

SMART_LIST_TABLES = """
CREATE TABLE smart_lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE, description TEXT,
    folder_id INTEGER NOT NULL, folder_type TEXT NOT NULL, workspace TEXT NOT NULL DEFAULT 'Default',
    definition TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
INSERT INTO sqlite_sequence (name, seq) VALUES ('smart_lists', 2000);
"""
