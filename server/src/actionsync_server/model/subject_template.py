"""The subject of a Salesforce Task, from the instance's one template: free text with dynamic fields in double braces.

A name matches in any case; a field without a value renders as nothing; line breaks become blanks, runs of blanks
become one, the ends are trimmed, and what is longer than Salesforce's Subject is cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

#: Length of Task.Subject.
SUBJECT_LENGTH = 255

_FIELD = re.compile(r"\{\{([^{}]*)\}\}")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class SubjectValues:
    """What the seven dynamic fields stand for. Empty text stands for no value."""

    activity_type: str = ""
    activity_subject: str = ""
    sales_campaign_name: str = ""
    sales_campaign_day: str = ""
    sales_campaign_step: str = ""
    call_outcome: str = ""
    call_reason: str = ""


#: The names that may stand in double braces.
DYNAMIC_FIELDS: tuple[str, ...] = tuple(field.name for field in fields(SubjectValues))


def unknown_names(template: str) -> list[str]:
    """Return the names in double braces that are no dynamic fields, as they are written, each once, in order."""
    written = [found.strip() for found in _FIELD.findall(template)]
    return list(dict.fromkeys(name for name in written if name.casefold() not in DYNAMIC_FIELDS))


def render(template: str, values: SubjectValues) -> str:
    """Return the subject for one activity, at most 255 characters."""

    def value(match: re.Match[str]) -> str:
        name = match[1].strip().casefold()
        # Settings with an unknown name are never stored; should one appear all the same, it is a field without a value.
        return str(getattr(values, name)) if name in DYNAMIC_FIELDS else ""

    # One pass: a value that looks like a dynamic field stays as it is.
    return one_line(_FIELD.sub(value, template))


def uses(template: str, name: str) -> bool:
    """Tell whether a template has this dynamic field."""
    return any(found.strip().casefold() == name for found in _FIELD.findall(template))


def one_line(text: str) -> str:
    """Return text as a Task's Subject can hold it: one line, single blanks, trimmed, cut to 255 characters."""
    return _BLANKS.sub(" ", text).strip()[:SUBJECT_LENGTH].rstrip()
