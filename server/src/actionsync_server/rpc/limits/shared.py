"""Limits and forms that several services use."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping

from actionsync_server.rpc.rules import Flag, Form, OneOf, Rule, Span, Text, Whole


def pattern(description: str, expression: str, *, noun: str = "characters") -> Form:
    """Return a form given by a regular expression for the whole text."""
    compiled = re.compile(expression)
    return Form(description, lambda text: compiled.fullmatch(text) is not None, noun)


def _is_time_zone(text: str) -> bool:
    try:
        zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of the database
        return False
    return True


# Spaces around an address are allowed, because addresses are compared trimmed.
ADDRESS_FORM = pattern("an email address, such as someone@example.com", r"\s*[^\s]+@[^\s@]+\s*")
TIME_ZONE_FORM = Form("an IANA time zone, such as Europe/Berlin", _is_time_zone)
SALESFORCE_ID_FORM = pattern("a Salesforce id of 15 or 18 letters and digits", r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
DIGITS_FORM = pattern("digits only", r"[0-9]+", noun="digits")

ID = Text(1, 64)
OPTIONAL_ID = Text(0, 64)  # also for request ids and etags
ADDRESS = Text(3, 320, ADDRESS_FORM)
NAME = Text(0, 255)
URL = Text(0, 2000)
LONG_TEXT = Text(0, 32000)
REASON = Text(1, 1000)
SALESFORCE_ID = Text(15, 18, SALESFORCE_ID_FORM)
TOKEN = Text(0, 1024)
PAGING: Mapping[str, Rule] = {"page_size": Whole(0), "page_token": TOKEN}

LIMITS: Mapping[str, Mapping[str, Rule]] = {
    "Freshness": {
        "requirement": OneOf(),
        "stored": Flag(choice=True),
        "max_age": Span(0, 300),
        "live": Flag(choice=True),
    },
}
