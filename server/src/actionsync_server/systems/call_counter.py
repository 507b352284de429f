"""How many calls are made that a system charges for, and for which flow; and the calls that are held back when few are
left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from actionsync_server.clock import HOUR, Clock, Micros
from actionsync_server.model.quotas import Flow, may_call

#: What a system said of its usage counts for so long: then somebody has to ask again, also if all that call are held.
_HEARD_COUNTS_FOR: Micros = HOUR

_flow: ContextVar[Flow] = ContextVar("actionsync_flow", default=Flow.OTHER)


@contextmanager
def calling_for(flow: Flow) -> Iterator[None]:
    """Count the calls made inside the block, and by tasks started in it, for a flow."""
    token = _flow.set(flow)
    try:
        yield
    finally:
        _flow.reset(token)


def present_flow() -> Flow:
    """Return the flow for which calls are counted here."""
    return _flow.get()


class CallCounter:
    """Counts charged calls of one client. A call whose outcome is unknown counts: it may have been charged."""

    def __init__(self) -> None:
        self._pending = 0
        self._total = 0

    @property
    def pending(self) -> int:
        """Calls since the last `take`."""
        return self._pending

    @property
    def total(self) -> int:
        """Calls since the client was made."""
        return self._total

    def add(self) -> None:
        """Count one call."""
        self._pending += 1
        self._total += 1

    def take(self) -> int:
        """Return the calls since the last `take` and start again from zero."""
        taken, self._pending = self._pending, 0
        return taken


class CallLedger:
    """The calls of one instance to one system, by all its clients, and what the system said of everybody's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: Counter[Flow] = Counter()
        self._told: int | None = None
        self._told_time: Micros = 0
        self._own_since = 0
        self._spent_until: Micros = 0
        self.limit: int | None = None

    def add(self) -> None:
        """Count one call for the present flow."""
        self._counts[_flow.get()] += 1
        self._own_since += 1

    def take(self) -> dict[Flow, int]:
        """Return the calls by flow since the last `take` and start again from zero."""
        taken, self._counts = dict(self._counts), Counter()
        return taken

    def heard(self, used: int, limit: int | None = None) -> None:
        """Take note of what the system counted from everybody, and of what it allows where it says so."""
        self._told, self._told_time, self._own_since = used, self._clock.now(), 0
        if limit is not None:
            self.limit = limit

    def spent(self, *, until: Micros) -> None:
        """Take note that the system takes no more calls until then."""
        self._spent_until = until

    def answered(self) -> None:
        """Take note that the system takes calls."""
        self._spent_until = 0

    def new_day(self) -> None:
        """Take note that the system counts from zero again: nobody knows yet what the others used."""
        self._told, self._own_since, self._spent_until = None, 0, 0

    @property
    def used(self) -> int | None:
        """Everybody's calls: those last told and ours since; None before anything was told."""
        return None if self._told is None else self._told + self._own_since

    @property
    def heard_time(self) -> Micros:
        """When the system last told; 0 for never."""
        return self._told_time

    @property
    def is_spent(self) -> bool:
        """Whether the system said that the day's calls are spent, and has not taken one since."""
        return self._spent_until > self._clock.now()

    def may_call(self) -> bool:
        """Tell whether the present flow may make a call, or has to leave what is left to others."""
        used = self.used
        if used is None or self._clock.now() - self._told_time > _HEARD_COUNTS_FOR:
            return True
        return may_call(_flow.get(), used=used, limit=self.limit)
