"""References in composite calls: `@{refId.field}`, `@{refId[0].id}`, `@{refId.records[0].Id}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = re.compile(r"@\{([A-Za-z0-9_]+)((?:\.\w+|\[\d+\])*)\}")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


class InvalidReference(Exception):
    """A reference to an answer or a member of it that is not there."""


def resolved(value: Any, answers: Mapping[str, Any]) -> Any:
    """The value with every reference in its texts replaced. Raises InvalidReference.

    A text that is nothing but one reference becomes the referenced value itself.
    """
    if isinstance(value, str):
        whole = _REFERENCE.fullmatch(value)
        if whole is not None:
            return _looked_up(whole, answers)
        return _REFERENCE.sub(lambda match: _as_text(_looked_up(match, answers)), value)
    if isinstance(value, list):
        return [resolved(each, answers) for each in value]
    if isinstance(value, dict):
        return {name: resolved(each, answers) for name, each in value.items()}
    return value


def names_in(text: str) -> set[str]:
    """The reference ids that a text refers to."""
    return {match.group(1) for match in _REFERENCE.finditer(text)}


def _looked_up(match: re.Match[str], answers: Mapping[str, Any]) -> Any:
    reference, path = match.group(1), match.group(2)
    found: Any = answers.get(reference)
    for member, position in _STEP.findall(path):
        if member and isinstance(found, dict):
            found = found.get(member)
        elif position and isinstance(found, list) and int(position) < len(found):
            found = found[int(position)]
        else:
            found = None
    if found is None:
        raise InvalidReference(f"Invalid reference specified. No value for {reference}{path} found in {reference}")
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
