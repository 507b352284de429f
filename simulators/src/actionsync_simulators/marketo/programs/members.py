"""Membership of people in programs: joining, moving on to a status, leaving; and the activity that each leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.activities.types import CHANGE_PROGRESSION
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error
from actionsync_simulators.marketo.gateway.times import wire

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription


@dataclass(frozen=True, slots=True)
class Status:
    """One status of a program's channel. Members only move to a higher step through the API."""

    id: int
    name: str
    step: int
    success: bool


def find_program(site: Subscription, program_id: int) -> sqlite3.Row:
    """Return a program; 1013 when there is none."""
    row = site.database.row("SELECT * FROM programs WHERE id = ?", (program_id,))
    if row is None:
        raise ApiError("1013", f"Program {program_id} not found")
    return row


def program_named(site: Subscription, name: str) -> sqlite3.Row:
    """Return a program by name (in any case); 1013 when there is none."""
    row = site.database.row("SELECT * FROM programs WHERE name = ?", (name,))
    if row is None:
        raise ApiError("1013", f"Program '{name}' not found")
    return row


def statuses(site: Subscription, program: sqlite3.Row) -> list[Status]:
    """Return the statuses that members of a program can have, in the order of steps."""
    rows = site.database.rows(
        "SELECT progression_statuses.* FROM progression_statuses JOIN channels ON channels.id = channel_id"
        " WHERE channels.name = ? ORDER BY step",
        (program["channel"],),
    )
    return [Status(row["id"], row["name"], row["step"], bool(row["success"])) for row in rows]


def status_named(site: Subscription, program: sqlite3.Row, name: Any) -> Status:
    """Return a status of a program by name (in any case); 1025 when its channel has none of that name."""
    wanted = str(name).strip().casefold()
    for one in statuses(site, program):
        if one.name.casefold() == wanted:
            return one
    raise api_error("1025")


def first_status(site: Subscription, program: sqlite3.Row) -> Status:
    """Return the status that people begin with who join without one."""
    return next(one for one in statuses(site, program) if one.step > 0)


def member(site: Subscription, program_id: int, lead_id: int) -> sqlite3.Row | None:
    """Return the membership of a lead in a program, or None."""
    return site.database.row(
        "SELECT * FROM program_members WHERE program_id = ? AND lead_id = ?", (program_id, lead_id)
    )


def advance(
    site: Subscription,
    program: sqlite3.Row,
    lead_id: int,
    status: Status,
    *,
    reason: str,
    acquired: bool = False,
    campaign_id: int | None = None,
) -> str:
    """Let a lead be a member with this status and return `created` or `updated`; 1037 when it is there or past it.

    `acquired`: the program is how the lead became known; it counts for a new membership only.
    """
    now = wire(site.clock.now())
    old = member(site, program["id"], lead_id)
    known = {one.name: one for one in statuses(site, program)}
    before = known.get(old["status"]) if old is not None else None
    if status.step <= (before.step if before is not None else 0):
        raise ApiError("1037", "Lead skipped because it is already in or past this status")
    if old is None:
        site.database.execute(
            "INSERT INTO program_members (program_id, lead_id, status, acquired_by, reached_success,"
            " reached_success_at, membership_date, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                program["id"],
                lead_id,
                status.name,
                int(acquired),
                int(status.success),
                now if status.success else None,
                now,
                now,
                now,
            ),
        )
    else:
        # Success once reached stays reached.
        site.database.execute(
            "UPDATE program_members SET status = ?, reached_success = max(reached_success, ?),"
            " reached_success_at = ifnull(reached_success_at, ?), updated_at = ? WHERE id = ?",
            (status.name, int(status.success), now if status.success else None, now, old["id"]),
        )
    row = member(site, program["id"], lead_id)
    if row is None:
        raise LookupError(f"lead {lead_id} is no member of program {program['id']}")
    previous = before or next((one for one in known.values() if one.step == 0), None)
    site.recorder.add(
        lead_id,
        CHANGE_PROGRESSION,
        asset_id=program["id"],
        asset=program["name"],
        campaign_id=campaign_id,
        attributes={
            "Acquired By": bool(row["acquired_by"]),
            "New Status": status.name,
            "New Status ID": status.id,
            "Old Status": previous.name if previous else None,
            "Old Status ID": previous.id if previous else None,
            "Program Member ID": row["id"],
            "Reason": reason,
            "Success": bool(row["reached_success"]),
        },
    )
    return "created" if old is None else "updated"


def leave(site: Subscription, program_id: int, lead_id: int) -> None:
    """Take a lead out of a program; LookupError when it is no member."""
    cursor = site.database.execute(
        "DELETE FROM program_members WHERE program_id = ? AND lead_id = ?", (program_id, lead_id)
    )
    if not cursor.rowcount:
        raise LookupError(f"lead {lead_id} is no member of program {program_id}")
