"""The tables of one simulated subscription."""

from __future__ import annotations

from collections.abc import Sequence

from actionsync_simulators.database import Database
from actionsync_simulators.marketo.assets.tables import ASSET_TABLES
from actionsync_simulators.marketo.bulk.tables import BULK_TABLES
from actionsync_simulators.marketo.campaigns.tables import CAMPAIGN_TABLES
from actionsync_simulators.marketo.crm_objects.tables import CRM_OBJECT_TABLES
from actionsync_simulators.marketo.fields.catalogue import CRM_ID_FIELDS, LeadField
from actionsync_simulators.marketo.fields.tables import FIELD_TABLES
from actionsync_simulators.marketo.leads.forms import FORM_TABLES
from actionsync_simulators.marketo.programs.tables import PROGRAM_TABLES
from actionsync_simulators.marketo.smart_lists.tables import SMART_LIST_TABLES

SCHEMA = """
CREATE TABLE lead_cookies (cookie TEXT PRIMARY KEY, lead_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX lead_cookies_lead ON lead_cookies (lead_id);
CREATE TABLE lead_stale (             -- what reads still show of a changed lead (switch read_lag)
    lead_id INTEGER PRIMARY KEY, until REAL NOT NULL, old_values TEXT NOT NULL);
CREATE TABLE partitions (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, description TEXT);

CREATE TABLE static_lists (           -- `program_name`: of the program that it sits in, at any depth
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, description TEXT, program_name TEXT,
    workspace_id INTEGER NOT NULL DEFAULT 1, workspace_name TEXT NOT NULL DEFAULT 'Default', created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL, folder_id INTEGER NOT NULL, folder_type TEXT NOT NULL);
INSERT INTO sqlite_sequence (name, seq) VALUES ('static_lists', 1000);
CREATE TABLE list_members (
    list_id INTEGER NOT NULL, lead_id INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    PRIMARY KEY (list_id, lead_id)) WITHOUT ROWID;
CREATE INDEX list_members_lead ON list_members (lead_id, list_id);

CREATE TABLE activity_types (         -- native types; `attributes` is a JSON list of [name, dataType]
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL, primary_name TEXT, primary_type TEXT,
    attributes TEXT NOT NULL);
CREATE TABLE custom_types (           -- `approved` and `draft` are JSON definitions; at least one is there
    id INTEGER PRIMARY KEY AUTOINCREMENT, api_name TEXT NOT NULL UNIQUE COLLATE NOCASE, approved TEXT, draft TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
INSERT INTO sqlite_sequence (name, seq) VALUES ('custom_types', 100000);
CREATE TABLE activities (             -- `at`: epoch seconds; `asset*`: primary attribute; hidden until `visible_at`
    id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL, at INTEGER NOT NULL, type_id INTEGER NOT NULL,
    campaign_id INTEGER, asset_id INTEGER, asset BLOB, attributes TEXT, visible_at REAL);
CREATE INDEX activities_type ON activities (type_id, at);
CREATE INDEX activities_lead ON activities (lead_id, at);
CREATE INDEX activities_at ON activities (at);
CREATE INDEX activities_unsubscribed ON activities (id) WHERE type_id = 13 AND asset_id = 79;
"""


def open_database(fields: Sequence[LeadField]) -> Database:
    """Return the empty database of a subscription with these lead fields."""
    parts = (
        SCHEMA,
        FIELD_TABLES,
        BULK_TABLES,
        ASSET_TABLES,
        PROGRAM_TABLES,
        CAMPAIGN_TABLES,
        SMART_LIST_TABLES,
        CRM_OBJECT_TABLES,
        FORM_TABLES,
    )
    return Database("".join(parts) + leads_table(fields))


def leads_table(fields: Sequence[LeadField]) -> str:
    """Return the SQL of the wide lead table: one column per field, named as in REST, and the hidden `changed at`.

    Ids are never reused, deleted or merged leads leave the table.
    """
    columns = ['"id" INTEGER PRIMARY KEY AUTOINCREMENT']
    columns += [f"{one.column} {one.sql_type}" for one in fields if one.name not in ("id", "cookies")]
    # Time of the last change of any field, which the export filter `updatedAt` looks at.
    columns.append('"changed at" TEXT NOT NULL')
    indexes = [
        'CREATE INDEX leads_email ON leads ("email") WHERE "email" IS NOT NULL',
        'CREATE INDEX leads_created ON leads ("createdAt")',
        'CREATE INDEX leads_changed ON leads ("changed at")',
    ]
    names = {one.name for one in fields}
    indexes += [
        crm_index(name)
        for name in ("sfdcContactId", "sfdcLeadId", "sfdcAccountId", "sfdcOpptyId", "sfdcLeadOwnerId")
        if name in names
    ]
    indexes += [
        search_index(name)
        for name in ("facebookId", "twitterId", "linkedInId", "externalSalesPersonId", "externalCompanyId")
        if name in names
    ]
    return f"CREATE TABLE leads ({', '.join(columns)});\n" + "".join(f"{index};\n" for index in indexes)


def search_index(name: str) -> str:
    """Return the SQL of the index for a field that filters leads; most leads have it empty."""
    return f'CREATE INDEX "leads {name}" ON leads ("{name}") WHERE "{name}" IS NOT NULL'


def crm_index(name: str) -> str:
    """Return the SQL of the index for a Salesforce id, which is compared on its first 15 characters."""
    if name not in CRM_ID_FIELDS:
        raise ValueError(f"{name} is not a Salesforce id")
    return f'CREATE INDEX "leads {name}" ON leads (substr("{name}", 1, 15)) WHERE "{name}" IS NOT NULL'
