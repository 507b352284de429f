"""GET activities/types, and the catalogue of native types behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import orjson

from actionsync_simulators.marketo.activities.native import NativeType, native_types

if TYPE_CHECKING:
    from actionsync_simulators.database import Database
    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

VISIT_WEBPAGE, FILL_OUT_FORM, CLICK_LINK = 1, 2, 3
NEW_LEAD, CHANGE_DATA_VALUE = 12, 13
CONVERT_LEAD, CHANGE_SCORE, CHANGE_OWNER = 21, 22, 23
ADD_TO_LIST, REMOVE_FROM_LIST = 24, 25
DELETE_FROM_SFDC, MERGE_LEADS, DELETE_LEAD = 29, 32, 37
ADD_TO_OPPORTUNITY, REMOVE_FROM_OPPORTUNITY, UPDATE_OPPORTUNITY = 34, 35, 36
CHANGE_PARTITION = 100
SEND_EMAIL, EMAIL_DELIVERED = 6, 7
INTERESTING_MOMENT, REQUEST_CAMPAIGN = 46, 47
CHANGE_PROGRESSION, CHANGE_MEMBER_DATA, PUSH_LEAD = 104, 123, 145
FIRST_CUSTOM_TYPE = 100_001

_DAY = 86_400
MONTHS_25 = 761
"""Days in 25 months."""
RETENTION_90 = frozenset({1, 3, 6, 7, CHANGE_DATA_VALUE, 19, CHANGE_SCORE, ADD_TO_LIST, 36, 47})
"""Types that are kept 90 days."""


def retention_seconds(type_id: int) -> int | None:
    """Return how long rows of a type are kept, in seconds; None means for ever."""
    if type_id == NEW_LEAD:
        return None
    if type_id == DELETE_LEAD:
        return 14 * _DAY
    return (90 if type_id in RETENTION_90 else MONTHS_25) * _DAY


class TypeCatalogue:
    """The native types of a subscription."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._types: dict[int, NativeType] = {}

    def install(self, *, adobe_actions: bool) -> None:
        """Fill the table of an empty subscription."""
        with self._database.transaction():
            for native in native_types(adobe_actions=adobe_actions):
                self.add(native)

    def add(self, native: NativeType) -> None:
        """Add or replace a native type."""
        primary = native.primary or (None, None)
        self._database.execute(
            "INSERT OR REPLACE INTO activity_types VALUES (?, ?, ?, ?, ?, ?)",
            (native.id, native.name, native.description, *primary, orjson.dumps(native.attributes).decode()),
        )
        self._types[native.id] = native

    def refresh(self) -> None:
        """Read the table anew."""
        self._types = {
            row["id"]: NativeType(
                row["id"],
                row["name"],
                row["description"],
                None if row["primary_name"] is None else (row["primary_name"], row["primary_type"]),
                tuple((name, kind) for name, kind in orjson.loads(row["attributes"])),
            )
            for row in self._database.rows("SELECT * FROM activity_types ORDER BY id")
        }

    def __iter__(self) -> Iterator[NativeType]:
        return iter(self._types.values())

    def get(self, type_id: int) -> NativeType | None:
        """Return a native type or None."""
        return self._types.get(type_id)

    def has_name(self, name: str) -> bool:
        """Tell whether a native type has this name (in any case)."""
        return any(native.name.casefold() == name.casefold() for native in self._types.values())


def types(site: Subscription, _: Call) -> Members:
    """GET activities/types: native types and approved custom types, all in one answer."""
    rows = [native.as_json() for native in site.types]
    rows += [custom.as_activity_type() for custom in site.custom_types if custom.approved is not None]
    return {"result": rows}
