"""How long and how often a call is repeated before its failure is handed up: a bounded budget, with jitter."""

from __future__ import annotations

import random

from actionsync_server.clock import SECOND, Clock
from actionsync_server.systems.failures import Failure, FailureKind

ATTEMPTS = 6
BUDGET_SECONDS = 60.0
LONGEST_WAIT = 20.0  # seconds; whoever must wait longer has something better to do than to hold a call open

_REPEATED = frozenset({FailureKind.BUSY, FailureKind.UNKNOWN})


class Retries:
    """The budget of one call: at most `attempts` tries, none of them begun later than `seconds` after the first."""

    def __init__(
        self, clock: Clock, rng: random.Random, *, attempts: int = ATTEMPTS, seconds: float = BUDGET_SECONDS
    ) -> None:
        self._clock = clock
        self._rng = rng
        self._attempts = attempts
        self._end = clock.now() + round(seconds * SECOND)
        self._made = 0

    def delay(self, failure: Failure) -> float | None:
        """Count a failed try; return the seconds to wait before the next, or None when there is none.

        The wait doubles from the failure's own `retry_after` and is lengthened by up to a half, so that callers who
        failed together do not come back together.
        """
        self._made += 1
        if failure.kind not in _REPEATED or failure.retry_after > LONGEST_WAIT or self._made >= self._attempts:
            return None
        plain = min(LONGEST_WAIT, failure.retry_after * 2.0 ** (self._made - 1))
        wait = plain * (1.0 + 0.5 * self._rng.random())
        if self._clock.now() + round(wait * SECOND) > self._end:
            return None
        return wait
