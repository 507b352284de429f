"""How a page of the activity log is read: from a position, oldest first, only what is visible and still kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.marketo.activities.types import retention_seconds
from actionsync_simulators.marketo.gateway.paging import Position
from actionsync_simulators.marketo.gateway.times import epoch_seconds

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.subscription import Subscription

COLUMNS = "id, lead_id, at, type_id, campaign_id, asset_id, asset, attributes"
VISIBLE = "(visible_at IS NULL OR visible_at <= :now)"
AFTER = "(at > :at OR id > :row)"
"""Behind a position, for rows that are not before its second."""
EVER = -(2**62)


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """Which rows a feed is asked for."""

    type_ids: list[int]
    asset_ids: list[int] = field(default_factory=list)
    lead_ids: list[int] = field(default_factory=list)
    list_id: int | None = None

    def condition(self) -> str:
        """Return the SQL condition beside the types."""
        parts = [VISIBLE]
        if self.lead_ids:
            parts.append("lead_id IN (SELECT value FROM json_each(:lead_ids))")
        if self.list_id is not None:
            parts.append("lead_id IN (SELECT lead_id FROM list_members WHERE list_id = :list_id)")
        if self.asset_ids:
            parts.append("asset_id IN (SELECT value FROM json_each(:asset_ids))")
        return " AND ".join(parts)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a page, the position behind it, and whether there is more."""

    rows: list[sqlite3.Row]
    end: Position
    more: bool


def filled_page(site: Subscription, wanted: FeedFilter, position: Position, *, batch: int) -> Page:
    """Return up to `batch` matching rows; there is more when another row matches."""
    params = _params(site, wanted, position) | {"limit": batch + 1}
    condition = wanted.condition()
    # Each type is read in order from its own index range; the ranges are then merged.
    index = "activities_lead" if wanted.lead_ids else "activities_type"
    ranges = []
    for number, type_id in enumerate(wanted.type_ids):
        params[f"type{number}"] = type_id
        params[f"since{number}"] = max(kept_since(site, type_id), position.at)
        ranges.append(
            f"SELECT * FROM (SELECT {COLUMNS} FROM activities INDEXED BY {index}"  # noqa: S608 - constants
            f" WHERE type_id = :type{number} AND at >= :since{number} AND {AFTER} AND {condition}"
            " ORDER BY at, id LIMIT :limit)"
        )
    rows = site.database.rows(f"{' UNION ALL '.join(ranges)} ORDER BY at, id LIMIT :limit", params)
    shown = rows[:batch]
    end = Position(shown[-1]["at"], shown[-1]["id"]) if shown else position
    return Page(shown, end, len(rows) > batch)


def scan_page(site: Subscription, wanted: FeedFilter, position: Position, *, window: int) -> Page:
    """Look at the next `window` rows of any type and keep those that match: pages may be short or empty."""
    params = _params(site, wanted, position) | {"limit": window + 1}
    scanned = site.database.rows(
        f"SELECT id, at FROM activities WHERE at >= :at AND {AFTER} AND {VISIBLE} ORDER BY at, id LIMIT :limit",  # noqa: S608
        params,
    )
    looked_at = scanned[:window]
    if not looked_at:
        return Page([], position, more=False)
    end = Position(looked_at[-1]["at"], looked_at[-1]["id"])
    params |= {"ids": orjson.dumps([row["id"] for row in looked_at]).decode()}
    params |= {"types": orjson.dumps(wanted.type_ids).decode()}
    rows = site.database.rows(
        f"SELECT {COLUMNS} FROM activities WHERE id IN (SELECT value FROM json_each(:ids))"  # noqa: S608
        f" AND type_id IN (SELECT value FROM json_each(:types)) AND {wanted.condition()} ORDER BY at, id",
        params,
    )
    kept = [row for row in rows if row["at"] >= kept_since(site, row["type_id"])]
    return Page(kept, end, len(scanned) > window)


def _params(site: Subscription, wanted: FeedFilter, position: Position) -> dict[str, Any]:
    return {
        "now": site.clock.now().timestamp(),
        "at": position.at,
        "row": position.row,
        "lead_ids": orjson.dumps(wanted.lead_ids).decode(),
        "list_id": wanted.list_id,
        "asset_ids": orjson.dumps(wanted.asset_ids).decode(),
    }


def kept_since(site: Subscription, type_id: int) -> int:
    """Return the epoch second before which rows of a type are gone."""
    kept = retention_seconds(type_id) if site.switches.retention == "on" else None
    return EVER if kept is None else epoch_seconds(site.clock.now()) - kept
