"""Lead partitions: which there are, who may reach them, and moving leads between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from actionsync_simulators.marketo.activities import types
from actionsync_simulators.marketo.gateway.call import as_integer, skipped
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.times import wire
from actionsync_simulators.marketo.leads.rows import CHANGED

if TYPE_CHECKING:
    import sqlite3

    from actionsync_simulators.marketo.gateway.call import Call
    from actionsync_simulators.marketo.gateway.envelope import Members
    from actionsync_simulators.marketo.subscription import Subscription


class Reach(Protocol):
    """Who acts, as far as partitions go: a call, or a job that goes on after its call."""

    @property
    def partitions(self) -> frozenset[str] | None:
        """Lower-case names of the partitions in reach; None means all."""


def partitions(site: Subscription, call: Call) -> Members:
    """GET leads/partitions: the partitions that the user may reach."""
    rows = site.database.rows("SELECT id, name, description FROM partitions ORDER BY id")
    return {
        "result": [
            {name: value for name, value in zip(row.keys(), row, strict=True) if value is not None}
            for row in rows
            if _may_reach(call, row["name"])
        ]
    }


def change(site: Subscription, call: Call) -> Members:
    """POST leads/partitions: move leads; each move leaves an activity 100."""
    result = []
    for record in call.input_records():
        try:
            result.append(_move(site, call, record))
        except ApiError as error:
            row = {"id": record["id"]} if isinstance(record.get("id"), int) else {}
            result.append(skipped(error, **row))
    return {"result": result}


def _move(site: Subscription, call: Call, record: dict[str, Any]) -> dict[str, Any]:
    if record.get("id") is None:
        raise api_error("1002", "id")
    lead_id = as_integer(record["id"])
    name = record.get("partitionName")
    if not name:
        raise api_error("1009")
    partition = find_partition(site, name)
    row = site.database.row('SELECT "leadPartitionId" FROM leads WHERE id = ?', (lead_id,))
    if row is None:
        raise api_error("1004")
    old_name = site.database.value("SELECT name FROM partitions WHERE id = ?", (row[0],))
    for one in (old_name, partition["name"]):
        if not _may_reach(call, one):
            raise api_error("1008", one)
    if row[0] != partition["id"]:
        now = wire(site.clock.now())
        site.database.execute(
            f'UPDATE leads SET "leadPartitionId" = ?, "updatedAt" = ?, {CHANGED} = ? WHERE id = ?',  # noqa: S608
            (partition["id"], now, now, lead_id),
        )
        site.recorder.add(
            lead_id,
            types.CHANGE_PARTITION,
            asset_id=partition["id"],
            asset=partition["name"],
            attributes={"Old Partition ID": row[0], "Reason": "Web service API"},
        )
    return {"id": lead_id, "status": "updated"}


def find_partition(site: Subscription, name: Any) -> sqlite3.Row:
    """Return a partition by name; 1003 when there is none."""
    row = site.database.row("SELECT id, name FROM partitions WHERE name = ?", (str(name).strip(),))
    if row is None:
        raise invalid_data(f"Partition '{name}' not found")
    return row


def home_partition(site: Subscription, reach: Reach, name: str | None) -> int:
    """Return the id of the partition that a new lead goes to.

    1008 when the user may not reach the named one; 1009 without a name when the user's partitions leave a choice.
    """
    if name is not None:
        row = find_partition(site, name)
        if not _may_reach(reach, row["name"]):
            raise api_error("1008", row["name"])
        return int(row["id"])
    if reach.partitions is None:
        return 1
    rows = site.database.rows("SELECT id, name FROM partitions ORDER BY id")
    own = [int(row["id"]) for row in rows if _may_reach(reach, row["name"])]
    if len(own) != 1:
        raise api_error("1009")
    return own[0]


def _may_reach(reach: Reach, name: str) -> bool:
    return reach.partitions is None or name.lower() in reach.partitions
