"""The control calls on the clock: how it stands, freeze and resume, advance by a duration or to a moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from actionsync_simulators.clock import Clock
from actionsync_simulators.control_error import ControlError


def read_clock(clock: Clock) -> dict[str, Any]:
    """Return how the clock stands."""
    return {"now": clock.now(), "frozen": clock.frozen}


async def set_clock(clock: Clock, arguments: dict[str, Any]) -> dict[str, Any]:
    """Freeze, advance, set or resume the clock, in this order; ControlError for what cannot be done."""
    hint = '{"freeze": true, "advance": 300} or {"advance": "PT5M"} or {"set": "2026-01-31T00:00:00Z"}'
    unknown = set(arguments) - {"freeze", "advance", "set"}
    if unknown or not arguments:
        raise ControlError(f"unknown member {sorted(unknown)[0]!r}" if unknown else "nothing to do", hint=hint)
    freeze = arguments.get("freeze")
    if freeze is not None and not isinstance(freeze, bool):
        raise ControlError("freeze is true or false", hint=hint)
    step = timedelta(0)
    if "advance" in arguments:
        step = _duration(arguments["advance"], hint=hint)
    moment = _moment(arguments["set"], hint=hint) if "set" in arguments else None
    if moment is not None and "advance" in arguments:
        raise ControlError("advance and set together", hint=hint)
    if moment is not None and moment < clock.now():
        raise ControlError("time does not run backwards", hint="set a moment that is still to come")
    if freeze is True:
        clock.freeze()
    if moment is not None:
        step = max(moment - clock.now(), timedelta(0))
    if step:
        await clock.advance(step)
    if freeze is False:
        clock.resume()
    return read_clock(clock)


_ISO_DURATION = re.compile(
    r"^P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)


def _duration(value: Any, *, hint: str) -> timedelta:
    if isinstance(value, str):
        parts = _ISO_DURATION.match(value)
        if parts is None or value.endswith(("P", "T")):
            raise ControlError(f"{value!r} is not a duration", hint=hint)
        return timedelta(**{unit: float(number) for unit, number in parts.groupdict().items() if number})
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e10:
        raise ControlError(f"advance is {value!r}", hint=hint)
    return timedelta(seconds=value)


def _moment(value: Any, *, hint: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ControlError(f"{value!r} is not an ISO 8601 time", hint=hint) from None
    if moment.tzinfo is None:
        raise ControlError(f"{value!r} has no time zone", hint=hint)
    return moment.astimezone(UTC)
