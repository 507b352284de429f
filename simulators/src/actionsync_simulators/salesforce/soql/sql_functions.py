"""The SQL functions that SQLite lacks, put into a database when a statement calls them."""

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


def register(db: Database, names: Iterable[str]) -> None:
    """Define these functions in the database."""
    for name in names:
        db.define(name, 2, _FUNCTIONS[name])


def _local_moment(stored: str | None, zone: str) -> str | None:
    return None if stored is None else local_moment(stored, zone_named(zone))


def _finds(text: str | None, pattern: str) -> bool:
    return text is not None and _compiled(pattern).search(text) is not None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FUNCTIONS: dict[str, Callable[..., Any]] = {LOCAL_MOMENT: _local_moment, FINDS: _finds}
