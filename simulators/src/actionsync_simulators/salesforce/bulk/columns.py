"""What the columns of an upload mean: fields of the object, or fields that name a parent row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from actionsync_simulators.salesforce.bulk.cells import Convert, converter
from actionsync_simulators.salesforce.bulk.csv_format import NULL_CELL, UnusableData
from actionsync_simulators.salesforce.bulk.saving import DELETE, HARD_DELETE
from actionsync_simulators.salesforce.gateway.errors import ApiError
from actionsync_simulators.salesforce.rows.checks import parent_id
from actionsync_simulators.salesforce.schema import Access, Field, SObject
from actionsync_simulators.salesforce.state import Org


@dataclass(frozen=True, slots=True)
class ParentKey:
    """The object of a parent row and the field by whose value the row is found."""

    target: SObject
    key: Field


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field that it sets, and how to find the parent row where it names one."""

    name: str
    field: Field
    parent: ParentKey | None = None


class Columns:
    """The columns of one upload. Raises UnusableData for a header that does not fit the object."""

    def __init__(self, org: Org, access: Access, sobject: SObject, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._org = org
        columns = [_column(org, access, sobject, name) for name in names]
        taken: set[str] = set()
        for column in columns:
            if column.field.name in taken:
                raise UnusableData("InvalidBatch", f"Field name is duplicated : {column.name}")
            taken.add(column.field.name)
        self.field_names = tuple(column.field.name for column in columns)
        self._columns = columns
        self._converters: list[Convert | None] = [
            None if column.parent is not None else converter(column.field) for column in columns
        ]
        self._plain = all(c is None for c in self._converters) and all(c.parent is None for c in columns)

    def record(self, cells: Sequence[str]) -> dict[str, Any]:
        """The values a row gives: an empty cell gives none, `#N/A` gives null. Raises ApiError."""
        record: dict[str, Any] = {}
        if self._plain:
            for name, cell in zip(self.field_names, cells, strict=True):
                if cell:
                    record[name] = None if cell == NULL_CELL else cell
            return record
        for column, convert, cell in zip(self._columns, self._converters, cells, strict=True):
            if not cell:
                continue
            if cell == NULL_CELL:
                record[column.field.name] = None
            elif column.parent is not None:
                parent = column.parent
                record[column.field.name] = parent_id(self._org, parent.target, parent.key, cell)
            else:
                record[column.field.name] = cell if convert is None else convert(column.field, cell)
        return record

    def given(self, cells: Sequence[str]) -> dict[str, Any] | ApiError:
        """The values a row gives, or why they could not be read."""
        try:
            return self.record(cells)
        except ApiError as refused:
            return refused


def check_only_ids(operation: str, field_names: Iterable[str]) -> None:
    """A deletion names rows and nothing else. Raises UnusableData."""
    if operation in (DELETE, HARD_DELETE) and set(field_names) != {"Id"}:
        raise UnusableData("InvalidBatch", f"The '{operation}' batch must contain only ids")


def check_field_names(access: Access, sobject: SObject, names: Iterable[str]) -> None:
    """Refuse a JSON or XML batch whose records have a member that is neither a field nor a parent: UnusableData."""
    for name in names:
        if access.field(sobject, name) is None and sobject.relationship(name) is None:
            raise _no_field(name)


def _column(org: Org, access: Access, sobject: SObject, name: str) -> Column:
    if "." not in name:
        field = access.field(sobject, name)
        if field is None:
            raise _no_field(name)
        return Column(name, field)
    kind, colon, path = name.rpartition(":")
    relation, _, key_name = path.partition(".")
    lookup = sobject.relationship(relation)
    if lookup is None or not access.visible(sobject.name, lookup.name):
        raise _no_field(name)
    if colon and not lookup.polymorphic:
        raise UnusableData("InvalidBatch", f"type is not needed for non polymorphic foreign key references: {relation}")
    targets = [org.sobject(target) for target in lookup.reference_to if not colon or target.lower() == kind.lower()]
    found = [(target, key) for target in targets if (key := access.field(target, key_name)) and key.id_lookup]
    if not found:
        raise _no_field(name)
    if len(found) > 1:
        raise UnusableData("InvalidBatch", f"type is needed for polymorphic foreign key references: {relation}")
    return Column(name, lookup, ParentKey(*found[0]))


def _no_field(name: str) -> UnusableData:
    return UnusableData("InvalidBatch", f"Field name not found : {name}")
