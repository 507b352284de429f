"""The lead field catalogue of a subscription: what describe lists, and how each field is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from actionsync_simulators.marketo.fields import standard
from actionsync_simulators.marketo.switches import MarketoSwitches

INTEGER_TYPES = frozenset({"integer", "score", "reference"})
FLOAT_TYPES = frozenset({"float", "percent", "currency"})
STRING_TYPES = frozenset({"string", "text", "email", "phone", "url"})
SEARCHABLE_CUSTOM_TYPES = frozenset({"string", "email", "integer"})
CRM_ID_FIELDS = frozenset({"sfdcAccountId", "sfdcContactId", "sfdcId", "sfdcLeadId", "sfdcLeadOwnerId", "sfdcOpptyId"})
"""Salesforce ids: compared case-sensitively on their first 15 characters."""
NEVER_WRITABLE = frozenset({"id", "leadPartitionId"})
"""Not read-only by describe, and yet no sync call writes them (the partition has a call of its own)."""


def column_type(data_type: str) -> str:
    """Return the SQL type of a column for a data type; text compares without case."""
    if data_type in INTEGER_TYPES or data_type == "boolean":
        return "INTEGER"
    return "REAL" if data_type in FLOAT_TYPES else "TEXT COLLATE NOCASE"


@dataclass(frozen=True, slots=True)
class LeadField:
    """One lead field. `id` is the attribute id that Change Data Value rows name."""

    id: int
    name: str
    display_name: str
    data_type: str
    length: int | None = None
    read_only: bool = False
    crm_managed: bool = False
    custom: bool = False
    hidden: bool = False
    """Out of sight: no describe lists it, nothing is found by it; its values stay readable and writable."""
    column: str = field(init=False)
    """The quoted SQL column."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", '"' + self.name.replace('"', '""') + '"')

    @property
    def updateable(self) -> bool:
        """True when sync may write it."""
        return not (self.read_only or self.crm_managed or self.name in NEVER_WRITABLE)

    @property
    def is_boolean(self) -> bool:
        """True when its values are booleans."""
        return self.data_type == "boolean"

    @property
    def searchable(self) -> bool:
        """True when a custom field finds leads."""
        return self.custom and not (self.crm_managed or self.hidden) and self.told_type in SEARCHABLE_CUSTOM_TYPES

    @property
    def told_type(self) -> str:
        """The data type as both describes tell it: a score is an integer there."""
        return "integer" if self.data_type == "score" else self.data_type

    @property
    def sql_type(self) -> str:
        """Declared type of the column. Text compares without case, except Salesforce ids."""
        return "TEXT" if self.name in CRM_ID_FIELDS else column_type(self.data_type)

    def describe(self) -> dict[str, Any]:
        """Return the row of describe."""
        row: dict[str, Any] = {"id": self.id, "displayName": self.display_name, "dataType": self.told_type}
        if self.length is not None:
            row["length"] = self.length
        read_only = self.read_only or self.crm_managed
        row["rest"] = {"name": self.name, "readOnly": read_only}
        if not self.custom:
            row["soap"] = {"name": self.name[:1].upper() + self.name[1:], "readOnly": read_only}
        return row

    def describe2(self) -> dict[str, Any]:
        """Return the row of describe2."""
        row: dict[str, Any] = {"name": self.name, "displayName": self.display_name, "dataType": self.told_type}
        if self.length is not None:
            row["length"] = self.length
        row["updateable"] = self.updateable
        row["crmManaged"] = self.crm_managed
        return row


class FieldCatalogue:
    """The fields of one subscription by name and by attribute id."""

    def __init__(self, fields: Iterable[LeadField]) -> None:
        self._by_name: dict[str, LeadField] = {}
        self._by_id: dict[int, LeadField] = {}
        for one in fields:
            self._by_name[one.name] = one
            self._by_id[one.id] = one

    def __iter__(self) -> Iterator[LeadField]:
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __len__(self) -> int:
        return len(self._by_name)

    def get(self, name: str) -> LeadField | None:
        """Return the field of a REST name, or None."""
        return self._by_name.get(name)

    def __getitem__(self, name: str) -> LeadField:
        return self._by_name[name]

    def by_id(self, attribute_id: int) -> LeadField | None:
        """Return the field of an attribute id, or None."""
        return self._by_id.get(attribute_id)

    def visible(self) -> list[LeadField]:
        """Return the fields that describe lists."""
        return [one for one in self if not one.hidden]

    def filter_types(self) -> list[str]:
        """Return the names that filter leads, as describe2 lists them."""
        known = [name for name in standard.FILTER_TYPES if name in self._by_name]
        return known + [one.name for one in self if one.searchable]

    def is_filter_type(self, name: str) -> bool:
        """Tell whether leads can be filtered by this field."""
        one = self._by_name.get(name)
        return one is not None and (name in standard.FILTER_TYPES or one.searchable)

    def is_lookup_field(self, name: str) -> bool:
        """Tell whether sync can match on this field."""
        one = self._by_name.get(name)
        return one is not None and (name in standard.LOOKUP_FIELDS or one.searchable)


def standard_fields(switches: MarketoSwitches) -> list[LeadField]:
    """Return the fields of a fresh subscription in attribute-id order."""
    tables = [standard.STANDARD]
    if switches.social == "on":
        tables.append(standard.SOCIAL)
    if switches.crm == "salesforce":
        tables.append(standard.SALESFORCE)
    return [_parse(line) for table in tables for line in table.strip().splitlines()]


def _parse(line: str) -> LeadField:
    attribute_id, name, kind, *rest = line.split(maxsplit=4)
    flags = rest[0] if rest else "-"
    display_name = rest[1] if len(rest) > 1 else _spelt_out(name)
    data_type = kind.rstrip("0123456789")
    length = kind[len(data_type) :]
    return LeadField(
        int(attribute_id),
        name,
        display_name,
        data_type,
        int(length) if length else None,
        read_only="ro" in flags,
        crm_managed="crm" in flags,
    )


def _spelt_out(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return words[:1].upper() + words[1:]
