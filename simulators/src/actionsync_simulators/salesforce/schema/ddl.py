"""The tables behind a schema.

One SQLite table per object, named as the object; one column per stored field, named as the field. Names must
be quoted in SQL ("Group" is a word of the language). Values lie there in wire form:

* id, reference: 18 characters, or NULL
* boolean: 0 or 1 · int: INTEGER · double, currency, percent: REAL
* date: ``YYYY-MM-DD`` · datetime: ``YYYY-MM-DDTHH:MM:SS.mmm+0000``, always UTC, so text order is time order
* text: as it is; NULL, never the empty string. Text columns collate NOCASE,
  except case-sensitive ones and ids

Every table has ``IsDeleted``, also where the object shows no such field.
"""

from __future__ import annotations

from collections.abc import Iterator

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.schema.model import NUMBER_TYPES, Field, Schema, SObject

INDEXED_NAMES = frozenset({"Email", "SystemModstamp", "Username", "DeveloperName"})


def column(field: Field) -> str:
    """The column definition of a stored field."""
    if field.type == "id":
        return f"{quoted(field.name)} TEXT PRIMARY KEY NOT NULL"
    if field.type in ("boolean", "int"):
        return f"{quoted(field.name)} INTEGER"
    if field.type in NUMBER_TYPES:
        return f"{quoted(field.name)} REAL"
    nocase = " COLLATE NOCASE" if field.is_text and not field.case_sensitive else ""
    return f"{quoted(field.name)} TEXT{nocase}"


def needs_index(field: Field) -> bool:
    """Whether rows are looked up by this field: lookups, e-mail addresses, external ids, the modstamp."""
    if field.name in ("CreatedById", "LastModifiedById"):
        return False
    return field.type == "reference" or field.external_id or field.unique or field.name in INDEXED_NAMES


def index(sobject: SObject, field: Field) -> str:
    """The statement that makes the index of one field (only rows that have a value)."""
    name = quoted(f"{sobject.name}.{field.name}")
    return (
        f"CREATE INDEX {name} ON {quoted(sobject.name)} ({quoted(field.name)}) WHERE {quoted(field.name)} IS NOT NULL"
    )


def object_statements(sobject: SObject) -> Iterator[str]:
    """The statements that make the table of one object and its indexes."""
    columns = [column(f) for f in sobject.stored_fields]
    if "IsDeleted" not in sobject.fields:
        columns.append('"IsDeleted" INTEGER NOT NULL DEFAULT 0')
    yield f"CREATE TABLE {quoted(sobject.name)} ({', '.join(columns)})"
    for field in sobject.stored_fields:
        if needs_index(field):
            yield index(sobject, field)


def schema_sql(schema: Schema) -> str:
    """The whole schema as one script."""
    return ";\n".join(statement for sobject in schema for statement in object_statements(sobject)) + ";\n"


def add_column_statements(sobject: SObject, field: Field) -> Iterator[str]:
    """The statements that add one field to an existing table, filled with its default."""
    definition = column(field)
    if field.default is not None:
        literal = str(field.default).replace("'", "''")
        definition += f" DEFAULT '{literal}'" if isinstance(field.default, str) else f" DEFAULT {literal}"
    yield f"ALTER TABLE {quoted(sobject.name)} ADD COLUMN {definition}"
    if needs_index(field):
        yield index(sobject, field)
