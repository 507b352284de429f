"""What writing a row needs to know of its object, worked out once: columns, defaults, required and unique fields."""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.schema import Access, Field, SObject
from actionsync_simulators.salesforce.state import Row

MOST_OBJECTS = 256
"""Objects remembered; the objects of a schema that has been replaced are forgotten after a while."""


@dataclass(frozen=True, slots=True)
class UniqueField:
    """A unique field, and the query for the live row other than ?2 that has the value ?1."""

    name: str
    other_row: str


@dataclass(frozen=True, slots=True)
class RowShape:
    """The rows of one object.

    empty: a new row before any value is given: the defaults, and Id and IsDeleted. required: the names of the fields
    without which no row is saved. longest: by the names of text fields, the length up to which any text will do (-1
    where its form matters too). as_target: the query for what a lookup asks of the row it points at (?1 its id).
    """

    empty: Row
    required: tuple[str, ...]
    longest: Mapping[str, int]
    unique: tuple[UniqueField, ...]
    as_target: str


@lru_cache(maxsize=MOST_OBJECTS)
def shape_of(sobject: SObject) -> RowShape:
    """The shape of an object's rows."""
    fields = sobject.stored_fields
    empty: Row = {field.name: _default(field) for field in fields}
    empty.setdefault("IsDeleted", 0)
    empty["Id"] = ""
    table = quoted(sobject.name)
    active = "IsActive" if "IsActive" in sobject.fields else "1"
    return RowShape(
        empty=empty,
        required=tuple(f.name for f in fields if not f.nillable and (f.createable or f.updateable)),
        longest={f.name: -1 if f.type == "email" else f.length for f in fields if f.is_text and f.length},
        unique=tuple(_unique(table, f) for f in fields if f.unique),
        as_target=f"SELECT IsDeleted, {active} AS IsActive FROM {table} WHERE Id = ?",
    )


@lru_cache(maxsize=MOST_OBJECTS)
def visible_fields(sobject: SObject, access: Access) -> Mapping[str, Field]:
    """The fields a user sees, by their names as they are and in lower case."""
    fields = access.fields(sobject)
    return {field.name.lower(): field for field in fields} | {field.name: field for field in fields}


@lru_cache(maxsize=MOST_OBJECTS)
def writable_fields(sobject: SObject, access: Access, *, creating: bool) -> frozenset[str]:
    """The names of the fields that a user may set on a new row, or change on one that is there."""
    return frozenset(
        field.name
        for field in sobject.fields.values()
        if (field.createable if creating else field.updateable) and access.editable(sobject.name, field.name)
    )


@lru_cache(maxsize=MOST_OBJECTS)
def insert_statement(object_name: str, columns: tuple[str, ...]) -> str:
    """The statement that stores a row with these columns."""
    names, marks = ", ".join(map(quoted, columns)), ", ".join("?" * len(columns))
    return f"INSERT INTO {quoted(object_name)} ({names}) VALUES ({marks})"


@lru_cache(maxsize=4 * MOST_OBJECTS)
def update_statement(object_name: str, columns: tuple[str, ...]) -> str:
    """The statement that stores new values of these columns in the row whose id comes last."""
    assignments = ", ".join(f"{quoted(name)} = ?" for name in columns)
    return f"UPDATE {quoted(object_name)} SET {assignments} WHERE Id = ?"


def _default(field: Field) -> str | int | float | None:
    return field.default if field.default is not None else field.default_picklist_value


def _unique(table: str, field: Field) -> UniqueField:
    other = f"SELECT Id FROM {table} WHERE {quoted(field.name)} = ? AND IsDeleted = 0 AND Id <> ?"
    return UniqueField(field.name, other)
