"""What one kind of object is: its fields, its keys, its table, and what its own rules add to the common ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.fields.catalogue import column_type
from actionsync_simulators.marketo.fields.values import to_json

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.activities.record import Origin
    from actionsync_simulators.marketo.subscription import Subscription

STAMPS = ("createdAt", "updatedAt")
GUID = "marketoGUID"
ROW = "row"
"""Name of the hidden integer key of objects that are known by GUID: pages and activities go by it."""


@dataclass(frozen=True, slots=True)
class ObjectField:
    """One field. Keys and time stamps are not `updateable`: nothing changes them once the record is there."""

    name: str
    data_type: str
    length: int | None = None
    display_name: str = ""
    updateable: bool = True
    column: str = field(init=False)
    """The quoted SQL column."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", f'"{self.name}"')

    def describe(self) -> dict[str, Any]:
        """Return the row of describe."""
        row: dict[str, Any] = {"name": self.name, "displayName": self.display_name, "dataType": self.data_type}
        if self.length is not None:
            row["length"] = self.length
        return row | {"updateable": self.updateable}


class Rules:
    """What a kind of object adds to the common rules. These defaults add nothing.

    The checks are for the public API; what follows from a change follows whoever made it.
    """

    def check(self, site: Subscription, values: Mapping[str, Any], old: sqlite3.Row | None) -> None:
        """Refuse a record (ApiError) before it is written; `old` is the record as it stands, None for a new one."""

    def created(self, site: Subscription, new: sqlite3.Row, *, origin: Origin) -> None:
        """Do what follows from a new record."""

    def updated(self, site: Subscription, *, old: sqlite3.Row, new: sqlite3.Row, origin: Origin) -> None:
        """Do what follows from a record that has changed."""

    def check_delete(self, site: Subscription, old: sqlite3.Row) -> None:
        """Refuse (ApiError) that a record is deleted."""

    def deleted(self, site: Subscription, old: sqlite3.Row, *, origin: Origin) -> None:
        """Do what follows from a record that is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectKind:
    """One kind of object."""

    name: str
    """As describe names it."""
    about: Mapping[str, str]
    """Further members of describe."""
    table: str
    api_method: str
    """What activities call the API call that wrote."""
    id_field: str
    dedupe_fields: tuple[str, ...]
    searchable: tuple[tuple[str, ...], ...]
    fields: Mapping[str, ObjectField]
    rules: Rules
    needed: tuple[str, ...] = ()
    """Fields that may not be empty, besides the keys."""
    shows_all: bool = False
    """Whether a query without `fields` shows every field that has a value, not only keys and time stamps."""

    @property
    def row_key(self) -> str:
        """The quoted integer column that orders the records."""
        return f'"{ROW}"' if self.id_field == GUID else f'"{self.id_field}"'

    def shown_by_default(self) -> list[str]:
        """Return the names of the fields that a query without `fields` shows."""
        return list(self.fields) if self.shows_all else [self.id_field, *self.dedupe_fields, *reversed(STAMPS)]

    def by_any_case(self, name: str) -> ObjectField | None:
        """Return a field by its name in any case: the documentation itself writes `marketoGuid`."""
        exact = self.fields.get(name)
        if exact is not None:
            return exact
        wanted = name.casefold()
        return next((one for one in self.fields.values() if one.name.casefold() == wanted), None)

    def find(self, site: Subscription, keys: Mapping[str, Any]) -> sqlite3.Row | None:
        """Return the stored record with these values of its key fields, or None."""
        condition = " AND ".join(f"{self.fields[name].column} = ?" for name in keys)
        return site.database.row(f"SELECT * FROM {self.table} WHERE {condition}", tuple(keys.values()))  # noqa: S608

    def changes(self, old: sqlite3.Row, new: sqlite3.Row) -> list[ObjectField]:
        """Return the fields whose values differ, time stamps left out."""
        return [
            one
            for one in self.fields.values()
            if one.name not in STAMPS and to_json(one, old[one.name]) != to_json(one, new[one.name])
        ]


def fields_of(lines: Iterable[str]) -> dict[str, ObjectField]:
    """Read fields from lines: name, data type with length, `key` when it never changes or `-`, display name."""
    fields = {}
    for line in lines:
        name, kind, flag, label = line.split(maxsplit=3)
        data_type = kind.rstrip("0123456789")
        length = kind[len(data_type) :]
        fields[name] = ObjectField(name, data_type, int(length) if length else None, label, flag == "-")
    return fields


def table_of(kind: ObjectKind) -> str:
    """Return the SQL of the table of a kind: a column per field, named as in REST, and an index per search key."""
    key = f'"{kind.id_field}"'
    columns = [f"{kind.row_key} INTEGER PRIMARY KEY AUTOINCREMENT"]
    if kind.id_field == GUID:
        columns.append(f"{key} TEXT COLLATE NOCASE UNIQUE")
    columns += [
        f"{one.column} {column_type(one.data_type)}" for one in kind.fields.values() if one.name != kind.id_field
    ]
    dedupe = ", ".join(f'"{name}"' for name in kind.dedupe_fields)
    statements = [
        f"CREATE TABLE {kind.table} ({', '.join(columns)})",
        f"CREATE UNIQUE INDEX {kind.table}_key ON {kind.table} ({dedupe})",
    ]
    keyed = (kind.id_field, kind.dedupe_fields[0])
    statements += [
        f'CREATE INDEX {kind.table}_{names[0]} ON {kind.table} ("{names[0]}")'
        for names in kind.searchable
        if len(names) == 1 and names[0] not in keyed
    ]
    return "".join(f"{statement};\n" for statement in statements)
