"""Custom activity types: their definitions, versions and life cycle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.database import Database

DATA_TYPES = frozenset(
    ["string", "boolean", "integer", "float", "link", "email", "currency", "date", "datetime", "phone", "text"]
)
TYPES_AT_MOST = 10
ATTRIBUTES_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a custom type."""

    api_name: str
    name: str
    data_type: str = "string"
    description: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the wire form."""
        row = {"apiName": self.api_name, "name": self.name}
        if self.description is not None:
            row["description"] = self.description
        return row | {"dataType": self.data_type}


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a custom type. `primary` is None only in a draft whose primary attribute was demoted."""

    name: str
    trigger_name: str
    filter_name: str
    description: str | None
    primary: Attribute | None
    attributes: tuple[Attribute, ...] = field(default=())

    def attribute(self, name: str) -> Attribute | None:
        """Return a secondary attribute by apiName or display name (in any case)."""
        wanted = name.casefold()
        for one in self.attributes:
            if wanted in (one.api_name.casefold(), one.name.casefold()):
                return one
        return None

    def every_attribute(self) -> list[Attribute]:
        """Return the primary attribute, if there is one, and the others."""
        return [*([self.primary] if self.primary else []), *self.attributes]


@dataclass(frozen=True, slots=True)
class CustomType:
    """A custom type with its approved version, its draft, or both."""

    id: int
    api_name: str
    created_at: str
    updated_at: str
    approved: Definition | None
    draft: Definition | None

    @property
    def status(self) -> str:
        """`draft`, `approved` or `approved with draft`."""
        if self.approved is None:
            return "draft"
        return "approved" if self.draft is None else "approved with draft"

    @property
    def latest(self) -> Definition:
        """The draft where there is one, else the approved version."""
        version = self.draft or self.approved
        if version is None:
            raise ValueError(f"custom type {self.api_name} has no version")
        return version

    def as_row(self, version: Definition, *, with_attributes: bool = True, status: str | None = None) -> dict[str, Any]:
        """Return the row of type administration for one version."""
        row: dict[str, Any] = {"id": self.id, "apiName": self.api_name, "name": version.name}
        if version.description is not None:
            row["description"] = version.description
        row |= {
            "triggerName": version.trigger_name,
            "filterName": version.filter_name,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "status": status or self.status,
        }
        if with_attributes:
            if version.primary is not None:
                row["primaryAttribute"] = version.primary.as_json()
            row["attributes"] = [one.as_json() for one in version.attributes]
        return row

    def as_activity_type(self) -> dict[str, Any]:
        """Return the row of the activity types call, for an approved type."""
        version = self.approved
        if version is None or version.primary is None:
            raise ValueError(f"custom type {self.api_name} is not approved")
        row: dict[str, Any] = {"id": self.id, "name": version.name, "apiName": self.api_name}
        if version.description is not None:
            row["description"] = version.description
        row["primaryAttribute"] = _short(version.primary)
        row["attributes"] = [_short(one) for one in version.attributes]
        return row


def _short(attribute: Attribute) -> dict[str, str]:
    return {"name": attribute.name, "apiName": attribute.api_name, "dataType": attribute.data_type}


class CustomTypes:
    """The custom types of a subscription."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._types: dict[int, CustomType] = {}

    def refresh(self) -> None:
        """Read the table anew."""
        self._types = {
            row["id"]: _from_row(row) for row in self._database.rows("SELECT * FROM custom_types ORDER BY id")
        }

    def __iter__(self) -> Iterator[CustomType]:
        return iter(self._types.values())

    def __len__(self) -> int:
        return len(self._types)

    def get(self, type_id: int) -> CustomType | None:
        """Return a type by id, or None."""
        return self._types.get(type_id)

    def by_api_name(self, api_name: str) -> CustomType | None:
        """Return a type by apiName (in any case), or None."""
        wanted = api_name.casefold()
        return next((one for one in self if one.api_name.casefold() == wanted), None)

    def create(self, api_name: str, draft: Definition, *, now: str) -> CustomType:
        """Add a type with a draft; ids start at 100001 and are never used again."""
        cursor = self._database.execute(
            "INSERT INTO custom_types (api_name, draft, created_at, updated_at) VALUES (?, ?, ?, ?)",
            (api_name, _to_json(draft), now, now),
        )
        made = CustomType(int(cursor.lastrowid or 0), api_name, now, now, None, draft)
        self._types[made.id] = made
        return made

    def save(self, changed: CustomType, *, now: str) -> CustomType:
        """Write the versions of a type."""
        changed = replace(changed, updated_at=now)
        self._database.execute(
            "UPDATE custom_types SET approved = ?, draft = ?, updated_at = ? WHERE id = ?",
            (_to_json(changed.approved), _to_json(changed.draft), now, changed.id),
        )
        self._types[changed.id] = changed
        return changed

    def delete(self, type_id: int) -> None:
        """Remove a type; its apiName and its slot are free again."""
        self._database.execute("DELETE FROM custom_types WHERE id = ?", (type_id,))
        del self._types[type_id]

    def in_use(self, type_id: int) -> bool:
        """Tell whether rows of this type have been written."""
        return self._database.row("SELECT 1 FROM activities WHERE type_id = ? LIMIT 1", (type_id,)) is not None


def _to_json(version: Definition | None) -> str | None:
    return None if version is None else orjson.dumps(asdict(version)).decode()


def _from_json(text: str | None) -> Definition | None:
    if text is None:
        return None
    members = orjson.loads(text)
    primary = members.pop("primary")
    attributes = tuple(Attribute(**one) for one in members.pop("attributes"))
    return Definition(**members, primary=Attribute(**primary) if primary else None, attributes=attributes)


def _from_row(row: sqlite3.Row) -> CustomType:
    return CustomType(
        row["id"],
        row["api_name"],
        row["created_at"],
        row["updated_at"],
        _from_json(row["approved"]),
        _from_json(row["draft"]),
    )
