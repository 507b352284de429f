"""One step of a lane's loop: tidy up, look up lost answers, and bring what is due to the system.

recover ─▶ what waited in time ─▶ blocked? ─▶ park what is due
                                      │ no
                                      ▼
                    look up ─▶ full, or old enough? ─▶ claim ─▶ write ─▶ settle
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import replace

import structlog

from actionsync_server.clock import MINUTE, SECOND, Clock, Micros
from actionsync_server.flows.delivery.allowance import rank_of
from actionsync_server.flows.delivery.claims import Claims
from actionsync_server.flows.delivery.lanes import BATCH_WINDOW, Block, LaneState
from actionsync_server.flows.delivery.outcomes import unknown
from actionsync_server.flows.delivery.releases import Releases
from actionsync_server.flows.delivery.settlement import Settlement
from actionsync_server.flows.delivery.writer import Writer, Written
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState
from actionsync_server.model.errors import System
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.deliveries import DeliveryWrites, Move
from actionsync_server.store.delivery_queue import DeliveryQueue, Lane

log = structlog.get_logger(__name__)

#: Between two looks at what only the store or the settings can tell.
IDLE: Micros = 30 * SECOND
#: How long in Salesforce the later deliveries of a person wait for an earlier one that is tried again. Marketo's rows
#: cannot be put in order afterwards, so there they wait as long as it takes.
PATIENCE: Micros = 20 * MINUTE
#: Reasons that a block tells of: without the block, nothing waits for them any more.
_SELF_EVIDENT = frozenset({DeliveryReason.STOPPED, DeliveryReason.NOT_CONNECTED})
#: Reasons that are found out by trying: after a restart everything that waits for them tries once more.
_BY_TRYING = frozenset({DeliveryReason.LOGIN_INVALID, DeliveryReason.SYSTEM_NOT_PREPARED})
_LOT = 300


class DeliveryRound:
    """The rounds of one lane. Not to be run twice at the same time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        lane: Lane,
        state: LaneState,
        writer: Writer,
        settlement: Settlement,
        releases: Releases,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lane = lane
        self._state = state
        self._writer = writer
        self._settlement = settlement
        self._releases = releases
        self._queue = DeliveryQueue(database, lane)
        self._claims = Claims(database, clock, lane, first_look=writer.first_look)
        self._rank = rank_of(lane.subject_kind)
        self._tidied: Micros | None = None

    async def step(self) -> float:
        """Do what can be done now; return after how many seconds to come again, 0 for at once."""
        await self._claims.recover()
        await self._releases.in_time(self._lane)
        block = await self._block()
        await self._tidy(block)
        if block is not None:
            parked = await self._park(block)
            return 0.0 if parked == _LOT else await self._pause(None)
        if self._clock.now() < self._state.gate.pause_until:
            return await self._pause(self._state.gate.pause_until)
        lost = await self._queue.due(DeliveryState.UNKNOWN, now=self._clock.now(), count=_LOT)
        if lost:
            await self._run(lost, self._writer.look_up(lost))
            return 0.0
        now = self._clock.now()
        ready = await self._queue.ready(
            now=now,
            count=self._writer.lot_size,
            one_per_person=self._writer.one_per_person,
            held_until=now + PATIENCE if self._lane.system is System.SALESFORCE else None,
        )
        if not ready:
            return await self._pause(None)
        complete_at = min(one.due_time or 0 for one in ready) + BATCH_WINDOW
        if len(ready) < self._writer.lot_size and self._clock.now() < complete_at:
            return await self._pause(complete_at)
        claimed = await self._claims.claim(ready)
        await self._run(claimed, self._writer.write(claimed))
        await self._let_go_again()
        return 0.0

    async def _block(self) -> Block | None:
        """Return why nothing can be written now: what the writer knows, or calls that are spent or left to others."""
        known = await self._writer.block()
        until = self._state.allowance.blocked_until(self._rank, self._clock.now())
        return known if known is not None or until is None else Block(DeliveryReason.QUOTA_EXHAUSTED, until)

    async def _run(self, deliveries: Sequence[Delivery], work: Awaitable[Written]) -> None:
        """Await the writer and note down what came of each delivery, also when the writer breaks."""
        started = self._clock.now()
        try:
            written = await work
        except Exception:
            log.exception("delivery_round_broke", instance_id=self._lane.instance_id, system=self._lane.system.name)
            written = []
            self._state.gate.pause(self._clock.now(), least=0, jitter=0.5)
        self._count(written)
        answered = {delivery.delivery_id for delivery, _ in written}
        # Whatever has no answer may have been written: it is looked up, never written again unseen.
        due = self._clock.now() + max(self._writer.first_look, SECOND)
        for delivery in deliveries:
            if delivery.delivery_id not in answered:
                outcome = unknown(None, due=due)
                looked_up = delivery.state is DeliveryState.UNKNOWN
                written.append((delivery, outcome.not_attempted() if looked_up else outcome))
        await self._settlement.settle(written, started=started)

    def _count(self, written: Written) -> None:
        """Let the other lanes know whether there are calls left."""
        for _, outcome in written:
            if outcome.reason is DeliveryReason.QUOTA_EXHAUSTED and outcome.attempted and outcome.due_time is not None:
                self._state.allowance.spent(outcome.due_time)
                return
        if any(outcome.state is DeliveryState.DELIVERED and outcome.attempted for _, outcome in written):
            self._state.allowance.returned()

    async def _tidy(self, block: Block | None) -> None:
        """Now and then, let go what waits for something that only a look can tell is there."""
        now = self._clock.now()
        if self._tidied is not None and now < self._tidied + IDLE:
            return
        reasons = _SELF_EVIDENT if self._tidied is not None else _SELF_EVIDENT | _BY_TRYING
        self._tidied = now
        await self._releases.let_go(self._lane, reasons - ({block.reason} if block is not None else set()))
        if self._lane.system is System.SALESFORCE:
            await self._releases.found_in_salesforce(self._lane)

    async def _let_go_again(self) -> None:
        """After a success, let go what an earlier refusal of every call had parked."""
        for gate in (self._state.gate, *self._state.sellers.values()):
            if gate.reopened:
                reasons = frozenset(gate.reopened)
                gate.reopened.clear()
                await self._releases.let_go(self._lane, reasons)

    async def _park(self, block: Block) -> int:
        """Say of everything that is due why it is not written."""
        now = self._clock.now()
        due: list[Delivery] = []
        for state in (DeliveryState.PENDING, DeliveryState.RETRYING):
            due += await self._queue.due(state, now=now, count=_LOT - len(due))
        ids = [one.delivery_id for one in due]

        async def work(transaction: Transaction) -> None:
            writes = DeliveryWrites(transaction, self._lane.instance_id)
            moves = [
                Move(
                    one,
                    replace(
                        one,
                        state=DeliveryState.WAITING,
                        reason=block.reason,
                        due_time=block.until,
                        update_time=now,
                    ),
                )
                for one in (await writes.many(ids)).values()
                if one.state in (DeliveryState.PENDING, DeliveryState.RETRYING)
            ]
            await writes.move(moves)

        if ids:
            await self._database.write(work)
        return len(ids)

    async def _pause(self, until: Micros | None) -> float:
        """Return the seconds until there is something to do: `until`, the next due time, or the next look."""
        now = self._clock.now()
        times = [now + IDLE, *([until] if until is not None else [])]
        following = await self._queue.next_time(now=now)
        if following is not None and until is None:
            times.append(following)
        return max(min(times) - now, 0) / SECOND
