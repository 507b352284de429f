"""What is known of the lanes without asking the store: when to wake up, and whether a system is closed to us."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from actionsync_server.clock import MINUTE, SECOND, Micros
from actionsync_server.flows.delivery.allowance import Allowance
from actionsync_server.model.deliveries import DeliveryReason, backoff
from actionsync_server.model.errors import System
from actionsync_server.store.delivery_queue import Lane

#: After a refused login nobody may come to connect again; those that met the refusal try whether it is taken by now.
PROBE_INTERVAL: Micros = 15 * MINUTE
#: A busy system is asked again after at most so long, whatever the backoff of single deliveries.
LONGEST_PAUSE: Micros = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Block:
    """Why nothing can be written now, and until when at least (None: until something else changes)."""

    reason: DeliveryReason
    until: Micros | None = None


@dataclass(slots=True)
class Gate:
    """One system as the last calls found it. Kept in memory: after a restart the first call finds out anew."""

    block: Block | None = None
    pause_until: Micros = 0
    failure_count: int = 0
    reopened: set[DeliveryReason] = field(default_factory=set)
    _closed_for: DeliveryReason | None = None

    def blocked(self, now: Micros) -> Block | None:
        """Return why nothing can be written now, None when nothing is known against it."""
        if self.block is not None and self.block.until is not None and self.block.until <= now:
            self.block = None
        return self.block

    def close(self, block: Block) -> None:
        """Note that every write would meet the same refusal."""
        self.block = block
        self._closed_for = block.reason

    def pause(self, now: Micros, *, least: Micros, jitter: float) -> None:
        """Note that the system is busy or down: longer each time, so that a backlog does not hammer it."""
        self.failure_count += 1
        self.pause_until = now + max(least, min(backoff(self.failure_count, jitter=jitter), LONGEST_PAUSE))

    def answered(self) -> None:
        """Note that the system works; what was parked for the last refusal may go on (`reopened`)."""
        self.failure_count = 0
        self.pause_until = 0
        if self._closed_for is not None:
            self.reopened.add(self._closed_for)
            self._closed_for = self.block = None

    def open(self) -> None:
        """Forget everything against the system: somebody says that it has changed."""
        self.failure_count = 0
        self.pause_until = 0
        self.block = None


@dataclass(slots=True)
class LaneState:
    """The memory of one lane. `sellers` holds the gates of the sellers' own logins; the allowance is shared."""

    wake_event: asyncio.Event = field(default_factory=asyncio.Event)
    allowance: Allowance = field(default_factory=Allowance)
    gate: Gate = field(default_factory=Gate)
    sellers: dict[str, Gate] = field(default_factory=dict)

    def seller(self, user_id: str) -> Gate:
        """Return the gate of a seller's own login; the instance's for the empty id."""
        return self.gate if not user_id else self.sellers.setdefault(user_id, Gate())

    def open(self) -> None:
        """Forget everything against the system and every login."""
        self.allowance.forget()
        self.gate.open()
        self.sellers.clear()


class DeliveryLanes:
    """All lanes of the process."""

    def __init__(self) -> None:
        self._states: dict[Lane, LaneState] = {}
        self._allowances: dict[tuple[str, System], Allowance] = {}

    def state(self, lane: Lane) -> LaneState:
        """Return the memory of a lane."""
        if lane not in self._states:
            self._states[lane] = LaneState(allowance=self.allowance(lane.instance_id, lane.system))
        return self._states[lane]

    def allowance(self, instance_id: str, system: System) -> Allowance:
        """Return what is known of the calls that an instance has left with a system."""
        return self._allowances.setdefault((instance_id, system), Allowance())

    def of(self, instance_id: str, system: System) -> list[Lane]:
        """Return the lanes of an instance to a system."""
        return [lane for lane in self._states if lane.instance_id == instance_id and lane.system is system]

    def wake(self, instance_id: str, *systems: System) -> None:
        """Let the workers of an instance look at once; without systems, all of them."""
        for lane, state in self._states.items():
            if lane.instance_id == instance_id and (not systems or lane.system in systems):
                state.wake_event.set()


#: How long a delivery may wait for company, so that many share one call.
BATCH_WINDOW: Micros = 2 * SECOND
