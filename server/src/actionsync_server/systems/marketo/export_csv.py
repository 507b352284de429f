"""Reads an export file as it arrives: bytes in, whole records out, memory flat however long the file is.

A record ends at a line feed that stands outside quotes, that is after an even number of quote characters; whole
records go to the csv module, which undoes the quoting. `null` is Marketo's word for no value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from actionsync_server.systems.marketo.types import Lead

#: A record longer than this is a quote that never closes.
LONGEST_RECORD = 4 << 20

_NO_CHARACTERS = tuple(chr(code) for code in range(0xFDD0, 0xFDF0))  # Unicode promises never to assign these

_INTEGERS = frozenset({"integer", "score"})
_NUMBERS = frozenset({"float", "percent", "currency"})


class DamagedFile(ValueError):
    """The file is not what its format promises; nothing that was read of it can be trusted."""


class ExportCsv:
    """Parses one file. `types` are the data types of the fields, by which text becomes what REST answers give."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self._types = types
        self._header: list[str] | None = None
        self._rest = bytearray()  # a record that is not whole yet; `_scanned` bytes of it are known to hold no end
        self._scanned = 0
        self._odd = False  # whether the scanned part ends inside quotes
        self._returns = False  # whether lines end with CR and LF; the header tells
        self.record_count = 0

    def feed(self, block: bytes) -> list[Lead]:
        """Return the records that `block` completes. Raises DamagedFile."""
        self._rest += block
        end = 0
        position = self._scanned
        while (line_end := self._rest.find(b"\n", position)) != -1:
            self._odd ^= self._rest.count(b'"', position, line_end) % 2 == 1
            position = line_end + 1
            if not self._odd:
                end = position
        whole = bytes(self._rest[:end])
        del self._rest[:end]
        self._scanned = position - end
        if len(self._rest) > LONGEST_RECORD:
            raise DamagedFile("a record does not end")
        return self._records(whole)

    def finish(self) -> list[Lead]:
        """Return the last record, when the file does not end with a line feed. Raises DamagedFile."""
        if not self._rest:
            return []
        leads = self.feed(b"\n")
        if self._rest:
            raise DamagedFile("the file ends inside quotes")
        return leads

    def _records(self, whole: bytes) -> list[Lead]:
        if not whole:
            return []
        try:
            rows = self._parsed(whole.decode("utf-8" if self._header is not None else "utf-8-sig"))
        except (UnicodeDecodeError, csv.Error) as problem:
            raise DamagedFile(type(problem).__name__) from problem
        if self._header is None:
            self._header = rows.pop(0)
        leads = [self._lead(row) for row in rows if row]
        self.record_count += len(leads)
        return leads

    def _parsed(self, text: str) -> list[list[str]]:
        if self._header is None:
            self._returns = text.partition("\n")[0].endswith("\r")
        if "\r" not in text or self._returns:
            return list(csv.reader(io.StringIO(text, newline=""), strict=True))
        # The file ends its lines with LF alone, so a CR is part of a value; files are known where it is not quoted,
        # and the csv module would end the row there. It is hidden from it behind a character that no text has.
        mark = next(mark for mark in _NO_CHARACTERS if mark not in text)
        hidden = csv.reader(io.StringIO(text.replace("\r", mark), newline=""), strict=True)
        return [[value.replace(mark, "\r") for value in row] for row in hidden]

    def _lead(self, row: list[str]) -> Lead:
        header = self._header or []
        if len(row) != len(header):
            raise DamagedFile(f"a record of {len(row)} values where there are {len(header)} columns")
        return {name: self._value(name, text) for name, text in zip(header, row, strict=True)}

    def _value(self, name: str, text: str) -> Any:
        if text == "null":
            return None
        if name == "id":
            return _number(text, int)
        kind = self._types.get(name, "")
        if kind == "boolean":
            return {"true": True, "false": False}.get(text.lower(), text)
        if kind in _INTEGERS:
            return _number(text, int)
        if kind in _NUMBERS:
            return _number(text, float)
        return text


def _number(text: str, kind: type[int] | type[float]) -> int | float | str:
    try:
        return kind(text)
    except ValueError:
        return text  # what Marketo calls a number and is none stays what it is
