"""The file of an import: bytes to text, text to records, the header against the fields of the subscription."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from actionsync_simulators.marketo.bulk.delimited import separator
from actionsync_simulators.marketo.gateway.errors import api_error, invalid_data

if TYPE_CHECKING:
    from actionsync_simulators.marketo.fields.catalogue import LeadField
    from actionsync_simulators.marketo.subscription import Subscription

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DEFAULT_CHARSET = "utf-8"


class UnreadableFileError(ValueError):
    """The file is no text, or no table; the message says why, for the person who imports it."""


def decode(content: bytes, charset: str | None) -> str:
    """Return the text of a file: by its byte order mark, else by the charset its part names, else as UTF-8."""
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), charset or DEFAULT_CHARSET)
    try:
        return content.decode(encoding)
    except LookupError as problem:
        raise UnreadableFileError(f"the character set {charset} is unknown") from problem
    except UnicodeDecodeError as problem:
        raise UnreadableFileError(f"the file is not {encoding.upper()} text") from problem


def read_records(text: str, kind: str) -> Iterator[list[str]]:
    """Yield the records of a file by RFC 4180, empty lines as empty lists; UnreadableFileError at broken quoting."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(kind), strict=True)
    try:
        yield from reader
    except csv.Error as problem:
        raise UnreadableFileError(f"line {reader.line_num} cannot be read: {problem}") from problem


def read_header(text: str, kind: str) -> list[str]:
    """Return the names in the first line; 1003 when there is none or it cannot be read."""
    try:
        first = next(read_records(text, kind), [])
    except UnreadableFileError as problem:
        raise invalid_data(f"Invalid header: {problem}") from problem
    names = [name.strip() for name in first]
    if not any(names):
        raise invalid_data("Empty file")
    return names


def check_columns(site: Subscription, names: list[str], lookup: LeadField) -> None:
    """Refuse a header: 1006 for a name that is no field or one that nobody may write, 1003 for one given twice."""
    for name in names:
        field = site.fields.get(name)
        if field is None or not (field.updateable or field.name == lookup.name):
            raise api_error("1006", name)
        if names.count(name) > 1:
            raise invalid_data(f"Column '{name}' is there twice")
