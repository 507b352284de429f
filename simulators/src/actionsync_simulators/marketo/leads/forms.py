"""Forms that people can submit through the API: which fields they have and which program they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from actionsync_simulators.marketo.assets.seeding import CONTACT_US, NEWSLETTER
from actionsync_simulators.marketo.gateway.errors import ApiError

if TYPE_CHECKING:
    from actionsync_simulators.database import Database

FORM_TABLES = """
CREATE TABLE forms (                  -- `fields`: a JSON list of REST names; `name` with the program's before it
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, program_id INTEGER, fields TEXT NOT NULL);
"""
_PERSON = (
    "salutation firstName lastName email phone mobilePhone title department company website industry address city state"
    " country postalCode leadSource numberOfEmployees unsubscribed"
)
_FORMS = (
    (1022, "Contact Us.Contact Form", CONTACT_US, _PERSON),
    (1023, "Monthly Newsletter.Sign-up", NEWSLETTER, "email firstName lastName unsubscribed"),
    (1024, "Global Form", None, _PERSON),
)


@dataclass(frozen=True, slots=True)
class Form:
    """One form; `program_id` is the program that it sits in, None for a global one."""

    id: int
    name: str
    program_id: int | None
    fields: frozenset[str]


def seed_forms(database: Database) -> None:
    """Add the forms of the seed."""
    database.executemany(
        "INSERT INTO forms VALUES (?, ?, ?, ?)",
        [
            (form_id, name, program_id, orjson.dumps(fields.split()).decode())
            for form_id, name, program_id, fields in _FORMS
        ],
    )


def find_form(database: Database, form_id: int) -> Form:
    """Return a form; 1013 when there is none."""
    row = database.row("SELECT * FROM forms WHERE id = ?", (form_id,))
    if row is None:
        raise ApiError("1013", f"Form {form_id} not found")
    return Form(row["id"], row["name"], row["program_id"], frozenset(orjson.loads(row["fields"])))
