"""Custom lead fields in the database, and the settings of all fields that describe does not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from actionsync_simulators.marketo.fields.catalogue import STRING_TYPES, LeadField
from actionsync_simulators.marketo.fields.standard import COMPANY_FIELDS, FIRST_CUSTOM_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from actionsync_simulators.database import Database

LENGTHS = {"string": 255, "email": 255, "phone": 255, "url": 255}
"""Length of a custom field by data type; other types have none."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an administrator sets on a field besides its name and type."""

    description: str | None
    hidden: bool
    html_encoded: bool
    sensitive: bool
    api_created: bool = False


def custom_fields(database: Database) -> list[LeadField]:
    """Return the custom fields of a subscription in attribute-id order."""
    return [
        LeadField(
            row["id"],
            row["name"],
            row["display_name"],
            row["data_type"],
            row["length"],
            crm_managed=bool(row["crm_managed"]),
            custom=True,
            hidden=bool(row["hidden"]),
        )
        for row in database.rows(
            "SELECT lead_fields.*, hidden FROM lead_fields LEFT JOIN lead_field_settings USING (name) ORDER BY id"
        )
    ]


def usual_settings(field: LeadField) -> Settings:
    """Return the settings of a field that nobody has changed: personal data of standard fields are sensitive."""
    personal = not (field.custom or field.read_only or field.name in COMPANY_FIELDS)
    return Settings(None, field.hidden, field.data_type in STRING_TYPES, personal)


def settings_of(database: Database, field: LeadField) -> Settings:
    """Return the settings of a field."""
    row = database.row("SELECT * FROM lead_field_settings WHERE name = ?", (field.name,))
    if row is None:
        return usual_settings(field)
    return Settings(
        row["description"],
        bool(row["hidden"]),
        bool(row["html_encoded"]),
        bool(row["sensitive"]),
        bool(row["api_created"]),
    )


def save_settings(database: Database, name: str, settings: Settings) -> None:
    """Write the settings of a field."""
    database.execute(
        "INSERT OR REPLACE INTO lead_field_settings VALUES (?, ?, ?, ?, ?, ?)",
        (
            name,
            settings.description,
            settings.hidden,
            settings.html_encoded,
            settings.sensitive,
            settings.api_created,
        ),
    )


def add_field(
    database: Database, name: str, display_name: str, data_type: str, *, index: Callable[[str], str]
) -> LeadField:
    """Add a custom field with its column; one that leads are found by gets the index whose SQL `index` returns."""
    last = database.value("SELECT max(id) FROM lead_fields") or FIRST_CUSTOM_ID - 1
    length = LENGTHS.get(data_type)
    field = LeadField(last + 1, name, display_name, data_type, length, custom=True)
    database.execute(
        "INSERT INTO lead_fields VALUES (?, ?, ?, ?, ?, 0)", (field.id, name, display_name, data_type, length)
    )
    database.execute(f"ALTER TABLE leads ADD COLUMN {field.column} {field.sql_type}")
    if field.searchable:
        database.execute(index(name))
    return field


def made_by_api(database: Database) -> int:
    """Return how many fields the API has created."""
    return int(database.value("SELECT count(*) FROM lead_field_settings WHERE api_created"))
