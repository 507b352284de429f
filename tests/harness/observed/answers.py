"""One answered call as seen from outside: the request, the answer, and what they show of the route table."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(slots=True)
class Exchange:
    """A request and its answer, as ASGI carried them."""

    scope: MutableMapping[str, Any]
    request_body: bytearray = field(default_factory=bytearray)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    answer_body: bytearray = field(default_factory=bytearray)
    planned: bool = False
    """True when a planned fault wrote the answer: it says nothing of the call."""

    @property
    def is_json(self) -> bool:
        return "json" in self.headers.get("content-type", "")

    @property
    def is_kept(self) -> bool:
        """Whether the body of the answer is wanted: it may hold codes."""
        return self.is_json or "xml" in self.headers.get("content-type", "")

    @property
    def plain_body(self) -> bytes:
        """The body of the answer as it was before it was packed."""
        packed = self.headers.get("content-encoding") == "gzip"
        return zlib.decompress(self.answer_body, 31) if packed and self.answer_body else bytes(self.answer_body)

    @property
    def document(self) -> Any:
        """The JSON of the answer, None without one."""
        return orjson.loads(self.plain_body) if self.is_json and self.answer_body else None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one answer shows of one call. `call` is its key in the table, None for a path or verb that is none."""

    call: str | None
    success: bool = False
    codes: frozenset[str] = frozenset()


Reader = Callable[[Any, Exchange], Iterable[Seen]]
"""Takes the simulator and an exchange."""


def codes_in(rows: Any, *, lists: Iterable[str], key: str) -> set[str]:
    """Return the codes below one of the member names `lists` in rows of a result."""
    found: set[str] = set()
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping):
            for name in lists:
                listed = row.get(name)
                found |= {
                    str(one[key])
                    for one in (listed if isinstance(listed, list) else [])
                    if isinstance(one, Mapping) and key in one
                }
    return found
