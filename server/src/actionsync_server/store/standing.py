"""How things stand in the instances, for the metrics: what is not delivered, how far the feeds are, what alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select, union_all

from actionsync_server.clock import Micros
from actionsync_server.model.deliveries import OPEN_STATES, DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.store.database import Reader
from actionsync_server.store.schema import alerts, deliveries, sync_cursors
from actionsync_server.store.statement import Statement
from actionsync_server.store.sync_cursors import Feed

#: Finished ones are many and tell nothing that needs anybody.
SHOWN_STATES = [state for state in DeliveryState if state in OPEN_STATES or state is DeliveryState.FAILED]


def _one_state(system: System, state: DeliveryState) -> Select[Any, Any, Any, Any]:
    wanted: tuple[ColumnElement[int], ...] = tuple(literal_column(str(one.value)) for one in (system, state))
    return select(
        wanted[0].label("system"),
        wanted[1].label("state"),
        func.count().label("count"),
        func.min(deliveries.c.create_time).label("oldest"),
    ).where(
        deliveries.c.instance_id == bindparam("instance_id"),
        deliveries.c.system == wanted[0],
        deliveries.c.state == wanted[1],
    )


# State by state, so that the index on due deliveries answers without reading the finished ones; a list would not do.
_DELIVERIES = Statement(
    union_all(*(_one_state(system, state) for system in (System.MARKETO, System.SALESFORCE) for state in SHOWN_STATES))
)
_RETRYING = Statement(
    select(deliveries.c.delivery_id)
    .where(
        deliveries.c.instance_id == bindparam("instance_id"),
        deliveries.c.system == bindparam("system"),
        deliveries.c.state == DeliveryState.RETRYING.value,
    )
    .order_by(deliveries.c.due_time)
    .limit(bindparam("count"))
)
_FEEDS = Statement(select(sync_cursors.c.instance_id, sync_cursors.c.feed, sync_cursors.c.cursor_time))
_ALERTS = Statement(
    select(alerts.c.instance_id, alerts.c.name, func.count().label("count")).group_by(
        alerts.c.instance_id, alerts.c.name
    )
)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Deliveries of one instance to one system in one state that somebody still has to do something about."""

    instance_id: str
    system: System
    state: DeliveryState
    count: int
    oldest_time: Micros


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """Everything of a feed before this instant is applied."""

    instance_id: str
    feed: Feed
    cursor_time: Micros


async def undelivered(reader: Reader, instance_id: str) -> list[Undelivered]:
    """Return what is open or failed in one instance."""
    found = await reader.rows(_DELIVERIES, {"instance_id": instance_id})
    return [
        Undelivered(instance_id, System(row["system"]), DeliveryState(row["state"]), row["count"], row["oldest"])
        for row in found
        if row["count"]
    ]


async def retrying_ids(reader: Reader, instance_id: str, system: System, *, count: int) -> list[str]:
    """Return up to `count` deliveries that are to be tried again, the next one first."""
    parameters = {"instance_id": instance_id, "system": system.value, "count": count}
    return [row["delivery_id"] for row in await reader.rows(_RETRYING, parameters)]


async def feed_places(reader: Reader) -> list[FeedPlace]:
    """Return how far every feed of every instance is."""
    return [FeedPlace(row["instance_id"], Feed(row["feed"]), row["cursor_time"]) for row in await reader.rows(_FEEDS)]


async def alert_counts(reader: Reader) -> dict[tuple[str, str], int]:
    """Return how many alerts stand, by instance and name; what does not stand is left out."""
    return {(row["instance_id"], row["name"]): row["count"] for row in await reader.rows(_ALERTS)}
