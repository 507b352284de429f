"""CSV as bulk jobs take and give it: strict about quotes and line endings, every value quoted on the way out."""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from itertools import islice

DELIMITERS = {"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"}
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
NULL_CELL = "#N/A"
"""What stands for null in a cell; an empty cell says nothing about its field."""
STEP = 20_000
"""Tokens or rows looked at before other work gets its turn."""


class UnusableData(Exception):
    """Data that makes a whole job or batch fail; the text is the vendor's: code, blank, colon, blank, message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} : {message}")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the values of a row and the rows are parted. `line_ending` is None where either will do."""

    delimiter: str = ","
    line_ending: str | None = "\n"

    @property
    def ending(self) -> str:
        """What ends a line that is written."""
        return self.line_ending or "\n"

    @classmethod
    def named(cls, column_delimiter: str, line_ending: str) -> Dialect:
        """The dialect by the names that jobs have for it."""
        return cls(DELIMITERS[column_delimiter], LINE_ENDINGS[line_ending])

    def line(self, cells: Sequence[str]) -> str:
        """A row with every value quoted."""
        separator = f'"{self.delimiter}"'
        inner = separator.join(cells)
        if inner.count('"') != 2 * (len(cells) - 1):
            inner = separator.join(cell.replace('"', '""') for cell in cells)
        return f'"{inner}"{self.ending}'

    def rows(self, text: str) -> Iterator[list[str]]:
        """The rows of a checked text, the header among them; empty lines are no rows."""
        return (row for row in csv.reader(StringIO(text, newline=""), delimiter=self.delimiter, strict=True) if row)


async def checked_text(data: bytes, dialect: Dialect) -> str:
    """The text of an upload when it is CSV from end to end. Raises UnusableData."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise UnusableData("InvalidBatch", "Failed to parse CSV. The data is not valid UTF-8") from None
    tokens = _tokens(dialect.delimiter).finditer(text)
    while step := list(islice(tokens, STEP)):
        for token in step:
            _check_token(token, dialect)
        await asyncio.sleep(0)
    await _check_widths(text, dialect)
    return text


def _check_token(token: re.Match[str], dialect: Dialect) -> None:
    if token.lastgroup == "quote":
        raise UnusableData(
            "InvalidBatch", "Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote"
        )
    if token.lastgroup == "ending" and dialect.line_ending not in (None, token.group()):
        name = next(name for name, ending in LINE_ENDINGS.items() if ending == dialect.line_ending)
        raise UnusableData(
            "ClientInputError", f"LineEnding is invalid on user data. Current LineEnding setting is {name}"
        )


async def _check_widths(text: str, dialect: Dialect) -> None:
    rows = dialect.rows(text)
    try:
        header = next(rows, None)
        if header is None:
            raise UnusableData("InvalidBatch", "Records not found")
        number, width = 0, len(header)
        while step := list(islice(rows, STEP)):
            for row in step:
                number += 1
                if len(row) != width:
                    raise UnusableData(
                        "InvalidBatch", f"Failed to parse CSV. Row {number} has {len(row)} values, the header {width}"
                    )
            await asyncio.sleep(0)
    except csv.Error:
        # Quotes have been checked, so all that is left to go wrong is the length of a value.
        limit = csv.field_size_limit()
        raise UnusableData("InvalidBatch", f"Failed to parse CSV. A value is longer than {limit} characters") from None
    if not number:
        raise UnusableData("InvalidBatch", "Records not found")


@lru_cache(maxsize=16)
def _tokens(delimiter: str) -> re.Pattern[str]:
    """Finds whole quoted values, quotes where none may be, and line endings outside of quoted values."""
    part = re.escape(delimiter)
    return re.compile(
        rf'(?:(?<=[\r\n{part}])|\A)"[^"]*(?:""[^"]*)*"(?=[\r\n{part}]|\Z)|(?P<quote>")|(?P<ending>\r\n|\r|\n)'
    )


def header_line(dialect: Dialect, names: Sequence[str]) -> bytes:
    """The first line of a result."""
    return dialect.line(names).encode()
