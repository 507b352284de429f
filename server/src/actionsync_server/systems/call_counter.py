"""How many calls a client made that its system charges for; the flow that keeps the quota reads and resets it."""

from __future__ import annotations


class CallCounter:
    """Counts charged calls. A call whose outcome is unknown counts: it may have been charged."""

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
