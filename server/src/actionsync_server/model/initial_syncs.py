"""The initial load: its states, its progress, and the chunks it is cut into.

RUNNING ◀──▶ WAITING          Marketo has to do something first: a quota, an export job, an outage
   │  ▲         │
   ▼  │         ▼
  PAUSED ──▶ CANCELLED        by a person
RUNNING ──▶ SUCCEEDED | FAILED
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from actionsync_server.clock import Micros
from actionsync_server.model.persons import SkipReason


class InitialSyncState(Enum):
    """Where an initial sync stands; the numbers are the contract's."""

    RUNNING = 1
    PAUSED = 2
    WAITING = 3
    SUCCEEDED = 4
    FAILED = 5
    CANCELLED = 6


#: It reads, or will go on reading by itself.
WORKING_STATES = frozenset({InitialSyncState.RUNNING, InitialSyncState.WAITING})
#: Nothing more comes.
FINAL_STATES = frozenset({InitialSyncState.SUCCEEDED, InitialSyncState.FAILED, InitialSyncState.CANCELLED})


class InitialSyncMethod(Enum):
    """How the people are read; the numbers are the contract's."""

    BULK_EXTRACT = 1
    REST_PAGES = 2


class ConflictPolicy(Enum):
    """What to do if one is running already; the numbers are the contract's."""

    USE_RUNNING = 1
    FAIL = 2
    RESTART = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something failed, as an item error tells it: gRPC code, reason, words."""

    code: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the Marketo people that were read."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: dict[SkipReason, int] = field(default_factory=dict)

    @property
    def processed(self) -> int:
        """All of them."""
        return self.created + self.updated + self.unchanged + sum(self.skipped.values())

    def plus(self, other: Tally, *, times: int = 1) -> Tally:
        """Return both together; with `times=-1`, this one without the other."""
        reasons = [*self.skipped, *(reason for reason in other.skipped if reason not in self.skipped)]
        skipped = {one: self.skipped.get(one, 0) + times * other.skipped.get(one, 0) for one in reasons}
        return Tally(
            self.created + times * other.created,
            self.updated + times * other.updated,
            self.unchanged + times * other.unchanged,
            {reason: count for reason, count in skipped.items() if count},
        )


@dataclass(frozen=True, slots=True)
class InitialSync:
    """One initial load. `method` is None until it is planned, `expected_count` while unknown."""

    initial_sync_id: str
    state: InitialSyncState
    method: InitialSyncMethod | None
    tally: Tally
    expected_count: int | None
    call_count: int
    finished_chunk_count: int
    chunk_count: int
    wait_reason: str
    wait_until_time: Micros | None
    error: Failure | None
    start_user_id: str
    start_time: Micros
    end_time: Micros | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """One window of creation times (microseconds) or one range of lead ids, both ends included.

    `committed_rows` is the checkpoint: rows of the file, or ids of the range, that are applied. `tally` is what
    became of them. `recounted` is how many rows that were made or changed here come again as unchanged, because the
    file was lost and is read anew: they are counted once.
    """

    chunk_number: int
    start_position: int
    end_position: int
    export_id: str = ""
    committed_rows: int = 0
    tally: Tally = field(default_factory=Tally)
    recounted: int = 0
    finished: bool = False
