"""Field names as Pub/Sub subscribers get them: bitmaps over the positions of the event's Avro schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def field_bitmaps(schema: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """The bitmaps of these header names, such as `Subject` and `Name.FirstName`.

    First one over the top-level fields, if any is among them; then `<position>-<bitmap>` over the parts of each
    compound field. Bit 0 is the field at position 0, the header.
    """
    positions = {field["name"]: position for position, field in enumerate(schema["fields"])}
    top = 0
    nested: dict[int, int] = {}
    for name in names:
        field, _, part = name.partition(".")
        position = positions[field]
        if not part:
            top |= 1 << position
            continue
        parts = _parts(schema, schema["fields"][position])
        nested[position] = nested.get(position, 0) | 1 << parts.index(part)
    bitmaps = [_hexadecimal(top)] if top else []
    return bitmaps + [f"{position}-{_hexadecimal(nested[position])}" for position in sorted(nested)]


def _parts(schema: Mapping[str, Any], field: Mapping[str, Any]) -> list[str]:
    for branch in field["type"]:
        if isinstance(branch, dict):
            return [part["name"] for part in branch["fields"]]
        if branch not in ("null", "string"):
            return _parts(schema, _first_use(schema, branch))
    raise ValueError(f"{field['name']} has no parts")


def _first_use(schema: Mapping[str, Any], record: str) -> Mapping[str, Any]:
    for field in schema["fields"]:
        if any(isinstance(branch, dict) and branch["name"] == record for branch in field["type"]):
            found: Mapping[str, Any] = field
            return found
    raise ValueError(f"the schema defines no {record}")


def _hexadecimal(bits: int) -> str:
    length = (bits.bit_length() + 7) // 8
    return f"0x{bits:0{2 * length}X}"
