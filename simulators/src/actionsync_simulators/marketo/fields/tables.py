"""Tables of the lead fields. The standard fields themselves follow from the switches."""

from __future__ import annotations

FIELD_TABLES = """
CREATE TABLE lead_fields (            -- custom fields; each has a column in `leads`
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, data_type TEXT NOT NULL,
    length INTEGER, crm_managed INTEGER NOT NULL);
CREATE TABLE lead_field_settings (    -- of any field, where they are not the usual ones
    name TEXT PRIMARY KEY, description TEXT, hidden INTEGER NOT NULL, html_encoded INTEGER NOT NULL,
    sensitive INTEGER NOT NULL, api_created INTEGER NOT NULL) WITHOUT ROWID;
"""
