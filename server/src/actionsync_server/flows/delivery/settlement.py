"""Writes down what came of a round: states, attempts and changes in one transaction."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import structlog

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.delivery.outcomes import Outcome
from actionsync_server.model.deliveries import (
    RETRY_HORIZON,
    Attempt,
    Delivery,
    DeliveryReason,
    DeliveryState,
    backoff,
)
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.deliveries import Deliveries, DeliveryWrites, Move
from actionsync_server.telemetry import Metrics

log = structlog.get_logger(__name__)

Results = Sequence[tuple[Delivery, Outcome]]


class Settlement:
    """Settles the rounds of one instance."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rng: random.Random,
        *,
        instance_id: str,
        metrics: Metrics | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._rng = rng
        self._instance_id = instance_id
        self._metrics = metrics if metrics is not None else Metrics()

    async def settle(self, results: Results, *, started: Micros) -> None:
        """Move each delivery where its outcome says; retries get their time here, or fail beyond the horizon.

        An attempt is taken to have lasted from `started` until now.
        """
        if not results:
            return
        now = self._clock.now()
        retried = [delivery.delivery_id for delivery, outcome in results if outcome.state is DeliveryState.RETRYING]
        since = await Deliveries(self._database, self._instance_id).retrying_since(retried) if retried else {}
        moves = []
        for delivery, outcome in results:
            if outcome.state is DeliveryState.RETRYING and outcome.due_time is None:
                first = since.get(delivery.delivery_id, started)
                outcome = self._timed(outcome, delivery.attempt_count + 1, first=first, now=now)
            moves.append(_move(delivery, outcome, started=started, now=now))

        async def work(transaction: Transaction) -> None:
            await DeliveryWrites(transaction, self._instance_id).move(moves)

        await self._database.write(work)
        self._tell(moves)

    def _timed(self, outcome: Outcome, attempt_count: int, *, first: Micros, now: Micros) -> Outcome:
        delay = max(outcome.least_wait, backoff(attempt_count, jitter=self._rng.random()))
        if now + delay - first > RETRY_HORIZON:
            return replace(outcome, state=DeliveryState.FAILED, reason=DeliveryReason.RETRIES_EXHAUSTED)
        return replace(outcome, due_time=now + delay)

    def _tell(self, moves: Sequence[Move]) -> None:
        for move in moves:
            after = move.after
            self._metrics.delivery_outcomes.labels(
                self._instance_id, after.system.name.lower(), after.subject_kind.name.lower(), after.state.name.lower()
            ).inc()
            if after.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
                log.warning(
                    "delivery_failed" if after.state is DeliveryState.FAILED else "delivery_outcome_unknown",
                    instance_id=self._instance_id,
                    delivery_id=after.delivery_id,
                    system=after.system.name,
                    reason=after.reason.name,
                    code=after.error.code if after.error else "",
                )


def _move(delivery: Delivery, outcome: Outcome, *, started: Micros, now: Micros) -> Move:
    after = replace(
        delivery,
        state=outcome.state,
        reason=outcome.reason,
        attempt_count=delivery.attempt_count + (1 if outcome.attempted else 0),
        due_time=outcome.due_time,
        # Looking up says nothing new of what went wrong; success wipes it out.
        error=outcome.error or (None if outcome.state is DeliveryState.DELIVERED else delivery.error),
        external_id=outcome.external_id or delivery.external_id,
        warnings=tuple(dict.fromkeys((*delivery.warnings, *outcome.warnings))),
        update_time=now,
    )
    attempt = Attempt(started, now, outcome.state, outcome.error) if outcome.attempted else None
    return Move(delivery, after, attempt)
