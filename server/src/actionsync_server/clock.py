"""Time as an argument: nothing in the service reads a clock of its own.

Instants are whole microseconds since 1970 in UTC (`Micros`), the form in which the store keeps them, so that no layer
converts. `SystemClock` is the real one; tests share a virtual clock with both simulators through the same protocol.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Protocol

Micros = int  # microseconds since 1970-01-01T00:00:00Z

SECOND: Micros = 1_000_000
MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE
DAY: Micros = 24 * HOUR


class Clock(Protocol):
    """What the service asks of time."""

    def now(self) -> Micros:
        """Return the present instant."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock's time."""
        ...

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Return True as soon as `event` is set, False after `seconds` of this clock's time."""
        ...

    def busy(self) -> AbstractContextManager[None]:
        """Mark work in progress: a virtual clock does not advance meanwhile (sleeping inside it does not count)."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> Micros:
        """Return the present instant."""
        return time.time_ns() // 1_000

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Return True as soon as `event` is set, False after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        return True

    def busy(self) -> AbstractContextManager[None]:
        """Do nothing: real time does not wait for anybody."""
        return _idle()


@contextlib.contextmanager
def _idle() -> Iterator[None]:
    yield


def to_datetime(instant: Micros) -> datetime:
    """Return `instant` as an aware UTC datetime."""
    return datetime.fromtimestamp(instant // SECOND, UTC).replace(microsecond=instant % SECOND)


def from_datetime(moment: datetime) -> Micros:
    """Return an aware datetime as an instant."""
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def to_iso(instant: Micros) -> str:
    """Return `instant` as `YYYY-MM-DDTHH:MM:SSZ`, cut to the second, as Marketo writes it."""
    return to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_iso(text: str) -> Micros:
    """Read an ISO 8601 datetime with zone (`Z`, `+hh:mm`, `+hhmm`); raises ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a datetime without a time zone: {text!r}")
    return from_datetime(moment)
