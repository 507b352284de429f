"""The day's calls of one system, shared by everything that makes them: who gives way, and who asks first again.

unsubscribes > reminder tasks > Tasks > marks on Tasks > roll-ups

While calls are spent nobody makes any. When some may have come back, each kind of traffic tries in its turn: what
matters most first, the next a minute later, so that the first calls are not spent on what could wait. Optional traffic
stops before the calls are spent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from actionsync_server.clock import MINUTE, Micros
from actionsync_server.model.deliveries import SubjectKind

#: Between the turns of two kinds of traffic.
TURN: Micros = MINUTE
#: How long a count of the calls made today is believed.
BELIEVED: Micros = 15 * MINUTE


class Rank(IntEnum):
    """Who gives way to whom: a greater one to a smaller one."""

    UNSUBSCRIBES = 0
    REMINDER_TASKS = 1
    TASKS = 2
    MARKS = 3
    ROLL_UPS = 4


_RANKS = {
    SubjectKind.UNSUBSCRIBE: Rank.UNSUBSCRIBES,
    SubjectKind.REMINDER_TASK: Rank.REMINDER_TASKS,
    SubjectKind.ACTIVITY: Rank.TASKS,
    SubjectKind.ENGAGEMENT: Rank.MARKS,
}
#: The share of the day's calls from which on optional traffic stops.
_STOPS_AT = {Rank.ROLL_UPS: 0.90, Rank.MARKS: 0.95}


def rank_of(kind: SubjectKind) -> Rank:
    """Return the rank of a kind of deliveries."""
    return _RANKS[kind]


@dataclass(slots=True)
class Allowance:
    """What the last calls told. Kept in memory: after a restart the first call finds out anew."""

    spent_until: Micros = 0
    share: float = 0.0
    heard_at: Micros = 0

    def spent(self, until: Micros) -> None:
        """Note that a call was refused because none is left, and when to try again."""
        self.spent_until = max(self.spent_until, until)

    def returned(self) -> None:
        """Note that a call was made."""
        self.spent_until = 0

    def forget(self) -> None:
        """Forget everything: somebody says that it has changed."""
        self.spent_until = 0
        self.share = 0.0

    def heard(self, usage: tuple[int, int] | None, *, now: Micros) -> None:
        """Note how many calls were made of how many, as an answer told."""
        if usage is not None and usage[1] > 0:
            self.share = usage[0] / usage[1]
            self.heard_at = now

    def blocked_until(self, rank: Rank, now: Micros) -> Micros | None:
        """Return until when traffic of a rank makes no call, None when it may make one now."""
        turn = self.spent_until + rank * TURN
        if self.spent_until and now < turn:
            return turn
        if self.share >= _STOPS_AT.get(rank, 2.0) and now < self.heard_at + BELIEVED:
            return self.heard_at + BELIEVED
        return None
