"""Reading a CSV file of people row by row: header and cells are checked, a bad row is told by its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from actionsync_simulators.seed.salesforce_ids import eighteen, is_salesforce_id

_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\".]+(?:\.[^@\s,;<>()\".]+)+")
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0", ""})


class CsvError(Exception):
    """A file that cannot be used at all: unreadable, not CSV, or without a column that must be there."""


class BadRow(Exception):
    """A row that cannot be loaded, and why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a kind of file: name → longest value (0 = any), and which must be in the header."""

    columns: Mapping[str, int]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The known cells of one row, trimmed, and the line of the file it begins on."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str | None:
        """Return the cell, or None when it is empty or the column is not there."""
        return self.cells.get(column) or None

    def needed(self, column: str) -> str:
        """Return the cell; BadRow when it is empty."""
        value = self.text(column)
        if value is None:
            raise BadRow(f"{column} is empty")
        return value

    def email(self, column: str) -> str | None:
        """Return the address, or None; BadRow for text that is no address."""
        value = self.text(column)
        if value is not None and not _EMAIL.fullmatch(value):
            raise BadRow(f"{column} {value!r} is not an email address")
        return value

    def flag(self, column: str) -> bool:
        """Return true or false (empty: false); BadRow for anything else."""
        value = self.cells.get(column, "").lower()
        if value in _TRUE:
            return True
        if value not in _FALSE:
            raise BadRow(f"{column} {value!r} is not true or false")
        return False

    def record_id(self, column: str, *prefixes: str) -> str | None:
        """Return the Salesforce id as 18 characters, or None; BadRow for a wrong one or another object's."""
        value = self.text(column)
        if value is None:
            return None
        if not is_salesforce_id(value):
            raise BadRow(f"{column} {value!r} is not a Salesforce id (15 characters, or 18 with its checksum)")
        if value[:3] not in prefixes:
            raise BadRow(f"{column} {value!r} does not begin with {' or '.join(prefixes)}")
        return eighteen(value)

    def moment(self, column: str, *, default: datetime, latest: datetime) -> datetime:
        """Return an ISO 8601 time (no zone: UTC) to the second; BadRow when it is none or after `latest`."""
        value = self.text(column)
        if value is None:
            return default
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise BadRow(f"{column} {value!r} is not an ISO 8601 time") from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment = moment.astimezone(UTC).replace(microsecond=0)
        if moment > latest:
            raise BadRow(f"{column} {value} is after the start of the clock (--as-of sets it)")
        return moment

    def whole_number(self, column: str) -> int | None:
        """Return a whole number from 1 up, or None; BadRow for anything else."""
        value = self.text(column)
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) <= 15 and int(value) > 0):
            raise BadRow(f"{column} {value!r} is not a whole number from 1 up")
        return int(value)


def read_rows(path: Path, layout: Layout) -> Iterator[Row | tuple[int, BadRow]]:
    """Yield each row of the file, or its line and what is wrong with it.

    Column names match in any case; columns that are not in the layout are ignored; empty lines are skipped.
    Raises CsvError for a file that cannot be used.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            try:
                header = _header(next(reader, []), path, layout)
                begins = reader.line_num + 1
                for cells in reader:
                    line, begins = begins, reader.line_num + 1
                    if not any(cell.strip() for cell in cells):
                        continue
                    try:
                        yield Row(line, _cells(cells, header, layout))
                    except BadRow as problem:
                        yield line, problem
            except csv.Error as problem:
                raise CsvError(f"{path}: is not CSV (line {reader.line_num}): {problem}") from None
    except OSError as problem:
        raise CsvError(f"{path}: cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise CsvError(f"{path}: is not UTF-8 text") from None


def _header(cells: list[str], path: Path, layout: Layout) -> list[str | None]:
    known = {column.lower(): column for column in layout.columns}
    header = [known.get(cell.strip().lower()) for cell in cells]
    needed = ", ".join(layout.required)
    for column in layout.required:
        if column not in header:
            raise CsvError(f"{path}: the header has no column {column} (needed: {needed})")
    for name in header:
        if name is not None and header.count(name) > 1:
            raise CsvError(f"{path}: the header names {name} more than once")
    return header


def _cells(cells: list[str], header: list[str | None], layout: Layout) -> dict[str, str]:
    if len(cells) != len(header):
        raise BadRow(f"{len(cells)} cells where the header has {len(header)} columns")
    row: dict[str, str] = {}
    for column, cell in zip(header, cells, strict=True):
        if column is None:
            continue
        value = cell.strip()
        limit = layout.columns[column]
        if limit and len(value) > limit:
            raise BadRow(f"{column} is longer than {limit} characters")
        row[column] = value
    return row
