"""Checks literals against the type of the compared expression and turns them into storage form."""

from __future__ import annotations

import re

from actionsync_simulators.salesforce.gateway.ids import full_id
from actionsync_simulators.salesforce.schema.model import NUMBER_TYPES
from actionsync_simulators.salesforce.soql import errors, tree
from actionsync_simulators.salesforce.soql.dates import Calendar, Period, stored_date, stored_datetime
from actionsync_simulators.salesforce.soql.errors import SoqlError
from actionsync_simulators.salesforce.soql.plan import Expression, Scalar

MAX_STRING_LENGTH = 4_000
"""Characters in one string literal."""

MAX_DIGITS = 18
"""Digits of a whole number that fits into 64 bits."""

ID_TYPES = frozenset({"id", "reference"})

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "'": "'", '"': '"', "\\": "\\"}
_WILDCARDS = frozenset("%_")

_TYPE_NAMES = {"datetime": "dateTime", "date": "date", "int": "int", "boolean": "boolean"}
_ACCEPTED: dict[str, frozenset[str]] = {
    "datetime": frozenset({"datetime", "period"}),
    "date": frozenset({"date", "period"}),
    "boolean": frozenset({"boolean"}),
    "int": frozenset({"number"}),
    "double": frozenset({"number"}),
    "percent": frozenset({"number"}),
    "currency": frozenset({"number", "currency"}),
}
_STRING_ONLY = frozenset({"string"})


class Values:
    """Reads the literals of one query text."""

    def __init__(self, text: str, calendar: Calendar) -> None:
        self._text = text
        self._calendar = calendar

    def value(self, left: Expression, at: int, literal: tree.Literal) -> Scalar | Period | None:
        """What a literal means beside `left`, which starts at `at`. None is null (or an empty string).

        Raises SoqlError for a literal of another type, a wrong id, or a day that does not exist.
        """
        if literal.kind == "bind":
            reason = "Bind variables only allowed in Apex code"
            raise SoqlError.at(self._text, literal.at, errors.MALFORMED_QUERY, reason)
        if literal.kind == "null":
            return 0 if left.type == "boolean" else None
        accepted = _ACCEPTED.get(left.type, _STRING_ONLY)
        if literal.kind not in accepted:
            raise self._wrong_type(left, at)
        if accepted is _STRING_ONLY:
            return self._text_value(left, at, literal)
        if left.type in ("datetime", "date"):
            return self._time_value(left, literal)
        if left.type == "boolean":
            return int(literal.text.upper() == "TRUE")
        return _number(literal.text[3:] if literal.kind == "currency" else literal.text)

    def pattern(self, left: Expression, at: int, literal: tree.Literal) -> str:
        """The pattern of LIKE, escaped for SQLite with backslashes. Raises SoqlError if it is no string."""
        if literal.kind != "string":
            raise self._wrong_type(left, at)
        return _ESCAPE.sub(lambda match: _keep_literal(self._unescape(match, literal)), self._inside(literal))

    def _text_value(self, left: Expression, at: int, literal: tree.Literal) -> str | None:
        written = _ESCAPE.sub(lambda match: self._unescape(match, literal), self._inside(literal))
        if left.type not in ID_TYPES or not written:
            return written or None
        record_id = full_id(written)
        if record_id is None:
            reason = f"invalid ID field: {written}"
            raise SoqlError.at(self._text, at, errors.INVALID_QUERY_FILTER_OPERATOR, reason)
        return record_id

    def _inside(self, literal: tree.Literal) -> str:
        inside = literal.text[1:-1]
        if len(inside) > MAX_STRING_LENGTH:
            reason = f"String literals cannot be longer than {MAX_STRING_LENGTH} characters"
            raise SoqlError.at(self._text, literal.at, errors.MALFORMED_QUERY, reason)
        return inside

    def _unescape(self, match: re.Match[str], literal: tree.Literal) -> str:
        code = match[1]
        if len(code) == 5:
            return chr(int(code[1:], 16))
        meant = _ESCAPED.get(code.lower(), code if code in _WILDCARDS else None)
        if meant is None:
            at = literal.at + 1 + match.start(1)
            raise SoqlError.at_character(self._text, at, f"no viable alternative at character '{code}'")
        return meant

    def _time_value(self, left: Expression, literal: tree.Literal) -> str | Period:
        try:
            if literal.kind == "period":
                return self._calendar.period(literal.text, moments=left.type == "datetime")
            if literal.kind == "date":
                return stored_date(literal.text)
            return stored_datetime(literal.text)
        except ValueError:
            reason = f"Invalid {_TYPE_NAMES[left.type]}: {literal.text}"
            raise SoqlError.at(self._text, literal.at, errors.MALFORMED_QUERY, reason) from None

    def _wrong_type(self, left: Expression, at: int) -> SoqlError:
        name, quotes = _TYPE_NAMES.get(left.type), "should not be enclosed in quotes"
        if name is None:
            name = "double"
            if left.type not in NUMBER_TYPES:
                name, quotes = "string", "should be enclosed in quotes"
        reason = f"value of filter criterion for field '{left.field.name}' must be of type {name} and {quotes}"
        return SoqlError.at(self._text, at, errors.INVALID_FIELD, reason)


def _number(written: str) -> int | float:
    whole = written.lstrip("+-")
    # What no column can hold compares as well as a float, and SQLite takes no greater int.
    return int(written) if whole.isdecimal() and len(whole) <= MAX_DIGITS else float(written)


def _keep_literal(character: str) -> str:
    """An escaped character stands for itself, also where it would be a wildcard."""
    return f"\\{character}" if character in "%_\\" else character
