"""Tables of smart campaigns: what they are, who has been through them, and the runs that are due."""

from __future__ import annotations

CAMPAIGN_TABLES = """
CREATE TABLE campaigns (              -- `trigger`, `audience`, `flow`: JSON, see campaigns/flow.py
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, description TEXT, type TEXT NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 0, has_run INTEGER NOT NULL DEFAULT 0, is_system INTEGER NOT NULL DEFAULT 0,
    qualification TEXT NOT NULL DEFAULT 'any', communication_limit INTEGER NOT NULL DEFAULT 1,
    folder_id INTEGER NOT NULL, folder_type TEXT NOT NULL, program_id INTEGER, trigger TEXT, audience TEXT,
    flow TEXT NOT NULL, smart_list_id INTEGER NOT NULL, flow_id INTEGER NOT NULL,
    workspace TEXT NOT NULL DEFAULT 'Default', created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
INSERT INTO sqlite_sequence (name, seq) VALUES ('campaigns', 1000);
CREATE INDEX campaigns_program ON campaigns (program_id);
CREATE TABLE campaign_members (       -- people that a campaign's flow has begun on
    campaign_id INTEGER NOT NULL, lead_id INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    PRIMARY KEY (lead_id, campaign_id)) WITHOUT ROWID;
CREATE INDEX campaign_members_campaign ON campaign_members (campaign_id, lead_id);
CREATE TABLE campaign_runs (          -- scheduled runs; times in epoch seconds, `leads`: how many it took
    id INTEGER PRIMARY KEY AUTOINCREMENT, campaign_id INTEGER NOT NULL, run_at REAL NOT NULL, tokens TEXT NOT NULL,
    requested_at REAL NOT NULL, done_at REAL, leads INTEGER);
CREATE INDEX campaign_runs_due ON campaign_runs (run_at) WHERE done_at IS NULL;
CREATE TABLE program_clones (         -- clones made by scheduling with cloneToProgramName, for their daily limit
    day TEXT NOT NULL, program_id INTEGER NOT NULL);
"""
