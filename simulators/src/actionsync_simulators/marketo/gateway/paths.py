"""Paths of requests: dot segments resolved, percent-encoding undone, matched against the table of routes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")
SUFFIX = ".json"


def normalise(raw_path: str, *, collapse_double_slash: bool) -> tuple[str, ...] | None:
    """Return the decoded segments of a path; None when it has a doubled slash that is not to be collapsed.

    Clients send `/rest/../bulk/v1/…` literally, so `.` and `..` are resolved here.
    """
    parts = raw_path.split("/")[1:]
    if "" in parts:
        if not collapse_double_slash:
            return None
        parts = [part for part in parts if part]
    if "%" in raw_path:
        parts = [unquote(part) for part in parts]
    if "." in parts or ".." in parts:
        resolved: list[str] = []
        for part in parts:
            if part == "..":
                del resolved[-1:]
            elif part != ".":
                resolved.append(part)
        parts = resolved
    return tuple(parts)


@dataclass(slots=True)
class _Node(Generic[T]):
    literal: dict[str, _Node[T]] = field(default_factory=dict)
    any: _Node[T] | None = None
    methods: dict[str, T] = field(default_factory=dict)


class PathTable(Generic[T]):
    """Finds what serves a path: literal segments first, then placeholders (`{name}`)."""

    def __init__(self, entries: Iterable[tuple[str, str, T]]) -> None:
        self._root: _Node[T] = _Node()
        for method, template, target in entries:
            node = self._root
            for segment in _segments(template):
                if segment.startswith("{"):
                    node.any = node.any or _Node()
                    node = node.any
                else:
                    node = node.literal.setdefault(segment, _Node())
            if method in node.methods:
                raise ValueError(f"two routes for {method} {template}")
            node.methods[method] = target

    def find(self, segments: tuple[str, ...]) -> tuple[dict[str, T], tuple[str, ...]] | None:
        """Return the methods served at a path and the values of its placeholders, or None without a route."""
        if not segments or not segments[-1].endswith(SUFFIX):
            return None
        parts = (*segments[:-1], segments[-1].removesuffix(SUFFIX))
        return self._walk(self._root, parts, at=0)

    def _walk(self, node: _Node[T], parts: tuple[str, ...], *, at: int) -> tuple[dict[str, T], tuple[str, ...]] | None:
        if at == len(parts):
            return (node.methods, ()) if node.methods else None
        child = node.literal.get(parts[at])
        if child is not None:
            found = self._walk(child, parts, at=at + 1)
            if found is not None:
                return found
        if node.any is None or not parts[at]:
            return None
        found = self._walk(node.any, parts, at=at + 1)
        return None if found is None else (found[0], (parts[at], *found[1]))


def _segments(template: str) -> list[str]:
    if not template.endswith(SUFFIX):
        raise ValueError(f"{template} does not end in {SUFFIX}")
    return template.removesuffix(SUFFIX).split("/")[1:]
