"""Tables of the assets: folders, tokens, emails, segmentations. Times are wire times (`…Z`)."""

from __future__ import annotations

ASSET_TABLES = """
CREATE TABLE folders (                -- a parent is a folder or a program: their ids are separate series
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, description TEXT, parent_id INTEGER, parent_type TEXT,
    folder_type TEXT NOT NULL, is_system INTEGER NOT NULL DEFAULT 0, is_archive INTEGER NOT NULL DEFAULT 0,
    workspace TEXT NOT NULL DEFAULT 'Default', created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX folders_parent ON folders (parent_id, parent_type);
CREATE VIEW places AS                 -- folders, and programs, which hold things as folders do
    SELECT id, 'Folder' AS type, name, description, parent_id, parent_type, folder_type, is_system, is_archive,
        workspace, created_at, updated_at FROM folders
    UNION ALL SELECT id, 'Program', name, description, folder_id, folder_type, CASE type WHEN 'Email'
        THEN 'Email Batch Program' WHEN 'Engagement' THEN 'Nurture Program' WHEN 'Default' THEN 'Marketing Program'
        ELSE 'Marketing Event' END, 0, 0, workspace, created_at, updated_at FROM programs;
CREATE TABLE folder_tokens (          -- My Tokens
    id INTEGER PRIMARY KEY AUTOINCREMENT, folder_id INTEGER NOT NULL, folder_type TEXT NOT NULL, name TEXT NOT NULL,
    type TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (folder_id, folder_type, name));
CREATE TABLE emails (                 -- `status`: approved or draft
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, description TEXT, subject TEXT NOT NULL,
    from_name TEXT NOT NULL, from_email TEXT NOT NULL, reply_email TEXT NOT NULL, pre_header TEXT,
    operational INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL, template INTEGER, folder_id INTEGER NOT NULL,
    folder_type TEXT NOT NULL, workspace TEXT NOT NULL DEFAULT 'Default', created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL);
CREATE TABLE segmentations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, description TEXT, status TEXT NOT NULL,
    folder_id INTEGER NOT NULL, workspace TEXT NOT NULL DEFAULT 'Default', created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL);
CREATE TABLE segments (
    id INTEGER PRIMARY KEY AUTOINCREMENT, segmentation_id INTEGER NOT NULL, name TEXT NOT NULL, description TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
"""
