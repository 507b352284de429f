"""The limits of a subscription (calls per day, per 20 seconds, at once; bytes exported) and their statistics."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from actionsync_simulators.clock import Clock
from actionsync_simulators.control import ControlError
from actionsync_simulators.marketo.gateway.errors import api_error, is_free
from actionsync_simulators.marketo.switches import MarketoSwitches

DAYS_KEPT = 7
LIMIT_CODES = ("606", "607", "615")
RECORDS_PER_CALL = 300


@dataclass(slots=True)
class Limits:
    """The documented limits; `enforce` off lets calls and exports pass, but counts them all the same.

    The later ones, on what one call or the job queues may hold, stand whether `enforce` is on or off.
    """

    enforce: bool = True
    calls_per_day: int = 50_000
    calls_per_window: int = 100
    window_seconds: int = 20
    calls_at_once: int = 10
    export_bytes_per_day: int = 500 * 1024 * 1024
    uri_bytes: int = 8_192
    body_bytes: int = 1 << 20
    import_bytes: int = 10 << 20
    records_per_call: int = RECORDS_PER_CALL
    filter_matches: int = 1_000
    jobs_running: int = 2
    """Of exports, and of imports, at the same time."""
    jobs_queued: int = 10
    """Of exports, and of imports, queued and running together."""


@dataclass(slots=True)
class Day:
    """What happened on one Central day."""

    date: date
    total: int = 0
    users: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    export_bytes: int = 0


class Quota:
    """Counts calls, refuses those beyond a limit, and remembers the last seven days."""

    def __init__(self, clock: Clock, *, limits: Limits, switches: MarketoSwitches) -> None:
        self._clock = clock
        self.limits = limits
        self._initial = asdict(limits)
        self._charge_limit_errors = switches.charge_limit_errors == "on"
        self._zone: tzinfo = (
            timezone(timedelta(hours=-6)) if switches.central_time == "CST" else ZoneInfo(switches.central_time)
        )
        self._days: dict[date, Day] = {}
        self._today = Day(date.min)
        self._until = datetime.min.replace(tzinfo=UTC)
        self._since = self._until
        self._window: deque[float] = deque()
        self.in_flight = 0

    def reset(self) -> None:
        """Back to the start: limits as configured, nothing used."""
        for name, value in self._initial.items():
            setattr(self.limits, name, value)
        self._days.clear()
        self._since = self._until = datetime.min.replace(tzinfo=UTC)
        self._window.clear()

    def enter(self, user: str) -> None:
        """Admit a call and charge it, or refuse it: 615, 606 or 607, in this order. Pair with `leave`."""
        limits = self.limits
        if limits.enforce:
            try:
                self._check(limits)
            except Exception:
                if self._charge_limit_errors:
                    self.charge(user)
                raise
        self.charge(user)
        self.in_flight += 1

    def _check(self, limits: Limits) -> None:
        if self.in_flight >= limits.calls_at_once:
            raise api_error("615", limits.calls_at_once)
        window = self._window
        oldest = self._clock.wall() - limits.window_seconds
        while window and window[0] <= oldest:
            window.popleft()
        if len(window) >= limits.calls_per_window:
            raise api_error("606", limits.calls_per_window, limits.window_seconds)
        if self.today().total >= limits.calls_per_day:
            raise api_error("607")

    def leave(self) -> None:
        """Note that an admitted call has been answered."""
        self.in_flight -= 1

    def charge(self, user: str | None) -> None:
        """Count a call; without a user it counts to the total only."""
        today = self.today()
        today.total += 1
        if user is not None:
            today.users[user] += 1
        if self.limits.enforce:
            self._window.append(self._clock.wall())

    def refund(self, user: str) -> None:
        """Take back the charge of an admitted call whose outcome costs nothing."""
        today = self.today()
        today.total = max(0, today.total - 1)
        today.users[user] = max(0, today.users[user] - 1)
        if self._window:
            self._window.pop()

    def note_error(self, code: str, *, user: str | None, charged: bool) -> None:
        """Count an error code; charge it, if it was not charged yet and is one of those that cost a call."""
        self.today().errors[code] += 1
        refused = code in LIMIT_CODES and not self._charge_limit_errors
        if not charged and not is_free(code) and not refused:
            self.charge(user)

    def export_exhausted(self) -> bool:
        """Tell whether today's export volume is used up."""
        return self.limits.enforce and self.today().export_bytes >= self.limits.export_bytes_per_day

    def charge_export(self, size: int) -> None:
        """Count the bytes of a finished export file."""
        self.today().export_bytes += size

    def today(self) -> Day:
        """Return the current Central day."""
        now = self._clock.now()
        if not self._since <= now < self._until:
            local = now.astimezone(self._zone)
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            self._since = midnight.astimezone(UTC)
            self._until = (midnight + timedelta(days=1)).astimezone(UTC)
            self._today = self._days.setdefault(local.date(), Day(local.date()))
            for old in [day for day in self._days if day < local.date() - timedelta(days=DAYS_KEPT)]:
                del self._days[old]
        return self._today

    def last_days(self, count: int) -> list[Day]:
        """Return so many Central days up to today, oldest first; days without calls are empty."""
        today = self.today().date
        days = [today - timedelta(days=back) for back in range(count - 1, -1, -1)]
        return [self._days.get(day) or Day(day) for day in days]

    def describe(self) -> dict[str, Any]:
        """Return the limits in force and what is used of them."""
        today = self.today()
        return {
            **asdict(self.limits),
            "used": {
                "calls_today": today.total,
                "calls_in_window": len(self._window),
                "calls_at_once": self.in_flight,
                "export_bytes_today": today.export_bytes,
            },
        }

    def change(self, changes: dict[str, Any]) -> None:
        """Change limits, or set `calls_today` and `export_bytes_today`; ControlError for anything else."""
        known = {one.name for one in fields(Limits)}
        used = {"calls_today", "export_bytes_today"}
        for name, value in changes.items():
            if name not in known | used:
                raise ControlError(f"there is no limit {name!r}", hint=f"one of {', '.join(sorted(known | used))}")
            wanted = bool if name == "enforce" else int
            if type(value) is not wanted or (wanted is int and value < 0):
                raise ControlError(f"{name} is {value!r}", hint=f"{name} is a {wanted.__name__}, not negative")
        for name, value in changes.items():
            if name == "calls_today":
                self.today().total = value
            elif name == "export_bytes_today":
                self.today().export_bytes = value
            else:
                setattr(self.limits, name, value)
