"""Dates and times on the wire: reading every form the vendor accepts, writing the one form it writes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

import orjson

FIRST_YEAR, LAST_YEAR = 1700, 4000
"""The years whose dates the platform stores."""

_DATETIME = re.compile(
    r"^(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|z|[+\- ]\d\d:?\d\d)?)?$"
)


def wire_datetime(moment: datetime, *, milliseconds: bool = False) -> str:
    """`2024-01-31T13:45:10.000+0000`; the fraction is kept only on request (moments are stored to the second)."""
    utc = moment.astimezone(UTC)
    fraction = utc.microsecond // 1000 if milliseconds else 0
    # A third of the time that isoformat takes.
    seconds = orjson.dumps(utc, option=orjson.OPT_OMIT_MICROSECONDS)[1:20].decode()
    return f"{seconds}.{fraction:03d}+0000"


def parse_wire(text: str) -> datetime:
    """Read a stored datetime back."""
    return datetime.fromisoformat(text)


def parse_datetime(text: str) -> datetime | None:
    """An aware datetime from ISO 8601 input, or None if it is none.

    Accepts `Z`, `+hh:mm`, `+hhmm` (also with the plus lost to URL decoding), any number of fraction digits, and a date
    alone (midnight UTC). A time without a zone counts as UTC.
    """
    match = _DATETIME.match(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        moment = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0")[:3].ljust(3, "0")) * 1000,
            tzinfo=UTC,
        )
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if zone and zone not in ("Z", "z"):
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        moment += offset if zone[0] == "-" else -offset
    return moment


def parse_date(text: str) -> str | None:
    """A date in wire form from `YYYY-MM-DD`, or None if it is none."""
    if len(text) != 10:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day.isoformat() if FIRST_YEAR <= day.year <= LAST_YEAR else None


def parse_http_date(text: str) -> datetime | None:
    """An RFC 1123 date of a conditional request header, or None if it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def to_minute(moment: datetime) -> datetime:
    """The moment with its seconds cut off."""
    return moment.replace(second=0, microsecond=0)
