"""Drops what nobody needs any more, as the settings say, in small transactions.

    retention.deliveries   deliveries that are over, with their attempts; the checks before sends; nightly comparisons
    retention.changes      the change log behind the watches
    a day                  answers kept for repeated requests

Activities, people, unsubscribes and their history stay. Seen rows of the feeds go with each reading of a feed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from actionsync_server.clock import HOUR, SECOND, Clock
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.store import changes
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.reconciles import ReconcileWrites
from actionsync_server.store.requests import AnswerWrites
from actionsync_server.store.retired import retire_checks, retire_deliveries

log = structlog.get_logger(__name__)

#: Rows of one kind in one transaction: others wait a few milliseconds for the writer at most.
LOT = 500
_EVERY = HOUR

#: Drops up to a lot of one kind; returns how many went.
_Drop = Callable[[Transaction], Awaitable[int]]


class Retention:
    """Keeps every instance as small as its settings say."""

    def __init__(self, database: Database, clock: Clock, *, settings: SettingsFlow) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    async def step(self, instance_id: str) -> float:
        """Drop all that is over its time; return the seconds until the next look."""
        kept = (await self._settings.get(instance_id)).retention
        now = self._clock.now()
        by_deliveries, by_changes = now - kept.deliveries, now - kept.changes

        async def forget_answers(transaction: Transaction) -> int:
            return await AnswerWrites(transaction, instance_id).forget_old(now=now)

        async def forget_reconciles(transaction: Transaction) -> int:
            return await ReconcileWrites(transaction, instance_id).prune(before=by_deliveries)

        kinds: dict[str, _Drop] = {
            "deliveries": partial(retire_deliveries, instance_id=instance_id, before=by_deliveries, count=LOT),
            "checks": partial(retire_checks, instance_id=instance_id, before=by_deliveries, count=LOT),
            "changes": partial(changes.compact, instance_id=instance_id, before=by_changes, count=LOT),
            "answers": forget_answers,
            "reconciles": forget_reconciles,
        }
        dropped = {name: count for name, drop in kinds.items() if (count := await self._drop(drop))}
        if dropped:
            log.info("old_rows_dropped", instance_id=instance_id, **dropped)
        return _EVERY / SECOND

    async def _drop(self, drop: _Drop) -> int:
        total = 0
        while count := await self._database.write(drop):
            total += count
        return total
