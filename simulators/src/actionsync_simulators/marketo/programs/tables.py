"""Tables of programs and their members. Times are wire times (`…Z`)."""

from __future__ import annotations

PROGRAM_TABLES = """
CREATE TABLE channels (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, applicable_program_type TEXT NOT NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE progression_statuses (   -- what a member of a program of this channel can be, in the order of steps
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel_id INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE,
    step INTEGER NOT NULL, success INTEGER NOT NULL, UNIQUE (channel_id, name));
CREATE TABLE tag_types (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, applicable_types TEXT NOT NULL,
    required INTEGER NOT NULL, allowed_values TEXT NOT NULL);
CREATE TABLE programs (               -- `tags` and `costs` are JSON lists; `status` is empty for most types
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE COLLATE NOCASE, description TEXT,
    type TEXT NOT NULL, channel TEXT NOT NULL, status TEXT NOT NULL DEFAULT '', folder_id INTEGER NOT NULL,
    folder_type TEXT NOT NULL, start_date TEXT, end_date TEXT, head_start INTEGER NOT NULL DEFAULT 0, tags TEXT,
    costs TEXT, workspace TEXT NOT NULL DEFAULT 'Default', created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
INSERT INTO sqlite_sequence (name, seq) VALUES ('programs', 1000);
CREATE TABLE program_members (        -- one row per lead and program; `status` by name
    id INTEGER PRIMARY KEY AUTOINCREMENT, program_id INTEGER NOT NULL, lead_id INTEGER NOT NULL, status TEXT NOT NULL,
    acquired_by INTEGER NOT NULL DEFAULT 0, reached_success INTEGER NOT NULL DEFAULT 0, reached_success_at TEXT,
    membership_date TEXT NOT NULL, is_exhausted INTEGER NOT NULL DEFAULT 0, nurture_cadence TEXT, track_name TEXT,
    status_reason TEXT, registration_code TEXT, webinar_url TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE UNIQUE INDEX program_members_program ON program_members (program_id, lead_id);
CREATE INDEX program_members_lead ON program_members (lead_id, program_id);
CREATE INDEX program_members_updated ON program_members (program_id, updated_at);
"""
