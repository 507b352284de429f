"""LastActivityDate of leads, contacts, accounts, opportunities and campaigns: the latest closed task or event.

The platform sets it without touching the modification stamps of the row.
"""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from collections.abc import Iterable

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.state import Org, Row

PARENT_FIELDS = ("WhoId", "WhatId", "AccountId")
_BY_PERSON = "WhoId = :id"
_BY_THING = "WhatId = :id"
_BY_ACCOUNT = "(WhatId = :id OR AccountId = :id)"
_CONDITION = {
    "Lead": _BY_PERSON,
    "Contact": _BY_PERSON,
    "Account": _BY_ACCOUNT,
    "Opportunity": _BY_THING,
    "Campaign": _BY_THING,
}


def parents_of(row: Row) -> set[str]:
    """The rows an activity counts for."""
    return {row[name] for name in PARENT_FIELDS if row[name] is not None}


def move_forward(org: Org, row: Row) -> None:
    """A new closed activity: its parents' date moves forward to it, never back."""
    if row["ActivityDate"] is None:
        return
    for parent_id in parents_of(row):
        sobject = org.schema.object_for_prefix(parent_id)
        if sobject is not None and sobject.name in _CONDITION:
            org.database.execute(
                f"UPDATE {quoted(sobject.name)} SET LastActivityDate = ?1 WHERE Id = ?2"
                " AND (LastActivityDate IS NULL OR LastActivityDate < ?1)",
                (row["ActivityDate"], parent_id),
            )


def recompute(org: Org, parent_ids: Iterable[str]) -> None:
    """Work the date out afresh from the activities that are there."""
    for parent_id in parent_ids:
        sobject = org.schema.object_for_prefix(parent_id)
        if sobject is None or sobject.name not in _CONDITION:
            continue
        condition = _CONDITION[sobject.name]
        org.database.execute(
            f"UPDATE {quoted(sobject.name)} SET LastActivityDate = (SELECT max(ActivityDate) FROM ("
            f'SELECT ActivityDate FROM "Task" WHERE {condition} AND IsClosed = 1 AND IsDeleted = 0'
            f' UNION ALL SELECT ActivityDate FROM "Event" WHERE {condition} AND IsDeleted = 0'
            ")) WHERE Id = :id",
            {"id": parent_id},
        )
