"""Merging up to three leads, contacts or accounts: the winner keeps everything, the losers go to the recycle bin."""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.gateway.errors import api_error, no_such_row
from actionsync_simulators.salesforce.people.memberships import drop_second_memberships
from actionsync_simulators.salesforce.rows.lookup import id_in_body
from actionsync_simulators.salesforce.rows.recycle_bin import put_in
from actionsync_simulators.salesforce.rows.write import live_row, store_changes, touch, update
from actionsync_simulators.salesforce.rows.write_options import Write
from actionsync_simulators.salesforce.rules import last_activity, rules_of
from actionsync_simulators.salesforce.rules.activity import account_of
from actionsync_simulators.salesforce.rules.org_rules import check_locks
from actionsync_simulators.salesforce.schema import SObject
from actionsync_simulators.salesforce.state import Org, Row

MOST_LOSERS = 2
KEPT_FIELDS = frozenset({"MasterRecordId", "CreatedById", "LastModifiedById"})
"""References that stay as they are when their target loses a merge."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did; `updated_related_ids` are the rows that now point at the winner."""

    id: str
    merged_record_ids: tuple[str, ...]
    updated_related_ids: tuple[str, ...]


def merge(
    org: Org,
    write: Write,
    *,
    master_id: str,
    loser_ids: Sequence[str],
    fields: Mapping[str, Any] | None = None,
) -> Merged:
    """Merge the losers into the master, in one transaction.

    `fields` are values for the winner, written under the caller's security. Raises ApiError and changes nothing
    for more than two losers, rows of different objects, or rows that are not there.
    """
    sobject, winner_id = id_in_body(org, master_id)
    if not sobject.mergeable:
        raise api_error("INVALID_TYPE", f"entity type {sobject.name} cannot be merged", fields=())
    losers = _losers(org, sobject, winner_id, loser_ids)
    with org.database.transaction():
        live_row(org, sobject, winner_id, missing_status=400)
        check_locks(org, {winner_id, *losers})
        for loser_id in losers:
            loser = live_row(org, sobject, loser_id, missing_status=400)
            rules_of(sobject.name).before_change(loser)
            # Events tell of the losers first.
            org.changes.changing(write, sobject, loser_id, before=loser)
        update(org, write, sobject, winner_id, fields or {}, missing_status=400)
        related: dict[str, None] = {}
        accounts: set[str] = set()
        for loser_id in losers:
            drop_second_memberships(org, write, kept=winner_id, given_up=loser_id)
            related |= dict.fromkeys(_reparent(org, write, sobject, loser_id, winner_id, accounts))
            touch(org, write, sobject, loser_id, {"IsDeleted": 1, "MasterRecordId": winner_id})
            put_in(org, loser_id, root_id=loser_id, deleted_at=write.now)
        last_activity.recompute(org, {winner_id, *losers, *accounts})
    return Merged(winner_id, tuple(losers), tuple(related))


def _losers(org: Org, sobject: SObject, winner_id: str, given: Sequence[str]) -> list[str]:
    if not 1 <= len(given) <= MOST_LOSERS:
        raise api_error("MERGE_FAILED", f"a merge takes one or two records to merge, not {len(given)}", fields=())
    losers: list[str] = []
    for each in given:
        found, record_id = id_in_body(org, each)
        if found is not sobject or record_id == winner_id or record_id in losers:
            raise no_such_row(status=400)
        losers.append(record_id)
    return losers


def _reparent(org: Org, write: Write, sobject: SObject, loser_id: str, winner_id: str, accounts: set[str]) -> list[str]:
    """Point the rows at the winner that point at the loser; returns their ids.

    The accounts that moved activities counted for, and those they count for now, are added to `accounts`.
    """
    moved: dict[str, None] = {}
    for relation in sobject.child_relationships:
        if relation.field in KEPT_FIELDS:
            continue
        child = org.sobject(relation.child_object)
        rows = org.database.rows(
            f"SELECT * FROM {quoted(child.name)} WHERE {quoted(relation.field)} = ? AND IsDeleted = 0",
            (loser_id,),
        )
        for row in rows:
            # The winner itself would point at itself.
            target = None if row["Id"] == winner_id else winner_id
            _repoint(org, write, child, dict(row), {relation.field: target}, accounts)
            moved[row["Id"]] = None
    return list(moved)


def _repoint(
    org: Org, write: Write, child: SObject, row: Row, changes: dict[str, str | None], accounts: set[str]
) -> None:
    if child.name == "Lead":
        # What a converted lead became is kept right without the lead counting as modified.
        store_changes(org, child, row["Id"], changes)
        return
    if child.activity:
        after = row | changes
        changes.setdefault("AccountId", account_of(org, after["WhoId"], after["WhatId"]))
        accounts |= {each for each in (row["AccountId"], changes["AccountId"]) if each is not None}
    published = org.switches.change_events_of_moved_activities or not child.activity
    touch(org, write, child, row["Id"], changes, before=row, published=published)
