"""Putting the sync into a Marketo simulator: its state, its port, its control calls."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from actionsync_simulators.marketo.crm_sync.mapping import MARKETO_LINKEDIN
from actionsync_simulators.marketo.crm_sync.port import Port
from actionsync_simulators.marketo.crm_sync.salesforce_api import SalesforceApi
from actionsync_simulators.marketo.crm_sync.state import StateStore
from actionsync_simulators.marketo.crm_sync.sync import DEFAULT_INTERVAL_SECONDS, NativeSync

if TYPE_CHECKING:
    from actionsync_simulators.marketo.app import MarketoSimulator


def connect_native_sync(
    marketo: MarketoSimulator,
    api: SalesforceApi,
    *,
    start: datetime,
    interval: float = DEFAULT_INTERVAL_SECONDS,
) -> NativeSync:
    """Return the sync of this subscription. Call it before anything is changed after seeding.

    `start` is the time the seed was made for: up to then both sides agree. `interval` is in seconds.
    """
    port = marketo.native
    sync = NativeSync(
        api,
        port,
        store=StateStore(marketo.database, start=start, cursor=_end_of_changes(port)),
        transaction=marketo.database.transaction,
        clock=marketo.clock,
        interval=interval,
        linkedin=MARKETO_LINKEDIN in marketo.subscription.fields,
    )

    async def run(_: dict[str, Any]) -> dict[str, Any]:
        return await sync.run_once()

    def status(_: dict[str, Any]) -> dict[str, Any]:
        return sync.status()

    marketo.control_routes[("POST", "native-sync/run")] = run
    marketo.control_routes[("GET", "native-sync")] = status
    return sync


def _end_of_changes(port: Port) -> int:
    """Return the place behind all opt-out changes that the seed holds: both sides agree on them."""
    cursor = 0
    while True:
        _, behind = port.unsubscribed_changes_since(cursor)
        if behind == cursor:
            return cursor
        cursor = behind
