"""Settings as paths and JSON values: the form in which they are stored, masked and remembered.

A path is "section.name". Enums are their names in lower case, durations whole microseconds, tuples lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from enum import Enum
from typing import Any, get_type_hints

from actionsync_server.model.settings import Settings

Json = bool | int | str | list[str]

SECTIONS: tuple[str, ...] = tuple(section.name for section in fields(Settings))


def paths_of(section: str) -> list[str]:
    """Return every path of one section."""
    return [f"{section}.{one.name}" for one in fields(getattr(Settings(), section))]


def all_paths() -> list[str]:
    """Return every path there is, in the order of the definition."""
    return [path for section in SECTIONS for path in paths_of(section)]


def expand(mask: Iterable[str]) -> list[str]:
    """Return the single settings that a mask names; raises KeyError with the path that does not exist."""
    known = set(all_paths())
    expanded: dict[str, None] = {}
    for path in mask:
        if path not in known and path not in SECTIONS:
            raise KeyError(path)
        expanded.update(dict.fromkeys(paths_of(path) if path in SECTIONS else [path]))
    return list(expanded)


def value_at(settings: Settings, path: str) -> Json:
    """Return the JSON value at a path."""
    section, name = path.split(".")
    value = getattr(getattr(settings, section), name)
    if isinstance(value, Enum):
        return value.name.lower()
    return list(value) if isinstance(value, tuple) else value


def with_values(settings: Settings, values: Mapping[str, Json]) -> Settings:
    """Return settings with the JSON values at their paths."""
    for path, value in values.items():
        section_name, name = path.split(".")
        section = getattr(settings, section_name)
        section = replace(section, **{name: _typed(type(section), name, value)})
        settings = replace(settings, **{section_name: section})
    return settings


def _typed(section: type, name: str, value: Json) -> Any:
    kind = get_type_hints(section)[name]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind[str(value).upper()]
    return tuple(value) if isinstance(value, list) else value
