"""What a case is: a call on an org with certain rows, and how it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

LONG = "x" * 256
NO_ROW = "00T8d000000zzzz"
TASK = "sobjects/Task"

Control = tuple[str, str, dict[str, Any]]
"""A control call that comes first: verb, path, arguments."""


def whole(body: Any) -> Any:
    """The first error of a refused call."""
    return body[0]


def last_row(body: Any) -> Any:
    """The error of the last row of a collection."""
    return body[-1]["errors"][0]


@dataclass(frozen=True)
class Case:
    """A call and how it is refused. `{name}` in the path and in values stands for a prepared row.

    `status` is that of the answer, also where only a row or a part is refused; `found` picks the error in its body. A
    message of None is not compared.
    """

    name: str
    method: str
    path: str
    body: Any
    status: int
    code: str
    message: str | None
    fields: list[str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    controls: tuple[Control, ...] = ()
    found: Callable[[Any], Any] = whole
