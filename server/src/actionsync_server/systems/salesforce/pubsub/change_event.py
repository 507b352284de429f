"""Reads the header of a change event: by whose client a change came, and which fields it touched.

A payload is bare Avro of the schema that the event names. Only the header, its first field, is read; the values are
not, since whoever is woken by an event asks for the records themselves. Names of changed fields come as bitmaps over
the fields of the schema: `0x` and hexadecimal digits, bit 0 for the first field; `3-0x02` speaks of parts of field 3.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_HEADER: Final = "ChangeEventHeader"
_LONGEST_SHIFT: Final = 63


class UnreadableEventError(Exception):
    """A schema or payload that is not as documented. It says which part, and no value of it."""


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One change of one or more records of an object. `changed` has field names in lower case.

    Without any changed field it is a new, deleted or restored record, or one whose changes are not told.
    """

    origin: str = ""
    changed: frozenset[str] = frozenset()

    def is_by(self, client: str) -> bool:
        """Tell whether the change came by the calls of a client with this name (Sforce-Call-Options)."""
        return self.origin.endswith(f";client={client}")

    def may_touch(self, field: str) -> bool:
        """Tell whether a field may be another now."""
        return not self.changed or field.lower() in self.changed


#: What is said of an event that cannot be read: anything may have changed, by anybody.
UNKNOWN_CHANGE = ChangeEvent()


class EventSchema:
    """The schema of the change events of one object."""

    def __init__(self, text: str) -> None:
        """Read the schema. Raises UnreadableEventError."""
        try:
            fields = json.loads(text)["fields"]
            self._names = [str(field["name"]).lower() for field in fields]
            header = fields[0]["type"]["fields"] if fields[0]["name"] == _HEADER else None
            self._header = [(str(field["name"]), field["type"]) for field in header or ()]
        except (ValueError, LookupError, TypeError) as problem:
            raise UnreadableEventError(f"the schema ({type(problem).__name__})") from problem
        if not self._header:
            raise UnreadableEventError("the schema, which has no header")

    def read(self, payload: bytes) -> ChangeEvent:
        """Read the header of a payload. Raises UnreadableEventError."""
        avro = _Avro(payload)
        values = {name: avro.value(kind) for name, kind in self._header}
        origin, changed = values.get("changeOrigin"), values.get("changedFields")
        if not isinstance(origin, str) or not isinstance(changed, list):
            raise UnreadableEventError("the header, which lacks what we read of it")
        return ChangeEvent(origin, frozenset(self._named(changed)))

    def _named(self, bitmaps: list[Any]) -> Iterator[str]:
        try:
            for bitmap in bitmaps:
                parent, _, digits = str(bitmap).rpartition("0x")
                if parent:
                    yield self._names[int(parent.removesuffix("-"))]
                    continue
                bits = int(digits, 16)
                yield from (self._names[place] for place in range(bits.bit_length()) if bits >> place & 1)
        except (ValueError, IndexError) as problem:
            raise UnreadableEventError("the bitmap of changed fields") from problem


class _Avro:
    """Reads Avro values one after the other, of the types that headers are made of."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def value(self, kind: Any) -> Any:
        """Read one value; an enum is its number."""
        match kind:
            case "string" | {"type": "string"}:
                return self._bytes(self._long()).decode(errors="replace")
            case "int" | "long" | {"type": "int" | "long" | "enum"}:
                return self._long()
            case {"type": "array", "items": item}:
                return list(self._items(item))
            case list():
                branch = self._long()
                if not 0 <= branch < len(kind):
                    raise UnreadableEventError("a union")
                return self.value(kind[branch])
            case "null":
                return None
            case _:
                raise UnreadableEventError("a type that headers have not had so far")

    def _items(self, kind: Any) -> Iterator[Any]:
        while count := self._long():
            if count < 0:  # the block's size in bytes follows
                count = -count
                self._long()
            if count > len(self._content):
                raise UnreadableEventError("an array, which is longer than its payload")
            for _ in range(count):
                yield self.value(kind)

    def _long(self) -> int:
        number, shift = 0, 0
        while True:
            (byte,) = self._bytes(1)
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (number >> 1) ^ -(number & 1)
            shift += 7
            if shift > _LONGEST_SHIFT:
                raise UnreadableEventError("a number, which is too long")

    def _bytes(self, count: int) -> bytes:
        end = self._place + count
        if count < 0 or end > len(self._content):
            raise UnreadableEventError("the payload, which ends early")
        read = self._content[self._place : end]
        self._place = end
        return read
