"""Marketo's own sync with Salesforce, as a subscription with the native sync has it: a cycle now and then.

It reads and writes Salesforce through its HTTP API as a user of its own, charged there like anybody else,
and writes Marketo's state through an internal port. When Salesforce fails, the cycle is given up, counted
and shown, and the next one takes up where the last good one ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from actionsync_simulators.clock import Clock
from actionsync_simulators.marketo.crm_sync.cycle import Cycle
from actionsync_simulators.marketo.crm_sync.mapping import FieldMap
from actionsync_simulators.marketo.crm_sync.port import Port
from actionsync_simulators.marketo.crm_sync.salesforce_api import SalesforceApi, SalesforceFailure
from actionsync_simulators.marketo.crm_sync.selling import SellingMaps, read_maps
from actionsync_simulators.marketo.crm_sync.state import StateReplaced, StateStore

log = logging.getLogger(__name__)

DEFAULT_INTERVAL_SECONDS = 300.0
FIELDS_ARE_FRESH = timedelta(hours=1)
"""After this time the fields of Lead and Contact are described anew: they or the rights on them may have changed."""
FIELD_TROUBLE = frozenset({"INVALID_FIELD", "INVALID_TYPE"})


class NativeSync:
    """Runs the cycles. `interval` is in seconds of simulator time."""

    def __init__(
        self,
        api: SalesforceApi,
        port: Port,
        *,
        store: StateStore,
        transaction: Callable[[], AbstractContextManager[None]],
        clock: Clock,
        interval: float = DEFAULT_INTERVAL_SECONDS,
        linkedin: bool = True,
    ) -> None:
        if interval <= 0:
            raise ValueError("the interval of the native sync must be greater than 0")
        self._api = api
        self._port = port
        self._store = store
        self._transaction = transaction
        self._clock = clock
        self._interval = interval
        self._linkedin = linkedin
        self._one_at_a_time = asyncio.Lock()
        self._maps: dict[str, FieldMap] | None = None
        self._selling: SellingMaps | None = None
        self._described_at: datetime | None = None
        self._cycles = Counter[str]()
        self._totals = Counter[str]()
        self._errors = Counter[str]()
        self._last: dict[str, Any] | None = None
        self._last_error: dict[str, Any] | None = None
        self._next_at: datetime | None = None

    async def run_forever(self) -> None:
        """Run a cycle after each interval until cancelled."""
        while True:
            self._next_at = self._clock.now() + timedelta(seconds=self._interval)
            await self._clock.sleep(self._interval)
            await self.run_once()

    async def run_once(self) -> dict[str, Any]:
        """Run one cycle now (after the one under way, if any) and return what it did, or why it failed."""
        async with self._one_at_a_time:
            with self._clock.busy():
                return await self._cycle()

    async def close(self) -> None:
        """Close the connection to Salesforce."""
        await self._api.close()

    def status(self) -> dict[str, Any]:
        """Return what `GET /_sim/native-sync` shows."""
        state = self._store.load()
        return {
            "interval_seconds": self._interval,
            "next_cycle_at": self._next_at,
            "cycles": {"ok": self._cycles["ok"], "failed": self._cycles["failed"]},
            "totals": dict(sorted(self._totals.items())),
            "errors": dict(sorted(self._errors.items())),
            "last_cycle": self._last,
            "last_error": self._last_error,
            "salesforce_calls": self._api.calls,
            "token_refreshes": self._api.token_refreshes,
            "pending_opt_outs": len(state.pending),
            "watermarks": state.watermarks,
        }

    async def _cycle(self) -> dict[str, Any]:
        calls = self._api.calls
        outcome: dict[str, Any] = {"at": self._clock.now(), "ok": True}
        cycle: Cycle | None = None
        try:
            maps, selling = await self._field_maps()
            cycle = Cycle(
                self._api,
                self._port,
                store=self._store,
                transaction=self._transaction,
                now=self._clock.now,
                maps=maps,
                selling=selling,
            )
            await cycle.run()
        except StateReplaced as replaced:
            outcome |= {"ok": False, "error": {"code": "STATE_REPLACED", "message": str(replaced)}}
            self._errors["STATE_REPLACED"] += 1
            self._last_error = {"at": outcome["at"], **outcome["error"]}
        except SalesforceFailure as failure:
            outcome |= {"ok": False, "error": {"code": failure.code, "message": str(failure)}}
            self._errors[failure.code] += 1
            self._last_error = {"at": outcome["at"], **outcome["error"]}
            if failure.code in FIELD_TROUBLE:
                self._maps = None
            log.warning("native sync: cycle given up: %s", failure)
        if cycle is not None:
            outcome |= dict(cycle.counts)
            self._totals.update(cycle.counts)
            if cycle.refusals:
                outcome["refused"] = cycle.refusals
                self._errors.update(cycle.refusals)
        outcome["salesforce_calls"] = self._api.calls - calls
        self._cycles["ok" if outcome["ok"] else "failed"] += 1
        self._last = outcome
        return outcome

    async def _field_maps(self) -> tuple[dict[str, FieldMap], SellingMaps]:
        now = self._clock.now()
        stale = self._described_at is None or now - self._described_at >= FIELDS_ARE_FRESH
        if self._maps is None or self._selling is None or stale:
            self._maps = {
                sobject: FieldMap(
                    sobject,
                    await self._api.fields(sobject),
                    linkedin=self._linkedin,
                )
                for sobject in ("Lead", "Contact")
            }
            self._selling = await read_maps(self._api)
            self._described_at = now
        return self._maps, self._selling
