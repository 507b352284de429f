"""What an object looks like to the connected user. Hidden fields are absent, so every query is built from this."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import msgspec

from actionsync_server.clock import HOUR, Micros
from actionsync_server.systems.salesforce.connection import API, Connection
from actionsync_server.systems.salesforce.types import FieldDescription, ObjectDescription

#: Admins change field-level security without telling anybody; an answer about a field also makes us ask again.
KEPT: Micros = HOUR


class _Value(msgspec.Struct):
    value: str
    active: bool = True


class _Field(msgspec.Struct, rename="camel"):
    name: str
    type: str = ""
    length: int = 0
    label: str = ""
    createable: bool = False
    updateable: bool = False
    filterable: bool = True
    picklist_values: list[_Value] = []
    restricted_picklist: bool = False
    external_id: bool = False
    unique: bool = False


class _Object(msgspec.Struct, rename="camel"):
    name: str
    createable: bool = False
    updateable: bool = False
    queryable: bool = False
    fields: list[_Field] = []


class Descriptions:
    """The descriptions of one connection, kept for an hour."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kept: dict[str, tuple[Micros, ObjectDescription]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def describe(self, object_name: str) -> ObjectDescription:
        """Return an object as the connected user sees it. Raises NotPrepared when the user does not see it."""
        key = object_name.lower()
        async with self._asking.setdefault(key, asyncio.Lock()):
            kept = self._kept.get(key)
            now = self._connection.clock.now()
            if kept is not None and now - kept[0] < KEPT:
                return kept[1]
            path = f"{API}/sobjects/{quote(object_name, safe='')}/describe"
            description = _description(await self._connection.get(path, kind=_Object))
            self._kept[key] = (now, description)
            return description

    def invalidate(self, object_name: str | None = None) -> None:
        """Forget one object, or all."""
        if object_name is None:
            self._kept.clear()
        else:
            self._kept.pop(object_name.lower(), None)


def _description(read: _Object) -> ObjectDescription:
    fields = {
        field.name: FieldDescription(
            name=field.name,
            type=field.type,
            length=field.length,
            createable=field.createable,
            updateable=field.updateable,
            picklist=frozenset(value.value for value in field.picklist_values if value.active),
            external_id=field.external_id,
            unique=field.unique,
            label=field.label,
            restricted=field.restricted_picklist,
            filterable=field.filterable,
        )
        for field in read.fields
    }
    return ObjectDescription(read.name, read.createable, read.updateable, read.queryable, fields)
