"""Merge leads: the losers vanish, the winner keeps what they had and it had not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.companies import membership
from actionsync_simulators.marketo.dated_changes import MERGE_LIMIT
from actionsync_simulators.marketo.gateway.call import as_integer, unique
from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import wire
from actionsync_simulators.marketo.leads.read import check_there
from actionsync_simulators.marketo.leads.rows import full_name

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription

LOSERS_PER_CALL = 25
OWN_TO_EACH = frozenset(
    [
        "id",
        "createdAt",
        "updatedAt",
        "changed at",
        "mktoName",
        "leadPerson",
        "personPrimaryLeadInterest",
        "leadPartitionId",
    ]
)
"""Columns that a merge never takes over."""


def merge(site: Subscription, call: Call) -> Members:
    """POST leads/{id}/merge: merge `leadId` or `leadIds` into the winner; no `result` on success."""
    winner = as_integer(call.arguments[0])
    losers = unique([*call.integers("leadIds"), *call.integers("leadId")])
    if not losers:
        raise api_error("1002", "leadIds")
    if len(losers) > LOSERS_PER_CALL and site.dated_changes.in_force(MERGE_LIMIT):
        raise api_error("1080", LOSERS_PER_CALL)
    if winner in losers:
        raise invalid_data("The winning lead cannot be merged into itself")
    in_crm = bool(call.flag("mergeInCRM")) and site.switches.crm != "none"
    for lead_id in (winner, *losers):
        check_there(site, call, lead_id)
    if in_crm:
        winner, losers = _by_crm_rank(site, winner, losers)
    merge_leads(site, winner, losers, in_crm=in_crm, source="leaddb")
    return {}


def _by_crm_rank(site: Subscription, winner: int, losers: list[int]) -> tuple[int, list[int]]:
    """Let a CRM contact win over a CRM lead, and a CRM record over one that only Marketo knows (any more)."""
    everyone = [winner, *losers]

    def rank(lead_id: int) -> int:
        kind = site.database.value(
            'SELECT "sfdcType" FROM leads WHERE id = ? AND NOT ifnull("sfdcIsDeleted", 0)', (lead_id,)
        )
        return {"Contact": 0, "Lead": 1}.get(kind, 2)

    best = min(everyone, key=lambda lead_id: (rank(lead_id), everyone.index(lead_id)))
    return best, [lead_id for lead_id in everyone if lead_id != best]


def merge_leads(site: Subscription, winner: int, losers: list[int], *, in_crm: bool, source: str) -> None:
    """Merge existing leads: values, cookies, memberships and activities move; records the 32 on the winner."""
    database = site.database
    row = site.leads.stored(winner)
    if row is None:
        raise LookupError(f"there is no lead {winner}")
    taken: dict[str, Any] = {}
    for loser in losers:
        other = site.leads.stored(loser)
        if other is None:
            raise LookupError(f"there is no lead {loser}")
        taken |= _gaps(row, other, taken)
    taken = membership.after_merge(site, row, taken)
    for loser in losers:
        database.execute(
            "INSERT OR IGNORE INTO list_members SELECT list_id, ?, created_at, updated_at FROM list_members"
            " WHERE lead_id = ?",
            (winner, loser),
        )
        for table in ("program_members", "campaign_members"):
            # What the winner is in already stays as it is; the rest of the loser's goes with the loser.
            database.execute(f"UPDATE OR IGNORE {table} SET lead_id = ? WHERE lead_id = ?", (winner, loser))  # noqa: S608
        database.execute('UPDATE OR IGNORE opportunity_roles SET "leadId" = ? WHERE "leadId" = ?', (winner, loser))
        database.execute("UPDATE lead_cookies SET lead_id = ? WHERE lead_id = ?", (winner, loser))
        database.execute("UPDATE activities SET lead_id = ? WHERE lead_id = ?", (winner, loser))
        if site.switches.merge_deletes == "on":
            site.leads.delete(loser)
        else:
            site.leads.remove(loser)
    if taken:
        now = wire(site.clock.now())
        name = full_name(*(taken.get(part, row[part]) for part in ("firstName", "lastName")))
        values = {**taken, "mktoName": name, "updatedAt": now, "changed at": now}
        sets = ", ".join(f'"{column}" = ?' for column in values)
        database.execute(f"UPDATE leads SET {sets} WHERE id = ?", (*values.values(), winner))  # noqa: S608
    site.recorder.add(
        winner,
        types.MERGE_LEADS,
        asset_id=winner,
        asset=database.value('SELECT "mktoName" FROM leads WHERE id = ?', (winner,)),
        attributes={
            "Merge IDs": losers,
            "Merge Source": source,
            "Merged in Sales": in_crm,
            "Master Updated": bool(taken),
        },
    )


def _gaps(winner: sqlite3.Row, loser: sqlite3.Row, taken: dict[str, Any]) -> dict[str, Any]:
    return {
        column: value
        for column, value in zip(loser.keys(), loser, strict=True)
        if value is not None and winner[column] is None and column not in taken and column not in OWN_TO_EACH
    }
