"""How the rows of one object become the fields of its change events: which column goes where, and in what form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from actionsync_simulators.salesforce.events.event_schema import (
    ADDRESS_PARTS,
    NAME_PARTS,
    change_event_schema,
    schema_id_of,
    schema_text,
)
from actionsync_simulators.salesforce.gateway.times import parse_wire
from actionsync_simulators.salesforce.schema import SObject

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.state import Row

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a row and its place in the event: a field, or a part of a compound field."""

    column: str
    kind: str
    field: str
    part: str | None = None

    @property
    def name(self) -> str:
        """The name by which the header speaks of it: `Subject`, or `Name.FirstName`."""
        return self.field if self.part is None else f"{self.field}.{self.part}"

    def value(self, stored: Any) -> Any:
        """The stored value in the form events carry: moments and days are epoch milliseconds."""
        if stored is None:
            return None
        if self.kind == "boolean":
            return bool(stored)
        if self.kind in ("datetime", "date"):
            return milliseconds_of(stored)
        return stored


@dataclass(frozen=True, slots=True)
class Shape:
    """The change event of an object as the object is now."""

    entity: str
    schema_id: str
    schema_text: str
    columns: tuple[Column, ...]

    def values(self, row: Row, *, false_too: bool) -> dict[str, Any]:
        """Everything that has a value; booleans that are false only when `false_too`."""
        found: dict[str, Any] = {}
        for column in self.columns:
            stored = row[column.column]
            # Most columns of most rows are empty: nothing more is asked of those.
            if stored is None or (stored == 0 and column.kind == "boolean" and not false_too):
                continue
            _put(found, column, column.value(stored))
        return found

    def changes(self, before: Row, after: Row) -> Changed:
        """What is different, apart from when and by whom."""
        columns = [c for c in self.columns if before[c.column] != after[c.column]]
        return Changed.of(columns, after)

    def named(self, names: Iterable[str]) -> list[Column]:
        """The columns of these header names."""
        wanted = set(names)
        return [column for column in self.columns if column.name in wanted]


@dataclass(frozen=True, slots=True)
class Changed:
    """The changed part of a row: values by event field, and header names of what changed and what became null."""

    fields: Mapping[str, Any]
    changed: tuple[str, ...]
    nulled: tuple[str, ...]

    @classmethod
    def of(cls, columns: Iterable[Column], row: Row) -> Changed:
        """Take these columns of a row."""
        fields: dict[str, Any] = {}
        changed: list[str] = []
        nulled: list[str] = []
        for column in columns:
            value = column.value(row[column.column])
            changed.append(column.name)
            if value is None:
                nulled.append(column.name)
            _put(fields, column, value)
        return cls(fields, tuple(changed), tuple(nulled))


def shape_of(sobject: SObject) -> Shape:
    """The shape of an object's change event."""
    schema = change_event_schema(sobject)
    columns: list[Column] = []
    for field in schema["fields"][1:]:
        columns += _columns(sobject, field["name"])
    text = schema_text(schema)
    return Shape(sobject.name, schema_id_of(text), text, tuple(columns))


@lru_cache(maxsize=4_096)
def milliseconds_of(stored: str) -> int:
    """Epoch milliseconds of a stored moment or day (midnight UTC)."""
    moment = parse_wire(stored)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND


def column_of(entity_field: str, part: str) -> str:
    """The column behind a part of a compound field: `MailingAddress`, `City` → `MailingCity`."""
    return part if entity_field == "Name" else entity_field.removesuffix("Address") + part


def _columns(sobject: SObject, name: str) -> Iterable[Column]:
    field = sobject.fields.get(name)
    if field is None:
        return
    if field.extra_type_info == "personname":
        parts: tuple[str, ...] = NAME_PARTS
    elif field.type == "address":
        parts = ADDRESS_PARTS
    else:
        yield Column(name, field.type, name)
        return
    for part in parts:
        stored = sobject.fields.get(column_of(name, part))
        if stored is not None:
            yield Column(stored.name, stored.type, name, part)


def _put(fields: dict[str, Any], column: Column, value: Any) -> None:
    if column.part is None:
        fields[column.field] = value
    else:
        fields.setdefault(column.field, {})[column.part] = value
