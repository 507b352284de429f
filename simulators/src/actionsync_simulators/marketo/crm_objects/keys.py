"""Keys of records: those in a call, which must be whole and not twice there, and the GUIDs that Marketo gives."""

from __future__ import annotations

import uuid
from random import Random
from typing import Any

from actionsync_simulators.marketo.crm_objects.definition import ObjectKind
from actionsync_simulators.marketo.fields.values import to_stored
from actionsync_simulators.marketo.gateway.errors import invalid_data


class KeyReader:
    """Reads the keys of the records of one call, by the fields that the call names."""

    def __init__(self, kind: ObjectKind, names: tuple[str, ...]) -> None:
        self._fields = [kind.fields[name] for name in names]
        self._seen: set[tuple[str, ...]] = set()

    def read(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return the key fields of a record in stored form; 1003 when one is missing, 1001 for a wrong type."""
        key = {}
        for one in self._fields:
            value = to_stored(one, record.get(one.name))
            if value is None:
                raise invalid_data(f"Value for key field '{one.name}' not found")
            key[one.name] = value.strip() if isinstance(value, str) else value
        return key

    def seen_before(self, key: dict[str, Any]) -> bool:
        """Tell whether an earlier record of the call had this key."""
        mark = tuple(str(value).casefold() for value in key.values())
        if mark in self._seen:
            return True
        self._seen.add(mark)
        return False


def guid_of(seed: int, table: str, number: int) -> str:
    """Return the GUID of the record with this number in its table: as if random, and the same for the same seed."""
    return str(uuid.UUID(int=Random(f"{seed}:{table}:{number}").getrandbits(128), version=4))  # noqa: S311
