"""The SQL functions and the order of texts that SQLite lacks, put into a database when a statement needs them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from actionsync_simulators.database import Database
from actionsync_simulators.salesforce.soql.dates import local_moment, zone_named

LOCAL_MOMENT = "soql_local_moment"
"""Behind convertTimezone(): (stored datetime, zone name) → local time without a zone."""

FINDS = "sosl_finds"
"""Behind FIND: (text, regular expression) → whether it is found, without regard to case."""


FOLDED = "soql_folded"
"""Behind comparisons of text with letters outside ASCII: text → the text in lower case, letter by letter."""

TEXT_ORDER = "soql_text"
"""The collation by which MIN and MAX compare text."""


def register(db: Database, names: Iterable[str]) -> None:
    """Define these functions (or the collation) in the database."""
    for name in names:
        if name == TEXT_ORDER:
            db.collate(name, _compare)
        else:
            db.define(name, *_FUNCTIONS[name])


def folded(text: str) -> str:
    """The text as it compares without regard to case: letter by letter, so that its length stays."""
    return text.lower() if text.isascii() else "".join(map(_folded_letter, text))


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    lower = letter.lower()
    # A letter never turns into an ASCII one: then plain ASCII needs no function to be compared.
    return lower if len(lower) == 1 and lower.isascii() == letter.isascii() else letter


def _folded_column(text: str | None) -> str | None:
    return None if text is None else folded(text)


def _compare(left: str, right: str) -> int:
    left, right = folded(left), folded(right)
    return (left > right) - (left < right)


def _local_moment(stored: str | None, zone: str) -> str | None:
    return None if stored is None else local_moment(stored, zone_named(zone))


def _finds(text: str | None, pattern: str) -> bool:
    return text is not None and _compiled(pattern).search(text) is not None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    LOCAL_MOMENT: (2, _local_moment),
    FINDS: (2, _finds),
    FOLDED: (1, _folded_column),
}
"""The number of arguments of each function, and the function."""
