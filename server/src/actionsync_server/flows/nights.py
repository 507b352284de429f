"""When it is night for an instance."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from actionsync_server.clock import Micros, from_datetime, to_datetime


def next_time(time: str, zone_name: str, *, after: Micros) -> Micros:
    """Return the first instant after another at which it is `time` (HH:MM) in a time zone."""
    zone = ZoneInfo(zone_name)
    hour, minute = (int(part) for part in time.split(":"))
    local = to_datetime(after).astimezone(zone)
    found = local.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    if from_datetime(found) <= after:
        tomorrow = local.date() + timedelta(days=1)
        found = found.replace(year=tomorrow.year, month=tomorrow.month, day=tomorrow.day)
    return from_datetime(found)
