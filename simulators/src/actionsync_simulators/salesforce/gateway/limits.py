"""API calls and other things used in the rolling 24 hours, and what is told about limits."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Any

from actionsync_simulators.clock import Clock
from actionsync_simulators.control import ControlError

DAY = timedelta(hours=24)
SLICE = timedelta(minutes=1)
VENDOR_DAILY_CALLS = 100_000 + 25 * 1_000
"""Enterprise Edition with 25 licences."""
UNLIMITED = 1_000_000_000
CONCURRENT_CALLS = 25
LONG_RUNNING = timedelta(seconds=20)

OTHER_LIMITS: dict[str, int] = {
    "ActiveScratchOrgs": 40,
    "ConcurrentAsyncGetReportInstances": 200,
    "ConcurrentSyncReportRuns": 20,
    "DailyAsyncApexExecutions": 250_000,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkApiRequests": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyDeliveredPlatformEvents": 50_000,
    "DailyDurableGenericStreamingApiEvents": 1_000_000,
    "DailyDurableStreamingApiEvents": 1_000_000,
    "DailyGenericStreamingApiEvents": 10_000,
    "DailyScratchOrgs": 80,
    "DailyStandardVolumePlatformEvents": 25_000,
    "DailyStreamingApiEvents": 1_000_000,
    "DailyWorkflowEmails": 25_000,
    "DataStorageMB": 10_240,
    "DurableStreamingApiConcurrentClients": 1_000,
    "FileStorageMB": 10_240,
    "HourlyAsyncReportRuns": 1_200,
    "HourlyODataCallout": 20_000,
    "HourlyPublishedPlatformEvents": 250_000,
    "HourlyPublishedStandardVolumePlatformEvents": 1_000,
    "HourlySyncReportRuns": 500,
    "HourlyTimeBasedWorkflow": 1_000,
    "MassEmail": 5_000,
    "SingleEmail": 5_000,
    "StreamingApiConcurrentClients": 1_000,
}


SHOWN_AS: dict[str, str] = {"DailyBulkApiRequests": "DailyBulkApiBatches"}
"""Older names of limits, and the limits they are."""


DAILY_CALLS = "DailyApiRequests"
CHANGEABLE = frozenset({*OTHER_LIMITS, DAILY_CALLS})
"""The limits of the resource that the control plane can change by their names there."""


class RollingCount:
    """What was used of something in the last 24 hours, counted in slices of a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._slices: deque[list[Any]] = deque()
        self._counted = 0

    @property
    def used(self) -> int:
        """The count of the last 24 hours."""
        start = self._clock.now() - DAY
        while self._slices and self._slices[0][0] <= start:
            self._counted -= self._slices.popleft()[1]
        return self._counted

    def reaches(self, most: int) -> bool:
        """Whether that much or more was used in the last 24 hours; as a rule without asking for the time."""
        return self._counted >= most and self.used >= most

    def add(self, count: int) -> None:
        """Count more."""
        now = self._clock.now()
        if not self._slices or self._slices[-1][0] + SLICE <= now:
            self._slices.append([now, 0])
        self._slices[-1][1] += count
        self._counted += count


class Limits:
    """The daily request allocation, the ceiling on long-running calls, and the other limits of the org."""

    def __init__(self, *, clock: Clock, vendor: bool) -> None:
        self._clock = clock
        self._vendor = vendor
        self._running: dict[int, datetime] = {}
        self._next_running = 0
        self.restore_defaults()

    def restore_defaults(self) -> None:
        """Go back to the allocation the simulator was started with, with nothing used."""
        self.daily_max = VENDOR_DAILY_CALLS if self._vendor else UNLIMITED
        self.concurrent_max = CONCURRENT_CALLS if self._vendor else UNLIMITED
        self._calls = RollingCount(self._clock)
        self._most = {name: most if self._vendor else UNLIMITED for name, most in OTHER_LIMITS.items()}
        self._counts: dict[str, RollingCount] = {}

    @property
    def used(self) -> int:
        """Calls of the last 24 hours."""
        return self._calls.used

    @property
    def exhausted(self) -> bool:
        """Whether no more calls are answered."""
        return self._calls.reaches(self.daily_max)

    @property
    def usage_header(self) -> str:
        """The value of Sforce-Limit-Info."""
        return f"api-usage={self.used}/{self.daily_max}"

    def charge(self, calls: int = 1) -> None:
        """Count calls."""
        self._calls.add(calls)

    def most(self, name: str) -> int:
        """The ceiling of one of the other limits."""
        return self._most[SHOWN_AS.get(name, name)]

    def used_of(self, name: str) -> int:
        """What was used of one of the other limits in the last 24 hours."""
        count = self._counts.get(SHOWN_AS.get(name, name))
        return 0 if count is None else count.used

    def charge_to(self, name: str, count: int = 1) -> None:
        """Count towards one of the other limits."""
        self._counts.setdefault(SHOWN_AS.get(name, name), RollingCount(self._clock)).add(count)

    def started(self) -> int:
        """A call started that takes simulator time; returns a token for `finished`."""
        self._next_running += 1
        self._running[self._next_running] = self._clock.now()
        return self._next_running

    def finished(self, token: int) -> None:
        """That call has ended."""
        self._running.pop(token, None)

    @property
    def too_many_running(self) -> bool:
        """Whether as many calls as allowed have been running for more than 20 seconds."""
        if len(self._running) < self.concurrent_max:
            return False
        before = self._clock.now() - LONG_RUNNING
        return sum(1 for start in self._running.values() if start <= before) >= self.concurrent_max

    def resource(self) -> dict[str, Any]:
        """The body of the limits resource."""
        limits: dict[str, Any] = {
            name: {"Max": self.most(name), "Remaining": max(self.most(name) - self.used_of(name), 0)}
            for name in OTHER_LIMITS
        }
        limits[DAILY_CALLS] = {
            "Max": self.daily_max,
            "Remaining": max(self.daily_max - self.used, 0),
        }
        limits["PermissionSets"] = {
            "Max": 1_500,
            "Remaining": 1_499,
            "CreateCustom": {"Max": 1_000, "Remaining": 999},
        }
        return dict(sorted(limits.items()))

    def describe(self) -> dict[str, Any]:
        """What the control plane shows."""
        return {
            "daily_max": self.daily_max,
            "daily_used": self.used,
            "concurrent_max": self.concurrent_max,
            "long_running": len(self._running),
            "resources": {name: value for name, value in self.resource().items() if name in CHANGEABLE},
        }

    def change(self, changes: dict[str, Any]) -> None:
        """Set daily_max, daily_used, concurrent_max, or a limit by its name in the limits resource.

        The latter as {"Max": n}, {"Remaining": n} or both. Raises ControlError for another name or a bad value.
        """
        for name, value in changes.items():
            if name in CHANGEABLE:
                if not isinstance(value, dict) or not value or set(value) - {"Max", "Remaining"}:
                    raise ControlError(f"{name} is {value!r}", hint=_HINT)
                for number in value.values():
                    _check_number(name, number)
            elif name in ("daily_max", "daily_used", "concurrent_max"):
                _check_number(name, value)
            else:
                raise ControlError(f"unknown limit {name!r}", hint=_HINT)
        self.daily_max = changes.get("daily_max", self.daily_max)
        self.concurrent_max = changes.get("concurrent_max", self.concurrent_max)
        if "daily_used" in changes:
            self._calls = RollingCount(self._clock)
            self._calls.add(changes["daily_used"])
        if DAILY_CALLS in changes:
            self._change_calls(changes[DAILY_CALLS])
        for name in OTHER_LIMITS.keys() & changes.keys():
            self._change_other(SHOWN_AS.get(name, name), changes[name])

    def _change_calls(self, value: dict[str, int]) -> None:
        self.daily_max = value.get("Max", self.daily_max)
        if "Remaining" in value:
            self._calls = RollingCount(self._clock)
            self._calls.add(max(self.daily_max - value["Remaining"], 0))

    def _change_other(self, name: str, value: dict[str, int]) -> None:
        self._most[name] = value.get("Max", self._most[name])
        if "Remaining" in value:
            self._counts[name] = RollingCount(self._clock)
            self._counts[name].add(max(self._most[name] - value["Remaining"], 0))


_HINT = (
    '{"daily_max": 15000, "daily_used": 14999, "concurrent_max": 25,'
    ' "DailyBulkApiBatches": {"Max": 15000, "Remaining": 1}}'
)


def _check_number(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ControlError(f"{name} is {value!r}, not a whole number from 0 up", hint=_HINT)
